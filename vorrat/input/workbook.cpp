#include "vorrat/input/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "vorrat/base/date.h"
#include "vorrat/base/error.h"
#include "vorrat/input/source_text.h"

namespace vorrat {
namespace {

constexpr std::size_t most_cells = 5'000'000;
constexpr zip_uint64_t largest_part = 256U << 20;  // bytes of one part, so that no bomb goes off
constexpr std::size_t longest_text = 32767;        // the limit of the format

enum class NumberLook { plain, percent, day };

std::optional<double> read_double(const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string shortest(double value) { return fmt::format("{}", value); }

// A text that comes back the same when it is stored as a number of 16 digits.
std::optional<double> as_number(const std::string& text) {
  if (text.empty() || text.size() > 16 || text == "inf" || text == "nan" || text == "-inf" ||
      text == "-nan" || text == "-0") {
    return std::nullopt;
  }
  const auto value = read_double(text);
  if (!value || !std::isfinite(*value) || shortest(*value) != text) return std::nullopt;
  return value;
}

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

class WorkbookReader {
 public:
  WorkbookReader(std::span<const std::byte> bytes, std::string name)
      : bytes_(bytes), name_(std::move(name)) {}

  std::expected<Workbook, Diagnostics> read() {
    if (!open()) return std::unexpected(faults_);
    read_relations();
    read_strings();
    read_styles();
    const auto book = part("xl/workbook.xml");
    if (!book) {
      refuse("the file is not a workbook", "save it as .xlsx");
      return std::unexpected(faults_);
    }
    for (const pugi::xml_node node : book->document_element().child("sheets").children("sheet")) {
      read_sheet(node);
    }
    if (workbook_.sheets.empty() && !faults_.has_errors())
      refuse("the workbook has no sheets", "save it as .xlsx");
    if (faults_.has_errors()) return std::unexpected(faults_);
    return std::move(workbook_);
  }

 private:
  void refuse(std::string message, std::string hint) {
    faults_.add_error(name_, std::move(message), std::move(hint));
  }

  bool open() {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error);
    if (source) {
      archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
      if (!archive_) zip_source_free(source);
    }
    zip_error_fini(&error);
    if (!archive_) refuse("the file is not a workbook", "save it as .xlsx");
    return archive_ != nullptr;
  }

  std::optional<pugi::xml_document> part(const std::string& path) {
    zip_stat_t stat;
    if (zip_stat(archive_.get(), path.c_str(), 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE)) {
      return std::nullopt;
    }
    if (stat.size > largest_part) {
      refuse(fmt::format("the part {} is larger than 256 MiB", path), "split the workbook");
      return std::nullopt;
    }
    zip_file_t* file = zip_fopen(archive_.get(), path.c_str(), 0);
    if (!file) return std::nullopt;
    std::string text(stat.size, '\0');
    const zip_int64_t count = zip_fread(file, text.data(), text.size());
    zip_fclose(file);
    if (count < 0) return std::nullopt;
    text.resize(static_cast<std::size_t>(count));
    std::optional<pugi::xml_document> document(std::in_place);
    const auto parsed = document->load_buffer(text.data(), text.size(),
                                              pugi::parse_default | pugi::parse_ws_pcdata_single);
    if (!parsed) {
      refuse(fmt::format("the part {} is damaged", path), "open the workbook and save it again");
      return std::nullopt;
    }
    return document;
  }

  void read_relations() {
    const auto document = part("xl/_rels/workbook.xml.rels");
    if (!document) return;
    for (const pugi::xml_node node : document->document_element().children("Relationship")) {
      std::string target = node.attribute("Target").value();
      target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
      targets_[node.attribute("Id").value()] = target;
    }
  }

  // The text of a string item: one run, or several of different looks. Phonetic runs are not read.
  static std::string text_of(const pugi::xml_node& item) {
    std::string text = item.child("t").text().get();
    for (const pugi::xml_node run : item.children("r")) text += run.child("t").text().get();
    return text;
  }

  void read_strings() {
    const auto document = part("xl/sharedStrings.xml");
    if (!document) return;
    for (const pugi::xml_node item : document->document_element().children("si")) {
      strings_.push_back(text_of(item));
    }
  }

  static NumberLook look_of(const std::string& format) {
    // Quoted text and colours, as in [Red], say nothing of the kind.
    bool is_quoted = false, is_bracketed = false;
    NumberLook look = NumberLook::plain;
    for (const char c : format) {
      if (c == '"') is_quoted = !is_quoted;
      if (c == '[') is_bracketed = true;
      if (c == ']') is_bracketed = false;
      if (is_quoted || is_bracketed) continue;
      if (c == '%') return NumberLook::percent;
      if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') look = NumberLook::day;
    }
    return look;
  }

  void read_styles() {
    const auto document = part("xl/styles.xml");
    if (!document) return;
    const pugi::xml_node root = document->document_element();
    std::map<int, NumberLook> own;
    for (const pugi::xml_node format : root.child("numFmts").children("numFmt")) {
      own[format.attribute("numFmtId").as_int()] = look_of(format.attribute("formatCode").value());
    }
    for (const pugi::xml_node style : root.child("cellXfs").children("xf")) {
      const int id = style.attribute("numFmtId").as_int();
      const auto found = own.find(id);
      // Built-in formats: ECMA-376 part 1, section 18.8.30.
      looks_.push_back(found != own.end()       ? found->second
                       : id == 9 || id == 10    ? NumberLook::percent
                       : (id >= 14 && id <= 17) ? NumberLook::day
                       : id == 22               ? NumberLook::day
                                                : NumberLook::plain);
    }
  }

  // "AB12" to row 11, column 27; nothing if it is no reference.
  static std::optional<std::pair<std::size_t, std::size_t>> place_of(const std::string& text) {
    std::size_t column = 0, row = 0, at = 0;
    while (at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && at < 4) {
      column = column * 26 + static_cast<std::size_t>(text[at++] - 'A' + 1);
    }
    const std::size_t letters = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at < letters + 8) {
      row = row * 10 + static_cast<std::size_t>(text[at++] - '0');
    }
    if (letters == 0 || at == letters || at != text.size() || row == 0 || row > 1048576 ||
        column > 16384) {
      return std::nullopt;
    }
    return {{row - 1, column - 1}};
  }

  std::string number_text(const std::string& written, const pugi::xml_node& cell) const {
    const auto value = read_double(written);
    if (!value) return written;
    const auto style = static_cast<std::size_t>(cell.attribute("s").as_uint());
    const NumberLook look = style < looks_.size() ? looks_[style] : NumberLook::plain;
    if (look == NumberLook::percent) {
      return fmt::format("{:.12g} %", *value * 100);
    }
    // Days are counted from 1899-12-30; the first sixty days, where programs differ, are left
    // alone.
    if (look == NumberLook::day && *value >= 61 && *value < 2958466 &&
        *value == std::floor(*value)) {
      return to_string(make_date(1899, 12, 30) + std::chrono::days(static_cast<int>(*value)));
    }
    return shortest(*value);
  }

  std::string cell_text(const Sheet& sheet, const pugi::xml_node& cell, const std::string& place) {
    const std::string type = cell.attribute("t").value();
    const std::string value = cell.child("v").text().get();
    const std::string where = fmt::format("cell {} of the sheet \"{}\"", place, sheet.name);
    if (cell.child("f")) {
      if (!cell.child("v")) {
        refuse(where + " holds a formula without a value",
               "open the workbook in a spreadsheet program and save it");
        return "";
      }
      workbook_.notes.add({.place = {.file = name_},
                           .message = where + " holds a formula; its value when the workbook was "
                                              "last saved was read",
                           .severity = Severity::note});
    }
    if (type == "e") {
      refuse(fmt::format("{} holds the error {}", where, value), "mend the cell");
      return "";
    }
    if (type == "inlineStr") return text_of(cell.child("is"));
    if (type == "str") return value;
    if (type == "b") return value == "1" ? "true" : "false";
    if (type == "s") {
      const auto index = read_double(value);
      if (index && *index >= 0 && *index < static_cast<double>(strings_.size())) {
        return strings_[static_cast<std::size_t>(*index)];
      }
      refuse(where + " refers to a text that is not there", "open the workbook and save it again");
      return "";
    }
    return value.empty() ? "" : number_text(value, cell);
  }

  void read_sheet(const pugi::xml_node& entry) {
    Sheet sheet{.name = entry.attribute("name").value(), .rows = {}};
    const std::string state = entry.attribute("state").value();
    sheet.is_hidden = !state.empty() && state != "visible";
    const auto target = targets_.find(entry.attribute("r:id").value());
    const auto document =
        target == targets_.end() ? std::optional<pugi::xml_document>() : part(target->second);
    if (!document) {
      refuse(fmt::format("the sheet \"{}\" is not in the file", sheet.name),
             "open the workbook and save it again");
      return;
    }
    std::size_t next_row = 0;
    for (const pugi::xml_node row :
         document->document_element().child("sheetData").children("row")) {
      std::size_t next_column = 0;
      std::size_t at_row = next_row;
      if (const auto number = row.attribute("r").as_uint(); number > 0) at_row = number - 1;
      for (const pugi::xml_node cell : row.children("c")) {
        const std::string written = cell.attribute("r").value();
        const auto place =
            written.empty() ? std::optional(std::pair(at_row, next_column)) : place_of(written);
        if (!place || place->first >= most_cells) {
          refuse(fmt::format("the sheet \"{}\" has a cell at \"{}\"", sheet.name, written),
                 "open the workbook and save it again");
          return;
        }
        next_column = place->second + 1;
        const std::string text = cell_text(sheet, cell, written);
        if (text.empty()) continue;
        if (!make_room(sheet, place->first, place->second)) return;
        sheet.rows[place->first][place->second] = text;
      }
      next_row = at_row + 1;
    }
    workbook_.sheets.push_back(std::move(sheet));
  }

  bool make_room(Sheet& sheet, std::size_t row, std::size_t column) {
    const std::size_t old_rows = sheet.rows.size();
    std::size_t more = row >= old_rows ? row + 1 - old_rows : 0;
    if (row >= old_rows || column >= sheet.rows[row].size()) more += column + 1;
    cells_ += more;
    if (cells_ > most_cells) {
      refuse(fmt::format("the sheet \"{}\" reaches too far: more than 5 million cells", sheet.name),
             "delete what stands far to the right or below");
      return false;
    }
    if (row >= old_rows) sheet.rows.resize(row + 1);
    if (column >= sheet.rows[row].size()) sheet.rows[row].resize(column + 1);
    return true;
  }

  std::span<const std::byte> bytes_;
  std::string name_;
  std::unique_ptr<zip_t, CloseZip> archive_;
  std::map<std::string, std::string> targets_;
  std::vector<std::string> strings_;
  std::vector<NumberLook> looks_;
  std::size_t cells_ = 0;
  Workbook workbook_;
  Diagnostics faults_;
};

void check_sheets(const std::vector<Sheet>& sheets) {
  std::set<std::string> names;
  for (const Sheet& sheet : sheets) {
    const bool is_name = !sheet.name.empty() && character_count(sheet.name) <= 31 &&
                         sheet.name.find_first_of("[]:*?/\\") == std::string::npos &&
                         sheet.name.front() != '\'' && sheet.name.back() != '\'';
    if (!is_name) {
      throw InvalidInput(fmt::format(
          "\"{}\" cannot name a sheet; use at most 31 characters without []:*?/\\", sheet.name));
    }
    std::string folded = sheet.name;
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (!names.insert(folded).second) {
      throw InvalidInput(fmt::format("two sheets would be named \"{}\"", sheet.name));
    }
    for (const auto& row : sheet.rows) {
      for (const std::string& text : row) {
        if (text.size() > longest_text && character_count(text) > static_cast<int>(longest_text)) {
          throw InvalidInput(fmt::format(
              "a text of the sheet \"{}\" is longer than the 32,767 characters a cell can hold",
              sheet.name));
        }
      }
    }
  }
}

void write_sheet(lxw_worksheet* target, const Sheet& sheet, lxw_format* header) {
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    const bool is_header = sheet.is_table && r == 0;
    for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) {
      const std::string& text = sheet.rows[r][c];
      const auto row = static_cast<lxw_row_t>(r);
      const auto column = static_cast<lxw_col_t>(c);
      if (text.empty()) continue;
      if (const auto number = as_number(text); number && !is_header && sheet.is_table) {
        worksheet_write_number(target, row, column, *number, nullptr);
      } else {
        worksheet_write_string(target, row, column, text.c_str(), is_header ? header : nullptr);
      }
    }
  }
  if (sheet.is_table) worksheet_freeze_panes(target, 1, 0);
  if (sheet.is_table && !sheet.rows.empty() && !sheet.rows[0].empty()) {
    constexpr double usual_width = 18;
    worksheet_set_column(target, 0, static_cast<lxw_col_t>(sheet.rows[0].size() - 1), usual_width,
                         nullptr);
  } else {
    constexpr double text_width = 120;
    worksheet_set_column(target, 0, 0, text_width, nullptr);
  }
  if (sheet.is_hidden) worksheet_hide(target);
}

}  // namespace

std::expected<Workbook, Diagnostics> parse_workbook(std::span<const std::byte> bytes,
                                                    const std::string& name) {
  return WorkbookReader(bytes, name).read();
}

std::expected<Workbook, Diagnostics> read_workbook(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    Diagnostics faults;
    faults.add_error(path.filename().string(), "the file is missing", "check its name");
    return std::unexpected(faults);
  }
  const std::string bytes((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  return parse_workbook(std::as_bytes(std::span(bytes)), path.filename().string());
}

void write_workbook(const std::filesystem::path& path, const std::vector<Sheet>& sheets) {
  check_sheets(sheets);
  lxw_workbook* book = workbook_new(path.c_str());
  if (!book) throw Unavailable(fmt::format("cannot write {}", path.string()));
  lxw_doc_properties properties{};
  properties.created = 1767225600;  // a fixed day, so that the same sheets give the same bytes
  workbook_set_properties(book, &properties);
  lxw_format* header = workbook_add_format(book);
  format_set_bold(header);
  for (const Sheet& sheet : sheets) {
    write_sheet(workbook_add_worksheet(book, sheet.name.c_str()), sheet, header);
  }
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
    throw Unavailable(fmt::format("cannot write {}: {}", path.string(), lxw_strerror(error)));
  }
}

}  // namespace vorrat

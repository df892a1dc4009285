#include "vorrat/input/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Splits a text into rows of cells, noting faults as it goes.
class CsvReader {
 public:
  CsvReader(std::shared_ptr<const SourceText> source, Diagnostics& faults)
      : source_(std::move(source)), text_(source_->text), faults_(faults) {}

  std::vector<std::vector<Cell>> rows() {
    std::vector<std::vector<Cell>> rows;
    while (at_ < text_.size()) {
      std::vector<Cell> row = read_row();
      const bool is_empty = row.size() == 1 && row[0].text.empty() && !row[0].spot.is_quoted;
      if (!is_empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

  char take() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column_;
    }
    return c;
  }

  bool at_row_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' ||
           (text_[at_] == '\r' && (at_ + 1 >= text_.size() || text_[at_ + 1] == '\n'));
  }

  std::vector<Cell> read_row() {
    std::vector<Cell> row;
    while (true) {
      row.push_back(read_cell());
      if (at_row_end()) break;
      take();  // the comma
    }
    while (at_ < text_.size() && take() != '\n') {
    }
    return row;
  }

  Cell read_cell() {
    while (is_blank(peek()) && !at_row_end()) take();
    Cell cell{.text = {},
              .spot = {.source = source_, .line = line_, .column = column_, .width = 1}};
    if (peek() == '"' && at_ < text_.size()) {
      read_quoted(cell);
    } else {
      read_plain(cell);
    }
    return cell;
  }

  void read_plain(Cell& cell) {
    while (!at_row_end() && peek() != ',') {
      if (peek() == '"') {
        Spot spot = cell.spot;
        spot.column = column_;
        faults_.add(spot.fault("a quote stands inside a cell that does not begin with one",
                               "put the whole cell in quotes and write each quote inside twice"));
        while (!at_row_end() && peek() != ',') take();
        return;
      }
      cell.text += take();
    }
    while (!cell.text.empty() && is_blank(cell.text.back())) cell.text.pop_back();
    cell.spot.width = std::max(1, character_count(cell.text));
  }

  void read_quoted(Cell& cell) {
    const Spot opening = cell.spot;
    take();
    cell.spot.is_quoted = true;
    bool is_plain = true;  // places inside are those of the file
    while (true) {
      if (at_ >= text_.size()) {
        faults_.add(opening.fault("this quote is not closed", "close it at the end of the cell"));
        return;
      }
      const char c = take();
      if (c == '"') {
        if (at_ >= text_.size() || text_[at_] != '"') break;
        take();
        is_plain = false;
      }
      if (c == '\n') is_plain = false;
      if (c != '\r' || peek() != '\n') cell.text += c;
    }
    cell.spot.width = line_ == opening.line ? std::max(1, column_ - opening.column) : 1;
    if (!is_plain) cell.spot.is_quoted = false;
    while (!at_row_end() && is_blank(peek())) take();
    if (!at_row_end() && peek() != ',') {
      Spot spot = cell.spot;
      spot.line = line_;
      spot.column = column_;
      spot.width = 1;
      faults_.add(spot.fault("something follows the closing quote of this cell",
                             "write each quote inside a cell twice"));
      while (!at_row_end() && peek() != ',') take();
    }
  }

  std::shared_ptr<const SourceText> source_;
  const std::string& text_;
  Diagnostics& faults_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

void check_header(const std::vector<Cell>& header, Diagnostics& faults) {
  if (header.size() == 1 && header[0].text.find(';') != std::string::npos) {
    faults.add(header[0].spot.fault("the columns are separated by semicolons",
                                    "save the table with commas between the columns"));
    return;
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].text.empty()) {
      faults.add(header[i].spot.fault(fmt::format("column {} has no name", i + 1),
                                      "name it, or remove the column"));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (header[i].text.empty() || header[i].text != header[j].text) continue;
      faults.add(header[i].spot.fault(
          fmt::format("the column \"{}\" stands here twice", header[i].text), "keep one of them"));
      break;
    }
  }
}

bool is_known(const std::string& column, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), column) != known.end();
}

bool is_source_of(const std::string& column, const std::vector<std::string>& known) {
  for (const char* ending : {"_source", "_date", "_kind"}) {
    const std::string_view tail(ending);
    if (column.size() > tail.size() && column.ends_with(tail) &&
        is_known(column.substr(0, column.size() - tail.size()), known)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::expected<Table, Diagnostics> Table::parse(std::string text, const std::string& name) {
  auto source = make_source(std::move(text), name);
  if (!source) return std::unexpected(source.error());
  Diagnostics faults;
  std::vector<std::vector<Cell>> rows = CsvReader(*source, faults).rows();
  if (rows.empty()) {
    faults.add_error(name, "the table is empty", "write a first row with the names of the columns");
    return std::unexpected(faults);
  }
  Table table;
  table.file_ = name;
  table.header_ = std::move(rows.front());
  rows.erase(rows.begin());
  check_header(table.header_, faults);
  for (const Cell& cell : table.header_) table.columns_.push_back(cell.text);
  for (const std::vector<Cell>& row : rows) {
    if (row.size() == table.columns_.size()) continue;
    const bool is_short = row.size() < table.columns_.size();
    const Spot& spot = is_short ? row.back().spot : row[table.columns_.size()].spot;
    faults.add(spot.fault(fmt::format("this row has {} cell{}, but the header has {}", row.size(),
                                      row.size() == 1 ? "" : "s", table.columns_.size()),
                          is_short ? "write a comma for each empty cell"
                                   : "put a cell that holds a comma in quotes"));
  }
  if (faults.has_errors()) return std::unexpected(faults);
  table.rows_ = std::move(rows);
  return table;
}

std::expected<Table, Diagnostics> Table::read(const std::filesystem::path& path,
                                              const std::string& name) {
  auto source = read_source(path, name);
  if (!source) return std::unexpected(source.error());
  return parse((*source)->text, (*source)->file);
}

bool Table::has_column(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

const Cell* Table::find(std::size_t row, std::string_view column) const {
  needs(row < rows_.size(), "row < row_count()");
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return nullptr;
  return &rows_[row][static_cast<std::size_t>(found - columns_.begin())];
}

Spot Table::row_spot(std::size_t row) const {
  needs(row < rows_.size(), "row < row_count()");
  return rows_[row].front().spot;
}

void Table::check_columns(const std::vector<std::string>& required,
                          const std::vector<std::string>& optional, Diagnostics& faults) const {
  for (const std::string& column : required) {
    if (has_column(column)) continue;
    Spot spot = header_spot();
    spot.column = 0;
    faults.add(
        spot.fault(fmt::format("the column \"{}\" is missing", column), "add it to the first row"));
  }
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  const std::vector<std::string> own = known;
  known.insert(known.end(), {"source", "date", "kind", "note"});
  for (const Cell& cell : header_) {
    if (is_known(cell.text, known) || is_source_of(cell.text, own)) continue;
    faults.add(cell.spot.fault(fmt::format("there is no column \"{}\" in this table", cell.text),
                               did_you_mean(cell.text, known)));
  }
}

std::string csv_cell(std::string_view text) {
  const bool needs_quotes = text.find_first_of(",\"\r\n") != std::string_view::npos ||
                            (!text.empty() && (is_blank(text.front()) || is_blank(text.back())));
  if (!needs_quotes) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

}  // namespace vorrat

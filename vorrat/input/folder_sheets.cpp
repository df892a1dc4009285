#include "vorrat/input/folder_sheets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "vorrat/base/error.h"
#include "vorrat/input/source_text.h"
#include "vorrat/input/table.h"

namespace vorrat {
namespace {

const std::string style_sheet = "vorrat";
constexpr std::size_t longest_text = 32767;

bool is_table_name(const std::string& file) { return file.ends_with(".csv"); }

// What is lost when a text is cut into cells or lines.
struct Style {
  bool has_mark = false;              // byte-order mark
  bool has_carriage_returns = false;  // at every line end
  bool ends_without_line_end = false;
  std::vector<std::string> quoted;  // cells in quotes without need, as "row:column" from 1
};

Style take_style(std::string& text) {
  Style style;
  if (text.starts_with("\xEF\xBB\xBF")) {
    style.has_mark = true;
    text.erase(0, 3);
  }
  const auto lines = std::count(text.begin(), text.end(), '\n');
  std::string plain;
  long returns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++returns;
    } else {
      plain += text[i];
    }
  }
  if (lines > 0 && returns == lines) {
    style.has_carriage_returns = true;
    text = plain;
  }
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
  } else {
    style.ends_without_line_end = true;
  }
  return style;
}

std::string with_style(std::string text, const Style& style) {
  if (!style.ends_without_line_end) text += '\n';
  if (style.has_carriage_returns) {
    std::string lines;
    for (const char c : text) {
      if (c == '\n') lines += '\r';
      lines += c;
    }
    text = lines;
  }
  return (style.has_mark ? "\xEF\xBB\xBF" : "") + text;
}

// Every cell as it stands, blanks included; the table is known to be well formed.
std::vector<std::vector<std::string>> split_table(const std::string& text, Style& style) {
  std::vector<std::vector<std::string>> rows(1);
  std::size_t at = 0;
  while (true) {
    std::string cell;
    const bool is_quoted = at < text.size() && text[at] == '"';
    if (is_quoted) {
      for (++at; at < text.size(); ++at) {
        if (text[at] == '"' && (at + 1 >= text.size() || text[at + 1] != '"')) break;
        if (text[at] == '"') ++at;
        cell += text[at];
      }
      ++at;
    } else {
      while (at < text.size() && text[at] != ',' && text[at] != '\n') cell += text[at++];
    }
    rows.back().push_back(cell);
    if (is_quoted && csv_cell(cell) == cell) {
      style.quoted.push_back(fmt::format("{}:{}", rows.size(), rows.back().size()));
    }
    if (at >= text.size()) return rows;
    if (text[at] == '\n') rows.emplace_back();
    ++at;
  }
}

std::string join_table(const std::vector<std::vector<std::string>>& rows, const Style& style) {
  const std::set<std::string> quoted(style.quoted.begin(), style.quoted.end());
  // Rows of a sheet end at their last cell that is not empty; those of a table at its last column.
  const std::size_t width = rows.empty() ? 0 : rows[0].size();
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0) text += '\n';
    const std::size_t columns = std::max(width, rows[r].size());
    for (std::size_t c = 0; c < columns; ++c) {
      if (c > 0) text += ',';
      const std::string cell = c < rows[r].size() ? rows[r][c] : "";
      const bool keeps_quotes =
          csv_cell(cell) == cell && quoted.contains(fmt::format("{}:{}", r + 1, c + 1));
      text += keeps_quotes ? "\"" + cell + "\"" : csv_cell(cell);
    }
  }
  return text;
}

std::vector<std::vector<std::string>> split_lines(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = text.find('\n', at);
    rows.push_back({text.substr(at, end - at)});
    if (end == std::string::npos) return rows;
    at = end + 1;
  }
}

std::string join_lines(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0) text += '\n';
    if (!rows[r].empty()) text += rows[r][0];
  }
  return text;
}

void note_style(Sheet& notes, const std::string& file, const Style& style, std::size_t lines) {
  const auto note = [&](const std::string& key, const std::string& value) {
    notes.rows.push_back({file, key, value});
  };
  // A sheet ends at its last line that is not empty, so the count is written too.
  note("lines", std::to_string(lines));
  if (style.has_mark) note("byte-order mark", "yes");
  if (style.has_carriage_returns) note("carriage returns", "yes");
  if (style.ends_without_line_end) note("last line end", "no");
  for (const std::string& cell : style.quoted) note("quoted", cell);
}

struct Notes {
  Style style;
  std::size_t lines = 0;
};

std::map<std::string, Notes> read_notes(const std::vector<Sheet>& sheets) {
  std::map<std::string, Notes> notes;
  for (const Sheet& sheet : sheets) {
    if (sheet.name != style_sheet) continue;
    for (std::size_t r = 1; r < sheet.rows.size(); ++r) {
      const auto& row = sheet.rows[r];
      if (row.size() < 3) continue;
      Notes& of_file = notes[row[0]];
      if (row[1] == "lines") of_file.lines = std::min(std::stoul("0" + row[2]), 1048576UL);
      if (row[1] == "byte-order mark") of_file.style.has_mark = true;
      if (row[1] == "carriage returns") of_file.style.has_carriage_returns = true;
      if (row[1] == "last line end") of_file.style.ends_without_line_end = true;
      if (row[1] == "quoted") of_file.style.quoted.push_back(row[2]);
    }
  }
  return notes;
}

}  // namespace

std::expected<FileTexts, Diagnostics> read_folder(const std::filesystem::path& folder) {
  Diagnostics faults;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    faults.add_error(folder.string(), "this is not a folder", "name a folder with scenario.toml");
    return std::unexpected(faults);
  }
  FileTexts files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() ||
        !(is_table_name(name) || name.ends_with(".toml") || name.ends_with(".md"))) {
      continue;
    }
    const auto source = read_source(entry.path());
    if (!source) {
      faults.append(source.error());
      continue;
    }
    files[name] = ((*source)->has_mark ? "\xEF\xBB\xBF" : "") + (*source)->text;
  }
  if (!files.contains("scenario.toml") && !faults.has_errors()) {
    faults.add_error("scenario.toml", "the file is missing", "write it, or check its name");
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return files;
}

std::expected<std::vector<Sheet>, Diagnostics> sheets_of(const FileTexts& files) {
  Diagnostics faults;
  std::vector<Sheet> sheets;
  Sheet notes{.name = style_sheet, .rows = {{"file", "what", "value"}}, .is_hidden = true};
  for (const auto& [file, text] : files) {
    std::string body = text;
    Style style = take_style(body);
    Sheet sheet{.name = file, .rows = {}};
    if (is_table_name(file)) {
      const auto table = Table::parse(text, file);
      if (!table) {
        faults.append(table.error());
        continue;
      }
      sheet.name = file.substr(0, file.size() - 4);
      sheet.rows = split_table(body, style);
    } else {
      sheet.is_table = false;
      sheet.rows = split_lines(body);
    }
    for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
      for (const std::string& cell : sheet.rows[r]) {
        if (cell.size() <= longest_text) continue;
        faults.add({.place = {.file = file, .line = static_cast<int>(r + 1)},
                    .message = "a text is longer than the 32,767 characters a cell can hold",
                    .hint = "shorten it"});
      }
    }
    note_style(notes, file, style, sheet.rows.size());
    sheets.push_back(std::move(sheet));
  }
  if (faults.has_errors()) return std::unexpected(faults);
  sheets.push_back(std::move(notes));
  return sheets;
}

FileTexts files_of(const std::vector<Sheet>& sheets) {
  const std::map<std::string, Notes> notes = read_notes(sheets);
  FileTexts files;
  for (const Sheet& sheet : sheets) {
    if (sheet.name == style_sheet) continue;
    const bool is_text = sheet.name.ends_with(".toml") || sheet.name.ends_with(".md");
    const std::string file = is_text ? sheet.name : sheet.name + ".csv";
    const auto found = notes.find(file);
    const Notes of_file = found == notes.end() ? Notes{} : found->second;
    auto rows = sheet.rows;
    if (rows.size() < of_file.lines) rows.resize(of_file.lines);
    files[file] =
        with_style(is_text ? join_lines(rows) : join_table(rows, of_file.style), of_file.style);
  }
  return files;
}

}  // namespace vorrat

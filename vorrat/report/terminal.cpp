#include "vorrat/report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vorrat::report {
namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string pad(const std::string& text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::left ? text + space : space + text;
}

std::vector<std::string> wrap(const std::string& text, std::size_t width) {
  std::vector<std::string> lines = {""};
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t space = std::min(text.find(' ', start), text.size());
    const std::string word = text.substr(start, space - start);
    if (!lines.back().empty() && display_width(lines.back()) + 1 + display_width(word) > width)
      lines.push_back("");
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    start = space + 1;
  }
  return lines;
}

std::string trim_right(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

class TablePrinter {
 public:
  TablePrinter(const Table& table, std::size_t width) : table_(table), width_(width) {
    for (const TableColumn& column : table.columns) widths_.push_back(display_width(column.name));
    for (const auto& row : table.rows) {
      for (std::size_t c = 0; c < row.size(); ++c)
        widths_[c] = std::max(widths_[c], display_width(row[c]));
    }
    std::size_t before = 2;
    for (std::size_t c = 0; c + 1 < widths_.size(); ++c) before += widths_[c] + 2;
    const std::size_t room = width_ > before + 20 ? width_ - before : 20;
    if (!widths_.empty() && table.columns.back().align == Align::left) {
      widths_.back() = std::min(widths_.back(), room);
    }
  }

  std::string print() const {
    std::string text = table_.title + "\n";
    std::vector<std::string> names;
    for (const TableColumn& column : table_.columns) names.push_back(column.name);
    const bool named =
        std::any_of(names.begin(), names.end(), [](const std::string& n) { return !n.empty(); });
    if (named) text += print_row(names);
    for (const auto& row : table_.rows) text += print_row(row);
    for (const std::string& note : table_.notes) {
      for (const std::string& line : wrap(note, width_ - 2)) text += "  " + line + "\n";
    }
    return text;
  }

 private:
  std::string print_row(const std::vector<std::string>& row) const {
    std::string line = "  ", text;
    const std::size_t last = row.size() - 1;
    for (std::size_t c = 0; c < last; ++c)
      line += pad(row[c], widths_[c], table_.columns[c].align) + "  ";
    const std::string indent(display_width(line), ' ');
    if (table_.columns[last].align == Align::right)
      return trim_right(line + pad(row[last], widths_[last], Align::right)) + "\n";
    for (const std::string& piece : wrap(row[last], widths_[last])) {
      text += trim_right((text.empty() ? line : indent) + piece) + "\n";
    }
    return text;
  }

  const Table& table_;
  std::size_t width_;
  std::vector<std::size_t> widths_;
};

/// A table with too many columns is printed in parts that each repeat the first column.
std::vector<Table> split_to_width(const Table& table, std::size_t width) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t most = display_width(table.columns[c].name);
    for (const auto& row : table.rows) most = std::max(most, display_width(row[c]));
    widths.push_back(most + 2);
  }
  std::vector<Table> parts;
  std::size_t c = 1;
  while (c < table.columns.size()) {
    Table part{.id = table.id,
               .title = table.title,
               .columns = {table.columns[0]},
               .rows = {},
               .notes = {}};
    for (const auto& row : table.rows) part.rows.push_back({row[0]});
    std::size_t used = 2 + widths[0];
    const std::size_t first = c;
    while (c < table.columns.size() && (c == first || used + widths[c] <= width + 2)) {
      used += widths[c];
      part.columns.push_back(table.columns[c]);
      for (std::size_t r = 0; r < table.rows.size(); ++r) part.rows[r].push_back(table.rows[r][c]);
      ++c;
    }
    if (!parts.empty()) part.title += " (continued)";
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return {table};
  parts.back().notes = table.notes;
  return parts;
}

}  // namespace

std::string to_terminal(const Table& table, std::size_t width) {
  const bool last_wraps = !table.columns.empty() && table.columns.back().align == Align::left;
  if (last_wraps) return TablePrinter(table, width).print();
  std::string text;
  for (const Table& part : split_to_width(table, width)) text += TablePrinter(part, width).print();
  return text;
}

std::string to_terminal(const Tables& tables, std::size_t width) {
  std::string text = tables.title + "\n";
  if (!tables.answer.empty()) text += "\n";
  for (const Sentence& sentence : tables.answer) {
    for (const std::string& line : wrap(to_text(sentence, tables), width)) text += line + "\n";
  }
  for (const Section& section : tables.sections) {
    if (section.id == "rules" || section.id == "assumptions" || section.id == "sites") continue;
    if (section.tables.empty()) {
      text += "\n" + section.title + "\n";
      for (const std::string& line : wrap(section.lead, width - 2)) text += "  " + line + "\n";
    }
    for (const DataTable& table : section.tables)
      text += "\n" + to_terminal(laid_out(table), width);
  }
  return text + "\n" + tables.caution + "\n";
}

}  // namespace vorrat::report

#include "vorrat/input/edit.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/input/document.h"
#include "vorrat/input/table.h"

namespace vorrat {
namespace {

using Leaves = std::vector<std::pair<std::string, const Node*>>;

std::string item_name(const Node& item, std::size_t place) {
  const Node* id = item.find("id");
  return id && id->kind == NodeKind::text ? id->text : std::to_string(place + 1);
}

void collect(const Node& node, const std::string& path, Leaves& leaves) {
  if (node.kind == NodeKind::table) {
    for (const auto& [name, member] : node.members)
      collect(member, path.empty() ? name : path + "." + name, leaves);
    return;
  }
  const bool holds_tables = node.kind == NodeKind::array && !node.items.empty() &&
                            node.items.front().kind == NodeKind::table;
  if (!holds_tables) {
    leaves.emplace_back(path, &node);
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i)
    collect(node.items[i], path + "." + item_name(node.items[i], i), leaves);
}

std::string value_text(const Node& node) {
  if (node.kind != NodeKind::array) return node.text;
  std::string text;
  for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + value_text(item);
  return "[" + text + "]";
}

std::string without_mark(const std::string& text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// Bytes of a text.
struct Span {
  std::size_t begin = 0, length = 0;
};

bool is_continuation(char letter) { return (static_cast<unsigned char>(letter) & 0xC0) == 0x80; }

// Where a value stands, with its quotes or brackets; nothing if it is not on one line.
std::optional<Span> span_of(const Node& node) {
  const std::string& text = node.spot.source->text;
  std::size_t at = 0;
  for (int line = 1; line < node.spot.line; ++line) at = text.find('\n', at) + 1;
  const auto skip = [&](int characters) {
    for (; characters > 0 && at < text.size(); --characters) {
      for (++at; at < text.size() && is_continuation(text[at]);) ++at;
    }
  };
  skip(node.spot.column - 1);
  const std::size_t begin = at;
  skip(node.spot.width);
  std::string_view value(text.data() + begin, at - begin);
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  const bool is_whole =
      node.kind == NodeKind::array  ? value.starts_with('[') && value.ends_with(']')
      : node.kind == NodeKind::text ? value.size() >= 2 && value.front() == value.back() &&
                                          (value.front() == '"' || value.front() == '\'')
                                    : value == node.text;
  return is_whole ? std::optional(Span{begin, value.size()}) : std::nullopt;
}

std::optional<Span> span_of(const std::string& toml, const std::string& path) {
  const auto document = Document::parse(toml, "");
  if (!document) return std::nullopt;
  Leaves leaves;
  collect(document->root(), "", leaves);
  for (const auto& [name, node] : leaves) {
    if (name == path) return span_of(*node);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> Grid::place_of(const std::string& column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::string Grid::cell(const Row& row, const std::string& column) const {
  const auto place = place_of(column);
  return place ? row[*place] : "";
}

void Grid::add_column(const std::string& column) {
  if (place_of(column)) return;
  columns.push_back(column);
  for (Row& row : rows) row.emplace_back();
}

void Grid::set(std::size_t row, const std::string& column, const std::string& text) {
  needs(row < rows.size(), "row < rows.size()");
  add_column(column);
  rows[row][*place_of(column)] = text;
}

std::optional<Grid> read_grid(const std::string& text) {
  const auto table = Table::parse(text, "");
  if (!table) return std::nullopt;
  Grid grid{.columns = table->columns(), .rows = {}};
  for (std::size_t r = 0; r < table->row_count(); ++r) {
    Grid::Row row;
    for (const std::string& column : grid.columns) row.push_back(table->find(r, column)->text);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

std::vector<int> row_lines(const std::string& text) {
  std::vector<int> lines;
  const auto table = Table::parse(text, "");
  if (!table) return lines;
  for (std::size_t r = 0; r < table->row_count(); ++r) lines.push_back(table->row_spot(r).line);
  return lines;
}

std::string write_grid(const Grid& grid) {
  std::string text;
  const auto add = [&](const Grid::Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + csv_cell(row[i]);
    text += "\n";
  };
  add(grid.columns);
  for (const Grid::Row& row : grid.rows) add(row);
  return text;
}

std::optional<std::string> with_value(const std::string& toml, const std::string& path,
                                      const std::string& literal) {
  std::string text = without_mark(toml);
  const auto span = span_of(text, path);
  if (!span) return std::nullopt;
  return text.replace(span->begin, span->length, literal);
}

std::optional<std::string> written_value(const std::string& toml, const std::string& path) {
  const std::string text = without_mark(toml);
  const auto span = span_of(text, path);
  return span ? std::optional(text.substr(span->begin, span->length)) : std::nullopt;
}

std::optional<std::vector<TomlValue>> values_of(const std::string& toml) {
  const auto document = Document::parse(toml, "");
  if (!document) return std::nullopt;
  Leaves leaves;
  collect(document->root(), "", leaves);
  std::vector<TomlValue> values;
  for (const auto& [path, node] : leaves)
    values.push_back({path, value_text(*node), static_cast<int>(node->kind), node->spot.line});
  return values;
}

}  // namespace vorrat

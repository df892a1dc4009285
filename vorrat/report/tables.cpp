#include "vorrat/report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "vorrat/base/error.h"
#include "vorrat/report/format.h"

namespace vorrat::report {
namespace {

constexpr const char* format_names[] = {"text",  "count", "number", "money", "cents",
                                        "worth", "odds",  "scaled", "exact"};
constexpr const char* chart_names[] = {"bars",  "waterfall", "sankey", "fan", "lines",
                                       "gantt", "tornado",   "points", "map"};

template <typename Choice>
std::optional<Choice> parse(std::span<const char* const> names, const std::string& text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return {};
  return static_cast<Choice>(found - names.begin());
}

bool has_column(const DataTable& table, const std::string& id) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return column.id == id; });
}

void hold(bool holds, const DataTable& table, const char* claim) {
  if (!holds) throw BrokenContract(fmt::format("table \"{}\": {}", table.id, claim));
}

void check_sum(const DataTable& table, const Sum& sum) {
  const auto is_row = [&](std::size_t row) { return row < table.rows.size(); };
  hold(is_row(sum.row), table, "a sum stands in a row that is not there");
  hold(std::all_of(sum.add.begin(), sum.add.end(), is_row) &&
           std::all_of(sum.subtract.begin(), sum.subtract.end(), is_row),
       table, "a sum takes a row that is not there");
  for (const std::string& column : sum.columns)
    hold(has_column(table, column), table, "a sum names a column that is not there");
}

void check_table(const DataTable& table, std::set<std::string>& ids) {
  hold(ids.insert(table.id).second, table, "its id is taken");
  std::set<std::string> columns;
  for (const Column& column : table.columns) {
    hold(columns.insert(column.id).second, table, "a column's id repeats");
    hold(column.format != Format::odds || !column.meaning.empty(), table,
         "a share does not say its conditions");
  }
  for (const auto& row : table.rows)
    hold(row.size() == table.columns.size(), table, "a row has not one cell a column");
  for (const Sum& sum : table.sums) check_sum(table, sum);
  for (const Chart& chart : table.charts) {
    hold(!chart.alternative.empty(), table, "a chart has no words for those who cannot see it");
    for (const auto& [role, column] : chart.columns)
      hold(has_column(table, column), table, "a chart draws a column that is not there");
  }
  hold(table.across.empty() || has_column(table, table.across), table,
       "`across` is no column of it");
}

const Cell& cell_at(const Tables& tables, const Piece::Place& place) {
  const DataTable* table = tables.find(place.table);
  needs(table != nullptr, "a table for every figure in a sentence");
  needs(place.row < table->rows.size(), "a row for every figure in a sentence");
  return table->rows[place.row][table->column_index(place.column)];
}

}  // namespace

Cell cell(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return std::monostate{};
  return *value;
}

std::size_t DataTable::column_index(const std::string& column_id) const {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].id == column_id) return c;
  }
  throw BrokenContract(fmt::format("table \"{}\" has no column \"{}\"", id, column_id));
}

const DataTable* Tables::find(const std::string& table_id) const {
  for (const Section& section : sections) {
    for (const DataTable& table : section.tables) {
      if (table.id == table_id) return &table;
    }
  }
  return nullptr;
}

void check(const Tables& tables) {
  std::set<std::string> ids;
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables) check_table(table, ids);
  }
  for (const Sentence& sentence : tables.answer) {
    for (const Piece& piece : sentence) {
      if (piece.place) cell_at(tables, *piece.place);
    }
  }
}

std::string to_text(const Sentence& sentence, const Tables& tables) {
  std::string text;
  for (const Piece& piece : sentence) {
    if (!piece.place) {
      text += piece.words;
      continue;
    }
    const DataTable& table = *tables.find(piece.place->table);
    text += cell_text_with_unit(table.columns[table.column_index(piece.place->column)],
                                cell_at(tables, *piece.place));
  }
  return text;
}

const char* to_string(Format format) { return format_names[static_cast<std::size_t>(format)]; }
const char* to_string(ChartKind kind) { return chart_names[static_cast<std::size_t>(kind)]; }
std::optional<Format> parse_format(const std::string& text) {
  return parse<Format>(format_names, text);
}
std::optional<ChartKind> parse_chart_kind(const std::string& text) {
  return parse<ChartKind>(chart_names, text);
}

}  // namespace vorrat::report

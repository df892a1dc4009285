#include "vorrat/lp/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::lp {
namespace {

std::string named(const char* what, std::size_t index, const std::string& name) {
  return name.empty() ? fmt::format("{} {}", what, index) : fmt::format("{} \"{}\"", what, name);
}

void check_bounds(const std::string& what, double lower, double upper) {
  if (std::isnan(lower) || std::isnan(upper)) {
    throw InvalidInput(fmt::format("a bound of {} is not a number", what));
  }
  if (lower > upper) {
    throw InvalidInput(fmt::format("the bounds of {} cross: {} > {}", what, lower, upper));
  }
  if (lower == infinity || upper == -infinity) {
    throw InvalidInput(
        fmt::format("the bounds of {} leave no finite value: [{}, {}]", what, lower, upper));
  }
}

}  // namespace

std::size_t Model::add_column(Column column) {
  columns.push_back(std::move(column));
  return columns.size() - 1;
}

std::size_t Model::add_row(Row row) {
  rows.push_back(std::move(row));
  return rows.size() - 1;
}

void Model::add_entry(std::size_t row, std::size_t column, double value) {
  needs(row < rows.size(), "row < rows.size()");
  needs(column < columns.size(), "column < columns.size()");
  entries.push_back({row, column, value});
}

bool Model::has_integers() const {
  return std::ranges::any_of(columns,
                             [](const Column& c) { return c.kind == ColumnKind::integer; });
}

void Model::check() const {
  if (!std::isfinite(objective_constant)) {
    throw InvalidInput("the constant of the objective is not finite");
  }
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Column& column = columns[j];
    check_bounds(named("column", j, column.name), column.lower, column.upper);
    if (!std::isfinite(column.cost)) {
      throw InvalidInput(fmt::format("the cost of {} is not finite: {}",
                                     named("column", j, column.name), column.cost));
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    check_bounds(named("row", i, rows[i].name), rows[i].lower, rows[i].upper);
  }
  for (const Entry& entry : entries) {
    if (entry.row >= rows.size() || entry.column >= columns.size()) {
      throw InvalidInput(
          fmt::format("an entry points to row {} and column {}; the model has {} rows and {} "
                      "columns",
                      entry.row, entry.column, rows.size(), columns.size()));
    }
    if (!std::isfinite(entry.value)) {
      throw InvalidInput(fmt::format("the coefficient of {} in {} is not finite: {}",
                                     named("column", entry.column, columns[entry.column].name),
                                     named("row", entry.row, rows[entry.row].name), entry.value));
    }
  }
}

namespace {

/// The matrix by lines (rows or columns, as `line_of` says), each line's entries ascending across;
/// a counting sort by the other direction and then by line, so that the cost is linear.
template <class LineOf, class AcrossOf>
void gather(const std::vector<Entry>& entries, std::size_t lines, std::size_t across_count,
            LineOf line_of, AcrossOf across_of, std::vector<std::size_t>& start,
            std::vector<std::size_t>& across, std::vector<double>& value) {
  std::vector<std::size_t> next(across_count + 1, 0);
  for (const Entry& entry : entries) ++next[across_of(entry) + 1];
  for (std::size_t k = 0; k < across_count; ++k) next[k + 1] += next[k];
  std::vector<std::size_t> order(entries.size());
  for (std::size_t e = 0; e < entries.size(); ++e) order[next[across_of(entries[e])]++] = e;

  start.assign(lines + 1, 0);
  for (const Entry& entry : entries) ++start[line_of(entry) + 1];
  for (std::size_t k = 0; k < lines; ++k) start[k + 1] += start[k];
  across.resize(entries.size());
  value.resize(entries.size());
  next.assign(start.begin(), start.end() - 1);
  for (const std::size_t e : order) {
    const std::size_t at = next[line_of(entries[e])]++;
    across[at] = across_of(entries[e]);
    value[at] = entries[e].value;
  }

  // Adds up duplicates and drops zeros, in place.
  std::size_t kept = 0;
  for (std::size_t line = 0; line < lines; ++line) {
    const std::size_t first = start[line];
    start[line] = kept;
    for (std::size_t e = first; e < start[line + 1];) {
      const std::size_t place = across[e];
      double sum = 0.0;
      for (; e < start[line + 1] && across[e] == place; ++e) sum += value[e];
      if (sum == 0.0) continue;
      across[kept] = place;
      value[kept++] = sum;
    }
  }
  start[lines] = kept;
  across.resize(kept);
  value.resize(kept);
}

}  // namespace

ColumnMatrix by_columns(const Model& model) {
  ColumnMatrix matrix;
  gather(
      model.entries, model.columns.size(), model.rows.size(),
      [](const Entry& e) { return e.column; }, [](const Entry& e) { return e.row; }, matrix.start,
      matrix.row, matrix.value);
  return matrix;
}

RowMatrix by_rows(const Model& model) {
  RowMatrix matrix;
  gather(
      model.entries, model.rows.size(), model.columns.size(), [](const Entry& e) { return e.row; },
      [](const Entry& e) { return e.column; }, matrix.start, matrix.column, matrix.value);
  return matrix;
}

}  // namespace vorrat::lp

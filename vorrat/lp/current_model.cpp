#include "vorrat/lp/current_model.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::lp {
namespace {

void need_bounds(double lower, double upper) {
  needs(lower <= upper && lower < infinity && upper > -infinity, "lower <= upper, room between");
}

}  // namespace

CurrentModel::CurrentModel(const Model& model)
    : sense(model.sense), objective_constant(model.objective_constant), matrix(by_rows(model)) {
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    const Column& column = model.columns[j];
    cost.push_back(column.cost);
    lower.push_back(column.lower);
    upper.push_back(column.upper);
    if (column.kind == ColumnKind::integer) integers.push_back(j);
  }
  for (const Row& row : model.rows) {
    row_lower.push_back(row.lower);
    row_upper.push_back(row.upper);
  }
}

void CurrentModel::set_row_bounds(std::size_t row, double new_lower, double new_upper) {
  needs(row < row_count(), "row < row_count()");
  need_bounds(new_lower, new_upper);
  row_lower[row] = new_lower;
  row_upper[row] = new_upper;
}

void CurrentModel::set_column_bounds(std::size_t column, double new_lower, double new_upper) {
  needs(column < column_count(), "column < column_count()");
  need_bounds(new_lower, new_upper);
  lower[column] = new_lower;
  upper[column] = new_upper;
}

void CurrentModel::set_cost(std::size_t column, double value) {
  needs(column < column_count(), "column < column_count()");
  needs(std::isfinite(value), "a finite cost");
  cost[column] = value;
}

void CurrentModel::set_coefficient(std::size_t row, std::size_t column, double value) {
  needs(row < row_count(), "row < row_count()");
  needs(column < column_count(), "column < column_count()");
  needs(std::isfinite(value), "a finite coefficient");
  const auto first = matrix.column.begin() + matrix.start[row];
  const auto last = matrix.column.begin() + matrix.start[row + 1];
  const auto found = std::lower_bound(first, last, column);
  const auto at = found - matrix.column.begin();
  if (found != last && *found == column) {
    matrix.value[at] = value;
    return;
  }
  matrix.column.insert(found, column);
  matrix.value.insert(matrix.value.begin() + at, value);
  for (std::size_t i = row + 1; i < matrix.start.size(); ++i) ++matrix.start[i];
}

std::size_t CurrentModel::add_row(double new_lower, double new_upper,
                                  std::span<const std::size_t> columns,
                                  std::span<const double> values) {
  needs(columns.size() == values.size(), "one value for each column");
  need_bounds(new_lower, new_upper);
  std::vector<std::size_t> order(columns.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return columns[k]; });
  const std::size_t first = matrix.column.size();
  for (const std::size_t k : order) {
    needs(columns[k] < column_count(), "column < column_count()");
    needs(std::isfinite(values[k]), "a finite coefficient");
    if (matrix.column.size() > first && matrix.column.back() == columns[k]) {
      matrix.value.back() += values[k];
    } else {
      matrix.column.push_back(columns[k]);
      matrix.value.push_back(values[k]);
    }
  }
  matrix.start.push_back(matrix.column.size());
  row_lower.push_back(new_lower);
  row_upper.push_back(new_upper);
  return row_count() - 1;
}

void CurrentModel::remove_rows_from(std::size_t first) {
  needs(first <= row_count(), "first <= row_count()");
  matrix.column.resize(matrix.start[first]);
  matrix.value.resize(matrix.start[first]);
  matrix.start.resize(first + 1);
  row_lower.resize(first);
  row_upper.resize(first);
}

std::span<const std::size_t> CurrentModel::row_columns(std::size_t row) const {
  return std::span(matrix.column)
      .subspan(matrix.start[row], matrix.start[row + 1] - matrix.start[row]);
}

std::span<const double> CurrentModel::row_values(std::size_t row) const {
  return std::span(matrix.value)
      .subspan(matrix.start[row], matrix.start[row + 1] - matrix.start[row]);
}

Model CurrentModel::to_model() const {
  Model model;
  model.sense = sense;
  model.objective_constant = objective_constant;
  for (std::size_t j = 0; j < column_count(); ++j) {
    model.add_column({lower[j], upper[j], cost[j], ColumnKind::continuous, {}});
  }
  for (const std::size_t j : integers) model.columns[j].kind = ColumnKind::integer;
  for (std::size_t i = 0; i < row_count(); ++i) {
    model.add_row({row_lower[i], row_upper[i], {}});
    for (std::size_t e = matrix.start[i]; e < matrix.start[i + 1]; ++e) {
      model.add_entry(i, matrix.column[e], matrix.value[e]);
    }
  }
  return model;
}

}  // namespace vorrat::lp

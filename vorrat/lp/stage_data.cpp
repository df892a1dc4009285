// The numbers of a stage solver, and what every small change of them means for its basis.
#include "vorrat/lp/stage_work.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::lp {
namespace {

/// The power of two next to the value, so that scaling by it never rounds.
double power_of_two(double value) {
  return value > 0.0 && std::isfinite(value) ? std::exp2(std::round(std::log2(value))) : 1.0;
}

}  // namespace

void StageSolver::Work::load(const Model& given) {
  if (given.has_integers()) throw Unavailable("the stage solver solves LPs, not whole numbers");
  model = CurrentModel(given);
  pool = nullptr;
  sign_ = given.sense == Sense::minimise ? 1.0 : -1.0;
  const std::size_t columns = model.column_count();
  cost_.resize(columns);
  for (std::size_t j = 0; j < columns; ++j) cost_[j] = sign_ * model.cost[j];
  range_.resize(columns);
  side_.assign(columns, 0.0);
  tolerance_.resize(columns);
  for (std::size_t j = 0; j < columns; ++j) {
    range_[j] = model.upper[j] - model.lower[j];
    tolerance_[j] = dual_tolerance * std::max(1.0, std::abs(cost_[j]));
  }
  x_.assign(columns, 0.0);
  z_ = cost_;
  rest_.assign(columns, Rest::lower);
  position_.assign(columns, none);
  state_of_.assign(columns, none);
  theta_of_.assign(columns, none);
  row_slot_.assign(model.row_count(), none);
  state_column_.clear();
  theta_column_.clear();
  hot_.clear();
  hot_value_.clear();
  hot_of_.clear();
  heights_.watch(nullptr);
  rebuild_matrix();
  choose_units();
  has_basis_ = false;
}

void StageSolver::Work::rebuild_matrix() {
  const RowMatrix& rows = model.matrix;
  row_start_.assign(rows.start.begin(), rows.start.end());
  row_column_.assign(rows.column.begin(), rows.column.end());
  row_value_ = rows.value;
  column_start_.assign(cost_.size() + 1, 0);
  for (const Index j : row_column_) ++column_start_[j + 1];
  for (Index j = 0; j < n(); ++j) column_start_[j + 1] += column_start_[j];
  column_row_.resize(row_column_.size());
  column_value_.resize(row_column_.size());
  for (Index i = 0; i < m(); ++i) {
    for (Index e = row_start_[i]; e < row_start_[i + 1]; ++e) {
      const Index at = column_start_[row_column_[e]]++;
      column_row_[at] = i;
      column_value_[at] = row_value_[e];
    }
  }
  for (Index j = n(); j > 0; --j) column_start_[j] = column_start_[j - 1];
  column_start_[0] = 0;
  matrix_changed_ = false;
}

/// Geometric scaling, kept beside the numbers instead of in them: x / unit and row / unit are what
/// the solver compares, so cuts are read where they lie. Curtis and Reid (1972) in three sweeps.
/// What is next to nothing both in its row and in its column has no say: a coefficient of 1e-99
/// would make units in which any dual seems small.
void StageSolver::Work::choose_units() {
  unit_.assign(cost_.size(), 1.0);
  row_unit_.assign(m(), 1.0);
  std::vector<double> least(cost_.size(), 0.0), row_least(m(), 0.0);  // that have a say
  const auto each = [&](auto visit) {
    for (Index i = 0; i < m(); ++i) {
      for (Index e = row_start_[i]; e < row_start_[i + 1]; ++e)
        visit(i, row_column_[e], std::abs(row_value_[e]));
    }
  };
  each([&](Index i, Index j, double size) {
    least[j] = std::max(least[j], 1e-8 * size);
    row_least[i] = std::max(row_least[i], 1e-8 * size);
  });
  struct Span {
    double low = infinity, high = 0.0;
    void add(double size) {
      low = std::min(low, size);
      high = std::max(high, size);
    }
    double middle() const { return high > 0.0 ? power_of_two(std::sqrt(low * high)) : 1.0; }
  };
  std::vector<Span> of_row, of_column;
  for (int sweep = 0; sweep < 3; ++sweep) {
    of_row.assign(m(), {});
    each([&](Index i, Index j, double size) {
      if (size > 0.0 && size >= std::min(row_least[i], least[j])) of_row[i].add(size * unit_[j]);
    });
    for (Index i = 0; i < m(); ++i) row_unit_[i] = of_row[i].middle();
    of_column.assign(cost_.size(), {});
    each([&](Index i, Index j, double size) {
      if (size > 0.0 && size >= std::min(row_least[i], least[j]))
        of_column[j].add(size / row_unit_[i]);
    });
    for (Index j = 0; j < n(); ++j) unit_[j] = 1.0 / of_column[j].middle();
  }
}

double StageSolver::Work::lower_of(RowRef row) const {
  if (!is_hot(row)) return model.row_lower[row];
  return sign_ > 0.0 ? hot_[~row].rhs : -infinity;
}

double StageSolver::Work::upper_of(RowRef row) const {
  if (!is_hot(row)) return model.row_upper[row];
  return sign_ > 0.0 ? infinity : hot_[~row].rhs;
}

/// visit(column, coefficient) for each entry of the row.

double StageSolver::Work::largest_term(RowRef row) const {
  double largest = 1.0;
  for_row(row, [&](Index j, double a) { largest = std::max(largest, std::abs(a * x_[j])); });
  return largest;
}

void StageSolver::Work::set_row_bounds(std::size_t row, double lower, double upper) {
  needs(row < model.row_count(), "row < row_count()");
  needs(lower <= upper && lower < infinity && upper > -infinity, "lower <= upper, room between");
  model.row_lower[row] = lower;
  model.row_upper[row] = upper;
  const Index slot = row_slot_[row];
  if (slot == none) return;
  update_slot(slot);
  if (slot_rest_[slot] == Rest::lower && lower > -infinity) {
    target_[slot] = lower;
  } else if (slot_rest_[slot] == Rest::upper && upper < infinity) {
    target_[slot] = upper;
  } else {
    rests_changed_ = true;
  }
}

void StageSolver::Work::set_column_bounds(std::size_t column, double lower, double upper) {
  needs(column < model.column_count(), "column < column_count()");
  needs(lower <= upper && lower < infinity && upper > -infinity, "lower <= upper, room between");
  model.lower[column] = lower;
  model.upper[column] = upper;
  range_[column] = upper - lower;
  update_side(static_cast<Index>(column));
  if (rest_[column] == Rest::basic) return;
  if (rest_[column] == Rest::lower && lower > -infinity) {
    x_[column] = lower;
  } else if (rest_[column] == Rest::upper && upper < infinity) {
    x_[column] = upper;
  } else {
    rests_changed_ = true;
  }
  // A side that a fixed column may rest at regardless of its reduced cost is now to be chosen.
  if (lower < upper) rests_changed_ = true;
}

void StageSolver::Work::set_cost(std::size_t column, double cost) {
  model.set_cost(column, cost);
  const double change = sign_ * cost - cost_[column];
  if (change == 0.0) return;
  cost_[column] = sign_ * cost;
  tolerance_[column] = dual_tolerance * std::max(1.0, std::abs(cost));
  if (rest_[column] == Rest::basic) {
    duals_changed_ = true;
  } else {
    z_[column] += change;
    rests_changed_ = true;
  }
}

void StageSolver::Work::set_coefficient(std::size_t row, std::size_t column, double value) {
  const std::size_t entries = model.matrix.column.size();
  const auto columns = model.row_columns(row);
  const auto found = std::ranges::lower_bound(columns, column);
  const bool exists = found != columns.end() && *found == column;
  const double before =
      exists ? model.row_values(row)[static_cast<std::size_t>(found - columns.begin())] : 0.0;
  if (before == value) return;
  model.set_coefficient(row, column, value);
  if (model.matrix.column.size() != entries) {
    matrix_changed_ = true;
  } else {
    const auto i = static_cast<Index>(row);
    const auto j = static_cast<Index>(column);
    for (Index e = row_start_[i]; e < row_start_[i + 1]; ++e) {
      if (row_column_[e] == j) row_value_[e] = value;
    }
    for (Index e = column_start_[j]; e < column_start_[j + 1]; ++e) {
      if (column_row_[e] == i) column_value_[e] = value;
    }
  }
  if (row_slot_[row] == none) return;
  duals_changed_ = true;
  if (position_[column] == none || kernel_changed_) return;
  if (inverse_.add_to_entry(row_slot_[row], position_[column], value - before)) {
    ++updates_;
  } else {
    kernel_changed_ = true;
  }
}

std::size_t StageSolver::Work::add_row(double lower, double upper,
                                       std::span<const std::size_t> columns,
                                       std::span<const double> values) {
  const std::size_t row = model.add_row(lower, upper, columns, values);
  row_slot_.push_back(none);
  double largest = 0.0;
  for (std::size_t e = model.matrix.start[row]; e < model.matrix.start[row + 1]; ++e) {
    largest = std::max(largest, std::abs(model.matrix.value[e]) * unit_[model.matrix.column[e]]);
  }
  row_unit_.push_back(power_of_two(largest));
  matrix_changed_ = true;
  return row;
}

void StageSolver::Work::remove_rows_from(std::size_t first) {
  needs(first <= model.row_count(), "first <= row_count()");
  if (first == model.row_count()) return;
  if (has_basis_ && kernel_changed_ && !invert()) has_basis_ = false;
  for (auto i = static_cast<Index>(first); i < m(); ++i) {
    if (row_slot_[i] != none) drop_row(i);
  }
  model.remove_rows_from(first);
  row_slot_.resize(first);
  row_unit_.resize(first);
  matrix_changed_ = true;
}

void StageSolver::Work::forget_hot_cuts() {
  if (has_basis_ && kernel_changed_ && !invert()) has_basis_ = false;
  while (!binding_hot_.empty()) drop_row(hot_row(binding_hot_.back()));
  hot_.clear();
  hot_value_.clear();
  hot_of_.clear();
}

void StageSolver::Work::use_cuts(const CutPool* new_pool, std::span<const std::size_t> states,
                                 std::span<const std::size_t> thetas) {
  needs(new_pool == nullptr || new_pool->state_count() == states.size(),
        "a column for every state");
  needs(new_pool == nullptr || new_pool->sense() == model.sense, "a pool of the model's sense");
  forget_hot_cuts();
  pool = new_pool;
  heights_.watch(pool);
  std::ranges::fill(state_of_, none);
  std::ranges::fill(theta_of_, none);
  state_column_.clear();
  theta_column_.clear();
  if (pool == nullptr) return;
  for (const std::size_t j : states) {
    needs(j < model.column_count() && state_of_[j] == none, "states are different columns");
    state_of_[j] = static_cast<Index>(state_column_.size());
    state_column_.push_back(static_cast<Index>(j));
  }
  for (const std::size_t j : thetas) {
    needs(j < model.column_count() && state_of_[j] == none, "thetas are columns of their own");
    theta_of_[j] = static_cast<Index>(theta_column_.size());
    theta_column_.push_back(static_cast<Index>(j));
  }
  state_x_.resize(states.size());
  theta_x_.resize(thetas.size());
}

}  // namespace vorrat::lp

// The basis of a stage solver: cold start, repair, and the values and duals that follow from it.
#include "vorrat/lp/stage_work.h"

#include <algorithm>
#include <cmath>

namespace vorrat::lp {

/// Every row is slack, every column rests.
void StageSolver::Work::start_cold() {
  inverse_.clear();
  column_at_.clear();
  row_at_.clear();
  y_.clear();
  target_.clear();
  slot_rest_.clear();
  slot_side_.clear();
  slot_unit_.clear();
  slot_range_.clear();
  slot_tolerance_.clear();
  binding_hot_.clear();
  for (HotCut& cut : hot_) cut.slot = none;
  std::ranges::fill(row_slot_, none);
  std::ranges::fill(position_, none);
  resting_.clear();
  place_.resize(cost_.size());
  for (Index j = 0; j < n(); ++j) {
    add_to_resting(j);
    if (rest_[j] == Rest::basic) rest_[j] = Rest::lower;
  }
  z_ = cost_;
  has_basis_ = true;
  kernel_changed_ = duals_changed_ = false;
  rests_changed_ = true;
  updates_ = 0;
}

/// Brings kernel, duals and values in line with what was changed. False if the kernel is beyond
/// repair.
bool StageSolver::Work::prepare() {
  if (matrix_changed_) rebuild_matrix();
  beta_.resize(cost_.size());
  if (!has_basis_) start_cold();
  if (kernel_changed_ && !invert()) return false;
  shifted_ = false;
  if (duals_changed_) compute_duals();
  if (rests_changed_) settle_resting();
  refresh_primal();
  return true;
}

/// Inverts the kernel afresh; columns and rows without a pivot are let go.
bool StageSolver::Work::invert() {
  ++counts.inversions;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto size = static_cast<std::size_t>(k());
    scratch_.assign(size * size, 0.0);
    for (Index p = 0; p < k(); ++p) {
      for_binding_entries(column_at_[p],
                          [&](Index slot, double a) { scratch_[slot * size + p] += a; });
    }
    if (inverse_.invert(scratch_, size, lost_columns_, lost_rows_)) {
      updates_ = 0;
      kernel_changed_ = false;
      return true;
    }
    // From the back, so that what moves into a gap is not itself to go.
    for (std::size_t e = lost_columns_.size(); e-- > 0;) {
      drop(static_cast<Index>(lost_columns_[e]), static_cast<Index>(lost_rows_[e]));
    }
    duals_changed_ = rests_changed_ = true;
  }
  return false;
}

/// Takes a column and a row out of the lists of the kernel (not out of its inverse): the last of
/// each moves into the gap.
void StageSolver::Work::drop(Index position, Index slot) {
  const Index column = column_at_[position];
  position_[column] = none;
  rest_[column] = Rest::lower;
  add_to_resting(column);
  column_at_[position] = column_at_.back();
  if (position < k() - 1) position_[column_at_[position]] = position;
  column_at_.pop_back();

  const RowRef row = row_at_[slot];
  slot_of(row) = none;
  if (is_hot(row)) std::erase(binding_hot_, ~row);
  if (slot < static_cast<Index>(row_at_.size()) - 1) slot_of(row_at_.back()) = slot;
  const auto close_gap = [slot](auto& list) {
    list[slot] = list.back();
    list.pop_back();
  };
  close_gap(row_at_);
  close_gap(y_);
  close_gap(target_);
  close_gap(slot_rest_);
  close_gap(slot_side_);
  close_gap(slot_unit_);
  close_gap(slot_range_);
  close_gap(slot_tolerance_);
}

/// A row starts to bind, in a slot at the end.
void StageSolver::Work::add_slot(RowRef row, double dual, double target, Rest rest) {
  slot_of(row) = static_cast<Index>(row_at_.size());
  row_at_.push_back(row);
  y_.push_back(dual);
  target_.push_back(target);
  slot_rest_.push_back(rest);
  slot_side_.push_back(0.0);
  slot_unit_.push_back(1.0);
  slot_range_.push_back(0.0);
  slot_tolerance_.push_back(dual_tolerance);
  update_slot(slot_of(row));
}

void StageSolver::Work::update_slot(Index r) {
  const RowRef row = row_at_[r];
  const Rest rest = slot_rest_[r];
  slot_unit_[r] = unit_of(row);
  slot_range_[r] = upper_of(row) - lower_of(row);
  slot_side_[r] = !(slot_range_[r] > 0.0) ? 0.0
                  : rest == Rest::lower   ? 1.0
                  : rest == Rest::upper   ? -1.0
                                          : 0.0;
}

/// A binding row goes away; the basic column that hangs on it most comes to rest.
void StageSolver::Work::drop_row(RowRef row) {
  const Index slot = slot_of(row);
  Index best = none;
  double largest = 0.0;
  for (Index p = 0; p < k(); ++p) {
    const double size = std::abs(inverse_.at(p, slot)) / unit_[column_at_[p]];
    if (size > largest) {
      largest = size;
      best = p;
    }
  }
  if (best == none) {  // cannot be of a true inverse: start again from nothing
    start_cold();
    return;
  }
  inverse_.deflate(best, slot);
  ++updates_;
  drop(best, slot);
  duals_changed_ = rests_changed_ = true;
}

/// y = c_B V, z = c - y A, of the true costs.
void StageSolver::Work::compute_duals() {
  std::ranges::fill(y_, 0.0);
  for (Index p = 0; p < k(); ++p) {
    const double c = cost_[column_at_[p]];
    if (c == 0.0) continue;
    const auto row = inverse_.row(p);
    for (Index r = 0; r < k(); ++r) y_[r] += c * row[r];
  }
  z_ = cost_;
  for (Index r = 0; r < k(); ++r) {
    const double y = y_[r];
    if (y != 0.0) for_row(row_at_[r], [&](Index j, double a) { z_[j] -= y * a; });
  }
  for (Index p = 0; p < k(); ++p) z_[column_at_[p]] = 0.0;
  duals_changed_ = false;
  rests_changed_ = true;
}

/// Puts everything that rests on the side its reduced cost wants. Where that side has no bound the
/// reduced cost is taken as 0 for the dual phase, and the primal phase has the last word.
void StageSolver::Work::settle_resting() {
  free_resting_ = 0;
  free_slots_ = false;
  for (const Index j : resting_) {
    settle_column(j);
    if (rest_[j] == Rest::free) ++free_resting_;
  }
  for (Index r = 0; r < k(); ++r) settle_slot(r);
  rests_changed_ = false;
}

void StageSolver::Work::settle_column(Index j) {
  const double lower = model.lower[j], upper = model.upper[j];
  const double tolerance = tolerance_[j];
  Rest& rest = rest_[j];
  if (z_[j] > tolerance && lower > -infinity) {
    rest = Rest::lower;
  } else if (z_[j] < -tolerance && upper < infinity) {
    rest = Rest::upper;
  } else {
    if (std::abs(z_[j]) > tolerance && lower < upper) {
      z_[j] = 0.0;
      shifted_ = true;
    }
    if ((rest == Rest::lower || rest == Rest::free) && lower > -infinity) {
      rest = Rest::lower;
    } else if (upper < infinity) {
      rest = Rest::upper;
    } else {
      rest = lower > -infinity ? Rest::lower : Rest::free;
    }
  }
  x_[j] = rest == Rest::lower ? lower : rest == Rest::upper ? upper : 0.0;
  update_side(j);
}

void StageSolver::Work::settle_slot(Index r) {
  const double lower = lower_of(row_at_[r]), upper = upper_of(row_at_[r]);
  Rest& rest = slot_rest_[r];
  if (y_[r] > dual_tolerance && lower > -infinity) {
    rest = Rest::lower;
  } else if (y_[r] < -dual_tolerance && upper < infinity) {
    rest = Rest::upper;
  } else {
    if (std::abs(y_[r]) > dual_tolerance && lower < upper) {
      y_[r] = 0.0;
      shifted_ = true;
    }
    if ((rest == Rest::lower || rest == Rest::free) && lower > -infinity) {
      rest = Rest::lower;
    } else if (upper < infinity) {
      rest = Rest::upper;
    } else {
      rest = lower > -infinity ? Rest::lower : Rest::free;
    }
  }
  update_slot(r);
  if (rest == Rest::free) {  // stays where it is
    free_slots_ = true;
    return;
  }
  target_[r] = rest == Rest::lower ? lower : upper;
}

/// x_B += V (target - activity): what the changes of bounds ask for, and a step of iterative
/// refinement at once.
void StageSolver::Work::refresh_primal() {
  sparse_.clear();
  for (Index r = 0; r < k(); ++r) {
    double sum = -target_[r], scale = std::abs(target_[r]);
    for_row(row_at_[r], [&](Index j, double a) {
      const double term = a * x_[j];
      sum += term;
      scale = std::max(scale, std::abs(term));
    });
    if (std::abs(sum) > refinement * scale) sparse_.emplace_back(r, -sum);
  }
  if (sparse_.empty()) return;
  move_basic();
}

/// x_B += V times what sparse_ holds by slot.
void StageSolver::Work::move_basic() {
  for (Index p = 0; p < k(); ++p) {
    const double* row = inverse_.row(p).data();
    double change = 0.0;
    for (const auto& [r, by] : sparse_) change += row[r] * by;
    x_[column_at_[p]] += change;
  }
}

}  // namespace vorrat::lp

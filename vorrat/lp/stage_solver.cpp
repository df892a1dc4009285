// The bounded dual simplex on the active kernel. Words used here:
//
//   basic      a column whose value follows from the rows that bind; k of them, at positions 0..k-1
//   binding    a row (of the model, or a hot cut) held at one of its bounds; k of them, at slots
//   resting    a column or binding row at a bound (or at 0 when free): everything not basic
//   hot        a cut of the pool copied here because it was missed lately
//   leaving    what becomes resting in a pivot: a basic column, or a row that starts to bind
//   entering   what stops resting: a resting column, or a binding row
//
// Always minimises; maximising flips the costs on the way in and the duals on the way out.
// Literature: Koberstein, "The dual simplex method, techniques for a fast and stable
// implementation" (2005), for the ratio test with bound flips and tolerances.
#include "vorrat/lp/stage_solver.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/lp/certificate.h"
#include "vorrat/lp/current_model.h"
#include "vorrat/lp/kernel_inverse.h"

namespace vorrat::lp {
namespace {

constexpr double primal_tolerance = 1e-9;  // relative to max(1, bound, largest term of a row)
constexpr double dual_tolerance = 1e-9;    // relative to max(1, cost)
constexpr double check_tolerance = 1e-8;   // what the final check allows of either
constexpr double drop_tolerance = 1e-10;   // scaled pivot row entries below this are rounding
constexpr double pivot_tolerance = 1e-7;   // scaled pivots below this are avoided
constexpr std::int64_t hot_for = 400;      // solves that a cut stays hot after it last bound

using Index = std::int32_t;
constexpr Index none = -1;

enum class Rest : std::uint8_t { basic, lower, upper, free };

/// A binding or violated row: of the model (>= 0) or hot cut slot s as ~s.
using RowRef = Index;
constexpr RowRef hot_row(Index slot) { return ~slot; }
constexpr bool is_hot(RowRef row) { return row < 0; }

double tolerance_at(double bound) { return primal_tolerance * std::max(1.0, std::abs(bound)); }

/// a . b, in eight partial sums: the compiler may not reorder a single one.
double product(std::span<const double> a, std::span<const double> b) {
  std::array<double, 8> sums = {};
  std::size_t e = 0;
  for (; e + 8 <= a.size(); e += 8) {
    for (std::size_t l = 0; l < 8; ++l) sums[l] += a[e + l] * b[e + l];
  }
  double sum = 0.0;
  for (; e < a.size(); ++e) sum += a[e] * b[e];
  for (const double part : sums) sum += part;
  return sum;
}

/// The power of two next to the value, so that scaling by it never rounds.
double power_of_two(double value) {
  return value > 0.0 && std::isfinite(value) ? std::exp2(std::round(std::log2(value))) : 1.0;
}

}  // namespace

class StageSolver::Work {
 public:
  explicit Work(StandBy stand_by) : stand_by_factory(std::move(stand_by)) {}

  void load(const Model& model);
  void set_row_bounds(std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t column, double lower, double upper);
  void set_cost(std::size_t column, double cost);
  void set_coefficient(std::size_t row, std::size_t column, double value);
  std::size_t add_row(double lower, double upper, std::span<const std::size_t> columns,
                      std::span<const double> values);
  void remove_rows_from(std::size_t first);
  void use_cuts(const CutPool* pool, std::span<const std::size_t> states,
                std::span<const std::size_t> thetas);
  Status resolve(std::size_t cut_limit);
  Answer stand_by_answer(const SolveOptions& options);

  CurrentModel model;  // bounds and matrix as the caller sees them
  StandBy stand_by_factory;
  const CutPool* pool = nullptr;
  Counts counts;

  // What the last resolve() found, in the caller's signs.
  double objective = 0.0;
  std::vector<double> row_dual, reduced_cost, ray, handed_primal;
  std::vector<ActiveCut> active_cuts;
  bool was_handed_over = false;
  std::string message;

  std::span<const double> primal() const { return was_handed_over ? handed_primal : x_; }

 private:
  enum class Outcome { done, infeasible, unbounded, trouble };

  /// What leaves in a pivot: basic column at `position`, or else `row` starts to bind.
  struct Leaving {
    Index position = none;
    RowRef row = 0;
    double bound = 0.0;  // where it comes to rest
    Rest rest = Rest::lower;
    double violation = 0.0;
    double unit = 1.0;
    double direction() const { return rest == Rest::lower ? 1.0 : -1.0; }  // it must move
  };
  /// What enters: resting column `column`, or else the row bound at `slot`.
  struct Entering {
    Index column = none;
    Index slot = none;
    double rate = 0.0;  // change of the leaving value per unit of this
  };
  struct Candidate {
    double ratio;
    double slope;  // |rate|
    Index what;    // column, or column count + slot
  };
  struct HotCut {
    std::size_t cut;
    Index slot;   // where it binds, or none
    Index theta;  // column, or none
    double rhs;
    double unit;
    std::int64_t last_bound;
  };

  // --- the data, kept fit for the kernel ---
  Index n() const { return static_cast<Index>(cost_.size()); }
  Index m() const { return static_cast<Index>(row_slot_.size()); }
  Index k() const { return static_cast<Index>(column_at_.size()); }
  void rebuild_matrix();
  void choose_units();
  double lower_of(RowRef row) const;
  double upper_of(RowRef row) const;
  double unit_of(RowRef row) const { return is_hot(row) ? hot_[~row].unit : row_unit_[row]; }
  Index& slot_of(RowRef row) { return is_hot(row) ? hot_[~row].slot : row_slot_[row]; }
  template <class Visit>
  void for_row(RowRef row, Visit visit) const;
  template <class Visit>
  void for_binding_entries(Index column, Visit visit) const;
  double dot(RowRef row, const std::vector<double>& x) const;
  double largest_term(RowRef row) const;

  // --- preparing a solve ---
  void forget_hot_cuts();
  void start_cold();
  bool prepare();
  bool invert();
  void drop(Index position, Index slot);
  void drop_row(RowRef row);
  void compute_duals();
  void settle_resting();
  void settle_column(Index column);
  void settle_slot(Index slot);
  void refresh_primal();

  // --- the simplex ---
  Outcome run();
  Outcome dual_phase();
  Outcome primal_phase();
  bool find_leaving(Leaving& leaving);
  bool find_missed_cut(Leaving& leaving);
  Index make_hot(std::size_t cut);
  void price(const Leaving& leaving);
  bool choose_entering(const Leaving& leaving, Entering& entering);
  void compute_column(const Entering& entering);
  bool column_agrees(const Leaving& leaving, const Entering& entering) const;
  void flip();
  void step_duals(double step);
  void pivot(const Leaving& leaving, const Entering& entering, double dual_step);
  void update_side(Index j);
  void add_to_resting(Index column);
  void take_from_resting(Index column);
  void perturb();
  bool find_improving(Entering& entering, double& direction) const;

  // --- judging and publishing ---
  bool check_optimal();
  bool prove_infeasible(const Leaving& leaving);
  bool prove_unbounded();
  void publish();
  Status hand_over();

  double sign_ = 1.0;
  std::vector<double> cost_, x_, z_, unit_;  // [n]
  std::vector<double> range_;                // [n], distance between the bounds
  std::vector<double> tolerance_;            // [n], of z
  // [n]: 1 where a column may rise from its rest, -1 where it may fall, 0 where it is basic, fixed
  // or free
  std::vector<double> side_;
  Index free_resting_ = 0;        // how many rest at no bound
  std::vector<Rest> rest_;        // [n]
  std::vector<Index> position_;   // [n], or none
  std::vector<Index> row_slot_;   // [m], or none
  std::vector<double> row_unit_;  // [m]
  std::vector<Index> row_start_, row_column_, column_start_, column_row_;
  std::vector<double> row_value_, column_value_;
  bool matrix_changed_ = true;

  std::size_t cut_limit_ = 0;
  std::vector<Index> state_column_, theta_column_;  // of the pool
  std::vector<Index> state_of_, theta_of_;          // [n], or none
  std::vector<HotCut> hot_;
  std::vector<double> hot_value_;  // [hot][states]: the row's coefficients, minus the slope
  std::vector<Index> binding_hot_;
  std::vector<double> state_x_, theta_x_;

  KernelInverse inverse_;
  std::vector<Index> column_at_;    // [k]
  std::vector<RowRef> row_at_;      // [k]
  std::vector<double> y_, target_;  // [k] by slot: dual, and the bound it rests at
  std::vector<Rest> slot_rest_;     // [k]

  bool has_basis_ = false;
  bool kernel_changed_ = false;  // must be inverted afresh
  bool duals_changed_ = false;   // costs or coefficients moved: y and z are stale
  bool rests_changed_ = false;   // bounds came or went
  bool shifted_ = false;         // z are not those of the true costs
  int updates_ = 0;              // of the inverse since it was fresh
  std::int64_t iterations_ = 0;  // of this solve

  std::vector<double> rho_, beta_, step_;  // pivot row by slot, by column; pivot column by position
  std::vector<Index> rho_nonzeros_;
  std::vector<Index> shortlist_;
  std::vector<Index> resting_;  // columns that are not basic, in no order
  std::vector<Index> place_;    // [n], in resting_, or none
  std::vector<double> gathered_;
  std::vector<std::pair<Index, double>> sparse_;
  std::vector<Candidate> candidates_, flipped_;
  std::vector<double> scratch_;
  std::vector<std::size_t> lost_columns_, lost_rows_;
  std::unique_ptr<Solver> stand_by_;
};

// ------------------------------------------------------------------------------------- the data

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
/// the solver compares, so cuts are read where they lie. Curtis and Reid (1972) in two sweeps.
void StageSolver::Work::choose_units() {
  unit_.assign(cost_.size(), 1.0);
  row_unit_.assign(m(), 1.0);
  for (int sweep = 0; sweep < 3; ++sweep) {
    for (Index i = 0; i < m(); ++i) {
      double low = infinity, high = 0.0;
      for (Index e = row_start_[i]; e < row_start_[i + 1]; ++e) {
        const double size = std::abs(row_value_[e]) * unit_[row_column_[e]];
        if (size == 0.0) continue;
        low = std::min(low, size);
        high = std::max(high, size);
      }
      row_unit_[i] = high > 0.0 ? power_of_two(std::sqrt(low * high)) : 1.0;
    }
    for (Index j = 0; j < n(); ++j) {
      double low = infinity, high = 0.0;
      for (Index e = column_start_[j]; e < column_start_[j + 1]; ++e) {
        const double size = std::abs(column_value_[e]) / row_unit_[column_row_[e]];
        if (size == 0.0) continue;
        low = std::min(low, size);
        high = std::max(high, size);
      }
      unit_[j] = high > 0.0 ? power_of_two(1.0 / std::sqrt(low * high)) : 1.0;
    }
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
template <class Visit>
void StageSolver::Work::for_row(RowRef row, Visit visit) const {
  if (!is_hot(row)) {
    for (Index e = row_start_[row]; e < row_start_[row + 1]; ++e) {
      visit(row_column_[e], row_value_[e]);
    }
    return;
  }
  const HotCut& cut = hot_[~row];
  const double* value = hot_value_.data() + static_cast<std::size_t>(~row) * state_column_.size();
  for (std::size_t s = 0; s < state_column_.size(); ++s) visit(state_column_[s], value[s]);
  if (cut.theta != none) visit(cut.theta, 1.0);
}

/// visit(slot, coefficient) for each entry of the column in a row that binds.
template <class Visit>
void StageSolver::Work::for_binding_entries(Index column, Visit visit) const {
  for (Index e = column_start_[column]; e < column_start_[column + 1]; ++e) {
    const Index slot = row_slot_[column_row_[e]];
    if (slot != none) visit(slot, column_value_[e]);
  }
  const Index state = state_of_[column];
  if (state == none && theta_of_[column] == none) return;
  for (const Index h : binding_hot_) {
    if (state != none) {
      visit(hot_[h].slot, hot_value_[static_cast<std::size_t>(h) * state_column_.size() + state]);
    }
    if (hot_[h].theta == column) visit(hot_[h].slot, 1.0);
  }
}

double StageSolver::Work::dot(RowRef row, const std::vector<double>& x) const {
  double sum = 0.0;
  for_row(row, [&](Index j, double a) { sum += a * x[j]; });
  return sum;
}

double StageSolver::Work::largest_term(RowRef row) const {
  double largest = 1.0;
  for_row(row, [&](Index j, double a) { largest = std::max(largest, std::abs(a * x_[j])); });
  return largest;
}

// ---------------------------------------------------------------------------------- the changes

void StageSolver::Work::set_row_bounds(std::size_t row, double lower, double upper) {
  needs(row < model.row_count(), "row < row_count()");
  needs(lower <= upper && lower < infinity && upper > -infinity, "lower <= upper, room between");
  model.row_lower[row] = lower;
  model.row_upper[row] = upper;
  const Index slot = row_slot_[row];
  if (slot == none) return;
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
}

void StageSolver::Work::use_cuts(const CutPool* new_pool, std::span<const std::size_t> states,
                                 std::span<const std::size_t> thetas) {
  needs(new_pool == nullptr || new_pool->state_count() == states.size(),
        "a column for every state");
  needs(new_pool == nullptr || new_pool->sense() == model.sense, "a pool of the model's sense");
  forget_hot_cuts();
  pool = new_pool;
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

// --------------------------------------------------------------------------- preparing a solve

/// Every row is slack, every column rests.
void StageSolver::Work::start_cold() {
  inverse_.clear();
  column_at_.clear();
  row_at_.clear();
  y_.clear();
  target_.clear();
  slot_rest_.clear();
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
  const auto last = static_cast<Index>(row_at_.size()) - 1;
  row_at_[slot] = row_at_[last];
  y_[slot] = y_[last];
  target_[slot] = target_[last];
  slot_rest_[slot] = slot_rest_[last];
  if (slot < last) slot_of(row_at_[slot]) = slot;
  row_at_.pop_back();
  y_.pop_back();
  target_.pop_back();
  slot_rest_.pop_back();
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
  if (rest == Rest::free) return;  // stays where it is
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
    if (std::abs(sum) > 1e-14 * scale) sparse_.emplace_back(r, -sum);
  }
  if (sparse_.empty()) return;
  for (Index p = 0; p < k(); ++p) {
    const auto row = inverse_.row(p);
    double change = 0.0;
    for (const auto& [r, by] : sparse_) change += row[r] * by;
    x_[column_at_[p]] += change;
  }
}

// ------------------------------------------------------------------------------- the dual simplex

/// The most promising violation by dual steepest edge: its square over the squared norm of its row
/// of the inverse (Forrest and Goldfarb, 1992). With the inverse at hand the norm is a dot product,
/// and only violated rows need theirs. Basic columns and rows of the model come first, then hot
/// cuts, and the whole pool only when all those hold.
bool StageSolver::Work::find_leaving(Leaving& best) {
  double most = 0.0;
  const auto consider = [&](Index position, RowRef row, double value, double lower, double upper) {
    if (value >= lower && value <= upper) return;
    const bool low = value < lower;
    const double bound = low ? lower : upper;
    const double violation = low ? lower - value : value - upper;
    if (!(violation > tolerance_at(bound))) return;
    // The norm of a row that does not bind is at least 1 and is not worth its price.
    const double gain =
        position == none
            ? violation * violation
            : violation * violation / product(inverse_.row(position), inverse_.row(position));
    if (!(gain > most)) return;
    if (position == none && violation <= primal_tolerance * largest_term(row)) return;
    most = gain;
    best = {position,  row,
            bound,     low ? Rest::lower : Rest::upper,
            violation, position == none ? unit_of(row) : unit_[column_at_[position]]};
  };
  for (Index p = 0; p < k(); ++p) {
    const Index j = column_at_[p];
    consider(p, 0, x_[j], model.lower[j], model.upper[j]);
  }
  for (Index i = 0; i < m(); ++i) {
    if (row_slot_[i] != none) continue;
    consider(none, i, dot(i, x_), model.row_lower[i], model.row_upper[i]);
  }
  if (most > 0.0) return true;
  if (pool == nullptr) return false;
  const std::size_t states = state_column_.size();
  for (std::size_t s = 0; s < states; ++s) state_x_[s] = x_[state_column_[s]];
  // The pool is read eight cuts at a time: for few states that is faster than many hot ones.
  if (states <= 16 && hot_.size() * 6 > cut_limit_) return find_missed_cut(best);
  for (Index h = 0; h < static_cast<Index>(hot_.size()); ++h) {
    if (hot_[h].slot != none) continue;
    const double* value = hot_value_.data() + static_cast<std::size_t>(h) * states;
    const double height =
        product({value, states}, state_x_) + (hot_[h].theta == none ? 0.0 : x_[hot_[h].theta]);
    consider(none, hot_row(h), height, lower_of(hot_row(h)), upper_of(hot_row(h)));
  }
  return most > 0.0 || find_missed_cut(best);
}

bool StageSolver::Work::find_missed_cut(Leaving& best) {
  for (std::size_t t = 0; t < theta_column_.size(); ++t) theta_x_[t] = x_[theta_column_[t]];
  std::array<CutPool::Miss, 3> missed;
  const std::size_t found =
      pool->find_missed(state_x_, theta_x_, cut_limit_, primal_tolerance, missed);
  for (std::size_t e = 0; e < found; ++e) {
    const auto known = std::ranges::find(hot_, missed[e].cut, &HotCut::cut);
    const Index h =
        known == hot_.end() ? make_hot(missed[e].cut) : static_cast<Index>(known - hot_.begin());
    if (hot_[h].slot != none) continue;
    const RowRef row = hot_row(h);
    const double value = dot(row, x_);
    const bool low = sign_ > 0.0;
    const double bound = hot_[h].rhs;
    const double violation = low ? bound - value : value - bound;
    if (violation <= primal_tolerance * largest_term(row)) continue;
    best = {none, row, bound, low ? Rest::lower : Rest::upper, violation, hot_[h].unit};
    return true;
  }
  return false;
}

/// Copies a cut in, where one that has not bound for long may be pushed out.
Index StageSolver::Work::make_hot(std::size_t cut) {
  Index h = none;
  for (Index g = 0; g < static_cast<Index>(hot_.size()) && h == none; ++g) {
    if (hot_[g].slot == none && counts.solves - hot_[g].last_bound > hot_for) h = g;
  }
  if (h == none) {
    h = static_cast<Index>(hot_.size());
    hot_.emplace_back();
    hot_value_.resize(hot_.size() * state_column_.size());
  }
  const std::span value(hot_value_.data() + static_cast<std::size_t>(h) * state_column_.size(),
                        state_column_.size());
  pool->slope_into(cut, value);
  const std::size_t theta = pool->theta(cut);
  const Index theta_column = theta == CutPool::no_theta ? none : theta_column_[theta];
  double unit = theta_column == none ? 0.0 : unit_[theta_column];
  for (std::size_t s = 0; s < value.size(); ++s) {
    value[s] = -value[s];
    unit = std::max(unit, std::abs(value[s]) * unit_[state_column_[s]]);
  }
  hot_[h] = {cut, none, theta_column, pool->rhs(cut), unit > 0.0 ? unit : 1.0, counts.solves};
  return h;
}

/// rho_ [k] and beta_ [n]: how the leaving value moves with each binding row and resting column.
/// What stands in beta_ for basic columns is not read.
void StageSolver::Work::price(const Leaving& leaving) {
  const auto size = static_cast<std::size_t>(k());
  rho_.resize(size);
  if (leaving.position != none) {
    std::ranges::copy(inverse_.row(leaving.position), rho_.begin());
  } else {
    std::ranges::fill(rho_, 0.0);
    for_row(leaving.row, [&](Index j, double a) {
      if (position_[j] == none || a == 0.0) return;
      const double* row = inverse_.row(position_[j]).data();
      double* rho = rho_.data();
      for (std::size_t r = 0; r < size; ++r) rho[r] += a * row[r];
    });
  }
  rho_nonzeros_.clear();
  for (Index r = 0; r < k(); ++r) {
    const double rho = rho_[r];
    if (rho == 0.0) continue;
    if (std::abs(rho) * unit_of(row_at_[r]) < 1e-14 * leaving.unit) {
      rho_[r] = 0.0;
      continue;
    }
    rho_nonzeros_.push_back(r);
  }
  std::ranges::fill(beta_, 0.0);
  double* beta = beta_.data();
  for (const Index r : rho_nonzeros_) {
    const double rho = rho_[r];
    for_row(row_at_[r], [=](Index j, double a) { beta[j] -= rho * a; });
  }
  if (leaving.position == none) for_row(leaving.row, [&](Index j, double a) { beta_[j] += a; });
}

/// The ratio test: the dual step may go past resting things with two bounds, which flip, as long as
/// the objective still rises; among those that end it within tolerance the largest pivot wins
/// (Harris). Flips are left in flipped_. False if nothing can enter.
bool StageSolver::Work::choose_entering(const Leaving& leaving, Entering& entering) {
  const double direction = leaving.direction();
  const double per_unit = 1.0 / leaving.unit;
  flipped_.clear();
  // No step goes beyond this: flipping what is met there would not do.
  double end = infinity;
  const auto add = [&](Index what, double slope, double left, double range, double tolerance) {
    candidates_.push_back({left, slope, what});  // the ratio follows: most are dropped before
    if (slope * range >= leaving.violation && left + tolerance < end * slope) {
      end = (left + tolerance) / slope;
    }
  };
  // First those that move the right way, without a branch to guess wrong.
  shortlist_.resize(resting_.size());
  std::size_t count = 0;
  {
    Index* shortlist = shortlist_.data();
    const double *beta = beta_.data(), *side = side_.data(), *unit = unit_.data();
    const double least = drop_tolerance * leaving.unit;
    for (const Index j : resting_) {
      shortlist[count] = j;
      count += direction * beta[j] * side[j] * unit[j] > least ? 1 : 0;
    }
  }
  candidates_.clear();
  for (std::size_t e = 0; e < count; ++e) {
    const Index j = shortlist_[e];
    add(j, direction * beta_[j] * side_[j], std::max(z_[j] * side_[j], 0.0), range_[j],
        tolerance_[j]);
  }
  if (free_resting_ > 0) {
    for (const Index j : resting_) {
      if (rest_[j] == Rest::free && std::abs(beta_[j]) * unit_[j] * per_unit > drop_tolerance) {
        add(j, std::abs(beta_[j]), 0.0, infinity, tolerance_[j]);
      }
    }
  }
  for (const Index r : rho_nonzeros_) {
    const RowRef row = row_at_[r];
    const double room = upper_of(row) - lower_of(row);
    const Rest rest = slot_rest_[r];
    const double side = rest == Rest::upper ? -1.0 : 1.0;
    const double slope = rest == Rest::free ? std::abs(rho_[r]) : side * direction * rho_[r];
    if (!(room > 0.0) || !(slope * unit_of(row) * per_unit > drop_tolerance)) continue;
    add(n() + r, slope, rest == Rest::free ? 0.0 : std::max(side * y_[r], 0.0), room,
        dual_tolerance);
  }
  std::size_t kept = 0;
  for (const Candidate& c : candidates_) {
    if (c.ratio <= end * c.slope) candidates_[kept++] = {c.ratio / c.slope, c.slope, c.what};
  }
  candidates_.resize(kept);
  if (candidates_.empty()) return false;

  const auto later = [](const Candidate& a, const Candidate& b) {
    return a.ratio > b.ratio || (a.ratio == b.ratio && a.what > b.what);
  };
  std::ranges::make_heap(candidates_, later);
  const auto range_of = [&](const Candidate& c) {
    return c.what < n() ? range_[c.what]
                        : upper_of(row_at_[c.what - n()]) - lower_of(row_at_[c.what - n()]);
  };
  const auto size_of = [&](const Candidate& c) {
    return c.slope * per_unit * (c.what < n() ? unit_[c.what] : unit_of(row_at_[c.what - n()]));
  };
  double slope = leaving.violation;
  Candidate chosen;
  for (;;) {
    std::ranges::pop_heap(candidates_, later);
    chosen = candidates_.back();
    slope -= chosen.slope * range_of(chosen);
    if (!(slope > 0.0) || candidates_.size() == 1) break;
    flipped_.push_back(chosen);
    candidates_.pop_back();
  }
  if (slope > 0.0 && end == infinity) {
    // Every candidate flips and the row is still missed: infeasible.
    flipped_.clear();
    return false;
  }
  double window = infinity;
  for (const Candidate& c : candidates_) {
    const double tolerance = c.what < n() ? tolerance_[c.what] : dual_tolerance;
    window = std::min(window, c.ratio + tolerance / c.slope);
  }
  for (const Candidate& c : candidates_) {
    if (c.ratio <= window && size_of(c) > size_of(chosen)) chosen = c;
  }
  // A tiny pivot would spoil the inverse: rather a shorter step with a better one.
  while (size_of(chosen) < pivot_tolerance && !flipped_.empty()) {
    if (size_of(flipped_.back()) > size_of(chosen)) chosen = flipped_.back();
    flipped_.pop_back();
  }
  if (chosen.what < n()) {
    entering = {chosen.what, none, beta_[chosen.what]};
  } else {
    entering = {none, chosen.what - n(), rho_[chosen.what - n()]};
  }
  return true;
}

/// step_ [k]: how each basic value moves per unit of the entering one.
void StageSolver::Work::compute_column(const Entering& entering) {
  step_.resize(static_cast<std::size_t>(k()));
  if (entering.column == none) {
    for (Index p = 0; p < k(); ++p) step_[p] = inverse_.at(p, entering.slot);
    return;
  }
  sparse_.clear();
  for_binding_entries(entering.column,
                      [&](Index slot, double a) { sparse_.emplace_back(slot, a); });
  for (Index p = 0; p < k(); ++p) {
    const auto row = inverse_.row(p);
    double sum = 0.0;
    for (const auto& [r, a] : sparse_) sum += row[r] * a;
    step_[p] = -sum;
  }
}

/// Whether the pivot computed by row and by column is the same number: if not, the inverse drifted.
bool StageSolver::Work::column_agrees(const Leaving& leaving, const Entering& entering) const {
  double by_column = 0.0;
  if (leaving.position != none) {
    by_column = step_[leaving.position];
  } else {
    for_row(leaving.row, [&](Index j, double a) {
      if (position_[j] != none) by_column += a * step_[position_[j]];
      if (j == entering.column) by_column += a;
    });
  }
  return std::abs(by_column - entering.rate) <= 1e-6 * std::abs(entering.rate);
}

/// Moves what flips to its other bound, and the basic values with it.
void StageSolver::Work::flip() {
  gathered_.assign(static_cast<std::size_t>(k()), 0.0);
  for (const Candidate& c : flipped_) {
    if (c.what < n()) {
      const Index j = c.what;
      const bool up = rest_[j] == Rest::lower;
      const double to = up ? model.upper[j] : model.lower[j];
      const double by = to - x_[j];
      rest_[j] = up ? Rest::upper : Rest::lower;
      side_[j] = -side_[j];
      x_[j] = to;
      for_binding_entries(j, [&](Index slot, double a) { gathered_[slot] -= a * by; });
    } else {
      const Index r = c.what - n();
      const bool up = slot_rest_[r] == Rest::lower;
      const double to = up ? upper_of(row_at_[r]) : lower_of(row_at_[r]);
      gathered_[r] += to - target_[r];
      slot_rest_[r] = up ? Rest::upper : Rest::lower;
      target_[r] = to;
    }
  }
  counts.flips += static_cast<std::int64_t>(flipped_.size());
  sparse_.clear();
  for (Index r = 0; r < k(); ++r) {
    if (gathered_[r] != 0.0) sparse_.emplace_back(r, gathered_[r]);
  }
  if (sparse_.empty()) return;
  for (Index p = 0; p < k(); ++p) {
    const auto row = inverse_.row(p);
    double change = 0.0;
    for (const auto& [r, by] : sparse_) change += row[r] * by;
    x_[column_at_[p]] += change;
  }
}

/// Every reduced cost moves by `step` times its entry of the pivot row.
void StageSolver::Work::step_duals(double step) {
  if (step == 0.0) return;
  // Those of basic columns are never read, so there is no need to step around them.
  double* z = z_.data();
  const double* beta = beta_.data();
  for (Index j = 0; j < n(); ++j) z[j] -= step * beta[j];
  for (const Index r : rho_nonzeros_) y_[r] -= step * rho_[r];
}

/// Exchanges leaving and entering in the lists and in the inverse. `dual_step` is the reduced cost
/// that the leaving one takes with it. Values x_ are already those after the step.
void StageSolver::Work::pivot(const Leaving& leaving, const Entering& entering, double dual_step) {
  ++updates_;
  if (leaving.position != none) {
    const Index p = leaving.position;
    const Index gone = column_at_[p];
    if (entering.column != none) {
      for (double& s : step_) s = -s;
      inverse_.replace_column(p, step_);
      column_at_[p] = entering.column;
      position_[entering.column] = p;
      position_[gone] = none;
      add_to_resting(gone);
    } else {
      inverse_.deflate(p, entering.slot);
      drop(p, entering.slot);
    }
    rest_[gone] = leaving.rest;
    update_side(gone);
    x_[gone] = leaving.bound;
    z_[gone] = dual_step;
  } else {
    if (entering.column != none) {
      for (double& s : step_) s = -s;
      inverse_.border(step_, rho_, entering.rate);
      position_[entering.column] = k();
      column_at_.push_back(entering.column);
      slot_of(leaving.row) = static_cast<Index>(row_at_.size());
      row_at_.push_back(leaving.row);
      y_.push_back(dual_step);
      target_.push_back(leaving.bound);
      slot_rest_.push_back(leaving.rest);
    } else {
      const Index r = entering.slot;
      inverse_.replace_row(r, rho_);
      const RowRef gone = row_at_[r];
      slot_of(gone) = none;
      if (is_hot(gone)) std::erase(binding_hot_, ~gone);
      row_at_[r] = leaving.row;
      slot_of(leaving.row) = r;
      y_[r] = dual_step;
      target_[r] = leaving.bound;
      slot_rest_[r] = leaving.rest;
    }
    if (is_hot(leaving.row)) {
      binding_hot_.push_back(~leaving.row);
      hot_[~leaving.row].last_bound = counts.solves;
    }
  }
  if (entering.column != none) {
    if (rest_[entering.column] == Rest::free) --free_resting_;
    rest_[entering.column] = Rest::basic;
    side_[entering.column] = 0.0;
    z_[entering.column] = 0.0;
    take_from_resting(entering.column);
  }
}

void StageSolver::Work::update_side(Index j) {
  side_[j] = !(range_[j] > 0.0)        ? 0.0
             : rest_[j] == Rest::lower ? 1.0
             : rest_[j] == Rest::upper ? -1.0
                                       : 0.0;
}

void StageSolver::Work::add_to_resting(Index column) {
  place_[column] = static_cast<Index>(resting_.size());
  resting_.push_back(column);
}

void StageSolver::Work::take_from_resting(Index column) {
  const Index place = place_[column];
  resting_[place] = resting_.back();
  place_[resting_[place]] = place;
  resting_.pop_back();
  place_[column] = none;
}

/// Moves every reduced cost a little away from zero, so that steps are never zero again.
void StageSolver::Work::perturb() {
  ++counts.perturbations;
  shifted_ = true;
  const RandomStream draw(static_cast<std::uint64_t>(counts.perturbations), "perturbation");
  const auto away = [&](Rest rest, double& z, double size, std::uint64_t what) {
    const double by = size * (0.5 + draw.uniform(what));
    if (rest == Rest::lower) z += by;
    if (rest == Rest::upper) z -= by;
  };
  for (Index j = 0; j < n(); ++j) {
    if (rest_[j] != Rest::basic && model.lower[j] < model.upper[j]) {
      away(rest_[j], z_[j], 1e-6 * (1.0 + std::abs(cost_[j])), static_cast<std::uint64_t>(j));
    }
  }
  for (Index r = 0; r < k(); ++r) {
    away(slot_rest_[r], y_[r], 1e-6 * (1.0 + std::abs(y_[r])), static_cast<std::uint64_t>(n() + r));
  }
}

StageSolver::Work::Outcome StageSolver::Work::dual_phase() {
  const std::int64_t first = iterations_;
  const std::int64_t patience = 150 + 2 * (n() + m());
  for (;;) {
    Leaving leaving;
    if (!find_leaving(leaving)) return Outcome::done;
    const std::int64_t spent = iterations_ - first;
    if (spent == patience) perturb();
    if (spent > 10 * patience) return Outcome::trouble;
    ++iterations_;

    price(leaving);
    Entering entering;
    if (!choose_entering(leaving, entering)) {
      if (updates_ > 0) {  // a verdict only from a fresh inverse
        if (!invert()) return Outcome::trouble;
        if (duals_changed_) compute_duals();
        if (rests_changed_) settle_resting();
        refresh_primal();
        continue;
      }
      return prove_infeasible(leaving) ? Outcome::infeasible : Outcome::trouble;
    }
    compute_column(entering);
    const bool tiny = std::abs(entering.rate) < 1e-11;
    if (tiny || !column_agrees(leaving, entering)) {
      if (updates_ == 0 || !invert()) return Outcome::trouble;
      if (duals_changed_) compute_duals();
      if (rests_changed_) settle_resting();
      refresh_primal();
      continue;
    }
    flip();
    ++counts.dual_pivots;
    const double value =
        leaving.position != none ? x_[column_at_[leaving.position]] : dot(leaving.row, x_);
    const double move = (leaving.bound - value) / entering.rate;
    for (Index p = 0; p < k(); ++p) x_[column_at_[p]] += step_[p] * move;
    if (entering.column != none) x_[entering.column] += move;

    // A step against the direction would come from a reduced cost within tolerance of zero.
    const double z = entering.column != none ? z_[entering.column] : y_[entering.slot];
    double step = z / entering.rate;
    if (step * leaving.direction() < 0.0) step = 0.0;
    step_duals(step);
    pivot(leaving, entering, step);
  }
}

// ----------------------------------------------------------------------------- the primal simplex

/// The resting column or row whose move gains most per unit, or false at an optimum.
bool StageSolver::Work::find_improving(Entering& entering, double& direction) const {
  double best = 0.0;
  const auto consider = [&](Index column, Index slot, Rest rest, double z, double unit,
                            double tolerance) {
    if (std::abs(z) <= tolerance || std::abs(z) * unit <= best) return;
    if ((z > 0.0 && rest == Rest::lower) || (z < 0.0 && rest == Rest::upper)) return;
    best = std::abs(z) * unit;
    entering = {column, slot, 0.0};
    direction = z > 0.0 ? -1.0 : 1.0;
  };
  for (Index j = 0; j < n(); ++j) {
    if (rest_[j] == Rest::basic || model.lower[j] == model.upper[j]) continue;
    consider(j, none, rest_[j], z_[j], unit_[j], tolerance_[j]);
  }
  for (Index r = 0; r < k(); ++r) {
    if (lower_of(row_at_[r]) == upper_of(row_at_[r])) continue;
    consider(none, r, slot_rest_[r], y_[r], unit_of(row_at_[r]), dual_tolerance);
  }
  return best > 0.0;
}

/// From a point that keeps every row and hot cut to the best such point. Cuts of the pool that are
/// not hot may be missed on the way; the caller looks again.
StageSolver::Work::Outcome StageSolver::Work::primal_phase() {
  const std::int64_t first = iterations_;
  const std::int64_t patience = 300 + 5 * (n() + m());
  Entering entering;
  double direction = 1.0;
  while (find_improving(entering, direction)) {
    if (++iterations_ - first > patience) return Outcome::trouble;
    compute_column(entering);
    scratch_.assign(cost_.size(), 0.0);  // how every column moves
    for (Index p = 0; p < k(); ++p) scratch_[column_at_[p]] = direction * step_[p];
    if (entering.column != none) scratch_[entering.column] = direction;

    // Harris in two passes: how far with tolerances, then the largest rate within that.
    Leaving leaving;
    double limit = infinity, largest = 0.0;
    bool found = false;
    for (const bool choosing : {false, true}) {
      const auto consider = [&](Index position, RowRef row, double value, double rate, double lower,
                                double upper, double unit) {
        if (std::abs(rate) / unit *
                (entering.column != none ? unit_[entering.column]
                                         : unit_of(row_at_[entering.slot])) <=
            drop_tolerance) {
          return;
        }
        const double bound = rate > 0.0 ? upper : lower;
        if (!std::isfinite(bound)) return;
        const double room = rate > 0.0 ? bound - value : value - bound;
        const double size = std::abs(rate);
        if (!choosing) {
          limit = std::min(limit, (std::max(room, 0.0) + tolerance_at(bound)) / size);
        } else if (std::max(room, 0.0) / size <= limit && size / unit > largest) {
          largest = size / unit;
          leaving = {position, row, bound, rate > 0.0 ? Rest::upper : Rest::lower, 0.0, unit};
          found = true;
        }
      };
      for (Index p = 0; p < k(); ++p) {
        const Index j = column_at_[p];
        consider(p, 0, x_[j], scratch_[j], model.lower[j], model.upper[j], unit_[j]);
      }
      for (Index i = 0; i < m(); ++i) {
        if (row_slot_[i] != none) continue;
        consider(none, i, dot(i, x_), dot(i, scratch_), model.row_lower[i], model.row_upper[i],
                 row_unit_[i]);
      }
      for (Index h = 0; h < static_cast<Index>(hot_.size()); ++h) {
        if (hot_[h].slot != none) continue;
        const RowRef row = hot_row(h);
        consider(none, row, dot(row, x_), dot(row, scratch_), lower_of(row), upper_of(row),
                 hot_[h].unit);
      }
      // Nothing here ends the move: a cut of the pool may.
      if (!choosing && limit == infinity && pool != nullptr && entering.column != none) {
        for (std::size_t cut = 0; cut < cut_limit_ && limit == infinity; ++cut) {
          if (std::ranges::any_of(hot_, [&](const HotCut& c) { return c.cut == cut; })) continue;
          const Index h = make_hot(cut);
          const RowRef row = hot_row(h);
          consider(none, row, dot(row, x_), dot(row, scratch_), lower_of(row), upper_of(row),
                   hot_[h].unit);
          if (limit == infinity) hot_[h].last_bound = counts.solves - hot_for - 1;
        }
      }
    }

    const double lower =
        entering.column != none ? model.lower[entering.column] : lower_of(row_at_[entering.slot]);
    const double upper =
        entering.column != none ? model.upper[entering.column] : upper_of(row_at_[entering.slot]);
    const double range = upper - lower;
    if (!found && range == infinity) {
      return prove_unbounded() ? Outcome::unbounded : Outcome::trouble;
    }
    double move = infinity;
    if (found) {
      const double rate = leaving.position != none ? scratch_[column_at_[leaving.position]]
                                                   : dot(leaving.row, scratch_);
      const double value =
          leaving.position != none ? x_[column_at_[leaving.position]] : dot(leaving.row, x_);
      move = std::max(0.0, (leaving.bound - value) / rate);
      entering.rate = rate / direction;
    }
    if (range <= move) {  // it reaches its own other bound first
      flipped_.clear();
      flipped_.push_back(
          {0.0, 0.0, entering.column != none ? entering.column : n() + entering.slot});
      flip();
      continue;
    }
    price(leaving);
    const double by_row = entering.column != none ? beta_[entering.column] : rho_[entering.slot];
    if (std::abs(by_row - entering.rate) > 1e-6 * std::abs(by_row) || std::abs(by_row) < 1e-11) {
      if (updates_ == 0 || !invert()) return Outcome::trouble;
      compute_duals();
      refresh_primal();
      return Outcome::done;  // the caller looks at everything again
    }
    ++counts.primal_pivots;
    for (Index p = 0; p < k(); ++p) x_[column_at_[p]] += step_[p] * direction * move;
    if (entering.column != none) x_[entering.column] += direction * move;
    const double z = entering.column != none ? z_[entering.column] : y_[entering.slot];
    const double step = z / entering.rate;
    step_duals(step);
    pivot(leaving, entering, step);
  }
  return Outcome::done;
}

// ------------------------------------------------------------------------- judging and publishing

/// Dual simplex to feasibility, primal simplex where costs were shifted, and again until a check
/// with fresh sums holds.
StageSolver::Work::Outcome StageSolver::Work::run() {
  for (int round = 0; round < 12; ++round) {
    Outcome outcome = dual_phase();
    if (outcome != Outcome::done) return outcome;
    if (shifted_) {
      shifted_ = false;
      compute_duals();
      rests_changed_ = false;
      outcome = primal_phase();
      if (outcome != Outcome::done) return outcome;
      Leaving missed;
      if (find_leaving(missed)) continue;
    }
    if (check_optimal()) return Outcome::done;
    // Not good enough: one more step of refinement, from a fresh inverse after the first.
    if (round > 0 && (updates_ == 0 || !invert())) return Outcome::trouble;
    compute_duals();
    settle_resting();
    refresh_primal();
  }
  return Outcome::trouble;
}

/// Recomputes residuals of the binding rows and reduced costs of all columns from the data.
bool StageSolver::Work::check_optimal() {
  for (Index r = 0; r < k(); ++r) {
    double sum = -target_[r], scale = std::max(1.0, std::abs(target_[r]));
    for_row(row_at_[r], [&](Index j, double a) {
      const double term = a * x_[j];
      sum += term;
      scale = std::max(scale, std::abs(term));
    });
    if (!(std::abs(sum) <= check_tolerance * scale)) return false;
  }
  reduced_cost.assign(cost_.begin(), cost_.end());
  double* reduced = reduced_cost.data();
  double largest_dual = 0.0;
  for (Index r = 0; r < k(); ++r) {
    const double y = y_[r];
    if (y == 0.0) continue;
    const double row_unit = unit_of(row_at_[r]);
    if (y > 0.0 ? lower_of(row_at_[r]) == -infinity : upper_of(row_at_[r]) == infinity) {
      if (std::abs(y) > check_tolerance) return false;
    } else if ((y > 0.0) != (slot_rest_[r] == Rest::lower) &&
               lower_of(row_at_[r]) < upper_of(row_at_[r]) && std::abs(y) > check_tolerance) {
      return false;
    }
    largest_dual = std::max(largest_dual, std::abs(y) * row_unit);
    for_row(row_at_[r], [=](Index j, double a) { reduced[j] -= y * a; });
  }
  for (Index j = 0; j < n(); ++j) {
    const double z = reduced_cost[j];
    // Terms y a of the sum, by their units.
    const double tolerance =
        check_tolerance * std::max({1.0, std::abs(cost_[j]), largest_dual / unit_[j]});
    if (rest_[j] == Rest::basic) {
      if (!(std::abs(z) <= tolerance)) return false;
    } else if (model.lower[j] < model.upper[j]) {
      const bool wrong = rest_[j] == Rest::lower   ? z < -tolerance
                         : rest_[j] == Rest::upper ? z > tolerance
                                                   : std::abs(z) > tolerance;
      if (wrong || std::isnan(z)) return false;
    }
  }
  return true;
}

/// The multipliers of a row that nothing can mend, checked from the data with every cut in them.
bool StageSolver::Work::prove_infeasible(const Leaving& leaving) {
  ray.assign(model.row_count(), 0.0);
  beta_.assign(cost_.size(), 0.0);
  scratch_.assign(cost_.size(), 0.0);  // largest term of each column's sum
  double margin = 0.0, scale = 0.0;
  bool holds = true;
  const auto add = [&](RowRef row, double y) {
    if (y == 0.0) return;
    const double bound = y > 0.0 ? lower_of(row) : upper_of(row);
    if (!std::isfinite(bound)) {
      holds = false;
      return;
    }
    if (!is_hot(row)) ray[row] = y;  // in both senses y > 0 stands for a lower bound
    margin += y * bound;
    scale = std::max(scale, std::abs(y * bound));
    for_row(row, [&](Index j, double a) {
      beta_[j] += y * a;
      scratch_[j] = std::max(scratch_[j], std::abs(y * a));
    });
  };
  const double sign = leaving.direction();
  // rho_ moves up to drop_tolerance may have the wrong sign for a row without that bound.
  for (Index r = 0; r < k(); ++r) {
    const double y = -sign * rho_[r];
    const bool wrong = !std::isfinite(y > 0.0 ? lower_of(row_at_[r]) : upper_of(row_at_[r]));
    const bool small = std::abs(y) * unit_of(row_at_[r]) <= drop_tolerance * leaving.unit;
    if (!(wrong && small)) add(row_at_[r], y);
  }
  if (leaving.position == none) add(leaving.row, sign);
  for (Index j = 0; j < n() && holds; ++j) {
    const double g = beta_[j];
    if (std::abs(g) <= 1e-9 * scratch_[j]) continue;
    const double bound = g > 0.0 ? model.upper[j] : model.lower[j];
    if (!std::isfinite(bound)) return false;
    margin -= g * bound;
    scale = std::max(scale, std::abs(g * bound));
  }
  return holds && margin > 1e-9 * scale;
}

/// scratch_ holds the direction in which the objective falls for ever, checked from the data.
bool StageSolver::Work::prove_unbounded() {
  double largest = 0.0, gain = 0.0;
  for (const double d : scratch_) largest = std::max(largest, std::abs(d));
  ray = scratch_;
  for (Index j = 0; j < n(); ++j) {
    ray[j] /= largest;
    if (std::abs(ray[j]) < 1e-12) ray[j] = 0.0;
    if (ray[j] > 0.0 ? model.upper[j] < infinity : ray[j] < 0.0 && model.lower[j] > -infinity) {
      return false;
    }
    gain -= cost_[j] * ray[j];
  }
  const auto leaves = [&](RowRef row) {
    double sum = 0.0, scale = 0.0;
    for_row(row, [&](Index j, double a) {
      sum += a * ray[j];
      scale = std::max(scale, std::abs(a * ray[j]));
    });
    return (sum > 1e-9 * scale && upper_of(row) < infinity) ||
           (sum < -1e-9 * scale && lower_of(row) > -infinity);
  };
  for (Index i = 0; i < m(); ++i) {
    if (leaves(i)) return false;
  }
  for (Index h = 0; h < static_cast<Index>(hot_.size()); ++h) {
    if (leaves(hot_row(h))) return false;
  }
  return gain > 0.0;
}

void StageSolver::Work::publish() {
  objective = 0.0;
  for (Index j = 0; j < n(); ++j) objective += cost_[j] * x_[j];
  objective = model.objective_constant + sign_ * objective;
  row_dual.assign(model.row_count(), 0.0);
  active_cuts.clear();
  for (Index r = 0; r < k(); ++r) {
    const RowRef row = row_at_[r];
    if (!is_hot(row)) {
      row_dual[row] = sign_ * y_[r];
    } else {
      hot_[~row].last_bound = counts.solves;
      active_cuts.push_back({hot_[~row].cut, sign_ * y_[r]});
    }
  }
  if (sign_ < 0.0) {
    for (double& z : reduced_cost) z = -z;
  }
}

Status StageSolver::Work::resolve(std::size_t cut_limit) {
  ++counts.solves;
  iterations_ = 0;
  was_handed_over = false;
  message.clear();
  ray.clear();
  cut_limit_ = pool == nullptr ? 0 : std::min(cut_limit, pool->size());
  if (std::ranges::any_of(hot_, [&](const HotCut& hot) { return hot.cut >= cut_limit_; })) {
    forget_hot_cuts();  // the caller asks for fewer cuts than before
  }
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (attempt == 1 && has_basis_) {
      kernel_changed_ = duals_changed_ = true;
    } else if (attempt > 0) {
      has_basis_ = false;
      ++counts.cold_starts;
    }
    if (!prepare()) continue;
    switch (run()) {
      case Outcome::done:
        publish();
        return Status::optimal;
      case Outcome::infeasible:
        return Status::infeasible;
      case Outcome::unbounded:
        return Status::unbounded;
      case Outcome::trouble:
        break;
    }
    ray.clear();
  }
  return hand_over();
}

/// The LP with all its cuts as rows, solved by the stand-by backend.
Status StageSolver::Work::hand_over() {
  ++counts.hand_overs;
  has_basis_ = false;
  was_handed_over = true;
  const Answer answer = stand_by_answer({});
  message = answer.message;
  objective = answer.objective;
  handed_primal = answer.primal;
  row_dual = answer.row_dual;
  reduced_cost = answer.reduced_cost;
  ray = answer.ray;
  active_cuts.clear();
  if (!row_dual.empty()) row_dual.resize(model.row_count());
  if (answer.status == Status::infeasible) ray.resize(model.row_count());
  return answer.status;
}

Answer StageSolver::Work::stand_by_answer(const SolveOptions& options) {
  if (!stand_by_factory) return {.message = "the stage solver is in doubt and has no stand-by"};
  if (stand_by_ == nullptr) stand_by_ = stand_by_factory();
  CurrentModel whole = model;
  if (pool != nullptr) {
    std::vector<double> values(state_column_.size() + 1);
    std::vector<std::size_t> columns(state_column_.begin(), state_column_.end());
    for (std::size_t cut = 0; cut < cut_limit_; ++cut) {
      columns.resize(state_column_.size());
      values.resize(state_column_.size());
      pool->slope_into(cut, values);
      for (double& value : values) value = -value;
      if (const std::size_t theta = pool->theta(cut); theta != CutPool::no_theta) {
        columns.push_back(static_cast<std::size_t>(theta_column_[theta]));
        values.push_back(1.0);
      }
      const double rhs = pool->rhs(cut);
      whole.add_row(sign_ > 0.0 ? rhs : -infinity, sign_ > 0.0 ? infinity : rhs, columns, values);
    }
  }
  stand_by_->load(whole.to_model());
  return stand_by_->solve(options);
}

// -------------------------------------------------------------------------------- the outer face

namespace {

StageSolver::StandBy default_stand_by() {
  return has_highs() ? StageSolver::StandBy(make_highs_solver) : StageSolver::StandBy();
}

}  // namespace

StageSolver::StageSolver() : StageSolver(default_stand_by()) {}
StageSolver::StageSolver(StandBy stand_by) : work_(std::make_unique<Work>(std::move(stand_by))) {}
StageSolver::~StageSolver() = default;

void StageSolver::load(const Model& model) { work_->load(model); }
void StageSolver::set_row_bounds(std::size_t row, double lower, double upper) {
  work_->set_row_bounds(row, lower, upper);
}
void StageSolver::set_column_bounds(std::size_t column, double lower, double upper) {
  work_->set_column_bounds(column, lower, upper);
}
void StageSolver::set_cost(std::size_t column, double cost) { work_->set_cost(column, cost); }
void StageSolver::set_coefficient(std::size_t row, std::size_t column, double value) {
  work_->set_coefficient(row, column, value);
}
std::size_t StageSolver::add_row(double lower, double upper, std::span<const std::size_t> columns,
                                 std::span<const double> values) {
  return work_->add_row(lower, upper, columns, values);
}
void StageSolver::remove_rows_from(std::size_t first) { work_->remove_rows_from(first); }

Answer StageSolver::solve(const SolveOptions& options) {
  needs(work_->pool == nullptr, "no cut pool in use: resolve() solves with cuts");
  if (options.stop != nullptr && options.stop->requested()) {
    return {.status = Status::stopped, .message = "stopped before it began"};
  }
  const std::int64_t pivots = counts().dual_pivots + counts().primal_pivots;
  Answer answer;
  answer.status = resolve();
  answer.iterations = counts().dual_pivots + counts().primal_pivots - pivots;
  answer.handed_over = work_->was_handed_over;
  answer.message = work_->message;
  answer.ray.assign(ray().begin(), ray().end());
  answer.primal.assign(primal().begin(), primal().end());
  if (answer.status == Status::optimal) {
    answer.row_dual.assign(row_dual().begin(), row_dual().end());
    recompute(work_->model, answer);
    const std::string fault = fault_of_optimal(work_->model, answer);
    if (fault.empty() || answer.handed_over) return answer;
  } else if (answer.status == Status::infeasible) {
    answer.primal.clear();
    if (proves_infeasible(work_->model, answer.ray)) return answer;
  } else if (answer.status == Status::unbounded) {
    answer.objective = answer.bound = work_->model.sense == Sense::minimise ? -infinity : infinity;
    if (improves_for_ever(work_->model, answer.ray) &&
        fault_of_point(work_->model, answer).empty()) {
      return answer;
    }
  } else {
    return answer;
  }
  ++work_->counts.hand_overs;
  answer = work_->stand_by_answer(options);
  answer.handed_over = true;
  return answer;
}

std::size_t StageSolver::column_count() const { return work_->model.column_count(); }
std::size_t StageSolver::row_count() const { return work_->model.row_count(); }
std::string StageSolver::name() const { return "vorrat stage solver"; }

void StageSolver::use_cuts(const CutPool* pool, std::span<const std::size_t> states,
                           std::span<const std::size_t> thetas) {
  work_->use_cuts(pool, states, thetas);
}
Status StageSolver::resolve(std::size_t cut_limit) { return work_->resolve(cut_limit); }
double StageSolver::objective() const { return work_->objective; }
std::span<const double> StageSolver::primal() const { return work_->primal(); }
std::span<const double> StageSolver::row_dual() const { return work_->row_dual; }
std::span<const double> StageSolver::reduced_cost() const { return work_->reduced_cost; }
std::span<const double> StageSolver::ray() const { return work_->ray; }
std::span<const StageSolver::ActiveCut> StageSolver::active_cuts() const {
  return work_->active_cuts;
}
const StageSolver::Counts& StageSolver::counts() const { return work_->counts; }

}  // namespace vorrat::lp

// Inside the stage solver: a bounded dual simplex on the active kernel. Words used here:
//
//   basic      a column whose value follows from the rows that bind; k of them, at positions 0..k-1
//   binding    a row (of the model, or a hot cut) held at one of its bounds; k of them, at slots
//   resting    a column or binding row at a bound (or at 0 when free): everything not basic
//   hot        a cut of the pool copied here because it was missed lately and may bind
//   leaving    what becomes resting in a pivot: a basic column, or a row that starts to bind
//   entering   what stops resting: a resting column, or a binding row
//
// Always minimises; maximising flips the costs on the way in and the duals on the way out.
// Literature: Koberstein, "The dual simplex method, techniques for a fast and stable
// implementation" (2005), for the ratio test with bound flips and tolerances.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/lp/current_model.h"
#include "vorrat/lp/kernel_inverse.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::lp {

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
  double objective = 0.0, proved = 0.0;
  std::vector<double> row_dual, reduced_cost, ray, handed_primal;
  std::vector<ActiveCut> active_cuts;
  bool was_handed_over = false;
  std::string message;

  std::span<const double> primal() const { return was_handed_over ? handed_primal : x_; }

 private:
  static constexpr double primal_tolerance = 1e-9;  // relative to max(1, bound, largest row term)
  static constexpr double dual_tolerance = 1e-9;    // relative to max(1, cost)
  static constexpr double check_tolerance = 1e-8;   // what the final check allows of either
  static constexpr double drop_tolerance = 1e-10;   // scaled pivot row entries below this are noise
  static constexpr double rounding = 1e-13;         // scaled entries of solved vectors below are 0
  static constexpr double refinement = 1e-12;       // residuals of binding rows below this stay
  static constexpr double pivot_tolerance = 1e-7;   // scaled pivots below this are avoided
  static constexpr std::int64_t hot_for = 100;      // solves that a cut stays hot after it bound

  using Index = std::int32_t;
  static constexpr Index none = -1;

  enum class Rest : std::uint8_t { basic, lower, upper, free };

  /// A binding or violated row: of the model (>= 0) or hot cut slot s as ~s.
  using RowRef = Index;
  static constexpr RowRef hot_row(Index slot) { return ~slot; }
  static constexpr bool is_hot(RowRef row) { return row < 0; }

  static double tolerance_at(double bound) {
    return primal_tolerance * std::max(1.0, std::abs(bound));
  }

  enum class Outcome { done, infeasible, unbounded, trouble };

  /// What leaves in a pivot: basic column at `position`, or else `row` starts to bind.
  struct Leaving {
    Index position = none;
    RowRef row = 0;
    double bound = 0.0;  // where it comes to rest
    Rest rest = Rest::lower;
    double violation = 0.0;
    double unit = 1.0;
    /// The part of the violation beyond tolerance: what flips must make good.
    double excess() const { return violation - tolerance_at(bound); }
    /// Which way it must move.
    double direction() const { return rest == Rest::lower ? 1.0 : -1.0; }
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
  bool becomes_leaving(std::size_t cut, Leaving& leaving);
  Index hot_of(std::size_t cut) const { return cut < hot_of_.size() ? hot_of_[cut] : none; }
  Index make_hot(std::size_t cut);
  void price(const Leaving& leaving);
  double find_candidates(const Leaving& leaving);
  bool choose_entering(const Leaving& leaving, Entering& entering);
  void move_basic();
  void compute_column(const Entering& entering);
  bool column_agrees(const Leaving& leaving, const Entering& entering) const;
  void flip();
  void step_duals(double step);
  void pivot(const Leaving& leaving, const Entering& entering, double dual_step);
  void update_side(Index j);
  void update_slot(Index r);
  void add_slot(RowRef row, double dual, double target, Rest rest);
  void add_to_resting(Index column);
  void take_from_resting(Index column);
  void perturb();
  bool find_improving(Entering& entering, double& direction) const;

  // --- judging and publishing ---
  bool check_optimal();
  bool rows_hold();
  bool duals_hold();
  double rounding_of(Index column) const;
  bool prove_infeasible(const Leaving& leaving);
  bool prove_unbounded();
  void publish();
  Status hand_over();
  CurrentModel with_cuts() const;

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
  std::vector<Index> hot_of_;      // [cut of the pool], or none; as long as needed
  std::vector<Index> binding_hot_;
  CutHeights heights_;
  std::vector<double> state_x_, theta_x_;

  KernelInverse inverse_;
  std::vector<Index> column_at_;    // [k]
  std::vector<RowRef> row_at_;      // [k]
  std::vector<double> y_, target_;  // [k] by slot: dual, and the bound it rests at
  std::vector<Rest> slot_rest_;     // [k]
  // [k], as side_, unit_, range_ and tolerance_ of columns
  std::vector<double> slot_side_, slot_unit_, slot_range_, slot_tolerance_;
  bool free_slots_ = false;  // some may rest at no bound

  bool has_basis_ = false;
  bool kernel_changed_ = false;  // must be inverted afresh
  bool duals_changed_ = false;   // costs or coefficients moved: y and z are stale
  bool rests_changed_ = false;   // bounds came or went
  bool shifted_ = false;         // z are not those of the true costs
  int updates_ = 0;              // of the inverse since it was fresh
  std::int64_t iterations_ = 0;  // of this solve
  double lost_ = 0.0;            // cost of x_, minimised, less what the duals prove

  std::vector<double> rho_, beta_, step_;  // pivot row by slot, by column; pivot column by position
  std::vector<Index> rho_nonzeros_;
  std::vector<KernelInverse::Term> terms_;
  std::vector<double> slope_, ratio_;  // of the ratio test
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

inline double StageSolver::Work::dot(RowRef row, const std::vector<double>& x) const {
  double sum = 0.0;
  for_row(row, [&](Index j, double a) { sum += a * x[j]; });
  return sum;
}

}  // namespace vorrat::lp

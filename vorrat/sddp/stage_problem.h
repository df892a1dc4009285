// The stage problem of one node, kept in a solver made for re-solving, with the cuts of its future.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vorrat/lp/stage_solver.h"
#include "vorrat/program/policy_graph.h"
#include "vorrat/sddp/dual_solutions.h"
#include "vorrat/sddp/value_function.h"

namespace vorrat::sddp {

/// A line in the state that came in, x: value at the x it was made for, rhs + slope . x anywhere.
struct StateCut {
  std::vector<double> slope;
  double rhs = 0.0;
  double value = 0.0;
};

/// One node's LP: whole numbers relaxed, costs to be minimised (negated if the graph maximises).
/// Incoming states stand on the right-hand side rather than as columns, so that the LP is small;
/// only a state that goes through as one column stays one, fixed. A column that an equation gives
/// from what came in alone, as the next place in a pipeline, is fixed too, and the equation gone.
///
/// For one thread. `graph` and `future` must outlive it; other threads may append cuts.
class StageProblem {
 public:
  StageProblem(const program::PolicyGraph& graph, std::size_t node, const ValueFunction& future);

  /// Solves with `state` coming in, under the node's own realisation or under a given one, with at
  /// most the first `cut_limit` cuts.
  lp::Status solve(std::span<const double> state, std::size_t realization,
                   std::size_t cut_limit = static_cast<std::size_t>(-1));
  lp::Status solve(std::span<const double> state, const program::Realization& given,
                   std::size_t cut_limit = static_cast<std::size_t>(-1));

  // Of the last optimal solve.
  double objective() const { return objective_; }  // stage cost + cost to go, minimised
  /// What the duals prove of it: with slope() a line below the cost of the stage and its future.
  double bound() const { return bound_; }
  double stage_cost() const;                                    // minimised
  std::span<const double> state() const { return state_out_; }  // that goes on
  std::span<const double> slope() const { return slope_; }  // d objective / d state that came in
  /// The decisions, by column of the stage problem, with what came in.
  void primal_into(std::vector<double>& primal) const;

  // After an infeasible solve. These use a general solver: slow, for the rare case.
  /// What the parent must keep to, rhs + slope . x <= 0: with the state that came in this stage
  /// cannot be met. None if it turns out to be met after all, within tolerance.
  std::optional<StateCut> feasibility_cut() const;
  /// A line below the cost of the stage and its future, where it is met within tolerance: the rows
  /// may be missed at a price, which only lowers the cost.
  std::optional<StateCut> softened_cut() const;

  /// Whether the duals of one realisation bound the costs of the others: only right-hand sides, and
  /// coefficients of a few columns, are random.
  bool duals_say_of_others() const { return duals_stay_; }
  /// What the kept dual solutions say that each realisation costs at least with `state` coming in
  /// [realization]; -infinity where they say nothing. Needs duals_say_of_others(). Holds until the
  /// next call, as does what keep_duals() returns.
  std::span<const DualSolutions::Best> least_costs(std::span<const double> state);
  /// Keeps the duals of the last solve, which was optimal and from the state of the last
  /// least_costs(), and says what is known with them.
  std::span<const DualSolutions::Best> keep_duals();
  /// Over the state that came in, of what was last said of `realization`; counts as a use of its
  /// duals.
  void least_cost_slope(std::size_t realization, std::span<double> slope);

  /// The cuts that bind at the last optimum, by their numbers in the pool.
  std::span<const lp::StageSolver::ActiveCut> active_cuts() const { return solver_.active_cuts(); }

  std::int64_t solves() const { return solver_.counts().solves; }
  std::int64_t hand_overs() const { return solver_.counts().hand_overs; }

 private:
  struct RowPlace {
    std::size_t row;
    double lower, upper;
    std::size_t first, last;  // its entries in `incoming`
  };
  struct Incoming {
    std::size_t state;
    double coefficient;
    bool operator==(const Incoming&) const = default;
  };
  // One realisation, worked out: everything that it or any other of the node touches.
  struct Setting {
    std::vector<RowPlace> rows;
    std::vector<Incoming> incoming;
    std::vector<std::pair<std::size_t, double>> costs;
    std::vector<lp::Entry> coefficients;
    struct ColumnPlace {
      std::size_t column;
      double lower, upper;
    };
    std::vector<ColumnPlace> columns;
    std::vector<double> incoming_cost;  // [state]; empty if all are 0
    double constant = 0.0;
  };
  // A number that the duals of a solve are multiplied with.
  struct Side {
    enum class What { row, row_lower, row_upper, column_lower, column_upper, through } what;
    std::size_t index;  // row place, column place, or state
  };
  struct Touched;
  // The one row that gives a column its value.
  struct Given {
    std::size_t column;
    double coefficient;
  };

  void lay_out_sides();
  bool has_same_columns() const;
  void work_out_sides(std::span<const double> state);
  double value_of(const Side& side, const Setting& setting, std::span<const double> state) const;
  bool is_common(const Side& side) const;
  std::size_t place_of_dual(std::size_t side) const { return side < common_ ? side : side + 1; }
  double dual_of(const Side& side, const Setting& setting) const;
  double paid_less(std::size_t realization) const;
  void load_reduced();
  void find_given(const Touched& touched);
  void load_solver();
  bool touches_given(const program::Realization& realization) const;
  bool set_row(const RowPlace& row, double shift);
  double row_dual(std::size_t row) const;
  Touched touched_by(const std::vector<const program::Realization*>& realizations) const;
  Setting setting_of(const program::Realization& realization, const Touched& touched) const;
  void apply(const Setting& setting);
  void forget_given();
  lp::Status solve_with(const Setting& setting, std::span<const double> state,
                        std::size_t cut_limit);
  double without_rounding(double value, std::size_t state) const;
  void read_answer(const Setting& setting);
  enum class Cuts { all, of_feasibility };
  lp::Model as_solved(Cuts which) const;
  std::optional<StateCut> line_of(const lp::Model& model) const;

  static constexpr std::size_t gone = static_cast<std::size_t>(-1);

  const program::Node& node_;
  const ValueFunction& future_;
  double sign_;  // of the graph's costs
  std::size_t states_;
  std::vector<std::size_t> place_;      // column of the stage problem -> of the LP, or gone
  std::vector<std::size_t> state_of_;   // column of the stage problem -> incoming state, or gone
  std::vector<std::size_t> through_;    // [state] -> fixed LP column, or gone
  std::vector<std::size_t> out_place_;  // [state] -> LP column that goes on
  std::vector<double> out_lower_, out_upper_;  // [state] its bounds in the stage problem
  std::vector<std::size_t> thetas_;            // LP columns
  lp::Model reduced_;
  std::vector<std::optional<Given>> given_rows_;  // [row]
  std::vector<std::size_t> row_place_;            // [row] -> row that the solver has, or gone
  lp::StageSolver solver_;
  std::vector<Setting> settings_;  // [realization]
  Setting given_, after_given_;    // of the last given realisation; what undoes it
  const Setting* applied_ = nullptr;
  std::vector<double> state_in_, state_out_, slope_;
  double objective_ = 0.0, bound_ = 0.0;

  // Of the kept duals.
  bool duals_stay_ = false;  // feasible, whatever the state and the realisation
  std::vector<Side> sides_;  // first those that all realisations have in common
  std::size_t common_ = 0;
  std::optional<DualSolutions> duals_;  // made when first asked for
  std::vector<double> q_, own_;  // [side], [realization][1 + side], of the last least_costs()
  std::vector<DualSolutions::Best> best_;
  std::size_t solved_ = 0;                // realisation of the last solve
  std::vector<double> line_, constants_;  // scratch
};

}  // namespace vorrat::sddp

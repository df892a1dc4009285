// What one more and one less is worth, and what limits cost: every figure by re-solving, in both
// directions.
#pragma once

#include "vorrat/fleet/solve.h"

namespace vorrat::insight {

/// Fills worth_of_one_more and worth_of_one_less of every order line by fixing the first stage's
/// order one lot higher and lower: worth per accelerator = (cost now - cost then) / lot. For an
/// offer at its supply limit, one more means beyond that limit. Offers not ordered get their worth
/// of one more (what forcing a lot would cost) and, where they could be ordered, the reason. `lot`
/// is in accelerators; 0 takes 1 % of the offer's supply, at least 1. Stops early, leaving worths
/// empty, when the solver's stop switch is set.
void add_order_worths(fleet::FleetSolver& solver, fleet::Plan& plan,
                      const fleet::SolveSettings& settings);

/// Fills the limits that bind somewhere, with what one step up gains and one step down loses, per
/// unit of the limit.
void add_limit_prices(fleet::FleetSolver& solver, fleet::Plan& plan,
                      const fleet::SolveSettings& settings);

/// By how much a limit is moved to see what it is worth: about one hundredth of it.
struct LimitStep {
  double scaled = 1.0;    // in the problem's scale
  double units = 1.0;     // in the user's
  const char* unit = "";  // as in "MW"; "money" is the problem's currency
};
LimitStep step_of(const fleet::Problem& problem, const fleet::Limit& limit);

/// For an infeasible problem: groups of limits that cannot all be kept, in the user's words; none
/// of a group can be left out, and with one of each group lifted a plan exists. Deletion filter:
/// each limit in turn is lifted for good if the rest still clash; then the group is given up and
/// the next is looked for. Source: Chinneck, "Feasibility and Infeasibility in Optimization"
/// (2008), section 6.2.
void add_clashes(fleet::FleetSolver& solver, fleet::Plan& plan,
                 const fleet::SolveSettings& settings);
/// The same groups as limits. Stops early, with those found so far, when the stop switch is set.
std::vector<std::vector<fleet::Limit>> clashing_limits(fleet::FleetSolver& solver,
                                                       const fleet::SolveSettings& settings);

/// Where the tree is a sample: the optimum and the first orders on four more trees with the next
/// seeds.
void add_other_trees(fleet::Plan& plan, const fleet::Problem& problem,
                     const fleet::SolveSettings& settings);

/// solve() and all of the above as far as they apply.
fleet::Plan make_plan(fleet::Problem problem, const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

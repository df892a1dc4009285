// Where the limits clash: how little of each would have to give.
#pragma once

#include <string>
#include <vector>

#include "vorrat/fleet/solve.h"

namespace vorrat::insight {

/// The least move of one limit, in every stage it applies to, with which a plan exists.
struct Relaxation {
  std::string limit;  // as in "power at home"
  std::string unit;   // as in "MW"
  double move = 0.0;  // up, or down for a minimum, as its sign says [unit]
  double cost = 0.0;  // of the plan that then exists [currency]
};

/// One line for each limit of each group of limits that clash (see add_clashes), smallest share of
/// the limit first; the limits of other groups are lifted meanwhile, so one line of each group is
/// needed. Limits that cannot help by moving, however far, have no line. Found by doubling and then
/// halving to 1e-6 of the move. Empty if the problem has a plan.
std::vector<Relaxation> relaxations(fleet::FleetSolver& solver,
                                    const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

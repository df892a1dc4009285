// Uncertainties, one by one: what there is, and the problem with one of them fixed at its mean.
#pragma once

#include <string>
#include <vector>

#include "vorrat/fleet/problem.h"

namespace vorrat::insight {

struct Uncertainty {
  enum class Kind { gate, market, growth, slips, decisions, budgets };
  Kind kind = Kind::gate;
  std::size_t index = 0;  // gate only
  bool operator==(const Uncertainty&) const = default;
};
/// As in "gate us-licence", "growth of demand".
std::string to_string(const fleet::Problem& problem, const Uncertainty& uncertainty);

/// Those that move at all: two outcomes that can happen in a stage and differ in what they do.
std::vector<Uncertainty> uncertainties(const fleet::Problem& problem);

/// The problem with one uncertainty fixed at its mean, the others as they are.
///
/// Market and noise: every level or outcome takes the mean of its stage. A gate: every state takes
/// the mean of what the gate releases, decides, grants and revokes in that stage; an offer may be
/// ordered if some state that can come would let it, at the mean price of those that do. How likely
/// the gates behind it and the other uncertainties are stays as it was, and so do the futures that
/// a tree draws.
fleet::Problem without(const fleet::Problem& problem, const Uncertainty& uncertainty);

/// The problem with market and noise fixed, one outcome each: the gates alone are left. What a
/// sampled tree says about odds is then not mixed with what else it happened to draw beside them.
fleet::Problem gates_alone(const fleet::Problem& problem);

/// The problem with all of them fixed: one future.
fleet::Problem average(const fleet::Problem& problem);

}  // namespace vorrat::insight

// The plan by decomposition, with what one more and one less is worth.
#pragma once

#include "vorrat/fleet/decompose.h"
#include "vorrat/program/risk_measure.h"

namespace vorrat::insight {

/// A policy and the plan that it makes.
struct DecomposedPlan {
  fleet::FleetPolicy policy;
  fleet::Plan plan;
};

/// Trains a policy and fills the plan: worths from bounds with forced first orders on one set of
/// cuts; what limits are worth from the scenario tree of the problem, which is coarser where its
/// branching samples, and says so. For an infeasible problem the clashes of that tree.
DecomposedPlan make_decomposed_plan(const fleet::Problem& problem,
                                    const fleet::SolveSettings& settings,
                                    program::RiskMeasurePointer risk = program::expectation());

/// The worths of one more and one less of every line, and the reason of every line not ordered.
void add_order_worths(fleet::FleetPolicy& policy, fleet::Plan& plan,
                      const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

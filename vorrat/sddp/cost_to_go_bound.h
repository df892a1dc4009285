// How low the cost to go of each node can be: computed from the program, not guessed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::sddp {

/// A lower bound on the cost of each node's future, costs to be minimised (negated if the graph
/// maximises).
struct CostToGoBound {
  lp::Status status = lp::Status::failed;  // optimal; infeasible if some stage can never be met;
                                           // unbounded if no bound was found
  std::vector<double> outcome_bounds{};    // [node] least cost of the node itself and all after it,
                                           // in the mean over its noise
  std::vector<std::vector<double>> by_realization{};  // [node][realization] the same, for each
  std::vector<double> future_bounds{};  // [node] of what follows it, given that anything does
  std::string message{};                // what to do, when unbounded
};

/// Solves every stage problem with its incoming state free within what its parents can hand on, and
/// adds the least costs up along the graph. Where a state has no bounds, what the parents can hand
/// on is found first, by the least and the largest of every outgoing state (graphs without cycles
/// only). A coherent or entropic risk measure is never below the mean, so the bound holds for it
/// too. Cost: one LP a realisation, or 1 + 2 * states of them where states have no bounds.
/// Nodes are dealt to the threads; any number of them gives the same bits. `given`, in the graph's
/// sense, is taken as it stands.
CostToGoBound cost_to_go_bound(const program::PolicyGraph& graph,
                               std::optional<double> given = std::nullopt, int threads = 1);

}  // namespace vorrat::sddp

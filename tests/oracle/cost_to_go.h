// What follows a node, as a program of its own: its optimum is the exact cost to go.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "vorrat/base/random.h"
#include "vorrat/program/policy_graph.h"
#include "vorrat/sddp/value_policy.h"

namespace vorrat::oracle {

struct CostToGo {
  program::PolicyGraph program;
  double going_on = 1.0;  // probability that anything follows: a factor on the optimum
};

inline CostToGo cost_to_go(const program::PolicyGraph& graph, std::size_t node,
                           const std::vector<double>& x) {
  CostToGo result{.program = graph, .going_on = 0.0};
  result.program.initial_state = x;
  result.program.root = graph.nodes[node].arcs;
  for (const program::Arc& arc : result.program.root) result.going_on += arc.probability;
  for (program::Arc& arc : result.program.root) arc.probability /= result.going_on;
  return result;
}

/// A state within what the node can hand on: the cost-to-go bound says nothing of others. Where
/// states have no bounds, or go through as one column, one between two that were handed on.
inline std::vector<double> random_state(const sddp::ValuePolicy& policy, std::size_t node,
                                        const RandomStream& random, std::uint64_t number) {
  const auto& problem = policy.graph().nodes[node].problem;
  const sddp::TrialStates& trials = policy.trials(policy.sharing().family_of(node));
  const auto handed_on = [&](std::uint64_t draw) {
    const auto trial = random.uniform(number, node, draw) * static_cast<double>(trials.size());
    return trials.entry(static_cast<std::uint32_t>(trial), policy.iterations).state;
  };
  bool is_bounded = true;
  std::vector<double> x, between;
  for (std::size_t k = 0; k < problem.outgoing.size(); ++k) {
    const lp::Column& column = problem.model.columns[problem.outgoing[k]];
    is_bounded = is_bounded && std::isfinite(column.lower) && std::isfinite(column.upper) &&
                 std::ranges::find(problem.incoming, problem.outgoing[k]) == problem.incoming.end();
    const double share = random.uniform(number, node, k);
    x.push_back(column.lower + (column.upper - column.lower) * share);
    if (trials.size() > 0)
      between.push_back(share * handed_on(100)[k] + (1.0 - share) * handed_on(101)[k]);
  }
  return is_bounded ? x : between;
}

}  // namespace vorrat::oracle

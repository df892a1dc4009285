// What the fleet does not know, as a policy graph: gates move as a Markov chain, demand grows by
// drawn factors.
#pragma once

#include <cstdint>
#include <vector>

#include "vorrat/fleet/stage_model.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::fleet {

/// One way a stage may turn out, seen from the stage before.
struct Outcome {
  Regime regime;
  std::size_t growth = 0;  // index into Problem::growth_probability
  double probability = 1.0;
};

/// All outcomes of the next stage from `regime`, with probabilities > 0 that sum to 1. Gates move
/// in their order, each given the new state of the one it depends on; growth is independent of
/// them. Sorted by regime, then growth.
std::vector<Outcome> next_outcomes(const Problem& problem, const Regime& regime);

/// The gates' states at the start.
Regime starting_regime(const Problem& problem);

/// The distribution of the regime at each stage: [stage] of outcomes (growth 0) with their
/// probabilities.
std::vector<std::vector<Outcome>> regime_odds(const Problem& problem);

/// What stands behind one node of the tree graph.
struct TreeNodeFacts {
  std::size_t stage = 0;
  Regime regime;
  std::size_t growth = 0;
  StageLayout layout;
};

/// The fleet's program as a policy graph that is a tree: node i of `graph` is tree node i, parents
/// before children.
struct FleetTree {
  program::PolicyGraph graph;
  StateLayout states;
  std::vector<TreeNodeFacts> nodes;  // [node]
  bool sampled = false;              // some stage had more outcomes than `branching` lets
};

/// Unfolds the fleet's future. Where a node has at most branching[stage - 1] next outcomes, all are
/// taken with their probabilities; else that many are drawn by systematic sampling (one random
/// start, equal steps through the cumulated probabilities, in the order of next_outcomes) with
/// equal weight, outcomes drawn twice counting twice. Unbiased: each outcome's expected weight is
/// its probability. The draw depends on (seed, node's place in the tree) alone.
/// Throws InvalidInput, naming `branching`, if the tree would have more than 50,000 nodes.
FleetTree make_fleet_tree(const Problem& problem, std::uint64_t seed);

}  // namespace vorrat::fleet

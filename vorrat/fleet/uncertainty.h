// What the fleet does not know, as policy graphs: gates and market move as Markov chains, noise is
// drawn in every stage.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "vorrat/fleet/stage_model.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::fleet {

/// One way a stage may turn out, seen from the stage before.
struct Outcome {
  Regime regime;
  std::size_t level = 0;  // of the market
  std::size_t noise = 0;  // index into Problem::outcomes(stage)
  double probability = 1.0;
};

/// All outcomes of `stage` (>= 1) from the stage before in `regime` and `level`, with probabilities
/// > 0 that sum to 1. Gates move in their order, each given the new state of the one it depends on;
/// the market and the noise are independent of them. Sorted by regime, then level, then noise.
std::vector<Outcome> next_outcomes(const Problem& problem, std::size_t stage, const Regime& regime,
                                   std::size_t level);

/// Where the gates may stand a stage after `regime`, with probabilities > 0 that sum to 1.
std::vector<std::pair<Regime, double>> next_regimes(const Problem& problem, const Regime& regime);

/// The gates' states at the start.
Regime starting_regime(const Problem& problem);

/// The distribution of the regime at each stage: [stage] of outcomes (level and noise 0) with their
/// probabilities.
std::vector<std::vector<Outcome>> regime_odds(const Problem& problem);

/// What stands behind one node of a graph of the fleet.
struct NodeFacts {
  std::size_t stage = 0;
  Regime regime;
  std::size_t level = 0;
  std::size_t noise = 0;  // the outcome that came in; trees only
  StageLayout layout;
};

/// The fleet's program with what its nodes mean.
struct FleetGraph {
  program::PolicyGraph graph;
  StateLayout states;
  std::vector<NodeFacts> nodes;  // [node of the graph]
  bool sampled = false;          // trees: some stage had more outcomes than `branching` lets
};

/// Every regime and level of the market that can be reached, a node each, with the noise of its
/// stage: the graph that decomposition works on.
FleetGraph make_fleet_graph(const Problem& problem);

/// Unfolds the fleet's future into a tree; parents stand before children. Where a node has at most
/// branching[stage - 1] next outcomes, all are taken with their probabilities; else that many are
/// drawn by systematic sampling (one random start, equal steps through the cumulated probabilities,
/// in the order of next_outcomes) with equal weight, outcomes drawn twice counting twice. Unbiased:
/// each outcome's expected weight is its probability. The draw depends on (seed, node's place in
/// the tree) alone. Throws InvalidInput, naming `branching`, if the tree would have more than
/// 50,000 nodes.
///
/// With `drawn_by`, a problem whose odds alone differ, the futures are those that it would draw,
/// weighted by how much likelier `problem` makes each outcome (in all 1 at every node): so that an
/// answer moves with the odds and not with the draw. Where none of the drawn can happen any more,
/// they are drawn anew.
FleetGraph make_fleet_tree(const Problem& problem, std::uint64_t seed,
                           const Problem* drawn_by = nullptr);

}  // namespace vorrat::fleet

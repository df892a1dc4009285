#include "vorrat/fleet/uncertainty.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace vorrat::fleet {
namespace {

// Exporter opens with chance 0.3 a quarter and stays open. The importer opens with chance 0.5 a
// quarter, but only while the exporter is open.
Problem two_gates(std::size_t stages) {
  Problem problem;
  for (std::size_t t = 0; t < stages; ++t) problem.stage_names.push_back("t" + std::to_string(t));
  problem.year_of_stage.assign(stages, 0);
  problem.year_names = {"2026"};
  const std::vector<GateState> states = {{"shut", false, 0.0}, {"open", true, 1.0}};
  problem.gates.push_back(
      {.id = "exporter", .title = "", .states = states, .transition = {{{0.7, 0.3}, {0, 1}}}});
  problem.gates.push_back({.id = "importer",
                           .title = "",
                           .states = states,
                           .depends_on = 0,
                           .transition = {{{1, 0}, {1, 0}}, {{0.5, 0.5}, {0, 1}}}});
  return problem;
}

TEST(NextOutcomes, MultiplyAlongDependentGates) {
  const auto outcomes = next_outcomes(two_gates(2), 1, {0, 0}, 0);
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].regime, (Regime{0, 0}));
  EXPECT_DOUBLE_EQ(outcomes[0].probability, 0.7);
  EXPECT_EQ(outcomes[1].regime, (Regime{1, 0}));
  EXPECT_DOUBLE_EQ(outcomes[1].probability, 0.15);
  EXPECT_EQ(outcomes[2].regime, (Regime{1, 1}));
  EXPECT_DOUBLE_EQ(outcomes[2].probability, 0.15);
}

// P(exporter open after t quarters) = 1 - 0.7^t.
TEST(RegimeOdds, AgreeWithTheClosedForm) {
  const auto odds = regime_odds(two_gates(6));
  for (std::size_t t = 0; t < 6; ++t) {
    double open = 0, total = 0;
    for (const Outcome& outcome : odds[t]) {
      total += outcome.probability;
      if (outcome.regime[0] == 1) open += outcome.probability;
    }
    EXPECT_NEAR(total, 1.0, 1e-12);
    EXPECT_NEAR(open, 1 - std::pow(0.7, static_cast<double>(t)), 1e-12) << t;
  }
}

TEST(FleetTree, TakesEveryOutcomeWhereBranchingLets) {
  Problem problem = two_gates(3);
  problem.branching = {3, 9};
  const FleetGraph tree = make_fleet_tree(problem, 1);
  EXPECT_FALSE(tree.sampled);
  // From (shut, shut) three ways; from (open, shut) two; from (open, open) one.
  EXPECT_EQ(tree.nodes.size(), 1u + 3u + (3u + 2u + 1u));
  tree.graph.check();
}

// Over many seeds the mean weight of each regime at the last stage is its probability: unbiased.
TEST(FleetTree, SamplesWithoutBias) {
  Problem problem = two_gates(4);
  problem.branching = {2, 2, 1};
  const auto odds = regime_odds(problem);
  std::map<Regime, double> mean;
  const int seeds = 4000;
  for (int seed = 0; seed < seeds; ++seed) {
    const FleetGraph tree = make_fleet_tree(problem, static_cast<std::uint64_t>(seed));
    std::vector<double> reach(tree.nodes.size(), 0.0);
    reach[0] = 1.0;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      for (const auto& arc : tree.graph.nodes[i].arcs)
        reach[arc.child] = reach[i] * arc.probability;
      if (tree.nodes[i].stage == 3) mean[tree.nodes[i].regime] += reach[i] / seeds;
    }
  }
  for (const Outcome& outcome : odds[3]) {
    const double p = outcome.probability;
    EXPECT_NEAR(mean[outcome.regime], p, 5 * std::sqrt(p * (1 - p) / seeds))
        << outcome.regime[0] << outcome.regime[1];
  }
}

TEST(FleetTree, IsTheSameForTheSameSeed) {
  Problem problem = two_gates(6);
  problem.branching = {2, 2, 1, 1, 1};
  const FleetGraph a = make_fleet_tree(problem, 7), b = make_fleet_tree(problem, 7);
  ASSERT_EQ(a.nodes.size(), b.nodes.size());
  for (std::size_t i = 0; i < a.nodes.size(); ++i) EXPECT_EQ(a.nodes[i].regime, b.nodes[i].regime);
}

}  // namespace
}  // namespace vorrat::fleet

// The worked scenario holds what it claims to show, and both methods agree on a coarser one of it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "vorrat/fleet/coefficients.h"
#include "vorrat/fleet/decompose.h"
#include "vorrat/verbs/load.h"

namespace vorrat::verbs {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

LoadedScenario worked() {
  return load(source / "scenarios/bytedance-2026", source / "data").value();
}

TEST(WorkedScenario, HoldsBothGatesAndEveryKindOfUncertainty) {
  const LoadedScenario loaded = worked();
  const fleet::Problem problem = fleet::to_problem(loaded.scenario, loaded.rulings);
  EXPECT_EQ(problem.stage_count(), 8u);
  EXPECT_GE(problem.regime_count(), 6u);
  ASSERT_EQ(problem.gates.size(), 2u);
  for (const fleet::Gate& gate : problem.gates) EXPECT_TRUE(gate.by_application) << gate.id;
  EXPECT_EQ(problem.gates[1].depends_on, 0u);
  ASSERT_GT(problem.level_count(3), 1u);
  EXPECT_NE(problem.level(3, 0).price, problem.level(3, 1).price);
  const auto outcomes = problem.outcomes(2);  // 2026Q3, in which the budget is revised
  ASSERT_GT(outcomes.size(), 1u);
  EXPECT_NE(outcomes[0].growth[0], outcomes[1].growth[0]);
  EXPECT_NE(outcomes[0].slip[0], outcomes[1].slip[0]);
  EXPECT_NE(outcomes[0].decides[0], outcomes[1].decides[0]);
  EXPECT_NE(outcomes[0].budget[0], outcomes[1].budget[0]);
}

// How long a licence of the exporter takes that is applied for in the first quarter: the chance
// that it is still pending falls slower and slower, as it does where delays have a long tail.
TEST(WorkedScenario, HasALongTailedDelayOfLicences) {
  const LoadedScenario loaded = worked();
  const fleet::Problem problem = fleet::to_problem(loaded.scenario, loaded.rulings);
  const fleet::Gate& gate = problem.gates[0];
  std::vector<double> pending(gate.states.size(), 0.0);  // [state] of the gate
  pending[gate.start] = 1.0;
  std::vector<double> left;
  for (int quarter = 0; quarter < 24; ++quarter) {
    std::vector<double> next(pending.size(), 0.0);
    for (std::size_t from = 0; from < pending.size(); ++from) {
      for (std::size_t to = 0; to < pending.size(); ++to)
        next[to] += pending[from] * gate.transition[0][from][to] * (1 - gate.states[to].decides);
    }
    pending = next;
    left.push_back(0.0);
    for (const double share : pending) left.back() += share;
  }
  const auto falls_by = [&](std::size_t t) { return 1 - left[t + 1] / left[t]; };
  EXPECT_GT(falls_by(0), falls_by(4));
  EXPECT_GT(falls_by(4), 1.2 * falls_by(20));
  EXPECT_LT(left[1], 0.65);   // the middle is within the first half-year
  EXPECT_GT(left[11], 0.05);  // one in twenty waits for three years
}

// Four quarters in which only the gates are uncertain: the tree tells all futures apart.
TEST(WorkedScenario, CostsTheSameByTreeAndByDecompositionWhereTheTreeIsWhole) {
  LoadedScenario loaded = worked();
  scenario::Scenario& s = loaded.scenario;
  s.horizon.quarters = 4;
  s.settings.branching = {1000, 1000, 1000};
  s.switched_off.fill(true);
  const fleet::Problem problem = fleet::to_problem(s, loaded.rulings);
  fleet::FleetSolver tree(problem, {});
  ASSERT_EQ(tree.solve().status, fleet::PlanStatus::optimal);
  fleet::SolveSettings settings;
  settings.gap = 1e-4;
  settings.seconds = 60;
  settings.paths = 20;
  fleet::FleetPolicy policy = fleet::FleetPolicy::train(problem, settings);
  const fleet::Plan plan = policy.plan();
  ASSERT_TRUE(plan.method.converged) << plan.method.reason;
  const double optimum = tree.objective();
  EXPECT_LE(policy.bound(), optimum * (1 + 1e-7));
  EXPECT_NEAR(policy.bound(), optimum, 1e-4 * optimum);
  EXPECT_NEAR(plan.objective / 1e6, optimum, 1e-4 * optimum + policy.interval());
}

// Where an offer ends, a stock of it that is -1e-14 by rounding leaves its balance no solution.
TEST(WorkedScenario, IsPlayedToTheEndOnEveryPathThoughAnOfferEnds) {
  LoadedScenario loaded = worked();
  loaded.scenario.horizon.quarters = 7;
  loaded.scenario.settings.branching.resize(6);
  fleet::Problem problem = fleet::to_problem(loaded.scenario, loaded.rulings);
  ASSERT_EQ(problem.offers[1].id, "h20-mainland");
  for (std::size_t t = 4; t < 7; ++t) problem.offers[1].supply[t] = 0.0;
  fleet::SolveSettings settings;
  settings.iterations = 12;
  settings.seconds = 100;
  settings.paths = 1000;
  const fleet::Plan plan = fleet::FleetPolicy::train(problem, settings).plan();
  EXPECT_EQ(plan.method.paths, settings.paths);
}

}  // namespace
}  // namespace vorrat::verbs

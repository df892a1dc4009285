#include "vorrat/insight/information.h"

#include <gtest/gtest.h>

#include "vorrat/insight/averages.h"
#include "vorrat/insight/small_problems.h"

namespace vorrat::insight {
namespace {

// Buying q thousand costs 8 q net of the end and leaves 5 * E max(0, D - 10 q) unserved. Each
// thousand is worth it while 50 * P(D > 10 q) > 8: always, so q = 10 at 80 M. Each demand known:
// 8 * 6 = 48 M on average. The average of 60 buys 6: 48 + 5 * 40 / 3.
TEST(Information, IsThatOfANewsvendor) {
  const auto found = information(newsvendor(), {});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->cost, 80e6, 1);
  EXPECT_NEAR(*found->cost_if_known, 48e6, 1);
  EXPECT_NEAR(*found->perfect_information, 32e6, 1);
  EXPECT_NEAR(*found->promised, 48e6, 1);
  EXPECT_NEAR(found->average_orders.at(0), 6000, 1e-3);
  EXPECT_NEAR(*found->average_cost, (48 + 200.0 / 3) * 1e6, 1);
  EXPECT_NEAR(*found->stochastic_solution, (200.0 / 3 - 32) * 1e6, 1);
  // Switched off, the only uncertainty takes all of the cost of not knowing, and the average future
  // is all there is.
  ASSERT_EQ(found->uncertainties.size(), 1u);
  EXPECT_EQ(found->uncertainties[0].name, "growth of demand");
  EXPECT_NEAR(*found->uncertainties[0].worth, 32e6, 1);
}

// At least 70 % must be served: the average plan of 6 thousand fails where demand is 100 %w.
TEST(Information, SaysInWhichFuturesTheAveragePlanFails) {
  fleet::Problem problem = newsvendor();
  problem.workloads[0].minimum_service = 0.7;
  const auto found = information(problem, {});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->stochastic_solution);
  EXPECT_FALSE(found->average_cost);
  EXPECT_EQ(found->why_undefined,
            "undefined: the average plan fails in these futures (33.3 %): 2026Q2");
  ASSERT_EQ(found->failed.size(), 1u);
  EXPECT_NEAR(found->failed[0].probability, 1.0 / 3, 1e-12);
}

// A gate open with 0.3 next quarter lets 0.3 of the supply through on average.
TEST(Without, FixesAGateAtItsMeanAndKeepsTheOdds) {
  fleet::Problem problem = second_quarter();
  problem.gates.push_back({.id = "licence",
                           .title = "",
                           .states = {{"shut", false, 0.0}, {"open", true, 1.0}},
                           .start = 0,
                           .transition = {{{0.7, 0.3}, {0, 1}}}});
  problem.offers[0].gates = {0};
  problem.offers[0].supply = {20, 20};
  // 0.3 of 20 thousand serve 60 %w: 60 M, and 40 %w stay unserved.
  for (const fleet::Problem& fixed :
       {without(problem, {Uncertainty::Kind::gate, 0}), average(problem)}) {
    fleet::FleetSolver solver(fixed, {});
    EXPECT_NEAR(solver.best_if({})->cost, 60 + 200, 1e-6);
  }
  EXPECT_EQ(uncertainties(problem).size(), 1u);
  EXPECT_TRUE(uncertainties(without(problem, {Uncertainty::Kind::gate, 0})).empty());
}

TEST(Without, FixesTheMarketAtTheMeanOfEachStage) {
  fleet::Problem problem = second_quarter();
  problem.market.levels = {{{.id = "now"}},
                           {{.id = "low", .price = 0.5}, {.id = "high", .price = 1.1}}};
  problem.market.transition = {{{0.5, 0.5}}};
  problem.noise.resize(2);
  // 10 thousand later, at the mean of 0.8 times 10 M.
  EXPECT_NEAR(
      fleet::FleetSolver(without(problem, {Uncertainty::Kind::market}), {}).best_if({})->cost, 80,
      1e-6);
  EXPECT_NEAR(fleet::FleetSolver(average(problem), {}).best_if({})->cost, 80, 1e-6);
}

}  // namespace
}  // namespace vorrat::insight

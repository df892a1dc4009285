#include "vorrat/insight/edits.h"

#include <gtest/gtest.h>

#include "vorrat/insight/alternatives.h"
#include "vorrat/insight/dependence.h"
#include "vorrat/insight/relaxation.h"
#include "vorrat/insight/small_problems.h"

namespace vorrat::insight {
namespace {

using Kind = Stress::Kind;

double cost_of(const fleet::Problem& problem) { return *by_tree(problem, {})(problem)->cost(); }

// With the window certain to be shut in the second quarter, ordering now (100 M) beats demand that
// goes unserved one time in two (250 M).
TEST(Stressed, ShutsTheWindowFromAQuarterOn) {
  const fleet::Problem problem = closing_window(0.5, 0.1);
  const fleet::Problem shut = stressed(problem, {.kind = Kind::shut, .stage = 1});
  EXPECT_NEAR(cost_of(problem), 70, 1e-6);
  EXPECT_NEAR(cost_of(shut), 100, 1e-6);
  EXPECT_NEAR(*by_tree(problem, {})(shut)->cost({{0, 0.0}}), 250, 1e-6);
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::shut, .stage = 0})), 250, 1e-6);
  EXPECT_EQ(to_string(problem, {.kind = Kind::shut, .stage = 1}),
            "every gate is shut from 2026Q2 on");
}

// What is ordered now comes in time with one quarter of delay and too late with two.
TEST(Stressed, DelaysWhatIsOrdered) {
  const fleet::Problem problem = second_quarter();
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::delay, .quarters = 1})), 100, 1e-6);
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::delay, .quarters = 2})), 500, 1e-6);
}

// Two gated parts for one site; the lesser serves half as much at the same price.
TEST(Stressed, LeavesTheLesserPartOrTheThirdSite) {
  fleet::Problem problem = closing_window(1.0, 0.0);
  problem.pools.push_back(problem.pools[0]);
  problem.pools[1].accelerator = "lesser";
  problem.pools[1].throughput = {5};
  problem.offers.push_back(problem.offers[0]);
  problem.offers[1].id = "lesser";
  problem.offers[1].pool = 1;
  EXPECT_NEAR(cost_of(problem), 100, 1e-6);
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::only_lesser})), 200, 1e-6);
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::third_site_only, .home = {0}})), 500, 1e-6);
  EXPECT_NEAR(cost_of(stressed(problem, {.kind = Kind::third_site_only, .home = {}})), 100, 1e-6);
}

TEST(WithHorizon, GoesOnAsTheLastQuarterDid) {
  const fleet::Problem longer = with_horizon(second_quarter(), 7);
  EXPECT_EQ(longer.stage_names.back(), "2027Q3");
  EXPECT_EQ(longer.year_names, (std::vector<std::string>{"2026", "2027"}));
  EXPECT_EQ(longer.year_of_stage, (std::vector<std::size_t>{0, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(longer.accounts[0].amount, (std::vector<double>{1000, 1000}));
  EXPECT_NEAR(cost_of(longer), 100, 1e-6);
  EXPECT_NEAR(cost_of(with_horizon(second_quarter(), 1)), 0, 1e-6);
}

TEST(WithHorizon, KeepsWhatMoves) {
  fleet::Problem problem = closing_window(0.5, 0.1);
  problem.market.levels = {{{.id = "now"}}, {{.id = "low"}, {.id = "high", .price = 1.1}}};
  problem.market.transition = {{{0.5, 0.5}}};
  problem.branching = {16, 16, 16};
  const fleet::Problem longer = with_horizon(problem, 4);
  longer.check();
  EXPECT_EQ(longer.market.transition[2], (std::vector<std::vector<double>>{{1, 0}, {0, 1}}));
  EXPECT_GT(cost_of(longer), cost_of(problem));
}

// In the newsvendor a thousand costs 10 M and is worth 2 M at the end. Counted for nothing, ten
// thousand are still bought and cost 100 M.
TEST(Dependence, ShowsWhatHangsOnTheEnd) {
  const fleet::Problem problem = newsvendor();
  const auto lines = on_end_value(by_tree(problem, {}), problem);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_NEAR(*lines[0].cost, 100e6, 1);
  EXPECT_NEAR(*lines[0].moved, 0, 1e-9);
  EXPECT_NEAR(*lines[2].cost, 70e6, 1);
  // A quarter longer serves the same demand twice: nothing changes in what is ordered first; a
  // quarter shorter there is no demand to order for.
  const auto horizons = on_horizon(by_tree(problem, {}), problem, {1, 2, 3});
  ASSERT_EQ(horizons.size(), 2u);
  EXPECT_EQ(horizons[0].what, "1 quarters");
  EXPECT_NEAR(*horizons[0].moved, 1, 1e-9);
  EXPECT_NEAR(*horizons[1].moved, 0, 1e-9);
}

// From ten thousand at 80 M, each thousand less costs 50 / 3 - 8 M and each more 8 M: within 10 %
// lie 10 - 8 / (26 / 3) to 11 thousand.
TEST(NearBest, FindsHowFarALineMayMove) {
  const fleet::Problem problem = newsvendor();
  const auto study = by_tree(problem, {})(problem);
  const NearBest found = near_best(*study, 0.1, 3, {});
  ASSERT_EQ(found.ranges.size(), 1u);
  EXPECT_NEAR(found.ranges[0].least, 10000 - 24000.0 / 26, 0.1);
  EXPECT_NEAR(found.ranges[0].most, 11000, 0.1);
  ASSERT_EQ(found.alternatives.size(), 2u);
  EXPECT_EQ(found.alternatives[0].pushed, "as much as can be of direct");
  EXPECT_NEAR(found.alternatives[0].extra, 0.1, 1e-5);
  EXPECT_NEAR(found.alternatives[0].moved, 0.1, 1e-5);
}

// 90 % must be served, 4 MW let 40 % run: 5 MW more would do (nine thousand for 90 M, 10 % unserved
// for 50 M), or 50 % less to serve.
TEST(Relaxations, SayHowLittleWouldHaveToGive) {
  fleet::Problem problem = second_quarter();
  problem.workloads[0].minimum_service = 0.9;
  problem.sites[0].power = {4, 4};
  fleet::FleetSolver solver(problem, {});
  const auto lines = relaxations(solver, {});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].limit, "minimum service of serving");
  EXPECT_NEAR(lines[0].move, -50, 1e-3);
  EXPECT_NEAR(lines[0].cost, 340e6, 1e3);
  EXPECT_EQ(lines[1].limit, "power at home");
  EXPECT_EQ(lines[1].unit, "MW");
  EXPECT_NEAR(lines[1].move, 5, 1e-4);
  EXPECT_NEAR(lines[1].cost, 140e6, 1e3);
}

}  // namespace
}  // namespace vorrat::insight

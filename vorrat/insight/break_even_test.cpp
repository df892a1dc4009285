#include "vorrat/insight/break_even.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "vorrat/insight/small_problems.h"
#include "vorrat/insight/waiting.h"

namespace vorrat::insight {
namespace {

// Ordering now costs 100 M for certain. Waiting costs, where demand comes (0.5), 100 M if the
// window is still open and 500 M if it shut (p): 0.5 * (100 + 400 p). Equal at p = 0.25.
double waiting_cost(double shuts) { return 0.5 * (100 + 400 * shuts); }

TEST(Waiting, IsWorthTheDifferenceOfTwoOutcomes) {
  for (const double shuts : {0.1, 0.4}) {
    const fleet::Problem problem = closing_window(0.5, shuts);
    const auto study = by_tree(problem, {})(problem);
    const Waiting waiting = worth_of_waiting(*study, 10000);
    const double worth = waiting_cost(shuts) - 100;  // of ordering all ten thousand now
    EXPECT_NEAR(*waiting.lines.at(0).now_against_waiting, worth * 1e6, 1);
    EXPECT_NEAR(*waiting.all, std::max(0.0, worth) * 1e6, 1);
    EXPECT_NEAR(waiting.lines[0].ordered, worth > 0 ? 10000 : 0, 1e-3);
  }
}

TEST(BreakEvenOdds, AreWhereOrderingAndWaitingCostTheSame) {
  for (const double shuts : {0.1, 0.4}) {
    const fleet::Problem problem = closing_window(0.5, shuts);
    const Dial dial = odds_dial(problem, 0, GateOdds::shuts);
    const auto line = break_even(by_tree(problem, {}), problem, dial, 0, 1.0, 1e-9);
    ASSERT_TRUE(line && line->at);
    EXPECT_EQ(line->input, "odds that window shuts by 2026Q2");
    EXPECT_NEAR(line->now, shuts, 1e-12);
    EXPECT_NEAR(*line->at, 0.25, 1e-6);
    EXPECT_EQ(line->is_ordered, shuts > 0.25);
    EXPECT_EQ(line->above, shuts < 0.25);
  }
}

// A thousand ordered now is worth 20 p - 5; where it pays, all ten thousand are ordered.
TEST(BreakEvenOdds, KeepWhatOrderingIsWorthAtEverySettingTried) {
  const fleet::Problem problem = closing_window(0.5, 0.1);
  const Dial dial = odds_dial(problem, 0, GateOdds::shuts);
  const auto line = break_even(by_tree(problem, {}), problem, dial, 0, 1.0);
  ASSERT_TRUE(line);
  ASSERT_GE(line->curve.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(line->curve, {}, &WorthAt::value));
  for (const WorthAt& point : line->curve) {
    const double worth = (20 * point.value - 5) * (point.value > 0.25 ? 10 : 1);
    EXPECT_NEAR(point.worth, worth * 1e6, 10) << point.value;
  }
}

// With p = 0.1 a thousand ordered now saves 0.5 * 0.1 * 50 M and costs 10 M less the 10 M that
// buying it later costs with chance 0.5 * 0.9: worth it below a price c with 2.5 = c (1 - 0.45).
TEST(SwitchingValue, OfAPriceIsWhereTheOrderBeginsToPay) {
  const fleet::Problem problem = closing_window(0.5, 0.1);
  const auto line = break_even(by_tree(problem, {}), problem, price_dial(problem, 0), 0, 1.0, 1e-9);
  ASSERT_TRUE(line && line->at);
  EXPECT_NEAR(*line->at, 2.5 / 0.55 * 1e3, 1e-3);
  EXPECT_FALSE(line->above);
  EXPECT_EQ(line->unit, "USD each");
}

TEST(BreakEven, SaysThatNoneIsWithinReach) {
  // Demand is certain: whatever the odds, there is nothing to be won by waiting but nothing lost.
  const fleet::Problem problem = closing_window(1.0, 0.4);
  const Dial dial = price_dial(problem, 0);
  auto line = break_even(by_tree(problem, {}), problem, dial, 0, 1.0);
  ASSERT_TRUE(line && line->at);  // at 5 times the price nobody buys
  EXPECT_NEAR(*line->at, 50e3, 100);
  Dial narrow = dial;
  narrow.least = 0.5;
  narrow.most = 2.0;
  line = break_even(by_tree(problem, {}), problem, narrow, 0, 1.0);
  ASSERT_TRUE(line);
  EXPECT_FALSE(line->at);
  EXPECT_NEAR(line->tried_high, 20e3, 1e-6);
}

// Three states: 0.2 to open, 0.1 to ajar, the rest stays. Doubling the odds of 0.3 / 0.7 gives
// 6 / 13, of which two thirds go to open.
TEST(WithOdds, MovesTheOddsAndKeepsTheProportions) {
  fleet::Problem problem = second_quarter();
  problem.gates.push_back(
      {.id = "gate",
       .title = "",
       .states = {{"shut", true, 0.0}, {"open", true, 1.0}, {"ajar", true, 0.5}},
       .start = 0,
       .transition = {{{0.7, 0.2, 0.1}, {0, 1, 0}, {0.5, 0, 0.5}}}});
  EXPECT_NEAR(odds_by(problem, 0, GateOdds::passes, 1), 0.3, 1e-12);
  const fleet::Problem moved = with_odds(problem, 0, GateOdds::passes, std::log(2.0));
  EXPECT_NEAR(odds_by(moved, 0, GateOdds::passes, 1), 6.0 / 13, 1e-12);
  EXPECT_NEAR(moved.gates[0].transition[0][0][1], 4.0 / 13, 1e-12);
  EXPECT_EQ(moved.gates[0].transition[0][2], problem.gates[0].transition[0][2]);
}

// The newsvendor's cost hangs on its price by 10 thousand times the change, on demand too.
TEST(Tornado, PutsTheWidestBarFirstAndKeepsTheOrdersBesideIt) {
  const fleet::Problem problem = newsvendor();
  const auto lines = tornado(by_tree(problem, {}), problem, dials(problem), 2, {});
  ASSERT_GT(lines.size(), 4u);
  for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_GE(lines[i - 1].swing(), lines[i].swing());
  const auto price = std::ranges::find(lines, "price of direct", &TornadoLine::input);
  ASSERT_NE(price, lines.end());
  EXPECT_NEAR(*price->low.cost, 64e6, 1);
  EXPECT_NEAR(*price->high.cost, 100e6, 1);
  EXPECT_NEAR(price->swing_kept(), 36e6, 1);
  const auto demand = std::ranges::find(lines, "demand of serving", &TornadoLine::input);
  ASSERT_NE(demand, lines.end());
  EXPECT_NEAR(*demand->low.cost, 64e6, 1);
  EXPECT_NEAR(*demand->low.cost_kept, 80e6, 1);  // ten thousand where eight would do
  EXPECT_NEAR(*demand->low.moved, 0.2, 1e-9);
  EXPECT_NEAR(*demand->high.cost, 100e6, 1);
  EXPECT_NEAR(*demand->high.cost_kept, 80e6 + 5e6 * 25 / 3, 1);
}

// All of the demand is to be served from ten thousand: with less supply or more demand there is no
// plan, and no other input weighs more than that.
TEST(Tornado, PutsInputsFirstOfWhichAnEndHasNoPlan) {
  fleet::Problem problem = newsvendor();
  problem.workloads[0].minimum_service = 1.0;
  problem.offers[0].supply = {10, 0};
  const auto lines = tornado(by_tree(problem, {}), problem, dials(problem), 2, {});
  const auto is_whole = [](const TornadoLine& line) { return line.low.cost && line.high.cost; };
  EXPECT_TRUE(std::ranges::is_partitioned(lines, std::not_fn(is_whole)));
  std::vector<std::string> failing;
  for (const TornadoLine& line : lines)
    if (!is_whole(line)) failing.push_back(line.input);
  EXPECT_THAT(failing, testing::IsSupersetOf({"supply of direct", "demand of serving"}));
  EXPECT_LT(failing.size(), lines.size());
}

// Sampled trees: the same futures, so that a small change of odds is a small change of cost.
TEST(ByTree, MovesWithTheOddsAndNotWithTheDraw) {
  fleet::Problem problem = closing_window(0.5, 0.4);
  problem.branching = {3};
  const StudyMaker make = by_tree(problem, {});
  double last = *make(problem)->cost({{0, 0.0}});
  for (int i = 1; i <= 20; ++i) {
    const auto moved = with_odds(problem, 0, GateOdds::shuts, -0.05 * i);
    const double cost = *make(moved)->cost({{0, 0.0}});
    EXPECT_NEAR(cost, last, 6.0);  // another draw would be 33 M off
    EXPECT_NE(cost, last);
    last = cost;
  }
}

}  // namespace
}  // namespace vorrat::insight

#include "vorrat/insight/regret.h"

#include <gtest/gtest.h>

#include "vorrat/insight/small_problems.h"

namespace vorrat::insight {
namespace {

// Waiting costs 0.5 * (100 + 400 * 0.1) = 70 M. All now: 100. Never through the window: 250. The
// plan expects to order 0.45 * 10 thousand, half of it each quarter: 2.25 now save 25 - 10 each,
// 2.25 later 0.45 * (50 - 10) each.
TEST(Regret, OfEachRuleIsExactWhereTheTreeHoldsAllFutures) {
  const fleet::Problem problem = closing_window(0.5, 0.1);
  const Regret regret = regret_of_rules(problem, {0.0}, 5, 2, {});
  EXPECT_TRUE(regret.is_exact);
  ASSERT_EQ(regret.lines.size(), 5u);
  const double even = 250 - 2.25 * 15 - 2.25 * 18;
  const double costs[] = {70, 100, 70, even, 250};
  for (std::size_t i = 0; i < 5; ++i) {
    SCOPED_TRACE(to_string(regret.lines[i].rule));
    EXPECT_NEAR(*regret.lines[i].cost, costs[i] * 1e6, 1);
    EXPECT_NEAR(regret.lines[i].regret.mean, (costs[i] - 70) * 1e6, 1);
    EXPECT_EQ(regret.lines[i].regret.half_width, 0.0);
  }
}

// Three of four futures are drawn for each tree: the difference has an interval, and the exact one
// lies in it.
TEST(Regret, HasAnIntervalWhereFuturesAreDrawn) {
  fleet::Problem problem = closing_window(0.5, 0.1);
  problem.branching = {3};
  const Regret regret = regret_of_rules(problem, {0.0}, 30, 1, {});
  EXPECT_FALSE(regret.is_exact);
  const auto& never = regret.lines[static_cast<std::size_t>(Rule::never_import)].regret;
  EXPECT_GT(never.half_width, 0.0);
  EXPECT_LT(never.lower(), 180e6);
  EXPECT_GT(never.upper(), 180e6);
  const Regret two_threads = regret_of_rules(problem, {0.0}, 30, 2, {});
  EXPECT_EQ(two_threads.lines[4].regret.mean, never.mean);
}

// The reported plan must be kept even where it is not the best.
TEST(Regret, OfABetterRuleIsNegative) {
  const Regret regret = regret_of_rules(closing_window(0.5, 0.1), {10.0}, 1, 1, {});
  EXPECT_NEAR(*regret.lines[0].cost, 100e6, 1);
  EXPECT_NEAR(regret.lines[static_cast<std::size_t>(Rule::wait)].regret.mean, -30e6, 1);
}

}  // namespace
}  // namespace vorrat::insight

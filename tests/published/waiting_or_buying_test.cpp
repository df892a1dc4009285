// Dixit and Pindyck, chapter 2: 600, 773, 173, wait; thresholds recomputed in closed form.
#include <gtest/gtest.h>

#include "tests/published/cases.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/threshold.h"

namespace vorrat::published {
namespace {

struct Decision {
  double worth;
  bool buys_now;
};

Decision decide(const WaitingOrBuying& inputs) {
  tree::ExtensiveForm form(waiting_or_buying(inputs));
  const auto result = form.solve({});
  EXPECT_EQ(result.answer.status, lp::Status::optimal);
  const auto buy = form.columns_named("buy_now").at(0);
  return {.worth = result.answer.objective, .buys_now = result.primal[buy.node][buy.index] > 0.5};
}

double worth_of_now_or_never(const WaitingOrBuying& inputs) {
  tree::ExtensiveForm form(waiting_or_buying(inputs));
  for (const auto& buy : form.columns_named("buy_later"))
    form.set_column_bounds(buy.node, buy.index, 0, 0);
  return form.solve({}).answer.objective;
}

// Later prices are 1.5 and 0.5 times the price now.
WaitingOrBuying at_price(double price) {
  return {.price_now = price, .price_up = 1.5 * price, .price_down = 0.5 * price};
}

TEST(WaitingOrBuying, WaitsBecauseWaitingIsWorthMore) {
  const Decision decision = decide({});
  EXPECT_FALSE(decision.buys_now);
  EXPECT_NEAR(decision.worth, 772.7273, 772.7273e-6);
  EXPECT_NEAR(worth_of_now_or_never({}), 600.0, 600e-6);
  EXPECT_NEAR(decision.worth - worth_of_now_or_never({}), 172.7273, 172.7273e-6);
}

TEST(WaitingOrBuying, FindsTheCostAtWhichWaitingIsWorthNoMoreThanNowOrNever) {
  const double now_or_never = worth_of_now_or_never({});
  const auto cost = tree::find_threshold(
      1600, 3000, [&](double c) { return decide({.cost = c}).worth > now_or_never; });
  ASSERT_TRUE(cost.is_found);
  EXPECT_NEAR(cost.value(), 1980.0, 1980e-6);
}

TEST(WaitingOrBuying, FindsThePriceBelowWhichOneNeverBuys) {
  const auto price =
      tree::find_threshold(10, 200, [](double p) { return decide(at_price(p)).worth > 1e-7; });
  ASSERT_TRUE(price.is_found);
  EXPECT_NEAR(price.value(), 96.9697, 96.9697e-6);
}

TEST(WaitingOrBuying, FindsThePriceAboveWhichOneBuysAtOnce) {
  const auto price =
      tree::find_threshold(200, 400, [](double p) { return decide(at_price(p)).buys_now; });
  ASSERT_TRUE(price.is_found);
  EXPECT_NEAR(price.value(), 249.3506, 249.3506e-6);
}

}  // namespace
}  // namespace vorrat::published

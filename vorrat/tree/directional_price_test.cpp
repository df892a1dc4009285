#include "vorrat/tree/directional_price.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/tree/stock_example.h"

namespace vorrat::tree {
namespace {

// See stock_example(). The high future's minimum of 3: one more costs 2 now; one less saves 2, for
// two units, until the low future's 1 binds as well.
TEST(DirectionalPrice, FindsTheChangePerUnitAndHowFarItHolds) {
  ExtensiveForm form(stock_example());
  const auto prices = directional_prices(
      form, {.rows = {{2, 1}}, .columns = {}, .side = BoundSide::lower}, 1, 100, {});
  EXPECT_NEAR(prices.objective, 6.0, 1e-9);
  EXPECT_NEAR(prices.more.change, 2.0, 1e-8);
  EXPECT_NEAR(prices.more.slope, 2.0, 1e-8);
  EXPECT_TRUE(prices.more.reach_is_limit_of_search);
  EXPECT_NEAR(prices.less.change, -2.0, 1e-8);
  EXPECT_NEAR(prices.less.slope, -2.0, 1e-8);
  EXPECT_NEAR(prices.less.reach, 2.0, 1e-6);
}

// At a kink the two directions differ: at a stock of exactly 1 in both futures, one more in the low
// future costs 2 (all future units are then bought now), one less saves nothing.
TEST(DirectionalPrice, TellsTheTwoDirectionsOfAKinkApart) {
  auto graph = stock_example();
  graph.nodes[1].noise[1].changes[0].value = 1.0;
  ExtensiveForm form(graph);
  const auto prices = directional_prices(
      form, {.rows = {{1, 1}}, .columns = {}, .side = BoundSide::lower}, 1, 10, {});
  EXPECT_NEAR(prices.more.change, 2.0, 1e-8);
  EXPECT_NEAR(prices.less.change, 0.0, 1e-8);
  EXPECT_NEAR(prices.less.slope, 0.0, 1e-8);
}

TEST(DirectionalPrice, MovesOneLimitInManyNodesTogetherAndPutsItBack) {
  ExtensiveForm form(stock_example());
  // Both minima up by 1: 4 units now.
  const Limit both{.rows = {{1, 1}, {2, 1}}, .columns = {}, .side = BoundSide::lower};
  EXPECT_NEAR(directional_prices(form, both, 1, 10, {}).more.change, 2.0, 1e-8);
  EXPECT_EQ(form.row_bounds(1, 1).lower, 1.0);
  EXPECT_NEAR(form.solve({}).answer.objective, 6.0, 1e-9);
}

TEST(DirectionalPrice, SaysWhenAMoveHasNoAnswerAndStopsAtTheEdge) {
  ExtensiveForm form(stock_example());
  form.set_column_bounds(0, 2, 0, 3.25);
  for (std::size_t n : {1, 2}) form.set_column_bounds(n, 2, 0, 0);
  const auto prices = directional_prices(
      form, {.rows = {{2, 1}}, .columns = {}, .side = BoundSide::lower}, 1, 10, {});
  EXPECT_EQ(prices.more.status, lp::Status::infeasible);
  EXPECT_NEAR(prices.more.slope, 2.0, 1e-7);
  EXPECT_NEAR(prices.more.reach, 0.25, 1e-6);
}

TEST(DirectionalPrice, PricesTheBoundsOfColumnsToo) {
  ExtensiveForm form(stock_example());
  form.set_column_bounds(0, 2, 0, 2);  // a cap of 2 now: the third unit costs 0.5 * 5 later
  const auto prices = directional_prices(
      form, {.rows = {}, .columns = {{0, 2}}, .side = BoundSide::upper}, 1, 10, {});
  EXPECT_NEAR(prices.more.slope, -0.5, 1e-8);
  EXPECT_NEAR(prices.more.reach, 1.0, 1e-6);
  EXPECT_NEAR(prices.less.slope, 0.5, 1e-8);
  EXPECT_NEAR(prices.less.reach, 1.0, 1e-6);  // the first unit is worth more
  // Three fewer would be a cap below zero.
  EXPECT_EQ(directional_prices(form, {.rows = {}, .columns = {{0, 2}}, .side = BoundSide::upper}, 3,
                               0, {})
                .less.status,
            lp::Status::infeasible);
}

TEST(DirectionalPrice, GivesOnlyTheChangeForWholeNumbers) {
  auto graph = stock_example();
  for (auto& node : graph.nodes) node.problem.model.columns[2].kind = lp::ColumnKind::integer;
  ExtensiveForm form(graph);
  const auto prices = directional_prices(
      form, {.rows = {{2, 1}}, .columns = {}, .side = BoundSide::lower}, 0.5, 10, {});
  EXPECT_NEAR(prices.more.change, 2.0, 1e-6);
  EXPECT_NEAR(prices.less.change, 0.0, 1e-6);
  EXPECT_TRUE(std::isnan(prices.more.slope));
  EXPECT_THROW(directional_prices(form, {}, 0.0, 1, {}), BrokenContract);
}

}  // namespace
}  // namespace vorrat::tree

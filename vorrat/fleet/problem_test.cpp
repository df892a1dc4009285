#include "vorrat/fleet/problem.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::fleet {
namespace {

Problem eight_quarters() {
  Problem problem;
  for (int t = 0; t < 8; ++t) problem.stage_names.push_back("t" + std::to_string(t));
  problem.life = 20;
  return problem;
}

// Straight line over 20 quarters: running from quarter 4 of 8, a part is 4 quarters old at the end:
// 16/20 of 30 is 24.
TEST(EndValue, FallsInAStraightLineFromTheDayItRuns) {
  const Problem problem = eight_quarters();
  Offer offer;
  offer.end_price = 30;
  EXPECT_DOUBLE_EQ(end_value(problem, offer, 4), 24.0);
  EXPECT_DOUBLE_EQ(end_value(problem, offer, 0), 18.0);
  EXPECT_DOUBLE_EQ(end_value(problem, offer, 8), 30.0);
  EXPECT_DOUBLE_EQ(end_value(problem, offer, 11), 30.0);
}

TEST(EndValue, CountsShareLossesAndDiscount) {
  Problem problem = eight_quarters();
  problem.end_share = 0.5;
  problem.survival = 0.99;
  problem.discount = 0.98;
  Offer offer;
  offer.end_price = 30;
  EXPECT_NEAR(end_value(problem, offer, 4), 0.5 * 24.0 * std::pow(0.99, 4) * std::pow(0.98, 8),
              1e-12);
}

TEST(EndValue, IsNeverNegative) {
  Problem problem = eight_quarters();
  problem.life = 4;
  Offer offer;
  offer.end_price = 30;
  EXPECT_EQ(end_value(problem, offer, 0), 0.0);
}

TEST(Problem, RefusesShapesThatDisagree) {
  Problem problem = eight_quarters();
  EXPECT_THROW(problem.check(), BrokenContract);
  problem.year_of_stage.assign(8, 0);
  problem.year_names = {"2026"};
  EXPECT_NO_THROW(problem.check());
  problem.sites.push_back({.id = "north", .title = "", .power = {1.0}});
  EXPECT_THROW(problem.check(), BrokenContract);
}

}  // namespace
}  // namespace vorrat::fleet

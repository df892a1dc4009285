#include "vorrat/fleet/end_worth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/quantity/text.h"

namespace vorrat::fleet {
namespace {

using Method = scenario::EndValue::Method;

// Four quarters of twenty; half of the value counts. One workload worth 10 a [%w] at a peak
// of 1.25. New ones serve 2 at a price of 30, lesser ones 1 at 20, old ones (six quarters old) 3
// and are not on offer, rented ones 2.
Problem two_offers_and_old_ones() {
  Problem problem;
  problem.stage_names = {"1", "2", "3", "4"};
  problem.discount = 0.95;
  problem.survival = 0.99;
  problem.life = 20.0;
  problem.end_share = 0.5;
  problem.workloads.push_back({.id = "work", .peak_factor = 1.25, .unserved_price = 10.0});
  problem.pools = {{.accelerator = "new", .running_cost = 1.0, .throughput = {2.0}},
                   {.accelerator = "lesser", .running_cost = 1.0, .throughput = {1.0}},
                   {.accelerator = "old", .running_cost = 2.0, .throughput = {3.0}},
                   {.accelerator = "rented", .running_cost = 0.0, .throughput = {2.0}}};
  problem.offers = {{.id = "new", .pool = 0, .price = 33.0, .end_price = 30.0},
                    {.id = "lesser", .pool = 1, .price = 20.0, .end_price = 20.0},
                    {.id = "rented", .pool = 3, .kind = Offer::Kind::lease, .price = 2.0}};
  return problem;
}

Problem valued_by(Method method, Problem problem = two_offers_and_old_ones()) {
  scenario::Scenario scenario;
  scenario.end_value.method = method;
  add_end_value(scenario, problem, {{2, 6.0}});
  return problem;
}

// A [%w] costs 15 with the new ones, so that replacing a lesser one costs 15 and an old one 45, of
// which half counts and half its life is over by then.
TEST(EndWorth, AtReplacementIsWhatTheCheapestOfferWouldAskForTheSameWork) {
  const Problem problem = valued_by(Method::replacement);
  EXPECT_NEAR(problem.offers[0].end_price, 30.0, 1e-12);
  EXPECT_NEAR(problem.offers[1].end_price, 15.0, 1e-12);
  EXPECT_NEAR(problem.pools[2].end_worth, 45.0 * 0.5 * 0.5, 1e-12);
  EXPECT_EQ(problem.pools[0].end_worth, 0.0);
}

TEST(EndWorth, AtReplacementDoesNotCountOffersThatNoRegimeAllows) {
  Problem problem = two_offers_and_old_ones();
  problem.offers[0].law = {{.may_order = false}};
  problem = valued_by(Method::replacement, problem);
  EXPECT_NEAR(problem.offers[0].end_price, 30.0, 1e-12);  // at most the price, not 2 * 20
  EXPECT_NEAR(problem.offers[1].end_price, 20.0, 1e-12);
}

TEST(EndWorth, OnAStraightLineKeepsThePriceAndLeavesOldOnesOut) {
  const Problem problem = valued_by(Method::straight_line);
  EXPECT_EQ(problem.offers[0].end_price, 30.0);
  EXPECT_EQ(problem.offers[1].end_price, 20.0);
  EXPECT_EQ(problem.pools[2].end_worth, 0.0);
}

// A new one serves 2 * 10 / 1.25 = 16 less 1 of running a quarter, bought in the middle of the
// horizon for 18 more quarters; an old one 24 less 2 for 10 more.
TEST(EndWorth, OfServiceIsTheWorkOfTheLifeThatIsLeft) {
  const Problem problem = valued_by(Method::service);
  double of_new = 0.0, of_old = 0.0;
  for (int i = 0; i < 18; ++i) of_new += 0.5 * 15.0 * std::pow(0.95 * 0.99, i);
  for (int i = 0; i < 10; ++i) of_old += 0.5 * 22.0 * std::pow(0.95 * 0.99, i);
  EXPECT_NEAR(problem.pools[0].end_worth, of_new, 1e-9);
  EXPECT_NEAR(problem.pools[2].end_worth, of_old, 1e-9);
  EXPECT_EQ(problem.pools[3].end_worth, 0.0);  // what is rented goes back
  for (const Offer& offer : problem.offers) EXPECT_EQ(offer.end_price, 0.0);
}

TEST(EndWorth, OfNothingIsNothing) {
  const Problem problem = valued_by(Method::none);
  for (const Offer& offer : problem.offers) EXPECT_EQ(offer.end_price, 0.0);
  for (const Pool& pool : problem.pools) EXPECT_EQ(pool.end_worth, 0.0);
}

TEST(EndWorth, SaysItsMethodInWords) {
  EXPECT_EQ(valued_by(Method::straight_line).end_method,
            "straight line over 20 quarters on the price without duty, of which 50 % counts");
  EXPECT_EQ(valued_by(Method::none).end_method, "nothing: what stands at the end has no value");
}

}  // namespace
}  // namespace vorrat::fleet

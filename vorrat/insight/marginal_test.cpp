#include "vorrat/insight/marginal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "vorrat/insight/unit_cost.h"

namespace vorrat::insight {
namespace {

using fleet::Offer;
using fleet::Plan;
using fleet::PlanStatus;
using fleet::Problem;

// One quarter, two parts that each serve 10 % per thousand: cheap at 10 M (supply 6 thousand), dear
// at 20 M. Demand 100 %, unserved costs 5 M per %. Cheap serves 60 %, dear the rest: 60 + 80 = 140
// M.
Problem cheap_and_dear() {
  Problem problem;
  problem.stage_names = {"2026Q1"};
  problem.year_of_stage = {0};
  problem.year_names = {"2026"};
  problem.currency = "USD";
  problem.end_share = 0.0;
  problem.sites.push_back({.id = "home", .title = "", .power = {100}});
  problem.workloads.push_back(
      {.id = "serving", .title = "", .unserved_price = 5, .presence = {}, .software = {}});
  for (const auto& [name, price, supply] :
       {std::tuple{"cheap", 10.0, 6.0}, std::tuple{"dear", 20.0, 50.0}}) {
    Offer offer{.id = name,
                .accelerator = name,
                .seller = "s",
                .route = "r",
                .price = price,
                .end_price = price,
                .supply = {supply},
                .gates = {}};
    offer.pool = problem.pools.size();
    problem.pools.push_back(
        {.accelerator = name, .site = 0, .power_mw_per_k = 1, .throughput = {10}});
    problem.offers.push_back(offer);
  }
  problem.accounts.push_back({.id = "capital", .pays_for = Offer::Kind::buy, .amount = {1000}});
  return problem;
}

const fleet::OrderLine& line_of(const Plan& plan, const std::string& offer) {
  for (const auto* lines : {&plan.orders, &plan.not_ordered}) {
    for (const auto& line : *lines) {
      if (line.offer == offer) return line;
    }
  }
  throw std::runtime_error("no line " + offer);
}

const fleet::LimitLine* limit_of(const Plan& plan, const std::string& name) {
  const auto found = std::find_if(plan.limits.begin(), plan.limits.end(),
                                  [&](const auto& l) { return l.name == name; });
  return found == plan.limits.end() ? nullptr : &*found;
}

// One more cheap accelerator saves a dear one: 10 kUSD. One less costs the same. One more dear one
// lets a cheap one go: 10 kUSD lost. One less leaves 0.01 % unserved: 50 kUSD lost, 20 saved.
TEST(OrderWorths, AreDirectional) {
  const Plan plan = make_plan(cheap_and_dear(), {.lot = 100});
  ASSERT_EQ(plan.status, PlanStatus::optimal);
  EXPECT_NEAR(plan.objective, 140e6, 1);
  EXPECT_NEAR(*line_of(plan, "cheap").worth_of_one_more, 10e3, 1e-3);
  EXPECT_NEAR(*line_of(plan, "cheap").worth_of_one_less, -10e3, 1e-3);
  EXPECT_NEAR(*line_of(plan, "dear").worth_of_one_more, -10e3, 1e-3);
  EXPECT_NEAR(*line_of(plan, "dear").worth_of_one_less, -30e3, 1e-3);
}

// Supply of the cheap part: one more a quarter saves 10 kUSD, one less costs 10 kUSD.
TEST(LimitPrices, ComeFromBothDirections) {
  const Plan plan = make_plan(cheap_and_dear(), {.lot = 100});
  const auto* supply = limit_of(plan, "supply of cheap");
  ASSERT_NE(supply, nullptr);
  EXPECT_NEAR(*supply->gain_per_unit_up, 10e3, 1e-3);
  EXPECT_NEAR(*supply->loss_per_unit_down, 10e3, 1e-3);
  EXPECT_DOUBLE_EQ(supply->odds_binding, 1.0);
  EXPECT_EQ(limit_of(plan, "supply of dear"), nullptr);
}

// With exactly the money that serves all demand, one more dollar is worth nothing and one less
// costs 50/20 - 1 = 1.5.
TEST(LimitPrices, DifferByDirectionAtAKink) {
  Problem problem = cheap_and_dear();
  problem.accounts[0].amount = {140};
  const Plan plan = make_plan(problem, {});
  const auto* budget = limit_of(plan, "capital budget of 2026");
  ASSERT_NE(budget, nullptr);
  EXPECT_NEAR(*budget->gain_per_unit_up, 0.0, 1e-9);
  EXPECT_NEAR(*budget->loss_per_unit_down, 1.5, 1e-6);
}

TEST(NotOrdered, ShowsTheCheaperPartWithBothCosts) {
  Problem problem = cheap_and_dear();
  problem.offers[0].supply = {50};
  const Plan plan = make_plan(problem, {});
  EXPECT_EQ(line_of(plan, "dear").quantity, 0.0);
  // 10 M and 20 M over a life of 20 quarters, each thousand serving 10 %: 0.05 and 0.1 M per % and
  // quarter.
  EXPECT_EQ(
      line_of(plan, "dear").why_none,
      "cheap is preferred for serving: 0.05 against 0.1 m USD a quarter for 1 % of today's demand");
}

// The rent of the first quarter has no purse: the dear one is named for that, not for its cost.
TEST(NotOrdered, NamesTheBudgetThatThereIsNot) {
  Problem problem = cheap_and_dear();
  problem.offers[1].kind = Offer::Kind::lease;
  problem.offers[1].term = 1;
  problem.accounts.push_back({.id = "lease", .pays_for = Offer::Kind::lease, .amount = {0}});
  const Plan plan = make_plan(problem, {.lot = 100});
  EXPECT_FALSE(line_of(plan, "dear").worth_of_one_more);
  EXPECT_EQ(line_of(plan, "dear").why_none,
            "no plan that orders 100 keeps every limit; the lease budget of 2026 is 0");
}

// All that is supplied of the cheap part, at 0.05 M per % and quarter; leaving 1 % unserved counts
// what the problem says.
TEST(Ordered, ShowsWhatItServesAtWhatCostAndWhatStoppedIt) {
  Problem problem = cheap_and_dear();
  problem.workloads[0].unserved_price = 5;
  const Plan plan = make_plan(problem, {});
  const auto& line = line_of(plan, "cheap");
  ASSERT_GT(line.quantity, 0.0);
  EXPECT_EQ(
      line.why.find("serves 1 % of today's serving for 0.05 m USD a quarter, number 1 of 2 "
                    "offers by cost; unserved it counts 5 m; all that is supplied is ordered; "
                    "one more would gain "),
      0u)
      << line.why;
}

// 90 % must be served with 4 MW and 4 MW only lets 40 % run: minimum service and power clash, money
// and supply do not.
TEST(Clash, NamesTheLimitsThatCannotAllBeKept) {
  Problem problem = cheap_and_dear();
  problem.workloads[0].minimum_service = 0.9;
  problem.sites[0].power = {4};
  const Plan plan = make_plan(problem, {});
  EXPECT_EQ(plan.status, PlanStatus::infeasible);
  ASSERT_EQ(plan.clashes.size(), 1u);
  EXPECT_EQ(plan.clashes[0],
            (std::vector<std::string>{"minimum service of serving", "power at home"}));
}

TEST(Clash, NamesTheBudget) {
  Problem problem = cheap_and_dear();
  problem.workloads[0].minimum_service = 0.9;
  problem.accounts[0].amount = {50};
  const Plan plan = make_plan(problem, {});
  ASSERT_EQ(plan.clashes.size(), 1u);
  EXPECT_EQ(plan.clashes[0],
            (std::vector<std::string>{"minimum service of serving", "capital budget of 2026"}));
}

// Two workloads at two sites, each with too little power for its minimum: two clashes, both told.
TEST(Clash, TellsEveryClash) {
  Problem problem = cheap_and_dear();
  problem.sites[0].power = {4};
  problem.workloads[0].minimum_service = 0.9;
  problem.sites.push_back({.id = "away", .title = "", .power = {4}});
  problem.workloads.push_back({.id = "training",
                               .title = "",
                               .minimum_service = 0.9,
                               .unserved_price = 5,
                               .presence = {},
                               .software = {}});
  problem.pools[0].throughput = {10, 0};
  problem.pools[1].throughput = {0, 10};
  problem.pools[1].site = 1;
  problem.offers[1].site = 1;
  const Plan plan = make_plan(problem, {});
  ASSERT_EQ(plan.clashes.size(), 2u);
  EXPECT_EQ(plan.clashes[0].size() + plan.clashes[1].size(), 4u);
}

TEST(ServingCost, AddsChargeAndElectricityOverThroughput) {
  Problem problem = cheap_and_dear();
  problem.pools[1].running_cost = 0.5;
  problem.workloads[0].peak_factor = 2;
  // (20 / 20 + 0.5) / (10 / 2) = 0.3
  EXPECT_NEAR(*serving_cost(problem, problem.offers[1], 0), 0.3, 1e-12);
  problem.pools[1].throughput = {0};
  EXPECT_FALSE(serving_cost(problem, problem.offers[1], 0));
}

}  // namespace
}  // namespace vorrat::insight

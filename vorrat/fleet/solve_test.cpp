#include "vorrat/fleet/solve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/plan_walker.h"
#include "vorrat/fleet/random_problem.h"

namespace vorrat::fleet {
namespace {

// Two quarters, one part at 10 M per thousand, each thousand serving 10 % of today's demand, demand
// constant at 100 %. Unserved demand costs 5 M per % and quarter. Serving all takes 10 thousand,
// bought at once: 100 M. Served from the first quarter since nothing takes time.
Problem one_part() {
  Problem problem;
  problem.stage_names = {"2026Q1", "2026Q2"};
  problem.year_of_stage = {0, 0};
  problem.year_names = {"2026"};
  problem.branching = {8};
  problem.currency = "USD";
  problem.end_share = 0.0;
  problem.sites.push_back({.id = "home", .title = "", .power = {100, 100}});
  problem.workloads.push_back(
      {.id = "serving", .title = "", .unserved_price = 5, .presence = {}, .software = {}});
  problem.pools.push_back(
      {.accelerator = "part", .site = 0, .power_mw_per_k = 1, .throughput = {10}});
  problem.offers.push_back({.id = "direct",
                            .accelerator = "part",
                            .seller = "maker",
                            .route = "direct",
                            .price = 10,
                            .end_price = 10,
                            .supply = {50, 50},
                            .gates = {}});
  problem.accounts.push_back({.id = "capital", .pays_for = Offer::Kind::buy, .amount = {1000}});
  return problem;
}

Plan plan_of(const Problem& problem) { return FleetSolver(problem, {}).solve(); }

TEST(FleetSolver, BuysWhatServesAllDemand) {
  const Plan plan = plan_of(one_part());
  ASSERT_EQ(plan.status, PlanStatus::optimal);
  EXPECT_NEAR(plan.objective, 100e6, 1);
  ASSERT_EQ(plan.orders.size(), 1u);
  EXPECT_NEAR(plan.orders[0].quantity, 10000, 1e-3);
  EXPECT_NEAR(plan.orders[0].pay_now, 100e6, 1);
  EXPECT_EQ(plan.orders[0].arrives, "2026Q1");
  EXPECT_DOUBLE_EQ(plan.service[0].odds_served, 1.0);
}

// With 60 M only 6 thousand can be bought: 40 % stay unserved for two quarters at 5 M: 60 + 2 * 40
// * 5 = 460 M.
TEST(FleetSolver, StopsAtTheBudgetAndPaysForWhatIsUnserved) {
  Problem problem = one_part();
  problem.accounts[0].amount = {60};
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, 460e6, 1);
  EXPECT_NEAR(plan.unserved_cost, 400e6, 1);
  EXPECT_EQ(plan.years.at(0).budget_cents, 6'000'000'000);
  EXPECT_EQ(plan.years.at(0).spent_cents, 6'000'000'000);
}

// A lead of one quarter: the first quarter is unserved whatever is done (500 M), then 100 M serves
// the second (500 M).
TEST(FleetSolver, WaitsForTheLeadTime) {
  Problem problem = one_part();
  problem.offers[0].lead = 1;
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, 600e6, 1);
  EXPECT_EQ(plan.orders[0].arrives, "2026Q2");
}

// Half down, half on arrival: the same money, in two quarters.
TEST(FleetSolver, PaysTheBalanceOnArrival) {
  Problem problem = one_part();
  problem.offers[0].lead = 1;
  problem.offers[0].deposit = 0.5;
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, 600e6, 1);
  EXPECT_NEAR(plan.orders[0].pay_now, 50e6, 1);
  EXPECT_EQ(plan.years.at(0).spent_cents, 10'000'000'000);
}

// 4 MW at 1 MW per thousand: 4 thousand run, whatever the money.
TEST(FleetSolver, NeverRunsMoreThanThePowerLets) {
  Problem problem = one_part();
  problem.sites[0].power = {4, 4};
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, (40 + 2 * 60 * 5) * 1e6, 1);
  EXPECT_NEAR(plan.service[0].unserved_share, 0.6, 1e-9);
}

// A lease of 3 M per thousand and quarter for a term of two quarters: 10 thousand for two quarters
// cost 60 M.
TEST(FleetSolver, HoldsALeaseForItsTerm) {
  Problem problem = one_part();
  problem.offers[0].kind = Offer::Kind::lease;
  problem.offers[0].price = 3;
  problem.offers[0].term = 2;
  problem.offers[0].supply = {50, 0};
  problem.pools[0].power_mw_per_k = 0;
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, 60e6, 1);
  EXPECT_EQ(plan.orders[0].transaction, "lease");
}

// The same lease, signed now and running from the next quarter: one quarter unserved, one quarter
// of rent in the horizon.
TEST(FleetSolver, StartsALeaseAfterItsLead) {
  Problem problem = one_part();
  problem.offers[0].kind = Offer::Kind::lease;
  problem.offers[0].price = 3;
  problem.offers[0].term = 2;
  problem.offers[0].lead = 1;
  problem.offers[0].supply = {50, 0};
  const Plan plan = plan_of(problem);
  EXPECT_NEAR(plan.objective, (500 + 30) * 1e6, 1);
  EXPECT_EQ(plan.orders[0].pay_now, 0.0);
}

Problem with_gate(double opens, std::size_t start, bool may_order_when_shut) {
  Problem problem = one_part();
  problem.gates.push_back({.id = "licence",
                           .title = "",
                           .states = {{"shut", may_order_when_shut, 0.0}, {"open", true, 1.0}},
                           .start = start,
                           .transition = {{{1 - opens, opens}, {0, 1}}}});
  problem.offers[0].gates = {0};
  return problem;
}

TEST(FleetSolver, OrdersNothingThroughAGateThatIsCertainToStayShut) {
  for (const bool may_order : {false, true}) {
    const Plan plan = plan_of(with_gate(0.0, 0, may_order));
    ASSERT_EQ(plan.status, PlanStatus::optimal);
    EXPECT_TRUE(plan.orders.empty());
    EXPECT_NEAR(plan.objective, 1000e6, 1);
  }
}

TEST(FleetSolver, OrdersThroughAGateThatIsCertainToBeOpen) {
  const Plan plan = plan_of(with_gate(0.0, 1, true));
  ASSERT_EQ(plan.orders.size(), 1u);
  EXPECT_NEAR(plan.orders[0].quantity, 10000, 1e-3);
}

// Gate shut now, open next quarter with chance p. Ordering is not allowed while shut: the first
// quarter is lost (500 M), then with chance p all is bought for 100 M, else 500 M are lost again:
// 500 + 100 p + 500 (1 - p).
TEST(FleetSolver, OrdersLaterIfTheGateOpens) {
  const Plan plan = plan_of(with_gate(0.25, 0, false));
  EXPECT_NEAR(plan.objective, (500 + 0.25 * 100 + 0.75 * 500) * 1e6, 1);
  EXPECT_TRUE(plan.orders.empty());
  EXPECT_EQ(plan.not_ordered.at(0).why_none,
            "the rules in force at the start do not let it be ordered");
}

TEST(FleetSolver, LeavesOutWhatTheRegimeForbids) {
  const Problem problem = with_gate(0.5, 0, false);
  const FleetGraph tree = make_fleet_tree(problem, 1);
  for (const NodeFacts& node : tree.nodes) {
    EXPECT_EQ(node.layout.order[0] == none, node.regime[0] == 0);
    EXPECT_EQ(node.layout.ship[0] == none, node.regime[0] == 0);
  }
}

TEST(FleetSolver, SaysInfeasibleWhenMinimumServiceCannotBeKept) {
  Problem problem = one_part();
  problem.workloads[0].minimum_service = 0.9;
  problem.sites[0].power = {4, 4};
  EXPECT_EQ(plan_of(problem).status, PlanStatus::infeasible);
}

TEST(FleetSolver, KeepsEveryLimitOnEveryNodeOfSixHundredRandomProblems) {
  int with_orders = 0, power_binds = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const Problem problem = RandomProblem(seed).make();
    FleetSolver solver(problem, {.seed = seed});
    const Plan plan = solver.solve();
    ASSERT_EQ(plan.status, PlanStatus::optimal) << seed;
    EXPECT_LE(plan.gap, 1e-7) << seed;
    Walker(solver, plan).walk();
    if (HasFailure()) FAIL() << "seed " << seed;
    with_orders += plan.orders.empty() ? 0 : 1;
    for (const auto& binding : solver.binding_limits()) {
      if (binding.limit.kind == Limit::Kind::power) {
        ++power_binds;
        break;
      }
    }
  }
  // The property would be empty if nothing were bought or power never bound.
  EXPECT_GT(with_orders, 150);
  EXPECT_GT(power_binds, 50);
}

// What the law forbids in a regime is neither ordered nor shipped there, what needs a licence ships
// only as far as it is granted, and a quota binds all offers under it together, on every node of
// every plan.
TEST(FleetSolver, KeepsTheLawOnEveryNodeOfTenThousandRandomProblems) {
  int forbidden = 0, quota_binds = 0, licence_binds = 0;
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    const Problem problem = RandomProblem(seed).make_with_law();
    FleetSolver solver(problem, {.seed = seed});
    const Plan plan = solver.solve();
    ASSERT_EQ(plan.status, PlanStatus::optimal) << seed;
    Walker(solver, plan).walk();
    if (HasFailure()) FAIL() << "seed " << seed;
    for (const Offer& offer : problem.offers) {
      if (!offer.law[problem.regime_index(starting_regime(problem))].may_order) ++forbidden;
    }
    for (const auto& binding : solver.binding_limits()) {
      quota_binds += binding.limit.kind == Limit::Kind::quota ? 1 : 0;
      licence_binds += binding.limit.kind == Limit::Kind::licences ? 1 : 0;
    }
  }
  // The property would be empty if nothing were forbidden and no quota or licence ever bound.
  EXPECT_GT(forbidden, 1000);
  EXPECT_GT(quota_binds, 300);
  EXPECT_GT(licence_binds, 300);
}

// The same with everything a fleet may hold: applications in series, grants, downgrades,
// revocation, slips, spread leads, installation, premiums, moved and cancelled orders, power built,
// parts resold, a market that moves, money carried over and revised.
TEST(FleetSolver, KeepsWholeFleetsSoundOnEveryNode) {
  int licensed = 0, built = 0, sold = 0, cancelled = 0, moved = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Problem problem = RandomProblem(seed).make_whole();
    FleetSolver solver(problem, {.seed = seed});
    const Plan plan = solver.solve();
    ASSERT_EQ(plan.status, PlanStatus::optimal) << seed;
    Walker(solver, plan).walk();
    if (HasFailure()) FAIL() << "seed " << seed;
    for (const Visit& visit : solver.visits()) {
      const StageLayout& layout = solver.tree().nodes[visit.node].layout;
      const auto any = [&](const std::vector<std::size_t>& columns) {
        return std::any_of(columns.begin(), columns.end(), [&](std::size_t column) {
          return column != none && visit.primal[column] > 1e-6;
        });
      };
      licensed += any(layout.apply) && any(layout.ship) ? 1 : 0;
      built += any(layout.build) ? 1 : 0;
      sold += any(layout.resale) ? 1 : 0;
      cancelled += any(layout.cancel) ? 1 : 0;
      moved += any(layout.redirect) ? 1 : 0;
    }
  }
  // The property would be empty if none of it ever happened.
  EXPECT_GT(licensed, 200);
  EXPECT_GT(built, 200);
  EXPECT_GT(sold, 200);
  EXPECT_GT(cancelled, 20);
  EXPECT_GT(moved, 20);
}

TEST(FleetSolver, MoreOfALimitNeverCostsMore) {
  for (std::uint64_t seed = 1000; seed < 1060; ++seed) {
    FleetSolver solver(RandomProblem(seed).make(), {.seed = seed});
    ASSERT_EQ(solver.solve().status, PlanStatus::optimal);
    const double tolerance = 1e-6 * (1 + std::abs(solver.objective()));
    for (const auto& [limit, odds] : solver.binding_limits()) {
      const auto more = solver.cost_if_moved(limit, 0.5);
      ASSERT_TRUE(more);
      EXPECT_LE(*more, solver.objective() + tolerance)
          << seed << " " << to_string(solver.problem(), limit);
      EXPECT_GT(odds, 0.0);
    }
    // Every question restores the problem.
    EXPECT_NEAR(*solver.cost_if_moved({}, 0.0), solver.objective(), tolerance);
  }
}

}  // namespace
}  // namespace vorrat::fleet

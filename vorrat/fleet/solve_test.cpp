#include "vorrat/fleet/solve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

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
  problem.growth_probability = {1.0};
  problem.branching = {8};
  problem.currency = "USD";
  problem.end_share = 0.0;
  problem.sites.push_back({.id = "home", .title = "", .power = {100, 100}});
  problem.workloads.push_back(
      {.id = "serving", .title = "", .unserved_price = 5, .growth = {{1}, {1}}});
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
  const FleetTree tree = make_fleet_tree(problem, 1);
  for (const TreeNodeFacts& node : tree.nodes) {
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

/// Walks the plan node by node with nothing but the problem's data: no row of the model is asked.
class Walker {
 public:
  Walker(const FleetSolver& solver, const Plan& plan)
      : solver_(solver), problem_(solver.problem()), plan_(plan) {}

  void walk() const {
    walk(0, {});
    check_money();
  }

 private:
  struct Carried {
    std::vector<double> owned, waiting;
    std::vector<std::vector<double>> coming;  // [offer][stage of arrival]
    std::vector<std::vector<double>> leased;  // [offer][stage]
    std::vector<double> spent;                // [year * 2 + kind]
    std::vector<double> demand;
    std::vector<double> shipped;  // [quota]
  };

  double at(std::size_t node, std::size_t column) const {
    return column == none ? 0.0 : solver_.primal()[node][column];
  }

  void walk(std::size_t node, Carried carried) const {
    const TreeNodeFacts& facts = solver_.tree().nodes[node];
    if (carried.owned.empty()) start(carried);
    receive_and_order(node, facts, carried);
    check_power_and_fleet(node, facts, carried);
    check_service(node, facts, carried);
    check_budget(facts, carried);
    check_quotas(carried);
    for (const auto& arc : solver_.tree().graph.nodes[node].arcs) walk(arc.child, carried);
  }

  void start(Carried& carried) const {
    for (const Pool& pool : problem_.pools) carried.owned.push_back(pool.initial);
    for (const Workload& workload : problem_.workloads) carried.demand.push_back(workload.initial);
    carried.waiting.assign(problem_.offers.size(), 0.0);
    carried.coming.assign(problem_.offers.size(),
                          std::vector<double>(problem_.stage_count() + 8, 0.0));
    carried.leased = carried.coming;
    carried.spent.assign(problem_.year_names.size() * 2, 0.0);
    carried.shipped.assign(problem_.quotas.size(), 0.0);
  }

  void receive_and_order(std::size_t node, const TreeNodeFacts& facts, Carried& carried) const {
    for (double& owned : carried.owned) owned *= problem_.survival;
    const std::size_t year = problem_.year_of_stage[facts.stage];
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const Offer& offer = problem_.offers[o];
      const double order = at(node, facts.layout.order[o]);
      EXPECT_GE(order, -1e-7);
      EXPECT_LE(order, offer.supply[facts.stage] + 1e-6);
      const double ship = at(node, facts.layout.ship[o]);
      const LawOfRegime law = law_of(offer, facts.regime);
      if (!law.may_order) {
        EXPECT_EQ(order, 0.0) << "orders what is prohibited";
        EXPECT_EQ(ship, 0.0) << "ships what is prohibited";
      }
      double granted = 1.0;
      for (const std::size_t gate : law.gates) {
        const GateState& state = problem_.gates[gate].states[facts.regime[gate]];
        if (!state.may_order) {
          EXPECT_EQ(order, 0.0);
        }
        granted = std::min(granted, state.release);
      }
      if (offer.kind == Offer::Kind::lease) {
        EXPECT_LE(order, offer.supply[facts.stage] * granted + 1e-6)
            << "leases more than is granted";
        for (int l = 0; l < offer.term; ++l) {
          carried.leased[o][facts.stage + static_cast<std::size_t>(offer.lead + l)] += order;
        }
        carried.spent[year * 2 + 1] += carried.leased[o][facts.stage] * offer.price;
        continue;
      }
      carried.waiting[o] += order - ship;
      EXPECT_GE(carried.waiting[o], -1e-6) << "ships what was not ordered";
      const double most = *std::max_element(offer.supply.begin(), offer.supply.end());
      if (!law.gates.empty()) {
        EXPECT_LE(ship, most * granted + 1e-6) << "ships more than is granted";
      }
      for (std::size_t q = 0; q < problem_.quotas.size(); ++q) {
        const auto& under = problem_.quotas[q].offers;
        if (std::find(under.begin(), under.end(), o) != under.end()) carried.shipped[q] += ship;
      }
      carried.coming[o][facts.stage + static_cast<std::size_t>(offer.lead)] += ship;
      const double arrived = carried.coming[o][facts.stage];
      carried.owned[offer.pool] += arrived;
      carried.spent[year * 2] +=
          (offer.deposit * order + (1 - offer.deposit) * arrived) * law.price;
    }
  }

  /// What the data say, with the regime's place counted here and not by the model.
  LawOfRegime law_of(const Offer& offer, const Regime& regime) const {
    if (offer.law.empty())
      return {.may_order = true,
              .gates = offer.gates,
              .price = offer.price,
              .status = {},
              .sources = {}};
    std::size_t index = 0;
    for (std::size_t g = 0; g < regime.size(); ++g)
      index = index * problem_.gates[g].states.size() + regime[g];
    return offer.law[index];
  }

  void check_quotas(const Carried& carried) const {
    for (std::size_t q = 0; q < problem_.quotas.size(); ++q) {
      EXPECT_LE(carried.shipped[q], problem_.quotas[q].limit + 1e-5) << "quota exceeded";
    }
  }

  void check_power_and_fleet(std::size_t node, const TreeNodeFacts& facts,
                             const Carried& carried) const {
    std::vector<double> drawn(problem_.sites.size(), 0.0);
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      double there = carried.owned[k], running = 0.0;
      for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
        if (problem_.offers[o].kind == Offer::Kind::lease && problem_.offers[o].pool == k) {
          there += carried.leased[o][facts.stage];
        }
      }
      for (const std::size_t column : facts.layout.allocation[k]) running += at(node, column);
      EXPECT_LE(running, there + 1e-5);
      drawn[problem_.pools[k].site] += running * problem_.pools[k].power_mw_per_k;
    }
    for (std::size_t s = 0; s < drawn.size(); ++s) {
      EXPECT_LE(drawn[s], problem_.sites[s].power[facts.stage] + 1e-5)
          << "power exceeded at node " << node;
    }
  }

  void check_service(std::size_t node, const TreeNodeFacts& facts, Carried& carried) const {
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      const Workload& workload = problem_.workloads[w];
      if (facts.stage > 0) carried.demand[w] *= workload.growth[facts.stage][facts.growth];
      double served = 0.0;
      for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
        served += at(node, facts.layout.allocation[k][w]) * problem_.pools[k].throughput[w] /
                  workload.peak_factor;
      }
      const double unserved = at(node, facts.layout.unserved[w]);
      EXPECT_GE(unserved, -1e-6);
      EXPECT_NEAR(served + unserved, carried.demand[w], 1e-5);
    }
  }

  void check_budget(const TreeNodeFacts& facts, const Carried& carried) const {
    const std::size_t year = problem_.year_of_stage[facts.stage];
    for (const Account& account : problem_.accounts) {
      const double spent =
          carried.spent[year * 2 + (account.pays_for == Offer::Kind::lease ? 1 : 0)];
      EXPECT_LE(spent, account.amount[year] + 1e-5);
    }
  }

  // Lines add up to the year's total to the cent.
  void check_money() const {
    for (const YearMoney& year : plan_.years) {
      std::int64_t sum = 0;
      for (const MoneyLine& line : plan_.money) {
        const bool same = line.kind == (year.account == "lease" ? "rent" : "purchase");
        if (line.year == year.year && same) sum += line.cents;
      }
      EXPECT_EQ(sum, year.spent_cents);
      EXPECT_LE(year.spent_cents, year.budget_cents + 1);
    }
  }

  const FleetSolver& solver_;
  const Problem& problem_;
  const Plan& plan_;
};

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

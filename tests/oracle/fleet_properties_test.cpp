// What must hold of the cost of every fleet problem, on random ones with everything a fleet may
// hold. That each plan keeps its limits, balances and money node by node is tested beside the
// model (vorrat/fleet/solve_test.cpp).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "vorrat/fleet/decompose.h"
#include "vorrat/fleet/random_problem.h"
#include "vorrat/fleet/uncertainty.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/information_value.h"

namespace vorrat::fleet {
namespace {

// Poorer than others' random problems, so that money matters too.
Problem random_problem(std::uint64_t seed) {
  Problem problem = RandomProblem(seed).make_whole();
  for (Account& account : problem.accounts)
    for (double& amount : account.amount) amount *= 0.2;
  problem.branching = {3, 2, 2};
  return problem;
}

// The draws of a tree hang on probabilities alone, so a problem with other limits has the same.
double cost(const Problem& problem, std::uint64_t seed) {
  const auto answer = tree::ExtensiveForm(make_fleet_tree(problem, seed).graph).solve_whole({});
  EXPECT_EQ(answer.status, lp::Status::optimal) << "seed " << seed;
  return answer.objective;
}

double tolerance(double cost) { return 1e-6 * (1.0 + std::abs(cost)); }

void more_budget(Problem& problem) {
  for (Account& account : problem.accounts)
    for (double& amount : account.amount) amount = 1.2 * amount + 10.0;
}

// More may ship, and more of what is decided is granted.
void more_licences(Problem& problem) {
  for (Gate& gate : problem.gates) {
    for (GateState& state : gate.states) {
      state.release = std::min(1.0, state.release + 0.2);
      state.grants = std::min(1.0 - state.downgrades, state.grants + 0.2);
    }
  }
  for (Quota& quota : problem.quotas) quota.limit += 2.0;
}

void more_power(Problem& problem) {
  for (Site& site : problem.sites)
    for (double& power : site.power) power += 5.0;
}

void remove_an_offer(Problem& problem) {
  for (double& supply : problem.offers.front().supply) supply = 0.0;
}

void deliver_sooner(Problem& problem) {
  for (Offer& offer : problem.offers) {
    if (offer.kind != Offer::Kind::buy || offer.lead <= offer.install) continue;
    --offer.lead;
    if (offer.lead_shares.empty()) continue;
    const auto first = static_cast<std::size_t>(offer.install);
    offer.lead_shares[first] += offer.lead_shares[first + 1];
    offer.lead_shares.erase(offer.lead_shares.begin() + static_cast<std::ptrdiff_t>(first) + 1);
  }
}

// What comes sooner also ages, fails and is paid sooner. Without that it can only be of use.
Problem without_ageing(Problem problem) {
  problem.end_share = 0.0;
  problem.survival = 1.0;
  for (Pool& pool : problem.pools) pool.survival.clear();
  for (Offer& offer : problem.offers) offer.deposit = 1.0;
  return problem;
}

struct Change {
  const char* name;
  void (*apply)(Problem&);
  double sign;       // of what it may do to the cost: +1 never raises it, -1 never lowers it
  int matters = 40;  // in so many problems at least: else the property would be empty
};

void expect_changes_never_hurt(const std::vector<Change>& changes, Problem (*prepare)(Problem)) {
  std::vector<int> matters(changes.size(), 0);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Problem problem = prepare(random_problem(seed));
    const double before = cost(problem, seed);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      Problem other = problem;
      changes[i].apply(other);
      const double gain = changes[i].sign * (before - cost(other, seed));
      ASSERT_GE(gain, -tolerance(before)) << changes[i].name << ", seed " << seed;
      if (gain > tolerance(before)) ++matters[i];
    }
  }
  for (std::size_t i = 0; i < changes.size(); ++i)
    EXPECT_GT(matters[i], changes[i].matters) << changes[i].name;
}

TEST(FleetCost, IsNeverRaisedByMoreOfALimitNorLoweredByOneOfferLess) {
  expect_changes_never_hurt({{"budget", more_budget, 1.0},
                             {"licences", more_licences, 1.0},
                             {"power", more_power, 1.0},
                             {"an offer less", remove_an_offer, -1.0}},
                            [](Problem problem) { return problem; });
}

TEST(FleetCost, IsNeverRaisedBySoonerDelivery) {
  expect_changes_never_hurt({{"sooner delivery", deliver_sooner, 1.0}}, without_ageing);
}

void stand_still(Gate& gate) {
  for (auto& rows : gate.transition)
    for (std::size_t from = 0; from < rows.size(); ++from)
      for (std::size_t to = 0; to < rows.size(); ++to) rows[from][to] = from == to ? 1.0 : 0.0;
}

Problem without_uncertainty(Problem problem) {
  for (Gate& gate : problem.gates) stand_still(gate);
  problem.market = {};
  for (auto& outcomes : problem.noise) {
    if (outcomes.empty()) continue;
    outcomes.resize(1);
    outcomes[0].probability = 1.0;
  }
  return problem;
}

double worth_of_knowing(const Problem& problem, std::uint64_t seed) {
  const auto tree = make_fleet_tree(problem, seed);
  const double optimum = tree::ExtensiveForm(tree.graph).solve_whole({}).objective;
  return optimum - tree::wait_and_see(tree.graph, {}).expected_cost.value();
}

TEST(FleetCost, GainsNothingFromKnowingAnUncertaintyThatIsSwitchedOff) {
  int worth_something = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Problem problem = random_problem(seed), certain = without_uncertainty(problem);
    const double near = tolerance(cost(problem, seed));
    const double worth = worth_of_knowing(problem, seed);
    EXPECT_GE(worth, -near) << "seed " << seed;
    EXPECT_NEAR(worth_of_knowing(certain, seed), 0.0, near) << "seed " << seed;
    if (worth > near) ++worth_something;
  }
  EXPECT_GT(worth_something, 100);
}

double bound(const Problem& problem, program::RiskMeasurePointer risk) {
  SolveSettings settings;
  settings.gap = 1e-7;
  settings.iterations = 400;
  settings.threads = 1;
  settings.paths = 2;
  return FleetPolicy::train(problem, settings, std::move(risk)).bound();
}

// The mean of the worst share of outcomes, from all of them (level 0) to the worst alone. Bounds
// are compared, which training brings to within about 1e-5 of the optimum.
TEST(FleetCost, RisesAlongTheRiskFrontierFromTheMean) {
  int rises = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Problem problem = RandomProblem(seed).make_whole();
    const double mean = bound(problem, program::expectation());
    const double near = 1e-4 * (1.0 + std::abs(mean));
    EXPECT_NEAR(bound(problem, program::conditional_value_at_risk(1.0)), mean, near) << seed;
    double last = mean;
    for (double tail : {0.7, 0.4, 0.1}) {
      const double next = bound(problem, program::conditional_value_at_risk(tail));
      EXPECT_GE(next, last - near) << "seed " << seed << ", tail " << tail;
      last = next;
    }
    const double worst = bound(problem, program::worst_case());
    EXPECT_GE(worst, last - near) << "seed " << seed;
    if (worst > mean + near) ++rises;
  }
  EXPECT_GT(rises, 500);
}

}  // namespace
}  // namespace vorrat::fleet

// Scenario folders with known answers, planned as a user would: by the tree and by decomposition.
// The answers are worked out in each folder's README.md.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <string>

#include "vorrat/fleet/coefficients.h"
#include "vorrat/quantity/text.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/plan.h"

namespace vorrat::verbs {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

fleet::Plan planned(const std::string& name, PlanMethod method,
                    PlanDepth depth = PlanDepth::optimum) {
  PlanRequest request;
  request.scenario = source / "scenarios/cases" / name;
  request.data = source / "data";
  request.depth = depth;
  request.method = method;
  request.gap = 1e-8;
  request.iterations = 200;
  PlanResult result = run(request);
  EXPECT_TRUE(result.plan) << to_string(result.diagnostics);
  return std::move(*result.plan);
}

/// What is ordered in the first quarter.
std::map<std::string, double> orders_of(const fleet::Plan& plan) {
  std::map<std::string, double> orders;
  for (const auto& line : plan.orders) orders[line.offer] = line.quantity;
  return orders;
}

void expect_close(double found, double expected) {
  EXPECT_NEAR(found, expected, 1e-6 * std::abs(expected));
}

class ScenarioCase : public testing::TestWithParam<PlanMethod> {};
INSTANTIATE_TEST_SUITE_P(ByEach, ScenarioCase, testing::Values(PlanMethod::tree, PlanMethod::sddp),
                         [](const auto& each) {
                           return each.param == PlanMethod::tree ? "Tree" : "Decomposition";
                         });

/// A folder's scenario, changed by the test, by the tree.
class Changed {
 public:
  explicit Changed(const std::string& name)
      : loaded_(load(source / "scenarios/cases" / name, source / "data").value()) {}
  scenario::Scenario& scenario() { return loaded_.scenario; }
  fleet::Plan plan() const {
    return fleet::FleetSolver(fleet::to_problem(loaded_.scenario, loaded_.rulings), {}).solve();
  }

 private:
  LoadedScenario loaded_;
};

scenario::Fact fact(const std::string& text) {
  scenario::Fact result;
  result.value = parse_uncertain(text).value();
  return result;
}

// Published: 381.8533; orders and further digits follow from its data.
TEST_P(ScenarioCase, LandsCapacityReachesThePublishedOptimum) {
  const fleet::Plan plan = planned("lands-capacity", GetParam());
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal) << plan.message;
  expect_close(plan.objective, 381'853'333.333);
  expect_close(plan.bound, 381'853'333.333);
  const auto orders = orders_of(plan);
  ASSERT_EQ(orders.size(), 4u);
  EXPECT_NEAR(orders.at("type-1"), 2666.667, 0.1);
  EXPECT_NEAR(orders.at("type-2"), 4000.0, 0.1);
  EXPECT_NEAR(orders.at("type-3"), 3333.333, 0.1);
  EXPECT_NEAR(orders.at("type-4"), 2000.0, 0.1);
}

// With all three classes uncertain and a promise of 14,000: 27 futures.
TEST(ScenarioCases, LandsCapacityHoldsInItsLargerVariant) {
  Changed changed("lands-capacity");
  auto& s = changed.scenario();
  s.workloads[1].growth = fact(
      "discrete(30 %: -33.3333333333333 %/quarter, 40 %: 0 %/quarter, 30 %: "
      "33.3333333333333 %/quarter)");
  s.workloads[2].growth =
      fact("discrete(30 %: -50 %/quarter, 40 %: 0 %/quarter, 30 %: 50 %/quarter)");
  s.minimum_fleets[0].quantity = fact("14,000 units");
  expect_close(changed.plan().objective, 397'751'333.333);
  s.budget[0].amount = fact("110 m USD");
  expect_close(changed.plan().objective, 401'084'666.667);
}

// 772.7273 by waiting, of which 172.7273 would be lost by buying at once.
TEST_P(ScenarioCase, WaitingOrBuyingWaitsAndSaysWhatThatIsWorth) {
  const fleet::Plan plan = planned("waiting-or-buying", GetParam(), PlanDepth::whole);
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal) << plan.message;
  EXPECT_TRUE(plan.orders.empty());
  const double nothing_bought = 200e3 + 200e3 / 1.1;
  expect_close(nothing_bought - plan.objective, 850e3 / 1.1);
  ASSERT_EQ(plan.not_ordered.size(), 1u);
  ASSERT_TRUE(plan.not_ordered[0].worth_of_one_more);
  expect_close(*plan.not_ordered[0].worth_of_one_more, 600.0 - 850.0 / 1.1);
}

// At once above 249.3506, never below 96.9697; in between it waits.
TEST(ScenarioCases, WaitingOrBuyingTurnsAtTheThresholdsOfTheBook) {
  Changed changed("waiting-or-buying");
  const auto at = [&](double price) {
    changed.scenario().workloads[0].unserved_price =
        fact(std::to_string(price / 1000) + " USD/Mtoken");
    return changed.plan();
  };
  EXPECT_TRUE(orders_of(at(249.34)).empty());
  EXPECT_NEAR(orders_of(at(249.36))["part"], 1000.0, 1e-3);
  // Never: the cost is that of serving nothing.
  expect_close(at(96.96).objective, 96.96e3 * (1 + 1 / 1.1));
  EXPECT_LT(at(96.98).objective, 96.98e3 * (1 + 1 / 1.1) - 1);
}

// Buying now is worth 480; waiting 714.5455 times the odds that the window is still open.
TEST_P(ScenarioCase, WindowThatShutsIsBoughtFromWhileItIsOpen) {
  const fleet::Plan plan = planned("window-that-shuts", GetParam());
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal) << plan.message;
  const double nothing_bought = 180e3 + 180e3 / 1.1;
  expect_close(nothing_bought - plan.objective, 480e3);
  EXPECT_NEAR(orders_of(plan)["part"], 1000.0, 1e-3);
}

TEST(ScenarioCases, WindowThatShutsIsWaitedForWhereItShutsSeldom) {
  Changed changed("window-that-shuts");
  const auto at = [&](double shuts) {
    changed.scenario().gates[0].transition[0][0] = {1 - shuts, shuts};
    return changed.plan();
  };
  const double threshold = 1 - 480 / (786 / 1.1);
  EXPECT_TRUE(orders_of(at(threshold - 1e-4)).empty());
  EXPECT_NEAR(orders_of(at(threshold + 1e-4))["part"], 1000.0, 1e-3);
  expect_close(180e3 + 180e3 / 1.1 - at(0.2).objective, 0.8 * 786e3 / 1.1);
}

TEST_P(ScenarioCase, NewsvendorOrdersTheCriticalQuantile) {
  const fleet::Plan plan = planned("newsvendor", GetParam(), PlanDepth::whole);
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal) << plan.message;
  const double net = 10e3 - 3.8e3 / 1.21, missed = 18e3 / 1.1;
  EXPECT_NEAR(orders_of(plan)["part"], 1000.0, 1e-3);
  expect_close(plan.objective, net * 1000 + missed * (0.25 * 200 + 0.15 * 400));
}

TEST_P(ScenarioCase, StockOrPremiumStocksUntilTheRestIsCheaperLater) {
  const fleet::Plan plan = planned("stock-or-premium", GetParam());
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal) << plan.message;
  EXPECT_NEAR(orders_of(plan)["now"], 800.0, 1e-3);
  expect_close(plan.objective, 8e6 + 3.33e6 / 1.1);
}

}  // namespace
}  // namespace vorrat::verbs

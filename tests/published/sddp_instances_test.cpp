// The public instances by decomposition. Whole numbers would be relaxed, so the two MIPs are left
// out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/published/cases.h"
#include "tests/published/instances.h"
#include "vorrat/sddp/train.h"
#include "vorrat/simulate/monte_carlo.h"

namespace vorrat::published {
namespace {

class DecomposedInstance : public testing::TestWithParam<Instance> {};

TEST_P(DecomposedInstance, HasItsOptimumAsBoundAndAsCost) {
  SKIP_WITHOUT_INSTANCES();
  const double optimum = GetParam().optimum;
  for (sddp::CutKind cuts : {sddp::CutKind::single, sddp::CutKind::multiple}) {
    sddp::Options options{.iterations = 500, .gap = 1e-7, .cuts = cuts};
    // Nothing bounds what may be bought there, so its cost to go has no bound that could be
    // computed.
    if (std::string_view(GetParam().file).starts_with("msppy")) options.cost_to_go_bound = 1000.0;
    const auto result = sddp::train(open(GetParam()).problem.graph, options);
    EXPECT_EQ(result.status, sddp::TrainStatus::converged) << result.reason;
    EXPECT_NEAR(result.bound, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
    EXPECT_NEAR(result.simulated.mean, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
    EXPECT_EQ(result.hand_overs, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(All, DecomposedInstance, testing::ValuesIn(linear_instances()),
                         [](const auto& instance) { return fmt::format("{}", instance.index); });

// The published bounds after 100 iterations are 1010.130 and 1304.239; the optima 1012.40723159 and
// between 1308.854 and 1309.1038.
TEST(Capex, ReachesThePublishedBounds) {
  SKIP_WITHOUT_INSTANCES();
  sddp::Options options{.iterations = 100, .first_check = 0, .simulation_paths = 200};
  const auto operate = sddp::train(open({"capex/capex1.sof.json", 0}).problem.graph, options);
  EXPECT_GT(operate.bound, 1009.5);
  EXPECT_LE(operate.bound, 1012.40723159);
  EXPECT_EQ(operate.solves, 20800);
  const auto invest = sddp::train(open({"capex/capex2.sof.json", 0}).problem.graph, options);
  EXPECT_GT(invest.bound, 1302.0);
  EXPECT_LE(invest.bound, 1309.1038);
  EXPECT_EQ(invest.solves, 21000);
}

TEST(Decomposed, LandsAndCapacityReachTheirOptima) {
  const std::pair<program::PolicyGraph, double> cases[] = {
      {lands_capacity(Lands::a), 381.853333},
      {lands_capacity(Lands::b), 397.751333},
      {lands_capacity(Lands::c), 397.751333},  // needs feasibility cuts
      {capacity_two_stage(), 340315.521689}};
  for (const auto& [graph, optimum] : cases) {
    const auto result = sddp::train(graph, {.gap = 1e-8});
    EXPECT_EQ(result.status, sddp::TrainStatus::converged) << result.reason;
    EXPECT_NEAR(result.bound, optimum, 2e-6 * optimum);
  }
}

TEST(Decomposed, NewsVendorPlaysItsValidationScenarios) {
  SKIP_WITHOUT_INSTANCES();
  const auto problem = open({"news_vendor/news_vendor.sof.json", 0}).problem;
  const auto result = sddp::train(problem.graph, {.gap = 1e-9});
  const std::vector<double> worth = {5.0, 5.0, 3.5};
  for (std::size_t s = 0; s < 3; ++s) {
    std::vector<simulate::GivenStep> scenario;
    for (const program::Visit& visit : problem.validation_scenarios[s])
      scenario.push_back({.node = visit.node, .outcome = visit.outcome});
    double sum = 0.0;
    for (double cost : simulate::play(*result.policy, scenario)) sum += cost;
    EXPECT_NEAR(sum, worth[s], 1e-9);
  }
}

}  // namespace
}  // namespace vorrat::published

// The public instances by decomposition. Whole numbers would be relaxed, so the two MIPs are left
// out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/published/instances.h"
#include "vorrat/published/instances.h"
#include "vorrat/sddp/train.h"
#include "vorrat/simulate/monte_carlo.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::published {
namespace {

class DecomposedInstance : public testing::TestWithParam<Instance> {};

TEST_P(DecomposedInstance, HasItsOptimumAsBoundAndAsCost) {
  SKIP_WITHOUT_INSTANCES();
  const double optimum = GetParam().optimum;
  for (sddp::CutKind cuts : {sddp::CutKind::single, sddp::CutKind::multiple}) {
    const sddp::Options options{.iterations = 500, .gap = 1e-7, .cuts = cuts};
    const auto result = sddp::train(open(GetParam()).problem.graph, options);
    EXPECT_EQ(result.status, sddp::TrainStatus::converged) << result.reason;
    EXPECT_NEAR(result.bound, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
    EXPECT_NEAR(result.simulated.mean, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
    EXPECT_EQ(result.hand_overs, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(All, DecomposedInstance, testing::ValuesIn(linear_instances()),
                         [](const auto& instance) { return fmt::format("{}", instance.index); });

// One cut an outcome; the built-in cases themselves run with one a visit.
class DecomposedBuiltIn : public testing::TestWithParam<InstanceFile> {};

TEST_P(DecomposedBuiltIn, HasItsOptimumWithMultipleCutsToo) {
  const auto graph = open_instance(VORRAT_SOURCE_DIR "/data", GetParam().file).problem.graph;
  const double optimum = tree::ExtensiveForm(graph).solve_whole({}).objective;
  sddp::Options options{.iterations = 500, .gap = 1e-7, .cuts = sddp::CutKind::multiple};
  options.cost_to_go_bound = GetParam().cost_to_go_bound;
  const auto result = sddp::train(graph, options);
  EXPECT_EQ(result.status, sddp::TrainStatus::converged) << result.reason;
  EXPECT_NEAR(result.bound, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
  EXPECT_NEAR(result.simulated.mean, optimum, 1e-6 * std::max(1.0, std::abs(optimum)));
  EXPECT_EQ(result.hand_overs, 0);
}

INSTANTIATE_TEST_SUITE_P(All, DecomposedBuiltIn, testing::ValuesIn(instance_files()),
                         [](const auto& instance) { return instance.param.name; });

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

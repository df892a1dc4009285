// What must hold of the public problems beyond their optima, which the built-in cases hold.
#include "vorrat/published/instances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "vorrat/published/outside_folder.h"
#include "vorrat/sddp/train.h"
#include "vorrat/simulate/monte_carlo.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::published {

void PrintTo(const Instance& instance, std::ostream* out) { *out << instance.name; }

namespace {

// MIPs are left out: decomposition relaxes them, and solving them twice takes long.
std::vector<Instance> linear_instances() {
  std::vector<Instance> all = built_in_instances();
  std::ranges::copy_if(outside_instances(), std::back_inserter(all),
                       [](const Instance& instance) { return !instance.is_integer; });
  return all;
}

std::filesystem::path folder_of(const Instance& instance) {
  const bool is_built_in =
      std::ranges::count(built_in_instances(), instance.name, &Instance::name) > 0;
  return is_built_in ? VORRAT_SOURCE_DIR "/data/cases/instances" : outside_folder();
}

#define SKIP_WITHOUT(folder)            \
  if (!std::filesystem::exists(folder)) \
  GTEST_SKIP() << "there is no folder " << (folder) << "; set VORRAT_INSTANCES to it"

double optimum(const program::PolicyGraph& graph) {
  return tree::ExtensiveForm(graph).solve_whole({}).objective;
}

class LinearInstance : public testing::TestWithParam<Instance> {};

TEST_P(LinearInstance, IsTheSameProgramAfterWritingAndReading) {
  SKIP_WITHOUT(folder_of(GetParam()));
  const auto opened = open_instance(folder_of(GetParam()), GetParam());
  const auto again = program::read_stoch_opt_format(program::write_stoch_opt_format(opened.problem),
                                                    "written.sof.json");
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->graph.state_names, opened.problem.graph.state_names);
  const double before = optimum(opened.problem.graph);
  EXPECT_NEAR(optimum(again->graph), before, 1e-9 * std::max(1.0, std::abs(before)));
}

// One cut an outcome; the built-in cases run with one a visit.
TEST_P(LinearInstance, HasItsOptimumWithMultipleCutsToo) {
  SKIP_WITHOUT(folder_of(GetParam()));
  const auto graph = open_instance(folder_of(GetParam()), GetParam()).problem.graph;
  sddp::Options options{.iterations = 500, .gap = 1e-7, .cuts = sddp::CutKind::multiple};
  options.cost_to_go_bound = GetParam().cost_to_go_bound;
  const auto result = sddp::train(graph, options);
  const double expected = optimum(graph), tolerance = 1e-6 * std::max(1.0, std::abs(expected));
  EXPECT_EQ(result.status, sddp::TrainStatus::converged) << result.reason;
  EXPECT_NEAR(result.bound, expected, tolerance);
  EXPECT_NEAR(result.simulated.mean, expected, tolerance);
  EXPECT_EQ(result.hand_overs, 0);
}

INSTANTIATE_TEST_SUITE_P(All, LinearInstance, testing::ValuesIn(linear_instances()),
                         [](const auto& test) { return test.param.name; });

Instance outside(const std::string& name) {
  return *std::ranges::find(outside_instances(), name, &Instance::name);
}

TEST(OutsideInstances, SayWhenProbabilitiesWereDividedByTheirSum) {
  SKIP_WITHOUT(outside_folder());
  const auto opened = open_instance(outside_folder(), outside("sizes3"));
  ASSERT_EQ(opened.notes.faults().size(), 1u);
  EXPECT_EQ(opened.notes.faults()[0].message,
            "the probabilities of the scenarios sum to 0.999999; each is divided by that sum");
}

// Ten are bought. The three given scenarios are worth 5, 5 and 3.5.
class NewsVendor : public testing::Test {
 protected:
  static constexpr std::array<double, 3> worth = {5.0, 5.0, 3.5};
  program::StochOptProblem open() const {
    return open_instance(outside_folder(), outside("news_vendor")).problem;
  }
};

TEST_F(NewsVendor, IsWorthItsValidationScenariosAsTrees) {
  SKIP_WITHOUT(outside_folder());
  const auto problem = open();
  ASSERT_EQ(problem.validation_scenarios.size(), worth.size());
  for (std::size_t s = 0; s < worth.size(); ++s) {
    program::PolicyGraph graph = problem.graph;
    for (const program::Visit& visit : problem.validation_scenarios[s]) {
      graph.nodes[visit.node].noise = {visit.outcome};
      graph.nodes[visit.node].noise[0].probability = 1.0;
    }
    tree::ExtensiveForm form(graph);
    const auto bought = form.columns_named("x_out").at(0);
    form.set_column_bounds(bought.node, bought.index, 10, 10);
    EXPECT_NEAR(form.solve_whole({}).objective, worth[s], 1e-9);
  }
}

TEST_F(NewsVendor, PlaysItsValidationScenarios) {
  SKIP_WITHOUT(outside_folder());
  const auto problem = open();
  const auto result = sddp::train(problem.graph, {.gap = 1e-9});
  for (std::size_t s = 0; s < worth.size(); ++s) {
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

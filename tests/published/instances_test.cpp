// Public instances with known optima as one tree; writing and reading them changes nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/published/instances.h"
#include "vorrat/published/instances.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::published {
namespace {

class PublishedInstance : public testing::TestWithParam<Instance> {};

TEST_P(PublishedInstance, HasItsOptimumAsOneTree) {
  SKIP_WITHOUT_INSTANCES();
  const auto result = tree::ExtensiveForm(open(GetParam()).problem.graph).solve({});
  ASSERT_EQ(result.answer.status, lp::Status::optimal);
  EXPECT_NEAR(result.answer.objective, GetParam().optimum,
              1e-6 * std::max(1.0, std::abs(GetParam().optimum)));
}

TEST_P(PublishedInstance, IsTheSameProgramAfterWritingAndReading) {
  SKIP_WITHOUT_INSTANCES();
  const auto opened = open(GetParam());
  if (std::string_view(GetParam().file).starts_with("sizes/"))
    GTEST_SKIP() << "a MIP of some seconds, solved once by the test above";
  const std::string text = program::write_stoch_opt_format(opened.problem);
  const auto again = program::read_stoch_opt_format(text, "written.sof.json");
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->graph.state_names, opened.problem.graph.state_names);
  const auto answer = tree::ExtensiveForm(again->graph).solve_whole({});
  EXPECT_NEAR(answer.objective, GetParam().optimum,
              1e-6 * std::max(1.0, std::abs(GetParam().optimum)));
}

std::vector<Instance> all_instances() {
  std::vector<Instance> all = linear_instances();
  for (const Instance& instance : integer_instances()) all.push_back(instance);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, PublishedInstance, testing::ValuesIn(all_instances()),
                         [](const auto& instance) { return fmt::format("{}", instance.index); });

class BuiltInInstance : public testing::TestWithParam<InstanceFile> {};

TEST_P(BuiltInInstance, IsTheSameProgramAfterWritingAndReading) {
  const auto opened = open_instance(VORRAT_SOURCE_DIR "/data", GetParam().file);
  const auto again = program::read_stoch_opt_format(program::write_stoch_opt_format(opened.problem),
                                                    "written.sof.json");
  ASSERT_TRUE(again) << to_string(again.error());
  const double optimum = tree::ExtensiveForm(opened.problem.graph).solve_whole({}).objective;
  EXPECT_NEAR(tree::ExtensiveForm(again->graph).solve_whole({}).objective, optimum,
              1e-9 * std::max(1.0, std::abs(optimum)));
}

INSTANTIATE_TEST_SUITE_P(All, BuiltInInstance, testing::ValuesIn(instance_files()),
                         [](const auto& instance) { return instance.param.name; });

TEST(PublishedInstances, SayWhenProbabilitiesWereDividedByTheirSum) {
  SKIP_WITHOUT_INSTANCES();
  const auto opened = open({"sizes/sizes.cor", 0, nullptr, "sizes/sizes-3.sto"});
  ASSERT_EQ(opened.notes.faults().size(), 1u);
  EXPECT_EQ(opened.notes.faults()[0].message,
            "the probabilities of the scenarios sum to 0.999999; each is divided by that sum");
}

// Ten are bought. The three given scenarios are worth 5, 5 and 3.5.
TEST(PublishedInstances, OfTheNewsVendorCarryTheirValidationScenarios) {
  SKIP_WITHOUT_INSTANCES();
  const auto problem = open({"news_vendor/news_vendor.sof.json", 0}).problem;
  ASSERT_EQ(problem.validation_scenarios.size(), 3u);
  const std::vector<double> worth = {5.0, 5.0, 3.5};
  for (std::size_t s = 0; s < 3; ++s) {
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

}  // namespace
}  // namespace vorrat::published

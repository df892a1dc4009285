// Public instances with known optima, read from the folder that VORRAT_INSTANCES names. Most of
// them may not be copied into this tree, so the tests are skipped where the folder is missing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "vorrat/program/problem_file.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/information_value.h"

namespace vorrat::published {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* named = std::getenv("VORRAT_INSTANCES");
  return named != nullptr ? fs::path(named) : fs::path(VORRAT_SOURCE_DIR) / "../shared/instances";
}

struct Instance {
  const char* file;
  double optimum;
  const char* lattice = nullptr;
  const char* stoch = nullptr;
};

std::ostream& operator<<(std::ostream& out, const Instance& instance) {
  return out << instance.file;
}

program::OpenedProblem open(const Instance& instance) {
  program::ProblemFiles files{.file = folder() / instance.file};
  if (instance.lattice != nullptr) files.lattice = folder() / instance.lattice;
  if (instance.stoch != nullptr) {
    files.stoch = folder() / instance.stoch;
    files.time = (folder() / instance.file).replace_extension(".tim");
  }
  auto opened = program::open_problem(files);
  EXPECT_TRUE(opened) << to_string(opened.error());
  return opened.value_or(program::OpenedProblem());
}

#define SKIP_WITHOUT_INSTANCES() \
  if (!fs::exists(folder()))     \
  GTEST_SKIP() << "no instances in " << folder() << "; set VORRAT_INSTANCES to their folder"

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

// The figures of the README of the instances, which says which are published.
INSTANTIATE_TEST_SUITE_P(
    All, PublishedInstance,
    testing::Values(
        Instance{"lands/lands.cor", 381.8533333},
        Instance{"lands/lands.cor", 381.8533333, nullptr, "lands/lands-blocks.sto"},
        Instance{"pgp2/pgp2.cor", 447.3243455}, Instance{"cep1/cep1.cor", 355159.953704},
        Instance{"farmer/farmer.cor", -108390.0},
        Instance{"airlift/airl.cor", 249101.6720723, nullptr, "airlift/airl-first.sto"},
        Instance{"airlift/airl.cor", 269665.4983901, nullptr, "airlift/airl-second.sto"},
        Instance{"chem/chem.cor", -13009.1666667},
        Instance{"sizes/sizes.cor", 224433.7333, nullptr, "sizes/sizes-3.sto"},
        Instance{"sizes/sizes.cor", 224486.0, nullptr, "sizes/sizes-5.sto"},
        Instance{"news_vendor/news_vendor.sof.json", 5.0},
        Instance{"electric/electric.sof.json", 381.8533333},
        Instance{"electric/electric.problem.json", 381.8533333},
        Instance{"electric/electric.problem.json", 393.76, "electric/electric-tree.lattice.json"},
        Instance{"hydro_thermal/hydro_thermal.problem.json", 8333.333333},
        Instance{"hydro_valley/hydro_valley_deterministic.sof.json", 835.0},
        Instance{"hydro_valley/hydro_valley_stagewise.sof.json", 838.3333333},
        Instance{"hydro_valley/hydro_valley_markov.sof.json", 851.8},
        Instance{"hydro_valley/hydro_valley_markov_stagewise.sof.json", 855.0},
        Instance{"asset_management/asset_management_simple.sof.json", 1.514084643},
        Instance{"prob52/prob52_2stages.sof.json", 340315.5217},
        Instance{"prob52/prob52_3stages.sof.json", 406712.4927},
        Instance{"msppy_newsvendor/nvid.sof.json", 3.1818181818},
        Instance{"msplib07/(07_0)_D.problem.json", 1.5140846429},
        Instance{"msplib07/(07_1)_D.problem.json", 2.2510500695},
        Instance{"msplib07/(07_2)_D.problem.json", -0.5832958357}),
    [](const auto& instance) { return fmt::format("{}", instance.index); });

TEST(PublishedInstances, OfCep1HaveTheirValuesOfInformation) {
  SKIP_WITHOUT_INSTANCES();
  const auto value = tree::information_value(open({"cep1/cep1.cor", 0}).problem.graph, {});
  EXPECT_NEAR(value.average.promised_cost, 90200.0, 1e-3);
  EXPECT_NEAR(value.average.expected_cost.value(), 366897.484568, 1e-3);
  EXPECT_NEAR(value.known.expected_cost.value(), 339991.184898, 1e-3);
  EXPECT_NEAR(value.perfect_information.value(), 15168.768806, 1e-3);
  EXPECT_NEAR(value.stochastic_solution.value(), 11737.530864, 1e-3);
}

TEST(PublishedInstances, OfTheFarmerHaveTheirValuesOfInformation) {
  SKIP_WITHOUT_INSTANCES();
  const auto value = tree::information_value(open({"farmer/farmer.cor", 0}).problem.graph, {});
  EXPECT_NEAR(value.average.promised_cost, -118600.0, 1e-4);
  EXPECT_NEAR(value.average.expected_cost.value(), -107240.0, 1e-4);
  EXPECT_NEAR(value.known.expected_cost.value(), -115405.555556, 1e-4);
  EXPECT_NEAR(value.stochastic_solution.value(), 1150.0, 1e-4);
  EXPECT_NEAR(value.perfect_information.value(), 7015.555556, 1e-4);
}

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

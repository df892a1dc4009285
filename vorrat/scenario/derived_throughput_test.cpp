#include "vorrat/scenario/derived_throughput.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "vorrat/scenario/check.h"
#include "vorrat/scenario/load.h"
#include "vorrat/workload/throughput.h"

namespace vorrat::scenario {
namespace {

// The sound scenario: chat runs on h200-sxm and ascend-910c, training on h200-sxm.
const catalog::Catalog& facts() {
  static const catalog::Catalog loaded = catalog::Catalog::load(VORRAT_SOURCE_DIR "/data").value();
  return loaded;
}

const std::string chat_columns =
    "model,input,output,counts,ttft,tpot,prefix_cached,precision,cluster,software";

// The sound scenario with the columns above: what chat and training write in them, and what
// throughput.csv says ("" = there is no such file).
std::expected<Scenario, Diagnostics> loaded(const std::string& chat, const std::string& training,
                                            const std::string& throughput = "") {
  const auto folder = std::filesystem::temp_directory_path() /
                      (std::string("vorrat-derived-") +
                       testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::remove_all(folder);
  std::filesystem::copy(VORRAT_SOURCE_DIR "/tests/broken/sound", folder);
  std::ofstream(folder / "workloads.csv")
      << "workload,title,demand,growth,unserved_price,sites,source,date,kind," << chat_columns
      << "\nchat,answers,20 tn tokens/day,20 %/quarter,0.2 USD/Mtoken,north,made up for "
         "tests,2026-02-09,measured,"
      << chat
      << "\ntraining,training,3e25 FLOP/quarter,10 %/quarter,4 USD/EFLOP,south,made up for "
         "tests,2026-02-09,measured,"
      << training << "\n";
  std::filesystem::remove(folder / "throughput.csv");
  if (!throughput.empty())
    std::ofstream(folder / "throughput.csv") << "accelerator,workload,throughput,source,date,kind\n"
                                             << throughput;
  auto scenario = load(folder, facts());
  std::filesystem::remove_all(folder);
  return scenario;
}

constexpr const char* deepseek = "deepseek-v3,3000,800,,2 s,50 ms,,fp8,,";
constexpr const char* run_of_2048 = "llama-3.1-405b,8192,,,,,,fp8,2048,";

std::size_t place_of(const Scenario& scenario, const std::string& accelerator) {
  const auto found = std::ranges::find(scenario.accelerators, accelerator,
                                       [](const catalog::Accelerator& part) { return part.id; });
  return static_cast<std::size_t>(found - scenario.accelerators.begin());
}

TEST(DerivedThroughput, IsWhatTheThroughputModelSaysWithItsBand) {
  const auto scenario = loaded(deepseek, run_of_2048);
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  const Throughput* cell = scenario->throughput_of(place_of(*scenario, "h200-sxm"), 0);
  ASSERT_NE(cell, nullptr);
  const auto model = workload::ThroughputModel::load(VORRAT_SOURCE_DIR "/data", facts()).value();
  workload::Question question{.accelerator = "h200-sxm", .model = "deepseek-v3"};
  question.precision = workload::Precision::fp8;
  question.service.input = 3000;
  question.service.output = 800;
  question.service.first_token = 2;
  question.service.per_token = 0.05;
  question.service.arrival = workload::Arrival::service;
  question.year = 2026.125;
  const auto answer = model.predict(question);
  EXPECT_NEAR(cell->rate.value.quantile(0.1).value, answer.low, 1e-6 * answer.low);
  EXPECT_NEAR(cell->rate.value.quantile(0.9).value, answer.high, 1e-6 * answer.high);
  EXPECT_EQ(cell->smallest_unit, answer.smallest_unit);
  EXPECT_EQ(cell->rate.source.kind, SourceKind::derived);
  EXPECT_THAT(cell->rate.source.text, testing::HasSubstr("calibrated on "));
}

TEST(DerivedThroughput, GrowsWithTheSoftwareFromQuarterToQuarter) {
  const auto scenario = loaded(deepseek, run_of_2048);
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  const Throughput* cell = scenario->throughput_of(place_of(*scenario, "h200-sxm"), 0);
  ASSERT_EQ(cell->progress.size(), static_cast<std::size_t>(scenario->horizon.quarters));
  EXPECT_EQ(cell->progress[0], 1);
  EXPECT_TRUE(std::ranges::is_sorted(cell->progress));
  EXPECT_GT(cell->mean_progress(), 1);
}

TEST(DerivedThroughput, CountsTheTokensThatDemandCounts) {
  const auto written = loaded(deepseek, run_of_2048);
  const auto all = loaded("deepseek-v3,3000,800,all,2 s,50 ms,,fp8,,", run_of_2048);
  ASSERT_TRUE(written && all);
  const auto mean = [](const Scenario& scenario) {
    return scenario.throughput_of(place_of(scenario, "h200-sxm"), 0)->rate.value.mean().value;
  };
  EXPECT_NEAR(mean(*all) / mean(*written), 3800.0 / 800, 1e-9);
}

TEST(DerivedThroughput, OfTrainingIsFlopPerSecondBelowTheRating) {
  const auto scenario = loaded(deepseek, run_of_2048);
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  const Throughput* cell = scenario->throughput_of(place_of(*scenario, "h200-sxm"), 1);
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->rate.value.dimension(), dimensions::compute_rate / dimensions::count);
  EXPECT_EQ(cell->smallest_unit, 2048);
  // Llama Team, arXiv 2407.21783, table 4: 38 to 43 % of 989 TFLOP/s in 16 bits on H100.
  EXPECT_GT(cell->rate.value.mean().value, 350e12);
  EXPECT_LT(cell->rate.value.mean().value, 989e12);
}

TEST(DerivedThroughput, GivesWayToACellOfThroughputCsv) {
  const auto scenario = loaded(deepseek, run_of_2048,
                               "h200-sxm,chat,\"1,234 tokens/s\",own tests,2026-02-01,measured\n");
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  const Throughput* cell = scenario->throughput_of(place_of(*scenario, "h200-sxm"), 0);
  EXPECT_EQ(cell->rate.value.mean().value, 1234);
  EXPECT_EQ(cell->rate.source.text, "own tests");
  EXPECT_TRUE(cell->progress.empty());
  EXPECT_NE(scenario->throughput_of(place_of(*scenario, "ascend-910c"), 0), nullptr);
}

TEST(DerivedThroughput, IsSaidByCheckWithItsSource) {
  const auto scenario = loaded(deepseek, run_of_2048);
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  EXPECT_THAT(to_string(check(*scenario, facts())),
              testing::AllOf(testing::HasSubstr("the throughput of h200-sxm for \"chat\" is "),
                             testing::HasSubstr("derived by the throughput model, calibrated on "),
                             testing::HasSubstr("derived by the training model")));
}

TEST(DerivedThroughput, IsNoneWhereTheLimitsCannotBeKept) {
  const auto scenario = loaded("deepseek-v3,3000,800,,1 ms,,,fp8,,", run_of_2048);
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  EXPECT_EQ(scenario->throughput_of(place_of(*scenario, "h200-sxm"), 0), nullptr);
  EXPECT_THAT(to_string(check(*scenario, facts())),
              testing::HasSubstr("is none (no deployment keeps its limits of time)"));
}

TEST(DerivedThroughput, ChangesTheHashOfTheInputs) {
  const auto one = loaded(deepseek, run_of_2048);
  const auto other = loaded("deepseek-v3,3000,801,,2 s,50 ms,,fp8,,", run_of_2048);
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->input_hash, other->input_hash);
}

TEST(DerivedThroughput, NamesWhatIsWrongWithAWorkModel) {
  const auto messages = [](const std::string& chat, const std::string& training) {
    std::vector<std::string> all;
    const auto scenario = loaded(chat, training);
    if (!scenario)
      for (const Fault& fault : scenario.error().faults()) all.push_back(fault.message);
    return all;
  };
  using Messages = std::vector<std::string>;
  EXPECT_EQ(messages("deepseek-v9,3000,800,,2 s,50 W,,fp7,,", "llama-3.1-405b,,,,,,,,,"),
            (Messages{"unknown language model \"deepseek-v9\"", "unknown precision \"fp7\"",
                      "the tpot of workload \"chat\" is \"50 W\", which is a power",
                      "the cluster of workload \"training\" is missing"}));
  EXPECT_EQ(
      messages(",3000,,,,,,,,", run_of_2048),
      (Messages{"workload \"chat\" says its input, but not what it runs", "the file is missing"}));
}

}  // namespace
}  // namespace vorrat::scenario

#include "vorrat/input/estimate_file.h"

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>

#include "vorrat/quantity/text.h"

namespace vorrat {
namespace {

const std::filesystem::path nvidia =
    std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/estimates/nvidia-chip-counts.toml";

EstimateFile read_nvidia(const std::map<std::string, std::string>& overrides = {}) {
  auto file = read_estimate(nvidia, overrides);
  if (!file) throw InvalidInput(to_string(file.error()));
  return std::move(*file);
}

struct Published {
  const char* name;
  double p05, p50, p95;
};

// Source: github.com/epoch-research/ai-chip-counts, commit d1b1bc31, nvidia_estimates.ipynb (5000
// draws, seed 42). Tolerance: medians 1.5 %, p05 and p95 3 %.
const std::vector<Published> published = {
    {"FY23Q4_A800", 31582, 41291, 53561},         {"FY24Q2_A100", 52907, 68648, 89466},
    {"FY24Q2_H100", 162896, 194437, 228782},      {"FY24Q2_H800", 34064, 42225, 52548},
    {"FY25Q4_H100", 509368, 607997, 715389},      {"FY25Q4_H20", 258290, 335706, 436723},
    {"FY25Q4_B200", 239695, 281032, 329174},      {"FY26Q1_H20", 290737, 377878, 491584},
    {"FY26Q2_B300", 259213, 305976, 359521},      {"FY26Q4_B300", 658004, 776710, 912632},
    {"FY24Q2_h100e", 225900, 267600, 312800},     {"FY25Q4_h100e", 1183800, 1370900, 1574700},
    {"FY26Q2_h100e", 1668200, 1911100, 2184900},  {"FY26Q4_h100e", 2674600, 3085200, 3550000},
    {"cumulative", 9.28e6, 10.81e6, 12.46e6},     {"cumulative_h100e", 12.64e6, 14.51e6, 16.52e6},
    {"cumulative_power", 7804e6, 9010e6, 10286e6}};

TEST(Estimate, NvidiaChipCountsComeOutAsPublished) {
  EstimateFile file = read_nvidia();
  std::vector<std::string> names;
  for (const Published& row : published) names.push_back(row.name);
  const ModelResult result = file.model.run(names, file.options);
  for (std::size_t i = 0; i < published.size(); ++i) {
    const Published& row = published[i];
    const ModelOutput& output = result.outputs[i];
    EXPECT_NEAR(output.quantile(0.5).value / row.p50, 1, 0.015) << row.name;
    EXPECT_NEAR(output.quantile(0.05).value / row.p05, 1, 0.03) << row.name;
    EXPECT_NEAR(output.quantile(0.95).value / row.p95, 1, 0.03) << row.name;
  }
}

TEST(Estimate, TheIntervalGrowsWithTheCorrelationOfPrices) {
  const std::vector<Published> sweep = {{"0", 13.26, 14.54, 15.91},
                                        {"0.3", 12.91, 14.53, 16.33},
                                        {"0.5", 12.64, 14.51, 16.52},
                                        {"0.9", 12.33, 14.49, 16.98},
                                        {"0.99", 12.29, 14.46, 17.08}};
  double last_width = 0;
  for (const Published& row : sweep) {
    EstimateFile file = read_nvidia({{"prices.rank", row.name}});
    const ModelOutput output = file.model.run({"cumulative_h100e"}, file.options).outputs[0];
    const double p05 = output.quantile(0.05).value, p95 = output.quantile(0.95).value;
    EXPECT_NEAR(output.quantile(0.5).value / (row.p50 * 1e6), 1, 0.015) << row.name;
    EXPECT_NEAR(p05 / (row.p05 * 1e6), 1, 0.03) << row.name;
    EXPECT_NEAR(p95 / (row.p95 * 1e6), 1, 0.03) << row.name;
    EXPECT_GT(p95 - p05, last_width) << row.name;
    last_width = p95 - p05;
  }
}

TEST(Estimate, AMillionDrawsTakeLessThanFiveSeconds) {
  EstimateFile file = read_nvidia();
  std::vector<std::string> names;
  for (const EstimateOutput& output : file.outputs) names.push_back(output.name);
  file.options.draws = 1000000;
  const std::clock_t start = std::clock();  // of this process, whatever else the machine does
  const ModelResult result = file.model.run(names, file.options);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 5);
  EXPECT_EQ(result.outputs.size(), published.size());
}

std::string faults_of(const std::string& text) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto folder = std::filesystem::path(VORRAT_BINARY_DIR) / ("estimate_file_" + test);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "estimate.toml") << text;
  const auto file = read_estimate(folder / "estimate.toml");
  if (!file) return to_string(file.error());
  try {
    std::vector<std::string> names;
    for (const EstimateOutput& output : file->outputs) names.push_back(output.name);
    file->model.run(names, file->options);
  } catch (const FormulaFault& fault) {
    return to_string(file->at_place(fault));
  }
  return to_string(file->notes);
}

TEST(Estimate, ShowsWhereAFormulaDoesNotFit) {
  EXPECT_EQ(faults_of(R"_([inputs]
power = "100 to 120 MW (80 %)"
term = "3 days"
[outputs]
energy = "power * term + 5 MW"
)_"),
            R"_(estimate.toml:5:11: cannot add an energy and a power
    5 | energy = "power * term + 5 MW"
      |           ^^^^^^^^^^^^^^^^^^^ bring both to one kind
1 fault
)_");
}

TEST(Estimate, SaysWhatIsNeitherQuantityNorFormula) {
  EXPECT_EQ(
      faults_of("[inputs]\nprice = \"27k to 35k USDD (80 %)\"\n[outputs]\nx = \"pric * 2\"\n"),
      R"_(estimate.toml:2:21: "price" is "27k to 35k USDD (80 %)": "USDD" is not a unit
    2 | price = "27k to 35k USDD (80 %)"
      |                     ^^^^ did you mean "USD"?
1 fault
)_");
  EXPECT_EQ(faults_of("[inputs]\nprice = \"27k USD\"\n[outputs]\nx = \"pric * 2\"\n"),
            R"_(estimate.toml:4:6: there is no "pric"
    4 | x = "pric * 2"
      |      ^^^^ did you mean "price"?
1 fault
)_");
}

TEST(Estimate, WarnsWhereARepairedCorrelationWasTaken) {
  EXPECT_EQ(
      faults_of(R"_([inputs]
x = "1 to 2 (80 %)"
y = "1 to 2 (80 %)"
z = "1 to 2 (80 %)"
[[correlation]]
of = ["x", "y", "z"]
rank = -0.9
[outputs]
total = "x + y + z"
)_"),
      R"_(estimate.toml:7:8: warning: no quantities can have these correlations; the nearest possible were taken, 0.400 away at most
    7 | rank = -0.9
      |        ^^^^ lower the strongest, or use one shared rank
1 warning
)_");
}

}  // namespace
}  // namespace vorrat

#include "vorrat/workload/throughput.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>

#include "vorrat/base/sha256.h"

namespace vorrat::workload {
namespace {

const std::filesystem::path data_folder = VORRAT_SOURCE_DIR "/data";

const catalog::Catalog& shared_catalog() {
  static const auto catalog = catalog::Catalog::load(data_folder);
  return *catalog;
}
const ThroughputModel& model() {
  static const auto loaded = ThroughputModel::load(data_folder, shared_catalog());
  if (!loaded) throw std::runtime_error(to_string(loaded.error()));
  return *loaded;
}
const ServingProblem& problem() {
  static const ServingProblem built =
      make_serving_problem(shared_catalog(), model().kin(), model().rows());
  return built;
}
const CalibrationCheck& check() {
  static const CalibrationCheck checked = check_calibration(problem().problem);
  return checked;
}

Question question(const std::string& accelerator, const std::string& language_model) {
  Question result{.accelerator = accelerator, .model = language_model};
  result.service = {.input = 1000, .output = 1000};
  return result;
}

TEST(Throughput, PredictsAMeasuredPairNearItsMeasurement) {
  // T0066: DeepSeek-R1 on 8 H200, 1000 in and out, TensorRT-LLM: 1627 tokens/s each.
  Question asked = question("h200-sxm", "deepseek-r1");
  asked.year = 2025.95;
  const Prediction answer = model().predict(asked);
  ASSERT_EQ(answer.refusal, "");
  EXPECT_GT(answer.tokens_per_second, 1627 / 1.5);
  EXPECT_LT(answer.tokens_per_second, 1627 * 1.5);
  EXPECT_LT(answer.low, answer.tokens_per_second);
  EXPECT_GT(answer.high, answer.tokens_per_second);
  EXPECT_EQ(answer.evidence, Evidence::measured);
  EXPECT_EQ(answer.deployment.layout.parallelism, Parallelism::expert);
}

TEST(Throughput, IsLessSureWhereNothingSimilarWasMeasured) {
  const auto width = [](const Prediction& answer) { return std::log(answer.high / answer.low); };
  const Prediction measured = model().predict(question("h200-sxm", "llama-3.1-70b"));
  const Prediction kin = model().predict(question("h20-96-sxm", "llama-3.1-70b"));
  const Prediction none = model().predict(question("ascend-910c", "llama-3.1-70b"));
  ASSERT_EQ(none.refusal, "");
  EXPECT_LT(width(measured), width(kin));
  EXPECT_LT(width(kin), width(none));
  EXPECT_EQ(kin.evidence, Evidence::kin);
  EXPECT_EQ(none.evidence, Evidence::analytical);
}

TEST(Throughput, SaysWhatIsMissing) {
  EXPECT_EQ(model().predict(question("h201", "deepseek-r1")).refusal,
            "no accelerator \"h201\" in the catalogue");
  EXPECT_EQ(model().predict(question("bytedance-seedchip", "deepseek-r1")).refusal,
            "the memory or compute rate of bytedance-seedchip was not published");
  EXPECT_EQ(model().predict(question("h200-sxm", "doubao-1.5-pro")).refusal,
            "the size of doubao-1.5-pro was not published");
  Question small = question("l4", "deepseek-r1");
  small.service.accelerators = 8;
  EXPECT_THAT(model().predict(small).refusal,
              testing::StartsWith("deepseek-v3 does not fit: each of 8 accelerators needs"));
}

TEST(Throughput, NeverPredictsMoreThanTheRoofline) {
  int answered = 0;
  for (const std::string& accelerator : shared_catalog().accelerator_ids())
    for (const std::string& name : shared_catalog().language_model_ids()) {
      const Prediction answer = model().predict(question(accelerator, name));
      if (!answer.refusal.empty()) continue;
      ++answered;
      EXPECT_LE(answer.high, answer.bound) << accelerator << " " << name;
      EXPECT_LE(answer.low, answer.tokens_per_second);
    }
  EXPECT_GT(answered, 1000);
}

TEST(Throughput, FindsTheMeasurementItIsAskedAbout) {
  for (const ServingRow& row : model().rows()) {
    if (row.id != "T0066") continue;
    const auto nearest = model().nearest(ThroughputModel::question_of(row), 3);
    ASSERT_EQ(nearest.size(), 3U);
    EXPECT_EQ(nearest[0].id, "T0066");
    EXPECT_DOUBLE_EQ(nearest[0].measured, 1627);
  }
}

TEST(Throughput, AnswersInUnderFiveMilliseconds) {
  const auto start = std::chrono::steady_clock::now();
  int asked = 0;
  for (const std::string& accelerator : shared_catalog().accelerator_ids())
    for (const char* name : {"deepseek-r1", "llama-3.1-405b", "qwen3-30b-a3b"}) {
      Question one = question(accelerator, name);
      one.service.per_token = 0.05;
      one.service.first_token = 2;
      model().predict(one);
      ++asked;
    }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_LT(taken.count() / asked, 5e-3);
}

TEST(Measurements, AreBelowTheRooflineAtAHundredPercent) {
  // A measured speed above it is a fault of the data, be it the speed or a rating.
  for (const ServingRow& row : problem().rows) {
    const Prediction answer = model().predict(ThroughputModel::question_of(row));
    ASSERT_EQ(answer.refusal, "") << row.id;
    EXPECT_LE(row.measured, answer.bound) << row.id;
  }
}

TEST(Measurements, AreUsedOrLeftOutWithAReason) {
  EXPECT_EQ(problem().rows.size() + problem().left_out.size(), model().rows().size());
  EXPECT_EQ(problem().rows.size(), 306U);
}

TEST(Measurements, RefuseABadRowAndNameItsPlace) {
  const auto folder = std::filesystem::temp_directory_path() / "vorrat_measurement_test.csv";
  std::ofstream(folder) << "id,workload,scenario,system,chip_id,chips,precision,input_len,"
                           "output_len,latency_limits,version/date,unit\n"
                           "X1,llama-2-70b,Offline,s,h200-sxm,8,fp9,many,1,none,v,tokens/s\n";
  const auto rows = read_serving(folder);
  std::filesystem::remove(folder);
  ASSERT_FALSE(rows);
  const std::string text = to_string(rows.error());
  EXPECT_THAT(text, testing::HasSubstr("unknown precision \"fp9\""));
  EXPECT_THAT(text, testing::HasSubstr("the input_len is \"many\""));
  EXPECT_THAT(text, testing::HasSubstr("\"v\" has no date"));
}

// The promises of accuracy, on blocks that the fit did not see, mean of five deals into five folds.
TEST(CrossValidation, KeepsThreeQuartersWithinThirtyPercentAndNearlyAllWithinTwice) {
  const Agreement all = agreement(problem().problem, check());
  EXPECT_GE(all.within_30_percent, 0.75);
  EXPECT_GE(all.within_twice, 0.96);
  EXPECT_GE(all.median_ratio, 0.9);
  EXPECT_LE(all.median_ratio, 1.1);
}

TEST(CrossValidation, HoldsTheBandItStates) {
  const Agreement all = agreement(problem().problem, check());
  EXPECT_GE(all.in_band, 0.75);
  EXPECT_LE(all.in_band, 0.85);
}

TEST(CrossValidation, HoldsForAcceleratorsThatTheFitNeverSaw) {
  for (const char* accelerator : {"h200-sxm", "b200", "mi300x", "mi355x"})
    EXPECT_GE(leave_out_accelerator(problem(), accelerator).within_30_percent, 0.6) << accelerator;
}

TEST(CrossValidation, IsNotPoorForAnyClassOrVendorWithFiveRows) {
  const auto expect = [](const Agreement& part, const std::string& name) {
    EXPECT_GE(part.within_30_percent, 0.6) << name;
    EXPECT_GE(part.within_twice, 0.9) << name;
  };
  for (const bool is_mixture : {false, true})
    expect(agreement(problem().problem, check(),
                     [&](std::size_t row) { return problem().is_mixture[row] == is_mixture; }),
           is_mixture ? "mixtures of experts" : "dense");
  for (const char* vendor : {"NVIDIA", "AMD", "Intel"})
    expect(agreement(problem().problem, check(),
                     [&](std::size_t row) { return problem().vendors[row] == vendor; }),
           vendor);
  std::map<std::string, int> editions;
  for (const ServingRow& row : problem().rows) ++editions[row.edition];
  for (const auto& [edition, count] : editions)
    if (count >= 5)
      expect(agreement(problem().problem, check(),
                       [&](std::size_t row) { return problem().rows[row].edition == edition; }),
             edition);
}

TEST(Calibration, ReproducesTheFileInTheDataFolder) {
  std::ifstream serving(data_folder / "throughput" / "serving.csv");
  std::stringstream text;
  text << serving.rdbuf();
  const auto file = std::filesystem::temp_directory_path() / "vorrat_calibration_test.toml";
  std::ofstream(file) << calibrate_serving(problem(), "throughput/serving.csv",
                                           sha256_hex(text.str()));
  std::vector<std::string> names;
  for (const EfficiencyPrior& prior : efficiency_priors()) names.emplace_back(prior.name);
  const auto again = read_calibration(file, names, serving_effects());
  std::filesystem::remove(file);
  ASSERT_TRUE(again) << to_string(again.error());
  const Calibration& kept = model().calibration();
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_NEAR(again->parameters[i], kept.parameters[i], 2e-3) << names[i];
  for (std::size_t kind = 0; kind < kept.kinds.size(); ++kind)
    for (const auto& [key, effect] : kept.effects[kind])
      EXPECT_NEAR(again->effects[kind].at(key).value, effect.value, 2e-3) << key;
  EXPECT_NEAR(again->band_factor, kept.band_factor, 2e-2);
}

}  // namespace
}  // namespace vorrat::workload

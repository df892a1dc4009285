#include "vorrat/workload/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/workload/throughput.h"

namespace vorrat::workload {
namespace {

const std::filesystem::path data_folder = VORRAT_SOURCE_DIR "/data";

const catalog::Catalog& shared_catalog() {
  static const auto catalog = catalog::Catalog::load(data_folder);
  return *catalog;
}
const TrainingModel& model() {
  static const auto loaded = TrainingModel::load(data_folder, shared_catalog());
  if (!loaded) throw std::runtime_error(to_string(loaded.error()));
  return *loaded;
}
const TrainingProblem& problem() {
  static const TrainingProblem built =
      make_training_problem(shared_catalog(), model().kin(), model().rows());
  return built;
}

TEST(Training, ComputesASpeedByHand) {
  TrainingEfficiency efficiency;
  efficiency.compute_share = 0.5;
  efficiency.sixteen_bit_share = 1e-12;
  efficiency.family_immaturity = 1e-12;
  TrainingJob job{.hardware = {.fp16 = 1000, .link = 900}, .rate = 1000, .active = 70};
  // 500 TFLOP/s / (6 x 70e9 FLOP)
  EXPECT_NEAR(training_speed(job, efficiency), 500e12 / (6 * 70e9), 1e-6);
  EXPECT_NEAR(model_flop_utilisation(training_speed(job, efficiency), job), 0.5, 1e-9);
  job.is_fine_tuning = true;
  EXPECT_NEAR(training_speed(job, efficiency), 500e12 / (4 * 70e9), 1e-6);
  job.accelerators = 800;  // a hundred times eight, and the exponent of a model of 70 bn
  EXPECT_NEAR(training_speed(job, efficiency),
              500e12 / (4 * 70e9) / std::pow(100, efficiency.scale_loss), 1e-6);
}

TEST(Training, LosesLessToFailuresTheQuickerItsCheckpoints) {
  // 419 unexpected interruptions of 16,384 accelerators in 54 days (Llama 3, arXiv 2407.21783) are
  // 0.173 failures a year and accelerator, one in 3.1 hours for the cluster.
  const double slow = productive_share(16384, 0.173, 300, 1200);
  const double quick = productive_share(16384, 0.173, 10, 1200);
  EXPECT_LT(slow, quick);
  const double between = 365.25 * 86400 / (0.173 * 16384);
  EXPECT_NEAR(quick, 1 - std::sqrt(2 * 10 / between) - 1200 / between, 1e-12);
}

TEST(Training, PredictsLlama3NearWhatWasPublished) {
  // arXiv 2407.21783: 8,192 H100 in bf16 reach 430 TFLOP/s, 43 % of the rating.
  const auto answer = model().predict({.accelerator = "h100-sxm",
                                       .model = "llama-3.1-405b",
                                       .accelerators = 8192,
                                       .precision = "fp16",
                                       .sequence = 8192,
                                       .year = 2024.5,
                                       .publisher = "production"});
  ASSERT_EQ(answer.refusal, "");
  EXPECT_NEAR(answer.utilisation, 0.43, 0.09);
  EXPECT_LT(answer.low, answer.per_second);
  EXPECT_GT(answer.high, answer.per_second);
}

TEST(Training, MoreComputeBandwidthOrLinksNeverSlowsIt) {
  for (const double active : {0.0, 8.0, 400.0})
    for (const double accelerators : {8.0, 64.0, 4096.0}) {
      const TrainingJob job{.hardware = {.fp16 = 900, .fp8 = 1800, .bandwidth = 3000, .link = 900},
                            .rate = 1800,
                            .active = active,
                            .expert_numbers = 3e6,
                            .accelerators = accelerators,
                            .is_mixture = true};
      const double before = training_speed(job, {});
      for (double Hardware::*rating :
           {&Hardware::fp16, &Hardware::bandwidth, &Hardware::link, &Hardware::network}) {
        TrainingJob better = job;
        better.hardware.*rating *= 1.5;
        EXPECT_GE(training_speed(better, {}), before);
      }
      TrainingJob larger = job;
      larger.accelerators *= 2;
      EXPECT_LE(training_speed(larger, {}), before);
    }
}

TEST(Training, KeepsItsPromisesOnRowsThatTheFitDidNotSee) {
  const CalibrationCheck check = check_calibration(problem().problem);
  const Agreement all = agreement(problem().problem, check);
  EXPECT_GE(all.count, 220);
  EXPECT_GE(all.within_25_percent, 0.85);
  EXPECT_GE(all.in_band, 0.75);
  EXPECT_LE(all.in_band, 0.85);
}

TEST(Training, ReproducesItsCalibration) {
  const Calibration again = calibrate(problem().problem);
  const Calibration& kept = model().calibration();
  for (std::size_t i = 0; i < again.parameters.size(); ++i)
    EXPECT_NEAR(again.parameters[i], kept.parameters[i], 2e-3) << training_priors()[i].name;
  for (std::size_t kind = 0; kind < kept.kinds.size(); ++kind)
    for (const auto& [key, effect] : kept.effects[kind])
      EXPECT_NEAR(again.effects[kind].at(key).value, effect.value, 2e-3) << key;
}

}  // namespace
}  // namespace vorrat::workload

#include "vorrat/workload/recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/workload/catalogued.h"

namespace vorrat::workload {
namespace {

const std::filesystem::path data_folder = VORRAT_SOURCE_DIR "/data";

const catalog::Catalog& shared_catalog() {
  static const auto catalog = catalog::Catalog::load(data_folder);
  return *catalog;
}
const RecommenderModel& model() {
  static const auto loaded = RecommenderModel::load(data_folder, shared_catalog());
  if (!loaded) throw std::runtime_error(to_string(loaded.error()));
  return *loaded;
}
ServingRow asked(const std::string& accelerator, bool is_more_exact) {
  ServingRow row;
  row.model = "dlrm-dcnv2";
  row.accelerator = accelerator;
  row.is_more_exact = is_more_exact;
  return row;
}

// 100 pairs x 10 MFLOP at half of 2000 TFLOP/s: 1 us. 100 x 50 x 64 B at a quarter of 1280 GB/s:
// 1 us. In 16 bits: half of 1000 TFLOP/s and twice the bytes, so 2 us each. Overhead 3 us.
TEST(Ranking, ComputesATimeByHand) {
  const Hardware hardware{.fp16 = 1000, .fp8 = 2000, .bandwidth = 1280};
  const Recommender recommender{.pairs = 100, .lookups = 50, .width = 64, .mflop = 10};
  const RankingEfficiency efficiency{
      .compute_share = 0.5, .bandwidth_share = 0.25, .overhead = 3, .service_loss = 0};
  const RankingTime narrow = ranking_time(hardware, recommender, false, efficiency);
  EXPECT_NEAR(narrow.compute, 1e-6, 1e-12);
  EXPECT_NEAR(narrow.embeddings, 1e-6, 1e-12);
  EXPECT_NEAR(narrow.total(), 5e-6, 1e-12);
  EXPECT_NEAR(ranking_time(hardware, recommender, true, efficiency).total(), 7e-6, 1e-12);
}

// MLPerf v5.1 on one of 8 H200: 69,500 to 76,000 samples/s at 99 %, some 45,000 at 99.9 %.
TEST(Ranking, PredictsAMeasuredAcceleratorNearItsMeasurement) {
  const RankingPrediction coarse = model().predict(asked("h200-sxm", false));
  const RankingPrediction exact = model().predict(asked("h200-sxm", true));
  EXPECT_NEAR(coarse.per_second, 73000, 11000);
  EXPECT_NEAR(exact.per_second, 45000, 7000);
  EXPECT_LT(coarse.low, coarse.per_second);
  EXPECT_GT(coarse.high, coarse.per_second);
}

TEST(Ranking, IsNeverSlowerWithMoreComputeOrBandwidthNorFasterThanTheRatings) {
  const Recommender recommender{.pairs = 270, .lookups = 214, .width = 128, .mflop = 32};
  for (const auto& part : shared_catalog().accelerators) {
    const auto hardware = hardware_of(part, nullptr);
    if (!hardware) continue;
    const double before = ranking_time(hardware->hardware, recommender, true, {}).total();
    for (double Hardware::*rating : {&Hardware::fp16, &Hardware::bandwidth}) {
      Hardware better = hardware->hardware;
      better.*rating *= 1.5;
      EXPECT_LE(ranking_time(better, recommender, true, {}).total(), before) << part.id;
    }
    const RankingPrediction answer = model().predict(asked(part.id, true));
    const double products = 270 * 32e-6 / hardware->hardware.fp16;
    EXPECT_LE(answer.high, 1 / products) << part.id;
  }
}

TEST(Ranking, SaysWhatIsMissing) {
  ServingRow row = asked("h201", false);
  EXPECT_THAT(model().predict(row).refusal, testing::StartsWith("no accelerator \"h201\""));
  row.model = "dlrm-v3";
  EXPECT_EQ(model().predict(row).refusal, "what dlrm-v3 does for a sample is not published");
}

TEST(Ranking, KeepsItsPromisesOnRowsThatTheFitDidNotSee) {
  const auto kin = read_kin(data_folder);
  const auto rows = read_serving(data_folder / "throughput" / "serving.csv");
  const auto table = read_recommenders(data_folder);
  const RankingProblem problem = make_ranking_problem(shared_catalog(), *kin, *table, *rows);
  const Agreement all = agreement(problem.problem, check_calibration(problem.problem));
  EXPECT_EQ(all.count, 62);
  EXPECT_GE(all.within_30_percent, 0.75);
  EXPECT_GE(all.within_twice, 0.96);
}

}  // namespace
}  // namespace vorrat::workload

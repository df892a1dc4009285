#include "vorrat/verbs/throughput.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"
#include "vorrat/input/table.h"

namespace vorrat::verbs {
namespace {

const std::filesystem::path data_folder = VORRAT_SOURCE_DIR "/data";

ThroughputRequest one_pair() {
  ThroughputRequest request;
  request.accelerators = {"h200-sxm"};
  request.models = {"deepseek-r1"};
  request.data = data_folder;
  return request;
}

TEST(Throughput, AnswersOnePairWithItsNearestMeasurements) {
  const ThroughputResult result = run(one_pair());
  ASSERT_EQ(result.exit_code(), 0);
  ASSERT_EQ(result.entries.size(), 1U);
  EXPECT_EQ(result.entries[0].nearest.size(), 5U);
  EXPECT_TRUE(result.entries[0].rented);
  const std::string text = to_text(result);
  EXPECT_THAT(text, testing::HasSubstr("Nearest measurements"));
  EXPECT_THAT(text, testing::HasSubstr("T0066"));
  const auto json = nlohmann::json::parse(to_json(result));
  EXPECT_GT(json["entries"][0]["p90"], json["entries"][0]["p10"]);
}

TEST(Throughput, ATighterLimitCostsMore) {
  ThroughputRequest request = one_pair();
  request.per_token = "200 ms";
  const auto loose = run(request).entries[0];
  request.per_token = "30 ms";
  const auto tight = run(request).entries[0];
  EXPECT_LT(tight.prediction.tokens_per_second, loose.prediction.tokens_per_second);
  EXPECT_GT(tight.rented->first, loose.rented->first);
}

TEST(Throughput, PeaksOfDemandCostAsMuchAsTheyAreHigh) {
  ThroughputRequest request = one_pair();
  const auto even = run(request).entries[0];
  request.peak_to_mean = 2;
  EXPECT_NEAR(run(request).entries[0].rented->first, 2 * even.rented->first, 1e-9);
}

TEST(Throughput, RefusesWhatCannotBeMeant) {
  const auto message = [](const ThroughputRequest& request) -> std::string {
    try {
      run(request);
    } catch (const InvalidInput& fault) {
      return fault.what();
    }
    return "";
  };
  ThroughputRequest request = one_pair();
  request.accelerators = {"h200-smx"};
  EXPECT_EQ(message(request), "unknown accelerator \"h200-smx\"; did you mean \"h200-sxm\"?");
  request = one_pair();
  request.per_token = "50 MW";
  EXPECT_EQ(message(request), "the time per token is \"50 MW\"; write a time, as in \"50 ms\"");
  request = one_pair();
  request.on = "tomorrow";
  EXPECT_EQ(message(request), "\"tomorrow\" is no day; write it as 2026-10-01");
  request = one_pair();
  request.precision = "fp3";
  EXPECT_EQ(message(request), "unknown precision \"fp3\"; known: fp16, fp8, fp4");
}

TEST(Throughput, SaysThatNothingFits) {
  ThroughputRequest request = one_pair();
  request.accelerators = {"l4"};
  request.replica = 8;
  const ThroughputResult result = run(request);
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_THAT(to_text(result), testing::HasSubstr("does not fit"));
}

TEST(Throughput, AddsFourColumnsToATableOfRows) {
  ThroughputRequest request = one_pair();
  request.rows = data_folder / "throughput" / "serving.csv";
  const ThroughputResult result = run(request);
  ASSERT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
  const auto before = Table::read(request.rows);
  const auto after = Table::parse(result.rows, "rows");
  ASSERT_TRUE(after) << to_string(after.error());
  ASSERT_EQ(after->row_count(), before->row_count());
  EXPECT_EQ(after->columns().size(), before->columns().size() + 4);
  int predicted = 0;
  for (std::size_t row = 0; row < after->row_count(); ++row)
    predicted += !after->find(row, "predicted")->text.empty();
  // Not: six of DLRM-v3, one in tokens read, one that holds no whole replica.
  EXPECT_EQ(predicted, static_cast<int>(before->row_count()) - 8);
}

TEST(Throughput, TellsOfAllAcceleratorsAndModelsInTenSeconds) {
  ThroughputRequest request;
  request.data = data_folder;
  const auto start = std::chrono::steady_clock::now();
  const ThroughputResult result = run(request);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_GT(result.entries.size(), 2000U);
  EXPECT_LT(taken.count(), 10);
  EXPECT_THAT(to_text(result), testing::HasSubstr("No answer:"));
}

}  // namespace
}  // namespace vorrat::verbs

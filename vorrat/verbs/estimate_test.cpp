#include "vorrat/verbs/estimate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace vorrat::verbs {
namespace {

std::filesystem::path write(const std::string& text) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto path = std::filesystem::path(VORRAT_BINARY_DIR) / ("verbs_estimate_" + test + ".toml");
  std::ofstream(path) << text;
  return path;
}

const std::string bill = R"_([estimate]
title = "a year's electricity"
draws = 20000
[inputs]
load = "90 to 110 MW (80 %)"
price = "80 USD/MWh"
[outputs]
bill = { formula = "load * 1 year * price", unit = "m USD" }
)_";

TEST(Estimate, PrintsATableAndTheSameBytesOnAnyNumberOfThreads) {
  const std::filesystem::path path = write(bill);
  const EstimateResult one = run(EstimateRequest{.file = path, .threads = 1});
  const EstimateResult two = run(EstimateRequest{.file = path, .threads = 2});
  EXPECT_EQ(one.exit_code(), 0) << to_string(one.diagnostics);
  EXPECT_EQ(to_text(one), to_text(two));
  EXPECT_EQ(to_json(one), to_json(two));
  EXPECT_EQ(to_text(one).substr(0, 20), "a year's electricity");
  EXPECT_NE(to_text(one).find("load +1.00"), std::string::npos) << to_text(one);
}

// 99.5 MW (the median) * 8766 h * 80 USD/MWh = 69.8 m USD
TEST(Estimate, GivesTheWholeAnswerAsJson) {
  const auto json = nlohmann::json::parse(to_json(run(EstimateRequest{.file = write(bill)})));
  EXPECT_EQ(json["status"], "estimated");
  EXPECT_EQ(json["outputs"][0]["unit"], "m USD");
  EXPECT_NEAR(json["outputs"][0]["p50"].get<double>(), 69.8, 0.3);
}

TEST(Estimate, AnOverrideThatFitsNothingIsAFault) {
  const EstimateResult result =
      run(EstimateRequest{.file = write(bill), .overrides = {{"lod", "5 MW"}}});
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_EQ(to_string(result.diagnostics),
            "--set lod: there is no input \"lod\"\n      did you mean \"load\"?\n1 fault\n");
}

TEST(Estimate, AnOverrideReplacesAnInput) {
  const EstimateResult result =
      run(EstimateRequest{.file = write(bill), .overrides = {{"load", "10 MW"}}});
  ASSERT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
  EXPECT_NEAR(result.outputs[0].quantile(0.5).value, 10 * 8766 * 80, 1e-6);
}

}  // namespace
}  // namespace vorrat::verbs

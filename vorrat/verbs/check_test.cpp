#include "vorrat/verbs/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace vorrat::verbs {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

TEST(Check, FindsTheWorkedScenarioSound) {
  const CheckResult result =
      run(CheckRequest{.scenario = source / "scenarios/bytedance-2026", .data = source / "data"});
  EXPECT_EQ(result.exit_code(), 0) << to_text(result);
  EXPECT_EQ(nlohmann::json::parse(to_json(result))["status"], "ok");
}

TEST(Check, NamesTheFaultsOfABrokenOne) {
  const CheckResult result =
      run(CheckRequest{.scenario = source / "tests/broken/wrong-unit", .data = source / "data"});
  EXPECT_EQ(result.exit_code(), 2);
  const auto json = nlohmann::json::parse(to_json(result));
  EXPECT_EQ(json["status"], "invalid_input");
  EXPECT_GE(json["faults"].size(), 1u);
  EXPECT_TRUE(json["faults"][0]["line"].is_number());
}

}  // namespace
}  // namespace vorrat::verbs

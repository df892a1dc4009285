#include "vorrat/report/scenario_schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace vorrat::report {
namespace {

TEST(ScenarioSchema, IsTheOneInTheReference) {
  std::ifstream file(std::string(VORRAT_SOURCE_DIR) + "/docs/reference/scenario.schema.json");
  const std::string kept(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(scenario_schema(), kept)
      << "write it anew: vorrat schema > docs/reference/scenario.schema.json";
}

TEST(ScenarioSchema, AsksForWhatTheReaderAsksFor) {
  const auto schema = nlohmann::json::parse(scenario_schema());
  EXPECT_EQ(schema["required"],
            (nlohmann::json{"scenario", "buyer", "horizon", "money", "end_value", "fleet"}));
  EXPECT_EQ(schema["properties"]["horizon"]["properties"]["quarters"]["type"], "integer");
  const auto& gate = schema["properties"]["gates"]["additionalProperties"];
  EXPECT_EQ(gate["properties"]["states"]["items"]["required"], (nlohmann::json{"id", "release"}));
  EXPECT_EQ(gate["properties"]["side"]["enum"], (nlohmann::json{"exporter", "importer"}));
}

}  // namespace
}  // namespace vorrat::report

#include "vorrat/report/json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace vorrat::report {
namespace {

fleet::Plan small_plan() {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::optimal;
  plan.currency = "USD";
  plan.objective = 1.25e9;
  plan.bound = 1.25e9;
  fleet::OrderLine line;
  line.offer = "h200-direct";
  line.accelerator = "h200-sxm";
  line.route = "direct";
  line.site = "mainland";
  line.quantity = 20000;
  line.cost = 540e6;
  line.worth_of_one_more = 12.5;
  plan.orders.push_back(line);
  plan.fleet.push_back({.stage = "2026Q1", .accelerator = "all", .p05 = 1, .p50 = 2, .p95 = 3});
  plan.fleet.push_back(
      {.stage = "2026Q1", .accelerator = "h200-sxm", .p05 = 1, .p50 = 2, .p95 = 3});
  plan.method.seed = 7;
  return plan;
}

TEST(Json, HasTheDocumentedTopLevel) {
  const auto json = nlohmann::json::parse(to_json(small_plan(), {}));
  for (const char* key :
       {"status", "objective", "bound", "gap", "seconds", "seed", "orders", "fleet"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["status"], "optimal");
  EXPECT_EQ(json["objective"], 1.25e9);
  EXPECT_EQ(json["seed"], 7);
  for (const char* key : {"accelerator", "route", "site", "quantity", "cost"}) {
    EXPECT_TRUE(json["orders"][0].contains(key)) << key;
  }
  EXPECT_EQ(json["orders"][0]["worth_of_one_less"], nullptr);
  EXPECT_EQ(json["fleet"][0]["quarter"], "2026Q1");
  EXPECT_EQ(json["fleet"][0]["p95"], 3.0);
  EXPECT_EQ(json["fleet"][0]["accelerators"][0]["accelerator"], "h200-sxm");
}

/// Every key that is printed is in the schema, and every key that the schema requires is printed.
void expect_documented(const nlohmann::json& value, const nlohmann::json& schema,
                       const std::string& where) {
  if (value.is_array()) {
    for (const auto& item : value) expect_documented(item, schema["items"], where + "[]");
  }
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.items()) {
    ASSERT_TRUE(schema["properties"].contains(key)) << where << "." << key;
    expect_documented(member, schema["properties"][key], where + "." + key);
  }
  for (const auto& key : schema["required"])
    EXPECT_TRUE(value.contains(key)) << where << "." << key;
}

TEST(Json, IsDescribedByTheSchema) {
  std::ifstream file(std::string(VORRAT_SOURCE_DIR) + "/docs/reference/plan.schema.json");
  const auto schema = nlohmann::json::parse(file);
  fleet::Plan plan = small_plan();
  plan.money.push_back({.year = "2026", .purpose = "h200-direct", .kind = "purchase", .cents = 5});
  plan.years.push_back({.year = "2026", .account = "capital"});
  plan.service.push_back({.stage = "2026Q1", .workload = "chat"});
  plan.uses.push_back({.accelerator = "h200", .site = "home", .workload = "chat"});
  plan.power.push_back({.stage = "2026Q1", .site = "home"});
  plan.licences.push_back({.stage = "2026Q1", .offer = "h200-direct"});
  plan.gates.push_back({.stage = "2026Q1", .gate = "us", .state = "review"});
  plan.gate_dates.push_back({.gate = "us", .odds_by_stage = {0.0, 0.5}, .p95 = "2026Q2"});
  plan.method.log.push_back({.iteration = 1, .bound = 5.0});
  plan.limits.push_back({.kind = "power", .name = "power at home", .unit = "MW"});
  expect_documented(nlohmann::json::parse(to_json(plan, {})), schema, "plan");
}

TEST(Json, GivesNoNumbersWithoutAPlan) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::infeasible;
  plan.clashes = {{"power at home"}};
  const auto json = nlohmann::json::parse(to_json(plan, {}));
  EXPECT_EQ(json["status"], "infeasible");
  EXPECT_EQ(json["objective"], nullptr);
  EXPECT_EQ(json["clashes"][0][0], "power at home");
}

TEST(Json, GivesFaultsWithTheirPlaces) {
  Diagnostics diagnostics;
  diagnostics.add({.place = {"sites.csv", 3, 9},
                   .message = "bad \xff",
                   .hint = "mend it",
                   .excerpt = "x",
                   .width = 4});
  const auto json = nlohmann::json::parse(to_json(diagnostics));
  EXPECT_EQ(json["status"], "invalid_input");
  EXPECT_EQ(json["faults"][0]["line"], 3);
  EXPECT_EQ(json["faults"][0]["severity"], "error");
  EXPECT_EQ(json["faults"][0]["hint"], "mend it");
}

}  // namespace
}  // namespace vorrat::report

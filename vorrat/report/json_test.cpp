#include "vorrat/report/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

TEST(Json, GivesNoNumbersWithoutAPlan) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::infeasible;
  plan.clash = {"power at home"};
  const auto json = nlohmann::json::parse(to_json(plan, {}));
  EXPECT_EQ(json["status"], "infeasible");
  EXPECT_EQ(json["objective"], nullptr);
  EXPECT_EQ(json["clash"][0], "power at home");
}

}  // namespace
}  // namespace vorrat::report

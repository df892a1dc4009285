#include "vorrat/verbs/plan.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/fleet/coefficients.h"
#include "vorrat/insight/marginal.h"
#include "vorrat/scenario/load.h"

namespace vorrat::verbs {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

scenario::Scenario bytedance() {
  const auto catalog = catalog::Catalog::load(source / "data");
  auto scenario = scenario::load(source / "scenarios/bytedance-2026", *catalog);
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  return *scenario;
}

/// Both gates stay for ever in the state that lets all through, or in the one whose law forbids.
void hold_gates(scenario::Scenario& scenario, bool open) {
  for (auto& gate : scenario.gates) {
    std::size_t held = gate.states.size();
    for (std::size_t i = 0; i < gate.states.size(); ++i) {
      const double release = gate.states[i].release.value.mean().value;
      if (open ? release == 1.0 : !gate.states[i].without.empty()) held = i;
    }
    ASSERT_LT(held, gate.states.size()) << gate.id;
    gate.start = held;
    for (auto& matrix : gate.transition) {
      for (std::size_t from = 0; from < matrix.size(); ++from) {
        for (std::size_t to = 0; to < matrix.size(); ++to)
          matrix[from][to] = from == to ? 1.0 : 0.0;
      }
    }
  }
}

fleet::Plan quick_plan(scenario::Scenario scenario) {
  scenario.settings.branching = {3, 2, 1, 1, 1, 1, 1};
  const auto book = rules::Rulebook::load({source / "data/rules"});
  const auto rulings = fleet::ask_rules(scenario, *book);
  EXPECT_TRUE(rulings) << to_string(rulings.error());
  return insight::make_plan(fleet::to_problem(scenario, *rulings), {.seed = 1, .lot = 1000});
}

TEST(PlanOfByteDance, OrdersNoH200IfTheGatesAreCertainToStayShut) {
  scenario::Scenario scenario = bytedance();
  hold_gates(scenario, false);
  const fleet::Plan plan = quick_plan(scenario);
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal);
  for (const auto& line : plan.orders) EXPECT_NE(line.offer, "h200-mainland");
  for (const auto& line : plan.money)
    EXPECT_NE(line.purpose, "h200-mainland") << "in a later quarter";
}

TEST(PlanOfByteDance, OrdersH200OrShowsTheCheaperPartIfTheGatesAreCertainToBeOpen) {
  scenario::Scenario scenario = bytedance();
  hold_gates(scenario, true);
  const fleet::Plan plan = quick_plan(scenario);
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal);
  bool ordered = false;
  for (const auto& line : plan.orders) ordered = ordered || line.offer == "h200-mainland";
  if (ordered) return;
  for (const auto& line : plan.not_ordered) {
    if (line.offer != "h200-mainland") continue;
    EXPECT_NE(line.why_none.find(" is preferred for "), std::string::npos) << line.why_none;
    EXPECT_NE(line.why_none.find(" against "), std::string::npos) << line.why_none;
  }
}

TEST(PlanOfByteDance, AddsUpToTheCent) {
  const fleet::Plan plan = quick_plan(bytedance());
  ASSERT_EQ(plan.status, fleet::PlanStatus::optimal);
  ASSERT_EQ(plan.years.size(), 4u);
  for (const auto& year : plan.years) {
    std::int64_t sum = 0;
    for (const auto& line : plan.money) {
      if (line.year == year.year && line.kind == (year.account == "lease" ? "rent" : "purchase"))
        sum += line.cents;
    }
    EXPECT_EQ(sum, year.spent_cents) << year.year << " " << year.account;
    EXPECT_LE(year.spent_cents, year.budget_cents + 1);
  }
}

TEST(Plan, RefusesAFolderThatIsNotThere) {
  const PlanResult result =
      run({.scenario = source / "scenarios/no-such", .data = source / "data"});
  EXPECT_FALSE(result.plan);
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_TRUE(result.diagnostics.has_errors());
  EXPECT_EQ(nlohmann::json::parse(to_json(result))["status"], "invalid_input");
}

TEST(Plan, RefusesTheTreeMethodWhereRiskCounts) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(::testing::TempDir()) / "plan_with_risk";
  fs::remove_all(folder);
  fs::copy(source / "scenarios/bytedance-2026", folder, fs::copy_options::recursive);
  std::ofstream(folder / "scenario.toml", std::ios::app)
      << "\n[risk]\nweight = \"30 %\"\nlevel = \"20 %\"\n";
  EXPECT_THROW(run({.scenario = folder, .data = source / "data", .method = PlanMethod::tree}),
               InvalidInput);
}

// With the plan so far, whose gap says how far that is.
TEST(Plan, StopsWhenAsked) {
  StopSwitch stop;
  stop.request();
  const PlanResult result = run(
      {.scenario = source / "scenarios/bytedance-2026", .data = source / "data", .stop = &stop});
  ASSERT_TRUE(result.plan);
  ASSERT_EQ(result.plan->status, fleet::PlanStatus::optimal);
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_FALSE(result.plan->is_complete);
  EXPECT_FALSE(result.plan->method.converged);
  EXPECT_EQ(result.plan->method.reason, "it was asked to stop");
  EXPECT_LE(result.plan->method.iterations, 2);
  EXPECT_LE(result.plan->bound, result.plan->objective);
  EXPECT_GT(result.plan->gap, 0.01);
  EXPECT_FALSE(result.plan->orders.empty());
  for (const fleet::OrderLine& line : result.plan->not_ordered) EXPECT_NE(line.why_none, "");
}

}  // namespace
}  // namespace vorrat::verbs

#include "vorrat/verbs/keep_insight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/report.h"
#include "vorrat/verbs/rerun.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

/// A window that shuts, planned and kept once: a small scenario with a gate.
class KeptInsights : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(run(KeepRequest{.plan = plan(), .file = file()}).run); }
  std::filesystem::path folder() const { return source / "scenarios/cases/window-that-shuts"; }
  std::filesystem::path file() const { return place_.path() / "runs.sqlite"; }
  PlanRequest plan() const { return {.scenario = folder(), .data = source / "data", .seed = {}}; }
  KeepInsightRequest about(const std::string& input) const {
    return {.input = input,
            .insight = {.about = {.scenario = {}, .data = source / "data", .seed = {}}},
            .file = file()};
  }
  ReportRequest report(const std::string& input, bool finds_insight) const {
    return {.input = input, .store = file(), .plan = plan(), .finds_insight = finds_insight};
  }
  std::optional<std::string> kept() const {
    store::Store store(file(), store::Access::read);
    const auto tables = insight_of(store, 1);
    return tables ? std::optional(report::to_json(*tables)) : std::nullopt;
  }

  TemporaryFolder place_;
};

TEST_F(KeptInsights, StayWithTheRunAndStandInItsReport) {
  EXPECT_EQ(kept(), std::nullopt);
  const report::Tables before = *run(report("1", false)).tables;
  EXPECT_EQ(before.find("inputs"), nullptr);
  const KeptInsight found = run(about("1"));
  EXPECT_EQ(found.run, 1);
  EXPECT_EQ(kept(), report::to_json(found.result.tables));
  EXPECT_EQ(last_line(found), "kept with run 1: \"vorrat report 1 --html FILE\" shows it\n");
  const report::Tables after = *run(report("1", false)).tables;
  EXPECT_NE(after.find("inputs"), nullptr);
  EXPECT_NE(after.find("rules_of_thumb"), nullptr);
  EXPECT_NE(after.find("reasons"), nullptr);
}

TEST_F(KeptInsights, OfAScenarioStayWithTheNewestRunOfTheSameInputsAndSeed) {
  KeepInsightRequest request = about(folder().string());
  EXPECT_EQ(run(request).run, 1);
  request.insight.about.seed = 99;
  const KeptInsight other = run(request);
  EXPECT_EQ(other.run, std::nullopt);
  EXPECT_EQ(last_line(other), "not kept: no kept run has these inputs and this seed; plan first\n");
}

TEST_F(KeptInsights, AreFoundByTheReportThatAsksForThemAndOnlyOnce) {
  const std::string first = to_json(run(report("last", true)));
  ASSERT_TRUE(kept());
  ReportRequest again = report("last", true);
  bool asked = false;
  again.plan.progress = [&](const Progress&) { asked = true; };
  EXPECT_EQ(to_json(run(again)), first);
  EXPECT_FALSE(asked) << "what is kept is not found again";
}

TEST_F(KeptInsights, AreInTheReportOfAScenarioThatIsPlannedNow) {
  const report::Tables tables = *run(report(folder().string(), true)).tables;
  EXPECT_NE(tables.find("inputs"), nullptr);
}

TEST_F(KeptInsights, MoveTheFiguresOfTheRegister) {
  const report::Tables tables = *run(report(folder().string(), true)).tables;
  const report::DataTable& assumptions = *tables.find("assumptions");
  std::size_t measured = 0;
  for (const auto& row : assumptions.rows)
    measured += std::holds_alternative<double>(row[assumptions.column_index("moves_cost")]);
  EXPECT_GE(measured, 4u);
}

TEST_F(KeptInsights, DoNotHinderTheSameBitsOfARerun) {
  run(about("1"));
  EXPECT_TRUE(run(RerunRequest{.run = "1", .file = file()}).is_same());
}

TEST_F(KeptInsights, AreRefusedForAFileOfTables) {
  EXPECT_THROW(run(report((folder() / "offers.csv").string(), true)), InvalidInput);
  EXPECT_THROW(run(about("7")), InvalidInput);
}

}  // namespace
}  // namespace vorrat::verbs

#include "vorrat/report/insight_tables.h"

#include <gtest/gtest.h>

#include "vorrat/report/sample_findings.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/terminal.h"

namespace vorrat::report {
namespace {

insight::Findings sample() {
  insight::Findings found;
  found.has_plan = true;
  found.currency = "USD";
  found.offers = {"direct"};
  found.futures = 4;
  found.seed = 1;
  found.cost = 70e6;
  insight::Explanation why;
  why.offer = "direct";
  why.may_order = true;
  why.lot = 1000;
  why.now_against_waiting = -3e6;
  why.sentence = "waits: ordering 1000 now costs USD 3 m more than waiting";
  insight::BreakEven point;
  point.offer = "direct";
  point.input = "odds that window shuts by 2026Q2";
  point.now = 0.1;
  point.at = 0.25;
  point.tried_high = 1.0;
  why.break_evens = {point};
  found.explanations = {why};
  insight::Information information;
  information.cost = 70e6;
  information.cost_if_known = 50e6;
  information.perfect_information = 20e6;
  information.why_undefined = "undefined: the average plan fails in these futures (50 %): 2026Q2";
  found.information = information;
  found.tail = 0.1;
  found.frontier = {{.weight = 0.0, .mean = 70, .tail_mean = 500, .ordered = {0.0}},
                    {.weight = 1.0, .mean = 100, .tail_mean = 100, .ordered = {10.0}}};
  insight::Dependence end;
  end.what = "12 quarters";
  end.moved = 0.4;
  found.on_horizon = {end};
  return found;
}

TEST(InsightTables, HoldEveryFigureAndSurviveJson) {
  const Tables tables = insight_tables(sample(), {});
  EXPECT_EQ(to_json(tables_from_json(to_json(tables))), to_json(tables));
  const DataTable* points = tables.find("break_evens");
  ASSERT_NE(points, nullptr);
  EXPECT_EQ(points->rows.at(0).at(points->column_index("at")), Cell{0.25});
  const DataTable* frontier = tables.find("risk_frontier");
  ASSERT_NE(frontier, nullptr);
  EXPECT_EQ(frontier->rows.at(1).at(frontier->column_index("mean")), Cell{100e6});
}

TEST(InsightTables, SayWhatIsUndefinedAndWhatHangsOnTheHorizon) {
  const std::string text = to_terminal(insight_tables(sample(), {}));
  EXPECT_NE(text.find("undefined"), std::string::npos) << text;
  EXPECT_NE(text.find("the answer hangs on the end: under one of the ends tried 40 %"),
            std::string::npos)
      << text;
}

TEST(InsightTables, PutWeightsOfTheSamePlanIntoOneRow) {
  const Tables tables = insight_tables(sample_findings(), {});
  const DataTable& frontier = *tables.find("risk_frontier");
  ASSERT_EQ(frontier.rows.size(), 2u);
  EXPECT_EQ(frontier.rows[0][0], Cell{std::string("0 to 0.5")});
  EXPECT_EQ(frontier.rows[1][0], Cell{std::string("1")});
}

// The sample's worth is 1,000 (at - value); far points and those beside the break-even are left
// out.
TEST(InsightTables, DrawABreakEvenCurveThroughZeroAndMarkToday) {
  const Tables tables = insight_tables(sample_findings({8, 1, 1}), {});
  const DataTable& curve = *tables.find("break_even_curves");
  std::vector<std::string> marks;
  for (const auto& row : curve.rows) {
    const double value = std::get<double>(row[1]), worth = std::get<double>(row[2]);
    EXPECT_NEAR(worth, 1e3 * (35000 - value), 1e-3);
    EXPECT_LE(value, 1.5 * 35000);
    marks.push_back(std::get<std::string>(row[3]));
  }
  EXPECT_EQ(marks, (std::vector<std::string>{"", "", "now", "", "changes", "", ""}));
}

TEST(InsightTables, HoldTheIntervalOfEachRuleOfThumb) {
  const Tables tables = insight_tables(sample_findings(), {});
  const DataTable& rules = *tables.find("rules_of_thumb");
  EXPECT_EQ(rules.rows[1][rules.column_index("low")], Cell{1.1e9});
  EXPECT_EQ(rules.rows[1][rules.column_index("high")], Cell{1.5e9});
  EXPECT_EQ(rules.rows[2][rules.column_index("cost")], Cell{std::string("no plan")});
}

TEST(InsightTables, ShowRelaxationsWhereThereIsNoPlan) {
  insight::Findings found;
  found.relaxations = {{.limit = "power at home", .unit = "MW", .move = 5, .cost = 140e6}};
  const Tables tables = insight_tables(found, {});
  ASSERT_NE(tables.find("relaxations"), nullptr);
  EXPECT_EQ(tables.find("reasons"), nullptr);
}

}  // namespace
}  // namespace vorrat::report

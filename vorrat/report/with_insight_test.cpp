#include "vorrat/report/with_insight.h"

#include <gtest/gtest.h>

#include "vorrat/report/insight_tables.h"
#include "vorrat/report/redact.h"
#include "vorrat/report/sample_findings.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/terminal.h"

namespace vorrat::report {
namespace {

Tables bare() { return plan_tables(sample_plan(), sample_facts()); }
Tables found() { return insight_tables(sample_findings(), sample_facts()); }

std::vector<std::string> sections_of(const Tables& tables) {
  std::vector<std::string> ids;
  for (const Section& section : tables.sections) ids.push_back(section.id);
  return ids;
}

TEST(WithInsight, SaysWhichCommandFindsWhatIsMissing) {
  const std::string text = to_terminal(bare());
  EXPECT_NE(
      text.find("What changes the decision\n  Not asked of this plan yet. \"vorrat report RUN "
                "--insight\" finds it"),
      std::string::npos)
      << text;
}

TEST(WithInsight, PutsWhatWasFoundWhereItBelongs) {
  const Tables whole = with_insight(bare(), found());
  EXPECT_EQ(sections_of(whole),
            (std::vector<std::string>{"orders", "money", "fleet", "odds", "gates", "schedule",
                                      "decision", "stress", "near_best", "risk", "ends", "limits",
                                      "sites", "rules", "assumptions", "method"}));
  std::vector<std::string> order_tables;
  for (const DataTable& table : whole.sections[0].tables) order_tables.push_back(table.id);
  EXPECT_EQ(order_tables, (std::vector<std::string>{"orders", "why-ordered", "not-ordered",
                                                    "reasons", "order-law"}));
  EXPECT_EQ(whole.sections.back().tables.back().id, "input_figures");
  EXPECT_EQ(to_terminal(whole).find("Not asked of this plan yet"), std::string::npos);
}

TEST(WithInsight, OnceMoreReplacesWhatStoodThere) {
  const Tables once = with_insight(bare(), found());
  EXPECT_EQ(to_json(with_insight(once, found())), to_json(once));
}

// Power of place0 moves the cost from 19.5 bn - 60 m to 19.5 bn + 90 m and no order.
TEST(WithInsight, SaysByHowMuchEachAssumptionMovesTheAnswer) {
  RunFacts facts = sample_facts();
  facts.register_of_assumptions.push_back(
      {"price of offer-0", "25 kUSD", "an offer", "", "vendor"});
  facts.register_of_assumptions.push_back({"colour of the racks", "black", "a photo", "", ""});
  const Tables whole = with_insight(plan_tables(sample_plan(), facts), found());
  const DataTable& assumptions = *whole.find("assumptions");
  const auto cell_of = [&](std::size_t row, const char* column) {
    return assumptions.rows.at(row).at(assumptions.column_index(column));
  };
  EXPECT_EQ(cell_of(0, "figure"), Cell{std::string("power of place0 in 2026Q1")});
  EXPECT_NEAR(std::get<double>(cell_of(0, "moves_cost")), 1.5e8, 1);
  EXPECT_EQ(cell_of(0, "moves_orders"), Cell{0.25});
  EXPECT_EQ(cell_of(3, "changes"), Cell{std::string("offer-0 at 35 k")});
  EXPECT_EQ(cell_of(4, "moves_cost"), Cell{std::string("not measured")});
}

// A bar has two ends: one that is missing has none, and a chart of words is not drawn.
TEST(WithInsight, SetsInputsThatLeaveNoPlanApartFromTheTornado) {
  insight::Findings findings = sample_findings();
  insight::TornadoLine line = sample_bar("demand", "demand of serve", 1e9);
  line.high.cost = line.high.cost_kept = std::nullopt;
  findings.tornado.insert(findings.tornado.begin(), line);
  RunFacts facts = sample_facts();
  facts.register_of_assumptions.push_back({"demand of serve", "2 m", "a guess", "", ""});
  const Tables whole =
      with_insight(plan_tables(sample_plan(), facts), insight_tables(findings, sample_facts()));
  const DataTable& apart = *whole.find("impossible_inputs");
  ASSERT_EQ(apart.rows.size(), 1U);
  EXPECT_EQ(apart.rows[0][apart.column_index("input")], Cell{std::string("demand")});
  EXPECT_EQ(apart.rows[0][apart.column_index("cost_high")], Cell{std::string("no plan")});
  EXPECT_TRUE(apart.charts.empty());
  const DataTable& bars = *whole.find("inputs");
  ASSERT_EQ(bars.charts.size(), 1U);
  for (const auto& row : bars.rows) {
    for (const char* end : {"cost_low", "cost_high"})
      EXPECT_TRUE(std::holds_alternative<double>(row[bars.column_index(end)]));
  }
  const DataTable& assumptions = *whole.find("assumptions");
  EXPECT_EQ(assumptions.rows.back()[assumptions.column_index("moves_cost")],
            Cell{std::string("leaves no plan")});
}

TEST(WithInsight, NamesNoSiteWhenItIsRedacted) {
  const Tables whole = redacted(with_insight(bare(), found()));
  EXPECT_EQ(to_json(whole).find("place0"), std::string::npos);
}

}  // namespace
}  // namespace vorrat::report

#include "vorrat/report/plan_tables.h"

#include <gtest/gtest.h>

#include <regex>

#include "vorrat/report/format.h"
#include "vorrat/report/sample_plan.h"
#include "vorrat/report/tables_json.h"

namespace vorrat::report {
namespace {

double number_at(const DataTable& table, std::size_t row, const std::string& column) {
  return std::get<double>(table.rows[row][table.column_index(column)]);
}

/// Sums as the tables declare them, each against the cell where it stands.
void expect_sums_hold(const DataTable& table) {
  for (const Sum& sum : table.sums) {
    for (const std::string& column : sum.columns) {
      const std::size_t c = table.column_index(column);
      double total = 0.0, size = 1.0;
      const auto take = [&](std::size_t row, double sign) {
        const auto* value = std::get_if<double>(&table.rows[row][c]);
        if (value == nullptr) return;
        total += sign * *value;
        size = std::max(size, std::abs(*value));
      };
      for (std::size_t row : sum.add) take(row, 1.0);
      for (std::size_t row : sum.subtract) take(row, -1.0);
      EXPECT_NEAR(total, number_at(table, sum.row, column), 1e-12 * size)
          << table.id << " row " << sum.row << " column " << column;
    }
  }
}

TEST(PlanTables, AddUpAsTheySay) {
  const Tables tables = plan_tables(sample_plan({16, 40, 12}), sample_facts({16, 40, 12}));
  std::size_t sums = 0;
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables) {
      expect_sums_hold(table);
      sums += table.sums.size();
    }
  }
  EXPECT_EQ(sums, 5u) << "orders, cost, money: all, capital left, lease left";
}

/// Every figure of a sentence is written in it as its table writes it: no number is said that
/// stands in no table.
TEST(PlanTables, SayNoNumberThatIsNotInATable) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  ASSERT_EQ(tables.answer.size(), 5u);
  for (const Sentence& sentence : tables.answer) {
    for (const Piece& piece : sentence) {
      if (!piece.place) {
        EXPECT_FALSE(std::regex_search(piece.words, std::regex("[0-9]"))) << piece.words;
      }
    }
  }
  EXPECT_EQ(to_text(tables.answer[0], tables),
            "Order now 1,001 part-0 for place0, 3,002 part-1 for place2 and 5,003 part-2 for "
            "place1: USD 225 m committed in all, of which USD 67.5 m falls due this quarter.");
  EXPECT_EQ(to_text(tables.answer[1], tables),
            "Expected over the horizon, discounted: USD 10.7 bn of spending, USD 11.7 bn "
            "counted for demand that goes unserved and USD -2.92 bn for what the fleet is worth "
            "at the end: USD 19.5 bn in all.");
  EXPECT_EQ(to_text(tables.answer[2], tables),
            "Demand is served worst for chat in 2027Q4: 14 % of it is expected to go unserved, and "
            "the odds that all is served are 12 %.");
  EXPECT_EQ(to_text(tables.answer[3], tables),
            "Of the limits tried, power at place0 holds the plan back most: one more (MW) is worth "
            "USD 1.4 m, and it binds in 33 % of futures.");
  EXPECT_EQ(to_text(tables.answer[4], tables),
            "On these futures no plan costs less than USD 19.4 bn; drawn with 2 other seeds, the "
            "cost runs from USD 16.1 bn to USD 20.1 bn.");
}

TEST(PlanTables, SayTheIntervalTheGapAndWhetherItMeetsItsTarget) {
  fleet::Plan plan = sample_plan();
  make_decomposed(plan);
  Tables tables = plan_tables(plan, sample_facts());
  EXPECT_EQ(to_text(tables.answer[4], tables),
            "No plan costs less than USD 19.4 bn, and this one costs USD 19.5 bn +/- USD 40 m: a "
            "gap of 0.5 %, within the target of 1 %.");
  EXPECT_EQ(tables.find("convergence")->rows.size(), 3u);
  plan.method.converged = false;
  plan.method.reason = "the limit of time was met";
  tables = plan_tables(plan, sample_facts());
  EXPECT_EQ(to_text(tables.answer[4], tables),
            "No plan costs less than USD 19.4 bn, and this one costs USD 19.5 bn +/- USD 40 m: a "
            "gap of 0.5 %, NOT within the target of 1 % (the limit of time was met).");
}

TEST(PlanTables, CarryAsMuchMoneyOutOfEachSiteOfTheFlowAsIntoIt) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const DataTable& flow = *tables.find("money-flow");
  std::map<std::string, double> in, out;
  for (const auto& row : flow.rows) {
    out[std::get<std::string>(row[0])] += std::get<double>(row[2]);
    in[std::get<std::string>(row[1])] += std::get<double>(row[2]);
  }
  for (const auto& [name, amount] : out) {
    if (in.contains(name)) {
      EXPECT_NEAR(in[name], amount, 1e-3) << name;
    }
  }
}

// part-0 at place0 runs three quarters of its time for chat.
TEST(PlanTables, CarryTheMoneyOfASiteOnToTheWorkThatItsAcceleratorsDo) {
  fleet::Plan plan = sample_plan({8, 1, 1});
  const Tables tables = plan_tables(plan, sample_facts());
  const DataTable& flow = *tables.find("money-flow");
  std::map<std::string, double> to;
  for (const auto& row : flow.rows) to[std::get<std::string>(row[1])] += std::get<double>(row[2]);
  EXPECT_NEAR(to["work: chat"], 0.75 * to["site: place0"], 0.01);
  EXPECT_NEAR(to["work: chat"] + to["work: training"], to["site: place0"], 1e-3);
  plan.uses.clear();
  EXPECT_NE(to_json(plan_tables(plan, sample_facts())).find("not running yet"), std::string::npos);
}

TEST(PlanTables, LeaveOutSectionsThatHaveNothingToSay) {
  fleet::Plan plan = sample_plan();
  plan.limits.clear();
  RunFacts facts = sample_facts();
  facts.rules.clear();
  const Tables tables = plan_tables(plan, facts);
  EXPECT_EQ(tables.find("limits"), nullptr);
  for (const Section& section : tables.sections) {
    EXPECT_FALSE(section.tables.empty() && section.lead.empty()) << section.id;
    EXPECT_NE(section.id, "rules");
  }
}

/// 50 MW from 2026Q1, 110 MW from 2026Q3: the first phase ends the quarter before the second.
TEST(PlanTables, EndAPhaseOfPowerBeforeTheNextBegins) {
  const Tables tables = plan_tables(sample_plan({8, 6, 1}), sample_facts({8, 6, 1}));
  const DataTable& schedule = *tables.find("schedule");
  std::vector<std::string> phases;
  for (const auto& row : schedule.rows) {
    if (std::get<std::string>(row[1]) != "power") continue;
    phases.push_back(std::get<std::string>(row[2]) + " to " + std::get<std::string>(row[4]) + ": " +
                     std::get<std::string>(row[5]));
  }
  EXPECT_EQ(phases,
            (std::vector<std::string>{"2026Q1 to 2026Q2: 50 MW", "2026Q3 to 2027Q4: 110 MW"}));
}

// Licences are applied for in every quarter; the gate first passes in 2026Q2 (5 %), 2027Q4 (50 %)
// or later; in 5 % of futures something ships from 2026Q2 on, in half of them too, in 95 % never.
TEST(PlanTables, ShowWhenLicencesAreAppliedForApprovedAndUsed) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const DataTable& schedule = *tables.find("schedule");
  std::vector<std::string> lines;
  for (const auto& row : schedule.rows) {
    const std::string& kind = std::get<std::string>(row[1]);
    if (kind == "power" || kind == "delivery") continue;
    std::string line;
    for (const Cell& cell : row) line += std::get<std::string>(cell) + "|";
    lines.push_back(line);
  }
  EXPECT_EQ(
      lines,
      (std::vector<std::string>{
          "licences for offer-0|application|2026Q1||2027Q4|800 applied for on average|",
          "us-licence lets something pass|approval|2026Q2|2027Q4|2027Q4|later than the "
          "horizon in over 5 % of the futures|",
          "offer-0 ships|first shipment|2026Q2|2026Q2|2027Q4|later than the horizon in over 5 % of "
          "the futures|"}));
}

TEST(PlanTables, SayWhichLimitsClash) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::infeasible;
  plan.clashes = {{"minimum service of chat", "power at home"}};
  const Tables tables = plan_tables(plan, {});
  EXPECT_EQ(to_text(tables.answer[0], tables), "No plan keeps all limits.");
  ASSERT_EQ(tables.find("clashes")->rows.size(), 2u);
  EXPECT_EQ(tables.find("orders"), nullptr);
}

}  // namespace
}  // namespace vorrat::report

#include "vorrat/report/terminal.h"

#include <gtest/gtest.h>

#include <sstream>

#include "vorrat/report/plan_tables.h"

namespace vorrat::report {
namespace {

TEST(Terminal, AlignsNumbersToTheRightAndWrapsTheLastText) {
  const Table table{
      .id = "t",
      .title = "Title",
      .columns = {{"name"}, {"n", Align::right}, {"why"}},
      .rows = {{"a", "1,000",
                "because the other part serves the same work at half the cost of this"},
               {"bcd", "5", "so"}},
      .notes = {"a note"}};
  EXPECT_EQ(to_terminal(table, 50),
            "Title\n"
            "  name      n  why\n"
            "  a     1,000  because the other part serves the\n"
            "               same work at half the cost of this\n"
            "  bcd       5  so\n"
            "  a note\n");
}

TEST(Terminal, SplitsATableThatIsTooWideAndRepeatsItsFirstColumn) {
  Table table{.id = "t", .title = "Wide", .columns = {{"part"}}, .rows = {{"h200"}}, .notes = {}};
  for (int q = 0; q < 12; ++q) {
    table.columns.push_back({"2026Q" + std::to_string(q), Align::right});
    table.rows[0].push_back("123,456");
  }
  const std::string text = to_terminal(table, 60);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 60u) << line;
  EXPECT_NE(text.find("Wide (continued)"), std::string::npos);
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(Terminal, SaysWhichLimitsClash) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::infeasible;
  plan.clashes = {{"minimum service of serving", "power at home"}};
  RunFacts facts;
  facts.title = "Small";
  const std::string text = to_terminal(plan_tables(plan, facts));
  EXPECT_EQ(text.substr(0, text.find("\nHow little would have to give")),
            "Small\n\nNo plan keeps all limits.\n"
            "In each group of limits below, one must give way.\n"
            "\nLimits that cannot all be kept\n"
            "  group  limit\n"
            "  1      minimum service of serving\n"
            "  1      power at home\n"
            "  in each group one must give way; none can be left out of it\n");
}

}  // namespace
}  // namespace vorrat::report

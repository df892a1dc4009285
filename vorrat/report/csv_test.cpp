#include "vorrat/report/csv.h"

#include <gtest/gtest.h>

#include "vorrat/report/sample_plan.h"

namespace vorrat::report {
namespace {

TEST(Csv, QuotesWhatNeedsItAndKeepsEveryBitOfANumber) {
  const DataTable table{.id = "t",
                        .title = "T",
                        .columns = {{"part", "part"},
                                    {"power", "power", Format::number, "MW"},
                                    {"worth", "worth", Format::worth, ""}},
                        .rows = {{"a,\"b\"\nc", 0.1, 1.0 / 3.0},
                                 {"plain", "no plan", std::monostate{}},
                                 {"-", 1e21, -0.5}},
                        .sums = {},
                        .notes = {},
                        .charts = {},
                        .across = {}};
  EXPECT_EQ(to_csv(table),
            "part,power [MW],worth\n"
            "\"a,\"\"b\"\"\nc\",0.1,0.3333333333333333\n"
            "plain,no plan,\n"
            "'-,1e+21,-0.5\n");
}

/// A name like =HYPERLINK(...) must not run when somebody opens the file in a spreadsheet.
TEST(Csv, LeavesNoTextThatASpreadsheetTakesForAFormula) {
  const DataTable table{.id = "t",
                        .title = "T",
                        .columns = {{"name", "name"}},
                        .rows = {{"=1+1"}, {"+1"}, {"-1"}, {"@x"}, {"a=1"}},
                        .sums = {},
                        .notes = {},
                        .charts = {},
                        .across = {}};
  EXPECT_EQ(to_csv(table), "name\n'=1+1\n'+1\n'-1\n'@x\na=1\n");
}

TEST(Csv, HasAFileForEachTableAndOneForTheAnswer) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const auto files = to_csv(tables);
  std::size_t count = 1;
  for (const Section& section : tables.sections) count += section.tables.size();
  ASSERT_EQ(files.size(), count);
  EXPECT_EQ(files[0].first, "answer.csv");
  EXPECT_NE(files[0].second.find("Order now 1,001 part-0 for place0"), std::string::npos);
  EXPECT_NE(files[0].second.find("conditional on these inputs, not a forecast"), std::string::npos);
  EXPECT_EQ(files[1].first, "orders.csv");
}

}  // namespace
}  // namespace vorrat::report

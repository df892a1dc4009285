// That a workbook is written at all; tests/page has it recalculated by LibreOffice.
#include "vorrat/report/xlsx.h"

#include <gtest/gtest.h>

#include "vorrat/report/sample_plan.h"

namespace vorrat::report {
namespace {

TEST(Xlsx, IsTheSameBytesForTheSameTables) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const std::string bytes = to_xlsx(tables);
  EXPECT_EQ(bytes.substr(0, 2), "PK");
  EXPECT_GT(bytes.size(), 10'000u);
  EXPECT_EQ(to_xlsx(tables), bytes);
}

TEST(Xlsx, TakesTablesOfEveryKindOfChartAndAnyName) {
  const std::vector<std::pair<std::string, std::string>> columns = {
      {"label", "a"}, {"from", "x"}, {"to", "y"},       {"value", "x"},
      {"x", "x"},     {"y", "y"},    {"middle", "y"},   {"low", "x"},
      {"high", "y"},  {"base", "x"}, {"latitude", "x"}, {"longitude", "y"}};
  DataTable table{.id = "a name that is much too long [for: a sheet]",
                  .title = "T",
                  .columns = {{"a", "a"}, {"x", "x", Format::number}, {"y", "y", Format::exact}},
                  .rows = {{"one", 1.0, 2.0}, {"two", std::monostate{}, "no plan"}},
                  .sums = {{.row = 1, .add = {0}, .subtract = {}, .columns = {"x"}}},
                  .notes = {"note"},
                  .charts = {},
                  .across = {}};
  for (ChartKind kind :
       {ChartKind::bars, ChartKind::waterfall, ChartKind::sankey, ChartKind::fan, ChartKind::lines,
        ChartKind::gantt, ChartKind::tornado, ChartKind::points, ChartKind::map}) {
    table.charts.push_back({.kind = kind,
                            .id = to_string(kind),
                            .title = "C",
                            .alternative = "words",
                            .columns = columns});
  }
  DataTable twin = table;
  twin.id += "2";
  Tables tables;
  tables.sections = {{.id = "s", .title = "S", .lead = "", .tables = {table, twin}}};
  check(tables);
  EXPECT_GT(to_xlsx(tables).size(), 5'000u);
}

}  // namespace
}  // namespace vorrat::report

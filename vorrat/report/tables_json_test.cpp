#include "vorrat/report/tables_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"
#include "vorrat/report/sample_plan.h"

namespace vorrat::report {
namespace {

TEST(TablesJson, ComesBackTheSame) {
  const std::string text = to_json(plan_tables(sample_plan(), sample_facts()));
  EXPECT_EQ(to_json(tables_from_json(text)), text);
}

TEST(TablesJson, LosesNoBitOfANumber) {
  Tables tables;
  const double awkward[] = {0.1 + 0.2, 1e-300, 123456789012345.67, -0.0, 5e15 / 3};
  DataTable table{.id = "t",
                  .title = "T",
                  .columns = {{"x", "x", Format::exact}},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = {}};
  for (double value : awkward) table.rows.push_back({value});
  tables.sections = {{.id = "s", .title = "S", .lead = "", .tables = {table}}};
  const Tables again = tables_from_json(to_json(tables));
  EXPECT_EQ(again.sections[0].tables[0].rows, table.rows);
}

TEST(TablesJson, RefusesWhatDoesNotHoldTogether) {
  EXPECT_THROW(tables_from_json("{}"), InvalidInput);
  EXPECT_THROW(tables_from_json("no json"), InvalidInput);
  auto json = nlohmann::ordered_json::parse(to_json(plan_tables(sample_plan(), sample_facts())));
  json["tables_version"] = 99;
  try {
    tables_from_json(json.dump());
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_STREQ(error.what(), "tables of version 99; this vorrat reads version 1");
  }
  json["tables_version"] = 1;
  json["sections"][0]["tables"][0]["rows"][0].erase(0);
  EXPECT_THROW(tables_from_json(json.dump()), InvalidInput);
}

}  // namespace
}  // namespace vorrat::report

#include "vorrat/report/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"

namespace vorrat::report {
namespace {

using testing::ElementsAre;

/// Two parts in two quarters; the first is sure, so its quantiles agree.
DataTable fleet() {
  return {.id = "fleet",
          .title = "Fleet",
          .columns = {{"part", "part"},
                      {"quarter", "quarter"},
                      {"low", "5 %", Format::count},
                      {"middle", "50 %", Format::count},
                      {"high", "95 %", Format::count}},
          .rows = {{"a", "Q1", 10.0, 10.0, 10.0},
                   {"a", "Q2", 20.0, 20.0, 20.0},
                   {"b", "Q1", 1000.0, 1500.0, 2000.0},
                   {"b", "Q2", std::monostate{}, 1600.0, 3000.0}},
          .sums = {},
          .notes = {},
          .charts = {},
          .across = "quarter"};
}

Tables with(DataTable table) {
  Tables tables;
  tables.sections = {{.id = "s", .title = "S", .lead = "", .tables = {std::move(table)}}};
  return tables;
}

TEST(LaidOut, TurnsOneColumnIntoColumnsAndShowsRowsThatAgreeOnce) {
  const Table table = laid_out(fleet());
  ASSERT_EQ(table.columns.size(), 4u);
  EXPECT_EQ(table.columns[1].name, "figure");
  EXPECT_EQ(table.columns[3].name, "Q2");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("a", "5 % = 50 % = 95 %", "10", "20"),
                                      ElementsAre("b", "5 %", "1,000", "-"),
                                      ElementsAre("", "50 %", "1,500", "1,600"),
                                      ElementsAre("", "95 %", "2,000", "3,000")));
}

TEST(LaidOut, WritesUnitsIntoAFirstRow) {
  const Table table = laid_out({.id = "t",
                                .title = "T",
                                .columns = {{"x", "power", Format::number, "MW"}},
                                .rows = {{110.0}, {"no plan"}, {std::monostate{}}},
                                .sums = {},
                                .notes = {},
                                .charts = {},
                                .across = {}});
  EXPECT_EQ(table.columns[0].name, "power");
  EXPECT_EQ(table.columns[0].align, Align::right);
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("MW"), ElementsAre("110"), ElementsAre("no plan"),
                                      ElementsAre("-")));
}

TEST(Sentence, TakesItsFiguresFromCells) {
  const Tables tables = with(fleet());
  const Sentence sentence = {{.words = "There are ", .place = {}},
                             {.words = "", .place = Piece::Place{"fleet", "high", 3}},
                             {.words = ".", .place = {}}};
  EXPECT_EQ(to_text(sentence, tables), "There are 3,000.");
}

/// What check says of one table.
std::string fault(DataTable table) {
  try {
    check(with(std::move(table)));
  } catch (const BrokenContract& broken) {
    return broken.what();
  }
  return "";
}

TEST(Check, NamesTheTableAndWhatDoesNotHold) {
  EXPECT_EQ(fault(fleet()), "");
  DataTable table = fleet();
  table.rows[2].pop_back();
  EXPECT_EQ(fault(table), "table \"fleet\": a row has not one cell a column");
  table = fleet();
  table.across = "year";
  EXPECT_EQ(fault(table), "table \"fleet\": `across` is no column of it");
  table = fleet();
  table.columns[2].format = Format::odds;
  EXPECT_EQ(fault(table), "table \"fleet\": a share does not say its conditions");
  table = fleet();
  table.sums = {{.row = 3, .add = {0, 4}, .subtract = {}, .columns = {"low"}}};
  EXPECT_EQ(fault(table), "table \"fleet\": a sum takes a row that is not there");
  table = fleet();
  table.charts = {{.kind = ChartKind::bars,
                   .id = "c",
                   .title = "C",
                   .alternative = "words",
                   .columns = {{"value", "median"}}}};
  EXPECT_EQ(fault(table), "table \"fleet\": a chart draws a column that is not there");
}

TEST(Cell, IsEmptyWhereANumberIsNotFinite) {
  EXPECT_EQ(cell(std::nullopt), Cell{});
  EXPECT_EQ(cell(1.0 / 0.0), Cell{});
  EXPECT_EQ(cell(2.5), Cell{2.5});
}

}  // namespace
}  // namespace vorrat::report

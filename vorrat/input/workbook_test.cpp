#include "vorrat/input/workbook.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

std::filesystem::path file(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(VORRAT_BINARY_DIR) / "workbook_test";
  std::filesystem::create_directories(folder);
  return folder / name;
}

TEST(Workbook, GivesBackWhatWasWritten) {
  const std::vector<Sheet> sheets = {
      {.name = "offers",
       .rows = {{"offer", "price", "count", "note"},
                {"h200", "20 kUSD to 34 kUSD", "4992", "=1+1 is a text"},
                {"h20", "0.1", "6.50", "007"},
                {"北", " blank ", "1e25", "a,b \"c\"\nd"},
                {"", "", "-0", "1e5"}}},
      {.name = "scenario.toml", .rows = {{"[a]"}, {"b = 1"}}, .is_table = false},
      {.name = "hidden", .rows = {{"x"}}, .is_hidden = true}};
  write_workbook(file("a.xlsx"), sheets);
  const auto read = read_workbook(file("a.xlsx"));
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->sheets.size(), 3U);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    EXPECT_EQ(read->sheets[i].name, sheets[i].name);
    EXPECT_EQ(read->sheets[i].rows, sheets[i].rows);
    EXPECT_EQ(read->sheets[i].is_hidden, sheets[i].is_hidden);
  }
  EXPECT_TRUE(read->notes.empty());
}

TEST(Workbook, RefusesWhatIsNoWorkbook) {
  std::ofstream(file("b.xlsx")) << "a,b\n1,2\n";
  const auto read = read_workbook(file("b.xlsx"));
  ASSERT_FALSE(read);
  EXPECT_EQ(to_string(read.error()),
            "b.xlsx: the file is not a workbook\n      save it as .xlsx\n1 fault\n");
}

TEST(Workbook, RefusesNamesThatNoSheetCanHave) {
  EXPECT_THROW(write_workbook(file("c.xlsx"), {{.name = "a/b", .rows = {}}}), InvalidInput);
  EXPECT_THROW(write_workbook(file("c.xlsx"), {{.name = std::string(32, 'a'), .rows = {}}}),
               InvalidInput);
  EXPECT_THROW(
      write_workbook(file("c.xlsx"), {{.name = "a", .rows = {}}, {.name = "A", .rows = {}}}),
      InvalidInput);
}

// tests/workbooks/typed.xlsx was typed in a spreadsheet program's format by hand: a formula with
// its value, a percentage, a day, an inline text.
TEST(Workbook, ReadsFormulasByTheirValueAndSaysSo) {
  const auto read =
      read_workbook(std::filesystem::path(VORRAT_SOURCE_DIR) / "tests/workbooks/typed.xlsx");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->sheets[0].rows, (std::vector<std::vector<std::string>>{{"what", "value"},
                                                                         {"sum", "42.5"},
                                                                         {"share", "15 %"},
                                                                         {"day", "2026-02-09"},
                                                                         {"inline", "two runs"},
                                                                         {"truth", "true"}}));
  EXPECT_EQ(to_string(read->notes),
            "typed.xlsx: note: cell B2 of the sheet \"Sheet1\" holds a formula; its value when the "
            "workbook was last saved was read\n");
}

TEST(Workbook, RefusesErrorsAndFormulasWithoutValue) {
  const auto read =
      read_workbook(std::filesystem::path(VORRAT_SOURCE_DIR) / "tests/workbooks/faulty.xlsx");
  ASSERT_FALSE(read);
  EXPECT_EQ(
      to_string(read.error()),
      "faulty.xlsx: cell A1 of the sheet \"Sheet1\" holds the error #DIV/0!\n      mend the "
      "cell\n"
      "faulty.xlsx: cell A2 of the sheet \"Sheet1\" holds a formula without a value\n      "
      "open the workbook in a spreadsheet program and save it\n"
      "faulty.xlsx: the sheet \"Sheet1\" has a cell at \"ZZZZ9\"\n      open the workbook and "
      "save it again\n3 faults\n");
}

}  // namespace
}  // namespace vorrat

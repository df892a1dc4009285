#include "vorrat/input/table.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

std::string faults_of(const std::string& text) {
  const auto table = Table::parse(text, "t.csv");
  return table ? "" : to_string(table.error());
}

TEST(Table, ReadsCellsByTheNameOfTheirColumn) {
  const auto table = Table::parse("a,b\n1,2\n3,\"x, \"\"y\"\"\"\n", "t.csv");
  ASSERT_TRUE(table) << to_string(table.error());
  ASSERT_EQ(table->row_count(), 2U);
  EXPECT_EQ(table->find(0, "b")->text, "2");
  EXPECT_EQ(table->find(1, "b")->text, "x, \"y\"");
  EXPECT_EQ(table->find(1, "c"), nullptr);
  EXPECT_EQ(table->find(1, "a")->spot.line, 3);
  EXPECT_EQ(table->find(1, "b")->spot.column, 3);
}

TEST(Table, SkipsAByteOrderMarkAndCarriageReturnsAndEmptyLines) {
  const auto table = Table::parse(
      "\xEF\xBB\xBF"
      "a,b\r\n\r\n1,\"2\r\n3\"\r\n",
      "t.csv");
  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_EQ(table->columns(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table->find(0, "b")->text, "2\n3");
}

TEST(Table, SaysWhichRowIsTooLongOrTooShort) {
  EXPECT_EQ(faults_of("a,b\n1\n1,2,3\n"), R"(t.csv:2:1: this row has 1 cell, but the header has 2
    2 | 1
      | ^ write a comma for each empty cell
t.csv:3:5: this row has 3 cells, but the header has 2
    3 | 1,2,3
      |     ^ put a cell that holds a comma in quotes
2 faults
)");
}

TEST(Table, RefusesAQuoteThatIsNotClosed) {
  EXPECT_EQ(faults_of("a,b\n1,\"2\n"), R"(t.csv:2:3: this quote is not closed
    2 | 1,"2
      |   ^ close it at the end of the cell
1 fault
)");
}

TEST(Table, RefusesBinaryJunk) {
  EXPECT_EQ(faults_of(std::string("a,b\n1,\0\n", 8)),
            "t.csv:2:3: the file holds a control character (byte 00 hexadecimal)\n      it may be "
            "binary or damaged; save it as UTF-8 text\n1 fault\n");
}

TEST(Table, RefusesUnknownAndMissingColumns) {
  const auto table = Table::parse("ofer,price,price_source,colour\n", "offers.csv");
  ASSERT_TRUE(table);
  Diagnostics faults;
  table->check_columns({"offer", "price"}, {"site"}, faults);
  EXPECT_EQ(to_string(faults), R"(offers.csv:1: the column "offer" is missing
    1 | ofer,price,price_source,colour
      | add it to the first row
offers.csv:1:1: there is no column "ofer" in this table
    1 | ofer,price,price_source,colour
      | ^^^^ did you mean "offer"?
offers.csv:1:25: there is no column "colour" in this table
    1 | ofer,price,price_source,colour
      |                         ^^^^^^ known: offer, price, site, source, date, kind, note
3 faults
)");
}

}  // namespace
}  // namespace vorrat

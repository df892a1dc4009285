#include "vorrat/report/format.h"

#include <gtest/gtest.h>

namespace vorrat::report {
namespace {

TEST(FormatNumber, KeepsThousandsWholeAndSmallNumbersShort) {
  EXPECT_EQ(format_number(1234567.4), "1,234,567");
  EXPECT_EQ(format_number(-1234.5), "-1,235");
  EXPECT_EQ(format_number(12.345), "12.3");
  EXPECT_EQ(format_number(0.01234), "0.0123");
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(999.6, 0), "1,000");
  EXPECT_EQ(format_number(-0.2, 0), "0");
}

TEST(FormatMoney, NamesTheCurrencyAndTheScale) {
  EXPECT_EQ(format_money(5.234e9, "USD"), "USD 5.23 bn");
  EXPECT_EQ(format_money(12e6, "CNY"), "CNY 12 m");
  EXPECT_EQ(format_money(-840, "USD"), "USD -840");
}

TEST(FormatCents, IsExact) {
  EXPECT_EQ(format_cents(123456789012345), "1,234,567,890,123.45");
  EXPECT_EQ(format_cents(-5), "-0.05");
  EXPECT_EQ(format_cents(100000), "1,000.00");
}

TEST(FormatOdds, NeverRoundsToCertainty) {
  EXPECT_EQ(format_odds(0.999), ">99 %");
  EXPECT_EQ(format_odds(0.001), "<1 %");
  EXPECT_EQ(format_odds(1.0), "100 %");
  EXPECT_EQ(format_odds(0.0), "0 %");
  EXPECT_EQ(format_odds(0.625), "62 %");
}

}  // namespace
}  // namespace vorrat::report

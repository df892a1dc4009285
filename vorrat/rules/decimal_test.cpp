#include "vorrat/rules/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

// 602.36 x 8 = 4818.88 = 5.92 x 814: a part exactly at the performance density of the law. In
// doubles the two sides need not be equal.
TEST(Decimal, PutsAPartExactlyAtTheThresholdOnTheThreshold) {
  const Decimal tpp = Decimal(602.36) * Decimal(8.0);
  const Decimal at_threshold = *Decimal::parse("5.92") * Decimal(814.0);
  EXPECT_EQ(tpp, at_threshold);
  EXPECT_LT(Decimal(602.35) * Decimal(8.0), at_threshold);
  EXPECT_GT(Decimal(602.37) * Decimal(8.0), at_threshold);
}

TEST(Decimal, PrintsEveryDigitAndNoMore) {
  EXPECT_EQ(to_string(Decimal(2614.9) * Decimal(8.0)), "20919.2");
  EXPECT_EQ(to_string(Decimal(989.5) * Decimal(16.0)), "15832");
  EXPECT_EQ(to_string(Decimal(0.05)), "0.05");
  EXPECT_EQ(to_string(Decimal(-1.5)), "-1.5");
  EXPECT_EQ(to_string(Decimal(0.0)), "0");
  EXPECT_EQ(to_string(Decimal(4000.0) + Decimal(900.5)), "4900.5");
}

TEST(Decimal, ReadsWhatALawWrites) {
  EXPECT_EQ(*Decimal::parse("21,000"), Decimal(21000.0));
  EXPECT_EQ(*Decimal::parse("5.920"), Decimal(5.92));
  for (const char* text : {"", ".", "5.", "1.2.3", "x", "-4", "1e6", ",5", "1234567890123456789"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(Decimal, ComparesNumbersOfDifferentLength) {
  EXPECT_LT(Decimal(2394.4), Decimal(2400.0));
  EXPECT_GT(Decimal(0.1), Decimal(0.09999999));
  EXPECT_EQ(Decimal(1e14).to_double(), 1e14);
}

TEST(Decimal, RefusesWhatCannotBeComparedExactly) {
  EXPECT_THROW(Decimal(std::numeric_limits<double>::infinity()), InvalidInput);
  EXPECT_THROW(Decimal(std::nan("")), InvalidInput);
  EXPECT_THROW(Decimal(1e15), InvalidInput);
  EXPECT_THROW(Decimal(1e-30), InvalidInput);
  const Decimal long_one(123456789.12345678);
  EXPECT_THROW(long_one * long_one * long_one, InvalidInput);
}

}  // namespace
}  // namespace vorrat::rules

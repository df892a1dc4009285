#include "vorrat/quantity/uncertain.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vorrat {
namespace {

TEST(Uncertain, ReadsARangeAsLognormalWithItsEndsAtTheStatedQuantiles) {
  const auto price = parse_uncertain("27k to 35k USD (80 %)");
  ASSERT_TRUE(price) << price.error().message;
  EXPECT_NEAR(price->quantile(0.1).value, 27000, 1e-6);
  EXPECT_NEAR(price->quantile(0.9).value, 35000, 1e-6);
  EXPECT_NEAR(price->quantile(0.5).value, std::sqrt(27000.0 * 35000.0), 1e-6);
  EXPECT_EQ(price->kind().currency.code(), "USD");
  EXPECT_EQ(to_string(*price), "27k to 35k USD (80 %)");
}

TEST(Uncertain, ReadsAllItsShapes) {
  const auto mean = [](const char* text) {
    const auto read = parse_uncertain(text);
    EXPECT_TRUE(read) << text << ": " << read.error().message;
    return read ? to_string_in(read->mean(), "MW", 6) : "";
  };
  EXPECT_EQ(mean("uniform 10 to 20 MW"), "15 MW");
  EXPECT_EQ(mean("uniform(10, 20) MW"), "15 MW");
  EXPECT_EQ(mean("triangular(10, 12, 20) MW"), "14 MW");
  EXPECT_EQ(mean("pert(10, 12, 20) MW"), "13 MW");
  EXPECT_EQ(mean("normal(100, 10) MW"), "100 MW");
  EXPECT_EQ(mean("100 ± 10 MW (80 %)"), "100 MW");
  EXPECT_EQ(mean("discrete(20 %: 0, 80 %: 10) MW"), "8 MW");
  EXPECT_EQ(mean("mixture(60 %: normal 1 to 3 (80 %), 40 %: 5) MW"), "3.2 MW");
  EXPECT_EQ(mean("120 MW"), "120 MW");
  EXPECT_EQ(mean("normal 90 to 110 MW (80 %), at least 100 MW, at most 1000 MW").substr(0, 5),
            "106.2");
}

TEST(Uncertain, TakesEightyPercentWhereNoneIsWrittenAndSaysSo) {
  const auto lead_time = parse_uncertain("26–52 weeks");
  ASSERT_TRUE(lead_time) << lead_time.error().message;
  EXPECT_NEAR(in_unit(lead_time->quantile(0.1), "weeks"), 26, 1e-9);
  EXPECT_EQ(lead_time->assumption(), "a range without \"(p %)\" is read as 80 % likely");
}

}  // namespace
}  // namespace vorrat

#include "vorrat/quantity/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "vorrat/quantity/unit_table.h"

namespace vorrat {
namespace {

struct Good {
  const char* text;
  double value;  // in base units
  Dimension dimension;
  const char* printed;  // as to_string prints it
};

const std::vector<Good> good_texts = {
    {"27 kUSD", 27000, dimensions::money, "27 kUSD"},
    {"27k USD", 27000, dimensions::money, "27 kUSD"},
    {"27kUSD", 27000, dimensions::money, "27 kUSD"},
    {"160 bn CNY", 160e9, dimensions::money, "160 bn CNY"},
    {"160bn CNY", 160e9, dimensions::money, "160 bn CNY"},
    {"1600亿元", 160e9, dimensions::money, "160 bn CNY"},
    {"USD 27k", 27000, dimensions::money, "27 kUSD"},
    {"$27k", 27000, dimensions::money, "27 kUSD"},
    {"CNY 1.4m", 1.4e6, dimensions::money, "1.4 m CNY"},
    {"1.4 m CNY", 1.4e6, dimensions::money, "1.4 m CNY"},
    {"4.8 TB/s", 4.8e12, dimensions::bandwidth, "4.8 TB/s"},
    {"120 MW", 120e6, dimensions::power, "120 MW"},
    {"120 MWh", 120e6 * 3600, dimensions::energy, "120 MWh"},
    {"26 weeks", 26 * 604800.0, dimensions::time, "26 weeks"},
    {"1.5 tn tokens/day", 1.5e12 / 86400, dimensions::token_rate, "1.5 tn tokens/day"},
    {"15 %", 0.15, dimensions::none, "15 %"},
    {"0.08 USD/kWh", 0.08 / 3.6e6, dimensions::energy_price, "80 USD/MWh"},
    {"2.10 USD/GPU-hour", 2.1 / 3600, dimensions::rent, "2.1 USD/unit/h"},
    {"USD 2 an hour", 2.0 / 3600, dimensions::spending, "2 USD/h"},
    {"20,000", 20000, dimensions::none, "20,000"},
    {"20,000 units", 20000, dimensions::count, "20,000 units"},
    {"20 000", 20000, dimensions::none, "20,000"},
    {"814 mm2", 814e-6, dimensions::area, "814 mm²"},
    {"814 mm²", 814e-6, dimensions::area, "814 mm²"},
    {"3×10^25 FLOP", 3e25, dimensions::compute_work, "3e25 FLOP"},
    {"989.5 TFLOPS", 989.5e12, dimensions::compute_rate, "989.5 TFLOP/s"},
    {"400 Gb/s", 50e9, dimensions::bandwidth, "50 GB/s"},
    {"15 %/year", 0.15 / 31557600, dimensions::frequency, "15 %/year"},
    {"6.98 CNY/USD", 6.98, dimensions::none, "6.98 CNY/USD"},
    {"5 m", 5, dimensions::length, "5 m"},
    {"5 m tokens", 5e6, dimensions::tokens, "5 m tokens"},
};

TEST(ParseQuantity, ReadsWhatPeopleWrite) {
  for (const Good& good : good_texts) {
    const auto quantity = parse_quantity(good.text);
    ASSERT_TRUE(quantity) << good.text << ": " << quantity.error().message;
    EXPECT_DOUBLE_EQ(quantity->value, good.value) << good.text;
    EXPECT_EQ(quantity->dimension, good.dimension) << good.text;
    EXPECT_EQ(to_string(*quantity), good.printed) << good.text;
    EXPECT_EQ(parse_quantity(to_string(*quantity)).value(), *quantity) << good.text;
  }
}

struct Bad {
  const char* text;
  int position;
  int width;
  const char* message;
  const char* hint;
};

const std::vector<Bad> bad_texts = {
    {"", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5 wat", 2, 3, "\"wat\" is not a unit", "did you mean \"watt\"?"},
    {"1,5 MW", 0, 3, "\"1,5\" has a comma that is not between thousands", "write \"1.5\""},
    {"5 FLOPs", 2, 5, "\"FLOPs\" may be operations or operations per second",
     "write FLOP for work, or FLOP/s for a rate"},
    {"¥100", 0, 1, "\"¥\" may be Chinese yuan or Japanese yen", "write CNY or JPY"},
};

TEST(ParseQuantity, SaysWhereAndWhatIsWrong) {
  for (const Bad& bad : bad_texts) {
    const auto quantity = parse_quantity(bad.text);
    ASSERT_FALSE(quantity) << bad.text << ": " << to_string(*quantity);
    EXPECT_EQ(quantity.error().message, bad.message) << bad.text;
    EXPECT_EQ(quantity.error().hint, bad.hint) << bad.text;
    EXPECT_EQ(quantity.error().position, bad.position) << bad.text;
    EXPECT_EQ(quantity.error().width, bad.width) << bad.text;
  }
}

TEST(UnitTable, EveryExampleOfADimensionHasThatDimension) {
  for (const DimensionRow& row : dimension_table()) {
    const auto quantity = parse_quantity(row.example);
    ASSERT_TRUE(quantity) << row.example << ": " << quantity.error().message;
    EXPECT_EQ(quantity->dimension, row.dimension) << row.example;
  }
}

}  // namespace
}  // namespace vorrat

#include "vorrat/quantity/expression.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

AnyQuantity no_names(const Expression& name) {
  throw InvalidInput("there is no \"" + full_name(name) + "\"");
}

std::string value_of(const std::string& text) {
  const auto expression = parse_expression(text);
  if (!expression) return expression.error().message;
  try {
    return to_string(evaluate(*expression, no_names));
  } catch (const TextFault& fault) {
    return fault.message;
  }
}

TEST(Expression, ComputesWithUnits) {
  EXPECT_EQ(value_of("160 bn CNY / (150 bn CNY) - 1"), "6.666666666666665 %");
  EXPECT_EQ(value_of("160 bn CNY / 150 bn CNY"), "1.0666666666666667");
  EXPECT_EQ(value_of("2 * 3 + 4"), "10");
  EXPECT_EQ(value_of("2 + 3 * 4"), "14");
  EXPECT_EQ(value_of("-2 ^ 2"), "-4");
  EXPECT_EQ(value_of("2 ^ -2"), "25 %");
  EXPECT_EQ(value_of("120 MW * 1 year"), "1.05192 TWh");
  EXPECT_EQ(value_of("24 units * 1600 USD/unit/month * 0.85 * 3 months"), "97.92 kUSD");
  EXPECT_EQ(value_of("40000 USD / 3 years"), "13.333333333333334 kUSD/year");
  EXPECT_EQ(value_of("2 USD/GPU-hour * 2788 k GPU hours"), "5.576 m USD");
  EXPECT_EQ(value_of("sqrt(4 USD * 9 USD)"), "6 USD");
  EXPECT_EQ(value_of("max(1 MW, 2 MW) - min(1 MW, 500 kW)"), "1.5 MW");
  EXPECT_EQ(value_of("sum(1, 2, 3)"), "6");
  EXPECT_EQ(value_of("1,000 USD + 1 kUSD"), "2 kUSD");
}

TEST(Expression, SaysWhatDoesNotFit) {
  EXPECT_EQ(value_of("1 MW + 1 MWh"),
            "cannot add 1 MW, which is a power, and 1 MWh, which is an energy");
  EXPECT_EQ(value_of("1 USD + 1 CNY"), "cannot add USD and CNY without an exchange rate");
  EXPECT_EQ(value_of("1 / 0"), "a division by zero");
  EXPECT_EQ(value_of("1 +"), "a value is missing here");
  EXPECT_EQ(value_of("(1 + 2"), "a \")\" is missing here");
  EXPECT_EQ(value_of("1 2"), "\"2\" is not understood here");
  EXPECT_EQ(value_of("price * 2"), "there is no \"price\"");
  EXPECT_EQ(value_of("sqr(2)"), "there is no function \"sqr\"");
  EXPECT_EQ(value_of("sqrt(2 USD)"), "the square root of an amount of money");
  EXPECT_EQ(value_of(std::string(1000, '(')), "the formula nests too deeply");
}

// 160 bn CNY is 23 bn USD, both rounded: the rate lies in 159.5/23.5 .. 160.5/22.5.
TEST(Expression, ComputesWithRanges) {
  const auto formula = parse_expression("a / b").value();
  const auto interval = [](const char* low, const char* high) {
    return QuantityInterval{parse_quantity(low).value(), parse_quantity(high).value()};
  };
  const QuantityInterval rate = evaluate_interval(formula, [&](const Expression& name) {
    return name.name == "a" ? interval("159.5 bn CNY", "160.5 bn CNY")
                            : interval("22.5 bn USD", "23.5 bn USD");
  });
  EXPECT_NEAR(rate.low.value, 6.787, 0.001);
  EXPECT_NEAR(rate.high.value, 7.133, 0.001);
}

TEST(Expression, NamesAreNotUnits) {
  EXPECT_TRUE(is_name("revenue"));
  EXPECT_TRUE(is_name("sales.shipped"));
  EXPECT_FALSE(is_name("week"));
  EXPECT_FALSE(is_name("median"));
  EXPECT_FALSE(is_name("2x"));
}

}  // namespace
}  // namespace vorrat

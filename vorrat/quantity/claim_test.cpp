#include "vorrat/quantity/claim.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

Figures figures(const std::vector<std::pair<std::string, std::string>>& texts) {
  Figures result;
  for (const auto& [name, text] : texts) result[name] = parse_figure(text).value();
  return result;
}

std::string judged(const std::string& formula, const std::string& says, const Figures& of) {
  try {
    return to_string(judge({.formula = formula, .says = says}, of));
  } catch (const ClaimFault& fault) {
    return fault.fault.message;
  }
}

TEST(Judge, TellsHoldingFromHoldingWithinRoundingFromNotHolding) {
  const Figures of = figures({{"x", "150 bn CNY"}, {"y", "160 bn CNY"}});
  EXPECT_EQ(judged("y / x - 1", "7 %", of),
            "holds within rounding: 6.667 % (5.98 % to 7.358 % within rounding)");
  EXPECT_EQ(judged("y - x", "10 bn CNY", of), "holds: 10 bn CNY");
  EXPECT_EQ(judged("y / x", "2", of), "does not hold: 1.067, too small by a factor of 1.88");
  EXPECT_EQ(judged("y", "at most x", of),
            "does not hold: 160 bn CNY, too large by a factor of 1.07");
}

TEST(Judge, NamesTheLikelySlip) {
  EXPECT_EQ(judged("x", "20 m USD", figures({{"x", "200 m USD"}})),
            "does not hold: 200 m USD, too large by a factor of 10; looks like a slip of 10^1");
  EXPECT_EQ(judged("x", "400 GB/s", figures({{"x", "400 Gbit/s"}})),
            "does not hold: 50 GB/s, too small by a factor of 8.00; looks like bits for bytes (a "
            "factor of 8)");
  EXPECT_EQ(judged("x", "3958 TFLOP/s", figures({{"x", "1979 TFLOP/s"}})),
            "does not hold: 1.979 PFLOP/s, too small by a factor of 2.00; looks like sparse for "
            "dense ratings (a factor of 2)");
  EXPECT_EQ(judged("x + y + z", "50,000 units",
                   figures({{"x", "10,000 units"}, {"y", "20,000 units"}, {"z", "30,000 units"}})),
            "does not hold: 60,000 units, too large by a factor of 1.20; looks like a missing "
            "column: the sum without \"x\"");
  EXPECT_EQ(judged("x", "23 bn CNY", figures({{"x", "160 bn CNY"}, {"rate", "6.98 CNY/USD"}})),
            "does not hold: 160 bn CNY, too large by a factor of 6.96; looks like CNY taken for "
            "USD");
}

TEST(Judge, SaysWhatCannotBeCompared) {
  const Figures of = figures({{"x", "150 bn CNY"}});
  EXPECT_EQ(judged("x", "7 %", of),
            "the formula gives an amount of money, but this is a plain number");
  EXPECT_EQ(judged("xx", "7 %", of), "there is no figure \"xx\"; known: x");
}

}  // namespace
}  // namespace vorrat

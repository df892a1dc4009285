#include "vorrat/quantity/quantity.h"

#include <gtest/gtest.h>

#include "vorrat/quantity/text.h"

namespace vorrat {
namespace {

// 120 MW for a year of 365.25 days is 1,051,920 MWh; at 80 USD/MWh 84.1536 m USD.
TEST(Quantity, CarriesUnitsThroughAProduct) {
  const Energy year = 120 * units::megawatt * units::year;
  EXPECT_DOUBLE_EQ(year / units::megawatt_hour, 1051920);
  const Money bill = year * (Money(80, "USD") / units::megawatt_hour);
  EXPECT_DOUBLE_EQ(bill.value(), 84153600);
  EXPECT_EQ(bill.currency(), Currency("USD"));
}

TEST(Quantity, RefusesToAddMoneyOfTwoCurrencies) {
  try {
    (void)(Money(1, "CNY") + Money(1, "USD"));
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(), "cannot add CNY and USD without an exchange rate");
  }
}

TEST(Quantity, AZeroWithoutCurrencyStartsASum) {
  Money sum;
  sum += Money(2, "EUR");
  sum += Money(3, "EUR");
  EXPECT_EQ(sum, Money(5, "EUR"));
}

static_assert(std::is_same_v<decltype(Energy() / Duration()), Power>);
static_assert(std::is_same_v<decltype(Power() / Power()), double>);

TEST(AnyQuantity, ConvertsMoneyByMultiplyingWithARate) {
  const AnyQuantity rate = parse_quantity("6.98 CNY/USD").value();
  EXPECT_EQ(to_string(rate * AnyQuantity(Money(100, "USD"))), "698 CNY");
  EXPECT_EQ(to_string(AnyQuantity(Money(698, "CNY")) / rate), "100 USD");
}

TEST(Quantity, RefusesAnotherDimensionAndNamesBoth) {
  try {
    (void)Power::from(parse_quantity("120 MWh").value());
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(), "120 MWh is an energy, not a power");
  }
}

}  // namespace
}  // namespace vorrat

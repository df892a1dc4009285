#include "vorrat/quantity/exchange.h"

#include <gtest/gtest.h>

#include <functional>

#include "vorrat/quantity/text.h"

namespace vorrat {
namespace {

const Date january = make_date(2026, 1, 1), february = make_date(2026, 2, 1),
           march = make_date(2026, 3, 1);
const Currency usd("USD"), cny("CNY"), eur("EUR"), nok("NOK");

ExchangeRates some_rates() {
  ExchangeRates rates;
  rates.add(parse_quantity("7 CNY/USD").value(), january);
  rates.add(parse_quantity("6.98 CNY/USD").value(), february);
  rates.add(parse_quantity("1.25 USD/EUR").value(), january);
  return rates;
}

TEST(ExchangeRates, ConvertsByTheLastRateOnOrBeforeTheDay) {
  const ExchangeRates rates = some_rates();
  EXPECT_DOUBLE_EQ(rates.convert(Money(698, cny), usd, march).value(), 100);
  EXPECT_DOUBLE_EQ(rates.convert(Money(100, usd), cny, make_date(2026, 1, 31)).value(), 700);
  EXPECT_EQ(rates.convert(Money(5, usd), usd, march), Money(5, usd));
}

TEST(ExchangeRates, GoesThroughACurrencyBetween) {
  // 1 EUR = 1.25 USD = 8.725 CNY
  EXPECT_DOUBLE_EQ(some_rates().rate(eur, cny, march), 8.725);
  EXPECT_DOUBLE_EQ(some_rates().rate(cny, eur, march), 1 / 8.725);
}

TEST(ExchangeRates, ConvertsPricesToo) {
  const UnitPrice price = some_rates().convert(UnitPrice(6980, cny), usd, march);
  EXPECT_DOUBLE_EQ(price.value(), 1000);
  EXPECT_EQ(price.currency(), usd);
}

std::string fault_of(const std::function<void(ExchangeRates&)>& work) {
  ExchangeRates rates = some_rates();
  try {
    work(rates);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "";
}

TEST(ExchangeRates, NamesWhatIsMissingOrWrong) {
  EXPECT_EQ(fault_of([](ExchangeRates& rates) { rates.rate(nok, usd, march); }),
            "there is no rate of exchange from NOK to USD on or before 2026-03-01");
  EXPECT_EQ(fault_of([](ExchangeRates& rates) { rates.rate(cny, usd, make_date(2025, 12, 31)); }),
            "there is no rate of exchange from CNY to USD on or before 2025-12-31");
  EXPECT_EQ(fault_of([](ExchangeRates& rates) {
              rates.add(parse_quantity("7.1 CNY/USD").value(), january);
            }),
            "there are two rates of CNY per USD for 2026-01-01");
  EXPECT_EQ(
      fault_of([](ExchangeRates& rates) { rates.add(parse_quantity("7.1 CNY").value(), january); }),
      "7.1 CNY is not a rate of exchange; write it as \"6.98 CNY/USD\"");
}

}  // namespace
}  // namespace vorrat

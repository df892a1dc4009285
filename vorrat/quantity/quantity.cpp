#include "vorrat/quantity/quantity.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "vorrat/quantity/scanner.h"
#include "vorrat/quantity/text.h"
#include "vorrat/quantity/unit_table.h"

namespace vorrat {
namespace {

using CurrencyPowers = std::vector<std::pair<Currency, int>>;

CurrencyPowers currency_powers(const AnyQuantity& quantity) {
  if (quantity.is_exchange_rate()) return {{quantity.currency, 1}, {quantity.per_currency, -1}};
  if (quantity.currency.is_none()) return {};
  return {{quantity.currency, quantity.dimension.money}};
}

void add_powers(CurrencyPowers& sum, const CurrencyPowers& more, int sign) {
  for (const auto& [currency, exponent] : more) {
    bool found = false;
    for (auto& [known, total] : sum) {
      if (known != currency) continue;
      total += sign * exponent;
      found = true;
    }
    if (!found) sum.emplace_back(currency, sign * exponent);
  }
  std::erase_if(sum, [](const auto& entry) { return entry.second == 0; });
}

AnyQuantity product(const AnyQuantity& a, const AnyQuantity& b, int sign) {
  AnyQuantity result{.value = sign > 0 ? a.value * b.value : a.value / b.value,
                     .dimension = sign > 0 ? a.dimension * b.dimension : a.dimension / b.dimension,
                     .currency = {},
                     .per_currency = {}};
  const Dimension& d = result.dimension;
  for (const int exponent :
       {d.time, d.money, d.energy, d.compute, d.data, d.tokens, d.requests, d.count, d.length}) {
    // Exponents are small by far; a formula that raises and raises would run over their type.
    if (std::abs(exponent) > 60) throw InvalidInput("the exponent of a unit is above 60");
  }
  CurrencyPowers powers = currency_powers(a);
  add_powers(powers, currency_powers(b), sign);
  if (powers.size() == 1 && powers[0].second == result.dimension.money) {
    result.currency = powers[0].first;
  } else if (powers.size() == 2 && powers[0].second == -powers[1].second &&
             powers[0].second * powers[0].second == 1) {
    result.currency = powers[powers[0].second > 0 ? 0 : 1].first;
    result.per_currency = powers[powers[0].second > 0 ? 1 : 0].first;
  } else if (!powers.empty()) {
    throw InvalidInput(fmt::format("cannot {} {} by {}: the currencies do not cancel",
                                   sign > 0 ? "multiply" : "divide", to_string(a), to_string(b)));
  }
  return result;
}

AnyQuantity sum(const AnyQuantity& a, const AnyQuantity& b, double value, const char* verb) {
  if (a.dimension != b.dimension || a.is_exchange_rate() != b.is_exchange_rate()) {
    throw InvalidInput(fmt::format("cannot {} {}, which is {}, and {}, which is {}", verb,
                                   to_string(a), name_with_article(a.dimension), to_string(b),
                                   name_with_article(b.dimension)));
  }
  if (a.is_exchange_rate() && (a.currency != b.currency || a.per_currency != b.per_currency)) {
    throw InvalidInput(
        fmt::format("cannot {} the exchange rates {} and {}", verb, to_string(a), to_string(b)));
  }
  AnyQuantity result = a;
  result.value = value;
  result.currency = detail::common_currency(a.value, a.currency, b.value, b.currency, verb);
  return result;
}

}  // namespace

void Currency::throw_bad(std::string_view code) {
  throw InvalidInput(
      fmt::format("\"{}\" is not a currency; write three capital letters, as in \"CNY\"", code));
}

namespace detail {

void throw_currencies_differ(Currency a, Currency b, const char* verb) {
  const auto word = [](Currency currency) {
    return currency.is_none() ? std::string("money without a currency")
                              : std::string(currency.code());
  };
  throw InvalidInput(
      fmt::format("cannot {} {} and {} without an exchange rate", verb, word(a), word(b)));
}

void expect_dimension(const AnyQuantity& quantity, Dimension dimension) {
  if (quantity.is_exchange_rate()) {
    throw InvalidInput(fmt::format("{} is an exchange rate, not {}", to_string(quantity),
                                   name_with_article(dimension)));
  }
  if (quantity.dimension == dimension) return;
  throw InvalidInput(fmt::format("{} is {}, not {}", to_string(quantity),
                                 name_with_article(quantity.dimension),
                                 name_with_article(dimension)));
}

}  // namespace detail

bool same_kind(const AnyQuantity& a, const AnyQuantity& b) {
  return a.dimension == b.dimension && a.currency == b.currency && a.per_currency == b.per_currency;
}

AnyQuantity operator+(const AnyQuantity& a, const AnyQuantity& b) {
  return sum(a, b, a.value + b.value, "add");
}
AnyQuantity operator-(const AnyQuantity& a, const AnyQuantity& b) {
  return sum(a, b, a.value - b.value, "subtract");
}
AnyQuantity operator-(const AnyQuantity& a) {
  AnyQuantity result = a;
  result.value = -a.value;
  return result;
}
AnyQuantity operator*(const AnyQuantity& a, const AnyQuantity& b) { return product(a, b, 1); }
AnyQuantity operator/(const AnyQuantity& a, const AnyQuantity& b) { return product(a, b, -1); }

std::string name_with_article(Dimension dimension) {
  for (const DimensionRow& row : dimension_table()) {
    if (row.dimension == dimension) return std::string(row.name);
  }
  return "a quantity in " +
         detail::base_units_text(
             {.value = 1, .dimension = dimension, .currency = {}, .per_currency = {}});
}

std::string example_of(Dimension dimension) {
  for (const DimensionRow& row : dimension_table()) {
    if (row.dimension == dimension) return std::string(row.example);
  }
  return "";
}

}  // namespace vorrat

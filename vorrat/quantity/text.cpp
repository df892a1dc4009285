#include "vorrat/quantity/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "vorrat/quantity/scanner.h"
#include "vorrat/quantity/unit_table.h"

namespace vorrat {
namespace {

using detail::Scanner;
using detail::UnitSize;

// The decimal digits of a positive number and the power of ten of the first.
struct Decimal {
  std::string digits;  // without point, first digit not 0
  int exponent = 0;    // value = d.ddd * 10^exponent
};

Decimal decimal_of(double magnitude, int digits) {
  const std::string text = fmt::format("{:.{}e}", magnitude, digits - 1);
  const std::size_t e = text.find('e');
  Decimal decimal;
  for (const char c : text.substr(0, e)) {
    if (c != '.') decimal.digits += c;
  }
  while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
  decimal.exponent = std::atoi(text.c_str() + e + 1);
  return decimal;
}

std::string with_commas(std::string whole) {
  for (int at = static_cast<int>(whole.size()) - 3; at > 0 && whole.size() > 4; at -= 3) {
    whole.insert(static_cast<std::size_t>(at), ",");
  }
  return whole;
}

std::string number_text(const Decimal& decimal) {
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.exponent < -4 || decimal.exponent > 8) {
    const std::string rest = decimal.digits.substr(1);
    return fmt::format("{}{}{}e{}", decimal.digits[0], rest.empty() ? "" : ".", rest,
                       decimal.exponent);
  }
  if (decimal.exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0') +
           decimal.digits;
  }
  std::string whole = decimal.digits.substr(0, static_cast<std::size_t>(decimal.exponent) + 1);
  whole.resize(static_cast<std::size_t>(decimal.exponent) + 1, '0');
  const std::string rest =
      count > decimal.exponent + 1
          ? "." + decimal.digits.substr(static_cast<std::size_t>(decimal.exponent) + 1)
          : "";
  return (decimal.exponent >= 4 ? with_commas(whole) : whole) + rest;
}

double value_in_base_units(double sign, const Decimal& decimal, const UnitSize& size) {
  const std::string text = fmt::format(
      "{}e{}", decimal.digits,
      decimal.exponent - static_cast<int>(decimal.digits.size()) + 1 + size.power_of_ten);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return sign * value * size.numerator / size.denominator;
}

double size_of(const UnitSize& size) {
  return std::pow(10.0, size.power_of_ten) * size.numerator / size.denominator;
}

// The fewest digits of value / size that read back as exactly `value`; nothing if none do.
std::optional<Decimal> shortest(double value, const UnitSize& size) {
  const double magnitude = std::abs(value) / size_of(size);
  if (!std::isfinite(magnitude) || magnitude == 0) return std::nullopt;
  for (int digits = 1; digits <= 17; ++digits) {
    const Decimal decimal = decimal_of(magnitude, digits);
    if (value_in_base_units(value < 0 ? -1 : 1, decimal, size) == value) return decimal;
  }
  return std::nullopt;
}

std::string unit_after_number(std::string unit, bool is_one) {
  if (is_one) {
    for (const char* plural :
         {"weeks", "days", "months", "quarters", "years", "units", "tokens", "requests"}) {
      const std::string word(plural);
      if (unit.compare(0, word.size(), word) == 0 &&
          (unit.size() == word.size() || unit[word.size()] == '/')) {
        unit.erase(word.size() - 1, 1);
      }
    }
  }
  if (unit.empty() || unit[0] == '/') return unit;
  return " " + unit;
}

std::string spelled(const AnyQuantity& quantity, std::string_view spelling) {
  std::string unit(spelling);
  const std::string sign = "¤";
  if (const std::size_t at = unit.find(sign); at != std::string::npos) {
    unit.replace(at, sign.size(), quantity.currency.code());
  }
  return unit;
}

UnitSize size_of_unit(const std::string& unit) {
  if (unit.empty()) return {};
  // A scale word may stand before the unit, as in "m USD".
  Scanner scanner("1 " + unit);
  const detail::Amount amount = scanner.read_amount();
  UnitSize size = amount.unit.value_or(UnitSize{});
  size.power_of_ten += amount.scale.value_or(0);
  return size;
}

std::vector<std::string> spellings_of(const AnyQuantity& quantity) {
  std::vector<std::string> units;
  if (quantity.is_exchange_rate()) return units;
  for (const DimensionRow& row : dimension_table()) {
    if (row.dimension != quantity.dimension) continue;
    std::string_view rest = row.spellings;
    while (true) {
      const std::size_t comma = rest.find(',');
      units.push_back(spelled(quantity, rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return units;
}

// How hard a number is to read: its digits, and more for one below 1 or above 999.
std::ptrdiff_t effort_of(const Decimal& decimal) {
  const std::string text = number_text(decimal);
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits + (decimal.exponent < 0 ? 3 : decimal.exponent > 2 ? 1 : 0);
}

}  // namespace

namespace detail {

std::string base_units_text(const AnyQuantity& quantity) {
  const Dimension& d = quantity.dimension;
  std::vector<std::pair<std::string, int>> powers = {
      {std::string(quantity.currency.code()), quantity.is_exchange_rate() ? 1 : d.money},
      {std::string(quantity.per_currency.code()), quantity.is_exchange_rate() ? -1 : 0},
      {"J", d.energy},
      {"FLOP", d.compute},
      {"B", d.data},
      {"token", d.tokens},
      {"request", d.requests},
      {"unit", d.count},
      {"m", d.length},
      {"s", d.time}};
  std::string above, below;
  for (const auto& [symbol, exponent] : powers) {
    if (exponent == 0) continue;
    const std::string unit = symbol.empty() ? "money" : symbol;
    const int size = std::abs(exponent);
    const std::string power = size == 1 ? unit : fmt::format("{}^{}", unit, size);
    if (exponent > 0) {
      above += (above.empty() ? "" : "·") + power;
    } else {
      below += "/" + power;
    }
  }
  return above + below;
}

}  // namespace detail

std::expected<AnyQuantity, TextFault> parse_quantity(std::string_view text) {
  try {
    Scanner scanner(text);
    const detail::Amount amount = scanner.read_amount();
    detail::expect_end(scanner);
    return detail::quantity_of(amount);
  } catch (const TextFault& fault) {
    return std::unexpected(fault);
  }
}

std::expected<AnyQuantity, TextFault> parse_unit(std::string_view text) {
  if (text.empty()) return AnyQuantity{.value = 1};
  // A scale word needs a number before it, so one is lent.
  constexpr std::string_view lent = "1 ";
  auto unit = parse_quantity(std::string(lent) + std::string(text));
  if (!unit) {
    const int shift = static_cast<int>(lent.size());
    unit.error().position = std::max(0, unit.error().position - shift);
  }
  return unit;
}

std::string to_string(const AnyQuantity& quantity) {
  const std::vector<std::string> units = spellings_of(quantity);
  if (std::isnan(quantity.value)) return "not a number";
  if (std::isinf(quantity.value)) return quantity.value > 0 ? "infinite" : "-infinite";
  const std::string base_unit = detail::base_units_text(quantity);
  if (quantity.value == 0) {
    return (std::signbit(quantity.value) ? "-0" : "0") +
           unit_after_number(units.empty() ? base_unit : units[0], false);
  }
  std::optional<Decimal> best;
  std::string best_unit;
  std::ptrdiff_t best_effort = std::numeric_limits<std::ptrdiff_t>::max();
  for (const std::string& unit : units) {
    const auto decimal = shortest(quantity.value, size_of_unit(unit));
    if (!decimal) continue;
    if (effort_of(*decimal) < best_effort) {
      best = decimal;
      best_unit = unit;
      best_effort = effort_of(*decimal);
    }
  }
  if (!best) {
    best = shortest(quantity.value, UnitSize{});
    best_unit = base_unit;
  }
  const bool is_one = best->digits == "1" && best->exponent == 0;
  return (quantity.value < 0 ? "-" : "") + number_text(*best) +
         unit_after_number(best_unit, is_one);
}

std::string natural_unit(const AnyQuantity& quantity) {
  const std::vector<std::string> units = spellings_of(quantity);
  if (units.empty()) return detail::base_units_text(quantity);
  std::string best = units[0];
  double best_amount = std::numeric_limits<double>::infinity();
  for (const std::string& unit : units) {
    const double amount = std::abs(quantity.value) / size_of(size_of_unit(unit));
    if (amount < 1 || amount >= best_amount) continue;
    best = unit;
    best_amount = amount;
  }
  return best;
}

double in_unit(const AnyQuantity& quantity, std::string_view unit) {
  const auto one = parse_unit(unit);
  if (!one) throw InvalidInput(one.error().message);
  if (!same_kind(quantity, *one)) {
    throw InvalidInput(fmt::format("{}, which is {}, cannot be given in {}", to_string(quantity),
                                   name_with_article(quantity.dimension), unit));
  }
  return quantity.value / one->value;
}

std::string to_string_in(const AnyQuantity& quantity, std::string_view unit, int significant) {
  needs(significant >= 1 && significant <= 17, "1 <= significant <= 17");
  const double amount = in_unit(quantity, unit);
  if (!std::isfinite(amount)) return to_string(quantity);
  const std::string tail = unit_after_number(std::string(unit), false);
  if (amount == 0) return "0" + tail;
  return (amount < 0 ? "-" : "") + number_text(decimal_of(std::abs(amount), significant)) + tail;
}

}  // namespace vorrat

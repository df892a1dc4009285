// Amounts with a dimension. Two forms of the same thing:
//
//   Quantity<D>   the dimension is part of the type, so a wrong mix does not compile;
//   AnyQuantity   the dimension is data, for what is read from a file.
//
//     const Power site = 120 * units::megawatt;
//     const Energy year = site * (1.0 * units::year);
//     const double mwh = year / units::megawatt_hour;             // a plain number again
//     const Money bill = year * (Money(80, "USD") / units::megawatt_hour);
//     const Power read = Power::from(parse_quantity("120 MW").value());  // text.h
//     site + year;                                                // does not compile
//
// Values are held in base units: second, joule, operation (FLOP), byte, token, request, unit (one
// piece), metre, and one unit of a currency. Money carries its currency at run time, since
// currencies are data: adding CNY to USD throws InvalidInput (exchange.h converts).
#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <type_traits>

#include "vorrat/base/error.h"

namespace vorrat {

/// Exponents of the base units. Dimension{.energy = 1, .time = -1} is a power.
struct Dimension {
  signed char time = 0;      // second
  signed char money = 0;     // one unit of a currency; which one is said beside the value
  signed char energy = 0;    // joule
  signed char compute = 0;   // operation (FLOP)
  signed char data = 0;      // byte
  signed char tokens = 0;    // token
  signed char requests = 0;  // request
  signed char count = 0;     // piece
  signed char length = 0;    // metre
  auto operator<=>(const Dimension&) const = default;
};

constexpr Dimension operator*(Dimension a, Dimension b) {
  const auto add = [](int x, int y) { return static_cast<signed char>(x + y); };
  return {.time = add(a.time, b.time),
          .money = add(a.money, b.money),
          .energy = add(a.energy, b.energy),
          .compute = add(a.compute, b.compute),
          .data = add(a.data, b.data),
          .tokens = add(a.tokens, b.tokens),
          .requests = add(a.requests, b.requests),
          .count = add(a.count, b.count),
          .length = add(a.length, b.length)};
}
constexpr Dimension power_of(Dimension a, int exponent) {
  const auto scale = [exponent](int x) { return static_cast<signed char>(x * exponent); };
  return {.time = scale(a.time),
          .money = scale(a.money),
          .energy = scale(a.energy),
          .compute = scale(a.compute),
          .data = scale(a.data),
          .tokens = scale(a.tokens),
          .requests = scale(a.requests),
          .count = scale(a.count),
          .length = scale(a.length)};
}
constexpr Dimension operator/(Dimension a, Dimension b) { return a * power_of(b, -1); }

namespace dimensions {
inline constexpr Dimension none{};
inline constexpr Dimension time{.time = 1};
inline constexpr Dimension money{.money = 1};
inline constexpr Dimension energy{.energy = 1};
inline constexpr Dimension power = energy / time;
inline constexpr Dimension compute_work{.compute = 1};
inline constexpr Dimension compute_rate = compute_work / time;
inline constexpr Dimension data{.data = 1};
inline constexpr Dimension bandwidth = data / time;
inline constexpr Dimension tokens{.tokens = 1};
inline constexpr Dimension token_rate = tokens / time;
inline constexpr Dimension requests{.requests = 1};
inline constexpr Dimension request_rate = requests / time;
inline constexpr Dimension count{.count = 1};
inline constexpr Dimension length{.length = 1};
inline constexpr Dimension area = length * length;
inline constexpr Dimension frequency = none / time;  // also a growth, as in "15 %/year"
inline constexpr Dimension unit_price = money / count;
inline constexpr Dimension rent = money / count / time;
inline constexpr Dimension energy_price = money / energy;
inline constexpr Dimension token_price = money / tokens;
inline constexpr Dimension spending = money / time;
}  // namespace dimensions

/// The name of a dimension with its article, as in "a power", "an energy"; for dimensions without a
/// name the product of base units, as in "a quantity in USD·s/B".
std::string name_with_article(Dimension dimension);
/// A quantity of this dimension as a user would write it, as in `120 MW`; "" if none is known.
std::string example_of(Dimension dimension);

/// Three capital letters as in ISO 4217, or none.
class Currency {
 public:
  constexpr Currency() = default;
  /// Throws InvalidInput unless the code is three capital letters.
  constexpr explicit Currency(std::string_view code) {
    if (code.size() != 3) throw_bad(code);
    for (std::size_t i = 0; i < 3; ++i) {
      if (code[i] < 'A' || code[i] > 'Z') throw_bad(code);
      code_[i] = code[i];
    }
  }
  constexpr std::string_view code() const { return {code_.data(), code_[0] == 0 ? 0U : 3U}; }
  constexpr bool is_none() const { return code_[0] == 0; }
  auto operator<=>(const Currency&) const = default;

 private:
  [[noreturn]] static void throw_bad(std::string_view code);
  std::array<char, 3> code_{};
};

/// A quantity whose dimension is known at run time. Arithmetic throws InvalidInput, in words a user
/// understands, where the dimensions or currencies do not fit.
///
/// If dimension.money is not 0, `currency` says of which money. An exchange rate is a quantity of
/// dimension none with `currency` (above the line) and `per_currency` (below it): 6.98 CNY/USD.
struct AnyQuantity {
  double value = 0;  // in base units
  Dimension dimension{};
  Currency currency{};
  Currency per_currency{};
  bool operator==(const AnyQuantity&) const = default;
  bool is_exchange_rate() const { return !per_currency.is_none(); }

  // Friends that only an AnyQuantity brings along: else Power + Energy would compile by way of
  // them.
  friend AnyQuantity operator+(const AnyQuantity& a, const AnyQuantity& b);
  friend AnyQuantity operator-(const AnyQuantity& a, const AnyQuantity& b);
  friend AnyQuantity operator-(const AnyQuantity& a);
  friend AnyQuantity operator*(const AnyQuantity& a, const AnyQuantity& b);
  friend AnyQuantity operator/(const AnyQuantity& a, const AnyQuantity& b);
};

/// Whether the two may be added: same dimension and same currencies.
bool same_kind(const AnyQuantity& a, const AnyQuantity& b);

namespace detail {
[[noreturn]] void throw_currencies_differ(Currency a, Currency b, const char* verb);
/// The currency of a product or quotient. Throws InvalidInput if two differ and neither is none.
constexpr Currency product_currency(Currency a, Currency b, const char* verb) {
  if (a.is_none()) return b;
  if (!b.is_none() && a != b) throw_currencies_differ(a, b, verb);
  return a;
}
/// The currency of a sum: that of both; a zero without currency fits any. Throws InvalidInput.
constexpr Currency common_currency(double a, Currency of_a, double b, Currency of_b,
                                   const char* verb) {
  if (of_a == of_b) return of_a;
  if (of_a.is_none() && a == 0) return of_b;
  if (of_b.is_none() && b == 0) return of_a;
  throw_currencies_differ(of_a, of_b, verb);
}
/// Throws InvalidInput naming both dimensions unless `quantity` has the dimension.
void expect_dimension(const AnyQuantity& quantity, Dimension dimension);
struct no_currency {
  auto operator<=>(const no_currency&) const = default;
};
}  // namespace detail

/// A quantity whose dimension is part of its type; value in base units.
///
/// A quantity with money in its dimension also carries a currency. Only a dimensionless quantity
/// converts to and from double by itself.
template <Dimension D>
class Quantity {
  static constexpr bool has_money = D.money != 0;

 public:
  static constexpr Dimension dimension = D;

  constexpr Quantity() = default;
  /// Not for money, which needs its currency.
  constexpr explicit Quantity(double base_value) requires(!has_money) : value_(base_value) {}
  constexpr Quantity(double base_value, Currency currency) requires(has_money)
      : value_(base_value), currency_(currency) {}
  constexpr Quantity(double base_value, std::string_view currency) requires(has_money)
      : value_(base_value), currency_(Currency(currency)) {}

  /// Throws InvalidInput, naming both dimensions, if `quantity` has another dimension.
  static Quantity from(const AnyQuantity& quantity) {
    detail::expect_dimension(quantity, D);
    if constexpr (has_money) {
      return Quantity(quantity.value, quantity.currency);
    } else {
      return Quantity(quantity.value);
    }
  }
  operator AnyQuantity() const { return {value_, D, currency(), {}}; }

  /// In base units.
  constexpr double value() const { return value_; }
  /// None unless the dimension has money in it.
  constexpr Currency currency() const {
    if constexpr (has_money) {
      return currency_;
    } else {
      return {};
    }
  }
  constexpr operator double() const requires(D == dimensions::none) { return value_; }

  Quantity& operator+=(const Quantity& other) { return *this = *this + other; }
  Quantity& operator-=(const Quantity& other) { return *this = *this - other; }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  constexpr Quantity& operator/=(double divisor) {
    value_ /= divisor;
    return *this;
  }

  friend constexpr Quantity operator+(const Quantity& a, const Quantity& b) {
    return combine(a, b, a.value_ + b.value_, "add");
  }
  friend constexpr Quantity operator-(const Quantity& a, const Quantity& b) {
    return combine(a, b, a.value_ - b.value_, "subtract");
  }
  friend constexpr Quantity operator-(const Quantity& a) {
    Quantity result = a;
    result.value_ = -a.value_;
    return result;
  }
  friend constexpr Quantity operator*(double factor, const Quantity& a) {
    return Quantity(a) *= factor;
  }
  friend constexpr Quantity operator*(const Quantity& a, double factor) {
    return Quantity(a) *= factor;
  }
  friend constexpr Quantity operator/(const Quantity& a, double divisor) {
    return Quantity(a) /= divisor;
  }
  friend constexpr bool operator==(const Quantity& a, const Quantity& b) = default;
  /// Throws InvalidInput if the currencies differ.
  friend constexpr std::partial_ordering operator<=>(const Quantity& a, const Quantity& b) {
    if constexpr (has_money) {
      detail::common_currency(a.value_, a.currency_, b.value_, b.currency_, "compare");
    }
    return a.value_ <=> b.value_;
  }

 private:
  static constexpr Quantity combine(const Quantity& a, const Quantity& b, double value,
                                    const char* verb) {
    if constexpr (has_money) {
      return Quantity(value,
                      detail::common_currency(a.value_, a.currency_, b.value_, b.currency_, verb));
    } else {
      return Quantity(value);
    }
  }

  double value_ = 0;
  [[no_unique_address]] std::conditional_t<has_money, Currency, detail::no_currency> currency_;
};

using Ratio = Quantity<dimensions::none>;
using Duration = Quantity<dimensions::time>;
using Money = Quantity<dimensions::money>;
using Energy = Quantity<dimensions::energy>;
using Power = Quantity<dimensions::power>;
using ComputeWork = Quantity<dimensions::compute_work>;
using ComputeRate = Quantity<dimensions::compute_rate>;
using Data = Quantity<dimensions::data>;
using Bandwidth = Quantity<dimensions::bandwidth>;
using Tokens = Quantity<dimensions::tokens>;
using TokenRate = Quantity<dimensions::token_rate>;
using Requests = Quantity<dimensions::requests>;
using RequestRate = Quantity<dimensions::request_rate>;
using Count = Quantity<dimensions::count>;
using Length = Quantity<dimensions::length>;
using Area = Quantity<dimensions::area>;
using Frequency = Quantity<dimensions::frequency>;
using UnitPrice = Quantity<dimensions::unit_price>;
using Rent = Quantity<dimensions::rent>;
using EnergyPrice = Quantity<dimensions::energy_price>;
using TokenPrice = Quantity<dimensions::token_price>;
using Spending = Quantity<dimensions::spending>;

namespace detail {
/// A quantity, or a plain number where nothing is left of the dimensions.
template <Dimension D>
constexpr auto make(double value, [[maybe_unused]] Currency currency) {
  if constexpr (D == dimensions::none) {
    return value;
  } else if constexpr (D.money != 0) {
    return Quantity<D>(value, currency);
  } else {
    return Quantity<D>(value);
  }
}
}  // namespace detail

/// Throws InvalidInput if both sides have a currency and they differ. A result without dimension is
/// a plain double: money / money, power / units::megawatt.
template <Dimension A, Dimension B>
constexpr auto operator*(const Quantity<A>& a, const Quantity<B>& b) {
  return detail::make<A * B>(a.value() * b.value(),
                             detail::product_currency(a.currency(), b.currency(), "multiply"));
}
template <Dimension A, Dimension B>
constexpr auto operator/(const Quantity<A>& a, const Quantity<B>& b) {
  return detail::make<A / B>(a.value() / b.value(),
                             detail::product_currency(a.currency(), b.currency(), "divide"));
}
template <Dimension D>
constexpr auto operator/(double a, const Quantity<D>& b) {
  return detail::make<dimensions::none / D>(a / b.value(), b.currency());
}

/// One of each, for writing and reading quantities in code: 120 * units::megawatt, and
/// power / units::megawatt for the number of megawatts.
namespace units {
inline constexpr Duration second{1};
inline constexpr Duration minute{60};
inline constexpr Duration hour{3600};
inline constexpr Duration day{86400};
inline constexpr Duration week{604800};
inline constexpr Duration year{31557600};  // 365.25 days; a month is a twelfth, a quarter a fourth
inline constexpr Duration month{2629800};
inline constexpr Duration quarter{7889400};
inline constexpr Energy joule{1};
inline constexpr Energy kilowatt_hour{3.6e6};
inline constexpr Energy megawatt_hour{3.6e9};
inline constexpr Power watt{1};
inline constexpr Power kilowatt{1e3};
inline constexpr Power megawatt{1e6};
inline constexpr Power gigawatt{1e9};
inline constexpr ComputeWork flop{1};
inline constexpr ComputeRate flop_per_second{1};
inline constexpr ComputeRate teraflop_per_second{1e12};
inline constexpr Data byte{1};
inline constexpr Data gigabyte{1e9};
inline constexpr Bandwidth byte_per_second{1};
inline constexpr Bandwidth gigabyte_per_second{1e9};
inline constexpr Bandwidth terabyte_per_second{1e12};
inline constexpr Tokens token{1};
inline constexpr TokenRate token_per_second{1};
inline constexpr TokenRate token_per_day = token / day;
inline constexpr Requests request{1};
inline constexpr RequestRate request_per_second{1};
inline constexpr Count unit{1};
inline constexpr Length metre{1};
inline constexpr Area square_millimetre{1e-6};
}  // namespace units

}  // namespace vorrat

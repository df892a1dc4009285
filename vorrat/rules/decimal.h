// Decimal numbers as a law or a data sheet writes them, compared without any rounding.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace vorrat::rules {

/// A decimal number, digits / 10^scale, exact. 5.92 is 592 / 100, not the double nearest to it, so
/// a part rated exactly at a threshold falls on the side that the text of the law puts it.
///
/// Sums and products throw InvalidInput when they need more than 38 digits; figures of a data sheet
/// need about ten.
class Decimal {
 public:
  Decimal() = default;
  /// The shortest decimal that reads back as `value`. Throws InvalidInput unless it is finite and
  /// below 10^15 in size.
  explicit Decimal(double value);

  /// Reads "4800", "5.92" or "21,000". Nothing if the text is not a decimal of at most 18 digits.
  static std::optional<Decimal> parse(std::string_view text);

  double to_double() const;

  friend Decimal operator*(const Decimal& a, const Decimal& b);
  friend Decimal operator+(const Decimal& a, const Decimal& b);
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
  /// All digits: "20919.2".
  friend std::string to_string(const Decimal& value);

 private:
  __extension__ using Digits = __int128;
  Decimal(Digits digits, int scale) : digits_(digits), scale_(scale) {}
  static Digits scaled(const Decimal& value, int scale);

  Digits digits_ = 0;
  int scale_ = 0;  // digits after the point, >= 0
};

}  // namespace vorrat::rules

#include "vorrat/rules/decimal.h"

#include <array>
#include <charconv>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

[[noreturn]] void throw_too_long() {
  throw InvalidInput("a figure has more digits than can be compared exactly; write it as rated");
}

}  // namespace

Decimal::Decimal(double value) {
  if (!std::isfinite(value) || std::abs(value) >= 1e15) {
    throw InvalidInput("a figure of a rating is not a number below 10^15");
  }
  std::array<char, 400> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  for (const char* c = text.data(); c != end.ptr; ++c) {
    if (*c == '-') continue;
    if (*c == '.') {
      scale_ = static_cast<int>(end.ptr - c) - 1;
      if (scale_ > 18) throw_too_long();
    } else {
      digits_ = digits_ * 10 + (*c - '0');
    }
  }
  if (value < 0) digits_ = -digits_;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  Decimal result;
  int digit_count = 0;
  bool after_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !after_point && digit_count > 0) {
      after_point = true;
    } else if (c == ',' && !after_point && digit_count > 0) {
      continue;
    } else if (c >= '0' && c <= '9' && ++digit_count <= 18) {
      result.digits_ = result.digits_ * 10 + (c - '0');
      result.scale_ += after_point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (digit_count == 0 || text.back() == '.' || text.back() == ',') return std::nullopt;
  return result;
}

double Decimal::to_double() const {
  return static_cast<double>(static_cast<long double>(digits_) / std::pow(10.0L, scale_));
}

Decimal::Digits Decimal::scaled(const Decimal& value, int scale) {
  Digits digits = value.digits_;
  for (int i = value.scale_; i < scale; ++i) {
    if (__builtin_mul_overflow(digits, Digits{10}, &digits)) throw_too_long();
  }
  return digits;
}

Decimal operator*(const Decimal& a, const Decimal& b) {
  Decimal::Digits digits = 0;
  if (__builtin_mul_overflow(a.digits_, b.digits_, &digits)) throw_too_long();
  int scale = a.scale_ + b.scale_;
  for (; scale > 0 && digits % 10 == 0; --scale) digits /= 10;
  return {digits, scale};
}

Decimal operator+(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  Decimal::Digits digits = 0;
  if (__builtin_add_overflow(Decimal::scaled(a, scale), Decimal::scaled(b, scale), &digits)) {
    throw_too_long();
  }
  return {digits, scale};
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  return Decimal::scaled(a, scale) <=> Decimal::scaled(b, scale);
}

std::string to_string(const Decimal& value) {
  Decimal::Digits rest = value.digits_ < 0 ? -value.digits_ : value.digits_;
  int scale = value.scale_;
  for (; scale > 0 && rest % 10 == 0; --scale) rest /= 10;
  std::string reversed;
  for (int i = 0; rest != 0 || i <= scale; ++i, rest /= 10) {
    if (i == scale && scale > 0) reversed += '.';
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  if (value.digits_ < 0) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace vorrat::rules

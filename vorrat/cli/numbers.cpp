#include "vorrat/cli/numbers.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace vorrat::cli {
namespace {

// Not a number where the text is none.
double number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() || *end != 0 ? std::numeric_limits<double>::quiet_NaN() : value;
}

std::string unless(bool is_good, const std::string& text, const char* wanted) {
  return is_good ? "" : fmt::format("\"{}\" is not {}", text, wanted);
}

}  // namespace

std::string above_zero(const std::string& text) {
  const double value = number(text);
  return unless(value > 0.0 && std::isfinite(value), text, "a number above 0");
}

std::string not_negative(const std::string& text) {
  const double value = number(text);
  return unless(value >= 0.0 && std::isfinite(value), text, "a number of at least 0");
}

std::string finite(const std::string& text) {
  return unless(std::isfinite(number(text)), text, "a finite number");
}

std::string whole(const std::string& text) {
  return unless(!text.empty() && text.find_first_not_of("0123456789") == std::string::npos, text,
                "a whole number of at least 0");
}

}  // namespace vorrat::cli

#include "vorrat/report/format.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace vorrat::report {
namespace {

std::string with_separators(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string short_money(double value) {
  static constexpr std::pair<double, const char*> scales[] = {
      {1e9, " bn"}, {1e6, " m"}, {1e3, " k"}};
  const double magnitude = std::abs(value);
  for (const auto& [scale, word] : scales) {
    if (magnitude >= scale) return fmt::format("{:.3g}{}", value / scale, word);
  }
  return fmt::format("{:.3g}", value == 0.0 ? 0.0 : value);  // never "-0"
}

std::string format_worth(double worth) {
  if (worth == 0.0) return "0";
  return fmt::format("{}{}", worth > 0 ? "+" : "-", format_number(std::abs(worth)));
}

std::string number_text(Format format, double value) {
  switch (format) {
    case Format::count:
      return format_number(value, 0);
    case Format::money:
      return short_money(value);
    case Format::cents:
      return format_cents(std::llround(value * 100.0));
    case Format::worth:
      return format_worth(value);
    case Format::odds:
      return format_odds(value);
    case Format::scaled:
      return format_scaled(value);
    case Format::exact:
      return fmt::format("{}", value);
    case Format::text:
    case Format::number:
      break;
  }
  return format_number(value);
}

}  // namespace

std::string format_number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  const double magnitude = std::abs(value);
  const char* sign = value < 0 ? "-" : "";
  if (magnitude >= 1000.0 || digits == 0) {
    const double rounded = std::round(magnitude);
    return rounded == 0.0 ? "0" : sign + with_separators(static_cast<std::uint64_t>(rounded));
  }
  if (magnitude == 0.0) return "0";
  return fmt::format("{:.{}g}", value, digits);
}

std::string format_money(double value, const std::string& currency) {
  return currency + " " + short_money(value);
}

std::string format_cents(std::int64_t cents) {
  const std::uint64_t magnitude = static_cast<std::uint64_t>(cents < 0 ? -cents : cents);
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", with_separators(magnitude / 100),
                     magnitude % 100);
}

std::string format_odds(double odds) {
  if (odds <= 1e-9) return "0 %";
  if (odds >= 1.0 - 1e-9) return "100 %";
  if (odds < 0.01) return "<1 %";
  if (odds > 0.99) return ">99 %";
  return fmt::format("{:.0f} %", odds * 100.0);
}

std::string format_scaled(double value) {
  static constexpr std::pair<double, const char*> scales[] = {{1e24, "Y"}, {1e21, "Z"}, {1e18, "E"},
                                                              {1e15, "P"}, {1e12, "T"}, {1e9, "G"},
                                                              {1e6, "M"},  {1e3, "k"}};
  for (const auto& [scale, letter] : scales) {
    if (std::abs(value) >= scale) return fmt::format("{} {}", format_number(value / scale), letter);
  }
  return format_number(value);
}

std::string cell_text(const Column& column, const Cell& cell) {
  if (const auto* words = std::get_if<std::string>(&cell)) return *words;
  if (const auto* value = std::get_if<double>(&cell)) return number_text(column.format, *value);
  return "-";
}

std::string cell_text_with_unit(const Column& column, const Cell& cell) {
  const std::string text = cell_text(column, cell);
  if (column.unit.empty() || !std::holds_alternative<double>(cell)) return text;
  const bool before = column.format == Format::money || column.format == Format::cents;
  if (before) return column.unit + " " + text;
  return text + (column.format == Format::scaled && !text.ends_with(' ') ? "" : " ") + column.unit;
}

}  // namespace vorrat::report

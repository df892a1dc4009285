#include "vorrat/base/date.h"

#include <fmt/format.h>

#include <charconv>

namespace vorrat {
namespace {

std::optional<int> parse_digits(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4));
  const auto month = parse_digits(text.substr(5, 2));
  const auto day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::string to_string(Date date) {
  const std::chrono::year_month_day ymd(date);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

Date make_date(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year_month_day(
      std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)));
}

std::optional<Quarter> parse_quarter(std::string_view text) {
  if (text.size() == 7 && text[4] == '-') {
    return text[5] == 'Q'
               ? parse_quarter(std::string(text.substr(0, 4)) + std::string(text.substr(5)))
               : std::nullopt;
  }
  if (text.size() != 6 || text[4] != 'Q' || text[5] < '1' || text[5] > '4') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4));
  if (!year) return std::nullopt;
  return Quarter{*year, text[5] - '0'};
}

std::string to_string(Quarter quarter) {
  return fmt::format("{:04}Q{}", quarter.year, quarter.number);
}

Quarter operator+(Quarter quarter, int count) {
  const int index = quarter.year * 4 + quarter.number - 1 + count;
  return {index / 4, index % 4 + 1};
}

int quarters_between(Quarter from, Quarter to) {
  return (to.year - from.year) * 4 + to.number - from.number;
}

Quarter quarter_of(Date date) {
  const std::chrono::year_month_day ymd(date);
  return {static_cast<int>(ymd.year()),
          static_cast<int>((static_cast<unsigned>(ymd.month()) - 1) / 3) + 1};
}

Date first_day(Quarter quarter) {
  return make_date(quarter.year, static_cast<unsigned>(quarter.number * 3 - 2), 1);
}

Date last_day(Quarter quarter) { return first_day(quarter + 1) - std::chrono::days(1); }

}  // namespace vorrat

// Calendar days and quarters: reading, printing, counting.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace vorrat {

/// A calendar day. Days are counted exactly; there is no time zone here.
using Date = std::chrono::sys_days;

/// Reads "2026-02-09". Nothing if the text is not a day of the calendar.
std::optional<Date> parse_date(std::string_view text);
std::string to_string(Date date);
Date make_date(int year, unsigned month, unsigned day);

/// A quarter of a calendar year, `number` 1 to 4.
struct Quarter {
  int year = 0;
  int number = 1;
  auto operator<=>(const Quarter&) const = default;
};

/// Reads "2026Q1" or "2026-Q1". Nothing if the text is neither.
std::optional<Quarter> parse_quarter(std::string_view text);
std::string to_string(Quarter quarter);

/// The quarter `count` quarters later (earlier if negative).
Quarter operator+(Quarter quarter, int count);
/// Quarters from `from` to `to`; negative if `to` is earlier.
int quarters_between(Quarter from, Quarter to);
Quarter quarter_of(Date date);
Date first_day(Quarter quarter);
Date last_day(Quarter quarter);

}  // namespace vorrat

// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// "12,345"; "0.12" for small numbers; never more than `digits` significant digits beyond the
/// thousands.
std::string format_number(double value, int digits = 3);
/// "USD 5.23 bn", "USD 12.0 m", "USD 840".
std::string format_money(double value, const std::string& currency);
/// Exact: "1,234.56".
std::string format_cents(std::int64_t cents);
/// "62 %", "<1 %", ">99 %", "0 %", "100 %".
std::string format_odds(double odds);
/// With a power of a thousand: "52.3 T".
std::string format_scaled(double value);

/// A cell of a column, without the unit; "-" for an empty one.
std::string cell_text(const Column& column, const Cell& cell);
/// The same with the unit: "USD 5.23 bn", "110 MW".
std::string cell_text_with_unit(const Column& column, const Cell& cell);

}  // namespace vorrat::report

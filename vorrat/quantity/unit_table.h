// The one table of units: what a user may write after a number. The reader of quantities (text.h)
// and the reference page docs/reference/units.md are both made from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/quantity/quantity.h"

namespace vorrat {

/// Which letters may stand directly before a unit.
enum class Prefixes {
  none,
  metric,        // n µ m k M G T P E Z Y
  metric_large,  // k M G T P E Z Y: where a thousandth makes no sense
  data,          // metric_large, and Ki Mi Gi Ti Pi Ei of 1024
  money          // k M bn tn
};

/// One unit. Its size in base units is multiplier * 10^power_of_ten, exact.
struct UnitRow {
  std::string_view symbol;       // as printed and read, letter case matters
  std::string_view other_names;  // also read, separated by spaces; letter case does not matter
  Dimension dimension;
  double multiplier = 1;
  int power_of_ten = 0;
  Prefixes prefixes = Prefixes::none;
  std::string_view note;  // for the reference page
};

/// A word or letter that multiplies what follows, as in "160 bn CNY".
struct ScaleRow {
  std::string_view word;
  int power_of_ten;
  std::string_view note;
};

struct CurrencyRow {
  std::string_view code;
  std::string_view other_names;  // also read, separated by spaces
  std::string_view name;
};

/// A word that somebody may write and that is not clear enough to be read.
struct AmbiguousRow {
  std::string_view word;
  std::string_view meaning;  // completes "... "
  std::string_view hint;
};

struct DimensionRow {
  Dimension dimension;
  std::string_view name;       // with its article
  std::string_view example;    // as a user would write one
  std::string_view spellings;  // units to print in, separated by commas, the usual one first
};

std::span<const UnitRow> unit_table();
std::span<const ScaleRow> scale_table();
std::span<const CurrencyRow> currency_table();
std::span<const AmbiguousRow> ambiguous_table();
std::span<const DimensionRow> dimension_table();

/// Every word that names a unit, without prefixes; for did-you-mean.
std::vector<std::string> unit_words();

/// The reference page of units, as Markdown.
std::string units_page();

}  // namespace vorrat

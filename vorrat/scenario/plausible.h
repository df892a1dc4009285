// Whether a figure of a scenario is anywhere near the catalogue's.
#pragma once

#include <optional>
#include <string>

#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::scenario {

/// The span of figures that the catalogue holds for something, and how a reader sees it.
struct OnRecord {
  AnyQuantity low;
  AnyQuantity high;
  std::string text;  // as in "20 kUSD to 41 kUSD"
};

/// Prices of an accelerator, or its rents for a lease; nothing if there is none on record.
std::optional<OnRecord> price_on_record(const catalog::Catalog& catalog,
                                        const catalog::Accelerator& accelerator,
                                        Transaction transaction);
/// The price of electricity in a region.
std::optional<OnRecord> electricity_on_record(const catalog::Catalog& catalog,
                                              const std::string& region);

/// How far a value lies outside [low, high]: 1 inside, value / high above it, value / low
/// below it. Needs positive numbers.
double factor_off(double value, double low, double high);

/// A figure this many times off is taken for a slip of a power of ten: the square root of ten.
inline constexpr double far_off = 3.1622776601683795;

/// A factor from factor_off in words, as in "6.6 times above" or "7.1 times below"; 0 is "far
/// below".
std::string times_off(double factor);

}  // namespace vorrat::scenario

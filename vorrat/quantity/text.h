// Quantities as people write them: "27 kUSD", "160 bn CNY", "4.8 TB/s", "1.5 tn tokens/day", "15
// %", "USD 2.10 per GPU-hour". Reading and printing round-trip to the last bit.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "vorrat/quantity/quantity.h"

namespace vorrat {

/// What is wrong with a text, and where in it.
struct TextFault {
  int position = 0;  // characters (not bytes) before the fault
  int width = 1;     // characters meant, at least 1
  std::string message{};
  std::string hint{};
};

/// Reads one quantity: a number, then perhaps a scale word and a unit. The whole text must be used.
///
/// - Number: "20000", "20,000", "20 000", "1.5e6", "-3"; a comma is for thousands only.
/// - Scale: k m bn tn Mio Mrd million billion thousand 万 亿 ...; "m" means million before a
///   currency, tokens, units or requests, else metre.
/// - Unit: products and quotients of the unit table, as in "USD/MWh", "USD/GPU-hour",
///   "tokens per day", "FLOP/s". Words joined by "-" or a blank belong together below a "/".
/// - A currency may stand before the number: "USD 27k", "$27k", "¥" is refused (CNY or JPY?).
/// - Powers of ten are exact: "4.8 TB/s" is the double nearest to 4.8e12.
std::expected<AnyQuantity, TextFault> parse_quantity(std::string_view text);

/// Reads a unit alone, as in "USD/MWh" or "m tokens"; the value is its size in base units.
std::expected<AnyQuantity, TextFault> parse_unit(std::string_view text);

/// The shortest text that parse_quantity reads back as exactly this quantity, in the unit a reader
/// expects: "27 kUSD", "4.8 TB/s", "26 weeks", "15 %".
std::string to_string(const AnyQuantity& quantity);

/// The quantity in one unit, in the fewest digits that show `significant` digits of it, with commas
/// between thousands: "1,234.5 MW". Throws InvalidInput if the unit does not fit.
std::string to_string_in(const AnyQuantity& quantity, std::string_view unit, int significant = 6);

/// The unit to show a quantity in, rounded: the one that leaves the smallest number above 1, as in
/// "m tokens/day"; "" for a plain number.
std::string natural_unit(const AnyQuantity& quantity);

/// How many of `unit` the quantity is: in_unit(power, "MW"). Throws InvalidInput if the unit does
/// not fit.
double in_unit(const AnyQuantity& quantity, std::string_view unit);

}  // namespace vorrat

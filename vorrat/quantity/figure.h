// Figures as the press prints them: each stands for the interval that rounds to it.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "vorrat/quantity/expression.h"
#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/text.h"

namespace vorrat {

/// What a figure says of a value.
enum class Relation {
  equals,    // "7 %": what rounds to it
  about,     // "about half": within 10 % of it
  less,      // "less than a tenth"
  at_most,   // "at most 20 MW", "up to 20 MW"
  more,      // "above 300 bn USD"
  at_least,  // "at least 20 MW"
  range      // "6.8 to 7.1 CNY/USD", "between 6.8 and 7.1 CNY/USD"
};

struct Figure {
  Relation relation = Relation::equals;
  AnyQuantity value{};            // as written; of a range its middle
  QuantityInterval ends{};        // of a range as written, else value twice
  QuantityInterval stands_for{};  // what rounds to it; infinite on the open side of a bound
};

/// Takes a word of relation from the front of a text ("about", "less than", "above", ...) and
/// returns it; `text` keeps the rest. Relation::equals if there is none.
Relation take_relation(std::string_view& text);

/// Reads a figure.
///
/// Half a unit of the last digit counts as rounding: "160 bn CNY" stands for 159.5 to 160.5 bn CNY,
/// "7 %" for 6.5 to 7.5 %. Zeros in groups of three count as a scale, so that "20,000" stands for
/// 19,500 to 20,500. A fraction in words ("half", "a tenth") and one written "1/10" stands for 5 %
/// to either side.
std::expected<Figure, TextFault> parse_figure(std::string_view text);

/// A figure known exactly, as a count of years written in a contract.
Figure exact_figure(const AnyQuantity& value);

}  // namespace vorrat

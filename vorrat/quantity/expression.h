// Formulas over quantities, as in "revenue * share / price[chip]" or "(160 bn CNY) / (150 bn CNY) -
// 1".
//
//   sum     = product { ("+" | "-") product }
//   product = power { ("*" | "/" | "·" | "×") power }
//   power   = atom [ "^" integer ]
//   atom    = quantity | name | name "[" key "]" | function "(" sum { "," sum } ")" | "(" sum ")" |
//   "-" power
//
// A quantity is read as in text.h; a "/" or "*" after it belongs to its unit if a unit follows,
// else it is an operator. Names are letters, digits, "_" and ".", and are not units. Functions:
// min, max, sum, mean_of, abs, sqrt, exp, log, and median(x), mean(x), quantile(x, p) of an
// uncertain x. A filter "column = word" may stand among the arguments of sum; the reader of tables
// uses it.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/text.h"

namespace vorrat {

struct Expression {
  enum class Kind { quantity, name, negate, add, subtract, multiply, divide, power, call, filter };
  Kind kind = Kind::quantity;
  AnyQuantity quantity{};  // of a quantity
  std::string name{};      // of a name, a function, or the column of a filter
  std::string key{};       // of a name with [key], or the word of a filter
  int exponent = 1;        // of a power
  std::vector<Expression> operands{};
  int position = 0;  // characters before it in the text
  int width = 1;
};

/// Reads a formula; the whole text must be used.
std::expected<Expression, TextFault> parse_expression(std::string_view text);

/// A name and its key as written, as in `price[A100]`.
std::string full_name(const Expression& expression);

/// Calls `visit` for each name in the formula, from left to right.
void for_each_name(const Expression& expression,
                   const std::function<void(const Expression& name)>& visit);
/// A copy in which each name is what `replace` gives for it.
Expression with_names(const Expression& expression,
                      const std::function<Expression(const Expression& name)>& replace);

/// The value of a formula whose names have plain values. `value_of` may throw InvalidInput. Throws
/// TextFault with the place of what does not fit: an unknown function, dimensions or currencies
/// that do not match, a division by zero.
AnyQuantity evaluate(const Expression& expression,
                     const std::function<AnyQuantity(const Expression& name)>& value_of);

/// The ends of a range of quantities of one kind.
struct QuantityInterval {
  AnyQuantity low{};
  AnyQuantity high{};
};
/// The range of the formula when each name ranges over its interval: exact if each name occurs
/// once, else perhaps too wide. Throws as evaluate.
QuantityInterval evaluate_interval(
    const Expression& expression,
    const std::function<QuantityInterval(const Expression& name)>& interval_of);

/// The square root of a quantity; throws InvalidInput if its value is negative or its dimension not
/// a square.
AnyQuantity square_root(const AnyQuantity& quantity);

/// Whether a word may name a value: letters, digits, "_" and ".", beginning with a letter, and
/// neither a unit nor a function.
bool is_name(std::string_view word);

/// The functions a formula may call.
const std::vector<std::string>& function_names();

}  // namespace vorrat

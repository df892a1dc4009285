// Checking what was published: does a figure follow from the others?
//
//     figures["budget"] = parse_figure("160 bn CNY").value();
//     figures["chips"] = parse_figure("85 bn CNY").value();
//     const Claim claim{.name = "about half goes to processors", .formula = ..., .says = "about
//     half"}; judge(claim, figures).verdict;  // Verdict::holds: 85 / 160 = 53.1 %
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/quantity/expression.h"
#include "vorrat/quantity/figure.h"

namespace vorrat {

enum class Verdict {
  holds,                  // of the figures as printed
  holds_within_rounding,  // of some figures that round to those printed
  does_not_hold           // of none
};

std::string_view to_string(Verdict verdict);

/// A claim: that `formula`, over figures by name, is what `says` says: a figure with its relation
/// ("about half", "less than 10 %", "6.8 to 7.1 CNY/USD"), or a relation and a formula ("= a / b",
/// "at most budget").
struct Claim {
  std::string name{};
  std::string formula{};
  std::string says{};
};

using Figures = std::map<std::string, Figure>;

struct Judgement {
  Verdict verdict = Verdict::holds;
  AnyQuantity found{};             // from the figures as printed
  QuantityInterval found_range{};  // from all that round to them
  Figure said{};
  /// How many times too large what was found is against what was said (below 1: too small), least
  /// and most over a range said; 1 if the claim holds. 0 if the signs differ.
  double least_factor = 1;
  double most_factor = 1;
  /// What the slip may have been, most likely first: a power of ten, bits for bytes, a column left
  /// out of a sum, ...
  std::vector<std::string> slips{};
};

/// Where a claim cannot be judged: which of its two texts, and what is wrong with it.
struct ClaimFault {
  bool is_in_formula = true;  // else in `says`
  TextFault fault{};
};

/// Throws ClaimFault if a text cannot be read, a name is unknown, or the two are not of one kind.
Judgement judge(const Claim& claim, const Figures& figures);

/// "holds within rounding: 6.67 %" and the like, for people.
std::string to_string(const Judgement& judgement);

}  // namespace vorrat

// Yes, no, or not known: the logic of every test a rule makes.
#pragma once

#include <algorithm>
#include <string_view>

namespace vorrat::rules {

/// The answer to one test. A fact that is missing gives `unknown`, which stays unknown unless the
/// other facts decide alone (Kleene's strong three-valued logic: and = the lower, or = the higher).
enum class Answer : unsigned char { no, unknown, yes };

constexpr Answer both(Answer a, Answer b) { return std::min(a, b); }
constexpr Answer either(Answer a, Answer b) { return std::max(a, b); }
constexpr Answer negated(Answer a) {
  return a == Answer::unknown ? a : a == Answer::yes ? Answer::no : Answer::yes;
}
constexpr Answer answer(bool holds) { return holds ? Answer::yes : Answer::no; }

constexpr std::string_view to_string(Answer a) {
  return a == Answer::yes ? "yes" : a == Answer::no ? "no" : "unknown";
}

}  // namespace vorrat::rules

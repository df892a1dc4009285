// The trial states of a policy without its cuts: small, and enough to make the policy anew.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/sddp/value_policy.h"

namespace vorrat::sddp {

/// Where cuts were made that are worth most, for any program with the same states and names of
/// nodes, whatever its numbers.
struct SavedStates {
  struct Family {
    std::vector<std::string> nodes;  // that had cuts from these states
    std::vector<double> worths;      // [trial] worthiest first
    std::vector<double> states;      // [trial][state]
  };
  std::vector<std::string> state_names;
  double iterations = 0.0;  // trained
  double bound = 0.0;       // reached; 0 if not known
  std::vector<Family> families;
};

/// The `most` worthiest of each family; the bound is for the caller to say.
SavedStates saved_states(const ValuePolicy& policy, std::size_t most);

/// As JSON, states to six significant digits: a trial state need not be exact, since a cut made at
/// any state is valid.
std::string to_text(const SavedStates& states);
/// Faults, with their places: text that is not such a file, or another version.
std::expected<SavedStates, Diagnostics> read_saved_states(std::string_view text,
                                                          const std::string& file);

}  // namespace vorrat::sddp

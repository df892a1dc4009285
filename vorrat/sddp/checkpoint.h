// A trained policy as text, to go on from or to simulate with later.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "vorrat/base/diagnostics.h"
#include "vorrat/sddp/train.h"

namespace vorrat::sddp {

/// Writes all cuts in use, and the worthiest 64 trial states of each family, as JSON; every number
/// reads back as the same bits.
std::string write_policy(const ValuePolicy& policy);

/// Reads a policy for `graph`. Faults, with their places: text that is not such a file, another
/// version, or a policy of another graph (its fingerprint, over all numbers, differs).
std::expected<std::shared_ptr<ValuePolicy>, Diagnostics> read_policy(
    std::string_view text, const std::string& file,
    std::shared_ptr<const program::PolicyGraph> graph);

/// A hash over all numbers of a node with its noise, arcs excepted, and its name.
std::uint64_t fingerprint(const program::Node& node);

/// A hash over all numbers, names and arcs of a graph, as 16 hexadecimal digits.
std::string fingerprint(const program::PolicyGraph& graph);

}  // namespace vorrat::sddp

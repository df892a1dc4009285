// MSPFormat ("MSMLP 1.1"): stage problems in one JSON file, a scenario lattice in another.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "vorrat/base/diagnostics.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::program {

struct MspProblem {
  std::string name{};
  PolicyGraph graph{};
  Diagnostics notes{};  // warnings: what had to be assumed
};

/// Reads the text of a ".problem.json" and of its ".lattice.json".
///
/// A variable that a constraint of a later stage uses is a state. The format has no arcs into the
/// first stage: its nodes are equally likely. Where all nodes of every stage have the same
/// successors, the stages become one node each with independent noise; else every lattice node
/// becomes a node. A quantity that a node's state does not hold counts as 0, with a note, and so
/// does a constraint that stands twice, which is used once.
///
/// All faults are returned at once, each with file, line and column. Constraints that reach back
/// more than one stage are refused.
///
/// Source: the reader of SDDP.jl (MSPFormat.jl) and the files of MSPLib, in want of a
/// specification.
std::expected<MspProblem, Diagnostics> read_msp_format(std::string_view problem_text,
                                                       const std::string& problem_file,
                                                       std::string_view lattice_text,
                                                       const std::string& lattice_file);

}  // namespace vorrat::program

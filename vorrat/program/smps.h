// SMPS: a linear program in MPS (CORE), its periods (TIME) and its random numbers (STOCH).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "vorrat/base/diagnostics.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::program {

struct TextFile {
  std::string_view text;
  std::string name;  // for messages
};

struct SmpsProblem {
  std::string name{};
  PolicyGraph graph{};
  Diagnostics notes{};  // warnings: what had to be assumed
};

/// Reads the three files of one problem, two-stage or multistage.
///
/// CORE: MPS with words parted by blanks or tabs; integer markers; RANGES; all kinds of BOUNDS; set
/// names of RHS and BOUNDS may be left out; an RHS on the objective's row is a constant,
/// subtracted. TIME: periods given implicitly, by their first column and row. STOCH: INDEP, BLOCKS
/// and SCENARIOS, DISCRETE, with REPLACE (default), ADD or MULTIPLY. Within a block, and from a
/// scenario to its parent, what is not mentioned stays as in the first outcome of the block, or as
/// in the parent. All scenarios share the first period.
///
/// Probabilities that do not sum to 1 are divided by their sum and a note says so; a sum further
/// than 0.05 from 1 is a fault. Columns that later periods use become states. All faults are
/// returned at once, each with file and line.
///
/// Source: Birge et al., "A standard input format for multiperiod stochastic linear programs",
/// COAL Newsletter 17 (1987); Gassmann, "The SMPS format for stochastic linear programs" (2005).
std::expected<SmpsProblem, Diagnostics> read_smps(const TextFile& core, const TextFile& time,
                                                  const TextFile& stoch);

}  // namespace vorrat::program

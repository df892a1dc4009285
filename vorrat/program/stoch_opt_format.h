// StochOptFormat 1.0 (".sof.json"): a policy graph with its stage problems, as JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::program {

/// One step of a given scenario: a visit of a node with noise that need not be one of the node's
/// own realisations. `outcome.probability` has no meaning here.
struct Visit {
  std::size_t node = 0;
  Realization outcome{};
};

/// What a file holds.
struct StochOptProblem {
  std::string name{}, author{}, date{}, description{};
  PolicyGraph graph{};
  std::vector<std::vector<Visit>> validation_scenarios{};
};

/// Reads a file's text. Variables that stand for random numbers become changes of the numbers that
/// they add to or multiply; all others become columns, in the file's order.
///
/// Read are linear stage problems: the functions Variable, ScalarAffineFunction and
/// ScalarQuadraticFunction (its products must each have one random variable), the sets EqualTo,
/// LessThan, GreaterThan, Interval, Integer and ZeroOne. All faults are returned at once, each with
/// line and column: text that is no JSON, another major version, missing or unknown names,
/// probabilities that do not sum to 1, anything that is not linear.
///
/// Source: Dowson and Garcia, StochOptFormat, https://odow.github.io/StochOptFormat/.
std::expected<StochOptProblem, Diagnostics> read_stoch_opt_format(std::string_view text,
                                                                  const std::string& file);

/// Writes a checked graph as text that read_stoch_opt_format() reads back as the same program:
/// same tree, same optimum. Columns and rows may come back in another order, bounds that noise
/// changes as rows. Throws InvalidInput if noise sets a bound to infinity, which the format cannot
/// say.
std::string write_stoch_opt_format(const StochOptProblem& problem);

}  // namespace vorrat::program

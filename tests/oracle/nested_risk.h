// The optimum of a program under a nested risk measure, as one LP over its tree: no cut, no
// sampling and none of the library's risk measures.
#pragma once

#include <optional>

#include "vorrat/program/policy_graph.h"

namespace vorrat::oracle {

/// Weights of the parts, which sum to 1. Written as an LP after Rockafellar and Uryasev,
/// "Optimization of Conditional Value-at-Risk", Journal of Risk 2 (2000): the mean of the worst
/// `tail` of v is the least of e + E[max(0, v - e)] / tail.
struct NestedRisk {
  double expectation = 0.0, worst_case = 0.0, cvar = 0.0;
  double tail = 1.0;  // of cvar
};

/// Nothing if the program cannot be met. For graphs without cycles.
std::optional<double> nested_optimum(const program::PolicyGraph& graph, const NestedRisk& risk);

}  // namespace vorrat::oracle

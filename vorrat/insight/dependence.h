// How much of the answer hangs on the end: on what the fleet is worth then, and on when it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/insight/study.h"

namespace vorrat::insight {

/// The plan under another end, beside today's.
struct Dependence {
  std::string what;             // as in "end value counted for nothing", "12 quarters"
  std::optional<double> cost;   // [currency]; over another horizon not to be compared
  std::vector<double> ordered;  // [offer] in the first stage [accelerators]; empty without a plan
  std::optional<double> moved;  // commitments of the first stage that differ, over today's [1]
};

/// End values of nothing, half and one and a half times.
std::vector<Dependence> on_end_value(const StudyMaker& make, const fleet::Problem& problem);
/// Horizons of so many stages (see with_horizon); those that equal today's are left out.
std::vector<Dependence> on_horizon(const StudyMaker& make, const fleet::Problem& problem,
                                   const std::vector<std::size_t>& stages);

}  // namespace vorrat::insight

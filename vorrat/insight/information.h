// What it is worth to know the future (EVPI), to plan for several (VSS), and what each uncertainty
// costs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/fleet/solve.h"

namespace vorrat::insight {

/// One uncertainty switched off, the others left on.
struct UncertaintyWorth {
  std::string name;
  std::optional<double> cost_without;  // [currency]; nothing if there is no plan then
  /// cost - cost_without: what is saved if it is fixed at its mean. Negative where the plan lives
  /// on chances that the mean does not have.
  std::optional<double> worth;  // [currency]
};

struct Information {
  double cost = 0.0;                          // of the plan for all futures [currency]
  std::optional<double> cost_if_known;        // expected, each future known at the start
  std::optional<double> perfect_information;  // EVPI = cost - cost_if_known >= 0 [currency]
  std::optional<double> promised;             // what the plan for the average future promises
  std::vector<double> average_orders;         // [offer] its first orders [accelerators]
  std::optional<double> average_cost;         // what it costs in all futures, later decisions free
  std::optional<double> stochastic_solution;  // VSS = average_cost - cost >= 0 [currency]
  std::string why_undefined;                  // where there is no VSS, in a sentence
  std::vector<fleet::FailedFuture> failed;    // futures that the average plan cannot serve
  std::vector<UncertaintyWorth> uncertainties;
};

/// On the problem's scenario tree. The average plan is that of average(problem); its first orders
/// are kept and everything later is decided anew in each future. Nothing if the problem has no
/// plan.
std::optional<Information> information(const fleet::Problem& problem,
                                       const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

// What serving costs by each offer, so that a cheaper part that is preferred can be shown with both
// costs.
#pragma once

#include <optional>
#include <string>

#include "vorrat/fleet/plan.h"
#include "vorrat/fleet/problem.h"

namespace vorrat::insight {

/// Cost of serving one hundredth of the workload's starting demand for one stage with `offer`:
///
///     (capital charge or rent + electricity) / (throughput / peak factor)     [M/%w/stage]
///
/// The capital charge of a purchase is (price - end value of a part that has just arrived, spread
/// over the economic life) per stage: price / life when all of the straight-line value counts.
/// Nothing if the offer cannot serve it.
std::optional<double> serving_cost(const fleet::Problem& problem, const fleet::Offer& offer,
                                   std::size_t workload);

/// A computed sentence: what it serves at what cost, against what that counts unserved and what the
/// other offers for it cost, and what stopped the order.
std::string why_ordered(const fleet::Problem& problem, const fleet::OrderLine& line);

/// A computed sentence: which offer that is ordered serves the same work at what cost, or what
/// binds.
std::string why_not_ordered(const fleet::Problem& problem, const fleet::Plan& plan,
                            const fleet::OrderLine& line);

}  // namespace vorrat::insight

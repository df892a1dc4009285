// The least cost for a mind between the mean and the worst futures, over a whole tree.
#pragma once

#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::tree {

/// One plan of a frontier.
struct TailPoint {
  double weight = 0.0;  // on the tail
  lp::Status status = lp::Status::failed;
  double mean = 0.0;                         // of the costs of whole paths
  double tail_mean = 0.0;                    // mean of the worst `tail` of them (CVaR)
  std::vector<std::vector<double>> first{};  // [first node][column of its stage problem]
};

/// For each weight w the plan that minimises (1 - w) mean + w CVaR of the cost of a whole path,
/// seen from the start (not nested stage by stage). Over rising weights the mean never falls and
/// the tail never rises. A weight of 1 stands for 1 - 1e-6, so that of plans with the same tail the
/// cheapest comes out. The form's own bounds hold; it must minimise.
/// Needs 0 < tail <= 1 and weights in [0, 1]. One solve a weight, each from the last basis.
/// Source: Rockafellar and Uryasev, "Optimization of conditional value-at-risk", J. Risk 2 (2000).
std::vector<TailPoint> tail_frontier(const ExtensiveForm& form, double tail,
                                     const std::vector<double>& weights,
                                     const lp::SolveOptions& options);

/// Mean of the worst `tail` of weighted costs. Needs 0 < tail <= 1 and weights that sum to 1.
double mean_of_worst(std::vector<double> costs, const std::vector<double>& weights, double tail);

}  // namespace vorrat::tree

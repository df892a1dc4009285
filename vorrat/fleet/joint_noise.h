// What is drawn independently in one quarter, from continuous ranges and lists of outcomes to a few
// joint outcomes.
#pragma once

#include <cstddef>
#include <vector>

#include "vorrat/base/random.h"
#include "vorrat/quantity/uncertain.h"

namespace vorrat::fleet {

/// Quantities that one draw decides together: all high or all low. Different draws are independent.
using DrawnTogether = std::vector<Distribution>;

struct JointOutcome {
  double probability = 1.0;
  std::vector<std::vector<double>> values;  // [draw][quantity]
};

/// At most `limit` joint outcomes of all draws; each quantity's mean over them is its mean, to
/// rounding.
///
/// One draw alone: lists of outcomes as they stand (of several quantities together, cut at all
/// their odds), else three slices of probability 30, 40 and 30 %, each at the mean within. If all
/// combinations of draws are at most `limit`, they are the outcomes. Else there are exactly
/// `limit`, equally likely: each quantity is cut into as many slices of equal probability, each at
/// its mean, and the slices of different draws are paired by random permutations of `stream` at
/// `step`, so that draws are uncorrelated but for chance. Needs limit >= 1.
///
/// Source of the pairing: McKay, Beckman, Conover, "A Comparison of Three Methods for Selecting
/// Values of Input Variables" (1979), Latin hypercube sampling, here at the means of the slices.
std::vector<JointOutcome> joint_outcomes(const std::vector<DrawnTogether>& draws, std::size_t limit,
                                         const RandomStream& stream, std::uint64_t step);

}  // namespace vorrat::fleet

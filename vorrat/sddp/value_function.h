// What the future costs, as seen from a node: the largest of many cuts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vorrat/lp/cut_pool.h"
#include "vorrat/sddp/trial_states.h"

namespace vorrat::sddp {

/// One way the future may begin: an arc of the node and a realisation of the noise of its child.
struct Outcome {
  std::size_t node = 0;
  std::size_t realization = 0;
  double probability = 0.0;  // of the arc times the noise, relative to going on at all
};

/// The cost to go of one node, always to be minimised (costs of a program that maximises are
/// negated inside sddp):
///
///     V(x) >= going_on * sum over thetas t of theta_weight[t] * max over cuts c of t (rhs[c] +
///     slope[c] . x)
///
/// single cut: one theta, whose cuts are risk-adjusted means over `outcomes`. Multi-cut: one theta
/// an outcome, with its probability as weight. Cuts of no theta say which x can go on at all.
struct ValueFunction {
  std::vector<Outcome> outcomes{};
  double going_on = 0.0;  // probability that any arc is taken; scales the future as a discount does
  std::vector<double> theta_weights{};
  std::vector<double> theta_bounds{};    // [theta] lowest value it can have
  std::unique_ptr<lp::CutPool> cuts{};   // null if the node has no outcomes
  std::vector<std::uint32_t> origins{};  // [cut] number of its trial state, or TrialStates::none

  // When cuts were last looked through for ones to retire.
  std::vector<std::uint32_t> witnesses{};  // trial states whose cuts stay
  std::uint32_t trials_seen = 0;
  std::size_t next_retirement = 128;  // when there are so many cuts

  bool is_last() const { return outcomes.empty(); }
  /// The approximation at x [state]; infinite where a feasibility cut is missed by more than 1e-6.
  double at(std::span<const double> x) const;
  /// Adds a cut with its origin. Not by two threads at once.
  void append(std::span<const double> slope, double rhs, std::size_t theta, std::uint32_t origin);
  /// Where many cuts came since the last time, retires those that are highest at none of the trial
  /// states of their family. Not by two threads at once.
  void retire_unneeded(const TrialStates& trials);
};

}  // namespace vorrat::sddp

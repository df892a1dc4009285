// From a fleet problem to a plan by decomposition (SDDP): all regimes, levels of the market and
// outcomes of the noise, none sampled away.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "vorrat/fleet/plan.h"
#include "vorrat/fleet/problem.h"
#include "vorrat/fleet/solve.h"
#include "vorrat/fleet/summary.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/sddp/saved_states.h"

namespace vorrat::fleet {

/// A trained policy of a fleet problem, and the plan it makes.
///
/// Every plan says its bound, the policy's cost on fresh paths with a 95 % interval, the gap and
/// why training stopped; `converged` only if the target gap is met. Whole numbers are relaxed. The
/// same plan for any number of threads, as long as no limit of time was met. For one thread at a
/// time.
class FleetPolicy {
 public:
  /// Trains until the gap, the limit of time or the stop switch. Throws BrokenContract if the
  /// problem's shapes disagree.
  static FleetPolicy train(Problem problem, const SolveSettings& settings,
                           program::RiskMeasurePointer risk = program::expectation());
  /// The policy for a problem that differs in numbers (odds, prices, budgets, demand, power, supply
  /// that stays > 0): this one's trial states save most of the work. Nothing if the change makes or
  /// takes away nodes or states, as a chance that becomes 0 does; then train() it is.
  std::optional<FleetPolicy> trained_for(Problem changed, const SolveSettings& settings) const;

  /// The same from trial states of another run; nothing also if they are of other states or nodes.
  static std::optional<FleetPolicy> train_from(
      const sddp::SavedStates& saved, Problem problem, const SolveSettings& settings,
      program::RiskMeasurePointer risk = program::expectation());
  /// What train_from() needs, demand in each workload's own unit; empty before plan() has played
  /// the policy.
  sddp::SavedStates saved_states() const;

  FleetPolicy(FleetPolicy&&) noexcept;
  FleetPolicy& operator=(FleetPolicy&&) noexcept;
  ~FleetPolicy();

  const Problem& problem() const;
  const FleetGraph& graph() const;
  double bound() const;     // [M]
  double interval() const;  // half width of the simulated cost [M]; 0 where it is exact

  /// Plays the policy on fresh paths and fills the plan, but for what `insight` finds by
  /// re-solving.
  Plan plan();
  /// Of the last plan().
  const std::vector<Visit>& visits() const;

  /// What the first stage orders instead of what is best: (offer, thousands); all others stay free.
  using Orders = std::vector<std::pair<std::size_t, double>>;
  /// The bound [M] of each of these and, last, of what is best: first some training from each
  /// decision, then all of them on the cuts of all, so that their differences compare like with
  /// like. Supply limits are lifted as far as needed; nothing where an order cannot be placed.
  std::vector<std::optional<double>> bounds_if(const std::vector<Orders>& forced);

 private:
  struct State;
  explicit FleetPolicy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// No future of the problem can cost less: spending is at least what resale, refunds and the end
/// value may bring. [M]
double least_cost(const Problem& problem);

}  // namespace vorrat::fleet

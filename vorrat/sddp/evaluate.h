// What a trained policy costs, from few paths: the mean of all that can follow each visited state
// takes the place of what happened to follow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "vorrat/sddp/value_policy.h"
#include "vorrat/simulate/statistics.h"

namespace vorrat::sddp {

enum class Estimator {
  /// The sum of the stage costs along each path.
  sampled,
  /// The same less a martingale: what is known of each visited outcome before it is solved, minus
  /// its mean over all that might have followed,
  ///
  ///     cost = E sum over visits of ( stage cost - L(outcome) + g_n E[L(any outcome)] ),
  ///
  /// with L what kept dual solutions say that the outcome costs at least, its future included, or,
  /// where they say nothing, what its stage problem says. The mean is the same whatever L is; the
  /// spread is that of the gaps rather than of the costs, and goes to 0 as cuts close them. Few
  /// paths of a skewed gap cover less than 95 %: on random programs after five iterations, 64 paths
  /// did so for 91 %, 100 for 93 %, 400 for 94 %.
  /// Source: Glasserman, "Monte Carlo Methods in Financial Engineering" (2003), section 4.1, for
  /// martingales as control variates.
  expected
};

struct EvaluationOptions {
  Estimator estimator = Estimator::expected;
  std::size_t paths = 100;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string stream = "evaluation";  // name of the random numbers: another name, fresh paths
  std::size_t longest = 100'000;      // stages of a path; longer ones are cut off and counted
  bool takes_note = false;            // of which cuts decide: what their trial states are worth
  /// Where a stage has no decision: whether the nodes before it are told, by a feasibility cut, and
  /// the paths played anew until each ends. What is returned is of the policy as it is then.
  bool learns = false;
  /// Told of every visit, in the order of steps, then of paths: with the decision by column of the
  /// node's stage problem. Of paths that are played anew, again: the last counts.
  std::function<void(std::size_t path, std::size_t step, std::size_t node,
                     std::span<const double> decision)>
      record{};
};

struct Evaluation {
  /// Of the mean cost in the graph's sense, with its 95 % interval; empty if a path did not end.
  simulate::Estimate cost{};
  /// [path], whose mean is that of `cost`; of `expected`, the more the less was known of the path.
  /// Empty where `cost` is.
  std::vector<double> costs{};
  std::size_t cut_off = 0;     // paths longer than EvaluationOptions::longest
  std::size_t failed = 0;      // paths on which a stage had no decision
  bool is_infeasible = false;  // not even the first stage had one
  std::int64_t solves = 0;
};

/// Plays the policy with its own stage problems, all paths abreast, and the stage problems of one
/// step dealt to the threads by node. Risk-neutral whatever the policy was trained with. The same
/// bits for any number of threads.
Evaluation evaluate(ValuePolicy& policy, const EvaluationOptions& options);

}  // namespace vorrat::sddp

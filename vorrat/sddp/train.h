// Stochastic dual dynamic programming: cuts from sampled paths, until the bound is close to the
// cost.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/sddp/stopping_rule.h"
#include "vorrat/sddp/value_policy.h"
#include "vorrat/simulate/statistics.h"

namespace vorrat::sddp {

/// A cut that does not lift the cost to go at the state it was made for may be left out, and one
/// that others reach at all trial states may retire.
enum class CutSelection { all, useful };
enum class Mode {
  reproducible,  // the same bits for any number of threads
  fastest        // asynchronous paths into shared cuts: not reproducible with more than one thread
};

struct Options {
  int iterations = 1000;  // limit
  double seconds = 1e30;  // limit
  double gap = 1e-3;      // target, relative to max(1, |bound|)
  std::uint64_t seed = 1;
  Mode mode = Mode::reproducible;
  int threads = 1;
  /// Paths that a reproducible iteration works on at once. One is best for what an iteration
  /// learns, because every path then knows the cuts of the one before; and the outcomes of a stage
  /// give the threads work enough where it has several nodes.
  int paths_per_iteration = 1;
  CutKind cuts = CutKind::single;
  CutSelection selection = CutSelection::useful;
  Sharing sharing = Sharing::family;
  /// Outcomes are left unsolved where kept dual solutions come near enough: within this share of
  /// the gap target, spread over the stages of a path; 0 solves all. Iterations teach a little less
  /// and cost less: a gain where stages have many nodes and large problems (an eight-quarter fleet
  /// of 163 nodes took a fifth of the solves), none where a solve takes few microseconds.
  double reuse = 0.0;
  program::RiskMeasurePointer risk = program::expectation();
  /// Least (maximising: largest) cost to go of any node, if it cannot be computed.
  std::optional<double> cost_to_go_bound{};
  std::vector<StoppingRulePointer> rules{};  // besides the limits above
  /// The gap is looked at after this many iterations, and again after each quarter as many more;
  /// 0: only at the end. A look plays at least 100 paths, which costs as much as some iterations.
  int first_check = 10;
  std::size_t simulation_paths = 1000;  // fresh ones, at the end; fewer at checks on the way
  /// Where dual solutions say nothing of other outcomes, which makes Estimator::expected dear, it
  /// is used for so many paths only, and only if the interval is what hides whether the target is
  /// met.
  std::size_t mean_paths = 40;
  std::size_t exact_nodes = 20'000;  // trees up to this size are evaluated exactly instead
  std::size_t longest_path = 1000;   // stages; cyclic graphs only
  const StopSwitch* stop = nullptr;
  ProgressSink progress{};
};

enum class TrainStatus {
  converged,   // the gap target is met on fresh paths, or exactly
  stopped,     // a limit, a rule or the stop switch came first
  infeasible,  // no policy meets all constraints
  unbounded,   // no bound on the cost to go was found; `reason` says what to give
  failed       // a stage problem could not be solved
};
std::string to_string(TrainStatus status);

/// Why a program is infeasible that may be feasible stage by stage.
inline constexpr const char* cannot_be_carried_on =
    "no decision of the first stage can be carried on in every future";

struct TrainResult {
  TrainStatus status = TrainStatus::failed;
  std::string reason{};  // why it stopped, in a sentence
  /// No policy is better: a lower bound on the (risk-adjusted) cost when minimising, an upper one
  /// when maximising.
  double bound = 0.0;
  /// Mean cost of the policy on fresh paths with its 95 % interval, risk-neutral whatever the risk
  /// measure. Where `is_exact`, over the whole tree: no interval, and risk-adjusted as the bound.
  /// Of no paths (count 0) if one of them could not be played to its end.
  simulate::Estimate simulated{};
  bool is_exact = false;
  /// (the interval's worse end - bound) / max(1, |bound|), signed so that 0 is best; NaN where a
  /// sampled mean says nothing about a risk-adjusted bound.
  double gap = 0.0;
  double target_gap = 0.0;
  bool relaxes_integers = false;  // whole-number columns were taken as continuous
  int iterations = 0;
  std::int64_t solves = 0;      // of stage problems, training only
  std::int64_t hand_overs = 0;  // solves that the stand-by solver had to do
  double seconds = 0.0;
  std::vector<LogEntry> log{};
  std::shared_ptr<ValuePolicy> policy{};
};

/// Trains a policy for a checked graph. Throws InvalidInput for graphs that do not pass check(), or
/// if multiple cuts are asked for with a risk measure other than the expectation.
///
/// Every run ends with bound, simulated cost on fresh paths, gap and reason; `converged` is said
/// only if the gap target is met.
///
/// Sources: Pereira and Pinto, "Multi-stage stochastic optimization applied to energy planning",
/// Math. Programming 52 (1991); Dowson, "The policy graph decomposition of multistage stochastic
/// programming problems", Networks 76 (2020).
TrainResult train(const program::PolicyGraph& graph, const Options& options);

/// Goes on with a policy, as from a checkpoint. Its kind of cuts is kept; the risk measure and the
/// graph must be those it was made with.
TrainResult train_further(std::shared_ptr<ValuePolicy> policy, const Options& options);

}  // namespace vorrat::sddp

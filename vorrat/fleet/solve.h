// From a fleet problem to a plan, by the extensive form of its scenario tree.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/fleet/plan.h"
#include "vorrat/fleet/problem.h"
#include "vorrat/fleet/summary.h"
#include "vorrat/fleet/uncertainty.h"

namespace vorrat::fleet {

struct SolveSettings {
  std::uint64_t seed = 1;
  double lot =
      0.0;  // step of "one more" and "one less" [accelerators]; 0 = 1 % of supply, at least 1
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
  // Decomposition only.
  double gap = 0.01;         // target, relative
  double seconds = 25.0;     // of training, at most
  int iterations = 100'000;  // at most
  int threads = 2;           // any number gives the same plan
  std::size_t paths = 2000;  // simulated for the plan's odds and quantiles
};

/// What the first stage orders instead of what is best: (offer, thousands); all others stay free.
using Orders = std::vector<std::pair<std::size_t, double>>;

/// What a problem costs at best, and what its first stage orders then.
struct FirstOrders {
  double cost = 0.0;            // [M]
  std::vector<double> ordered;  // [offer] [k]
};

/// A future in which a plan cannot be carried on.
struct FailedFuture {
  std::string title;         // as in "2026Q2/shut"
  double probability = 0.0;  // of it
};

/// A plan between the mean and the worst futures.
struct RiskPoint {
  double weight = 0.0;          // on the tail
  double mean = 0.0;            // cost [M]
  double tail_mean = 0.0;       // mean of the worst tail of the futures' costs [M]
  std::vector<double> ordered;  // [offer] in the first stage [k]
};

/// Holds the tree's LP, so that questions re-solve from the last basis. Not shared between threads.
class FleetSolver {
 public:
  /// Builds the tree, with the futures of `drawn_by` if it is given (see make_fleet_tree). Throws
  /// BrokenContract if the problem's shapes disagree.
  FleetSolver(Problem problem, SolveSettings settings, const Problem* drawn_by = nullptr);
  ~FleetSolver();

  /// Solves and fills everything of the plan but worths, limits and clash, which `insight` finds by
  /// re-solving.
  Plan solve();

  const Problem& problem() const;
  const FleetGraph& tree() const;
  /// One visit a tree node, in their order: its probability and its columns' values at the optimum.
  /// Empty before solve() has found one.
  const std::vector<Visit>& visits() const;

  /// Every limit that binds in some node of the optimum, with the chance that it binds at least
  /// once on a path.
  std::vector<Binding> binding_limits() const;

  /// The optimal cost [M] if `thousands` of an offer are ordered in the first stage, its supply
  /// limit lifted as far as needed; nothing if that cannot be done. Restores the problem.
  std::optional<double> cost_if_ordered(std::size_t offer, double thousands);
  /// The same for several offers at once, with what is then ordered in the first stage.
  std::optional<FirstOrders> best_if(const Orders& orders);
  /// Where no plan begins with these orders: the second-stage futures that none can serve, each
  /// tried alone. Empty if the first stage itself cannot be carried out.
  std::vector<FailedFuture> failed_futures(const Orders& orders) const;
  /// The expected cost [M] if each path of the tree were known at the start: every path is solved
  /// alone. Nothing if one has no plan.
  std::optional<double> cost_if_known() const;
  /// For each weight the plan that minimises (1 - weight) mean + weight mean of the worst `tail` of
  /// the futures' costs (tree::tail_frontier). Empty if there is no plan.
  std::vector<RiskPoint> risk_frontier(double tail, const std::vector<double>& weights) const;
  /// The optimal cost [M] if a limit moves by `change` (in its scaled unit) everywhere, with others
  /// lifted altogether; nothing if that cannot be done.
  std::optional<double> cost_if_moved(const Limit& limit, double change,
                                      const std::vector<Limit>& lifted = {});
  /// Whether a plan exists with these limits lifted altogether. Restores the problem.
  bool feasible_without(const std::vector<Limit>& limits);
  double objective() const;  // [M]
  std::size_t resolve_count() const;
  double seconds_since_start() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vorrat::fleet

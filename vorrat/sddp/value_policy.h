// A policy made of cost-to-go functions: what training improves.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "vorrat/program/policy.h"
#include "vorrat/sddp/cut_sharing.h"
#include "vorrat/sddp/trial_states.h"
#include "vorrat/sddp/value_function.h"

namespace vorrat::sddp {

class StageProblems;

/// One cut a visit (of the risk-adjusted mean), or one an outcome (expectation only).
enum class CutKind { single, multiple };

/// Whether a backward step makes cuts for all nodes whose futures begin with the outcomes that it
/// solved, or for the visited node alone. Single cuts only.
enum class Sharing { family, none };

/// Which decision each node takes in each state: the one that is best against its cuts.
class ValuePolicy final : public program::Policy {
 public:
  /// Fresh, with the cost-to-go bounds of `graph` and no cuts.
  ValuePolicy(std::shared_ptr<const program::PolicyGraph> graph, CutKind kind,
              const std::vector<double>& future_bounds,
              const std::vector<std::vector<double>>& outcome_bounds,
              Sharing sharing = Sharing::family);
  ~ValuePolicy() override;

  const program::PolicyGraph& graph() const override { return *graph_; }
  /// Players have stage problems of their own, and may be on different threads.
  std::unique_ptr<program::Player> player() const override;

  CutKind kind() const { return kind_; }
  const std::vector<ValueFunction>& futures() const { return futures_; }  // [node]
  std::vector<ValueFunction>& futures() { return futures_; }
  const ValueFunction& root() const { return root_; }  // outcomes only
  const CutSharing& sharing() const { return sharing_; }
  Sharing sharing_kind() const { return sharing_kind_; }
  std::size_t cut_count() const;  // in use

  /// Where the cuts of family `family` were made.
  TrialStates& trials(std::size_t family) { return *trials_[family]; }
  const TrialStates& trials(std::size_t family) const { return *trials_[family]; }
  std::atomic<double> iterations = 0.0;  // trained so far, for the worth of trial states
  /// Held by who adds cuts while others may.
  std::mutex& teaching_lock() { return teaching_lock_; }

  /// Solvers of all stage problems, kept warm from one call to the next. For one caller at a time.
  StageProblems& problems();

 private:
  std::shared_ptr<const program::PolicyGraph> graph_;  // shared with who asked for the policy
  CutKind kind_;
  Sharing sharing_kind_;
  std::vector<ValueFunction> futures_;
  ValueFunction root_;
  CutSharing sharing_;
  std::vector<std::unique_ptr<TrialStates>> trials_;  // [family]
  std::unique_ptr<StageProblems> problems_;
  std::mutex teaching_lock_;
};

}  // namespace vorrat::sddp

// A trained policy made anew after numbers of its program changed: minutes of training kept as
// seconds of work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "vorrat/sddp/saved_states.h"
#include "vorrat/sddp/train.h"

namespace vorrat::sddp {

struct RefreshOptions {
  /// Trial states for each family of nodes, the worthiest first: each costs a solve of all outcomes
  /// that may follow the family.
  std::size_t states = 30;
  int threads = 1;
  /// Outcomes whose cost kept dual solutions seem to know within this are not solved [cost]; 0
  /// solves all.
  double enough = 0.0;
  program::RiskMeasurePointer risk = program::expectation();  // that the policy was trained with
  std::optional<double> cost_to_go_bound{};                   // as in Options
};

struct RefreshResult {
  /// `stopped` when done: go on with train_further(); else as in TrainResult, with its reason.
  TrainStatus status = TrainStatus::failed;
  std::string reason{};  // what was kept, in a sentence
  std::shared_ptr<ValuePolicy> policy{};
  double bound = 0.0;          // of the changed program, in its sense
  std::size_t kept_nodes = 0;  // nodes whose cuts all hold still: nothing after them changed
  std::size_t made_nodes = 0;  // nodes whose cuts were made anew
  std::int64_t solves = 0;
  double seconds = 0.0;
};

/// The policy for `changed`, which has the states and nodes of policy.graph() but may have other
/// odds, costs, right-hand sides, coefficients, noise, arcs or initial state. Where nothing that
/// can follow a node changed, its cuts are kept: all of them, if only the initial state or the
/// first stage did. The others' are made anew in one sweep from the last stage to the first, at the
/// trial states that were worth most in training; so every bound is valid for `changed`.
///
/// Throws InvalidInput if `changed` does not pass check(), or for other states or nodes. The same
/// bits for any number of threads. `policy` stays as it was.
RefreshResult refresh(const ValuePolicy& policy, const program::PolicyGraph& changed,
                      const RefreshOptions& options);

/// A policy for `graph` from where cuts were made before, in another run and for other numbers: as
/// refresh(), but no cuts are kept. Single cuts, shared within families.
///
/// Throws InvalidInput if `graph` does not pass check(), has other states, or a node that `saved`
/// does not know.
RefreshResult remake(const SavedStates& saved, const program::PolicyGraph& graph,
                     const RefreshOptions& options);

}  // namespace vorrat::sddp

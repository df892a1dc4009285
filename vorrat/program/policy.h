// A decision in every state: what an optimiser of policy graphs returns.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::program {

/// What a policy does on a visit of a node.
struct Decision {
  lp::Status status = lp::Status::failed;  // optimal, or why there is no decision
  double stage_cost = 0.0;                 // of this stage alone, in the graph's sense
  std::vector<double> primal{};  // [column of the stage problem], incoming states filled in
  std::vector<double> state{};   // [state] that goes on
};

/// Plays a policy on one thread; keeps what makes the next decision fast.
class Player {
 public:
  virtual ~Player() = default;
  /// Decides on entering `node` with `state` under `outcome`, which need not be one of the node's
  /// own realisations. `decision` is overwritten; its vectors are reused.
  virtual void decide(std::size_t node, std::span<const double> state, const Realization& outcome,
                      Decision& decision) = 0;
  /// The same under the node's own realisation `realization`; may be faster.
  virtual void decide(std::size_t node, std::span<const double> state, std::size_t realization,
                      Decision& decision) = 0;
};

/// A policy for a graph. Immutable while players are at work: they may be on different threads.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual const PolicyGraph& graph() const = 0;
  virtual std::unique_ptr<Player> player() const = 0;
};

}  // namespace vorrat::program

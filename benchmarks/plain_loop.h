// The plain SDDP loop that the engine is compared with: one path and one cut a node each iteration.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "vorrat/program/policy_graph.h"

namespace vorrat::benchmarks {

/// What the loop asks of a solver: one stage LP that keeps its basis. Incoming states are fixed
/// columns of it, the cost to go its last column.
class StageBackend {
 public:
  virtual ~StageBackend() = default;
  virtual std::string name() const = 0;
  virtual void load(const lp::Model& model, std::span<const std::size_t> outgoing) = 0;
  virtual void set_row_bounds(std::size_t row, double lower, double upper) = 0;
  virtual void set_column_bounds(std::size_t column, double lower, double upper) = 0;
  virtual void set_cost(std::size_t column, double cost) = 0;
  /// theta >= rhs + slope . outgoing.
  virtual void add_cut(std::span<const double> slope, double rhs) = 0;
  /// False unless optimal.
  virtual bool solve() = 0;
  virtual double objective() const = 0;
  virtual const double* primal() const = 0;
  virtual const double* reduced_cost() const = 0;
};

std::unique_ptr<StageBackend> make_stage_backend();  // ours
/// Clp with dual(0, 7), or dual(0, 0) after a cut; perturbation and scaling off.
std::unique_ptr<StageBackend> make_clp_backend();
std::unique_ptr<StageBackend> make_highs_backend();

struct LoopLimits {
  int iterations = 100;
  double bound = 1e300;    // stop once it is reached
  double seconds = 1e300;  // of CPU time
};
struct LoopResult {
  double bound = 0.0;
  double seconds = 0.0;  // CPU time of this thread, building the LPs included
  int iterations = 0;
  std::int64_t solves = 0;
};

/// Trains a linear graph that minimises and whose noise changes bounds or costs only.
/// `least_future` is a bound on every cost to go.
LoopResult plain_loop(const program::PolicyGraph& graph, double least_future,
                      const std::function<std::unique_ptr<StageBackend>()>& make,
                      const LoopLimits& limits);

double cpu_seconds();  // of this thread

}  // namespace vorrat::benchmarks

// One solver replaying a trace: load the LP with its cuts as rows, then new bounds and solve again.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "vorrat/lp/model.h"

namespace vorrat::benchmarks {

class Replay {
 public:
  virtual ~Replay() = default;
  virtual std::string name() const = 0;
  virtual void load(const lp::Model& model) = 0;
  /// Bounds of the first rows.
  virtual void set_row_bounds(std::span<const double> lower, std::span<const double> upper) = 0;
  virtual void set_costs(std::span<const double> cost) = 0;
  /// Solves and reads objective, primal and duals; NaN if it does not end optimal.
  virtual double solve() = 0;
};

/// Clp with what measured best: dual(0, 7), which keeps its factors, perturbation off, no scaling.
std::unique_ptr<Replay> make_clp();
std::unique_ptr<Replay> make_highs();
/// Empty if the benchmark was built without GLPK.
std::unique_ptr<Replay> make_glpk();

}  // namespace vorrat::benchmarks

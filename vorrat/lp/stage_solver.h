// Our own solver for stage problems: made to solve the same LP again and again after small changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "vorrat/lp/cut_pool.h"
#include "vorrat/lp/solver.h"

namespace vorrat::lp {

/// A bounded dual simplex on the active kernel, for LPs of up to about 500 rows and 2,000 columns.
///
/// The kernel is the k x k matrix of the k basic columns in the k rows that bind; its inverse is
/// kept explicitly and every pivot updates it by rank one. Rows that do not bind, cuts above all,
/// cost one check and nothing else. Changes of right-hand sides, bounds, costs, coefficients and
/// rows keep the kernel: changed costs are mended by bound flips and primal pivots on it.
///
/// Every answer is checked from fresh sums (residuals, signs of reduced costs, rays, and whether
/// the duals prove what the point costs) before it is given. In doubt the kernel is inverted anew,
/// then the solve starts cold, then it is handed to the stand-by backend and counted. Integers are
/// refused by load().
///
/// In steady state, that is once the largest kernel and the busiest set of cuts have been seen,
/// resolve() and the setters allocate nothing. Deterministic. One object per thread; a CutPool may
/// be shared.
///
///     StageSolver stage;
///     stage.load(model);
///     stage.use_cuts(&pool, outgoing_columns, {theta});
///     stage.set_row_bounds(row, rhs, rhs);
///     if (stage.resolve() == Status::optimal) slope = coefficient * stage.row_dual()[row];
class StageSolver final : public Solver {
 public:
  using StandBy = std::function<std::unique_ptr<Solver>()>;

  /// Hands over to HiGHS where vorrat has it, else to nobody: then doubt ends as Status::failed.
  StageSolver();
  /// Hands over to what `stand_by` makes (asked once, at the first doubt); empty means nobody.
  explicit StageSolver(StandBy stand_by);
  ~StageSolver() override;

  // As every backend. solve() is resolve() with its answer copied out; it needs no pool in use.
  void load(const Model& model) override;
  void set_row_bounds(std::size_t row, double lower, double upper) override;
  void set_column_bounds(std::size_t column, double lower, double upper) override;
  void set_cost(std::size_t column, double cost) override;
  void set_coefficient(std::size_t row, std::size_t column, double value) override;
  std::size_t add_row(double lower, double upper, std::span<const std::size_t> columns,
                      std::span<const double> values) override;
  void remove_rows_from(std::size_t first) override;
  Answer solve(const SolveOptions& options) override;
  std::size_t column_count() const override;
  std::size_t row_count() const override;
  std::string name() const override;

  // The lean way, for engines that re-solve millions of times.

  /// From now on the cuts of `pool` are rows of this LP, also those appended later: state s of the
  /// pool is column states[s], its theta t is column thetas[t]. Looked through lazily: a cut costs
  /// nothing until a solution misses it. nullptr takes the cuts away. The basis stays where it can.
  /// Needs a pool that outlives its use here, as many states as the pool has, and a sense equal to
  /// the model's.
  void use_cuts(const CutPool* pool, std::span<const std::size_t> states,
                std::span<const std::size_t> thetas);

  /// Solves with at most the first `cut_limit` cuts of the pool (a fixed number makes runs of
  /// several threads reproducible). The accessors below hold until the next call that changes
  /// anything.
  Status resolve(std::size_t cut_limit = static_cast<std::size_t>(-1));

  double objective() const;                      // in the model's sense, constant included
  double bound() const;                          // which the duals prove: no point is better
  std::span<const double> primal() const;        // [n]
  std::span<const double> row_dual() const;      // [m], rows of the model, not cuts
  std::span<const double> reduced_cost() const;  // [n]
  /// Farkas multipliers [m] after infeasible (of the model's rows; cuts may share in the proof), a
  /// direction [n] after unbounded, else empty.
  std::span<const double> ray() const;

  struct ActiveCut {
    std::size_t cut = 0;  // number in the pool
    double dual = 0.0;
  };
  /// The cuts that bind at the last optimum, with their duals; empty after a hand-over.
  std::span<const ActiveCut> active_cuts() const;

  /// What it took since the object was made.
  struct Counts {
    std::int64_t solves = 0;
    std::int64_t dual_pivots = 0;
    std::int64_t primal_pivots = 0;
    std::int64_t flips = 0;
    std::int64_t inversions = 0;     // of the kernel afresh
    std::int64_t perturbations = 0;  // of costs, against cycling
    std::int64_t cold_starts = 0;    // after trouble, not counting the first solve
    std::int64_t hand_overs = 0;
  };
  const Counts& counts() const;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace vorrat::lp

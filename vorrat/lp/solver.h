// What every LP backend does: load a model, change it a little, solve it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/lp/model.h"

namespace vorrat::lp {

enum class Status {
  optimal,     // the answer is checked: residuals and gap are within tolerance
  infeasible,  // `ray` proves it (Farkas), for LPs
  unbounded,   // `ray` is a direction that improves for ever, for LPs
  stopped,     // a limit or the stop switch; `primal` is the best point so far, if any
  failed       // the backend could not say; never a wrong answer dressed up
};
std::string to_string(Status status);

/// What a solve proved, and the numbers behind it. Shapes: n columns, m rows.
///
/// Signs, for minimising: reduced_cost[j] = cost[j] - sum(row_dual[i] a[i][j]); row_dual[i] is the
/// change of the optimum per unit of the active bound of row i (>= 0 at a lower bound, <= 0 at an
/// upper one). For maximising both are again d optimum / d bound, so signs flip.
struct Answer {
  Status status = Status::failed;
  double objective = 0.0;  // of `primal`, in the model's sense, constant included
  double bound = 0.0;  // proved bound on the optimum; equals objective at an LP optimum up to `gap`
  double gap = 0.0;    // |objective - bound| / max(1, |objective|)
  std::vector<double> primal = {};        // [n]
  std::vector<double> row_activity = {};  // [m]
  std::vector<double> row_dual = {};      // [m]; empty for MIPs
  std::vector<double> reduced_cost = {};  // [n]; empty for MIPs
  std::vector<double> ray = {};           // Farkas multipliers [m] or primal ray [n]; see `status`
  std::int64_t iterations = 0;            // simplex pivots or tree nodes
  bool handed_over = false;  // solved by the stand-by backend because the first was in doubt
  std::string message = {};  // why, when stopped or failed
};

struct SolveOptions {
  double feasibility_tolerance =
      1e-7;  // largest absolute row or bound residual [row unit, after scaling by backend]
  double mip_gap = 1e-6;  // relative
  double time_limit_s = 1e30;
  const StopSwitch* stop = nullptr;  // may be null
};

/// One LP held by one backend. Not shared between threads; independent instances may run on
/// different threads.
///
/// Every change keeps the basis where it can. All index arguments must exist.
class Solver {
 public:
  virtual ~Solver() = default;

  /// Takes over a checked model; forgets whatever was there.
  virtual void load(const Model& model) = 0;
  virtual void set_row_bounds(std::size_t row, double lower, double upper) = 0;
  virtual void set_column_bounds(std::size_t column, double lower, double upper) = 0;
  virtual void set_cost(std::size_t column, double cost) = 0;
  virtual void set_coefficient(std::size_t row, std::size_t column, double value) = 0;
  /// Appends a row with these coefficients; returns its index.
  virtual std::size_t add_row(double lower, double upper, std::span<const std::size_t> columns,
                              std::span<const double> values) = 0;
  /// Removes the rows from `first` to the last.
  virtual void remove_rows_from(std::size_t first) = 0;
  virtual Answer solve(const SolveOptions& options) = 0;

  virtual std::size_t column_count() const = 0;
  virtual std::size_t row_count() const = 0;
  virtual std::string name() const = 0;  // with version, as in "HiGHS 1.15.1"
};

/// HiGHS: general LP and MIP. Throws Unavailable if vorrat was built without it.
std::unique_ptr<Solver> make_highs_solver();
bool has_highs();

}  // namespace vorrat::lp

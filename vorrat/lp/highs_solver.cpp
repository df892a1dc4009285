// HiGHS behind our interface, by its C interface: the wheel's C++ ABI may be older than ours.
#include <fmt/format.h>
#include <interfaces/highs_c_api.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/lp/certificate.h"
#include "vorrat/lp/current_model.h"
#include "vorrat/lp/solver.h"

namespace vorrat::lp {
namespace {

using Clock = std::chrono::steady_clock;

HighsInt index(std::size_t value) { return static_cast<HighsInt>(value); }

struct Destroy {
  void operator()(void* highs) const { Highs_destroy(highs); }
};

void call(HighsInt status, const char* what) {
  if (status == kHighsStatusError) throw Unavailable(fmt::format("HiGHS refuses to {}", what));
}

extern "C" void interrupt_if_requested(int, const char*, const HighsCallbackDataOut*,
                                       HighsCallbackDataIn* in, void* stop) {
  if (in != nullptr && static_cast<const StopSwitch*>(stop)->requested()) in->user_interrupt = 1;
}

/// Scales a ray to a largest entry of 1 and drops what is only rounding.
void tidy_ray(std::vector<double>& ray) {
  double largest = 0.0;
  for (const double value : ray) largest = std::max(largest, std::abs(value));
  if (!(largest > 0.0) || !std::isfinite(largest)) return;
  for (double& value : ray) {
    value /= largest;
    if (std::abs(value) < 1e-12) value = 0.0;
  }
}

class HighsSolver final : public Solver {
 public:
  HighsSolver();

  void load(const Model& model) override;
  void set_row_bounds(std::size_t row, double lower, double upper) override;
  void set_column_bounds(std::size_t column, double lower, double upper) override;
  void set_cost(std::size_t column, double cost) override;
  void set_coefficient(std::size_t row, std::size_t column, double value) override;
  std::size_t add_row(double lower, double upper, std::span<const std::size_t> columns,
                      std::span<const double> values) override;
  void remove_rows_from(std::size_t first) override;
  Answer solve(const SolveOptions& options) override;

  std::size_t column_count() const override { return current_.column_count(); }
  std::size_t row_count() const override { return current_.row_count(); }
  std::string name() const override { return fmt::format("HiGHS {}", Highs_version()); }

 private:
  void set_option(const char* name, bool value);
  void set_option(const char* name, int value);
  void set_option(const char* name, double value);

  Answer attempt(const SolveOptions& options);
  HighsInt run(const SolveOptions& options);
  Answer read(HighsInt model_status, const SolveOptions& options);
  Answer read_optimal(const SolveOptions& options);
  Answer read_stopped(std::string why);
  void read_point(Answer& answer);
  std::int64_t iteration_count() const;

  Answer settle_infeasible(const SolveOptions& options);
  Answer settle_unbounded(const SolveOptions& options);

  std::unique_ptr<void, Destroy> highs_;
  CurrentModel current_;
};

HighsSolver::HighsSolver() : highs_(Highs_create()) {
  if (highs_ == nullptr) throw Unavailable("HiGHS cannot be started");
  set_option("output_flag", false);
  set_option("threads", 1);  // the same bits on every machine
  set_option("small_matrix_value", 1e-12);
}

void HighsSolver::set_option(const char* name, bool value) {
  call(Highs_setBoolOptionValue(highs_.get(), name, value), name);
}
void HighsSolver::set_option(const char* name, int value) {
  call(Highs_setIntOptionValue(highs_.get(), name, value), name);
}
void HighsSolver::set_option(const char* name, double value) {
  call(Highs_setDoubleOptionValue(highs_.get(), name, value), name);
}

void HighsSolver::load(const Model& model) {
  current_ = CurrentModel(model);
  const ColumnMatrix matrix = by_columns(model);
  const std::vector<HighsInt> start(matrix.start.begin(), matrix.start.end());
  const std::vector<HighsInt> row(matrix.row.begin(), matrix.row.end());
  std::vector<HighsInt> kinds;
  if (model.has_integers()) {
    kinds.assign(model.columns.size(), kHighsVarTypeContinuous);
    for (const std::size_t j : current_.integers) kinds[j] = kHighsVarTypeInteger;
  }
  call(Highs_passModel(
           highs_.get(), index(model.columns.size()), index(model.rows.size()), index(row.size()),
           0, kHighsMatrixFormatColwise, kHighsHessianFormatTriangular,
           model.sense == Sense::minimise ? kHighsObjSenseMinimize : kHighsObjSenseMaximize,
           model.objective_constant, current_.cost.data(), current_.lower.data(),
           current_.upper.data(), current_.row_lower.data(), current_.row_upper.data(),
           start.data(), row.data(), matrix.value.data(), nullptr, nullptr, nullptr,
           kinds.empty() ? nullptr : kinds.data()),
       "take the model: a number is too large for it");
}

void HighsSolver::set_row_bounds(std::size_t row, double lower, double upper) {
  current_.set_row_bounds(row, lower, upper);
  call(Highs_changeRowBounds(highs_.get(), index(row), lower, upper), "change a row's bounds");
}

void HighsSolver::set_column_bounds(std::size_t column, double lower, double upper) {
  current_.set_column_bounds(column, lower, upper);
  call(Highs_changeColBounds(highs_.get(), index(column), lower, upper),
       "change a column's bounds");
}

void HighsSolver::set_cost(std::size_t column, double cost) {
  current_.set_cost(column, cost);
  call(Highs_changeColCost(highs_.get(), index(column), cost), "change a cost");
}

void HighsSolver::set_coefficient(std::size_t row, std::size_t column, double value) {
  current_.set_coefficient(row, column, value);
  call(Highs_changeCoeff(highs_.get(), index(row), index(column), value), "change a coefficient");
}

std::size_t HighsSolver::add_row(double lower, double upper, std::span<const std::size_t> columns,
                                 std::span<const double> values) {
  const std::size_t row = current_.add_row(lower, upper, columns, values);
  const auto merged = current_.row_columns(row);
  const std::vector<HighsInt> indices(merged.begin(), merged.end());
  call(Highs_addRow(highs_.get(), lower, upper, index(indices.size()), indices.data(),
                    current_.row_values(row).data()),
       "append a row");
  return row;
}

void HighsSolver::remove_rows_from(std::size_t first) {
  if (first < row_count()) {
    call(Highs_deleteRowsByRange(highs_.get(), index(first), index(row_count() - 1)),
         "remove rows");
  }
  current_.remove_rows_from(first);
}

/// Warm first. An answer in doubt is asked for again from the start, then without presolve: HiGHS
/// may answer "Unknown" or leave infeasibilities after a warm start (its issue 3294), and a fresh
/// run has always cured it.
Answer HighsSolver::solve(const SolveOptions& options) {
  const auto begin = Clock::now();
  SolveOptions left = options;
  Answer answer = attempt(left);
  for (const bool presolve : {true, false}) {
    if (answer.status != Status::failed) return answer;
    left.time_limit_s =
        options.time_limit_s - std::chrono::duration<double>(Clock::now() - begin).count();
    call(Highs_clearSolver(highs_.get()), "start afresh");
    call(Highs_setStringOptionValue(highs_.get(), "presolve", presolve ? "choose" : "off"),
         "set presolve");
    answer = attempt(left);
    call(Highs_setStringOptionValue(highs_.get(), "presolve", "choose"), "set presolve");
  }
  return answer;
}

Answer HighsSolver::attempt(const SolveOptions& options) {
  if (options.stop != nullptr && options.stop->requested()) {
    return {.status = Status::stopped, .message = "stopped before it began"};
  }
  const HighsInt status = run(options);
  if (status == kHighsStatusError) return {.message = "HiGHS reports an error"};
  return read(Highs_getModelStatus(highs_.get()), options);
}

HighsInt HighsSolver::run(const SolveOptions& options) {
  set_option("primal_feasibility_tolerance", options.feasibility_tolerance);
  set_option("dual_feasibility_tolerance", 1e-7);
  set_option("mip_rel_gap", options.mip_gap);
  set_option("time_limit", std::clamp(options.time_limit_s, 0.0, 1e30));
  // HiGHS adds up the time of all its runs; the limit is for this one.
  call(Highs_zeroAllClocks(highs_.get()), "reset its clock");
  const auto interrupts = {kHighsCallbackSimplexInterrupt, kHighsCallbackIpmInterrupt,
                           kHighsCallbackMipInterrupt};
  if (options.stop != nullptr) {
    call(Highs_setCallback(highs_.get(), interrupt_if_requested,
                           const_cast<StopSwitch*>(options.stop)),
         "watch the stop switch");
    for (const HighsInt kind : interrupts) Highs_startCallback(highs_.get(), kind);
  }
  const HighsInt status = Highs_run(highs_.get());
  if (options.stop != nullptr) {
    for (const HighsInt kind : interrupts) Highs_stopCallback(highs_.get(), kind);
  }
  return status;
}

Answer HighsSolver::read(HighsInt model_status, const SolveOptions& options) {
  if (column_count() == 0 || model_status == kHighsModelStatusModelEmpty) {
    Answer answer{.status = Status::optimal};
    answer.row_dual.assign(row_count(), 0.0);
    answer.primal.assign(column_count(), 0.0);
    recompute(current_, answer);
    if (fault_of_optimal(current_, answer).empty()) return answer;
    return settle_infeasible(options);
  }
  if (model_status == kHighsModelStatusOptimal) return read_optimal(options);
  if (model_status == kHighsModelStatusInfeasible) return settle_infeasible(options);
  if (model_status == kHighsModelStatusUnbounded ||
      model_status == kHighsModelStatusUnboundedOrInfeasible) {
    return settle_unbounded(options);
  }
  if (model_status == kHighsModelStatusTimeLimit) return read_stopped("the time limit is reached");
  if (model_status == kHighsModelStatusInterrupt) return read_stopped("stopped as asked");
  return {.message = fmt::format("HiGHS ends with model status {}", model_status)};
}

std::int64_t HighsSolver::iteration_count() const {
  if (current_.has_integers()) {
    std::int64_t nodes = 0;
    Highs_getInt64InfoValue(highs_.get(), "mip_node_count", &nodes);
    return nodes;
  }
  HighsInt simplex = 0;
  Highs_getIntInfoValue(highs_.get(), "simplex_iteration_count", &simplex);
  return simplex;
}

void HighsSolver::read_point(Answer& answer) {
  answer.primal.resize(column_count());
  answer.row_dual.resize(row_count());
  call(Highs_getSolution(highs_.get(), answer.primal.data(), nullptr, nullptr,
                         answer.row_dual.data()),
       "hand over its solution");
  answer.iterations = iteration_count();
  if (current_.has_integers()) {
    answer.row_dual.clear();
    Highs_getDoubleInfoValue(highs_.get(), "mip_dual_bound", &answer.bound);
  }
  recompute(current_, answer);
}

Answer HighsSolver::read_optimal(const SolveOptions& options) {
  Answer answer{.status = Status::optimal};
  read_point(answer);
  Tolerances tolerances;
  tolerances.feasibility = std::max(tolerances.feasibility, 10 * options.feasibility_tolerance);
  if (auto fault = fault_of_optimal(current_, answer, tolerances); !fault.empty()) {
    return {.message = fmt::format("HiGHS calls a point optimal that is not: {}", fault)};
  }
  return answer;
}

Answer HighsSolver::read_stopped(std::string why) {
  HighsInt point = kHighsSolutionStatusNone;
  Highs_getIntInfoValue(highs_.get(), "primal_solution_status", &point);
  Answer answer;
  if (point == kHighsSolutionStatusFeasible) {
    read_point(answer);
    if (!fault_of_point(current_, answer).empty()) answer = {};
  }
  answer.status = Status::stopped;
  answer.message = std::move(why);
  return answer;
}

/// The point of `model` that misses its rows least (sum of misses); column bounds are kept.
Model elastic(const CurrentModel& model) {
  Model relaxed = model.to_model();
  relaxed.sense = Sense::minimise;
  relaxed.objective_constant = 0.0;
  for (Column& column : relaxed.columns) column.cost = 0.0;
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    relaxed.add_entry(i, relaxed.add_column({0.0, infinity, 1.0}), 1.0);
    relaxed.add_entry(i, relaxed.add_column({0.0, infinity, 1.0}), -1.0);
  }
  return relaxed;
}

/// The steepest direction in the unit box that keeps all rows and bounds for ever.
Model cone(const CurrentModel& model) {
  Model directions = model.to_model();
  directions.objective_constant = 0.0;
  for (Column& column : directions.columns) {
    column.lower = std::isfinite(column.lower) ? 0.0 : -1.0;
    column.upper = std::isfinite(column.upper) ? 0.0 : 1.0;
    column.kind = ColumnKind::continuous;
  }
  for (Row& row : directions.rows) {
    row.lower = std::isfinite(row.lower) ? 0.0 : -infinity;
    row.upper = std::isfinite(row.upper) ? 0.0 : infinity;
  }
  return directions;
}

Answer solve_afresh(const Model& model, const SolveOptions& options) {
  HighsSolver fresh;
  fresh.load(model);
  return fresh.solve(options);
}

/// HiGHS says infeasible; says so with a proof, or not at all. Its presolve leaves no multipliers,
/// and those of a warm run need not prove anything: then the duals of the least total miss do.
Answer HighsSolver::settle_infeasible(const SolveOptions& options) {
  Answer answer{.status = Status::infeasible, .iterations = iteration_count()};
  if (current_.has_integers()) return answer;

  HighsInt has_ray = 0;
  answer.ray.assign(row_count(), 0.0);
  if (Highs_getDualRay(highs_.get(), &has_ray, nullptr) != kHighsStatusError && has_ray != 0 &&
      Highs_getDualRay(highs_.get(), &has_ray, answer.ray.data()) != kHighsStatusError) {
    tidy_ray(answer.ray);
    if (proves_infeasible(current_, answer.ray)) return answer;
    for (double& value : answer.ray) value = -value;
    if (proves_infeasible(current_, answer.ray)) return answer;
  }
  Answer least_miss = solve_afresh(elastic(current_), options);
  if (least_miss.status == Status::stopped) return least_miss;
  answer.ray = std::move(least_miss.row_dual);
  tidy_ray(answer.ray);
  if (proves_infeasible(current_, answer.ray)) return answer;
  return {.message = "HiGHS says infeasible, without a proof that holds"};
}

/// HiGHS says unbounded, or cannot tell that from infeasible: a feasible point and a direction
/// decide.
Answer HighsSolver::settle_unbounded(const SolveOptions& options) {
  CurrentModel free_of_cost = current_;
  free_of_cost.cost.assign(column_count(), 0.0);
  Answer point = solve_afresh(free_of_cost.to_model(), options);
  if (point.status != Status::optimal) return point;

  Answer direction = solve_afresh(cone(current_), options);
  if (direction.status == Status::stopped) return direction;
  if (direction.status == Status::optimal) {
    tidy_ray(direction.primal);
    if (improves_for_ever(current_, direction.primal)) {
      Answer answer{.status = Status::unbounded};
      const bool best_is_low = current_.sense == Sense::minimise;
      answer.objective = answer.bound = best_is_low ? -infinity : infinity;
      answer.primal = std::move(point.primal);
      answer.row_activity = std::move(point.row_activity);
      answer.ray = std::move(direction.primal);
      answer.iterations = iteration_count();
      return answer;
    }
  }
  return {.message = "HiGHS says unbounded, without a proof that holds"};
}

}  // namespace

bool has_highs() { return true; }

std::unique_ptr<Solver> make_highs_solver() { return std::make_unique<HighsSolver>(); }

}  // namespace vorrat::lp

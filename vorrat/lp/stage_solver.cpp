#include "vorrat/lp/stage_solver.h"

#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/lp/certificate.h"
#include "vorrat/lp/stage_work.h"

namespace vorrat::lp {
namespace {

StageSolver::StandBy default_stand_by() {
  return has_highs() ? StageSolver::StandBy(make_highs_solver) : StageSolver::StandBy();
}

}  // namespace

StageSolver::StageSolver() : StageSolver(default_stand_by()) {}
StageSolver::StageSolver(StandBy stand_by) : work_(std::make_unique<Work>(std::move(stand_by))) {}
StageSolver::~StageSolver() = default;

void StageSolver::load(const Model& model) { work_->load(model); }
void StageSolver::set_row_bounds(std::size_t row, double lower, double upper) {
  work_->set_row_bounds(row, lower, upper);
}
void StageSolver::set_column_bounds(std::size_t column, double lower, double upper) {
  work_->set_column_bounds(column, lower, upper);
}
void StageSolver::set_cost(std::size_t column, double cost) { work_->set_cost(column, cost); }
void StageSolver::set_coefficient(std::size_t row, std::size_t column, double value) {
  work_->set_coefficient(row, column, value);
}
std::size_t StageSolver::add_row(double lower, double upper, std::span<const std::size_t> columns,
                                 std::span<const double> values) {
  return work_->add_row(lower, upper, columns, values);
}
void StageSolver::remove_rows_from(std::size_t first) { work_->remove_rows_from(first); }

Answer StageSolver::solve(const SolveOptions& options) {
  needs(work_->pool == nullptr, "no cut pool in use: resolve() solves with cuts");
  if (options.stop != nullptr && options.stop->requested()) {
    return {.status = Status::stopped, .message = "stopped before it began"};
  }
  const std::int64_t pivots = counts().dual_pivots + counts().primal_pivots;
  Answer answer;
  answer.status = resolve();
  answer.iterations = counts().dual_pivots + counts().primal_pivots - pivots;
  answer.handed_over = work_->was_handed_over;
  answer.message = work_->message;
  answer.ray.assign(ray().begin(), ray().end());
  answer.primal.assign(primal().begin(), primal().end());
  if (answer.status == Status::optimal) {
    answer.row_dual.assign(row_dual().begin(), row_dual().end());
    recompute(work_->model, answer);
    const std::string fault = fault_of_optimal(work_->model, answer);
    if (fault.empty() || answer.handed_over) return answer;
  } else if (answer.status == Status::infeasible) {
    answer.primal.clear();
    if (proves_infeasible(work_->model, answer.ray)) return answer;
  } else if (answer.status == Status::unbounded) {
    answer.objective = answer.bound = work_->model.sense == Sense::minimise ? -infinity : infinity;
    if (improves_for_ever(work_->model, answer.ray) &&
        fault_of_point(work_->model, answer).empty()) {
      return answer;
    }
  } else {
    return answer;
  }
  ++work_->counts.hand_overs;
  answer = work_->stand_by_answer(options);
  answer.handed_over = true;
  return answer;
}

std::size_t StageSolver::column_count() const { return work_->model.column_count(); }
std::size_t StageSolver::row_count() const { return work_->model.row_count(); }
std::string StageSolver::name() const { return "vorrat stage solver"; }

void StageSolver::use_cuts(const CutPool* pool, std::span<const std::size_t> states,
                           std::span<const std::size_t> thetas) {
  work_->use_cuts(pool, states, thetas);
}
Status StageSolver::resolve(std::size_t cut_limit) { return work_->resolve(cut_limit); }
double StageSolver::objective() const { return work_->objective; }
double StageSolver::bound() const { return work_->proved; }
std::span<const double> StageSolver::primal() const { return work_->primal(); }
std::span<const double> StageSolver::row_dual() const { return work_->row_dual; }
std::span<const double> StageSolver::reduced_cost() const { return work_->reduced_cost; }
std::span<const double> StageSolver::ray() const { return work_->ray; }
std::span<const StageSolver::ActiveCut> StageSolver::active_cuts() const {
  return work_->active_cuts;
}
const StageSolver::Counts& StageSolver::counts() const { return work_->counts; }

}  // namespace vorrat::lp

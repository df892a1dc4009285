// How a stage solver judges what it found: checks, proofs, hand-overs, and the answer it gives.
#include "vorrat/lp/stage_work.h"

#include <algorithm>
#include <cmath>

#include "vorrat/lp/certificate.h"

namespace vorrat::lp {

/// Dual simplex to feasibility, primal simplex where costs were shifted, and again until a check
/// with fresh sums holds.
StageSolver::Work::Outcome StageSolver::Work::run() {
  for (int round = 0; round < 12; ++round) {
    Outcome outcome = dual_phase();
    if (outcome != Outcome::done) return outcome;
    if (shifted_) {
      shifted_ = false;
      compute_duals();
      rests_changed_ = false;
      outcome = primal_phase();
      if (outcome != Outcome::done) return outcome;
      Leaving missed;
      if (find_leaving(missed)) continue;
    }
    if (check_optimal()) return Outcome::done;
    // Not good enough: one more step of refinement, from a fresh inverse after the first.
    if (round > 0 && (updates_ == 0 || !invert())) return Outcome::trouble;
    compute_duals();
    settle_resting();
    refresh_primal();
  }
  return Outcome::trouble;
}

/// Recomputes residuals of the binding rows and reduced costs of all columns from the data, and
/// what the duals prove with them. By weak duality no point costs less than
///
///     sum(y_r * the bound that y_r rests at) + sum(z_j * the bound that z_j rests at),
///
/// which is the cost of x less lost_. A basis next to singular has duals so large that each of its
/// figures may seem fine by itself; this sum does not.
bool StageSolver::Work::check_optimal() {
  lost_ = 0.0;
  return rows_hold() && duals_hold();
}

bool StageSolver::Work::rows_hold() {
  for (Index r = 0; r < k(); ++r) {
    double sum = -target_[r], scale = std::max(1.0, std::abs(target_[r]));
    for_row(row_at_[r], [&](Index j, double a) {
      const double term = a * x_[j];
      sum += term;
      scale = std::max(scale, std::abs(term));
    });
    if (!(std::abs(sum) <= check_tolerance * scale)) return false;
    const double y = y_[r];
    if (y == 0.0) continue;
    const double bound = y > 0.0 ? lower_of(row_at_[r]) : upper_of(row_at_[r]);
    if (bound != target_[r] && std::abs(y) > check_tolerance) return false;  // the wrong sign
    lost_ += std::isfinite(bound) ? y * (sum + (target_[r] - bound)) : std::abs(y * target_[r]);
  }
  return true;
}

bool StageSolver::Work::duals_hold() {
  reduced_cost.assign(cost_.begin(), cost_.end());
  double* reduced = reduced_cost.data();
  for (Index r = 0; r < k(); ++r) {
    const double y = y_[r];
    if (y != 0.0) for_row(row_at_[r], [=](Index j, double a) { reduced[j] -= y * a; });
  }
  double largest_term = 1.0;
  for (Index j = 0; j < n(); ++j) {
    const double z = reduced_cost[j];
    largest_term = std::max(largest_term, std::abs(cost_[j] * x_[j]));
    if (rest_[j] != Rest::basic && model.lower[j] == model.upper[j]) continue;
    const double bound = z > 0.0 ? model.lower[j] : model.upper[j];
    if (rest_[j] != Rest::basic && x_[j] == bound) continue;  // just as it should
    if (!(std::abs(z) <= check_tolerance * std::max(1.0, std::abs(cost_[j])) ||
          std::abs(z) <= rounding_of(j))) {
      return false;
    }
    lost_ += std::isfinite(bound) ? z * (x_[j] - bound) : std::abs(z * x_[j]);
  }
  return std::abs(lost_) <= check_tolerance * largest_term;
}

/// What the sum of a reduced cost may be off by, if its terms are no larger than costs explain.
double StageSolver::Work::rounding_of(Index column) const {
  double largest_cost = 1.0, largest = 0.0;
  for (const double cost : cost_) largest_cost = std::max(largest_cost, std::abs(cost));
  for_binding_entries(column,
                      [&](Index r, double a) { largest = std::max(largest, std::abs(y_[r] * a)); });
  return largest <= 1e3 * largest_cost ? refinement * largest : 0.0;
}

/// The multipliers of a row that nothing can mend, checked from the data with every cut in them.
bool StageSolver::Work::prove_infeasible(const Leaving& leaving) {
  ray.assign(model.row_count(), 0.0);
  beta_.assign(cost_.size(), 0.0);
  scratch_.assign(cost_.size(), 0.0);  // largest term of each column's sum
  double margin = 0.0, scale = 0.0;
  bool holds = true;
  const auto add = [&](RowRef row, double y) {
    if (y == 0.0) return;
    const double bound = y > 0.0 ? lower_of(row) : upper_of(row);
    if (!std::isfinite(bound)) {
      holds = false;
      return;
    }
    if (!is_hot(row)) ray[row] = y;  // in both senses y > 0 stands for a lower bound
    margin += y * bound;
    scale = std::max(scale, std::abs(y * bound));
    for_row(row, [&](Index j, double a) {
      beta_[j] += y * a;
      scratch_[j] = std::max(scratch_[j], std::abs(y * a));
    });
  };
  const double sign = leaving.direction();
  // rho_ moves up to drop_tolerance may have the wrong sign for a row without that bound.
  for (Index r = 0; r < k(); ++r) {
    const double y = -sign * rho_[r];
    const bool wrong = !std::isfinite(y > 0.0 ? lower_of(row_at_[r]) : upper_of(row_at_[r]));
    const bool small = std::abs(y) * unit_of(row_at_[r]) <= drop_tolerance * leaving.unit;
    if (!(wrong && small)) add(row_at_[r], y);
  }
  if (leaving.position == none) add(leaving.row, sign);
  for (Index j = 0; j < n() && holds; ++j) {
    const double g = beta_[j];
    if (std::abs(g) <= 1e-9 * scratch_[j]) continue;
    const double bound = g > 0.0 ? model.upper[j] : model.lower[j];
    if (!std::isfinite(bound)) return false;
    margin -= g * bound;
    scale = std::max(scale, std::abs(g * bound));
  }
  return holds && margin > 1e-9 * scale;
}

/// scratch_ holds the direction in which the objective falls for ever, checked from the data.
bool StageSolver::Work::prove_unbounded() {
  double largest = 0.0, gain = 0.0;
  for (const double d : scratch_) largest = std::max(largest, std::abs(d));
  ray = scratch_;
  for (Index j = 0; j < n(); ++j) {
    ray[j] /= largest;
    if (std::abs(ray[j]) < 1e-12) ray[j] = 0.0;
    if (ray[j] > 0.0 ? model.upper[j] < infinity : ray[j] < 0.0 && model.lower[j] > -infinity) {
      return false;
    }
    gain -= cost_[j] * ray[j];
  }
  const auto leaves = [&](RowRef row) {
    double sum = 0.0, scale = 0.0;
    for_row(row, [&](Index j, double a) {
      sum += a * ray[j];
      scale = std::max(scale, std::abs(a * ray[j]));
    });
    return (sum > 1e-9 * scale && upper_of(row) < infinity) ||
           (sum < -1e-9 * scale && lower_of(row) > -infinity);
  };
  for (Index i = 0; i < m(); ++i) {
    if (leaves(i)) return false;
  }
  for (Index h = 0; h < static_cast<Index>(hot_.size()); ++h) {
    if (leaves(hot_row(h))) return false;
  }
  return gain > 0.0;
}

void StageSolver::Work::publish() {
  objective = 0.0;
  for (Index j = 0; j < n(); ++j) objective += cost_[j] * x_[j];
  objective = model.objective_constant + sign_ * objective;
  proved = objective - sign_ * lost_;
  row_dual.assign(model.row_count(), 0.0);
  active_cuts.clear();
  for (Index r = 0; r < k(); ++r) {
    const RowRef row = row_at_[r];
    if (!is_hot(row)) {
      row_dual[row] = sign_ * y_[r];
    } else {
      hot_[~row].last_bound = counts.solves;
      active_cuts.push_back({hot_[~row].cut, sign_ * y_[r]});
    }
  }
  if (sign_ < 0.0) {
    for (double& z : reduced_cost) z = -z;
  }
}

Status StageSolver::Work::resolve(std::size_t cut_limit) {
  ++counts.solves;
  iterations_ = 0;
  was_handed_over = false;
  message.clear();
  ray.clear();
  cut_limit_ = pool == nullptr ? 0 : std::min(cut_limit, pool->size());
  if (std::ranges::any_of(hot_, [&](const HotCut& hot) { return hot.cut >= cut_limit_; })) {
    forget_hot_cuts();  // the caller asks for fewer cuts than before
  }
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (attempt == 1 && has_basis_) {
      kernel_changed_ = duals_changed_ = true;
    } else if (attempt > 0) {
      has_basis_ = false;
      ++counts.cold_starts;
    }
    if (!prepare()) continue;
    switch (run()) {
      case Outcome::done:
        publish();
        return Status::optimal;
      case Outcome::infeasible:
        return Status::infeasible;
      case Outcome::unbounded:
        return Status::unbounded;
      case Outcome::trouble:
        break;
    }
    ray.clear();
  }
  return hand_over();
}

/// The LP with all its cuts as rows, solved by the stand-by backend. No backend's word is enough:
/// what it says is checked on our numbers, of which it may have dropped the smallest.
Status StageSolver::Work::hand_over() {
  ++counts.hand_overs;
  has_basis_ = false;
  was_handed_over = true;
  const Answer answer = stand_by_answer({});
  message = answer.message;
  objective = answer.objective;
  proved = answer.bound;
  handed_primal = answer.primal;
  row_dual = answer.row_dual;
  reduced_cost = answer.reduced_cost;
  ray = answer.ray;
  active_cuts.clear();
  if (!row_dual.empty()) row_dual.resize(model.row_count());
  if (answer.status == Status::infeasible) ray.resize(model.row_count());
  return answer.status;
}

Answer StageSolver::Work::stand_by_answer(const SolveOptions& options) {
  if (!stand_by_factory) return {.message = "the stage solver is in doubt and has no stand-by"};
  if (stand_by_ == nullptr) stand_by_ = stand_by_factory();
  const CurrentModel whole = with_cuts();
  stand_by_->load(whole.to_model());
  Answer answer = stand_by_->solve(options);
  if (answer.status != Status::optimal) return answer;
  recompute(whole, answer);
  if (const std::string fault = fault_of_optimal(whole, answer); !fault.empty())
    return {.message = "the stand-by's answer does not hold: " + fault};
  return answer;
}

/// The LP with at most cut_limit_ cuts of its pool as rows behind its own.
CurrentModel StageSolver::Work::with_cuts() const {
  CurrentModel whole = model;
  if (pool == nullptr) return whole;
  std::vector<double> values(state_column_.size() + 1);
  std::vector<std::size_t> columns(state_column_.begin(), state_column_.end());
  for (std::size_t cut = 0; cut < cut_limit_; ++cut) {
    columns.resize(state_column_.size());
    values.resize(state_column_.size());
    pool->slope_into(cut, values);
    for (double& value : values) value = -value;
    if (const std::size_t theta = pool->theta(cut); theta != CutPool::no_theta) {
      columns.push_back(static_cast<std::size_t>(theta_column_[theta]));
      values.push_back(1.0);
    }
    const double rhs = pool->rhs(cut);
    whole.add_row(sign_ > 0.0 ? rhs : -infinity, sign_ > 0.0 ? infinity : rhs, columns, values);
  }
  return whole;
}

}  // namespace vorrat::lp

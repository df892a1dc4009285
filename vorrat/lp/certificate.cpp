#include "vorrat/lp/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::lp {
namespace {

double sign_of(Sense sense) { return sense == Sense::minimise ? 1.0 : -1.0; }

/// A sum, with the size of its largest term: the scale at which its rounding is judged.
struct Sum {
  double value = 0.0;
  double scale = 0.0;
  double unit() const { return std::max(1.0, scale); }
  void add(double term) {
    value += term;
    scale = std::max(scale, std::abs(term));
  }
};

Sum row_sum(const CurrentModel& model, std::size_t row, std::span<const double> x) {
  Sum sum;
  const auto columns = model.row_columns(row);
  const auto values = model.row_values(row);
  for (std::size_t e = 0; e < columns.size(); ++e) sum.add(values[e] * x[columns[e]]);
  return sum;
}

/// sum_i y_i A_ij for every column.
std::vector<Sum> column_sums(const CurrentModel& model, std::span<const double> y) {
  std::vector<Sum> sums(model.column_count());
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    if (y[i] == 0.0) continue;
    const auto columns = model.row_columns(i);
    const auto values = model.row_values(i);
    for (std::size_t e = 0; e < columns.size(); ++e) sums[columns[e]].add(y[i] * values[e]);
  }
  return sums;
}

/// How far `value` is outside [lower, upper]; NaN of NaN.
double outside(double value, double lower, double upper) {
  if (std::isnan(value)) return value;
  return std::max({0.0, lower - value, value - upper});
}

/// The bound at which a minimiser rests under this dual: the lower one for a dual > 0.
double active_bound(double dual, double lower, double upper) { return dual > 0 ? lower : upper; }

/// sum of dual * its active bound; a dual whose bound is infinite is left out, because
/// fault_of_optimal judges it by itself.
double bound_term(double dual, double lower, double upper) {
  if (dual == 0.0) return 0.0;
  const double bound = active_bound(dual, lower, upper);
  return std::isfinite(bound) ? dual * bound : 0.0;
}

}  // namespace

void recompute(const CurrentModel& model, Answer& answer) {
  const std::size_t n = model.column_count();
  const std::size_t m = model.row_count();
  needs(answer.primal.size() == n, "primal for every column");
  answer.row_activity.resize(m);
  for (std::size_t i = 0; i < m; ++i) {
    answer.row_activity[i] = row_sum(model, i, answer.primal).value;
  }
  answer.objective = model.objective_constant;
  for (std::size_t j = 0; j < n; ++j) answer.objective += model.cost[j] * answer.primal[j];

  if (!model.has_integers()) {
    needs(answer.row_dual.size() == m, "a dual for every row");
    const double sign = sign_of(model.sense);
    const auto sums = column_sums(model, answer.row_dual);
    answer.reduced_cost.resize(n);
    double bound = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      const double reduced = model.cost[j] - sums[j].value;
      answer.reduced_cost[j] = reduced;
      bound += bound_term(sign * reduced, model.lower[j], model.upper[j]);
    }
    for (std::size_t i = 0; i < m; ++i) {
      bound += bound_term(sign * answer.row_dual[i], model.row_lower[i], model.row_upper[i]);
    }
    answer.bound = model.objective_constant + sign * bound;
  }
  answer.gap =
      std::abs(answer.objective - answer.bound) / std::max(1.0, std::abs(answer.objective));
}

std::string fault_of_point(const CurrentModel& model, const Answer& answer,
                           const Tolerances& tolerances) {
  const auto& x = answer.primal;
  for (std::size_t j = 0; j < model.column_count(); ++j) {
    const double miss = outside(x[j], model.lower[j], model.upper[j]);
    if (!(miss <= tolerances.feasibility * std::max(1.0, std::abs(x[j])))) {
      return fmt::format("column {} is outside its bounds by {}", j, miss);
    }
  }
  for (const std::size_t j : model.integers) {
    const double miss = std::abs(x[j] - std::round(x[j]));
    if (!(miss <= tolerances.integrality)) {
      return fmt::format("column {} is {} away from a whole number", j, miss);
    }
  }
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    const Sum activity = row_sum(model, i, x);
    const double miss = outside(activity.value, model.row_lower[i], model.row_upper[i]);
    if (!(miss <= tolerances.feasibility * activity.unit())) {
      return fmt::format("row {} is missed by {}", i, miss);
    }
  }
  return {};
}

std::string fault_of_optimal(const CurrentModel& model, const Answer& answer,
                             const Tolerances& tolerances) {
  if (auto fault = fault_of_point(model, answer, tolerances); !fault.empty()) return fault;
  if (model.has_integers()) return {};

  const double sign = sign_of(model.sense);
  const auto sums = column_sums(model, answer.row_dual);
  double scale = std::max(1.0, std::abs(answer.objective));
  for (std::size_t j = 0; j < model.column_count(); ++j) {
    scale = std::max(scale, std::abs(model.cost[j] * answer.primal[j]));
    const double reduced = sign * answer.reduced_cost[j];
    if (std::isfinite(active_bound(reduced, model.lower[j], model.upper[j]))) continue;
    if (!(std::abs(reduced) <=
          tolerances.dual * std::max(sums[j].unit(), std::abs(model.cost[j])))) {
      return fmt::format("the reduced cost of column {} has the wrong sign: {}", j,
                         answer.reduced_cost[j]);
    }
  }
  double largest_dual = 1.0;
  for (const double dual : answer.row_dual) largest_dual = std::max(largest_dual, std::abs(dual));
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    const double dual = sign * answer.row_dual[i];
    if (std::isfinite(active_bound(dual, model.row_lower[i], model.row_upper[i]))) continue;
    if (!(std::abs(dual) <= tolerances.dual * largest_dual)) {
      return fmt::format("the dual of row {} has the wrong sign: {}", i, answer.row_dual[i]);
    }
  }
  if (!(std::abs(answer.objective - answer.bound) <= tolerances.gap * scale)) {
    return fmt::format("the duals prove {} and the point costs {}", answer.bound, answer.objective);
  }
  return {};
}

bool proves_infeasible(const CurrentModel& model, std::span<const double> multipliers,
                       const Tolerances& tolerances) {
  if (multipliers.size() != model.row_count()) return false;
  Sum margin;  // low - high
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    const double y = multipliers[i];
    if (!std::isfinite(y)) return false;
    if (y == 0.0) continue;
    const double bound = active_bound(y, model.row_lower[i], model.row_upper[i]);
    if (!std::isfinite(bound)) return false;
    margin.add(y * bound);
  }
  const auto sums = column_sums(model, multipliers);
  for (std::size_t j = 0; j < model.column_count(); ++j) {
    const double g = sums[j].value;
    if (g == 0.0) continue;
    const double bound = active_bound(-g, model.lower[j], model.upper[j]);
    if (std::isfinite(bound)) {
      margin.add(-g * bound);
    } else if (std::abs(g) > tolerances.ray * sums[j].scale) {
      return false;
    }
  }
  return margin.value > tolerances.ray * margin.scale;
}

bool improves_for_ever(const CurrentModel& model, std::span<const double> direction,
                       const Tolerances& tolerances) {
  if (direction.size() != model.column_count()) return false;
  Sum improvement;
  for (std::size_t j = 0; j < direction.size(); ++j) {
    const double d = direction[j];
    if (!std::isfinite(d)) return false;
    if ((d > 0.0 && std::isfinite(model.upper[j])) || (d < 0.0 && std::isfinite(model.lower[j]))) {
      return false;
    }
    improvement.add(-sign_of(model.sense) * model.cost[j] * d);
  }
  if (!(improvement.value > tolerances.ray * improvement.scale)) return false;
  for (std::size_t i = 0; i < model.row_count(); ++i) {
    const Sum change = row_sum(model, i, direction);
    const double slack = tolerances.ray * change.scale;
    if (change.value > slack && std::isfinite(model.row_upper[i])) return false;
    if (change.value < -slack && std::isfinite(model.row_lower[i])) return false;
  }
  return true;
}

}  // namespace vorrat::lp

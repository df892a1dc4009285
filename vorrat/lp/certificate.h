// Our own check of what a backend says. No answer is passed on before it has passed here.
#pragma once

#include <string>

#include "vorrat/lp/current_model.h"
#include "vorrat/lp/solver.h"

namespace vorrat::lp {

/// How far an answer may be off. Each is relative to max(1, the largest term of the sum it judges),
/// so that a balance of 1e9 and a balance of 1 are held to the same number of digits.
struct Tolerances {
  double feasibility = 1e-6;  // rows and bounds
  double dual = 1e-6;         // reduced costs of columns that have no bound on that side
  double gap = 1e-6;          // objective against the bound that the duals prove
  double integrality = 1e-5;  // absolute
  double ray = 1e-9;          // entries of a ray that should be zero; what it must prove
};

/// Recomputes row_activity, objective, and for LPs reduced_cost, bound and gap from primal and
/// row_dual alone; whatever the backend wrote there is overwritten. Needs primal [n] and, for LPs,
/// row_dual [m].
///
/// bound = constant + sum_i row_dual[i] * (its active row bound) + sum_j reduced_cost[j] * (its
/// active column bound): weak duality, so at a dual feasible point it is a proof whatever `primal`
/// is. For MIPs `bound` is the backend's and only `gap` is computed.
void recompute(const CurrentModel& model, Answer& answer);

/// What is wrong with an answer that claims to be optimal, after recompute(): a row, bound or
/// integrality missed, a dual of the wrong sign, a gap left open. Empty if it holds. For MIPs the
/// gap is the backend's business, because the caller chose it.
std::string fault_of_optimal(const CurrentModel& model, const Answer& answer,
                             const Tolerances& tolerances = {});

/// What is wrong with `primal` as a feasible point. Empty if it holds.
std::string fault_of_point(const CurrentModel& model, const Answer& answer,
                           const Tolerances& tolerances = {});

/// Whether the multipliers y [m] prove that no point satisfies rows and column bounds (Farkas):
/// y'Ax is at least `low` by the rows (y_i > 0 at a lower bound, y_i < 0 at an upper one), at most
/// `high` by the column bounds, and low > high.
bool proves_infeasible(const CurrentModel& model, std::span<const double> multipliers,
                       const Tolerances& tolerances = {});

/// Whether the objective improves for ever along the direction [n] without leaving a row or bound.
/// Together with a feasible point this proves unboundedness.
bool improves_for_ever(const CurrentModel& model, std::span<const double> direction,
                       const Tolerances& tolerances = {});

}  // namespace vorrat::lp

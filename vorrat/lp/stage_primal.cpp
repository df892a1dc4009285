// The primal simplex of a stage solver: what is left to do after costs were shifted.
#include "vorrat/lp/stage_work.h"

#include <algorithm>
#include <cmath>

namespace vorrat::lp {

/// The resting column or row whose move gains most per unit, or false at an optimum.
bool StageSolver::Work::find_improving(Entering& entering, double& direction) const {
  double best = 0.0;
  const auto consider = [&](Index column, Index slot, Rest rest, double z, double unit,
                            double tolerance) {
    if (std::abs(z) <= tolerance || std::abs(z) * unit <= best) return;
    if ((z > 0.0 && rest == Rest::lower) || (z < 0.0 && rest == Rest::upper)) return;
    best = std::abs(z) * unit;
    entering = {column, slot, 0.0};
    direction = z > 0.0 ? -1.0 : 1.0;
  };
  for (Index j = 0; j < n(); ++j) {
    if (rest_[j] == Rest::basic || model.lower[j] == model.upper[j]) continue;
    consider(j, none, rest_[j], z_[j], unit_[j], tolerance_[j]);
  }
  for (Index r = 0; r < k(); ++r) {
    if (lower_of(row_at_[r]) == upper_of(row_at_[r])) continue;
    consider(none, r, slot_rest_[r], y_[r], unit_of(row_at_[r]), dual_tolerance);
  }
  return best > 0.0;
}

/// From a point that keeps every row and hot cut to the best such point. Cuts of the pool that are
/// not hot may be missed on the way; the caller looks again.
StageSolver::Work::Outcome StageSolver::Work::primal_phase() {
  const std::int64_t first = iterations_;
  const std::int64_t patience = 300 + 5 * (n() + m());
  Entering entering;
  double direction = 1.0;
  while (find_improving(entering, direction)) {
    if (++iterations_ - first > patience) return Outcome::trouble;
    compute_column(entering);
    scratch_.assign(cost_.size(), 0.0);  // how every column moves
    for (Index p = 0; p < k(); ++p) scratch_[column_at_[p]] = direction * step_[p];
    if (entering.column != none) scratch_[entering.column] = direction;

    // Harris in two passes: how far with tolerances, then the largest rate within that.
    Leaving leaving;
    double limit = infinity, largest = 0.0;
    bool found = false;
    for (const bool choosing : {false, true}) {
      const auto consider = [&](Index position, RowRef row, double value, double rate, double lower,
                                double upper, double unit) {
        if (std::abs(rate) / unit *
                (entering.column != none ? unit_[entering.column]
                                         : unit_of(row_at_[entering.slot])) <=
            drop_tolerance) {
          return;
        }
        const double bound = rate > 0.0 ? upper : lower;
        if (!std::isfinite(bound)) return;
        const double room = rate > 0.0 ? bound - value : value - bound;
        const double size = std::abs(rate);
        if (!choosing) {
          limit = std::min(limit, (std::max(room, 0.0) + tolerance_at(bound)) / size);
        } else if (std::max(room, 0.0) / size <= limit && size / unit > largest) {
          largest = size / unit;
          leaving = {position, row, bound, rate > 0.0 ? Rest::upper : Rest::lower, 0.0, unit};
          found = true;
        }
      };
      for (Index p = 0; p < k(); ++p) {
        const Index j = column_at_[p];
        consider(p, 0, x_[j], scratch_[j], model.lower[j], model.upper[j], unit_[j]);
      }
      for (Index i = 0; i < m(); ++i) {
        if (row_slot_[i] != none) continue;
        consider(none, i, dot(i, x_), dot(i, scratch_), model.row_lower[i], model.row_upper[i],
                 row_unit_[i]);
      }
      for (Index h = 0; h < static_cast<Index>(hot_.size()); ++h) {
        if (hot_[h].slot != none) continue;
        const RowRef row = hot_row(h);
        consider(none, row, dot(row, x_), dot(row, scratch_), lower_of(row), upper_of(row),
                 hot_[h].unit);
      }
      // Nothing here ends the move: a cut of the pool may.
      if (!choosing && limit == infinity && pool != nullptr && entering.column != none) {
        for (std::size_t cut = 0; cut < cut_limit_ && limit == infinity; ++cut) {
          if (hot_of(cut) != none) continue;
          const Index h = make_hot(cut);
          const RowRef row = hot_row(h);
          consider(none, row, dot(row, x_), dot(row, scratch_), lower_of(row), upper_of(row),
                   hot_[h].unit);
          if (limit == infinity) hot_[h].last_bound = counts.solves - hot_for - 1;
        }
      }
    }

    const double lower =
        entering.column != none ? model.lower[entering.column] : lower_of(row_at_[entering.slot]);
    const double upper =
        entering.column != none ? model.upper[entering.column] : upper_of(row_at_[entering.slot]);
    const double range = upper - lower;
    if (!found && range == infinity) {
      return prove_unbounded() ? Outcome::unbounded : Outcome::trouble;
    }
    double move = infinity;
    if (found) {
      const double rate = leaving.position != none ? scratch_[column_at_[leaving.position]]
                                                   : dot(leaving.row, scratch_);
      const double value =
          leaving.position != none ? x_[column_at_[leaving.position]] : dot(leaving.row, x_);
      move = std::max(0.0, (leaving.bound - value) / rate);
      entering.rate = rate / direction;
    }
    if (range <= move) {  // it reaches its own other bound first
      flipped_.clear();
      flipped_.push_back(
          {0.0, 0.0, entering.column != none ? entering.column : n() + entering.slot});
      flip();
      continue;
    }
    price(leaving);
    const double by_row = entering.column != none ? beta_[entering.column] : rho_[entering.slot];
    if (std::abs(by_row - entering.rate) > 1e-6 * std::abs(by_row) || std::abs(by_row) < 1e-11) {
      if (updates_ == 0 || !invert()) return Outcome::trouble;
      compute_duals();
      refresh_primal();
      return Outcome::done;  // the caller looks at everything again
    }
    ++counts.primal_pivots;
    for (Index p = 0; p < k(); ++p) x_[column_at_[p]] += step_[p] * direction * move;
    if (entering.column != none) x_[entering.column] += direction * move;
    const double z = entering.column != none ? z_[entering.column] : y_[entering.slot];
    const double step = z / entering.rate;
    step_duals(step);
    pivot(leaving, entering, step);
  }
  return Outcome::done;
}

}  // namespace vorrat::lp

// The dual simplex of a stage solver.
#include "vorrat/lp/stage_work.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "vorrat/base/random.h"
#include "vorrat/lp/dual_ratios.h"

namespace vorrat::lp {

/// The most promising violation by dual steepest edge: its square over the squared norm of its row
/// of the inverse (Forrest and Goldfarb, 1992). With the inverse at hand the norm is a dot product,
/// and only violated rows need theirs. Basic columns and rows of the model come first, and cuts
/// only when all those hold.
bool StageSolver::Work::find_leaving(Leaving& best) {
  double most = 0.0;
  const auto consider = [&](Index position, RowRef row, double value, double lower, double upper) {
    if (value >= lower && value <= upper) return;
    const bool low = value < lower;
    const double bound = low ? lower : upper;
    const double violation = low ? lower - value : value - upper;
    if (!(violation > tolerance_at(bound))) return;
    // The norm of a row that does not bind is at least 1 and is not worth its price.
    const double gain = position == none ? violation * violation
                                         : violation * violation / inverse_.squared_norm(position);
    if (!(gain > most)) return;
    if (position == none && violation <= primal_tolerance * largest_term(row)) return;
    most = gain;
    best = {position,  row,
            bound,     low ? Rest::lower : Rest::upper,
            violation, position == none ? unit_of(row) : unit_[column_at_[position]]};
  };
  for (Index p = 0; p < k(); ++p) {
    const Index j = column_at_[p];
    consider(p, 0, x_[j], model.lower[j], model.upper[j]);
  }
  for (Index i = 0; i < m(); ++i) {
    if (row_slot_[i] != none) continue;
    consider(none, i, dot(i, x_), model.row_lower[i], model.row_upper[i]);
  }
  return most > 0.0 || (pool != nullptr && find_missed_cut(best));
}

bool StageSolver::Work::find_missed_cut(Leaving& best) {
  for (std::size_t s = 0; s < state_x_.size(); ++s) state_x_[s] = x_[state_column_[s]];
  for (std::size_t t = 0; t < theta_column_.size(); ++t) theta_x_[t] = x_[theta_column_[t]];
  heights_.move_to(state_x_, cut_limit_);
  std::array<CutHeights::Miss, 3> missed;
  // The worst one is quick to find and nearly always will do.
  for (const std::size_t wanted : {std::size_t{1}, missed.size()}) {
    const std::size_t found = heights_.find_missed(theta_x_, cut_limit_, primal_tolerance,
                                                   std::span(missed).first(wanted));
    for (std::size_t e = 0; e < found; ++e) {
      if (becomes_leaving(missed[e].cut, best)) return true;
    }
    if (found < wanted) return false;
  }
  return false;
}

/// Makes the cut hot, and the leaving row if it is truly missed.
bool StageSolver::Work::becomes_leaving(std::size_t cut, Leaving& best) {
  const Index known = hot_of(cut), h = known == none ? make_hot(cut) : known;
  if (hot_[h].slot != none) return false;
  const RowRef row = hot_row(h);
  const double value = dot(row, x_);
  const bool low = sign_ > 0.0;
  const double bound = hot_[h].rhs;
  const double violation = low ? bound - value : value - bound;
  if (violation <= primal_tolerance * largest_term(row)) return false;
  best = {none, row, bound, low ? Rest::lower : Rest::upper, violation, hot_[h].unit};
  return true;
}

/// Copies a cut in, where one that has not bound for long may be pushed out.
StageSolver::Work::Index StageSolver::Work::make_hot(std::size_t cut) {
  Index h = none;
  for (Index g = 0; g < static_cast<Index>(hot_.size()) && h == none; ++g) {
    if (hot_[g].slot == none && counts.solves - hot_[g].last_bound > hot_for) h = g;
  }
  if (h == none) {
    h = static_cast<Index>(hot_.size());
    hot_.emplace_back();
    hot_value_.resize(hot_.size() * state_column_.size());
  } else {
    hot_of_[hot_[h].cut] = none;
  }
  if (hot_of_.size() <= cut) hot_of_.resize(std::max(cut + 1, 2 * hot_of_.size()), none);
  hot_of_[cut] = h;
  const std::span value(hot_value_.data() + static_cast<std::size_t>(h) * state_column_.size(),
                        state_column_.size());
  pool->slope_into(cut, value);
  const std::size_t theta = pool->theta(cut);
  const Index theta_column = theta == CutPool::no_theta ? none : theta_column_[theta];
  double unit = theta_column == none ? 0.0 : unit_[theta_column];
  for (std::size_t s = 0; s < value.size(); ++s) {
    value[s] = -value[s];
    unit = std::max(unit, std::abs(value[s]) * unit_[state_column_[s]]);
  }
  hot_[h] = {cut, none, theta_column, pool->rhs(cut), unit > 0.0 ? unit : 1.0, counts.solves};
  return h;
}

/// rho_ [k] and beta_ [n]: how the leaving value moves with each binding row and resting column.
/// What stands in beta_ for basic columns is not read.
void StageSolver::Work::price(const Leaving& leaving) {
  const auto size = static_cast<std::size_t>(k());
  rho_.resize(size);
  if (leaving.position != none) {
    std::ranges::copy(inverse_.row(leaving.position), rho_.begin());
  } else {
    terms_.clear();
    for_row(leaving.row, [&](Index j, double a) {
      if (position_[j] != none && a != 0.0) {
        terms_.push_back({static_cast<std::size_t>(position_[j]), a});
      }
    });
    inverse_.combine(terms_, rho_);
  }
  // Without a branch for each entry: which of them are zero cannot be guessed.
  rho_nonzeros_.resize(size);
  std::size_t nonzeros = 0;
  for (Index r = 0; r < k(); ++r) {
    const double rho = std::abs(rho_[r]) * slot_unit_[r] < rounding * leaving.unit ? 0.0 : rho_[r];
    rho_[r] = rho;
    rho_nonzeros_[nonzeros] = r;
    nonzeros += rho != 0.0 ? 1 : 0;
  }
  rho_nonzeros_.resize(nonzeros);
  std::ranges::fill(beta_, 0.0);
  double* beta = beta_.data();
  for (const Index r : rho_nonzeros_) {
    const double rho = rho_[r];
    for_row(row_at_[r], [=](Index j, double a) { beta[j] -= rho * a; });
  }
  if (leaving.position == none) for_row(leaving.row, [&](Index j, double a) { beta_[j] += a; });
}

/// Everything at rest whose reduced cost comes to zero within the longest dual step that makes
/// sense, into candidates_. Returns that step.
double StageSolver::Work::find_candidates(const Leaving& leaving) {
  const auto columns = cost_.size(), slots = rho_.size();
  slope_.resize(columns + slots);
  ratio_.resize(columns + slots);
  shortlist_.resize(columns + slots);
  const Violation violation = {leaving.direction(), leaving.excess(),
                               drop_tolerance * leaving.unit};
  const AtRest at_columns = {beta_.data(),  side_.data(),      z_.data(), unit_.data(),
                             range_.data(), tolerance_.data(), columns};
  const AtRest at_slots = {rho_.data(),        slot_side_.data(),      y_.data(), slot_unit_.data(),
                           slot_range_.data(), slot_tolerance_.data(), slots};
  double end =
      std::min(dual_ratios(at_columns, violation, slope_.data(), ratio_.data()),
               dual_ratios(at_slots, violation, slope_.data() + columns, ratio_.data() + columns));

  candidates_.clear();
  const auto add_free = [&](Index what, double rate, double unit, double tolerance) {
    if (!(std::abs(rate) * unit > violation.least)) return;
    candidates_.push_back({0.0, std::abs(rate), what});
    end = std::min(end, tolerance / std::abs(rate));
  };
  if (free_resting_ > 0) {
    for (const Index j : resting_) {
      if (rest_[j] == Rest::free) add_free(j, beta_[j], unit_[j], tolerance_[j]);
    }
  }
  if (free_slots_) {
    for (Index r = 0; r < k(); ++r) {
      if (slot_rest_[r] == Rest::free) add_free(n() + r, rho_[r], slot_unit_[r], dual_tolerance);
    }
  }
  const std::size_t count = within(ratio_.data(), ratio_.size(), end, shortlist_.data());
  for (std::size_t e = 0; e < count; ++e) {
    const Index what = shortlist_[e];
    candidates_.push_back({ratio_[what], slope_[what], what});
  }
  return end;
}

/// The ratio test: the dual step may go past resting things with two bounds, which flip, as long as
/// the objective still rises; among those that end it within tolerance the largest pivot wins
/// (Harris). Flips are left in flipped_. False if nothing can enter.
bool StageSolver::Work::choose_entering(const Leaving& leaving, Entering& entering) {
  flipped_.clear();
  const double end = find_candidates(leaving);
  if (candidates_.empty()) return false;
  const double per_unit = 1.0 / leaving.unit;
  const auto range_of = [&](const Candidate& c) {
    return c.what < n() ? range_[c.what] : slot_range_[c.what - n()];
  };
  const auto size_of = [&](const Candidate& c) {
    return c.slope * per_unit * (c.what < n() ? unit_[c.what] : slot_unit_[c.what - n()]);
  };
  // Few flip, so that looking for the next one each time beats sorting.
  double slope = leaving.excess();
  Candidate chosen;
  for (;;) {
    const auto next = std::ranges::min_element(candidates_, {}, &Candidate::ratio);
    std::swap(*next, candidates_.back());
    chosen = candidates_.back();
    slope -= chosen.slope * range_of(chosen);
    if (!(slope > 0.0) || candidates_.size() == 1) break;
    flipped_.push_back(chosen);
    candidates_.pop_back();
  }
  if (slope > 0.0 && end == infinity) {
    // Every candidate flips and the row is still missed: infeasible.
    flipped_.clear();
    return false;
  }
  double window = infinity;
  for (const Candidate& c : candidates_) {
    const double tolerance = c.what < n() ? tolerance_[c.what] : dual_tolerance;
    window = std::min(window, c.ratio + tolerance / c.slope);
  }
  for (const Candidate& c : candidates_) {
    if (c.ratio <= window && size_of(c) > size_of(chosen)) chosen = c;
  }
  // A tiny pivot would spoil the inverse: rather a shorter step with a better one.
  while (size_of(chosen) < pivot_tolerance && !flipped_.empty()) {
    if (size_of(flipped_.back()) > size_of(chosen)) chosen = flipped_.back();
    flipped_.pop_back();
  }
  if (chosen.what < n()) {
    entering = {chosen.what, none, beta_[chosen.what]};
  } else {
    entering = {none, chosen.what - n(), rho_[chosen.what - n()]};
  }
  return true;
}

/// step_ [k]: how each basic value moves per unit of the entering one.
void StageSolver::Work::compute_column(const Entering& entering) {
  step_.resize(static_cast<std::size_t>(k()));
  if (entering.column == none) {
    const double unit = unit_of(row_at_[entering.slot]);
    for (Index p = 0; p < k(); ++p) {
      const double v = inverse_.at(p, entering.slot);
      step_[p] = std::abs(v) * unit < rounding * unit_[column_at_[p]] ? 0.0 : v;
    }
    return;
  }
  sparse_.clear();
  for_binding_entries(entering.column,
                      [&](Index slot, double a) { sparse_.emplace_back(slot, a); });
  const double unit = unit_[entering.column];
  for (Index p = 0; p < k(); ++p) {
    const auto row = inverse_.row(p);
    double sum = 0.0;
    for (const auto& [r, a] : sparse_) sum += row[r] * a;
    // Rounding left where terms cancel would fill the inverse.
    step_[p] = std::abs(sum) * unit < rounding * unit_[column_at_[p]] ? 0.0 : -sum;
  }
}

/// Whether the pivot computed by row and by column is the same number: if not, the inverse drifted.
bool StageSolver::Work::column_agrees(const Leaving& leaving, const Entering& entering) const {
  double by_column = 0.0;
  if (leaving.position != none) {
    by_column = step_[leaving.position];
  } else {
    for_row(leaving.row, [&](Index j, double a) {
      if (position_[j] != none) by_column += a * step_[position_[j]];
      if (j == entering.column) by_column += a;
    });
  }
  return std::abs(by_column - entering.rate) <= 1e-6 * std::abs(entering.rate);
}

/// Moves what flips to its other bound, and the basic values with it.
void StageSolver::Work::flip() {
  if (flipped_.empty()) return;
  gathered_.assign(static_cast<std::size_t>(k()), 0.0);
  for (const Candidate& c : flipped_) {
    if (c.what < n()) {
      const Index j = c.what;
      const bool up = rest_[j] == Rest::lower;
      const double to = up ? model.upper[j] : model.lower[j];
      const double by = to - x_[j];
      rest_[j] = up ? Rest::upper : Rest::lower;
      side_[j] = -side_[j];
      x_[j] = to;
      for_binding_entries(j, [&](Index slot, double a) { gathered_[slot] -= a * by; });
    } else {
      const Index r = c.what - n();
      const bool up = slot_rest_[r] == Rest::lower;
      const double to = up ? upper_of(row_at_[r]) : lower_of(row_at_[r]);
      gathered_[r] += to - target_[r];
      slot_rest_[r] = up ? Rest::upper : Rest::lower;
      slot_side_[r] = -slot_side_[r];
      target_[r] = to;
    }
  }
  counts.flips += static_cast<std::int64_t>(flipped_.size());
  sparse_.clear();
  for (Index r = 0; r < k(); ++r) {
    if (gathered_[r] != 0.0) sparse_.emplace_back(r, gathered_[r]);
  }
  move_basic();
}

/// Every reduced cost moves by `step` times its entry of the pivot row.
void StageSolver::Work::step_duals(double step) {
  if (step == 0.0) return;
  // Those of basic columns are never read, so there is no need to step around them.
  double* z = z_.data();
  const double* beta = beta_.data();
  for (Index j = 0; j < n(); ++j) z[j] -= step * beta[j];
  for (const Index r : rho_nonzeros_) y_[r] -= step * rho_[r];
}

/// Exchanges leaving and entering in the lists and in the inverse. `dual_step` is the reduced cost
/// that the leaving one takes with it. Values x_ are already those after the step.
void StageSolver::Work::pivot(const Leaving& leaving, const Entering& entering, double dual_step) {
  ++updates_;
  if (leaving.position != none) {
    const Index p = leaving.position;
    const Index gone = column_at_[p];
    if (entering.column != none) {
      for (double& s : step_) s = -s;
      inverse_.replace_column(p, step_);
      column_at_[p] = entering.column;
      position_[entering.column] = p;
      position_[gone] = none;
      add_to_resting(gone);
    } else {
      inverse_.deflate(p, entering.slot);
      drop(p, entering.slot);
    }
    rest_[gone] = leaving.rest;
    update_side(gone);
    x_[gone] = leaving.bound;
    z_[gone] = dual_step;
  } else {
    if (entering.column != none) {
      for (double& s : step_) s = -s;
      inverse_.border(step_, rho_, entering.rate);
      position_[entering.column] = k();
      column_at_.push_back(entering.column);
      add_slot(leaving.row, dual_step, leaving.bound, leaving.rest);
    } else {
      const Index r = entering.slot;
      inverse_.replace_row(r, rho_);
      const RowRef gone = row_at_[r];
      slot_of(gone) = none;
      if (is_hot(gone)) std::erase(binding_hot_, ~gone);
      row_at_[r] = leaving.row;
      slot_of(leaving.row) = r;
      y_[r] = dual_step;
      target_[r] = leaving.bound;
      slot_rest_[r] = leaving.rest;
      update_slot(r);
    }
    if (is_hot(leaving.row)) {
      binding_hot_.push_back(~leaving.row);
      hot_[~leaving.row].last_bound = counts.solves;
    }
  }
  if (entering.column != none) {
    if (rest_[entering.column] == Rest::free) --free_resting_;
    rest_[entering.column] = Rest::basic;
    side_[entering.column] = 0.0;
    z_[entering.column] = 0.0;
    take_from_resting(entering.column);
  }
}

void StageSolver::Work::update_side(Index j) {
  side_[j] = !(range_[j] > 0.0)        ? 0.0
             : rest_[j] == Rest::lower ? 1.0
             : rest_[j] == Rest::upper ? -1.0
                                       : 0.0;
}

void StageSolver::Work::add_to_resting(Index column) {
  place_[column] = static_cast<Index>(resting_.size());
  resting_.push_back(column);
}

void StageSolver::Work::take_from_resting(Index column) {
  const Index place = place_[column];
  resting_[place] = resting_.back();
  place_[resting_[place]] = place;
  resting_.pop_back();
  place_[column] = none;
}

/// Moves every reduced cost a little away from zero, so that steps are never zero again.
void StageSolver::Work::perturb() {
  ++counts.perturbations;
  shifted_ = true;
  const RandomStream draw(static_cast<std::uint64_t>(counts.perturbations), "perturbation");
  const auto away = [&](Rest rest, double& z, double size, std::uint64_t what) {
    const double by = size * (0.5 + draw.uniform(what));
    if (rest == Rest::lower) z += by;
    if (rest == Rest::upper) z -= by;
  };
  for (Index j = 0; j < n(); ++j) {
    if (rest_[j] != Rest::basic && model.lower[j] < model.upper[j]) {
      away(rest_[j], z_[j], 1e-6 * (1.0 + std::abs(cost_[j])), static_cast<std::uint64_t>(j));
    }
  }
  for (Index r = 0; r < k(); ++r) {
    away(slot_rest_[r], y_[r], 1e-6 * (1.0 + std::abs(y_[r])), static_cast<std::uint64_t>(n() + r));
  }
}

StageSolver::Work::Outcome StageSolver::Work::dual_phase() {
  const std::int64_t first = iterations_;
  const std::int64_t patience = 150 + 2 * (n() + m());
  for (;;) {
    Leaving leaving;
    if (!find_leaving(leaving)) return Outcome::done;
    const std::int64_t spent = iterations_ - first;
    if (spent == patience) perturb();
    if (spent > 10 * patience) return Outcome::trouble;
    ++iterations_;

    price(leaving);
    Entering entering;
    if (!choose_entering(leaving, entering)) {
      if (updates_ > 0) {  // a verdict only from a fresh inverse
        if (!invert()) return Outcome::trouble;
        if (duals_changed_) compute_duals();
        if (rests_changed_) settle_resting();
        refresh_primal();
        continue;
      }
      return prove_infeasible(leaving) ? Outcome::infeasible : Outcome::trouble;
    }
    compute_column(entering);
    const bool tiny = std::abs(entering.rate) < 1e-11;
    if (tiny || !column_agrees(leaving, entering)) {
      if (updates_ == 0 || !invert()) return Outcome::trouble;
      if (duals_changed_) compute_duals();
      if (rests_changed_) settle_resting();
      refresh_primal();
      continue;
    }
    flip();
    ++counts.dual_pivots;
    const double value =
        leaving.position != none ? x_[column_at_[leaving.position]] : dot(leaving.row, x_);
    const double move = (leaving.bound - value) / entering.rate;
    for (Index p = 0; p < k(); ++p) x_[column_at_[p]] += step_[p] * move;
    if (entering.column != none) x_[entering.column] += move;

    // A step against the direction would come from a reduced cost within tolerance of zero.
    const double z = entering.column != none ? z_[entering.column] : y_[entering.slot];
    double step = z / entering.rate;
    if (step * leaving.direction() < 0.0) step = 0.0;
    step_duals(step);
    pivot(leaving, entering, step);
  }
}

}  // namespace vorrat::lp

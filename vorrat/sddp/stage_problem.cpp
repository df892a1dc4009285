#include "vorrat/sddp/stage_problem.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "vorrat/base/error.h"

namespace vorrat::sddp {

using program::Change;
using program::Realization;

// Which numbers of the stage problem some realisation sets.
struct StageProblem::Touched {
  std::set<std::size_t> rows, columns, costs;
  std::set<std::pair<std::size_t, std::size_t>> coefficients;  // (row, column)
};

StageProblem::StageProblem(const program::PolicyGraph& graph, std::size_t node,
                           const ValueFunction& future)
    : node_(graph.nodes[node]),
      future_(future),
      sign_(graph.sense() == lp::Sense::minimise ? 1.0 : -1.0),
      states_(graph.state_names.size()) {
  load_reduced();
  std::vector<const Realization*> realizations;
  for (const Realization& r : node_.noise) realizations.push_back(&r);
  static const Realization certain;
  if (realizations.empty()) realizations.push_back(&certain);
  const Touched touched = touched_by(realizations);
  for (const Realization* r : realizations) settings_.push_back(setting_of(*r, touched));
  find_given(touched);
  load_solver();
  state_in_.resize(states_);
  state_out_.resize(states_);
  slope_.resize(states_);
  lay_out_sides();
}

void StageProblem::load_reduced() {
  const program::StageTemplate& problem = node_.problem;
  place_.assign(problem.model.columns.size(), gone);
  state_of_.assign(problem.model.columns.size(), gone);
  for (std::size_t k = 0; k < states_; ++k) state_of_[problem.incoming[k]] = k;
  through_.assign(states_, gone);
  for (std::size_t j = 0; j < place_.size(); ++j) {
    const bool goes_on =
        std::find(problem.outgoing.begin(), problem.outgoing.end(), j) != problem.outgoing.end();
    if (state_of_[j] != gone && !goes_on) continue;
    const lp::Column& column = problem.model.columns[j];
    place_[j] = reduced_.add_column(
        {.lower = column.lower, .upper = column.upper, .cost = sign_ * column.cost});
    if (state_of_[j] != gone) {
      through_[state_of_[j]] = place_[j];
      reduced_.columns.back().lower = reduced_.columns.back().upper = 0.0;
    }
  }
  for (const lp::Row& row : problem.model.rows)
    reduced_.add_row({.lower = row.lower, .upper = row.upper});
  for (const lp::Entry& entry : problem.model.entries) {
    if (place_[entry.column] != gone)
      reduced_.add_entry(entry.row, place_[entry.column], entry.value);
  }
  for (std::size_t column : problem.outgoing) {
    out_place_.push_back(place_[column]);
    out_lower_.push_back(problem.model.columns[column].lower);
    out_upper_.push_back(problem.model.columns[column].upper);
  }
  for (std::size_t t = 0; t < future_.theta_weights.size(); ++t) {
    thetas_.push_back(reduced_.add_column({.lower = future_.theta_bounds[t],
                                           .upper = lp::infinity,
                                           .cost = future_.going_on * future_.theta_weights[t]}));
  }
}

// Equations with one column that is decided, whatever the realisation; one to a column.
void StageProblem::find_given(const Touched& touched) {
  std::vector<std::vector<std::pair<std::size_t, double>>> rows(reduced_.rows.size());
  for (const lp::Entry& e : reduced_.entries)
    if (e.value != 0.0) rows[e.row].emplace_back(e.column, e.value);
  for (const auto& [row, column] : touched.coefficients)
    if (place_[column] != gone) rows[row].assign(2, {});  // not one that stays
  std::vector<char> is_taken(reduced_.columns.size(), 0);
  for (std::size_t column : through_)
    if (column != gone) is_taken[column] = 1;
  for (std::size_t column : touched.columns)
    if (place_[column] != gone) is_taken[place_[column]] = 1;
  given_rows_.assign(rows.size(), std::nullopt);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_equation = std::ranges::all_of(settings_, [&](const Setting& s) {
      const auto place = std::ranges::find(s.rows, i, &RowPlace::row);
      return place == s.rows.end() ? reduced_.rows[i].lower == reduced_.rows[i].upper
                                   : place->lower == place->upper;
    });
    if (!is_equation || rows[i].size() != 1 || is_taken[rows[i].front().first]) continue;
    is_taken[rows[i].front().first] = 1;
    given_rows_[i] = {rows[i].front().first, rows[i].front().second};
  }
}

void StageProblem::load_solver() {
  lp::Model lean = reduced_;
  lean.rows.clear();
  lean.entries.clear();
  row_place_.assign(reduced_.rows.size(), gone);
  for (std::size_t i = 0; i < reduced_.rows.size(); ++i) {
    if (const auto& given = given_rows_[i]) {
      lp::Column& column = lean.columns[given->column];
      column.lower = column.upper = reduced_.rows[i].lower / given->coefficient;
    } else {
      row_place_[i] = lean.add_row(reduced_.rows[i]);
    }
  }
  for (const lp::Entry& e : reduced_.entries)
    if (row_place_[e.row] != gone) lean.add_entry(row_place_[e.row], e.column, e.value);
  solver_.load(lean);
  if (!future_.is_last()) solver_.use_cuts(future_.cuts.get(), out_place_, thetas_);
}

// Sets a row as its realisation and the state have it; false if it gives its column a value that
// the column may not have.
bool StageProblem::set_row(const RowPlace& row, double shift) {
  const auto& given = given_rows_[row.row];
  if (!given) {
    solver_.set_row_bounds(row_place_[row.row], row.lower - shift, row.upper - shift);
    return true;
  }
  const lp::Column& column = reduced_.columns[given->column];
  double value = (row.lower - shift) / given->coefficient;
  const double nearest = std::clamp(value, column.lower, column.upper);
  if (std::abs(value - nearest) <= 1e-9 * std::max(1.0, std::abs(nearest))) value = nearest;
  solver_.set_column_bounds(given->column, value, value);
  return value == nearest;
}

// Of the last solve; an equation that is gone has the dual that leaves its column no reduced cost.
double StageProblem::row_dual(std::size_t row) const {
  const auto& given = given_rows_[row];
  return given ? solver_.reduced_cost()[given->column] / given->coefficient
               : solver_.row_dual()[row_place_[row]];
}

StageProblem::Touched StageProblem::touched_by(
    const std::vector<const Realization*>& realizations) const {
  Touched touched;
  using What = Change::What;
  for (const Realization* r : realizations) {
    for (const Change& c : r->changes) {
      switch (c.what) {
        case What::row_lower:
        case What::row_upper:
        case What::row_both:
          touched.rows.insert(c.row);
          break;
        case What::column_lower:
        case What::column_upper:
        case What::column_both:
          touched.columns.insert(c.column);
          break;
        case What::cost:
          touched.costs.insert(c.column);
          break;
        case What::coefficient:
          touched.coefficients.insert({c.row, c.column});
          break;
        case What::objective_constant:
          break;
      }
    }
  }
  return touched;
}

StageProblem::Setting StageProblem::setting_of(const Realization& realization,
                                               const Touched& touched) const {
  const lp::Model model = program::realized(node_.problem, realization);
  Setting setting;
  setting.constant = sign_ * model.objective_constant;
  std::map<std::size_t, std::map<std::size_t, double>> incoming;  // row -> state -> coefficient
  std::map<std::pair<std::size_t, std::size_t>, double> changed;
  for (const auto& place : touched.coefficients) {
    if (place_[place.second] != gone)
      changed[place] = 0.0;
    else
      incoming[place.first][state_of_[place.second]] += 0.0;
  }
  for (const lp::Entry& e : model.entries) {
    if (place_[e.column] == gone) incoming[e.row][state_of_[e.column]] += e.value;
    const auto found = changed.find({e.row, e.column});
    if (found != changed.end()) found->second += e.value;
  }
  for (const auto& [place, value] : changed)
    setting.coefficients.push_back(
        {.row = place.first, .column = place_[place.second], .value = value});
  std::set<std::size_t> rows = touched.rows;
  for (const auto& [row, entries] : incoming) rows.insert(row);
  for (std::size_t row : rows) {
    RowPlace place{.row = row,
                   .lower = model.rows[row].lower,
                   .upper = model.rows[row].upper,
                   .first = setting.incoming.size(),
                   .last = 0};
    for (const auto& [state, coefficient] : incoming[row])
      setting.incoming.push_back({.state = state, .coefficient = coefficient});
    place.last = setting.incoming.size();
    setting.rows.push_back(place);
  }
  for (std::size_t j : touched.costs) {
    if (place_[j] != gone) setting.costs.emplace_back(place_[j], sign_ * model.columns[j].cost);
  }
  for (std::size_t j : touched.columns) {
    if (place_[j] != gone && state_of_[j] == gone)
      setting.columns.push_back({place_[j], model.columns[j].lower, model.columns[j].upper});
  }
  for (std::size_t k = 0; k < states_; ++k) {
    const std::size_t j = node_.problem.incoming[k];
    if (place_[j] != gone || model.columns[j].cost == 0.0) continue;
    setting.incoming_cost.resize(states_, 0.0);
    setting.incoming_cost[k] = sign_ * model.columns[j].cost;
  }
  return setting;
}

// Whatever one realisation of a node sets, all of them set; only right-hand sides depend on the
// state.
void StageProblem::apply(const Setting& setting) {
  if (applied_ == &setting) return;
  for (const auto& [column, cost] : setting.costs) solver_.set_cost(column, cost);
  for (const auto& c : setting.columns) solver_.set_column_bounds(c.column, c.lower, c.upper);
  for (const lp::Entry& e : setting.coefficients)
    solver_.set_coefficient(row_place_[e.row], e.column, e.value);
  applied_ = &setting;
}

lp::Status StageProblem::solve(std::span<const double> state, std::size_t realization,
                               std::size_t cut_limit) {
  forget_given();
  solved_ = realization;
  return solve_with(settings_[realization], state, cut_limit);
}

lp::Status StageProblem::solve(std::span<const double> state, const Realization& given,
                               std::size_t cut_limit) {
  forget_given();
  // Set all that the own realisations set too, so that nothing of an earlier one is left.
  std::vector<const Realization*> realizations = {&given};
  for (const Realization& r : node_.noise) realizations.push_back(&r);
  const Touched touched = touched_by(realizations);
  if (touches_given(given)) {
    given_rows_.assign(given_rows_.size(), std::nullopt);
    load_solver();
  }
  given_ = setting_of(given, touched);
  after_given_ = setting_of(Realization(), touched);
  applied_ = nullptr;
  return solve_with(given_, state, cut_limit);
}

// Whether it changes more than the right-hand side of an equation that is gone, or bounds of its
// column.
bool StageProblem::touches_given(const Realization& realization) const {
  const auto is_given = [&](std::size_t column) {
    return std::ranges::any_of(given_rows_,
                               [&](const auto& g) { return g && g->column == column; });
  };
  using What = Change::What;
  return std::ranges::any_of(realization.changes, [&](const Change& c) {
    switch (c.what) {
      case What::coefficient:
        return given_rows_[c.row].has_value() && place_[c.column] != gone;
      case What::column_lower:
      case What::column_upper:
      case What::column_both:
        return place_[c.column] != gone && is_given(place_[c.column]);
      case What::row_lower:
      case What::row_upper:
        return given_rows_[c.row].has_value();  // no equation any more
      default:
        return false;
    }
  });
}

// What only a given realisation touched goes back to the template. Done late, because setting
// anything would take the last answer away.
void StageProblem::forget_given() {
  if (applied_ != &given_) return;
  for (const RowPlace& r : after_given_.rows) set_row(r, 0.0);
  apply(after_given_);
  applied_ = nullptr;
}

lp::Status StageProblem::solve_with(const Setting& setting, std::span<const double> state,
                                    std::size_t cut_limit) {
  apply(setting);
  std::copy(state.begin(), state.end(), state_in_.begin());
  bool is_possible = true;
  for (const RowPlace& r : setting.rows) {
    double shift = 0.0;
    for (std::size_t i = r.first; i < r.last; ++i)
      shift += setting.incoming[i].coefficient * state[setting.incoming[i].state];
    is_possible = set_row(r, shift) && is_possible;
  }
  if (!is_possible) return lp::Status::infeasible;
  for (std::size_t k = 0; k < states_; ++k) {
    if (through_[k] != gone) solver_.set_column_bounds(through_[k], state[k], state[k]);
  }
  const lp::Status status = solver_.resolve(cut_limit);
  if (status == lp::Status::optimal) read_answer(setting);
  return status;
}

// A stock of -1e-14 has no feasible next stage where nothing but the stock can be taken from it.
double StageProblem::without_rounding(double value, std::size_t state) const {
  const double nearest = std::clamp(value, out_lower_[state], out_upper_[state]);
  const bool is_just = std::abs(value - nearest) <= 1e-9 * std::max(1.0, std::abs(nearest));
  return is_just ? nearest : value;
}

void StageProblem::read_answer(const Setting& setting) {
  const auto primal = solver_.primal();
  const auto reduced_cost = solver_.reduced_cost();
  double beside = setting.constant;  // the LP
  for (std::size_t k = 0; k < states_; ++k) {
    state_out_[k] = without_rounding(primal[out_place_[k]], k);
    slope_[k] = through_[k] == gone ? 0.0 : reduced_cost[through_[k]];
  }
  for (const RowPlace& r : setting.rows) {
    const double dual = row_dual(r.row);
    if (dual == 0.0) continue;
    for (std::size_t i = r.first; i < r.last; ++i)
      slope_[setting.incoming[i].state] -= setting.incoming[i].coefficient * dual;
  }
  for (std::size_t k = 0; k < setting.incoming_cost.size(); ++k) {
    slope_[k] += setting.incoming_cost[k];
    beside += setting.incoming_cost[k] * state_in_[k];
  }
  objective_ = solver_.objective() + beside;
  bound_ = solver_.bound() + beside;
}

double StageProblem::stage_cost() const {
  const auto primal = solver_.primal();
  double future = 0.0;
  for (std::size_t t = 0; t < thetas_.size(); ++t)
    future += future_.going_on * future_.theta_weights[t] * primal[thetas_[t]];
  return objective_ - future;
}

void StageProblem::primal_into(std::vector<double>& primal) const {
  const auto values = solver_.primal();
  primal.resize(place_.size());
  for (std::size_t j = 0; j < place_.size(); ++j)
    primal[j] = place_[j] == gone ? state_in_[state_of_[j]] : values[place_[j]];
}

// Everything on a right-hand side that may differ from one solve to the next.
void StageProblem::lay_out_sides() {
  using What = Side::What;
  const Setting& first = settings_.front();
  const auto in_all = [this](auto is_so) { return std::ranges::all_of(settings_, is_so); };
  bool same_bounds = true;  // are finite in all realisations
  const auto add = [&](What what, std::size_t index, auto is_finite) {
    if (in_all(is_finite))
      sides_.push_back({what, index});
    else
      same_bounds = same_bounds && std::ranges::none_of(settings_, is_finite);
  };
  for (std::size_t i = 0; i < first.rows.size(); ++i) {
    if (in_all([i](const Setting& s) { return s.rows[i].lower == s.rows[i].upper; })) {
      sides_.push_back({What::row, i});
      continue;
    }
    add(What::row_lower, i, [i](const Setting& s) { return std::isfinite(s.rows[i].lower); });
    add(What::row_upper, i, [i](const Setting& s) { return std::isfinite(s.rows[i].upper); });
  }
  for (std::size_t j = 0; j < first.columns.size(); ++j) {
    add(What::column_lower, j, [j](const Setting& s) { return std::isfinite(s.columns[j].lower); });
    add(What::column_upper, j, [j](const Setting& s) { return std::isfinite(s.columns[j].upper); });
  }
  for (std::size_t k = 0; k < states_; ++k)
    if (through_[k] != gone) sides_.push_back({What::through, k});
  const auto own =
      std::ranges::stable_partition(sides_, [&](const Side& s) { return is_common(s); });
  common_ = sides_.size() - own.size();
  duals_stay_ = same_bounds && has_same_columns();
}

// Costs must be those of all realisations. Random coefficients are allowed for in paid_less(),
// where their columns have bounds that stay.
bool StageProblem::has_same_columns() const {
  const Setting& first = settings_.front();
  const auto has_moving_bounds = [&](std::size_t column) {
    return std::ranges::find(through_, column) != through_.end() ||
           std::ranges::any_of(first.columns, [&](const auto& c) { return c.column == column; });
  };
  return std::ranges::all_of(settings_, [&](const Setting& s) { return s.costs == first.costs; }) &&
         std::ranges::none_of(first.coefficients,
                              [&](const lp::Entry& e) { return has_moving_bounds(e.column); });
}

// What stands on `side` under `setting` with `state` coming in.
double StageProblem::value_of(const Side& side, const Setting& setting,
                              std::span<const double> state) const {
  using What = Side::What;
  if (side.what == What::through) return state[side.index];
  if (side.what == What::column_lower) return setting.columns[side.index].lower;
  if (side.what == What::column_upper) return setting.columns[side.index].upper;
  const RowPlace& row = setting.rows[side.index];
  double value = side.what == What::row_upper ? row.upper : row.lower;
  for (std::size_t i = row.first; i < row.last; ++i)
    value -= setting.incoming[i].coefficient * state[setting.incoming[i].state];
  return value;
}

// What the state that came in costs by itself stands beside a realisation's own sides; the dual of
// that is 1.
void StageProblem::work_out_sides(std::span<const double> state) {
  for (std::size_t s = 0; s < common_; ++s) q_[s] = value_of(sides_[s], settings_.front(), state);
  double* own = own_.data();
  for (const Setting& setting : settings_) {
    *own = setting.constant;
    for (std::size_t k = 0; k < setting.incoming_cost.size(); ++k)
      *own += setting.incoming_cost[k] * state[k];
    ++own;
    for (std::size_t s = common_; s < sides_.size(); ++s)
      *own++ = value_of(sides_[s], setting, state);
  }
}

// Whether it has the same numbers in all realisations.
bool StageProblem::is_common(const Side& side) const {
  using What = Side::What;
  if (side.what == What::through) return true;
  const Setting& first = settings_.front();
  if (side.what == What::column_lower || side.what == What::column_upper)
    return std::ranges::all_of(settings_, [&](const Setting& s) {
      return value_of(side, s, {}) == value_of(side, first, {});
    });
  const RowPlace& row = first.rows[side.index];
  return std::ranges::all_of(settings_, [&](const Setting& s) {
    const RowPlace& other = s.rows[side.index];
    return other.lower == row.lower && other.upper == row.upper &&
           std::equal(first.incoming.begin() + static_cast<std::ptrdiff_t>(row.first),
                      first.incoming.begin() + static_cast<std::ptrdiff_t>(row.last),
                      s.incoming.begin() + static_cast<std::ptrdiff_t>(other.first),
                      s.incoming.begin() + static_cast<std::ptrdiff_t>(other.last));
  });
}

double StageProblem::dual_of(const Side& side, const Setting& setting) const {
  using What = Side::What;
  switch (side.what) {
    case What::row:
      return row_dual(setting.rows[side.index].row);
    case What::row_lower:
      return std::max(0.0, row_dual(setting.rows[side.index].row));
    case What::row_upper:
      return std::min(0.0, row_dual(setting.rows[side.index].row));
    case What::column_lower:
      return std::max(0.0, solver_.reduced_cost()[setting.columns[side.index].column]);
    case What::column_upper:
      return std::min(0.0, solver_.reduced_cost()[setting.columns[side.index].column]);
    case What::through:
      return solver_.reduced_cost()[through_[side.index]];
  }
  return 0.0;
}

// What a realisation with other coefficients pays at the bounds of their columns, more than the one
// solved, for the same duals: their reduced costs are others. -infinity where there is no bound.
double StageProblem::paid_less(std::size_t realization) const {
  const Setting &mine = settings_[solved_], &other = settings_[realization];
  double sum = 0.0;
  for (std::size_t e = 0; e < mine.coefficients.size(); ++e) {
    const std::size_t column = mine.coefficients[e].column;
    bool is_first = true;
    double by = 0.0;
    for (std::size_t f = 0; f < mine.coefficients.size(); ++f) {
      if (mine.coefficients[f].column != column) continue;
      is_first = is_first && f >= e;
      by += row_dual(mine.coefficients[f].row) *
            (mine.coefficients[f].value - other.coefficients[f].value);
    }
    if (!is_first || by == 0.0) continue;
    const lp::Column& bounds = reduced_.columns[column];
    const double before = solver_.reduced_cost()[column], now = before + by;
    if (std::abs(now) > 1e-12) sum += now * (now > 0.0 ? bounds.lower : bounds.upper);
    sum -= before * solver_.primal()[column];
  }
  return sum;
}

std::span<const DualSolutions::Best> StageProblem::least_costs(std::span<const double> state) {
  const std::size_t own = 1 + sides_.size() - common_, count = settings_.size();
  if (!duals_) {
    constexpr std::size_t most = 64;
    duals_.emplace(common_, own, count, most);
    q_.resize(common_);
    own_.resize(count * own);
    best_.resize(count);
    line_.resize(1 + sides_.size());
    constants_.resize(count);
  }
  work_out_sides(state);
  duals_->find_best(q_, own_, best_);
  return best_;
}

std::span<const DualSolutions::Best> StageProblem::keep_duals() {
  const std::size_t width = 1 + sides_.size() - common_;
  const auto own = [&](std::size_t r) { return std::span(own_).subspan(r * width, width); };
  line_[common_] = 1.0;
  for (std::size_t s = 0; s < sides_.size(); ++s)
    line_[place_of_dual(s)] = dual_of(sides_[s], settings_[solved_]);
  double constant = bound_;
  for (std::size_t s = 0; s < common_; ++s) constant -= line_[s] * q_[s];
  for (std::size_t s = 0; s < width; ++s) constant -= line_[common_ + s] * own(solved_)[s];
  for (std::size_t r = 0; r < settings_.size(); ++r) constants_[r] = constant + paid_less(r);
  const std::size_t line = duals_->add(line_, constants_);
  for (std::size_t r = 0; r < settings_.size(); ++r) {
    const double height = duals_->height(line, r, q_, own(r));
    if (height > best_[r].value || best_[r].line == line)
      best_[r] = {.value = height, .line = line};
  }
  return best_;
}

void StageProblem::least_cost_slope(std::size_t realization, std::span<double> slope) {
  const Setting& setting = settings_[realization];
  const std::size_t line = best_[realization].line;
  duals_->was_best(line);
  std::ranges::fill(slope, 0.0);
  std::ranges::copy(setting.incoming_cost, slope.begin());
  using What = Side::What;
  for (std::size_t s = 0; s < sides_.size(); ++s) {
    const auto [what, index] = sides_[s];
    const double dual = duals_->dual(line, place_of_dual(s));
    if (dual == 0.0 || what == What::column_lower || what == What::column_upper) continue;
    if (what == What::through) {
      slope[index] += dual;
      continue;
    }
    const RowPlace& row = setting.rows[index];
    for (std::size_t i = row.first; i < row.last; ++i)
      slope[setting.incoming[i].state] -= setting.incoming[i].coefficient * dual;
  }
}

// The LP as last solved, with all that was set, in a general solver's terms; the cuts of its future
// as rows, feasibility cuts alone if asked for.
lp::Model StageProblem::as_solved(Cuts which) const {
  lp::Model model = reduced_;
  for (const auto& [column, cost] : applied_->costs) model.columns[column].cost = cost;
  for (const auto& c : applied_->columns) {
    model.columns[c.column].lower = c.lower;
    model.columns[c.column].upper = c.upper;
  }
  std::map<std::pair<std::size_t, std::size_t>, double> replaced;
  for (const lp::Entry& e : applied_->coefficients) replaced[{e.row, e.column}] = e.value;
  std::erase_if(model.entries, [&](const lp::Entry& e) {
    return replaced.contains({e.row, e.column});
  });
  for (const auto& [place, value] : replaced) model.add_entry(place.first, place.second, value);
  for (const RowPlace& r : applied_->rows) {
    double shift = 0.0;
    for (std::size_t i = r.first; i < r.last; ++i)
      shift += applied_->incoming[i].coefficient * state_in_[applied_->incoming[i].state];
    model.rows[r.row].lower = r.lower - shift;
    model.rows[r.row].upper = r.upper - shift;
  }
  for (std::size_t k = 0; k < states_; ++k) {
    if (through_[k] != gone)
      model.columns[through_[k]].lower = model.columns[through_[k]].upper = state_in_[k];
  }
  if (future_.is_last()) return model;
  std::vector<double> slope(states_);
  for (const std::size_t c : future_.cuts->in_use()) {
    const std::size_t theta = future_.cuts->theta(c);
    if (theta != lp::CutPool::no_theta && which == Cuts::of_feasibility) continue;
    future_.cuts->slope_into(c, slope);
    const std::size_t row = model.add_row({.lower = -lp::infinity, .upper = -future_.cuts->rhs(c)});
    for (std::size_t k = 0; k < states_; ++k)
      if (slope[k] != 0.0) model.add_entry(row, out_place_[k], slope[k]);
    if (theta != lp::CutPool::no_theta) model.add_entry(row, thetas_[theta], -1.0);
  }
  return model;
}

// The optimum of `model` as a line in the state that came in, from its duals.
std::optional<StateCut> StageProblem::line_of(const lp::Model& model) const {
  const auto solver = lp::make_highs_solver();
  solver->load(model);
  const lp::Answer answer = solver->solve({});
  if (answer.status != lp::Status::optimal) return std::nullopt;
  StateCut cut{.slope = std::vector<double>(states_, 0.0), .value = answer.bound};
  for (const RowPlace& r : applied_->rows) {
    for (std::size_t i = r.first; i < r.last; ++i)
      cut.slope[applied_->incoming[i].state] -=
          applied_->incoming[i].coefficient * answer.row_dual[r.row];
  }
  cut.rhs = cut.value;
  for (std::size_t k = 0; k < states_; ++k) {
    if (through_[k] != gone) cut.slope[k] += answer.reduced_cost[through_[k]];
    cut.rhs -= cut.slope[k] * state_in_[k];
  }
  return cut;
}

namespace {

// Lets every row be missed at `price` a unit.
void soften(lp::Model& model, double price) {
  const std::size_t rows = model.rows.size();
  for (std::size_t i = 0; i < rows; ++i) {
    model.add_entry(i, model.add_column({.cost = price}), 1.0);
    model.add_entry(i, model.add_column({.cost = price}), -1.0);
  }
}

}  // namespace

std::optional<StateCut> StageProblem::feasibility_cut() const {
  needs(applied_ != nullptr, "an infeasible solve before");
  // Minimise what the rows, and the feasibility cuts of the future, are missed by: a convex
  // function of the incoming state, whose value and slope make the cut. (The ray of the stage LP
  // would not do: cuts may share in its proof.)
  lp::Model model = as_solved(Cuts::of_feasibility);
  for (lp::Column& column : model.columns) column.cost = 0.0;
  model.objective_constant = 0.0;
  soften(model, 1.0);
  auto cut = line_of(model);
  if (!cut || cut->value < 1e-9) return std::nullopt;
  return cut;
}

std::optional<StateCut> StageProblem::softened_cut() const {
  needs(applied_ != nullptr, "an infeasible solve before");
  lp::Model model = as_solved(Cuts::all);
  double dearest = 1.0;
  for (const lp::Column& column : model.columns) dearest = std::max(dearest, std::abs(column.cost));
  soften(model, 1e4 * dearest);
  auto cut = line_of(model);
  if (!cut) return std::nullopt;
  cut->value += applied_->constant;
  cut->rhs += applied_->constant;
  for (std::size_t k = 0; k < applied_->incoming_cost.size(); ++k) {
    cut->slope[k] += applied_->incoming_cost[k];
    cut->value += applied_->incoming_cost[k] * state_in_[k];
  }
  return cut;
}

}  // namespace vorrat::sddp

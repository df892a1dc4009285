#include "vorrat/tree/directional_price.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vorrat/base/error.h"

namespace vorrat::tree {
namespace {

// The optimum with the limit moved by t, as a function to be minimised: convex in t.
struct Point {
  lp::Status status = lp::Status::failed;
  double t = 0.0;
  double value = 0.0;    // objective, negated when maximising
  double tangent = 0.0;  // a subgradient of value at t
  bool is_optimal() const { return status == lp::Status::optimal; }
};

class MovedLimit {
 public:
  MovedLimit(ExtensiveForm& form, const Limit& limit, const lp::SolveOptions& options)
      : form_(form), limit_(limit), options_(options) {
    for (const PlaceInTree& p : limit.rows) rows_.push_back(form.row_bounds(p.node, p.index));
    for (const PlaceInTree& p : limit.columns)
      columns_.push_back(form.column_bounds(p.node, p.index));
    sign_ = form.model().sense == lp::Sense::minimise ? 1.0 : -1.0;
  }
  ~MovedLimit() { move(0.0); }
  MovedLimit(const MovedLimit&) = delete;
  MovedLimit& operator=(const MovedLimit&) = delete;

  double sign() const { return sign_; }
  bool has_tangents() const { return !form_.model().has_integers(); }

  Point at(double t) {
    if (crosses_bounds(t)) return {.status = lp::Status::infeasible, .t = t};
    move(t);
    const lp::Answer answer = form_.solve_whole(options_);
    Point point{.status = answer.status, .t = t};
    if (!point.is_optimal()) return point;
    point.value = sign_ * answer.objective;
    if (has_tangents()) point.tangent = tangent(answer);
    return point;
  }

 private:
  // A bound at infinity, or on the side that does not move, stays as it is.
  Bounds moved(const Bounds& bounds, double t) const {
    return {.lower = limit_.side == BoundSide::upper ? bounds.lower : bounds.lower + t,
            .upper = limit_.side == BoundSide::lower ? bounds.upper : bounds.upper + t};
  }

  bool crosses_bounds(double t) const {
    const auto crossed = [&](const Bounds& bounds) {
      const Bounds b = moved(bounds, t);
      return b.lower > b.upper;
    };
    return std::any_of(rows_.begin(), rows_.end(), crossed) ||
           std::any_of(columns_.begin(), columns_.end(), crossed);
  }

  void move(double t) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Bounds b = moved(rows_[i], t);
      form_.set_row_bounds(limit_.rows[i].node, limit_.rows[i].index, b.lower, b.upper);
    }
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const Bounds b = moved(columns_[j], t);
      form_.set_column_bounds(limit_.columns[j].node, limit_.columns[j].index, b.lower, b.upper);
    }
  }

  // A dual belongs to the bound that its sign tells; only those of the moving side count.
  double of_moving_side(double dual) const {
    const double d = sign_ * dual;
    if (limit_.side == BoundSide::lower) return std::max(0.0, d);
    if (limit_.side == BoundSide::upper) return std::min(0.0, d);
    return d;
  }

  double tangent(const lp::Answer& answer) const {
    double sum = 0.0;
    for (const PlaceInTree& p : limit_.rows)
      sum += of_moving_side(answer.row_dual[form_.row_of(p.node, p.index)]);
    for (const PlaceInTree& p : limit_.columns)
      sum += of_moving_side(answer.reduced_cost[form_.column_of(p.node, p.index)]);
    return sum;
  }

  ExtensiveForm& form_;  // outlives this object: both live within one call
  const Limit& limit_;
  const lp::SolveOptions& options_;
  std::vector<Bounds> rows_, columns_;
  double sign_ = 1.0;
};

// Finds the first linear piece of value(direction * t), t in [0, search].
class FirstPiece {
 public:
  FirstPiece(MovedLimit& moved, double direction, double search, const Point& here)
      : moved_(moved), direction_(direction), search_(search), here_(here) {
    tolerance_ = 1e-8 * std::max(1.0, std::abs(here.value));
  }

  void find(DirectionalPrice& price) {
    price.slope = price.reach = std::numeric_limits<double>::quiet_NaN();
    if (!find_a_point_on_it()) return;
    price.slope = moved_.sign() * slope_;
    price.reach_is_limit_of_search = good_ == search_;
    if (!price.reach_is_limit_of_search) extend();
    price.reach = good_;
  }

 private:
  Point at(double t) {
    Point point = moved_.at(direction_ * t);
    point.t = t;
    point.tangent *= direction_;
    return point;
  }

  // Halves until the tangent at t passes through the point at 0: then all between is one line.
  bool find_a_point_on_it() {
    for (double t = search_; t > 1e-9 * search_; t *= 0.5) {
      const Point point = at(t);
      if (!point.is_optimal()) {
        bad_ = point;
        continue;
      }
      slope_ = (point.value - here_.value) / t;
      good_ = t;
      if (point.value - point.tangent * t >= here_.value - tolerance_) return true;
      bad_ = point;
    }
    return good_ > 0.0;
  }

  bool is_on_line(const Point& point) const {
    return std::abs(point.value - here_.value - slope_ * point.t) <= tolerance_;
  }

  void extend() {
    for (int round = 0; round < 60; ++round) {
      if (bad_.is_optimal()) {
        const double steeper = bad_.tangent - slope_;
        const double above = bad_.value - here_.value - slope_ * bad_.t;
        if (steeper <= 0.0) return;  // rounding: no later piece can be told from the first
        const double meet = bad_.t - above / steeper;
        if (meet <= good_) return;
        const Point point = at(meet);
        if (!point.is_optimal()) return;
        if (is_on_line(point)) {
          good_ = meet;
          return;
        }
        bad_ = point;
      } else {
        if (bad_.t - good_ <= 1e-7 * std::max(1.0, good_)) return;
        const Point point = at(0.5 * (good_ + bad_.t));
        if (point.is_optimal() && is_on_line(point)) {
          good_ = point.t;
        } else {
          bad_ = point;
        }
      }
    }
  }

  MovedLimit& moved_;
  double direction_, search_;
  Point here_, bad_;
  double tolerance_ = 0.0, slope_ = 0.0, good_ = 0.0;
};

}  // namespace

PriceBothWays directional_prices(ExtensiveForm& form, const Limit& limit, double step,
                                 double search, const lp::SolveOptions& options) {
  needs(step > 0.0, "step > 0");
  needs(search >= 0.0, "search >= 0");
  MovedLimit moved(form, limit, options);
  const Point here = moved.at(0.0);
  PriceBothWays prices{
      .status = here.status, .objective = moved.sign() * here.value, .more = {}, .less = {}};
  if (!here.is_optimal()) return prices;
  for (double direction : {1.0, -1.0}) {
    DirectionalPrice& price = direction > 0.0 ? prices.more : prices.less;
    const Point there = moved.at(direction * step);
    price.status = there.status;
    if (there.is_optimal()) price.change = moved.sign() * (there.value - here.value);
    price.slope = price.reach = std::numeric_limits<double>::quiet_NaN();
    if (search > 0.0 && moved.has_tangents()) {
      FirstPiece(moved, direction, search, here).find(price);
    }
  }
  return prices;
}

}  // namespace vorrat::tree

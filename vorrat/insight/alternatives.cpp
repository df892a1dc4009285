#include "vorrat/insight/alternatives.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vorrat/insight/break_even.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

struct End {
  double thousands = 0.0;
  fleet::FirstOrders first;
};

class Pusher {
 public:
  Pusher(Study& study, const fleet::FirstOrders& best, double within)
      : study_(study),
        best_(best),
        limit_(best.cost + within * std::abs(best.cost) + 1e-9 * (1.0 + std::abs(best.cost))) {}

  /// As far from the plan towards `target` as the limit lets. [k]
  End push(std::size_t offer, double target) const {
    if (auto there = within_limit(offer, target)) return {target, std::move(*there)};
    const double supply = study_.problem().offers[offer].supply.front();
    End good{best_.ordered[offer], best_};
    double bad = target;
    while (std::abs(bad - good.thousands) > 1e-6 * supply) {
      const double middle = 0.5 * (good.thousands + bad);
      if (auto there = within_limit(offer, middle)) {
        good = {middle, std::move(*there)};
      } else {
        bad = middle;
      }
    }
    return good;
  }

 private:
  std::optional<fleet::FirstOrders> within_limit(std::size_t offer, double thousands) const {
    auto found = study_.best({{offer, thousands}});
    if (!found || found->cost > limit_) return std::nullopt;
    return found;
  }

  Study& study_;
  const fleet::FirstOrders& best_;
  double limit_;
};

/// What can be ordered in the first stage; of a lease, what the gates let be signed. [k]
double first_supply(const fleet::Problem& problem, std::size_t o) {
  const fleet::Offer& offer = problem.offers[o];
  const double share = offer.kind == fleet::Offer::Kind::lease
                           ? release_share(problem, offer, starting_regime(problem))
                           : 1.0;
  return offer.supply.front() * problem.level(0, 0).supply * share;
}

/// Commitments that differ, over those of the plan (or of all, where the plan orders nothing).
double distance(const fleet::Problem& problem, const Alternative& a, const Alternative& b,
                const std::vector<double>& plan) {
  double moved = 0.0, all = 0.0;
  for (std::size_t o = 0; o < plan.size(); ++o) {
    moved += commitment(problem, o, std::abs(a.ordered[o] - b.ordered[o]));
    all += commitment(problem, o, plan[o]);
  }
  return all > 0.0 ? moved / all : moved;
}

std::vector<Alternative> farthest(const fleet::Problem& problem, std::vector<Alternative> ends,
                                  const Alternative& plan, std::size_t count) {
  std::vector<Alternative> taken;
  while (taken.size() < count && !ends.empty()) {
    std::size_t best = 0;
    double widest = -1.0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      double nearest = distance(problem, ends[i], plan, plan.ordered);
      for (const Alternative& other : taken)
        nearest = std::min(nearest, distance(problem, ends[i], other, plan.ordered));
      if (nearest > widest) {
        widest = nearest;
        best = i;
      }
    }
    if (widest <= 1e-6) break;  // the rest are those already taken
    taken.push_back(ends[best]);
    ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return taken;
}

}  // namespace

NearBest near_best(Study& study, double within, std::size_t count,
                   const fleet::SolveSettings& settings) {
  NearBest result{.within = within, .ranges = {}, .alternatives = {}};
  const auto best = study.best({});
  if (!best) return result;
  const fleet::Problem& problem = study.problem();
  const Pusher pusher(study, *best, within);
  std::vector<Alternative> ends;
  const auto add_end = [&](std::string pushed, const End& end) {
    Alternative alternative{
        .pushed = std::move(pushed),
        .ordered = end.first.ordered,
        .cost = end.first.cost * million,
        .extra = (end.first.cost - best->cost) / std::max(1e-9, std::abs(best->cost)),
        .moved = share_moved(problem, best->ordered, end.first.ordered)};
    ends.push_back(std::move(alternative));
  };
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    if (!study.may_order(o)) continue;
    if (settings.stop != nullptr && settings.stop->requested()) break;
    tell(settings.progress, {.phase = "nearly as good: " + problem.offers[o].id});
    const End least = pusher.push(o, 0.0), most = pusher.push(o, first_supply(problem, o));
    result.ranges.push_back({.offer = problem.offers[o].id,
                             .best = best->ordered[o] * thousand,
                             .least = least.thousands * thousand,
                             .most = most.thousands * thousand});
    add_end((least.thousands > 0.0 ? "as little as can be of " : "no ") + problem.offers[o].id,
            least);
    add_end("as much as can be of " + problem.offers[o].id, most);
  }
  const Alternative plan{.pushed = "", .ordered = best->ordered};
  result.alternatives = farthest(problem, std::move(ends), plan, count);
  for (Alternative& alternative : result.alternatives) {
    for (double& ordered : alternative.ordered) ordered *= thousand;
  }
  return result;
}

}  // namespace vorrat::insight

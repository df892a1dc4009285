#include "vorrat/insight/break_even.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <utility>

#include "vorrat/base/parallel.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;

// Worths below what the solver can tell are no reason to order.
bool pays(double worth, double cost) { return worth > 1e-9 * std::max(1.0, std::abs(cost)); }

class Search {
 public:
  Search(const StudyMaker& make, const fleet::Problem& problem, const Dial& dial, std::size_t offer,
         double lot)
      : make_(make), problem_(problem), dial_(dial), offer_(offer), lot_(lot) {}

  /// Whether it is worth ordering at a setting; nothing if that cannot be told.
  std::optional<bool> ordered_at(double setting) {
    const auto study = make_(dial_.turned(problem_, setting));
    const auto worth = worth_of_ordering(*study, offer_, lot_);
    if (!worth) return std::nullopt;
    curve_.push_back({.value = dial_.shown(setting), .worth = *worth * million});
    return pays(*worth, study->cost().value_or(0.0));
  }

  /// The setting between `same` (as today) and `other` (not so) where it changes. An end at which
  /// nothing can be told counts as today's answer does not.
  double between(double same, double other, bool today, double width) {
    while (std::abs(other - same) >
           width * std::max(1e-6, std::abs(dial_.neutral == 0.0 ? 1.0 : other))) {
      const double middle = 0.5 * (same + other);
      (ordered_at(middle) == today ? same : other) = middle;
    }
    return 0.5 * (same + other);
  }

  std::vector<WorthAt> curve() && {
    std::ranges::stable_sort(curve_, {}, &WorthAt::value);
    return std::move(curve_);
  }

 private:
  const StudyMaker& make_;
  const fleet::Problem& problem_;
  const Dial& dial_;
  std::size_t offer_;
  double lot_;
  std::vector<WorthAt> curve_;
};

TornadoEnd end_of(const StudyMaker& make, const fleet::Problem& problem, const Dial& dial,
                  double setting, const std::vector<double>& today) {
  TornadoEnd end{.value = dial.shown(setting), .cost = {}, .cost_kept = {}, .moved = {}};
  const auto study = make(dial.turned(problem, setting));
  if (const auto best = study->best({})) {
    end.cost = best->cost * million;
    end.moved = share_moved(problem, today, best->ordered);
  }
  fleet::Orders kept;
  for (std::size_t o = 0; o < today.size(); ++o)
    kept.emplace_back(o, study->may_order(o) ? today[o] : 0.0);
  if (const auto cost = study->cost(kept)) end.cost_kept = *cost * million;
  return end;
}

double width_of(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::abs(*a - *b) : std::numeric_limits<double>::infinity();
}

}  // namespace

std::optional<BreakEven> break_even(const StudyMaker& make, const fleet::Problem& problem,
                                    const Dial& dial, std::size_t offer, double lot, double width) {
  Search search(make, problem, dial, offer, lot);
  const auto today = search.ordered_at(dial.neutral);
  if (!today) return std::nullopt;
  BreakEven result{.offer = problem.offers[offer].id,
                   .input = dial.name,
                   .unit = dial.unit,
                   .now = dial.shown(dial.neutral),
                   .is_ordered = *today,
                   .at = {},
                   .tried_low = dial.shown(dial.least),
                   .tried_high = dial.shown(dial.most),
                   .curve = {}};
  std::optional<double> nearest;
  for (const double end : {dial.least, dial.most}) {
    const auto there = search.ordered_at(end);
    if (!there || *there == *today) continue;
    const double setting = search.between(dial.neutral, end, *today, width);
    const auto distance = [&](double s) {
      return dial.neutral == 0.0 ? std::abs(s) : std::abs(std::log(s));
    };
    if (!nearest || distance(setting) < distance(*nearest)) nearest = setting;
  }
  if (nearest) {
    result.setting = *nearest;
    result.at = dial.shown(*nearest);
    result.above = *result.at > result.now;
  }
  result.curve = std::move(search).curve();
  return result;
}

double TornadoLine::swing() const { return width_of(low.cost, high.cost); }
double TornadoLine::swing_kept() const { return width_of(low.cost_kept, high.cost_kept); }
void TornadoLine::move_by(double amount) {
  for (std::optional<double>* cost : {&low.cost, &low.cost_kept, &high.cost, &high.cost_kept}) {
    if (*cost) **cost += amount;
  }
}

std::vector<TornadoLine> tornado(const StudyMaker& make, const fleet::Problem& problem,
                                 const std::vector<Dial>& dials, int threads,
                                 const fleet::SolveSettings& settings) {
  const auto today = make(problem)->best({});
  if (!today) return {};
  std::vector<TornadoLine> lines(dials.size());
  std::mutex telling;
  std::size_t done = 0;
  parallel_for(dials.size(), threads, [&](std::size_t i, int) {
    if (settings.stop != nullptr && settings.stop->requested()) return;
    {
      const std::lock_guard lock(telling);
      tell(settings.progress,
           {.phase = "what hangs on each input",
            .fraction = static_cast<double>(done++) / static_cast<double>(dials.size())});
    }
    const Dial& dial = dials[i];
    lines[i] = {.input = dial.name,
                .unit = dial.unit,
                .range_from = dial.range_from,
                .figures = dial.figures,
                .now = dial.shown(dial.neutral),
                .low = end_of(make, problem, dial, dial.low, today->ordered),
                .high = end_of(make, problem, dial, dial.high, today->ordered)};
  });
  std::erase_if(lines, [](const TornadoLine& line) { return line.input.empty(); });
  std::ranges::stable_sort(lines, std::greater<>(), &TornadoLine::swing);
  return lines;
}

double commitment(const fleet::Problem& problem, std::size_t offer, double thousands) {
  const fleet::Offer& ordered = problem.offers[offer];
  const double price = price_in(problem, ordered, starting_regime(problem));
  return thousands * price *
         (ordered.kind == fleet::Offer::Kind::lease ? ordered.committed_term : 1);
}

double share_moved(const fleet::Problem& problem, const std::vector<double>& from,
                   const std::vector<double>& to) {
  double moved = 0.0, all = 0.0;
  for (std::size_t o = 0; o < from.size(); ++o) {
    moved += std::abs(commitment(problem, o, to[o] - from[o]));
    all += commitment(problem, o, from[o]);
  }
  if (all <= 0.0) return moved > 0.0 ? 1.0 : 0.0;
  return moved / all;
}

}  // namespace vorrat::insight

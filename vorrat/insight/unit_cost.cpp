#include "vorrat/insight/unit_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "vorrat/fleet/uncertainty.h"

namespace vorrat::insight {
namespace {

using fleet::Offer;
using fleet::Problem;

const Offer* find_offer(const Problem& problem, const std::string& id) {
  const auto found = std::find_if(problem.offers.begin(), problem.offers.end(),
                                  [&](const Offer& offer) { return offer.id == id; });
  return found == problem.offers.end() ? nullptr : &*found;
}

/// For an offer behind gates that let nothing ship in the first stage: the odds that they will, and
/// what ordering costs.
std::string why_it_waits(const Problem& problem, const Offer& offer, const fleet::OrderLine& line) {
  if (!is_gated_purchase(offer) || !line.worth_of_one_more) return "";
  if (release_share(problem, offer, fleet::starting_regime(problem)) > 0.0) return "";
  std::string odds;
  double most = 0.0;
  const auto by_stage = regime_odds(problem);
  for (std::size_t stage = 1; stage < by_stage.size(); ++stage) {
    double passes = 0.0;
    for (const fleet::Outcome& outcome : by_stage[stage]) {
      if (release_share(problem, offer, outcome.regime) > 0.0) passes += outcome.probability;
    }
    most = std::max(most, passes);
    if (stage > 2 && stage + 1 < by_stage.size()) continue;
    odds += fmt::format("{}{:.0f} % in {}", odds.empty() ? "" : ", ", passes * 100.0,
                        problem.stage_names[stage]);
  }
  if (most <= 0.0) return "its gates let nothing ship in any future";
  return fmt::format(
      "waits: its gates let nothing ship yet (odds that they let some through: {}); ordering now "
      "would {} "
      "{:.1f} k{} each",
      odds, *line.worth_of_one_more < 0.0 ? "lose" : "gain",
      std::abs(*line.worth_of_one_more) / 1e3, problem.currency);
}

/// The workload that an offer serves at the least cost against its penalty: what it would be bought
/// for.
std::optional<std::size_t> best_workload(const Problem& problem, const Offer& offer) {
  std::optional<std::size_t> best;
  double most = 0.0;
  for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
    const auto cost = serving_cost(problem, offer, w);
    if (!cost || *cost <= 0.0) continue;
    const double ratio = problem.workloads[w].unserved_price / *cost;
    if (best && ratio <= most) continue;
    best = w;
    most = ratio;
  }
  return best;
}

/// How many offers serve a workload, and the place of a cost among theirs, from 1.
std::pair<std::size_t, std::size_t> rank_of(const Problem& problem, std::size_t workload,
                                            double cost) {
  std::size_t all = 0, cheaper = 0;
  for (const Offer& other : problem.offers) {
    const auto its = serving_cost(problem, other, workload);
    all += its.has_value();
    cheaper += its && *its < cost * (1.0 - 1e-9);
  }
  return {cheaper + 1, all};
}

/// Where no plan keeps every limit with more of the offer: that, and of what there is nothing.
std::string why_impossible(const Problem& problem, const Offer& offer,
                           const fleet::OrderLine& line) {
  if (line.worth_of_one_more) return "";
  constexpr double thousand = 1e3;
  const double supplied = offer.supply.front() * problem.level(0, 0).supply * thousand;
  if (line.lot > supplied * (1.0 + 1e-9)) {
    return fmt::format("{:.0f} are supplied in {}", supplied, problem.stage_names.front());
  }
  std::string text = fmt::format("no plan that orders {:.0f} keeps every limit", line.lot);
  const std::size_t year = problem.year_of_stage.front();
  for (const fleet::Account& account : problem.accounts) {
    if (account.pays_for != offer.kind || account.amount[year] > 0.0) continue;
    text += fmt::format("; the {} budget of {} is 0", account.id, problem.year_names[year]);
  }
  return text;
}

std::string thousands(double worth, const std::string& currency) {
  return fmt::format("{:.1f} k{} each", std::abs(worth) / 1e3, currency);
}

/// What the step up and the step down say about where the order ends.
std::string why_so_many(const Problem& problem, const Offer& offer, const fleet::OrderLine& line) {
  constexpr double thousand = 1e3;
  std::string text;
  const double supplied = offer.supply.front() * problem.level(0, 0).supply * thousand;
  if (line.quantity >= supplied * (1.0 - 1e-6)) text += "; all that is supplied is ordered";
  if (line.worth_of_one_more) {
    const bool gains = *line.worth_of_one_more > 0.0;
    text += fmt::format("; one more would {} {}", gains ? "gain" : "lose",
                        thousands(*line.worth_of_one_more, problem.currency));
  }
  if (line.worth_of_one_less) {
    const bool gains = *line.worth_of_one_less > 0.0;
    text +=
        fmt::format("{} one less would {} {}", line.worth_of_one_more ? "," : ";",
                    gains ? "gain" : "lose", thousands(*line.worth_of_one_less, problem.currency));
  }
  return text;
}

}  // namespace

std::optional<double> serving_cost(const Problem& problem, const Offer& offer,
                                   std::size_t workload) {
  const fleet::Pool& pool = problem.pools[offer.pool];
  const double served = pool.throughput[workload] / problem.workloads[workload].peak_factor;
  if (served <= 0.0) return std::nullopt;
  const double charge = offer.kind == Offer::Kind::lease ? offer.price : offer.price / problem.life;
  return (charge + pool.running_cost) / served;
}

std::string why_ordered(const Problem& problem, const fleet::OrderLine& line) {
  const Offer& offer = *find_offer(problem, line.offer);
  const auto workload = best_workload(problem, offer);
  if (!workload) return "serves no workload by itself" + why_so_many(problem, offer, line);
  const fleet::Workload& served = problem.workloads[*workload];
  const double cost = *serving_cost(problem, offer, *workload);
  const auto [rank, all] = rank_of(problem, *workload, cost);
  return fmt::format(
             "serves 1 % of today's {} for {:.3g} m {} a quarter, number {} of {} offers by cost; "
             "unserved it counts {:.3g} m",
             served.id, cost, problem.currency, rank, all, served.unserved_price) +
         why_so_many(problem, offer, line);
}

std::string why_not_ordered(const Problem& problem, const fleet::Plan& plan,
                            const fleet::OrderLine& line) {
  const Offer& offer = *find_offer(problem, line.offer);
  if (const std::string waits = why_it_waits(problem, offer, line); !waits.empty()) return waits;
  if (const std::string impossible = why_impossible(problem, offer, line); !impossible.empty()) {
    return impossible;
  }
  // The workload that this offer serves at the least cost against its penalty is the one it would
  // be bought for.
  std::string best;
  double best_ratio = 0.0;
  for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
    const auto own = serving_cost(problem, offer, w);
    if (!own) continue;
    for (const fleet::OrderLine& ordered : plan.orders) {
      const Offer& other = *find_offer(problem, ordered.offer);
      const auto cost = serving_cost(problem, other, w);
      if (!cost || *cost >= *own) continue;
      const double ratio = *own / *cost;
      if (!best.empty() && ratio >= best_ratio) continue;
      best_ratio = ratio;
      best = fmt::format(
          "{} is preferred for {}: {:.3g} against {:.3g} m {} a quarter for 1 % of today's demand",
          other.id, problem.workloads[w].id, *cost, *own, problem.currency);
    }
  }
  if (!best.empty()) return best;
  if (line.worth_of_one_more && *line.worth_of_one_more < 0.0) {
    return fmt::format("would cost {:.1f} k{} more than it saves, per accelerator",
                       -*line.worth_of_one_more / 1e3, problem.currency);
  }
  return "no gain from ordering it now";
}

}  // namespace vorrat::insight

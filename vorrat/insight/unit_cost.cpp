#include "vorrat/insight/unit_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vorrat::insight {
namespace {

using fleet::Offer;
using fleet::Problem;

const Offer* find_offer(const Problem& problem, const std::string& id) {
  const auto found = std::find_if(problem.offers.begin(), problem.offers.end(),
                                  [&](const Offer& offer) { return offer.id == id; });
  return found == problem.offers.end() ? nullptr : &*found;
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

std::string why_not_ordered(const Problem& problem, const fleet::Plan& plan,
                            const fleet::OrderLine& line) {
  const Offer& offer = *find_offer(problem, line.offer);
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
      if (!best.empty() && ratio <= best_ratio) continue;
      best_ratio = ratio;
      best = fmt::format(
          "{} is preferred for {}: {:.3g} against {:.3g} m {} a quarter for 1 % of today's demand",
          other.id, problem.workloads[w].id, *cost, *own, problem.currency);
    }
  }
  if (!best.empty()) return best;
  if (line.worth_of_one_more && *line.worth_of_one_more < 0.0) {
    return fmt::format("would cost {:.4g} {} more than it saves, per accelerator",
                       -*line.worth_of_one_more, problem.currency);
  }
  return "no gain from ordering it now";
}

}  // namespace vorrat::insight

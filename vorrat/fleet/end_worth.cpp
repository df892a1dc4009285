#include "vorrat/fleet/end_worth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace vorrat::fleet {
namespace {

using Method = scenario::EndValue::Method;

bool can_be_ordered(const Offer& offer) {
  return offer.law.empty() || std::any_of(offer.law.begin(), offer.law.end(),
                                          [](const LawOfRegime& law) { return law.may_order; });
}

/// [workload] what the cheapest purchase pays for one [%w] of throughput [M/%w]; infinite if none.
std::vector<double> cheapest_throughput(const Problem& problem) {
  std::vector<double> cheapest(problem.workloads.size(), std::numeric_limits<double>::infinity());
  for (const Offer& offer : problem.offers) {
    if (offer.kind == Offer::Kind::lease || !can_be_ordered(offer)) continue;
    for (std::size_t w = 0; w < cheapest.size(); ++w) {
      const double rate = problem.pools[offer.pool].throughput[w];
      if (rate > 0.0) cheapest[w] = std::min(cheapest[w], offer.end_price / rate);
    }
  }
  return cheapest;
}

/// What it costs to replace what a thousand of this pool can serve [M/k].
double replacement_cost(const Pool& pool, const std::vector<double>& cheapest) {
  double cost = 0.0;
  for (std::size_t w = 0; w < cheapest.size(); ++w) {
    if (pool.throughput[w] > 0.0 && std::isfinite(cheapest[w]))
      cost = std::max(cost, pool.throughput[w] * cheapest[w]);
  }
  return cost;
}

void value_at_replacement(Problem& problem, const std::map<std::size_t, double>& ages) {
  const std::vector<double> cheapest = cheapest_throughput(problem);
  const auto stages = static_cast<double>(problem.stage_count());
  for (const auto& [k, age] : ages) {
    Pool& pool = problem.pools[k];
    pool.end_worth = replacement_cost(pool, cheapest) * problem.end_share *
                     std::max(0.0, 1.0 - (age + stages) / problem.life);
  }
  for (Offer& offer : problem.offers)
    offer.end_price =
        std::min(offer.end_price, replacement_cost(problem.pools[offer.pool], cheapest));
}

/// The best use of a thousand of this pool for a stage after the horizon [M/k].
double worth_of_a_stage(const Problem& problem, const Pool& pool) {
  double best = 0.0;
  for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
    if (pool.throughput[w] <= 0.0) continue;
    const Workload& workload = problem.workloads[w];
    const double software = workload.software.empty() ? 1.0 : workload.software.back();
    const double served =
        pool.throughput[w] * software * workload.unserved_price / workload.peak_factor;
    const double serving = pool.serving_cost.empty() ? 0.0 : pool.serving_cost[w];
    best = std::max(best, served - pool.running_cost - serving);
  }
  return best;
}

double annuity(double factor, double stages) {
  if (stages <= 0.0) return 0.0;
  return factor == 1.0 ? stages : (1.0 - std::pow(factor, stages)) / (1.0 - factor);
}

void value_at_service(Problem& problem, const std::map<std::size_t, double>& ages) {
  const auto stages = static_cast<double>(problem.stage_count());
  std::vector<bool> is_rented(problem.pools.size(), false);
  for (Offer& offer : problem.offers) {
    offer.end_price = 0.0;
    if (offer.kind == Offer::Kind::lease) is_rented[offer.pool] = true;
  }
  for (std::size_t k = 0; k < problem.pools.size(); ++k) {
    if (is_rented[k]) continue;
    const auto aged = ages.find(k);
    const double gone = aged == ages.end() ? stages / 2.0 : aged->second + stages;
    Pool& pool = problem.pools[k];
    const double survival = pool.survival.empty() ? problem.survival : pool.survival.back();
    pool.end_worth = problem.end_share * worth_of_a_stage(problem, pool) *
                     annuity(problem.discount * survival, problem.life - gone);
  }
}

std::string in_words(Method method, const Problem& problem) {
  const std::string life = fmt::format("over {:.3g} quarters", problem.life);
  const std::string counts = fmt::format(", of which {:.3g} % counts", problem.end_share * 100);
  switch (method) {
    case Method::replacement:
      return "what the fleet can still serve at the cost of replacing it, at most the price, "
             "straight line " +
             life + counts;
    case Method::straight_line:
      return "straight line " + life + " on the price without duty" + counts;
    case Method::service:
      return "what the fleet can still serve at the price of unserved work, discounted, " + life +
             counts;
    case Method::none:
      return "nothing: what stands at the end has no value";
  }
  return "";
}

}  // namespace

void add_end_value(const scenario::Scenario& scenario, Problem& problem,
                   const std::map<std::size_t, double>& ages) {
  const Method method = scenario.end_value.method;
  problem.end_method = in_words(method, problem);
  if (method == Method::replacement) value_at_replacement(problem, ages);
  if (method == Method::service) value_at_service(problem, ages);
  if (method != Method::none) return;
  for (Offer& offer : problem.offers) offer.end_price = 0.0;
}

}  // namespace vorrat::fleet

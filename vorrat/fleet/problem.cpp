#include "vorrat/fleet/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/fleet/stage_model.h"

namespace vorrat::fleet {
namespace {

void check_gate(const Problem& problem, std::size_t index) {
  const Gate& gate = problem.gates[index];
  needs(gate.start < gate.states.size(), "gate.start names a state");
  needs(gate.depends_on == none || gate.depends_on < index, "a gate depends on an earlier gate");
  const std::size_t conditions =
      gate.depends_on == none ? 1 : problem.gates[gate.depends_on].states.size();
  needs(gate.transition.size() == conditions,
        "gate.transition has one matrix per state it depends on");
  for (const auto& matrix : gate.transition) {
    needs(matrix.size() == gate.states.size(), "gate.transition is square");
    for (const auto& row : matrix)
      needs(row.size() == gate.states.size(), "gate.transition is square");
  }
}

void check_market(const Problem& problem) {
  const Market& market = problem.market;
  if (market.levels.empty()) return;
  needs(market.levels.size() == problem.stage_count(), "market.levels has one entry per stage");
  needs(market.levels.front().size() == 1, "market.levels has one level in the first stage");
  needs(market.transition.size() + 1 == problem.stage_count(),
        "market.transition has one matrix per later stage");
  for (std::size_t t = 0; t < market.transition.size(); ++t) {
    needs(market.transition[t].size() == market.levels[t].size(),
          "market.transition has one row per level");
    for (const auto& row : market.transition[t])
      needs(row.size() == market.levels[t + 1].size(),
            "market.transition has one column per level");
  }
}

void check_noise(const Problem& problem) {
  needs(problem.noise.empty() || problem.noise.size() == problem.stage_count(),
        "noise has one entry per stage");
  for (const auto& outcomes : problem.noise) {
    for (const NoiseOutcome& outcome : outcomes) {
      needs(outcome.growth.size() == problem.workloads.size(), "noise.growth has one per workload");
      needs(outcome.slip.size() == problem.slip_groups.size(), "noise.slip has one per group");
      needs(outcome.decides.size() == problem.gates.size(), "noise.decides has one per gate");
      needs(outcome.budget.size() == problem.accounts.size(), "noise.budget has one per account");
    }
  }
}

void check_delivery(const Problem& problem, const Offer& offer) {
  needs(offer.install >= 0 && offer.install <= offer.lead, "offer.install in [0, lead]");
  needs(offer.lead_shares.empty() ||
            offer.lead_shares.size() == static_cast<std::size_t>(offer.lead) + 1,
        "offer.lead_shares has one entry per stage of lead");
  for (int l = 0; l < offer.install && !offer.lead_shares.empty(); ++l)
    needs(offer.lead_shares[static_cast<std::size_t>(l)] == 0.0,
          "nothing runs before it is installed");
  needs(offer.slip == none || offer.slip < problem.slip_groups.size(), "offer.slip exists");
  for (std::size_t other : {offer.redirect, offer.downgrade}) {
    needs(other == none || other < problem.offers.size(), "offer.redirect and downgrade exist");
  }
}

void check_offer(const Problem& problem, const Offer& offer) {
  check_delivery(problem, offer);
  needs(offer.pool < problem.pools.size(), "offer.pool exists");
  needs(offer.site < problem.sites.size(), "offer.site exists");
  needs(offer.lead >= 0 && offer.term >= 1, "offer.lead >= 0 and offer.term >= 1");
  needs(offer.deposit >= 0 && offer.deposit <= 1, "offer.deposit in [0, 1]");
  needs(offer.supply.size() == problem.stage_count(), "offer.supply has one entry per stage");
  for (std::size_t gate : offer.gates) needs(gate < problem.gates.size(), "offer.gates exist");
  needs(offer.law.empty() || offer.law.size() == problem.regime_count(),
        "offer.law has one entry per regime");
  for (const LawOfRegime& law : offer.law) {
    for (std::size_t gate : law.gates) needs(gate < problem.gates.size(), "offer.law.gates exist");
  }
}

}  // namespace

std::size_t Problem::regime_count() const {
  std::size_t count = 1;
  for (const Gate& gate : gates) count *= gate.states.size();
  return count;
}

std::size_t Problem::regime_index(const Regime& regime) const {
  std::size_t index = 0;
  for (std::size_t g = 0; g < gates.size(); ++g) index = index * gates[g].states.size() + regime[g];
  return index;
}

std::size_t Problem::level_count(std::size_t stage) const {
  return market.levels.empty() ? 1 : market.levels[stage].size();
}

MarketLevel Problem::level(std::size_t stage, std::size_t index) const {
  return market.levels.empty() ? MarketLevel{} : market.levels[stage][index];
}

std::vector<NoiseOutcome> Problem::outcomes(std::size_t stage) const {
  if (stage > 0 && !noise.empty() && !noise[stage].empty()) return noise[stage];
  return {{.probability = 1.0,
           .growth = std::vector<double>(workloads.size(), 1.0),
           .slip = std::vector<double>(slip_groups.size(), 0.0),
           .decides = std::vector<double>(gates.size(), 1.0),
           .budget = std::vector<double>(accounts.size(), 0.0)}};
}

void Problem::check() const {
  const std::size_t stages = stage_count();
  needs(stages >= 1, "at least one stage");
  needs(year_of_stage.size() == stages, "year_of_stage has one entry per stage");
  for (std::size_t year : year_of_stage)
    needs(year < year_names.size(), "year_of_stage names a year");
  for (std::size_t g = 0; g < gates.size(); ++g) check_gate(*this, g);
  for (const Offer& offer : offers) check_offer(*this, offer);
  for (const Quota& quota : quotas) {
    for (std::size_t offer : quota.offers) needs(offer < offers.size(), "quota.offers exist");
  }
  for (const Pool& pool : pools) {
    needs(pool.site < sites.size(), "pool.site exists");
    needs(pool.throughput.size() == workloads.size(), "pool.throughput has one entry per workload");
    needs(pool.serving_cost.empty() || pool.serving_cost.size() == workloads.size(),
          "pool.serving_cost has one entry per workload");
    for (const auto* by_stage : {&pool.survival, &pool.resale}) {
      needs(by_stage->empty() || by_stage->size() == stages,
            "pool.survival and resale have one entry per stage");
    }
  }
  for (const Site& site : sites)
    needs(site.power.size() == stages, "site.power has one entry per stage");
  for (const Workload& workload : workloads) {
    for (const auto* by_stage : {&workload.presence, &workload.software}) {
      needs(by_stage->empty() || by_stage->size() == stages,
            "workload.presence and software have one entry per stage");
    }
  }
  check_market(*this);
  check_noise(*this);
  for (const SellerCap& cap : seller_caps) {
    needs(cap.supply.size() == stages, "seller_cap.supply has one entry per stage");
    for (std::size_t offer : cap.offers) needs(offer < offers.size(), "seller_cap.offers exist");
  }
  for (const PowerProject& project : projects) {
    needs(project.site < sites.size(), "project.site exists");
    needs(project.supply.size() == stages, "project.supply has one entry per stage");
  }
  for (const MinimumFleet& minimum : minimum_fleets) {
    for (std::size_t pool : minimum.pools) needs(pool < pools.size(), "minimum_fleet.pools exist");
  }
  for (const Account& account : accounts) {
    needs(account.amount.size() == year_names.size(), "account.amount has one entry per year");
  }
}

std::string describe_end_value(const Problem& problem) {
  if (!problem.end_method.empty()) return problem.end_method;
  return fmt::format(
      "straight line over {:.3g} quarters on the price without duty, of which {:.3g} % counts",
      problem.life, problem.end_share * 100);
}

double end_value(const Problem& problem, const Offer& offer, int arrival) {
  const int end = static_cast<int>(problem.stage_count());
  const int age = std::max(0, end - arrival);
  const double left = std::max(0.0, 1.0 - age / problem.life);
  return offer.end_price * problem.end_share * left * std::pow(problem.survival, age) *
         std::pow(problem.discount, end);
}

double end_value_of_shipment(const Problem& problem, const Offer& offer, std::size_t stage) {
  const std::vector<double> spread = lead_spread(offer);
  double value = 0.0;
  for (std::size_t l = 0; l < spread.size(); ++l) {
    if (spread[l] > 0.0)
      value += spread[l] * end_value(problem, offer, static_cast<int>(stage + l));
  }
  return value;
}

}  // namespace vorrat::fleet

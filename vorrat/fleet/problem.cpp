#include "vorrat/fleet/problem.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

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

void check_offer(const Problem& problem, const Offer& offer) {
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
  }
  for (const Site& site : sites)
    needs(site.power.size() == stages, "site.power has one entry per stage");
  for (const Workload& workload : workloads) {
    needs(workload.growth.size() == stages, "workload.growth has one row per stage");
    for (const auto& row : workload.growth) {
      needs(row.size() == growth_probability.size(), "workload.growth has one column per outcome");
    }
  }
  for (const Account& account : accounts) {
    needs(account.amount.size() == year_names.size(), "account.amount has one entry per year");
  }
}

double end_value(const Problem& problem, const Offer& offer, int arrival) {
  const int end = static_cast<int>(problem.stage_count());
  const int age = std::max(0, end - arrival);
  const double left = std::max(0.0, 1.0 - age / problem.life);
  return offer.end_price * problem.end_share * left * std::pow(problem.survival, age) *
         std::pow(problem.discount, end);
}

}  // namespace vorrat::fleet

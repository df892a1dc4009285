#include "vorrat/scenario/scenario.h"

#include <fmt/format.h>

#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat::scenario {

const Site::PowerPhase* Site::phase_at(Quarter quarter) const {
  const PowerPhase* found = nullptr;
  for (const PowerPhase& phase : power) {
    if (phase.from <= quarter) found = &phase;
  }
  return found;
}

double Throughput::mean_progress() const {
  if (progress.empty()) return 1;
  return std::accumulate(progress.begin(), progress.end(), 0.0) /
         static_cast<double>(progress.size());
}

const Throughput* Scenario::throughput_of(std::size_t accelerator, std::size_t workload) const {
  for (const Throughput& row : throughput) {
    if (row.accelerator == accelerator && row.workload == workload) return &row;
  }
  return nullptr;
}

const BudgetEntry* Scenario::budget_of(int year, Account account) const {
  for (const BudgetEntry& row : budget) {
    if (row.year == year && row.account == account) return &row;
  }
  return nullptr;
}

AnyQuantity Scenario::in_currency(const AnyQuantity& quantity) const {
  if (quantity.currency.is_none() || quantity.currency == money.currency) return quantity;
  for (const MoneyTerms::Exchange& exchange : money.exchange) {
    if (exchange.currency == quantity.currency) return quantity / exchange.rate.value.mean();
  }
  throw InvalidInput(fmt::format("there is no exchange rate from {} to {}",
                                 quantity.currency.code(), money.currency.code()));
}

std::vector<NamedFact> facts_of(const Scenario& scenario) {
  std::vector<NamedFact> facts;
  const auto add = [&](std::string name, const Fact& fact) {
    facts.push_back({std::move(name), &fact});
  };
  const auto part = [&](std::size_t index) { return scenario.accelerators[index].id; };
  add("discount rate", scenario.money.discount_rate);
  for (const MoneyTerms::Exchange& exchange : scenario.money.exchange) {
    add(fmt::format("exchange rate of {}", exchange.currency.code()), exchange.rate);
  }
  add("economic life", scenario.end_value.economic_life);
  add("residual share of the end value", scenario.end_value.residual_share);
  add("attrition of the fleet", scenario.fleet_terms.attrition);
  add("power overhead of the fleet", scenario.fleet_terms.power_overhead);
  for (const Gate& gate : scenario.gates) {
    for (const GateState& state : gate.states) {
      add(fmt::format("release of gate \"{}\" in state \"{}\"", gate.id, state.id), state.release);
    }
    for (const GateMove& move : gate.moves) {
      if (!move.probability) continue;
      std::string name = fmt::format("probability of gate \"{}\" from \"{}\" to \"{}\"", gate.id,
                                     gate.states[move.from].id, gate.states[move.to].id);
      if (gate.depends_on) {
        name += fmt::format(" at \"{}\"", scenario.gates[*gate.depends_on].states[move.when].id);
      }
      add(std::move(name), *move.probability);
    }
  }
  for (const Offer& offer : scenario.offers) {
    const std::string of = fmt::format(" of offer \"{}\"", offer.id);
    add("price" + of, offer.price);
    if (offer.duty.source.place.line > 0) add("duty" + of, offer.duty);
    add("lead time" + of, offer.lead_time);
    add("supply" + of, offer.supply);
    add("deposit" + of, offer.deposit);
  }
  for (const Site& site : scenario.sites) {
    const std::string of = fmt::format(" of site \"{}\"", site.id);
    add("PUE" + of, site.pue);
    add("electricity" + of, site.electricity);
    for (const Site::PowerPhase& phase : site.power) {
      add(fmt::format("power{} from {}", of, vorrat::to_string(phase.from)), phase.power);
    }
  }
  for (const Workload& workload : scenario.workloads) {
    const std::string of = fmt::format(" of workload \"{}\"", workload.id);
    add("demand" + of, workload.demand);
    add("growth" + of, workload.growth);
    add("growth fade" + of, workload.growth_fade);
    add("peak factor" + of, workload.peak_factor);
    add("minimum service" + of, workload.minimum_service);
    add("unserved price" + of, workload.unserved_price);
  }
  for (const Throughput& row : scenario.throughput) {
    add(fmt::format("throughput of {} for \"{}\"", part(row.accelerator),
                    scenario.workloads[row.workload].id),
        row.rate);
  }
  for (const FleetEntry& row : scenario.fleet) {
    add(fmt::format("fleet of {} at \"{}\"", part(row.accelerator), scenario.sites[row.site].id),
        row.quantity);
  }
  for (const BudgetEntry& row : scenario.budget) {
    add(fmt::format("{} budget of {}", to_string(row.account), row.year), row.amount);
  }
  return facts;
}

const char* to_string(Transaction transaction) {
  return transaction == Transaction::buy ? "buy" : "lease";
}

const char* to_string(Account account) { return account == Account::capital ? "capital" : "lease"; }

const char* to_string(Gate::Side side) {
  return side == Gate::Side::exporter ? "exporter" : "importer";
}

}  // namespace vorrat::scenario

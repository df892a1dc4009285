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

namespace {

const Fact* phase_in_force(const std::vector<Offer::SupplyPhase>& phases, Quarter quarter,
                           const Fact* before) {
  for (const Offer::SupplyPhase& phase : phases) {
    if (phase.from <= quarter) before = &phase.supply;
  }
  return before;
}

}  // namespace

const Fact* Offer::supply_at(Quarter quarter) const {
  if (quarter < first || last < quarter) return nullptr;
  return phase_in_force(supply_phases, quarter, &supply);
}

const Fact* SellerCap::supply_at(Quarter quarter) const {
  return phase_in_force(phases, quarter, nullptr);
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
  // What was filled in, or never written, is no figure of the author's.
  const auto add_written = [&](std::string name, const Fact& fact) {
    if (fact.source.place.line > 0 && fact.source.text != "default") add(std::move(name), fact);
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
  for (const Account account : {Account::capital, Account::lease}) {
    add_written(fmt::format("carry-over of account \"{}\"", to_string(account)),
                scenario.accounts[static_cast<std::size_t>(account)].carry_over);
  }
  for (const MarketProcess& process : scenario.market.processes) {
    const std::string of = fmt::format(" of the market of \"{}\"", to_string(process.moves));
    add_written("volatility" + of, process.volatility);
    add_written("reversion" + of, process.reversion);
    if (process.news) add("news" + of, *process.news);
  }
  for (const Gate& gate : scenario.gates) {
    for (const GateState& state : gate.states) {
      const std::string of = fmt::format(" of gate \"{}\" in state \"{}\"", gate.id, state.id);
      add("release" + of, state.release);
      add_written("decided share" + of, state.decides);
      add_written("granted share" + of, state.grants);
      add_written("downgraded share" + of, state.downgrades);
      add_written("revoked share" + of, state.revokes);
    }
    add_written(fmt::format("pace of gate \"{}\"", gate.id), gate.pace);
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
    add_written("installation" + of, offer.installation);
    add_written("slip" + of, offer.slip);
    if (offer.refund) add("refund" + of, *offer.refund);
    add_written("application fee" + of, offer.application_fee);
    for (const Offer::PremiumStep& step : offer.premium)
      add(fmt::format("premium{} beyond {}", of, to_string(step.beyond.value)), step.premium);
    for (const Offer::SupplyPhase& phase : offer.supply_phases)
      add(fmt::format("supply{} from {}", of, vorrat::to_string(phase.from)), phase.supply);
  }
  for (const SellerCap& cap : scenario.seller_caps) {
    for (const Offer::SupplyPhase& phase : cap.phases)
      add(fmt::format("cap of seller \"{}\" from {}", cap.seller, vorrat::to_string(phase.from)),
          phase.supply);
  }
  for (const Site& site : scenario.sites) {
    const std::string of = fmt::format(" of site \"{}\"", site.id);
    add("PUE" + of, site.pue);
    add("electricity" + of, site.electricity);
    for (const Site::PowerPhase& phase : site.power) {
      add(fmt::format("power{} from {}", of, vorrat::to_string(phase.from)), phase.power);
    }
  }
  for (const PowerProject& project : scenario.power_projects) {
    const std::string of = fmt::format(" of project \"{}\"", project.id);
    add("price" + of, project.price);
    add("lead time" + of, project.lead_time);
    add("supply" + of, project.supply);
    add_written("phase" + of, project.phase);
    add_written("slip" + of, project.slip);
    add_written("end share" + of, project.end_share);
  }
  for (const Workload& workload : scenario.workloads) {
    const std::string of = fmt::format(" of workload \"{}\"", workload.id);
    add("demand" + of, workload.demand);
    add("growth" + of, workload.growth);
    add("growth fade" + of, workload.growth_fade);
    add("peak factor" + of, workload.peak_factor);
    add("minimum service" + of, workload.minimum_service);
    add("unserved price" + of, workload.unserved_price);
    add_written("software progress" + of, workload.software_gain);
  }
  for (const Throughput& row : scenario.throughput) {
    add(fmt::format("throughput of {} for \"{}\"", part(row.accelerator),
                    scenario.workloads[row.workload].id),
        row.rate);
    add_written(fmt::format("serving cost of {} for \"{}\"", part(row.accelerator),
                            scenario.workloads[row.workload].id),
                row.serving_cost);
  }
  for (const FleetEntry& row : scenario.fleet) {
    add(fmt::format("fleet of {} at \"{}\"", part(row.accelerator), scenario.sites[row.site].id),
        row.quantity);
    const std::string of =
        fmt::format(" of the {} at \"{}\"", part(row.accelerator), scenario.sites[row.site].id);
    if (row.age) add("age" + of, *row.age);
    if (row.attrition) add("attrition" + of, *row.attrition);
    if (row.resale) add("resale price" + of, *row.resale);
    add_written("fall of the resale price" + of, row.resale_fall);
  }
  for (const MinimumFleet& minimum : scenario.minimum_fleets)
    add(fmt::format("minimum fleet \"{}\"", minimum.id), minimum.quantity);
  for (const BudgetEntry& row : scenario.budget) {
    add(fmt::format("{} budget of {}", to_string(row.account), row.year), row.amount);
    if (row.revision)
      add(fmt::format("revision of the {} budget of {}", to_string(row.account), row.year),
          *row.revision);
  }
  return facts;
}

const char* to_string(Uncertainty uncertainty) {
  constexpr std::array<const char*, uncertainty_count> names = {
      "growth", "slip",     "licences", "budget", "price",
      "rent",   "exchange", "trend",    "supply", "worth"};
  return names[static_cast<std::size_t>(uncertainty)];
}

const char* to_string(Transaction transaction) {
  return transaction == Transaction::buy ? "buy" : "lease";
}

const char* to_string(Account account) { return account == Account::capital ? "capital" : "lease"; }

const char* to_string(Gate::Side side) {
  return side == Gate::Side::exporter ? "exporter" : "importer";
}

}  // namespace vorrat::scenario

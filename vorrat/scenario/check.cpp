#include "vorrat/scenario/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"
#include "vorrat/scenario/plausible.h"

namespace vorrat::scenario {
namespace {

/// Outside the catalogue's span by this factor a figure is worth a second look.
constexpr double worth_a_look = 1.5;

void remark(Diagnostics& remarks, const Place& place, Severity severity, std::string message,
            std::string hint = {}) {
  remarks.add({.place = place,
               .message = std::move(message),
               .hint = std::move(hint),
               .excerpt = {},
               .severity = severity});
}

bool is_default(const Fact& fact) { return fact.source.text == "default"; }

// What the author decides rather than guesses: how much of a state ships, how much must be served
// or be there, where a step begins.
bool is_choice(const NamedFact& named) {
  constexpr const char* decided[] = {"release ", "minimum ", "carry-over ", "phase "};
  return named.fact->value.is_certain() &&
         std::any_of(std::begin(decided), std::end(decided),
                     [&](const char* begin) { return named.name.starts_with(begin); });
}

void check_source(const NamedFact& named, Diagnostics& remarks) {
  const Fact& fact = *named.fact;
  if (is_default(fact) || is_choice(named)) return;
  if (fact.source.text.empty() || !fact.source.kind) {
    remark(
        remarks, fact.source.place, Severity::warning,
        fmt::format("the {} has no {}", named.name, fact.source.text.empty() ? "source" : "kind"),
        "say where it is from, when, and how sure it is");
  } else if (*fact.source.kind == SourceKind::assumed && fact.value.is_certain() &&
             fact.value.mean().value != 0) {
    remark(remarks, fact.source.place, Severity::warning,
           fmt::format("the {} is assumed, but written as one number", named.name),
           "write a range, as in \"10 to 20 (80 %)\" with its unit");
  }
  if (!fact.value.assumption().empty()) {
    remark(remarks, fact.source.place, Severity::note,
           fmt::format("the {}: {}", named.name, fact.value.assumption()));
  }
}

void compare(const Scenario& scenario, const std::string& name, const Fact& money,
             const std::optional<OnRecord>& record, Diagnostics& remarks) {
  if (!record) return;
  try {
    const double factor = factor_off(scenario.in_currency(money.value.mean()).value,
                                     scenario.in_currency(record->low).value,
                                     scenario.in_currency(record->high).value);
    if (factor < worth_a_look && factor > 1 / worth_a_look) return;
    remark(remarks, money.source.place, Severity::warning,
           fmt::format("the {} is {} the catalogue's {}", name, times_off(factor), record->text));
  } catch (const InvalidInput&) {
    // The catalogue's currency has no exchange rate here: nothing to compare.
  }
}

bool can_serve(const Scenario& scenario, std::size_t accelerator, std::size_t site,
               std::size_t workload) {
  const std::vector<std::size_t>& sites = scenario.workloads[workload].sites;
  return scenario.throughput_of(accelerator, workload) &&
         std::find(sites.begin(), sites.end(), site) != sites.end();
}

void check_offer(const Scenario& scenario, const Offer& offer, const catalog::Catalog& catalog,
                 Diagnostics& remarks) {
  const Place& place = offer.price.source.place;
  const catalog::Accelerator& part = scenario.accelerators[offer.accelerator];
  compare(scenario, fmt::format("price of offer \"{}\"", offer.id), offer.price,
          price_on_record(catalog, part, offer.transaction), remarks);
  bool serves = false;
  for (std::size_t w = 0; w < scenario.workloads.size(); ++w) {
    serves = serves || can_serve(scenario, offer.accelerator, offer.site, w);
  }
  if (!serves) {
    remark(remarks, place, Severity::warning,
           fmt::format("offer \"{}\" can serve no workload at site \"{}\"", offer.id,
                       scenario.sites[offer.site].id),
           "write its throughput, or let a workload run there");
  }
  if (part.release && offer.first < *part.release) {
    remark(remarks, place, Severity::warning,
           fmt::format("offer \"{}\" begins in {}, before {} is on sale by the catalogue, {}",
                       offer.id, vorrat::to_string(offer.first), part.id,
                       vorrat::to_string(*part.release)));
  }
  const Horizon& horizon = scenario.horizon;
  if (offer.first > horizon.last()) {
    remark(remarks, place, Severity::warning,
           fmt::format("offer \"{}\" begins after the horizon", offer.id));
  } else if (offer.first + offer.lead_quarters > horizon.last()) {
    remark(remarks, place, Severity::warning,
           fmt::format("offer \"{}\" arrives after the horizon", offer.id));
  }
}

void check_workload(const Scenario& scenario, std::size_t workload, Diagnostics& remarks) {
  const auto serves = [&](const auto& source) {
    return can_serve(scenario, source.accelerator, source.site, workload);
  };
  if (std::any_of(scenario.offers.begin(), scenario.offers.end(), serves) ||
      std::any_of(scenario.fleet.begin(), scenario.fleet.end(), serves)) {
    return;
  }
  remark(remarks, scenario.workloads[workload].demand.source.place, Severity::warning,
         fmt::format("nothing can serve workload \"{}\"", scenario.workloads[workload].id),
         "write throughputs of what runs, or is on offer, at its sites");
}

/// What is written of a market, a revision or a promise that touches nothing.
void check_uses(const Scenario& scenario, Diagnostics& remarks) {
  const auto warn = [&](const Fact& fact, std::string message) {
    remark(remarks, fact.source.place, Severity::warning, std::move(message));
  };
  for (const MinimumFleet& minimum : scenario.minimum_fleets) {
    if (minimum.from > scenario.horizon.last())
      warn(minimum.quantity,
           fmt::format("minimum fleet \"{}\" begins after the horizon", minimum.id));
  }
  for (const PowerProject& project : scenario.power_projects) {
    if (project.first + project.lead_quarters > scenario.horizon.last())
      warn(project.price, fmt::format("project \"{}\" is ready after the horizon", project.id));
  }
  for (const MarketProcess& process : scenario.market.processes) {
    if (process.news && process.news_in > scenario.horizon.last())
      warn(*process.news, fmt::format("the news of the market of \"{}\" comes after the horizon",
                                      to_string(process.moves)));
  }
}

void check_gate_is_used(const Scenario& scenario, std::size_t gate, Diagnostics& remarks) {
  for (const Offer& offer : scenario.offers) {
    if (std::find(offer.gates.begin(), offer.gates.end(), gate) != offer.gates.end()) return;
  }
  for (const Gate& other : scenario.gates) {
    if (other.depends_on == gate) return;
  }
  remark(remarks, {.file = "scenario.toml"}, Severity::warning,
         fmt::format("no offer passes gate \"{}\"", scenario.gates[gate].id));
}

}  // namespace

Diagnostics check(const Scenario& scenario, const catalog::Catalog& catalog) {
  Diagnostics remarks;
  for (const Default& filled : scenario.defaults) {
    remark(remarks, {}, Severity::note,
           fmt::format("filled in: {} is {} ({})", filled.what, filled.value, filled.why));
  }
  for (const NamedFact& named : facts_of(scenario)) check_source(named, remarks);
  for (const Offer& offer : scenario.offers) check_offer(scenario, offer, catalog, remarks);
  for (const Site& site : scenario.sites) {
    compare(scenario, fmt::format("electricity of site \"{}\"", site.id), site.electricity,
            electricity_on_record(catalog, site.jurisdiction), remarks);
  }
  for (std::size_t w = 0; w < scenario.workloads.size(); ++w) check_workload(scenario, w, remarks);
  check_uses(scenario, remarks);
  for (std::size_t g = 0; g < scenario.gates.size(); ++g) check_gate_is_used(scenario, g, remarks);
  return remarks;
}

}  // namespace vorrat::scenario

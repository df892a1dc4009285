#include "vorrat/verbs/run_facts.h"

#include <fmt/format.h>

#include <algorithm>

namespace vorrat::verbs {
namespace {

report::SiteFacts site_facts(const scenario::Site& site) {
  report::SiteFacts facts{.id = site.id,
                          .title = site.title,
                          .jurisdiction = site.jurisdiction,
                          .owner = site.owner,
                          .latitude = {},
                          .longitude = {},
                          .power = {}};
  if (site.place) {
    facts.latitude = site.place->latitude;
    facts.longitude = site.place->longitude;
  }
  for (const auto& phase : site.power)
    facts.power.push_back({to_string(phase.from), phase.power.value.mean().value / 1e6});
  return facts;
}

report::RuleFacts rule_facts(const rules::Provision& provision, const rules::Rulebook& book,
                             rules::Status status) {
  const rules::Instrument& instrument = book.instruments()[provision.instrument];
  return {.provision = provision.id,
          .instrument = instrument.title,
          .citation = instrument.citation,
          .paragraph = provision.paragraph,
          .says = provision.says,
          .source = provision.source.title,
          .support = std::string(to_string(provision.source.support)),
          .status = std::string(to_string(status)),
          .offers = {}};
}

/// What decides about each offer in the regime of the first quarter; one entry a provision and
/// status.
std::vector<report::RuleFacts> rules_of(const LoadedScenario& loaded) {
  std::size_t start = 0;
  for (const auto& gate : loaded.scenario.gates) start = start * gate.states.size() + gate.start;
  std::vector<report::RuleFacts> rules;
  for (std::size_t o = 0; o < loaded.rulings.rulings.size(); ++o) {
    const fleet::OfferRuling& ruling = loaded.rulings.rulings[o].at(start);
    for (const std::string& id : ruling.provisions) {
      const auto* provision = loaded.book.find(id, loaded.rulings.day);
      if (provision == nullptr) continue;
      const std::string status(to_string(ruling.status));
      auto found = std::find_if(rules.begin(), rules.end(), [&](const report::RuleFacts& rule) {
        return rule.provision == id && rule.status == status;
      });
      if (found == rules.end())
        found = rules.insert(found, rule_facts(*provision, loaded.book, ruling.status));
      found->offers.push_back(loaded.scenario.offers[o].id);
    }
  }
  return rules;
}

std::vector<report::AssumptionFacts> register_of(const scenario::Scenario& scenario) {
  std::vector<report::AssumptionFacts> facts;
  for (const auto& [name, fact] : facts_of(scenario)) {
    const Source& source = fact->source;
    // Figures filled in by default have no source; they stand in a table of their own.
    if (source.text.empty() && !source.kind) continue;
    facts.push_back({.name = name,
                     .value = to_string(fact->value),
                     .source = source.text,
                     .date = source.date ? to_string(*source.date) : "",
                     .kind = source.kind ? std::string(to_string(*source.kind)) : ""});
  }
  return facts;
}

}  // namespace

report::RunFacts run_facts(const LoadedScenario& loaded) {
  const scenario::Scenario& scenario = loaded.scenario;
  report::RunFacts facts{.scenario = scenario.name,
                         .title = scenario.title,
                         .known_on = to_string(scenario.horizon.known_on),
                         .input_hash = loaded.input_hash,
                         .version = VORRAT_VERSION,
                         .assumptions = {},
                         .notes = {},
                         .sites = {},
                         .rules = rules_of(loaded),
                         .register_of_assumptions = register_of(scenario)};
  for (const auto& site : scenario.sites) facts.sites.push_back(site_facts(site));
  for (const scenario::Default& filled : scenario.defaults) {
    facts.assumptions.push_back(fmt::format("{} = {} ({})", filled.what, filled.value, filled.why));
  }
  facts.notes = {
      fmt::format("the rules in force on {} decide what may be ordered; each state of a gate says "
                  "how its law differs",
                  facts.known_on),
      "the states of gates, growth of demand, slips of deliveries, how fast licences are decided, "
      "revisions of budgets and the market keep their odds, where the inputs give them; all else "
      "is "
      "planned at the mean of its range",
      "what is ordered and never let through counts nothing at the end"};
  return facts;
}

}  // namespace vorrat::verbs

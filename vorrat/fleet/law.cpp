#include "vorrat/fleet/law.h"

#include <fmt/format.h>

#include <string>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"

namespace vorrat::fleet {
namespace {

// In base units 814 mm2 is 0.000814 m2, whose double is no longer 814 of anything. Twelve digits
// give back the figure that was written, so that the rules compare that and nothing else.
double as_written(double value) { return std::stod(fmt::format("{:.12g}", value)); }

template <class Q>
std::optional<double> number(const std::optional<Q>& quantity, const char* unit) {
  if (!quantity) return std::nullopt;
  return as_written(in_unit(*quantity, unit));
}

}  // namespace

rules::Item item_of(const catalog::Accelerator& accelerator, const rules::Rulebook& book) {
  const rules::ProductFacts facts = book.product(accelerator.id);
  rules::Item item;
  item.id = accelerator.id;
  item.name = accelerator.title;
  item.designer = book.designer(accelerator.vendor);
  item.data_centre = facts.data_centre;
  item.sale_in_us = facts.sale_in_us;
  const auto rate = [&item](const char* format, int bits, const std::optional<ComputeRate>& rated) {
    if (rated) item.ratings.push_back({format, bits, *number(rated, "TFLOP/s")});
  };
  rate("fp16", 16, accelerator.fp16);
  rate("fp8", 8, accelerator.fp8);
  rate("fp4", 4, accelerator.fp4);
  item.die_area_mm2 = number(accelerator.die_area, "mm2");
  const auto bandwidth = number(accelerator.memory_bandwidth, "GB/s");
  item.dram_gb_per_s = facts.memory_is_sram ? 0.0 : bandwidth;
  if (facts.memory_is_sram) item.sram_gb_per_s = bandwidth;
  item.io_gb_per_s = number(accelerator.interconnect, "GB/s");
  return item;
}

rules::Deal deal_of(const scenario::Scenario& scenario, const scenario::Offer& offer) {
  const bool is_lease = offer.transaction == scenario::Transaction::lease;
  rules::Deal deal;
  deal.transaction = is_lease ? rules::Transaction::lease : rules::Transaction::buy;
  deal.seller = is_lease ? scenario.accelerators[offer.accelerator].vendor : offer.seller;
  deal.exported_from = offer.exported_from;
  deal.destination = scenario.sites[offer.site].jurisdiction;
  deal.user = {scenario.buyer.name, scenario.buyer.headquarters, scenario.buyer.ultimate_parent};
  if (is_lease) deal.site_owner = {offer.seller, offer.owner, offer.owner_parent};
  return deal;
}

rules::RegimeRules regime_of(const scenario::Scenario& scenario,
                             const std::vector<std::size_t>& states) {
  needs(states.size() == scenario.gates.size(), "one state for each gate");
  rules::RegimeRules regime{.law_of = scenario.horizon.known_on, .with = {}, .without = {}};
  for (std::size_t gate = 0; gate < states.size(); ++gate) {
    const scenario::GateState& state = scenario.gates[gate].states.at(states[gate]);
    regime = rules::combined(regime, {regime.law_of, state.with, state.without});
  }
  return regime;
}

OfferLaw law_of(const scenario::Scenario& scenario, const scenario::Offer& offer,
                const rules::RulesInForce& law) {
  const auto item = item_of(scenario.accelerators[offer.accelerator], law.rulebook());
  rules::Deal deal = deal_of(scenario, offer);
  if (deal.exported_from.empty()) deal.exported_from = item.designer;
  OfferLaw result{.classification = law.classify(item, deal)};
  for (const auto& charge : result.classification.charges()) {
    (charge.kind == rules::Charge::Kind::duty ? result.duty : result.fee) += charge.rate;
  }
  return result;
}

}  // namespace vorrat::fleet

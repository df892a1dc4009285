// Where the law meets catalogue and scenario: accelerators, offers and regimes as the rules see
// them.
//
//     const auto law = book.under(regime_of(scenario, states));   // one state for each gate
//     const auto answer = law_of(scenario, offer, law);
//     answer.classification.status;  // prohibited: no variable; licence_...: ships by balance
#pragma once

#include "vorrat/catalog/accelerator.h"
#include "vorrat/rules/classify.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// The item of a catalogue row: ratings in TOPS, areas in mm2, bandwidths in GB/s, and what the
/// rules' own table of products adds. What neither knows stays unknown.
rules::Item item_of(const catalog::Accelerator& accelerator, const rules::Rulebook& book);

/// The deal of an offer: the buyer takes what he buys at the site's jurisdiction; what he leases is
/// taken by its owner, from the vendor.
rules::Deal deal_of(const scenario::Scenario& scenario, const scenario::Offer& offer);

/// The law when each gate is in the given state: that of known_on with what the states add and set
/// aside. Needs one state for each gate of the scenario.
rules::RegimeRules regime_of(const scenario::Scenario& scenario,
                             const std::vector<std::size_t>& states);

/// What the law says of an offer, and the money it adds. Where the offer does not say from where it
/// is exported, that is the country of the part's designer.
struct OfferLaw {
  rules::Classification classification;
  double duty = 0;  // share of the customs value, paid with the price
  double fee = 0;   // share of the seller's revenue
};
OfferLaw law_of(const scenario::Scenario& scenario, const scenario::Offer& offer,
                const rules::RulesInForce& law);

}  // namespace vorrat::fleet

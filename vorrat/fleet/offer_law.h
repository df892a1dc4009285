// What the rules say to each offer of a scenario, in each regime: the law comes from data/rules,
// never from an offer.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/rules/classify.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// What the rules say to one offer in one regime.
struct OfferRuling {
  rules::Status status = rules::Status::free;
  bool may_order = true;                // free, notify, or a licence that is decided case by case
  std::vector<std::size_t> gates;       // of the scenario, whose licence it needs
  double charges = 0.0;                 // duties and fees, share of the price
  std::vector<std::string> provisions;  // those that decide, as in "us-2026-01-cbc/review"
  std::vector<std::string> quotas;      // those that limit numbers
};

/// A limit in numbers that several offers share.
struct SharedQuota {
  std::string provision;
  double accelerators = 0.0;
  std::vector<std::size_t> offers;
};

struct Rulings {
  Date day;  // whose law it is
  std::vector<std::vector<OfferRuling>>
      rulings;  // [offer][regime], the last gate's states run fastest
  std::vector<SharedQuota> quotas;
};

/// Asks the rules of Horizon::known_on, changed for each regime as the gates' states say (`with`,
/// `without`).
///
/// An application that is presumed denied is never granted here, since no scenario gives odds for
/// it. A quota holds if it binds in any regime; it binds the group, so all offers under it count
/// together. Quotas as a share of shipments in the United States, which are not published, are
/// conditions and no numbers.
///
/// Faults: the day is before the first rule or after the day the rules were last read (with what to
/// do); an instrument that no rule file has (did you mean); an offer whose status the rules cannot
/// say for want of a fact; a licence from an authority that is not among the scenario's gates.
std::expected<Rulings, Diagnostics> ask_rules(const scenario::Scenario& scenario,
                                              const rules::Rulebook& book);

}  // namespace vorrat::fleet

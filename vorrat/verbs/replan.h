// The scenario that begins where another one has got to, from what happened.
#pragma once

#include <string>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/scenario/scenario.h"
#include "vorrat/store/store.h"

namespace vorrat::verbs {

struct Replan {
  store::Files files;              // of the new folder
  std::vector<std::string> notes;  // one sentence for each thing moved, assumed or left
};

/// Moves a scenario on to begin in `first`, a quarter of its horizon after its first one. `actuals`
/// are those that hold (none superseded), read before against this scenario.
///
/// - The horizon ends where it did; known_on is the day of the newest entry, if that is later.
/// - Gates start in the state last entered; without one they start as before.
/// - Demand is that entered last, else the old one, grown by its mean growth to the first quarter;
///   growth fades by as many quarters.
/// - Fleet is what was last counted, at the beginning of its quarter, else the old fleet; less its
///   mean attrition, plus what was delivered since. Ages grow; rows that have retired go.
/// - Budgets of the first year lose what was spent in it; those of earlier years go.
/// - Offers and power projects that are over go; others begin in the first quarter at the earliest.
///   Revisions of budgets and news of the market that have come go; what they made of the figures
///   is for a person to write.
/// - What was bought and not delivered, and leases that still run, become offers of exactly that
///   quantity in the first quarter: NAME-due-QUARTER at the share of the price still to be paid,
///   and NAME-running-QUARTER at its rent for the rest of its term. The next plan takes them if
///   they are worth it: it may walk away from what it still owes, and does not know that a lease is
///   bound.
/// - Licences granted are not applied: nothing in a folder holds a balance of licences.
/// All else stays as it is, byte for byte.
Replan replan(const store::Files& files, const scenario::Scenario& scenario,
              const std::vector<store::Actual>& actuals, Quarter first);

}  // namespace vorrat::verbs

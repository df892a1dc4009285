// From a scenario's quantities to the fleet problem's plain numbers: units end here.
#pragma once

#include "vorrat/fleet/offer_law.h"
#include "vorrat/fleet/problem.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// The problem behind a scenario, ranges at their means, except that growth of demand keeps its
/// spread: each quarter one of three outcomes (the lowest 30 %, the middle 40 % and the highest 30
/// % of its range, at their conditional means), the same for all workloads. Money in the scenario's
/// currency at its exchange rates. Throws InvalidInput, naming the currency, if a rate is missing.
/// `rulings` are those of the same scenario: they decide what has a variable, what waits for which
/// gate, and the duties.
Problem to_problem(const scenario::Scenario& scenario, const Rulings& rulings);

}  // namespace vorrat::fleet

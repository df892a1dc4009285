// From a scenario's quantities to the fleet problem's plain numbers: units end here.
#pragma once

#include "vorrat/fleet/offer_law.h"
#include "vorrat/fleet/problem.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// The problem behind a scenario. These keep their spread, each where its uncertainty is on:
///   growth, slips, the pace of gates and revisions of budgets, as the noise of their quarter
///   (joint_noise.h, at most scenario.noise.outcomes);
///   the market (market_chain.h), and the states of the gates;
///   lead times of purchases, as shares of a shipment by quarter, rounded up, the first and the
///   last hundredth with their neighbours.
/// All else is at its mean. Demand is compounded from stage to stage:
///
///     demand[t] = demand[t - 1] * (1 + growth * (1 - fade)^(t - 1)) * trend of the market
///
/// Money in the scenario's currency at its exchange rates. The end is valued by end_worth.h. Throws
/// InvalidInput, naming the currency, if a rate is missing. `rulings` are those of the same
/// scenario: they decide what has a variable, what waits for which gate, and the duties. Random
/// pairings and sample paths come from scenario.settings.seed.
Problem to_problem(const scenario::Scenario& scenario, const Rulings& rulings);

}  // namespace vorrat::fleet

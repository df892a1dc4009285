// The market of a scenario as a Markov chain of levels.
#pragma once

#include "vorrat/fleet/problem.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// The market in which prices, rents, the exchange rate, the trend of demand, supply and the worth
/// of served work move together, each by a factor of mean 1; processes that are switched off stay
/// at 1. No levels if nothing moves.
///
/// News without any volatility is kept exactly: from its quarter on one level for each combination
/// of outcomes (a range: three, as in joint_noise.h). Otherwise each logarithm x moves from 0 by
///
///     x' = a x + s z,  a = exp(-reversion / 4),  s^2 = volatility^2 (1 - a^2) / (2 reversion)
///
/// a quarter, z standard normal (s^2 = volatility^2 / 4 without reversion), the factor is
/// exp(x - Var(x) / 2), times the news where it is known; all factors together are rounded to
/// scenario.market.levels levels a quarter by program::make_lattice on sample paths of `seed`, and
/// scaled so that each averages 1 in each quarter.
Market market_chain(const scenario::Scenario& scenario, std::uint64_t seed);

}  // namespace vorrat::fleet

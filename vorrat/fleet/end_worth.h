// What the fleet is worth at the end of the horizon, by the method that a scenario states.
#pragma once

#include <map>

#include "vorrat/fleet/problem.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::fleet {

/// Fills Offer::end_price, Pool::end_worth and Problem::end_method. `ages` are those of pools that
/// no offer delivers into, at the start of the horizon [stages]; T is the number of stages, L the
/// economic life, d and s discount and survival a stage, q[k][w] throughput.
///
///   replacement    an offer that delivers into pool k: the lesser of its price without duty and
///                      max over w of q[k][w] * min over purchases o of price[o] / q[pool of o][w],
///                  on a straight line over L (end_value() in problem.h). A pool with an age: the
///                  same without the price, times max(0, 1 - (age + T) / L).
///   straight_line  the price without duty, on a straight line over L; pools with an age nothing,
///   since
///                  their price is not known
///   service        a pool: max over w of q[k][w] * software * unserved_price / peak_factor less
///   the
///                  cost of running and serving, a stage, for the stages n of life it has left:
///                      sum over i < n of (d s)^i,  n = L - age - T,
///                  where what is bought within the horizon is taken to be bought in its middle.
///                  Worth of served work moves it, as in the market.
///   none           nothing
///
/// The scenario's residual share counts of all of it. What is rented is worth nothing at the end.
void add_end_value(const scenario::Scenario& scenario, Problem& problem,
                   const std::map<std::size_t, double>& ages);

}  // namespace vorrat::fleet

// An optimal stockpile against an embargo: an infinite-horizon Markov decision problem over market
// states (normal, disrupted) and stocks, in which buying moves the price.
//
// Source: Teisberg, "A Dynamic Programming Model of the U.S. Strategic Petroleum Reserve", Bell
// Journal of Economics 12 (1981); data and linear program: GAMS model library, MARKOV (SEQ=82).
#pragma once

#include <array>
#include <cstddef>

#include "vorrat/program/policy_graph.h"

namespace vorrat::published::embargo {

constexpr std::size_t normal = 0, disrupted = 1;  // market states
constexpr std::size_t levels = 8;
constexpr double discount = 0.95, holding_cost = 0.32;
constexpr std::array<std::array<double, 2>, 2> moves = {{{0.8, 0.2}, {0.5, 0.5}}};

/// The stock at a level: 0, 3, ..., 21.
constexpr double level(std::size_t s) { return 3.0 * static_cast<double>(s); }

/// Of one unit, when `bought` is taken off the market (negative: released).
double price(std::size_t market, double bought);
/// Of one period, but for holding the stock.
double cost_of_buying(std::size_t market, double bought);

struct Solution {
  double objective = 0.0;                           // mean of value over the 16 states
  std::array<std::array<double, levels>, 2> value;  // [market][level], discounted cost
  std::array<std::array<double, levels>, 2> next;   // [market][level], best next stock
};

/// Solves the linear program max mean(V), V[i][s] <= cost(i, s, s2) + discount * E V[j][s2]; stocks
/// may grow up to level `highest`. Throws Unavailable if it has no optimum.
Solution solve(std::size_t highest = levels - 1);

/// The same market as a cyclic policy graph of one node a market state, starting in `market` with
/// `stock`: any stock from 0 to 21 may be held, and a purchase is a mixture of multiples of `step`,
/// so that its cost is drawn straight between them. Needs a step that divides 21.
///
/// With steps of 3 it has the values of solve(): costs are convex in what is bought and bend at the
/// levels only, so nothing is gained between them. Smaller steps cost less: they are priced at
/// what they move the market, not at a share of what 3 would.
program::PolicyGraph convexified(std::size_t market, double stock, double step);

}  // namespace vorrat::published::embargo

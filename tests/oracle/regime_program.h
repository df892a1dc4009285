// A purchase plan under changing regimes and prices: the shape and size of a large Markov program.
#pragma once

#include <cstdint>

#include "vorrat/program/policy_graph.h"

namespace vorrat::oracle {

/// States: stock, two steps of pipeline at each site and a licence balance for each of `items`,
/// power there and under construction for each of `sites`, money, and 3 demands: with 5 items at 3
/// sites 60 states, and stage problems of 89 rows and 241 columns. Each stage but the first has a
/// node for each regime and price level; all have the same children or, in regimes that do not
/// change back, fewer. Noise: growth of demand and the share granted, 6 realisations.
struct RegimeShape {
  int stages = 8;
  std::size_t regimes = 6, prices = 4, items = 5, sites = 3;
  double odds = 0.15;        // of leaving a regime, per stage
  double price = 1.0;        // scales all prices
  double demand = 1.0;       // scales the demand
  double money = 55.0;       // per stage
  double first_stock = 4.0;  // of each item at each site
};

/// The same numbers for the same shape; items and sites differ among themselves.
program::PolicyGraph regime_program(const RegimeShape& shape);

}  // namespace vorrat::oracle

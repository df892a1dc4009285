// The stockpile against an embargo as a cyclic policy graph, by decomposition.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "vorrat/published/embargo.h"
#include "vorrat/sddp/train.h"

namespace vorrat::published {
namespace {

using namespace embargo;

// The same market with any stock from 0 to 21, and the cost of buying drawn straight between the
// steps of 3: a cyclic policy graph of two nodes.
program::PolicyGraph convexified(std::size_t market, double stock) {
  program::PolicyGraph graph{
      .state_names = {"stock"}, .initial_state = {stock}, .root = {{.child = market}}};
  for (std::size_t i = 0; i < 2; ++i) {
    program::Node node{.name = i == 0 ? "normal" : "disrupted"};
    lp::Model& model = node.problem.model;
    const auto in = model.add_column({}),
               out = model.add_column({.upper = level(levels - 1), .cost = holding_cost});
    const auto balance = model.add_row({.lower = 0, .upper = 0}),
               whole = model.add_row({.lower = 1, .upper = 1});
    model.add_entry(balance, out, 1);
    model.add_entry(balance, in, -1);
    for (double bought = -21; bought <= (i == 0 ? 21 : 0); bought += 3) {
      const auto share_of = model.add_column({.cost = cost_of_buying(i, bought)});
      model.add_entry(balance, share_of, -bought);
      model.add_entry(whole, share_of, 1);
    }
    node.problem.incoming = {in};
    node.problem.outgoing = {out};
    for (std::size_t j = 0; j < 2; ++j)
      node.arcs.push_back({.child = j, .probability = discount * moves[i][j]});
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

// The same by value iteration over stocks in steps of `step`, a divisor of 3.
std::array<std::vector<double>, 2> value_iteration(double step) {
  const auto count = static_cast<std::size_t>(std::lround(21.0 / step)) + 1;
  std::array<std::vector<double>, 2> buying;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t m = 0; m < 2 * count - 1; ++m) {
      const double bought = step * (static_cast<double>(m) - static_cast<double>(count - 1));
      const double below = 3.0 * std::floor(bought / 3.0 + 1e-9),
                   part = std::max(0.0, (bought - below) / 3.0);
      buying[i].push_back((1 - part) * cost_of_buying(i, below) +
                          part * cost_of_buying(i, below + 3.0));
    }
  }
  std::array<std::vector<double>, 2> value = {std::vector<double>(count, 2500.0),
                                              std::vector<double>(count, 2500.0)};
  for (int round = 0; round < 500; ++round) {
    std::array<std::vector<double>, 2> next = value;
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t s = 0; s < count; ++s) {
        double best = lp::infinity;
        for (std::size_t s2 = 0; s2 < (i == 0 ? count : s + 1); ++s2) {
          best = std::min(
              best, buying[i][s2 + count - 1 - s] + holding_cost * step * static_cast<double>(s2) +
                        discount * (moves[i][0] * value[0][s2] + moves[i][1] * value[1][s2]));
        }
        next[i][s] = best;
      }
    }
    value = std::move(next);
  }
  return value;
}

// Stocks between the levels, and purchases between the steps, are allowed here, so the cost is
// never above that of the published grid. What the two differ by is the grid's coarseness alone:
// value iteration over the same market in steps of 0.25 gives the cyclic policy graph's values.
TEST(TeisbergStockpile, DiffersFromItsConvexificationByTheCoarsenessOfItsGrid) {
  const Solution grid = solve(levels - 1);
  const auto fine = value_iteration(0.25);
  for (std::size_t market = 0; market < 2; ++market) {
    for (std::size_t s : {0u, 1u, 3u, 7u}) {
      const auto result =
          sddp::train(convexified(market, level(s)),
                      {.iterations = 150, .first_check = 0, .simulation_paths = 100});
      EXPECT_LE(result.bound, grid.value[market][s] + 1e-4);
      EXPECT_GE(result.bound, grid.value[market][s] * 0.998);
      EXPECT_NEAR(result.bound, fine[market][12 * s], 2e-5 * fine[market][12 * s]);
    }
  }
}

}  // namespace
}  // namespace vorrat::published

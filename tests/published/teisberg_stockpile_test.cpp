// An optimal stockpile against an embargo (Teisberg 1981; GAMS model library, MARKOV, SEQ=82).
// Values recomputed by value iteration when the case was written down.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/sddp/train.h"

namespace vorrat::published {
namespace {

constexpr double discount = 0.95, holding_cost = 0.32, share = 0.25, k = 342.0, d = -130.0, e = 0.1,
                 normal_price = 34.526;
constexpr std::array<double, 2> loss = {0.0, 11.0};  // normal, disrupted
constexpr std::array<std::array<double, 2>, 2> moves = {{{0.8, 0.2}, {0.5, 0.5}}};
constexpr std::size_t levels = 8;

double level(std::size_t s) { return 3.0 * static_cast<double>(s); }

double price(std::size_t market, double bought) {
  return std::pow(k / (110.0 - loss[market] - d - bought), 1.0 / e);
}

// Of one period, but for holding the stock.
double cost_of_buying(std::size_t market, double bought) {
  const double p = price(market, bought);
  return share * (d * (p - normal_price) +
                  k * (std::pow(p, 1.0 - e) - std::pow(normal_price, 1.0 - e)) / (1.0 - e)) +
         p * bought;
}

bool may_move(std::size_t market, std::size_t from, std::size_t to) {
  return market == 0 || to <= from;
}

struct Solution {
  double objective = 0.0;
  std::array<std::array<double, levels>, 2> value{};
  std::array<std::array<double, levels>, 2> next{};  // stock
};

// max mean(V) with V[i][s] <= cost(i, s, s2) + discount * sum_j p[i][j] V[j][s2]: the rows with a
// price are the moves that the best policy makes.
Solution solve(std::size_t highest) {
  lp::Model model{.sense = lp::Sense::maximise};
  for (std::size_t i = 0; i < 2 * levels; ++i)
    model.add_column({.lower = -lp::infinity, .cost = 1.0 / (2 * levels)});
  struct Move {
    std::size_t market, from, to;
  };
  std::vector<Move> rows;
  for (std::size_t market = 0; market < 2; ++market) {
    for (std::size_t from = 0; from < levels; ++from) {
      for (std::size_t to = 0; to < levels; ++to) {
        if (!may_move(market, from, to) || (to > highest && to > from)) continue;
        const double cost =
            cost_of_buying(market, level(to) - level(from)) + holding_cost * level(to);
        const auto row = model.add_row({.upper = cost});
        model.add_entry(row, market * levels + from, 1.0);
        for (std::size_t j = 0; j < 2; ++j)
          model.add_entry(row, j * levels + to, -discount * moves[market][j]);
        rows.push_back({market, from, to});
      }
    }
  }
  const auto solver = lp::make_highs_solver();
  solver->load(model);
  const lp::Answer answer = solver->solve({});
  EXPECT_EQ(answer.status, lp::Status::optimal);
  Solution solution{.objective = answer.objective};
  for (std::size_t i = 0; i < 2 * levels; ++i)
    solution.value[i / levels][i % levels] = answer.primal[i];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (answer.row_dual[i] > 1e-9) solution.next[rows[i].market][rows[i].from] = level(rows[i].to);
  }
  return solution;
}

TEST(TeisbergStockpile, HasItsValuesAndItsPolicyTable) {
  const Solution solution = solve(levels - 1);
  EXPECT_NEAR(solution.objective, 2401.5772541, 2401.6e-6);
  const std::array<std::array<double, levels>, 2> value = {
      {{2849.7510, 2606.7957, 2401.9057, 2198.0328, 1994.3732, 1798.4296, 1608.6592, 1424.1081},
       {3602.2774, 3287.7146, 3023.8535, 2762.4002, 2540.7034, 2320.6335, 2103.3413, 1902.2570}}};
  const std::array<std::array<double, levels>, 2> next = {
      {{3, 3, 6, 6, 9, 12, 15, 18}, {0, 0, 3, 3, 6, 9, 9, 12}}};
  for (std::size_t market = 0; market < 2; ++market) {
    for (std::size_t s = 0; s < levels; ++s) {
      EXPECT_NEAR(solution.value[market][s], value[market][s], 1e-6 * value[market][s]);
      EXPECT_EQ(solution.next[market][s], next[market][s]) << market << " " << s;
    }
  }
}

TEST(TeisbergStockpile, HasItsPricesAndTheWorthOfHoldingAStock) {
  EXPECT_NEAR(price(0, 0), 34.526189, 1e-5);
  EXPECT_NEAR(price(1, 0), 55.195826, 1e-5);
  EXPECT_NEAR(price(0, 3), 39.1541, 1e-4);
  EXPECT_NEAR(price(1, -3), 48.4598, 1e-4);
  const Solution free = solve(levels - 1), never = solve(0);
  EXPECT_NEAR(never.value[0][0], 2857.059199, 3e-3);
  EXPECT_NEAR(never.value[1][0], 3608.889529, 4e-3);
  EXPECT_NEAR(never.value[0][0] - free.value[0][0], 7.3082, 1e-3);
  EXPECT_NEAR(never.value[1][0] - free.value[1][0], 6.6121, 1e-3);
}

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

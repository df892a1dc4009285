#include "vorrat/published/embargo.h"

#include <cmath>
#include <vector>

#include "vorrat/base/error.h"
#include "vorrat/lp/solver.h"

namespace vorrat::published::embargo {
namespace {

constexpr double supply = 110.0, share = 0.25, k = 342.0, d = -130.0, e = 0.1,
                 normal_price = 34.526;
constexpr std::array<double, 2> loss = {0.0, 11.0};

bool may_move(std::size_t market, std::size_t from, std::size_t to, std::size_t highest) {
  return (market == normal || to <= from) && (to <= highest || to <= from);
}

struct Move {
  std::size_t market, from, to;
};

// One row a move; the rows with a price are the moves that the best policy makes.
std::vector<Move> add_rows(lp::Model& model, std::size_t highest) {
  std::vector<Move> rows;
  for (std::size_t market = 0; market < 2; ++market) {
    for (std::size_t from = 0; from < levels; ++from) {
      for (std::size_t to = 0; to < levels; ++to) {
        if (!may_move(market, from, to, highest)) continue;
        const auto row = model.add_row(
            {.upper = cost_of_buying(market, level(to) - level(from)) + holding_cost * level(to)});
        model.add_entry(row, market * levels + from, 1.0);
        for (std::size_t j = 0; j < 2; ++j)
          model.add_entry(row, j * levels + to, -discount * moves[market][j]);
        rows.push_back({market, from, to});
      }
    }
  }
  return rows;
}

program::Node market_node(std::size_t market, double step) {
  program::Node node{.name = market == normal ? "normal" : "disrupted"};
  lp::Model& model = node.problem.model;
  const double most = level(levels - 1);
  const auto in = model.add_column({});
  const auto out = model.add_column({.upper = most, .cost = holding_cost});
  const auto balance = model.add_row({.lower = 0, .upper = 0});
  const auto shares = model.add_row({.lower = 1, .upper = 1});
  model.add_entry(balance, out, 1);
  model.add_entry(balance, in, -1);
  for (double bought = -most; bought <= (market == normal ? most : 0.0); bought += step) {
    const auto share_of = model.add_column({.cost = cost_of_buying(market, bought)});
    model.add_entry(balance, share_of, -bought);
    model.add_entry(shares, share_of, 1);
  }
  node.problem.incoming = {in};
  node.problem.outgoing = {out};
  for (std::size_t next = 0; next < 2; ++next)
    node.arcs.push_back({.child = next, .probability = discount * moves[market][next]});
  return node;
}

}  // namespace

double price(std::size_t market, double bought) {
  return std::pow(k / (supply - loss[market] - d - bought), 1.0 / e);
}

double cost_of_buying(std::size_t market, double bought) {
  const double p = price(market, bought);
  return share * (d * (p - normal_price) +
                  k * (std::pow(p, 1.0 - e) - std::pow(normal_price, 1.0 - e)) / (1.0 - e)) +
         p * bought;
}

Solution solve(std::size_t highest) {
  lp::Model model{.sense = lp::Sense::maximise};
  for (std::size_t i = 0; i < 2 * levels; ++i)
    model.add_column({.lower = -lp::infinity, .cost = 1.0 / (2 * levels)});
  const std::vector<Move> rows = add_rows(model, highest);
  const auto solver = lp::make_highs_solver();
  solver->load(model);
  const lp::Answer answer = solver->solve({});
  if (answer.status != lp::Status::optimal)
    throw Unavailable("the stockpile's linear program was not solved: " + answer.message);
  Solution solution{.objective = answer.objective, .value = {}, .next = {}};
  for (std::size_t i = 0; i < 2 * levels; ++i)
    solution.value[i / levels][i % levels] = answer.primal[i];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (answer.row_dual[i] > 1e-9) solution.next[rows[i].market][rows[i].from] = level(rows[i].to);
  }
  return solution;
}

program::PolicyGraph convexified(std::size_t market, double stock, double step) {
  program::PolicyGraph graph{
      .state_names = {"stock"}, .initial_state = {stock}, .root = {{.child = market}}};
  for (std::size_t i = 0; i < 2; ++i) graph.nodes.push_back(market_node(i, step));
  return graph;
}

}  // namespace vorrat::published::embargo

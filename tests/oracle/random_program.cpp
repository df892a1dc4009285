#include "tests/oracle/random_program.h"

#include <fmt/format.h>

#include <cmath>

#include "vorrat/base/random.h"

namespace vorrat::oracle {
namespace {

using program::Node;
using What = program::Change::What;

// Draws one number after the other from the stream of a program.
class Dice {
 public:
  explicit Dice(std::uint64_t number) : random_(20261124, "random program"), number_(number) {}
  double between(double low, double high) {
    return low + (high - low) * random_.uniform(number_, 0, next_++);
  }
  std::size_t count(std::size_t low, std::size_t high) {
    return low + random_.bits(number_, 1, next_++) % (high - low + 1);
  }
  bool happens(double probability) { return random_.uniform(number_, 2, next_++) < probability; }

 private:
  RandomStream random_;
  std::uint64_t number_, next_ = 0;
};

// Columns: in[k], stock[k], buy[k], short. Rows: balance of each stock, then demand.
Node stage(Dice& dice, std::size_t states, int t, int stages, bool has_penalty, double sign) {
  Node node;
  node.name = fmt::format("{}", t);
  node.stage = t;
  lp::Model& model = node.problem.model;
  model.sense = sign > 0 ? lp::Sense::minimise : lp::Sense::maximise;
  for (std::size_t k = 0; k < states; ++k) node.problem.incoming.push_back(model.add_column({}));
  for (std::size_t k = 0; k < states; ++k)
    node.problem.outgoing.push_back(
        model.add_column({.upper = dice.between(5, 20), .cost = sign * dice.between(0, 0.5)}));
  const std::size_t demand = states;
  for (std::size_t k = 0; k < states; ++k) model.add_row({.lower = 0, .upper = 0});
  model.add_row({.lower = dice.between(0, 6)});
  for (std::size_t k = 0; k < states; ++k) {
    const auto buy =
        model.add_column({.upper = dice.between(2, 8), .cost = sign * dice.between(1, 4)});
    const auto use = model.add_column({.cost = sign * dice.between(0, 0.2)});
    model.add_entry(k, node.problem.outgoing[k], 1);
    model.add_entry(k, node.problem.incoming[k],
                    dice.happens(0.3) ? -dice.between(0.7, 1.0) : -1.0);
    model.add_entry(k, buy, -1);
    model.add_entry(k, use, 1);
    model.add_entry(demand, use, dice.between(0.5, 1.5));
  }
  if (has_penalty || t == 1)
    model.add_entry(demand, model.add_column({.cost = sign * dice.between(6, 12)}), 1);
  if (t == stages && dice.happens(0.5)) model.columns[states].cost = -sign * dice.between(0, 1);
  return node;
}

void add_noise(Dice& dice, Node& node, std::size_t states, double sign) {
  const std::size_t outcomes = dice.count(1, 3);
  double sum = 0.0;
  for (std::size_t w = 0; w < outcomes; ++w) {
    program::Realization r{.probability = dice.between(0.2, 1.0)};
    sum += r.probability;
    r.changes.push_back({.what = What::row_lower, .row = states, .value = dice.between(0, 6)});
    if (dice.happens(0.5))
      r.changes.push_back(
          {.what = What::cost, .column = 2 * states, .value = sign * dice.between(1, 5)});
    if (dice.happens(0.3))
      r.changes.push_back(
          {.what = What::coefficient, .row = 0, .column = 0, .value = -dice.between(0.6, 1.0)});
    if (dice.happens(0.3))
      r.changes.push_back({.what = What::coefficient,
                           .row = states,
                           .column = 2 * states + 1,
                           .value = dice.between(0.5, 1.5)});
    if (dice.happens(0.3))
      r.changes.push_back(
          {.what = What::column_upper, .column = 2 * states, .value = dice.between(2, 8)});
    if (dice.happens(0.2))
      r.changes.push_back({.what = What::objective_constant, .value = dice.between(-3, 3)});
    node.noise.push_back(std::move(r));
  }
  for (program::Realization& r : node.noise) r.probability /= sum;
}

}  // namespace

program::PolicyGraph random_program(std::uint64_t number) {
  Dice dice(number);
  const std::size_t states = dice.count(1, 3);
  const int stages = static_cast<int>(dice.count(2, 4));
  const bool is_markovian = dice.happens(0.3), has_penalty = dice.happens(0.8);
  const double sign = dice.happens(0.3) ? -1.0 : 1.0;
  program::PolicyGraph graph;
  for (std::size_t k = 0; k < states; ++k) {
    graph.state_names.push_back(fmt::format("s{}", k));
    graph.initial_state.push_back(dice.between(0, 3));
  }
  std::vector<std::size_t> before;
  for (int t = 1; t <= stages; ++t) {
    std::vector<std::size_t> now;
    for (std::size_t m = 0; m < (is_markovian && t > 1 ? 2u : 1u); ++m) {
      now.push_back(graph.nodes.size());
      graph.nodes.push_back(stage(dice, states, t, stages, has_penalty, sign));
      if (t > 1) add_noise(dice, graph.nodes.back(), states, sign);
    }
    for (std::size_t from : before) {
      const double p = dice.between(0.1, 0.9), going_on = dice.happens(0.2) ? 0.9 : 1.0;
      for (std::size_t m = 0; m < now.size(); ++m)
        graph.nodes[from].arcs.push_back({.child = now[m],
                                          .probability = going_on * (now.size() == 1 ? 1.0
                                                                     : m == 0        ? p
                                                                                     : 1 - p)});
    }
    before = now;
  }
  graph.root = {{.child = 0}};
  return graph;
}

program::PolicyGraph careless_program(std::uint64_t number) {
  program::PolicyGraph graph = random_program(number);
  Dice dice(number + 1'000'000);
  const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
  for (Node& node : graph.nodes) {
    lp::Model& model = node.problem.model;
    const std::size_t demand = graph.state_names.size();
    for (std::size_t row = 0; row <= demand; ++row)
      for (std::size_t column = 0; column < model.columns.size(); ++column)
        if (dice.happens(0.3))
          model.add_entry(row, column, -std::pow(10.0, -dice.between(9.0, 120.0)));
    model.add_entry(demand, model.add_column({.cost = sign * dice.between(1e6, 2e7)}), 1);
  }
  return graph;
}

}  // namespace vorrat::oracle

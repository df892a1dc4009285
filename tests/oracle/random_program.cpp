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

namespace {

void make_careless(program::PolicyGraph& graph, Dice& dice) {
  const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
  for (Node& node : graph.nodes) {
    lp::Model& model = node.problem.model;
    const std::size_t demand = graph.state_names.size();
    for (std::size_t row = 0; row < model.rows.size(); ++row)
      for (std::size_t column = 0; column < model.columns.size(); ++column)
        if (dice.happens(0.3))
          model.add_entry(row, column, -std::pow(10.0, -dice.between(9.0, 120.0)));
    model.add_entry(demand, model.add_column({.cost = sign * dice.between(1e6, 2e7)}), 1);
  }
}

// A level of something that nobody decides: it comes in, serves some demand and goes on.
void add_level(program::PolicyGraph& graph, Dice& dice) {
  for (Node& node : graph.nodes) {
    lp::Model& model = node.problem.model;
    const auto level = model.add_column({.upper = 10});
    model.add_entry(graph.state_names.size(), level, dice.between(0.2, 0.5));
    node.problem.incoming.push_back(level);
    node.problem.outgoing.push_back(level);
  }
  graph.initial_state.push_back(dice.between(0, 4));
  graph.state_names.push_back("level");
}

// Inflow into the first stock, what is used at least, and what is bought exactly.
void add_more_noise(program::PolicyGraph& graph, Dice& dice, std::size_t states) {
  for (Node& node : graph.nodes) {
    const bool inflow = dice.happens(0.5), least = dice.happens(0.3), exact = dice.happens(0.2);
    for (program::Realization& r : node.noise) {
      if (inflow)
        r.changes.push_back({.what = What::row_both, .row = 0, .value = dice.between(0, 2)});
      if (least)
        r.changes.push_back(
            {.what = What::column_lower, .column = 2 * states + 1, .value = dice.between(0, 0.5)});
      if (exact)
        r.changes.push_back(
            {.what = What::column_both, .column = 2 * states, .value = dice.between(1, 2)});
      if (dice.happens(0.3))
        r.changes.push_back({.what = What::row_upper, .row = states, .value = 40});
    }
  }
}

// In other units: column j counts factor[j] times as much, row i row_factor[i] times.
void change_units(program::StageTemplate& problem, std::vector<program::Realization>& noise,
                  const std::vector<double>& factor, const std::vector<double>& row_factor) {
  lp::Model& model = problem.model;
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    model.columns[j].lower *= factor[j];
    model.columns[j].upper *= factor[j];
    model.columns[j].cost /= factor[j];
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    model.rows[i].lower *= row_factor[i];
    model.rows[i].upper *= row_factor[i];
  }
  for (lp::Entry& e : model.entries) e.value *= row_factor[e.row] / factor[e.column];
  for (program::Realization& r : noise) {
    for (program::Change& c : r.changes) {
      if (c.what == What::cost) c.value /= factor[c.column];
      if (c.what == What::coefficient) c.value *= row_factor[c.row] / factor[c.column];
      if (c.what == What::row_lower || c.what == What::row_upper || c.what == What::row_both)
        c.value *= row_factor[c.row];
      if (c.what == What::column_lower || c.what == What::column_upper ||
          c.what == What::column_both)
        c.value *= factor[c.column];
    }
  }
}

void change_units(program::PolicyGraph& graph, Dice& dice) {
  const auto any = [&] { return std::pow(10.0, dice.between(-3.0, 3.0)); };
  std::vector<double> of_state;
  for (double& x : graph.initial_state) {
    of_state.push_back(any());
    x *= of_state.back();
  }
  for (Node& node : graph.nodes) {
    std::vector<double> factor, row_factor;
    for (std::size_t j = 0; j < node.problem.model.columns.size(); ++j) factor.push_back(any());
    for (std::size_t k = 0; k < of_state.size(); ++k)
      factor[node.problem.incoming[k]] = factor[node.problem.outgoing[k]] = of_state[k];
    for (std::size_t i = 0; i < node.problem.model.rows.size(); ++i) row_factor.push_back(any());
    change_units(node.problem, node.noise, factor, row_factor);
  }
}

}  // namespace

program::PolicyGraph careless_program(std::uint64_t number) {
  program::PolicyGraph graph = random_program(number);
  Dice dice(number + 1'000'000);
  make_careless(graph, dice);
  return graph;
}

program::PolicyGraph odd_program(std::uint64_t number) {
  program::PolicyGraph graph = random_program(number);
  Dice dice(number + 2'000'000);
  const std::size_t states = graph.state_names.size();
  const bool is_free = dice.happens(0.3), may_owe = dice.happens(0.3);
  for (Node& node : graph.nodes) {
    for (const std::size_t j : node.problem.outgoing) {
      lp::Column& stock = node.problem.model.columns[j];
      // Not where it earns: then there would be no end of it.
      const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
      if (is_free && sign * stock.cost >= 0.0) stock.upper = lp::infinity;
      if (may_owe) stock.lower = -2.0;
    }
  }
  add_more_noise(graph, dice, states);
  if (dice.happens(0.2)) make_careless(graph, dice);
  if (dice.happens(0.3)) add_level(graph, dice);
  if (dice.happens(0.3)) change_units(graph, dice);
  return graph;
}

program::PolicyGraph random_cycle(std::uint64_t number, double going_on) {
  Dice dice(number + 3'000'000);
  const std::size_t states = dice.count(1, 2), shape = dice.count(0, 2);
  const double sign = dice.happens(0.3) ? -1.0 : 1.0;
  program::PolicyGraph graph;
  for (std::size_t k = 0; k < states; ++k) {
    graph.state_names.push_back(fmt::format("s{}", k));
    graph.initial_state.push_back(dice.between(0, 3));
  }
  for (std::size_t n = 0; n < (shape == 0 ? 1u : 2u); ++n) {
    Node node = stage(dice, states, 1, 99, true, sign);
    node.name = fmt::format("{}", n);
    add_noise(dice, node, states, sign);
    node.noise.resize(shape == 2 ? 1 : std::min<std::size_t>(2, node.noise.size()));
    double sum = 0.0;
    for (program::Realization& r : node.noise) {
      std::erase_if(r.changes, [](const auto& c) { return c.what == What::objective_constant; });
      sum += r.probability;
    }
    for (program::Realization& r : node.noise) {
      r.probability /= sum;
      for (program::Change& c : r.changes)
        if (c.what == What::cost) c.value *= 1e4;
    }
    // So that what comes after several stages still counts more than HiGHS's tolerances.
    for (lp::Column& column : node.problem.model.columns) column.cost *= 1e4;
    graph.nodes.push_back(std::move(node));
  }
  const double stays = dice.between(0.2, 0.8);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (shape < 2) {
      graph.nodes[n].arcs = {{.child = (n + 1) % graph.nodes.size(), .probability = going_on}};
    } else {
      graph.nodes[n].arcs = {{.child = n, .probability = going_on * stays},
                             {.child = 1 - n, .probability = going_on * (1.0 - stays)}};
    }
  }
  graph.root = {{.child = 0}};
  return graph;
}

}  // namespace vorrat::oracle

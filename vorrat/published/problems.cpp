#include "vorrat/published/problems.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace vorrat::published {
namespace {

using program::Node;
using program::PolicyGraph;
using What = program::Change::What;

constexpr std::size_t types = 4;

// Both capacity cases: columns 0..3 come in, 4..7 are bought and go on.
Node buying(const std::array<double, types>& prices) {
  Node node;
  node.name = "build";
  for (std::size_t i = 0; i < types; ++i)
    node.problem.incoming.push_back(
        node.problem.model.add_column({.name = fmt::format("had_{}", i + 1)}));
  for (std::size_t i = 0; i < types; ++i)
    node.problem.outgoing.push_back(node.problem.model.add_column(
        {.cost = prices[i], .name = fmt::format("capacity_{}", i + 1)}));
  node.arcs = {{.child = 1}};
  return node;
}

// Columns 0..3 are the capacities, which pass through; then type i serves class j at cost[i][j].
// Rows 0..3 are the capacities' limits, 4.. the demands.
Node serving(const std::vector<std::vector<double>>& costs) {
  Node node;
  node.name = "use";
  node.stage = 2;
  lp::Model& model = node.problem.model;
  const std::size_t classes = costs.front().size();
  for (std::size_t i = 0; i < types; ++i) {
    const auto capacity = model.add_column({.name = fmt::format("capacity_{}", i + 1)});
    node.problem.incoming.push_back(capacity);
    node.problem.outgoing.push_back(capacity);
    const auto row = model.add_row({.upper = 0, .name = fmt::format("limit_{}", i + 1)});
    model.add_entry(row, capacity, -1);
  }
  for (std::size_t j = 0; j < classes; ++j)
    model.add_row({.name = fmt::format("demand_{}", j + 1)});
  for (std::size_t i = 0; i < types; ++i) {
    for (std::size_t j = 0; j < classes; ++j) {
      const auto serve = model.add_column({.cost = costs[i][j]});
      model.add_entry(i, serve, 1);
      model.add_entry(types + j, serve, 1);
    }
  }
  return node;
}

PolicyGraph two_stages(Node build, Node use) {
  PolicyGraph graph;
  for (std::size_t i = 0; i < types; ++i)
    graph.state_names.push_back(fmt::format("capacity_{}", i + 1));
  graph.initial_state.assign(types, 0.0);
  graph.root = {{.child = 0}};
  graph.nodes = {std::move(build), std::move(use)};
  return graph;
}

program::Realization demand_of(double probability, const std::vector<double>& demand) {
  program::Realization future{.probability = probability, .changes = {}, .name = "demand"};
  for (std::size_t j = 0; j < demand.size(); ++j) {
    future.changes.push_back({.what = What::row_lower, .row = types + j, .value = demand[j]});
    future.name += fmt::format(" {}", demand[j]);
  }
  return future;
}

}  // namespace

PolicyGraph lands_capacity(Lands variant) {
  Node build = buying({10, 7, 16, 6});
  lp::Model& first = build.problem.model;
  first.add_row({.upper = 120, .name = "budget"});
  first.add_row({.lower = variant == Lands::b ? 14.0 : 12.0, .name = "minimum capacity"});
  for (std::size_t i = 0; i < types; ++i) {
    first.add_entry(0, types + i, first.columns[types + i].cost);
    first.add_entry(1, types + i, 1);
  }
  Node use = serving({{40, 24, 4}, {45, 27, 4.5}, {32, 19.2, 3.2}, {55, 33, 5.5}});
  const std::array<double, 3> odds = {0.3, 0.4, 0.3};
  for (std::size_t a = 0; a < 3; ++a) {
    const double base = 3.0 + 2.0 * static_cast<double>(a);
    if (variant == Lands::a) {
      use.noise.push_back(demand_of(odds[a], {base, 3, 2}));
      continue;
    }
    for (std::size_t b = 0; b < 3; ++b) {
      for (std::size_t c = 0; c < 3; ++c) {
        use.noise.push_back(
            demand_of(odds[a] * odds[b] * odds[c],
                      {base, 2.0 + static_cast<double>(b), 1.0 + static_cast<double>(c)}));
      }
    }
  }
  return two_stages(std::move(build), std::move(use));
}

PolicyGraph capacity_two_stage() {
  const std::array<double, types> running = {25, 80, 6.5, 160};
  const std::array<double, 3> share = {1.0, 7000.0 / 8760.0, 1500.0 / 8760.0};
  std::vector<std::vector<double>> costs;
  for (double cost : running) costs.push_back({cost * share[0], cost * share[1], cost * share[2]});
  Node use = serving(costs);
  const auto unserved = use.problem.model.add_column({.cost = 1e6, .name = "unserved"});
  for (std::size_t j = 0; j < 3; ++j) use.problem.model.add_entry(types + j, unserved, 1);
  use.noise = {demand_of(0.9, {3919, 3410, 2986}), demand_of(0.1, {7086, 1918, 2165})};
  return two_stages(buying({16, 5, 32, 2}), std::move(use));
}

PolicyGraph waiting_or_buying(const WaitingOrBuying& inputs) {
  // Year 1 stands for all later ones: one unit of output a year for ever, from that year on.
  const double discount = 1.0 / (1.0 + inputs.discount_rate);
  const double years = 1.0 + 1.0 / inputs.discount_rate;
  const auto worth_later = [&](double price) { return discount * price * years; };

  const auto node = [](const char* name, const char* buy, double cost) {
    Node result;
    result.name = name;
    lp::Model& model = result.problem.model;
    model.sense = lp::Sense::maximise;
    model.add_column({.name = "owned_before"});
    model.add_column({.upper = 1, .name = "owned"});
    model.add_column({.upper = 1, .cost = -cost, .kind = lp::ColumnKind::integer, .name = buy});
    model.add_row({.lower = 0, .upper = 0, .name = "owning"});
    model.add_entry(0, 1, 1);
    model.add_entry(0, 0, -1);
    model.add_entry(0, 2, -1);
    result.problem.incoming = {0};
    result.problem.outgoing = {1};
    return result;
  };
  PolicyGraph graph;
  graph.state_names = {"owned"};
  graph.initial_state = {0};
  graph.root = {{.child = 0}};
  graph.nodes = {node("now", "buy_now", inputs.cost),
                 node("next year", "buy_later", discount * inputs.cost)};
  graph.nodes[0].problem.model.columns[1].cost = inputs.price_now;
  graph.nodes[0].arcs = {{.child = 1}};
  graph.nodes[1].stage = 2;
  graph.nodes[1].noise = {
      {.probability = 0.5,
       .changes = {{.what = What::cost, .column = 1, .value = worth_later(inputs.price_up)}},
       .name = "price up"},
      {.probability = 0.5,
       .changes = {{.what = What::cost, .column = 1, .value = worth_later(inputs.price_down)}},
       .name = "price down"}};
  return graph;
}

}  // namespace vorrat::published

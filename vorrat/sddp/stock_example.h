// The tiny problem that the tests of this folder begin with.
#pragma once

#include <string>
#include <vector>

#include "vorrat/program/policy_graph.h"

namespace vorrat::sddp {

/// Buy stock now at 2 a unit, or later at 5; later either 1 or 3 units must be held, each with
/// probability 0.5. A second unit bought now saves 0.5 * 5 and costs 2, so all 3 are bought now:
/// the optimum is 6 from an empty stock.
///
/// Rows of both nodes: 0 "balance", 1 "minimum". Columns: 0 "stock_in", 1 "stock", 2 "buy".
inline program::PolicyGraph stock_example(double later_price = 5.0) {
  const auto node = [](std::string name, double price) {
    program::Node result;
    result.name = std::move(name);
    lp::Model& model = result.problem.model;
    const auto in = model.add_column({.name = "stock_in"});
    const auto stock = model.add_column({.name = "stock"});
    const auto buy = model.add_column({.cost = price, .name = "buy"});
    const auto balance = model.add_row({.lower = 0, .upper = 0, .name = "balance"});
    const auto minimum = model.add_row({.lower = 0, .name = "minimum"});
    model.add_entry(balance, stock, 1);
    model.add_entry(balance, in, -1);
    model.add_entry(balance, buy, -1);
    model.add_entry(minimum, stock, 1);
    result.problem.incoming = {in};
    result.problem.outgoing = {stock};
    return result;
  };
  program::PolicyGraph graph;
  graph.state_names = {"stock"};
  graph.initial_state = {0};
  graph.nodes = {node("now", 2.0), node("later", later_price)};
  graph.nodes[0].arcs = {{.child = 1}};
  using What = program::Change::What;
  graph.nodes[1].noise = {{.probability = 0.5,
                           .changes = {{.what = What::row_lower, .row = 1, .value = 1}},
                           .name = "low"},
                          {.probability = 0.5,
                           .changes = {{.what = What::row_lower, .row = 1, .value = 3}},
                           .name = "high"}};
  graph.root = {{.child = 0}};
  return graph;
}

}  // namespace vorrat::sddp

#include "vorrat/program/policy_graph.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

// One state "stock": stock_out = stock_in + buy, at 2 a unit; at least 1 must be held.
Node stock_node(std::string name) {
  Node node;
  node.name = std::move(name);
  lp::Model& model = node.problem.model;
  const auto in = model.add_column({.name = "stock_in"});
  const auto out = model.add_column({.name = "stock_out"});
  const auto buy = model.add_column({.cost = 2.0, .name = "buy"});
  const auto balance = model.add_row({.lower = 0, .upper = 0, .name = "balance"});
  model.add_row({.lower = 1, .name = "minimum"});
  model.add_entry(balance, out, 1);
  model.add_entry(balance, in, -1);
  model.add_entry(balance, buy, -1);
  model.add_entry(1, out, 1);
  node.problem.incoming = {in};
  node.problem.outgoing = {out};
  return node;
}

PolicyGraph two_stages() {
  PolicyGraph graph;
  graph.state_names = {"stock"};
  graph.initial_state = {0};
  graph.nodes = {stock_node("now"), stock_node("later")};
  graph.nodes[0].arcs = {{.child = 1}};
  graph.root = {{.child = 0}};
  return graph;
}

std::string fault_of(const PolicyGraph& graph) {
  try {
    graph.check();
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "no fault";
}

TEST(PolicyGraph, AcceptsASoundGraph) { EXPECT_EQ(fault_of(two_stages()), "no fault"); }

TEST(PolicyGraph, KnowsWhetherANodeCanBeReachedFromItself) {
  PolicyGraph graph = two_stages();
  EXPECT_FALSE(graph.is_cyclic());
  graph.nodes[1].arcs = {{.child = 0, .probability = 0.9}};
  EXPECT_TRUE(graph.is_cyclic());
  graph.nodes[1].arcs = {{.child = 0, .probability = 0.0}};
  EXPECT_FALSE(graph.is_cyclic());
}

TEST(PolicyGraph, NamesTheNodeWhoseProbabilitiesAreWrong) {
  PolicyGraph graph = two_stages();
  graph.nodes[1].noise = {{.probability = 0.5}, {.probability = 0.4}};
  EXPECT_EQ(fault_of(graph),
            "the probabilities of the noise of node \"later\" sum to 0.9, not to 1");
  graph = two_stages();
  graph.nodes[0].arcs.push_back({.child = 1, .probability = 0.25});
  EXPECT_EQ(fault_of(graph), "the arcs from node \"now\" sum to 1.25, which is more than 1");
  graph = two_stages();
  graph.root = {{.child = 0, .probability = 0.75}};
  EXPECT_EQ(fault_of(graph), "the arcs from the root sum to 0.75, not to 1");
  graph.root = {{.child = 0, .probability = -1}};
  EXPECT_EQ(fault_of(graph),
            "an arc from the root has the probability -1, which is outside [0, 1]");
}

TEST(PolicyGraph, NamesTheNodeWhoseShapeIsWrong) {
  PolicyGraph graph = two_stages();
  graph.nodes[1].problem.incoming.clear();
  EXPECT_EQ(fault_of(graph), "node \"later\" has 0 incoming columns, but the graph has 1 states");
  graph = two_stages();
  graph.nodes[1].problem.outgoing = {7};
  EXPECT_EQ(fault_of(graph),
            "the outgoing column of state \"stock\" in node \"later\" is 7, but its stage problem "
            "has 3 columns");
  graph = two_stages();
  graph.nodes[1].noise = {{.changes = {{.what = Change::What::row_both, .row = 9, .value = 1}}}};
  EXPECT_EQ(fault_of(graph), "the noise of node \"later\" changes row 9; there are 2 rows");
  graph = two_stages();
  graph.nodes[0].arcs = {{.child = 5}};
  EXPECT_EQ(fault_of(graph), "an arc from node \"now\" leads to node 5; there are 2 nodes");
  graph = two_stages();
  graph.nodes[1].problem.model.sense = lp::Sense::maximise;
  EXPECT_EQ(
      fault_of(graph),
      "node \"now\" minimises, but node \"later\" maximises: all nodes of a graph must agree");
}

TEST(Realized, ReplacesNumbersAndLeavesTheRest) {
  const Node node = stock_node("now");
  const lp::Model model = realized(
      node.problem,
      {.changes = {{.what = Change::What::row_both, .row = 0, .value = 4},
                   {.what = Change::What::row_lower, .row = 1, .value = 3},
                   {.what = Change::What::column_upper, .column = 2, .value = 8},
                   {.what = Change::What::cost, .column = 2, .value = 5},
                   {.what = Change::What::coefficient, .row = 0, .column = 2, .value = -0.5},
                   {.what = Change::What::objective_constant, .value = 7}}});
  EXPECT_EQ(model.rows[0].lower, 4);
  EXPECT_EQ(model.rows[0].upper, 4);
  EXPECT_EQ(model.rows[1].lower, 3);
  EXPECT_EQ(model.rows[1].upper, lp::infinity);
  EXPECT_EQ(model.columns[2].upper, 8);
  EXPECT_EQ(model.columns[2].cost, 5);
  EXPECT_EQ(model.objective_constant, 7);
  const auto matrix = lp::by_columns(model);
  EXPECT_EQ(matrix.value.size(), node.problem.model.entries.size());
  EXPECT_EQ(matrix.value[matrix.start[2]], -0.5);
}

}  // namespace
}  // namespace vorrat::program

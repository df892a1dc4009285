#include "vorrat/sddp/cost_to_go_bound.h"

#include <gtest/gtest.h>

namespace vorrat::sddp {
namespace {

// Each stage earns at most 3 for what is sold from stock, and buys for 1 at most 2 units.
program::PolicyGraph trade(double largest_stock) {
  program::PolicyGraph graph{
      .state_names = {"stock"}, .initial_state = {4}, .root = {{.child = 0}}};
  for (int t = 0; t < 2; ++t) {
    program::Node node{.name = t == 0 ? "now" : "later"};
    lp::Model& model = node.problem.model;
    const auto in = model.add_column({}), out = model.add_column({.upper = largest_stock}),
               buy = model.add_column({.upper = 2, .cost = 1}),
               sell = model.add_column({.cost = -3});
    const auto balance = model.add_row({.lower = 0, .upper = 0});
    model.add_entry(balance, out, 1);
    model.add_entry(balance, in, -1);
    model.add_entry(balance, buy, -1);
    model.add_entry(balance, sell, 1);
    node.problem.incoming = {in};
    node.problem.outgoing = {out};
    graph.nodes.push_back(node);
  }
  graph.nodes[0].arcs = {{.child = 1}};
  return graph;
}

// A stock of at most 5 comes in: 5 + 2 units sold, 2 bought, at best -21 + 2.
TEST(CostToGoBound, UsesTheBoundsOfStates) {
  const auto bound = cost_to_go_bound(trade(5));
  ASSERT_EQ(bound.status, lp::Status::optimal);
  EXPECT_NEAR(bound.future_bounds[0], -19.0, 1e-4);
  EXPECT_LE(bound.future_bounds[0], -19.0);
}

// Without a bound, at most 4 + 2 can be reached: 6 + 2 sold.
TEST(CostToGoBound, FindsWhatStatesCanReachWhereTheyHaveNoBounds) {
  const auto bound = cost_to_go_bound(trade(lp::infinity));
  ASSERT_EQ(bound.status, lp::Status::optimal);
  EXPECT_NEAR(bound.future_bounds[0], -22.0, 1e-3);
  EXPECT_LE(bound.future_bounds[0], -22.0);
}

// For ever with a discount of 0.9: every stage at best -19, so -19 / (1 - 0.9).
TEST(CostToGoBound, AddsUpACycle) {
  auto graph = trade(5);
  graph.nodes[1].arcs = {{.child = 1, .probability = 0.9}};
  const auto bound = cost_to_go_bound(graph);
  ASSERT_EQ(bound.status, lp::Status::optimal);
  EXPECT_NEAR(bound.future_bounds[1], -190.0, 1e-2);
}

TEST(CostToGoBound, SaysWhatToGiveWhereThereIsNone) {
  auto graph = trade(lp::infinity);
  graph.nodes[0].problem.model.columns[2].upper = lp::infinity;
  const auto bound = cost_to_go_bound(graph);
  EXPECT_EQ(bound.status, lp::Status::unbounded);
  EXPECT_EQ(bound.message,
            "the stage problem of node \"now\" has no least cost, because states that can come in "
            "have no "
            "bounds: give them bounds, or a bound on the cost to go");
}

}  // namespace
}  // namespace vorrat::sddp

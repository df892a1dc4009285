#include "vorrat/tree/extensive_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "vorrat/base/random.h"
#include "vorrat/tree/stock_example.h"

namespace vorrat::tree {
namespace {

using testing::ElementsAre;

// See stock_example(): the optimum is 6, three units bought now.
TEST(ExtensiveForm, SolvesTheStockExample) {
  ExtensiveForm form(stock_example());
  const auto result = form.solve({});
  ASSERT_EQ(result.answer.status, lp::Status::optimal);
  EXPECT_NEAR(result.answer.objective, 6.0, 1e-9);
  EXPECT_THAT(result.primal[0], ElementsAre(0, 3, 3));
  EXPECT_THAT(result.primal[1], ElementsAre(3, 3, 0));
  EXPECT_THAT(result.stage_cost, ElementsAre(6, 0, 0));
  // One more unit in the high future costs 2 now, which is 4 a unit of that future.
  EXPECT_NEAR(result.row_dual[2][1], 4.0, 1e-9);
  EXPECT_NEAR(result.row_dual[1][1], 0.0, 1e-9);
}

TEST(ExtensiveForm, ReducesStageCostsByTheirProbabilities) {
  auto graph = stock_example(3.0);  // 0.5 * 3 < 2: buy two units only if the high future comes
  graph.nodes[1].problem.model.objective_constant = 10.0;
  const auto result = ExtensiveForm(graph).solve({});
  EXPECT_NEAR(result.answer.objective, 2.0 + 0.5 * 2 * 3 + 10.0, 1e-9);
  EXPECT_THAT(result.stage_cost, ElementsAre(2, 10, 16));
}

TEST(ExtensiveForm, ResolvesAfterChangesOfOneNode) {
  ExtensiveForm form(stock_example());
  form.solve({});
  form.set_column_bounds(0, 2, 0.0, 2.0);  // buy at most 2 now
  EXPECT_NEAR(form.solve({}).answer.objective, 4.0 + 0.5 * 5, 1e-9);
  form.set_cost(2, 2, 1.0);  // in the high future units are cheap
  EXPECT_NEAR(form.solve({}).answer.objective, 2.0 + 0.5 * 2, 1e-9);
  form.set_row_bounds(1, 1, 2.0, lp::infinity);
  EXPECT_NEAR(form.solve({}).answer.objective, 4.0 + 0.5 * 1, 1e-9);
  form.set_column_bounds(0, 0, 10.0, 10.0);  // the initial state
  EXPECT_NEAR(form.solve({}).answer.objective, 0.0, 1e-9);
}

TEST(ExtensiveForm, NamesTheRowsThatClash) {
  ExtensiveForm form(stock_example());
  form.set_column_bounds(0, 2, 0.0, 0.0);
  form.set_column_bounds(2, 2, 0.0, 1.0);
  const auto result = form.solve({});
  ASSERT_EQ(result.answer.status, lp::Status::infeasible);
  ASSERT_EQ(result.answer.ray.size(), form.model().rows.size());
  std::vector<std::string> clash;
  for (std::size_t i = 0; i < result.answer.ray.size(); ++i) {
    if (std::abs(result.answer.ray[i]) > 1e-9) clash.push_back(form.row_title(i));
  }
  EXPECT_THAT(clash,
              ElementsAre("balance at now", "balance at later, high", "minimum at later, high"));
}

TEST(ExtensiveForm, FindsNamedRowsAndColumnsInAllNodes) {
  const ExtensiveForm form(stock_example());
  EXPECT_THAT(form.rows_named("minimum"),
              ElementsAre(PlaceInTree{0, 1}, PlaceInTree{1, 1}, PlaceInTree{2, 1}));
  EXPECT_EQ(form.columns_named("buy").size(), 3u);
  EXPECT_TRUE(form.columns_named("stock_in").empty());
  EXPECT_EQ(form.row_bounds(2, 1), (Bounds{3, lp::infinity}));
  EXPECT_EQ(form.place_of_row(form.row_of(2, 1)), (PlaceInTree{2, 1}));
  EXPECT_EQ(form.column_title({1, 2}), "buy at later, low");
}

// A state may pass through a node as one and the same column, and may cost something there.
TEST(ExtensiveForm, LetsAStatePassThroughANode) {
  auto graph = stock_example();
  program::Node holding;
  holding.name = "holding";
  holding.problem.model.add_column({.cost = 0.25, .name = "stock"});
  holding.problem.incoming = holding.problem.outgoing = {0};
  holding.arcs = {{.child = 1}};
  graph.nodes.push_back(holding);
  graph.nodes[0].arcs = {{.child = 2}};
  // A unit kept costs 2.25 now against 0.5 * 5 later: still 3 now.
  ExtensiveForm form(graph);
  EXPECT_NEAR(form.solve({}).answer.objective, 3 * 2.25, 1e-9);
  form.set_cost(1, 0, 0.75);  // 2.75 > 2.5: one unit now, two when needed
  EXPECT_NEAR(form.solve({}).answer.objective, 2.75 + 0.5 * 2 * 5, 1e-9);
}

TEST(ExtensiveForm, SolvesWholeNumbersToTheirOwnOptimum) {
  auto graph = stock_example();
  graph.nodes[1].noise[1].changes[0].value = 2.5;
  for (auto& node : graph.nodes) node.problem.model.columns[2].kind = lp::ColumnKind::integer;
  const auto result = ExtensiveForm(graph).solve({});
  ASSERT_EQ(result.answer.status, lp::Status::optimal);
  EXPECT_NEAR(result.answer.objective, 6.0, 1e-6);  // 3 units, where 2.5 would do
  EXPECT_TRUE(result.row_dual.empty());
}

// A stage of 150 rows and 300 columns, 10 states, in a tree of 1 + 12 + 144 + 1728 = 1885 nodes.
TEST(ExtensiveForm, BuildsAndHandsOverALargeTreeInAboutASecond) {
  const RandomStream random(7, "large tree");
  program::PolicyGraph graph;
  for (int t = 0; t < 4; ++t) {
    program::Node node;
    node.name = "stage";
    lp::Model& model = node.problem.model;
    for (std::size_t j = 0; j < 300; ++j) model.add_column({.upper = 100, .cost = 1, .name = "c"});
    for (std::size_t i = 0; i < 150; ++i) {
      model.add_row({.lower = i < 10 ? 0.0 : 1.0, .name = "r"});
      for (std::size_t e = 0; e < 5; ++e)
        model.add_entry(i, random.bits(i, e) % 300, 1.0 + static_cast<double>(e));
    }
    for (std::size_t k = 0; k < 10; ++k) {
      node.problem.incoming.push_back(k);
      node.problem.outgoing.push_back(10 + k);
    }
    if (t > 0) {
      for (int w = 0; w < 12; ++w) {
        node.noise.push_back({.probability = 1.0 / 12,
                              .changes = {{.row = 20, .value = static_cast<double>(w)}},
                              .name = {}});
      }
    }
    if (t < 3) node.arcs = {{.child = static_cast<std::size_t>(t) + 1}};
    graph.nodes.push_back(node);
  }
  graph.state_names.assign(10, "s");
  graph.initial_state.assign(10, 0.0);
  graph.root = {{.child = 0}};
  const auto start = std::chrono::steady_clock::now();
  const ExtensiveForm form(graph);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(form.tree().nodes.size(), 1885u);
  EXPECT_EQ(form.model().rows.size(), 1885u * 150);
  EXPECT_LT(elapsed.count(), 10.0);  // about 0.5 s on an idle core; the rest is for a busy machine
  RecordProperty("seconds", std::to_string(elapsed.count()));
}

}  // namespace
}  // namespace vorrat::tree

#include "vorrat/tree/information_value.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/tree/stock_example.h"

namespace vorrat::tree {
namespace {

// See stock_example(). Average minimum 2: EV = 4, two units now. In the high future one more is
// bought at 5: EEV = 4 + 2.5. Known: 2 or 6, WS = 4. Optimum 6.
TEST(InformationValue, OfTheStockExample) {
  const auto value = information_value(stock_example(), {});
  EXPECT_NEAR(value.optimum, 6.0, 1e-9);
  EXPECT_NEAR(value.average.promised_cost, 4.0, 1e-9);
  EXPECT_NEAR(value.average.state.at(0), 2.0, 1e-9);
  EXPECT_NEAR(value.average.expected_cost.value(), 6.5, 1e-9);
  EXPECT_NEAR(value.stochastic_solution.value(), 0.5, 1e-9);
  EXPECT_NEAR(value.known.expected_cost.value(), 4.0, 1e-9);
  EXPECT_NEAR(value.perfect_information.value(), 2.0, 1e-9);
}

TEST(InformationValue, IsUndefinedWhereTheAveragePlanFailsAndNamesTheFutures) {
  auto graph = stock_example();
  graph.nodes[1].problem.model.columns[2].upper = 0.5;  // little can be bought later
  const auto value = information_value(graph, {});
  EXPECT_EQ(value.status, lp::Status::optimal);
  EXPECT_FALSE(value.average.expected_cost);
  EXPECT_FALSE(value.stochastic_solution);
  ASSERT_EQ(value.average.failed.size(), 1u);
  EXPECT_EQ(value.average.failed[0].title, "later, high");
  EXPECT_EQ(value.average.why_undefined, "the average plan fails in 1 future of probability 0.5");
  EXPECT_TRUE(value.perfect_information);
}

TEST(InformationValue, IsPositiveWhenMaximisingToo) {
  auto graph = stock_example();
  for (auto& node : graph.nodes) {
    node.problem.model.sense = lp::Sense::maximise;
    for (auto& column : node.problem.model.columns) column.cost = -column.cost;
  }
  const auto value = information_value(graph, {});
  EXPECT_NEAR(value.optimum, -6.0, 1e-9);
  EXPECT_NEAR(value.stochastic_solution.value(), 0.5, 1e-9);
  EXPECT_NEAR(value.perfect_information.value(), 2.0, 1e-9);
}

TEST(ExpectedValueGraph, AveragesNodesOfOneStageByTheirProbability) {
  auto graph = stock_example();
  graph.nodes.push_back(graph.nodes[1]);
  graph.nodes[2].name = "later, dear";
  graph.nodes[2].problem.model.columns[2].cost = 9.0;
  graph.nodes[0].arcs = {{.child = 1, .probability = 0.75}, {.child = 2, .probability = 0.25}};
  const auto average = expected_value_graph(graph);
  ASSERT_EQ(average.nodes.size(), 2u);
  EXPECT_DOUBLE_EQ(average.nodes[1].problem.model.columns[2].cost, 6.0);
  EXPECT_DOUBLE_EQ(average.nodes[1].problem.model.rows[1].lower, 2.0);
  EXPECT_EQ(average.nodes[1].problem.model.rows[1].upper, lp::infinity);
}

TEST(ExpectedValueGraph, RefusesStagesWhoseNodesDifferInShape) {
  auto graph = stock_example();
  graph.nodes.push_back(graph.nodes[1]);
  graph.nodes[2].name = "odd";
  graph.nodes[2].problem.model.add_row({.lower = 0});
  graph.nodes[0].arcs = {{.child = 1, .probability = 0.75}, {.child = 2, .probability = 0.25}};
  try {
    expected_value_graph(graph);
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "the average of stage 2 is not defined: nodes \"later\" and \"odd\" differ in "
                 "shape");
  }
}

TEST(WaitAndSee, SolvesEveryScenarioAlone) {
  const auto known = wait_and_see(stock_example(), {});
  EXPECT_EQ(known.costs.size(), 2u);
  EXPECT_NEAR(known.costs[0], 2.0, 1e-9);
  EXPECT_NEAR(known.costs[1], 6.0, 1e-9);
}

}  // namespace
}  // namespace vorrat::tree

#include "vorrat/tree/scenario_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/tree/stock_example.h"

namespace vorrat::tree {
namespace {

// now, then later/low and later/high
TEST(ScenarioTree, HoldsEveryHistoryWithItsProbability) {
  const auto graph = stock_example();
  const ScenarioTree tree = unfold(graph);
  ASSERT_EQ(tree.nodes.size(), 3u);
  EXPECT_THAT(tree.children[0], testing::ElementsAre(1, 2));
  EXPECT_EQ(tree.nodes[0].parent, 0u);
  EXPECT_EQ(tree.nodes[2].realization, 1u);
  EXPECT_EQ(tree.nodes[2].depth, 1);
  EXPECT_DOUBLE_EQ(tree.nodes[2].probability, 0.5);
  EXPECT_THAT(tree.path_to(2), testing::ElementsAre(0, 2));
  EXPECT_EQ(title(graph, tree.nodes[2]), "later, high");
  EXPECT_EQ(title(graph, tree.nodes[0]), "now");
}

TEST(ScenarioTree, LeavesOutWhatCannotHappen) {
  auto graph = stock_example();
  graph.nodes[1].noise[0].probability = 0.0;
  graph.nodes[1].noise[1].probability = 1.0;
  EXPECT_EQ(unfold(graph).nodes.size(), 2u);
}

TEST(ScenarioTree, CountsHistoriesThatEndEarly) {
  auto graph = stock_example();
  graph.nodes[0].arcs[0].probability = 0.8;
  const ScenarioTree tree = unfold(graph);
  EXPECT_NEAR(tree.ending_probability(0), 0.2, 1e-15);
  EXPECT_NEAR(tree.ending_probability(1), 0.4, 1e-15);
}

TEST(ScenarioTree, SaysHowLargeATreeItRefusesAndThatACycleNeverEnds) {
  auto graph = stock_example();
  try {
    unfold(graph, 2);
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(), "the scenario tree would have 3 nodes; at most 2 are allowed here");
  }
  graph.nodes[1].arcs = {{.child = 1, .probability = 0.9}};
  try {
    unfold(graph);
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "the policy graph has a cycle, so its scenario tree never ends: give a depth to "
                 "stop at");
  }
  EXPECT_EQ(unfold(graph, 100, 3).nodes.size(), 1u + 2 + 4 + 8);
}

}  // namespace
}  // namespace vorrat::tree

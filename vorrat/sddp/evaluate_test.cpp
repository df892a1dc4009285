#include "vorrat/sddp/evaluate.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "vorrat/sddp/stock_example.h"

namespace vorrat::sddp {
namespace {

// In each of four stages at most one unit can be bought, at 1, and nothing is worth storing but
// that three are needed in the fourth, or with a chance of 0.25 four: who buys none in the first
// stage comes to the fourth without a decision. The optimum is to buy one in each of the first
// three, and one in the fourth if it is needed: 3 + 0.25.
program::PolicyGraph late_need() {
  program::PolicyGraph graph = stock_example();
  const program::Node later = graph.nodes[1];
  graph.nodes.resize(1);
  graph.nodes[0].problem.model.columns[2] = {.upper = 1.0, .cost = 1.0, .name = "buy"};
  for (std::size_t t = 1; t < 4; ++t) {
    graph.nodes.push_back(graph.nodes[0]);
    graph.nodes[t].name = "stage " + std::to_string(t);
    graph.nodes[t - 1].arcs = {{.child = t}};
  }
  graph.nodes[3].arcs.clear();
  graph.nodes[3].noise = later.noise;
  graph.nodes[3].noise[0].probability = 0.75;
  graph.nodes[3].noise[0].changes[0].value = 3.0;
  graph.nodes[3].noise[1].probability = 0.25;
  graph.nodes[3].noise[1].changes[0].value = 4.0;
  return graph;
}

ValuePolicy untrained() {
  return {std::make_shared<const program::PolicyGraph>(late_need()), CutKind::single,
          std::vector<double>(4, 0.0), std::vector<std::vector<double>>(4)};
}

TEST(Evaluate, CountsPathsWithoutADecision) {
  ValuePolicy policy = untrained();
  for (const Estimator estimator : {Estimator::sampled, Estimator::expected}) {
    const Evaluation cost = evaluate(policy, {.estimator = estimator, .paths = 50});
    EXPECT_EQ(cost.failed, 50u);
    EXPECT_FALSE(cost.is_infeasible);
    EXPECT_EQ(cost.cost.count, 0u);
  }
  EXPECT_EQ(policy.cut_count(), 0u);
}

TEST(Evaluate, LearnsWhatCannotBeCarriedOnUntilEveryPathEnds) {
  for (const Estimator estimator : {Estimator::sampled, Estimator::expected}) {
    for (const int threads : {1, 2}) {
      ValuePolicy policy = untrained();
      const Evaluation cost = evaluate(
          policy, {.estimator = estimator, .paths = 400, .threads = threads, .learns = true});
      EXPECT_EQ(cost.failed, 0u);
      ASSERT_EQ(cost.cost.count, 400u);
      // Nothing else was learned, but what must be done is all that there is to do.
      EXPECT_NEAR(cost.cost.mean, 3.25, 2.0 * cost.cost.half_width + 1e-9);
      // The cost is that of the policy as it is now.
      const Evaluation again = evaluate(policy, {.estimator = estimator, .paths = 400});
      EXPECT_EQ(again.cost.mean, cost.cost.mean);
    }
  }
}

TEST(Evaluate, EndsWhereNoDecisionOfTheFirstStageWillDo) {
  program::PolicyGraph graph = late_need();
  graph.nodes[3].noise[1].changes[0].value = 5.0;
  ValuePolicy hopeless(std::make_shared<const program::PolicyGraph>(graph), CutKind::single,
                       std::vector<double>(4, 0.0), std::vector<std::vector<double>>(4));
  const Evaluation cost =
      evaluate(hopeless, {.estimator = Estimator::sampled, .paths = 20, .learns = true});
  EXPECT_TRUE(cost.is_infeasible);
  EXPECT_EQ(cost.failed, 20u);
  EXPECT_EQ(cost.cost.count, 0u);
}

}  // namespace
}  // namespace vorrat::sddp

#include "vorrat/tree/tail_risk.h"

#include <gtest/gtest.h>

namespace vorrat::tree {
namespace {

// Buy x <= 10 now at 1 each; then 10 are wanted with chance 0.2 and none with 0.8, each that is
// missing costs 4. Mean: x + 0.2 * 4 * (10 - x), least at x = 0 with 8; the worst fifth costs
// x + 4 (10 - x), least at x = 10 with 10.
program::PolicyGraph insurance() {
  program::PolicyGraph graph{
      .state_names = {"x"}, .initial_state = {0}, .root = {{.child = 0}}, .nodes = {}};
  program::Node now{.name = "now", .stage = 1, .problem = {}, .noise = {}, .arcs = {{.child = 1}}};
  lp::Model& first = now.problem.model;
  const std::size_t in = first.add_column({.lower = -lp::infinity});
  const std::size_t x = first.add_column({.upper = 10, .cost = 1});
  now.problem.incoming = {in};
  now.problem.outgoing = {x};
  program::Node then{.name = "then", .stage = 2, .problem = {}, .noise = {}, .arcs = {}};
  lp::Model& second = then.problem.model;
  const std::size_t have = second.add_column({.lower = -lp::infinity});
  const std::size_t missing = second.add_column({.cost = 4});
  const std::size_t out = second.add_column({});
  const std::size_t row = second.add_row({.lower = 10});
  second.add_entry(row, have, 1);
  second.add_entry(row, missing, 1);
  const std::size_t keep = second.add_row({.lower = 0, .upper = 0});
  second.add_entry(keep, have, 1);
  second.add_entry(keep, out, -1);
  then.problem.incoming = {have};
  then.problem.outgoing = {out};
  using What = program::Change::What;
  then.noise = {{.probability = 0.2, .changes = {}, .name = "wanted"},
                {.probability = 0.8,
                 .changes = {{.what = What::row_lower, .row = row, .value = 0}},
                 .name = "not"}};
  graph.nodes = {now, then};
  return graph;
}

TEST(TailFrontier, GoesFromTheMeanToTheWorst) {
  const ExtensiveForm form(insurance());
  const auto points = tail_frontier(form, 0.2, {0.0, 0.5, 1.0}, {});
  ASSERT_EQ(points.size(), 3u);
  EXPECT_NEAR(points[0].mean, 8, 1e-7);
  EXPECT_NEAR(points[0].tail_mean, 40, 1e-7);
  EXPECT_NEAR(points[0].first.at(0).at(1), 0, 1e-7);
  // 0.5 (8 + 0.2 x) + 0.5 (40 - 3 x) falls in x.
  EXPECT_NEAR(points[1].mean, 10, 1e-7);
  EXPECT_NEAR(points[2].tail_mean, 10, 1e-7);
  EXPECT_NEAR(points[2].first.at(0).at(1), 10, 1e-7);
}

TEST(TailFrontier, WithTheWholeDistributionAsTailIsTheMean) {
  const ExtensiveForm form(insurance());
  for (const auto& point : tail_frontier(form, 1.0, {0.0, 1.0}, {})) {
    EXPECT_NEAR(point.mean, 8, 1e-7);
    EXPECT_NEAR(point.tail_mean, 8, 1e-7);
  }
}

TEST(MeanOfWorst, TakesAShareOfTheLastOutcome) {
  EXPECT_DOUBLE_EQ(mean_of_worst({1, 5, 3}, {0.5, 0.25, 0.25}, 0.25), 5);
  EXPECT_DOUBLE_EQ(mean_of_worst({1, 5, 3}, {0.5, 0.25, 0.25}, 0.4), (0.25 * 5 + 0.15 * 3) / 0.4);
  EXPECT_DOUBLE_EQ(mean_of_worst({1, 5, 3}, {0.5, 0.25, 0.25}, 1), 2.5);
}

}  // namespace
}  // namespace vorrat::tree

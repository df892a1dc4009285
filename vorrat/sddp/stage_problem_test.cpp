#include "vorrat/sddp/stage_problem.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vorrat::sddp {
namespace {

/// What came in leaves by a tenth: out = 0.9 in, between 0 and 5, at a cost of 2 a unit, with 1 or
/// 3 more by noise. One equation gives the one column.
program::PolicyGraph decay() {
  program::PolicyGraph graph;
  graph.state_names = {"stock"};
  graph.initial_state = {1.0};
  graph.root = {{.child = 0}};
  program::Node node{.name = "decay"};
  lp::Model& model = node.problem.model;
  const auto in = model.add_column({.name = "in"});
  const auto out = model.add_column({.upper = 5.0, .cost = 2.0, .name = "out"});
  const auto row = model.add_row({.lower = 0.0, .upper = 0.0});
  model.add_entry(row, out, 1.0);
  model.add_entry(row, in, -0.9);
  node.problem.incoming = {in};
  node.problem.outgoing = {out};
  using What = program::Change::What;
  node.noise = {{.probability = 0.5, .changes = {{.what = What::row_both, .row = 0, .value = 1}}},
                {.probability = 0.5, .changes = {{.what = What::row_both, .row = 0, .value = 3}}}};
  graph.nodes = {node};
  return graph;
}

TEST(StageProblem, GivesAColumnTheValueOfItsEquation) {
  const auto graph = decay();
  const ValueFunction last;
  StageProblem problem(graph, 0, last);
  ASSERT_EQ(problem.solve(std::array{2.0}, 0), lp::Status::optimal);
  EXPECT_NEAR(problem.state()[0], 2.8, 1e-12);
  EXPECT_NEAR(problem.objective(), 5.6, 1e-12);
  EXPECT_NEAR(problem.bound(), 5.6, 1e-12);
  EXPECT_NEAR(problem.slope()[0], 1.8, 1e-12);
}

TEST(StageProblem, SaysWhichStatesAnEquationForbids) {
  const auto graph = decay();
  const ValueFunction last;
  StageProblem problem(graph, 0, last);
  ASSERT_EQ(problem.solve(std::array{4.0}, 1), lp::Status::infeasible);  // 0.9 * 4 + 3 > 5
  const auto cut = problem.feasibility_cut();
  ASSERT_TRUE(cut);
  EXPECT_NEAR(-cut->rhs / cut->slope[0], 2.0 / 0.9, 1e-9);  // what may come in at most
  ASSERT_EQ(problem.solve(std::array{2.0}, 1), lp::Status::optimal);
  EXPECT_NEAR(problem.state()[0], 4.8, 1e-12);
}

TEST(StageProblem, TakesGivenNumbersOfTheEquationAndForgetsThem) {
  const auto graph = decay();
  const ValueFunction last;
  StageProblem problem(graph, 0, last);
  using What = program::Change::What;
  const program::Realization halved{
      .changes = {{.what = What::coefficient, .row = 0, .column = 1, .value = 2.0}}};
  ASSERT_EQ(problem.solve(std::array{2.0}, halved), lp::Status::optimal);
  EXPECT_NEAR(problem.state()[0], 0.9, 1e-12);
  const program::Realization at_least{
      .changes = {{.what = What::column_lower, .column = 1, .value = 2.5}}};
  EXPECT_EQ(problem.solve(std::array{2.0}, at_least), lp::Status::infeasible);
  ASSERT_EQ(problem.solve(std::array{2.0}, 0), lp::Status::optimal);
  EXPECT_NEAR(problem.state()[0], 2.8, 1e-12);
}

TEST(StageProblem, KnowsOtherOutcomesByTheDualsOfOne) {
  const auto graph = decay();
  const ValueFunction last;
  StageProblem problem(graph, 0, last);
  ASSERT_TRUE(problem.duals_say_of_others());
  problem.least_costs(std::array{2.0});
  ASSERT_EQ(problem.solve(std::array{2.0}, 0), lp::Status::optimal);
  const auto known = problem.keep_duals();
  EXPECT_NEAR(known[0].value, 5.6, 1e-12);
  EXPECT_NEAR(known[1].value, 9.6, 1e-12);
  std::vector<double> slope(1);
  problem.least_cost_slope(1, slope);
  EXPECT_NEAR(slope[0], 1.8, 1e-12);
}

}  // namespace
}  // namespace vorrat::sddp

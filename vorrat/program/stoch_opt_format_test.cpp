#include "vorrat/program/stoch_opt_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

// Buy x at 1 each; sell at a random price p at most a random number d.
const std::string shop = R"({
  "name": "shop",
  "version": {"major": 1, "minor": 0},
  "root": {"state_variables": {"x": 2.0}, "successors": {"buy": 1.0}},
  "nodes": {
    "buy": {"subproblem": "buying", "successors": {"sell": 1.0}},
    "sell": {"subproblem": "selling", "realizations": [
      {"probability": 0.25, "support": {"d": 10, "p": 3}},
      {"probability": 0.75, "support": {"d": 14, "p": 2}}]}
  },
  "subproblems": {
    "buying": {
      "state_variables": {"x": {"in": "x_in", "out": "x_out"}},
      "subproblem": {
        "variables": [{"name": "x_in"}, {"name": "x_out"}],
        "objective": {"sense": "max", "function": {"type": "ScalarAffineFunction",
          "terms": [{"variable": "x_out", "coefficient": -1}], "constant": 0.5}},
        "constraints": [{"function": {"type": "Variable", "name": "x_out"},
                         "set": {"type": "Interval", "lower": 0, "upper": 20}},
                        {"function": {"type": "Variable", "name": "x_out"},
                         "set": {"type": "Integer"}}]
      }
    },
    "selling": {
      "state_variables": {"x": {"in": "x_in", "out": "x_out"}},
      "random_variables": ["d", "p"],
      "subproblem": {
        "variables": [{"name": "d"}, {"name": "x_in"}, {"name": "x_out"}, {"name": "u"}, {"name": "p"}],
        "objective": {"sense": "max", "function": {"type": "ScalarQuadraticFunction",
          "affine_terms": [{"variable": "u", "coefficient": 0.5}],
          "quadratic_terms": [{"variable_1": "p", "variable_2": "u", "coefficient": 1.0}], "constant": 0}},
        "constraints": [
          {"function": {"type": "ScalarAffineFunction", "terms": [{"variable": "u", "coefficient": 1},
            {"variable": "x_in", "coefficient": -1}], "constant": 1.0}, "set": {"type": "LessThan", "upper": 1}},
          {"name": "demand", "function": {"type": "ScalarAffineFunction", "terms": [{"variable": "u", "coefficient": 2},
            {"variable": "d", "coefficient": -2}], "constant": 0}, "set": {"type": "LessThan", "upper": 0}}]
      }
    }
  },
  "validation_scenarios": [[{"node": "buy"}, {"node": "sell", "support": {"d": 9, "p": 1}}]]
})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string faults_of(const std::string& text) {
  const auto problem = read_stoch_opt_format(text, "shop.sof.json");
  return problem ? "no fault" : to_string(problem.error());
}

using What = Change::What;

TEST(StochOptFormat, ReadsTheGraph) {
  const auto problem = read_stoch_opt_format(shop, "shop.sof.json");
  ASSERT_TRUE(problem) << to_string(problem.error());
  const PolicyGraph& graph = problem->graph;
  EXPECT_EQ(problem->name, "shop");
  EXPECT_THAT(graph.state_names, testing::ElementsAre("x"));
  EXPECT_THAT(graph.initial_state, testing::ElementsAre(2.0));
  EXPECT_EQ(graph.sense(), lp::Sense::maximise);
  EXPECT_EQ(graph.nodes[0].arcs[0].child, 1u);
  EXPECT_EQ(graph.nodes[1].stage, 2);
  const lp::Model& buying = graph.nodes[0].problem.model;
  EXPECT_EQ(buying.columns[1].upper, 20);
  EXPECT_EQ(buying.columns[1].kind, lp::ColumnKind::integer);
  EXPECT_EQ(buying.columns[1].cost, -1);
  EXPECT_EQ(buying.objective_constant, 0.5);
}

TEST(StochOptFormat, TurnsRandomVariablesIntoChanges) {
  const auto problem = read_stoch_opt_format(shop, "shop.sof.json");
  const Node& sell = problem->graph.nodes[1];
  // d and p are no columns: x_in, x_out, u remain.
  ASSERT_EQ(sell.problem.model.columns.size(), 3u);
  EXPECT_EQ(sell.problem.model.rows[0].upper, 0.0);  // the constant is taken off
  const lp::Model cheap = realized(sell.problem, sell.noise[1]);
  EXPECT_EQ(cheap.rows[1].upper, 28.0);  // 2 u <= 2 d
  EXPECT_EQ(cheap.columns[2].cost, 2.5);
  ASSERT_EQ(problem->validation_scenarios.size(), 1u);
  const Visit& last = problem->validation_scenarios[0][1];
  const lp::Model given = realized(sell.problem, last.outcome);
  EXPECT_EQ(given.rows[1].upper, 18.0);
  EXPECT_EQ(given.columns[2].cost, 1.5);
}

// A program with every kind of noise comes back with the same realised stage problems.
TEST(StochOptFormat, WritesEveryKindOfNoise) {
  StochOptProblem problem;
  problem.name = "all kinds";
  problem.graph.state_names = {"s"};
  problem.graph.initial_state = {1};
  problem.graph.root = {{.child = 0}};
  Node node;
  node.name = "only \"one\"";
  lp::Model& model = node.problem.model;
  model.add_column({.name = "s"});  // goes through
  model.add_column({.upper = 4, .cost = 1, .name = "w"});
  model.add_row({.lower = 1, .upper = 9, .name = "range"});
  model.add_row({.lower = 2, .upper = 2});
  model.add_entry(0, 0, 1);
  model.add_entry(0, 1, 3);
  model.add_entry(1, 0, 1);
  model.add_entry(1, 1, 1);
  node.problem.incoming = node.problem.outgoing = {0};
  node.noise = {{.probability = 0.5, .changes = {}},
                {.probability = 0.5,
                 .changes = {{.what = What::row_lower, .row = 0, .value = 2},
                             {.what = What::row_both, .row = 1, .value = 3},
                             {.what = What::column_upper, .column = 1, .value = 5},
                             {.what = What::cost, .column = 1, .value = 7},
                             {.what = What::coefficient, .row = 0, .column = 1, .value = 4},
                             {.what = What::objective_constant, .value = 11}}}};
  problem.graph.nodes = {node};
  const std::string text = write_stoch_opt_format(problem);
  const auto again = read_stoch_opt_format(text, "again.sof.json");
  ASSERT_TRUE(again) << to_string(again.error());
  const Node& back = again->graph.nodes[0];
  EXPECT_EQ(back.name, "only \"one\"");
  const lp::Model changed = realized(back.problem, back.noise[1]);
  EXPECT_EQ(changed.columns[1].cost, 7);
  EXPECT_EQ(changed.objective_constant, 11);
  const lp::Model same = realized(back.problem, back.noise[0]);
  EXPECT_EQ(same.columns[1].cost, 1);
  EXPECT_EQ(same.objective_constant, 0);
}

TEST(StochOptFormat, RefusesToWriteWhatTheFormatCannotSay) {
  auto problem = read_stoch_opt_format(shop, "shop.sof.json").value();
  problem.graph.nodes[1].noise[0].changes[0].value = lp::infinity;
  try {
    write_stoch_opt_format(problem);
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(
        fault.what(),
        "the noise of node \"sell\" sets a bound to infinity, which StochOptFormat cannot say");
  }
}

TEST(StochOptFormat, NamesTheLineOfEveryFault) {
  std::string text = replaced(shop, "\"probability\": 0.25", "\"probability\": 0.5");
  text = replaced(text, "{\"sell\": 1.0}", "{\"sel\": 1.0}");
  EXPECT_EQ(
      faults_of(text),
      "shop.sof.json:6:59: node \"buy\" leads to \"sel\", which is not a node\n"
      "    6 |     \"buy\": {\"subproblem\": \"buying\", \"successors\": {\"sel\": 1.0}},\n"
      "      |                                                           ^^^ did you mean "
      "\"sell\"?\n"
      "shop.sof.json:7:55: the probabilities of the realizations of node \"sell\" sum to 1.25\n"
      "    7 |     \"sell\": {\"subproblem\": \"selling\", \"realizations\": [\n"
      "      |                                                       ^ they must sum to 1\n"
      "2 faults\n");
}

TEST(StochOptFormat, RefusesWhatIsNotLinear) {
  const std::string text = replaced(shop, "\"variable_1\": \"p\"", "\"variable_1\": \"x_in\"");
  EXPECT_EQ(
      faults_of(text),
      "shop.sof.json:31:31: the product of \"x_in\" and \"u\" is not linear once the random "
      "variables are known\n"
      "   31 |           \"quadratic_terms\": [{\"variable_1\": \"x_in\", \"variable_2\": \"u\", "
      "\"coefficient\": 1.0}], \"constant\": 0}},\n"
      "      |                               ^ exactly one of the two must be a random "
      "variable\n"
      "1 fault\n");
}

TEST(StochOptFormat, RefusesOtherVersionsSetsAndNames) {
  EXPECT_NE(faults_of(replaced(shop, "\"major\": 1", "\"major\": 2"))
                .find("this is version 2 of StochOptFormat"),
            std::string::npos);
  EXPECT_NE(faults_of(replaced(shop, "\"type\": \"Integer\"", "\"type\": \"Semicontinuous\""))
                .find("sets of type \"Semicontinuous\" cannot be read"),
            std::string::npos);
  EXPECT_NE(faults_of(replaced(shop, "{\"d\": 10, \"p\": 3}", "{\"d\": 10}"))
                .find("the random variable \"p\" has no value here"),
            std::string::npos);
  EXPECT_NE(faults_of(replaced(shop, "\"subproblem\": \"buying\"", "\"subproblem\": \"bying\""))
                .find("did you mean \"buying\"?"),
            std::string::npos);
  EXPECT_NE(faults_of("{}").find("the file has no \"root\""), std::string::npos);
  EXPECT_NE(faults_of("[]").find("the file is a list"), std::string::npos);
}

}  // namespace
}  // namespace vorrat::program

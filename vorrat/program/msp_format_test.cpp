#include "vorrat/program/msp_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat::program {
namespace {

const std::string problem_text = R"({
  "version": "MSMLP 1.1", "name": "stock", "maximize": false,
  "variables": [
    {"name": "x", "stage": 0, "obj": [2.0], "lb": [0.0], "ub": ["inf"], "type": "CONTINUOUS"},
    {"name": "y", "stage": 1, "obj": "price", "lb": [0.0], "ub": [{"ADD": "cap"}, {"MUL": 2.0}], "type": "INTEGER"}
  ],
  "constraints": [
    {"type": "GEQ", "lhs": [{"name": "x", "stage": 0, "coefficient": ["yield"]},
                            {"name": "y", "stage": 1, "coefficient": [1.0]}], "rhs": [{"ADD": "d"}, {"ADD": 1.0}]},
    {"type": "GEQ", "lhs": [{"name": "x", "stage": 0, "coefficient": ["yield"]},
                            {"name": "y", "stage": 1, "coefficient": [1.0]}], "rhs": [{"ADD": "d"}, {"ADD": 1.0}]}
  ]
})";

const std::string lattice_text = R"({
  "a": {"stage": 0, "state": {}, "successors": {"b": 0.25, "c": 0.75}},
  "b": {"stage": 1, "state": {"d": 3, "price": 5, "cap": 4, "yield": 0.5}, "successors": {}},
  "c": {"stage": 1, "state": {"d": 6, "price": 7, "cap": 8}, "successors": {}}
})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string faults_of(const std::string& problem, const std::string& lattice) {
  const auto result = read_msp_format(problem, "p.json", lattice, "l.json");
  return result ? "no fault" : to_string(result.error());
}

TEST(MspFormat, MakesOneNodeAStageWhereTheLatticeIsIndependent) {
  const auto result = read_msp_format(problem_text, "p.json", lattice_text, "l.json");
  ASSERT_TRUE(result) << to_string(result.error());
  const PolicyGraph& graph = result->graph;
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_THAT(graph.state_names, testing::ElementsAre("x"));
  ASSERT_EQ(graph.nodes[1].noise.size(), 2u);
  EXPECT_DOUBLE_EQ(graph.nodes[1].noise[1].probability, 0.75);
  EXPECT_EQ(graph.nodes[1].problem.model.rows.size(), 1u);  // the second stands twice
  const lp::Model model = realized(graph.nodes[1].problem, graph.nodes[1].noise[0]);
  EXPECT_EQ(model.rows[0].lower, 4.0);  // d + 1
  EXPECT_EQ(model.columns[0].cost, 5.0);
  EXPECT_EQ(model.columns[0].upper, 8.0);  // cap * 2
  EXPECT_EQ(model.columns[0].kind, lp::ColumnKind::integer);
  const auto matrix = lp::by_columns(model);
  const std::size_t incoming = graph.nodes[1].problem.incoming[0];
  EXPECT_EQ(matrix.value[matrix.start[incoming]], 0.5);
}

TEST(MspFormat, SaysWhatItHadToAssume) {
  const auto result = read_msp_format(problem_text, "p.json", lattice_text, "l.json");
  EXPECT_EQ(
      to_string(result->notes),
      "l.json: warning: \"yield\" is missing in the state of some nodes and counts as 0 there\n"
      "p.json: warning: 1 constraint stands more than once and is used once\n"
      "2 warnings\n");
}

TEST(MspFormat, KeepsTheLatticeWhereItIsAChain) {
  const std::string lattice = R"({
  "a": {"stage": 0, "state": {}, "successors": {"b": 1}},
  "e": {"stage": 0, "state": {}, "successors": {"b": 0.5, "c": 0.5}},
  "b": {"stage": 1, "state": {"d": 3, "price": 5, "cap": 4, "yield": 0.5}, "successors": {}},
  "c": {"stage": 1, "state": {"d": 6, "price": 7, "cap": 8, "yield": 0.5}, "successors": {}}
})";
  const auto result = read_msp_format(problem_text, "p.json", lattice, "l.json");
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->graph.nodes.size(), 4u);
  ASSERT_EQ(result->graph.root.size(), 2u);  // stage 0 has no arcs in: equally likely
  EXPECT_DOUBLE_EQ(result->graph.root[0].probability, 0.5);
}

TEST(MspFormat, NamesTheFileAndLineOfEveryFault) {
  EXPECT_EQ(faults_of(replaced(problem_text, "\"name\": \"y\", \"stage\": 1, \"coef",
                               "\"name\": \"z\", \"stage\": 1, \"coef"),
                      replaced(lattice_text, "\"c\": 0.75", "\"q\": 0.25")),
            "l.json:2:8: node \"a\" leads to \"q\", which is not there\n"
            "    2 |   \"a\": {\"stage\": 0, \"state\": {}, \"successors\": {\"b\": 0.25, \"q\": "
            "0.25}},\n"
            "      |        ^\n"
            "l.json:2:48: the probabilities of node \"a\" sum to 0.5\n"
            "    2 |   \"a\": {\"stage\": 0, \"state\": {}, \"successors\": {\"b\": 0.25, \"q\": "
            "0.25}},\n"
            "      |                                                ^ they must sum to 1\n"
            "p.json:9:38: there is no variable \"z\" in stage 1\n"
            "    9 |                             {\"name\": \"z\", \"stage\": 1, \"coefficient\": "
            "[1.0]}], "
            "\"rhs\": [{\"ADD\": \"d\"}, {\"ADD\": 1.0}]},\n"
            "      |                                      ^^^\n"
            "3 faults\n");
}

TEST(MspFormat, RefusesWhatIsNoQuantityAndNoType) {
  EXPECT_NE(faults_of(replaced(problem_text, "[2.0]", "[{\"SUB\": 1}]"), lattice_text)
                .find("this is not a step of a quantity"),
            std::string::npos);
  EXPECT_NE(faults_of(replaced(problem_text, "CONTINUOUS", "REAL"), lattice_text)
                .find("unknown type \"REAL\""),
            std::string::npos);
  EXPECT_NE(faults_of(problem_text, "{}").find("no node has stage 0"), std::string::npos);
}

}  // namespace
}  // namespace vorrat::program

#include "vorrat/program/smps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat::program {
namespace {

// Three periods: buy x now, y and z later; each period's demand is served from all bought so far.
const std::string core = R"(NAME          STOCK
ROWS
 N  COST
 G  D1
 G  D2
 L  D3
COLUMNS
    X         COST       1.0   D1   1.0
    X         D2         1.0
    X         D3        -1.0
    MARKER    'MARKER'   'INTORG'
    Y         COST       2.0   D2   1.0
    Y         D3        -1.0
    MARKER    'MARKER'   'INTEND'
    Z         COST       3.0   D3  -1.0
RHS
    COST     -10.0
    RHS       D1         1.0   D2   2.0
    RHS       D3        -3.0
RANGES
    RNG       D3         4.0
BOUNDS
 UP BND       X          5.0
 MI BND       Z
 UP           Z          9.0
ENDATA
)";
const std::string time_text = R"(TIME          STOCK
PERIODS
    X         COST                     ONE
    Y         D2                       TWO
    Z         D3                       THREE
ENDATA
)";
const std::string independent =
    "STOCH STOCK\nINDEP DISCRETE\n"
    "\tRHS\tD2\t2.0\tTWO\t0.5\n"
    "\tRHS\tD2\t4.0\tTWO\t0.5\n"
    "    D3   -3.0   0.25\n"
    "    D3   -5.0   0.75\n"
    "ENDATA\n";

std::expected<SmpsProblem, Diagnostics> read(const std::string& c, const std::string& t,
                                             const std::string& s) {
  return read_smps({c, "a.cor"}, {t, "a.tim"}, {s, "a.sto"});
}

std::string faults_of(const std::string& c, const std::string& t, const std::string& s) {
  const auto problem = read(c, t, s);
  return problem ? "no fault" : to_string(problem.error());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(Smps, ReadsTheCore) {
  const auto problem = read(core, time_text, independent);
  ASSERT_TRUE(problem) << to_string(problem.error());
  EXPECT_TRUE(problem->notes.empty());
  const auto& nodes = problem->graph.nodes;
  ASSERT_EQ(nodes.size(), 3u);
  EXPECT_EQ(nodes[0].problem.model.objective_constant, 10.0);  // an RHS of the objective, negated
  EXPECT_EQ(nodes[0].problem.model.columns[0].upper, 5.0);
  EXPECT_EQ(nodes[1].problem.model.columns[0].kind, lp::ColumnKind::integer);
  EXPECT_EQ(nodes[2].problem.model.columns[0].lower, -lp::infinity);
  EXPECT_EQ(nodes[2].problem.model.columns[0].upper, 9.0);
  EXPECT_EQ(nodes[2].problem.model.rows[0].upper, -3.0);
  EXPECT_EQ(nodes[2].problem.model.rows[0].lower, -7.0);  // the range
  EXPECT_EQ(nodes[1].problem.model.rows[0].lower, 2.0);
}

TEST(Smps, CarriesColumnsThatLaterPeriodsUseAsStates) {
  const PolicyGraph graph = read(core, time_text, independent)->graph;
  EXPECT_THAT(graph.state_names, testing::ElementsAre("X", "Y"));
  // X goes through period two as one column; Y is not there yet in period one.
  EXPECT_EQ(graph.nodes[1].problem.incoming[0], graph.nodes[1].problem.outgoing[0]);
  EXPECT_EQ(graph.nodes[1].problem.outgoing[1], 0u);
  EXPECT_NE(graph.nodes[1].problem.incoming[1], 0u);
}

TEST(Smps, ReadsIndependentNumbersWithTabsAndWithoutNames) {
  const PolicyGraph graph = read(core, time_text, independent)->graph;
  ASSERT_EQ(graph.nodes[1].noise.size(), 2u);
  ASSERT_EQ(graph.nodes[2].noise.size(), 2u);
  EXPECT_DOUBLE_EQ(graph.nodes[2].noise[1].probability, 0.75);
  const lp::Model model = realized(graph.nodes[2].problem, graph.nodes[2].noise[1]);
  EXPECT_EQ(model.rows[0].upper, -5.0);
  EXPECT_EQ(model.rows[0].lower, -9.0);
}

TEST(Smps, CombinesIndependentBlocksAndKeepsWhatABlockDoesNotMention) {
  const PolicyGraph graph = read(core, time_text,
                                 "STOCH\nBLOCKS DISCRETE\n"
                                 " BL A TWO 0.5\n    RHS D2 3.0\n    Y COST 7.0\n"
                                 " BL A TWO 0.5\n    RHS D2 4.0\n"
                                 "BL B TWO 0.2\n    X D2 0.5\n"
                                 "BL B TWO 0.8\n    X D2 0.75\nENDATA\n")
                                ->graph;
  ASSERT_EQ(graph.nodes[1].noise.size(), 4u);
  EXPECT_DOUBLE_EQ(graph.nodes[1].noise[3].probability, 0.4);
  const lp::Model model = realized(graph.nodes[1].problem, graph.nodes[1].noise[3]);
  EXPECT_EQ(model.rows[0].lower, 4.0);
  EXPECT_EQ(model.columns[0].cost, 7.0);  // as in the block's first outcome
}

TEST(Smps, AddsAndMultipliesWhereTheFileSaysSo) {
  const PolicyGraph graph = read(core, time_text,
                                 "STOCH\nINDEP DISCRETE ADD\n RHS D2 1.5 TWO 1.0\n"
                                 "INDEP DISCRETE MULTIPLY\n Y COST 3 TWO 1.0\nENDATA\n")
                                ->graph;
  const lp::Model model = realized(graph.nodes[1].problem, graph.nodes[1].noise[0]);
  EXPECT_EQ(model.rows[0].lower, 3.5);
  EXPECT_EQ(model.columns[0].cost, 6.0);
}

// Scenarios that branch off the root in the second period share the first; in a three-period tree
// a scenario that branches off another in the third shares the second with it.
TEST(Smps, SharesThePeriodsBeforeAScenarioBranches) {
  const PolicyGraph graph = read(core, time_text,
                                 "STOCH\nSCENARIOS DISCRETE\n"
                                 "SC S1 ROOT 0.25 TWO\n    RHS D2 3.0\n    RHS D3 -4.0\n"
                                 " SC\tS2\tS1\t0.25\tTHREE\n\tRHS\tD3\t-6.0\n"
                                 " SC S3 'ROOT' 0.5 TWO\n    RHS D2 8.0\nENDATA\n")
                                ->graph;
  ASSERT_EQ(graph.nodes.size(), 5u);  // one, two (S1 with S2), three, two (S3), three
  ASSERT_EQ(graph.nodes[0].arcs.size(), 2u);
  EXPECT_DOUBLE_EQ(graph.nodes[0].arcs[0].probability, 0.5);
  const Node& last = graph.nodes[graph.nodes[graph.nodes[0].arcs[0].child].arcs[0].child];
  ASSERT_EQ(last.noise.size(), 2u);
  EXPECT_EQ(last.noise[1].name, "S2");
  EXPECT_EQ(realized(last.problem, last.noise[1]).rows[0].upper, -6.0);
  EXPECT_EQ(realized(last.problem, last.noise[0]).rows[0].upper, -4.0);
}

TEST(Smps, ReportsAndDividesProbabilitiesThatDoNotSumToOne) {
  const auto problem =
      read(core, time_text,
           "STOCH\nINDEP DISCRETE\n RHS D2 1 TWO 0.50001\n RHS D2 2 TWO 0.50001\nENDATA\n");
  ASSERT_TRUE(problem);
  EXPECT_EQ(
      to_string(problem->notes),
      "a.sto: warning: the probabilities of \"D2\" sum to 1.00002; each is divided by that sum\n"
      "1 warning\n");
  EXPECT_DOUBLE_EQ(problem->graph.nodes[1].noise[0].probability, 0.5);
  EXPECT_EQ(faults_of(core, time_text, "STOCH\nINDEP DISCRETE\n RHS D2 1 TWO 0.5\nENDATA\n"),
            "a.sto: the probabilities of \"D2\" sum to 0.5, not to 1\n1 fault\n");
}

TEST(Smps, NamesTheLineOfEveryFaultOfTheCore) {
  std::string text = replaced(core, "X         D2         1.0", "X         D9         1.0");
  text = replaced(text, "UP BND       X          5.0", "UQ BND       X          5.0");
  text = replaced(text, "D1   1.0\n    X         D9", "D1   one\n    X         D9");
  EXPECT_EQ(faults_of(text, time_text, independent),
            "a.cor:8:37: \"one\" is not a number\n"
            "    8 |     X         COST       1.0   D1   one\n"
            "      |                                     ^^^\n"
            "a.cor:9:15: there is no row \"D9\"\n"
            "    9 |     X         D9         1.0\n"
            "      |               ^^ known: COST, D1, D2, D3\n"
            "a.cor:23:2: unknown kind of bound \"UQ\"\n"
            "   23 |  UQ BND       X          5.0\n"
            "      |  ^^ known: LO, UP, FX, FR, MI, PL, BV, LI, UI\n"
            "3 faults\n");
}

TEST(Smps, NamesTheLineOfEveryFaultOfTimeAndStoch) {
  EXPECT_EQ(faults_of(core, replaced(time_text, "D2  ", "DD  "), independent),
            "a.tim:4:15: the core has no row \"DD\"\n"
            "    4 |     Y         DD                       TWO\n"
            "      |               ^^\n"
            "1 fault\n");
  EXPECT_EQ(faults_of(core, time_text, replaced(independent, "\tTWO\t0.5", "\tTOW\t1.5")),
            "a.sto:3:13: there is no period \"TOW\"\n"
            "    3 |  RHS D2 2.0 TOW 1.5\n"
            "      |             ^^^ did you mean \"TWO\"?\n"
            "1 fault\n");
  EXPECT_EQ(faults_of(core, time_text, "STOCH\nINDEP NORMAL\n RHS D2 1 TWO 2\nENDATA\n"),
            "a.sto:2:7: the distribution \"NORMAL\" cannot be read\n"
            "    2 | INDEP NORMAL\n"
            "      |       ^^^^^^ only DISCRETE distributions can\n"
            "1 fault\n");
  EXPECT_EQ(faults_of(core, replaced(time_text, "Z         D3", "Z         D1"), independent),
            "a.tim:5:5: period \"THREE\" starts before the one above it\n"
            "    5 |     Z         D1                       THREE\n"
            "      |     ^\n"
            "1 fault\n");
}

TEST(Smps, RefusesScenariosThatDifferInTheFirstPeriod) {
  EXPECT_EQ(faults_of(core, time_text,
                      "STOCH\nSCENARIOS DISCRETE\n SC A ROOT 0.5 ONE\n    RHS D1 1.0\n"
                      " SC B ROOT 0.5 ONE\n    RHS D1 2.0\nENDATA\n"),
            "a.sto:6:5: this number of the first period differs between scenarios\n"
            "    6 |     RHS D1 2.0\n"
            "      |     ^^^ the first period is decided before anything is known\n"
            "1 fault\n");
}

}  // namespace
}  // namespace vorrat::program

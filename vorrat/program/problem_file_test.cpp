#include "vorrat/program/problem_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace vorrat::program {
namespace {

TEST(ProblemFile, SaysWhichFileCannotBeRead) {
  const auto problem = open_problem({.file = "no such folder/a.cor"});
  ASSERT_FALSE(problem);
  EXPECT_EQ(to_string(problem.error()),
            "no such folder/a.cor: this file cannot be read\n"
            "no such folder/a.sto: this file cannot be read\n"
            "no such folder/a.tim: this file cannot be read\n"
            "3 faults\n");
}

TEST(ProblemFile, KnowsFormatsByTheEndOfTheName) {
  const auto problem = open_problem({.file = "a.lp"});
  ASSERT_FALSE(problem);
  EXPECT_EQ(to_string(problem.error()),
            "a.lp: the ending of this file's name tells no known format\n"
            "      known: .sof.json, .problem.json, .cor, .core, .mps\n"
            "1 fault\n");
}

TEST(ProblemFile, OpensWhatItFinds) {
  const std::filesystem::path path = testing::TempDir() + "tiny.sof.json";
  StochOptProblem tiny{.name = "tiny"};
  tiny.graph.root = {{.child = 0}};
  tiny.graph.nodes = {{.name = "only"}};
  std::ofstream(path) << write_stoch_opt_format(tiny);
  const auto problem = open_problem({.file = path});
  ASSERT_TRUE(problem) << to_string(problem.error());
  EXPECT_EQ(problem->format, "StochOptFormat");
  EXPECT_EQ(problem->problem.name, "tiny");
}

}  // namespace
}  // namespace vorrat::program

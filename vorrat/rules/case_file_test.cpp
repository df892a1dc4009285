// The tables of known answers in data/cases/rules, asked of data/rules; and files that are wrong.
#include "vorrat/rules/case_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>

namespace vorrat::rules {
namespace {

namespace fs = std::filesystem;
const fs::path folder = VORRAT_SOURCE_DIR "/data/cases/rules";

const Rulebook& book() {
  static const Rulebook rules = Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"}).value();
  return rules;
}

const RatedItems& items() {
  static const RatedItems all = read_rated_items(folder / "items.toml").value();
  return all;
}

struct CaseFile : testing::TestWithParam<std::string> {};

TEST_P(CaseFile, ComesOutRowByRow) {
  const auto cases = ask_cases(folder / GetParam(), items(), book());
  ASSERT_TRUE(cases) << to_string(cases.error());
  int counted = 0, inferred = 0;
  for (const CaseOutcome& outcome : *cases) {
    ++(outcome.counts ? counted : inferred);
    EXPECT_FALSE(outcome.asked.empty()) << outcome.name;
    for (const Asked& asked : outcome.asked) {
      EXPECT_TRUE(asked.agrees) << outcome.name << ": " << asked.what << " is " << asked.found
                                << ", expected " << asked.expected;
    }
  }
  EXPECT_GT(counted, 0);
  std::cout << GetParam() << ": " << counted << " cases, and " << inferred
            << " that rest on an inferred rating and do not count\n";
}

INSTANTIATE_TEST_SUITE_P(Rules, CaseFile,
                         testing::Values("published.toml", "computed.toml", "gate-2026.toml",
                                         "decision-table.toml"));

fs::path write(const std::string& text) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path place = fs::path(VORRAT_BINARY_DIR) / ("case_file_" + test);
  fs::create_directories(place);
  const fs::path path = place / "case_file_test.toml";
  std::ofstream(path) << text;
  return path;
}

TEST(CaseFile, SaysWhatDoesNotAgree) {
  const auto cases = ask_cases(write(R"_([[case]]
name = "H100 in 2023"
item = "h100-sxm"
tpp = 15833
on = 2023-12-01
gates = ["us-licence free"]
answers = ["2023-12-01 us-2022-10/nothing yes"]
)_"),
                               items(), book());
  ASSERT_TRUE(cases) << to_string(cases.error());
  const CaseOutcome& outcome = cases->at(0);
  EXPECT_FALSE(outcome.agrees());
  ASSERT_EQ(outcome.asked.size(), 3u);
  EXPECT_EQ(outcome.asked[0].found, "15832");
  EXPECT_EQ(outcome.asked[1].found, "licence_presumed_denied");
  EXPECT_EQ(outcome.asked[2].found, "not in force");
}

TEST(CaseFile, NamesEveryFault) {
  const auto cases = ask_cases(write(R"_([[case]]
name = "H100 in 2023"
item = "h100-smx"
[[case]]
name = "H100 in 2024"
item = "h100-sxm"
answers = ["2023-12-01 yes", "when us-2022-10/3A090 yes"]
)_"),
                               items(), book());
  ASSERT_FALSE(cases);
  EXPECT_EQ(
      to_string(cases.error()),
      R"_(case_file_test.toml:3:8: the item of case "H100 in 2023" is "h100-smx", but there is no such item
    3 | item = "h100-smx"
      |        ^^^^^^^^^^ did you mean "h100-sxm"?
case_file_test.toml:7:11: "2023-12-01 yes" has not 3 words
    7 | answers = ["2023-12-01 yes", "when us-2022-10/3A090 yes"]
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ write it as in "2023-12-01 us-2022-10/3A090 yes"
case_file_test.toml:7:11: "when us-2022-10/3A090 yes" does not begin with a day
    7 | answers = ["2023-12-01 yes", "when us-2022-10/3A090 yes"]
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ write it as in "2023-12-01 us-2022-10/3A090 yes"
3 faults
)_");
}

}  // namespace
}  // namespace vorrat::rules

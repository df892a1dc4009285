#include "vorrat/published/case_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace vorrat::published {
namespace {

std::expected<CaseFile, Diagnostics> read(const std::string& text) {
  // A folder of its own: tests run side by side.
  const auto folder = std::filesystem::path(VORRAT_BINARY_DIR) /
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::create_directories(folder);
  const auto path = folder / "published_case.toml";
  std::ofstream(path) << "[case]\ntitle = \"t\"\nsource = \"s\"\n" << text;
  return read_case(path);
}

std::vector<Check> compare_with(const std::string& text, const Findings& findings) {
  const auto file = read(text);
  EXPECT_TRUE(file) << to_string(file.error());
  return compare(file.value_or(CaseFile()).figures, findings);
}

constexpr const char* within_half =
    "[[figures]]\nsource = \"s\"\nabsolute = 0.5\n[figures.expected]\ncost = 10\n";

TEST(Compare, HoldsToTheTolerance) {
  for (const auto& [found, passes] : {std::pair{10.5, true}, {9.5, true}, {10.51, false}}) {
    Findings findings;
    findings.add("cost", found);
    const auto checks = compare_with(within_half, findings);
    ASSERT_EQ(checks.size(), 1u);
    EXPECT_EQ(checks[0].passes, passes) << found;
    EXPECT_EQ(checks[0].expected, "10");
  }
}

TEST(Compare, NeverPassesWhatIsNoNumber) {
  Findings findings;
  findings.add("cost", std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(compare_with(within_half, findings).at(0).passes);
  Findings words;
  words.add("cost", "10");
  EXPECT_FALSE(compare_with(within_half, words).at(0).passes);
}

TEST(Compare, FailsWhereEitherSideIsMissing) {
  Findings findings;
  findings.add("other", 10.0);
  const auto checks = compare_with(within_half, findings);
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].found, "nothing");
  EXPECT_EQ(checks[1].expected, "nothing");
  EXPECT_FALSE(checks[0].passes || checks[1].passes);
}

TEST(Compare, HasALineForEachMethodAndEachGroup) {
  Findings findings;
  findings.add("cost", 10.0, "as one tree");
  findings.add("cost", 11.0, "by decomposition");
  const auto checks = compare_with(
      std::string(within_half) +
          "[[figures]]\nsource = \"bound\"\nholds = \"at_most\"\n[figures.expected]\ncost = 11\n",
      findings);
  ASSERT_EQ(checks.size(), 4u);
  EXPECT_EQ(checks[1].quantity, "cost, by decomposition");
  EXPECT_THAT(
      (std::vector<bool>{checks[0].passes, checks[1].passes, checks[2].passes, checks[3].passes}),
      testing::ElementsAre(true, false, true, true));
}

TEST(CaseFile, NamesEveryFault) {
  const auto file = read(
      "[[figures]]\nsource = \"s\"\n[figures.expected]\ncost = 10\nfuture = \"known\"\n"
      "[[figures]]\nrelative = 1e-6\nabsolute = 1\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(to_string(file.error()), R"_(published_case.toml:7:8: this figure has no tolerance
    7 | cost = 10
      |        ^^ write relative = 1e-6 or absolute = 0.5 in its group
published_case.toml:9:1: the source of the group of figures is missing
    9 | [[figures]]
      | ^^^^^^^^^^^ write source = ...
published_case.toml:9:1: this group expects no figure
    9 | [[figures]]
      | ^^^^^^^^^^^ write [figures.expected], and under it "quantity" = value
published_case.toml:11:12: these figures have two tolerances
   11 | absolute = 1
      |            ^ write relative or absolute
4 faults
)_");
}

}  // namespace
}  // namespace vorrat::published

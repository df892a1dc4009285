// Every built-in case, figure by figure.
#include "vorrat/published/cases.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "vorrat/base/error.h"
#include "vorrat/published/outside_folder.h"

namespace vorrat::published {
namespace {

const Folders folders{.data = VORRAT_SOURCE_DIR "/data",
                      .scenarios = VORRAT_SOURCE_DIR "/scenarios",
                      .instances = outside_folder()};

struct BuiltInCase : testing::TestWithParam<std::string> {};

TEST_P(BuiltInCase, ComesOutFigureByFigure) {
  const CaseResult result = run_case(GetParam(), folders);
  if (!result.skipped.empty()) GTEST_SKIP() << result.skipped << "; set VORRAT_INSTANCES to it";
  EXPECT_FALSE(result.checks.empty());
  for (const Check& check : result.checks) {
    EXPECT_TRUE(check.passes) << check.quantity << ": expected " << check.expected << ", found "
                              << check.found << " (" << check.tolerance << ")";
    EXPECT_NE(check.source, "") << check.quantity;
  }
}

INSTANTIATE_TEST_SUITE_P(All, BuiltInCase, testing::ValuesIn(case_names()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(BuiltInCases, RefuseAnUnknownName) {
  try {
    run_case("lands-capacty", folders);
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_STREQ(error.what(),
                 "there is no case \"lands-capacty\"; did you mean \"lands-capacity\"?");
  }
}

}  // namespace
}  // namespace vorrat::published

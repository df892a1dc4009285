#include "vorrat/verbs/insight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"

namespace vorrat::verbs {
namespace {

using testing::HasSubstr;

QuestionRequest starter() {
  const std::filesystem::path source = VORRAT_SOURCE_DIR;
  return {.scenario = source / "data/starter", .data = source / "data", .seed = {}, .futures = 4};
}

template <typename Request>
std::string refused(const Request& request) {
  try {
    run(request);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Why, AnswersInSentencesAndInTables) {
  const QuestionResult result = run(WhyRequest{.about = starter(), .offer = {}});
  EXPECT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
  EXPECT_THAT(to_text(result), HasSubstr("ordered: "));
  EXPECT_THAT(to_json(result), HasSubstr("\"break_evens\""));
}

TEST(Why, NamesTheOffersThereAreIfOneIsNot) {
  EXPECT_THAT(refused(WhyRequest{.about = starter(), .offer = "nobody"}),
              HasSubstr("there is no offer \"nobody\"; the scenario has "));
}

TEST(Stress, ShowsThePlanAndTodaysOrdersUnderIt) {
  StressRequest request{.about = starter(), .shut = {}, .delay = "1q"};
  const QuestionResult result = run(request);
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_THAT(to_text(result), HasSubstr("all that is ordered or built comes 1 quarter later"));
}

TEST(Stress, SaysWhatIsNotUnderstood) {
  EXPECT_EQ(refused(StressRequest{.about = starter(), .shut = {}, .delay = {}}),
            "say what goes wrong: --shut QUARTER, --delay 1q, --only-lesser or --third-site-only");
  EXPECT_EQ(refused(StressRequest{.about = starter(), .shut = {}, .delay = "soon"}),
            "--delay is \"soon\"; write a number of quarters, as in 1q");
  EXPECT_THAT(refused(StressRequest{.about = starter(), .shut = "2020Q1", .delay = {}}),
              HasSubstr("--shut is \"2020Q1\"; the scenario has the quarters "));
}

TEST(Why, RefusesAFolderThatIsNoScenario) {
  QuestionRequest about = starter();
  about.scenario = "no/such/folder";
  EXPECT_EQ(run(WhyRequest{.about = about, .offer = {}}).exit_code(), 2);
}

}  // namespace
}  // namespace vorrat::verbs

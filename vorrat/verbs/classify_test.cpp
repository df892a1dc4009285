#include "vorrat/verbs/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"

namespace vorrat::verbs {
namespace {

ClassifyRequest request(std::vector<std::string> accelerators,
                        std::vector<std::string> destinations, Date on) {
  ClassifyRequest result;
  result.accelerators = std::move(accelerators);
  result.destinations = std::move(destinations);
  result.on = on;
  result.deal.user.name = "ByteDance";
  result.deal.user.parent = "China";
  result.data = VORRAT_SOURCE_DIR "/data";
  return result;
}

std::string message(const ClassifyRequest& asked) {
  try {
    run(asked);
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "accepted";
}

TEST(Classify, ExplainsOneQuestionAndTellsWhatItAssumed) {
  const auto result = run(request({"h200-sxm"}, {"China"}, make_date(2026, 2, 1)));
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_EQ(result.rows.at(0).answer.status, rules::Status::licence_case_by_case);
  EXPECT_THAT(result.assumptions,
              testing::ElementsAre("the seller is the vendor of the part",
                                   "the part is exported from the country of its designer",
                                   "the user has its headquarters where its ultimate parent has"));
  const std::string text = to_text(result);
  EXPECT_THAT(text, testing::HasSubstr("Answer: licence_case_by_case\n"));
  EXPECT_THAT(text, testing::HasSubstr("tpp < 21000; TPP = 989.5 (fp16) x 16 = 15832\n"));
  EXPECT_THAT(text, testing::HasSubstr("Assumed: the seller is the vendor of the part\n"));
}

TEST(Classify, SaysNoWithExitOne) {
  const auto asked = request({"h200-sxm"}, {"CN"}, make_date(2026, 1, 20));
  const auto result = run(asked);
  EXPECT_EQ(result.rows.at(0).answer.status, rules::Status::prohibited);
  EXPECT_EQ(result.exit_code(), 1);
}

TEST(Classify, SaysWhatToDoAboutADayThatWasNotRead) {
  const auto result = run(request({"h200-sxm"}, {"CN"}, make_date(2027, 1, 1)));
  EXPECT_EQ(result.rows.at(0).answer.status, rules::Status::not_covered);
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_THAT(to_text(result),
              testing::HasSubstr("read what has changed, add it below data/rules"));
}

TEST(Classify, TabulatesManyQuestions) {
  const auto result = run(request({}, {"CN", "Malaysia"}, make_date(2026, 2, 1)));
  EXPECT_GT(result.rows.size(), 100u);
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_THAT(to_text(result), testing::HasSubstr("b200"));
}

TEST(Classify, GivesTheSameAsJson) {
  const auto asked = request({"h200-sxm"}, {"CN"}, make_date(2026, 2, 1));
  const auto json = nlohmann::json::parse(to_json(run(asked)));
  EXPECT_EQ(json["day"], "2026-02-01");
  const auto& answer = json["answers"][0];
  EXPECT_EQ(answer["status"], "licence_case_by_case");
  EXPECT_EQ(answer["gates"][0]["gate"], "us-licence");
  EXPECT_EQ(answer["charges"][0]["rate"], 0.25);
  EXPECT_EQ(answer["quotas"][0]["share_of_us_shipments"], 0.5);
  EXPECT_EQ(answer["trace"][0]["provision"], "us-scope/subject");
  EXPECT_FALSE(answer["citations"].empty());
}

TEST(Classify, TakesASiteAndTheBuyerFromAScenario) {
  const auto by_site = run(ClassifyRequest{
      .accelerators = {"h200-sxm"},
      .destinations = {"mainland"},
      .on = make_date(2026, 2, 9),
      .scenario = std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/bytedance-2026",
      .data = std::filesystem::path(VORRAT_SOURCE_DIR) / "data"});
  ASSERT_EQ(by_site.rows.size(), 1u);
  EXPECT_EQ(by_site.rows[0].deal.destination, "CN");
  EXPECT_EQ(by_site.rows[0].deal.user.name, "ByteDance");
  EXPECT_EQ(by_site.rows[0].answer.status, rules::Status::licence_case_by_case);
}

TEST(Classify, NamesWhatDoesNotExist) {
  EXPECT_EQ(message(request({"h20-sxm"}, {"CN"}, make_date(2026, 2, 1))),
            "unknown accelerator \"h20-sxm\"; did you mean \"h200-sxm\"?");
  EXPECT_EQ(message(request({"h200-sxm"}, {"Malasya"}, make_date(2026, 2, 1))),
            "unknown country \"Malasya\"; did you mean \"Malaysia\"?");
}

}  // namespace
}  // namespace vorrat::verbs

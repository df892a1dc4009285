#include "vorrat/verbs/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace vorrat::verbs {
namespace {

RulesRequest request(Date on, std::optional<Date> since = {}) {
  return {.on = on, .since = since, .data = VORRAT_SOURCE_DIR "/data"};
}

TEST(RulesVerb, ListsWhatIsInForceWithItsSource) {
  const auto result = run(request(make_date(2022, 12, 1)));
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_THAT(to_text(result),
              testing::HasSubstr("  us-2022-10/licence (15 CFR 742.6(a)(6))\n"
                                 "      A licence is needed for China, reviewed with a presumption "
                                 "of denial. No rule on headquarters.\n"));
  const auto json = nlohmann::json::parse(to_json(result));
  EXPECT_EQ(json["day"], "2022-12-01");
  EXPECT_EQ(json["provisions"][0]["provision"], "us-scope/subject");
}

// From 14 to 15 January 2026 the US rule lets two parts through to China, Hong Kong and Macau case
// by case; others of unknown sale in the United States become unknown; nobody else is touched.
TEST(RulesVerb, SaysForWhomTheRuleOfJanuary2026Changed) {
  const auto result = run(request(make_date(2026, 1, 15), make_date(2026, 1, 14)));
  std::set<std::string> places, freed;
  for (const auto& answer : result.answers) {
    places.insert(answer.destination);
    EXPECT_EQ(answer.before, rules::Status::licence_presumed_denied) << answer.accelerator;
    if (answer.after == rules::Status::licence_case_by_case) freed.insert(answer.accelerator);
    EXPECT_THAT(answer.after,
                testing::AnyOf(rules::Status::licence_case_by_case, rules::Status::unknown));
  }
  EXPECT_EQ(places, (std::set<std::string>{"CN", "HK", "MO"}));
  // In the mainland customs stop the H200 two days before.
  EXPECT_EQ(freed, (std::set<std::string>{"h200-sxm", "mi325x"}));
  EXPECT_THAT(to_text(result), testing::HasSubstr("2026-01-15 begins us-2026-01-cbc/numbers"));
}

TEST(RulesVerb, SaysWhatToDoAboutADayThatWasNotRead) {
  const auto result = run(request(make_date(2027, 1, 1)));
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_THAT(to_text(result), testing::HasSubstr("No answer: the rules of US export licence"));
}

}  // namespace
}  // namespace vorrat::verbs

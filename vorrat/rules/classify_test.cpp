// The broken rule files of tests/rules/bad, whose messages are compared whole, and explanations.
// The tables of known answers are asked in case_file_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "vorrat/rules/case_file.h"

namespace vorrat::rules {
namespace {

namespace fs = std::filesystem;
const fs::path cases_folder = VORRAT_SOURCE_DIR "/tests/rules";

const Rulebook& book() {
  static const Rulebook rules = [] {
    auto result = Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"});
    if (!result) throw std::runtime_error(to_string(result.error()));
    return *result;
  }();
  return rules;
}

const RatedItems& items() {
  static const RatedItems all = [] {
    auto result = read_rated_items(VORRAT_SOURCE_DIR "/data/cases/rules/items.toml");
    if (!result) throw std::runtime_error(to_string(result.error()));
    return *result;
  }();
  return all;
}

struct BrokenRules : testing::TestWithParam<std::string> {};

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_P(BrokenRules, AreRefusedWithTheirOwnMessage) {
  const fs::path folder = cases_folder / "bad" / GetParam();
  const auto rules = Rulebook::load({cases_folder / "world", folder});
  ASSERT_FALSE(rules);
  EXPECT_EQ(to_string(rules.error()), content(folder / "message.txt"));
}

INSTANTIATE_TEST_SUITE_P(Rules, BrokenRules,
                         testing::Values("threshold-without-source", "no-source", "gap-in-dates",
                                         "overlap-in-dates", "ends-before-it-begins",
                                         "unknown-country", "unknown-group", "unknown-gate",
                                         "unknown-provision", "circle", "conflicting-exceptions",
                                         "unknown-key", "unknown-status", "bad-condition",
                                         "twice-in-a-group", "same-instrument-twice",
                                         "no-condition", "quota-without-amount"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// The explanations of three deals, compared whole with the texts in tests/rules/traces.
std::string explanation(const char* id, const Deal& deal, Date day) {
  const Item& item = items().at(id).item;
  const RulesInForce law = book().on(day);
  return to_string(law.explain(item, deal), law, item, deal);
}

Deal deal_of_bytedance(const char* destination) {
  Deal deal;
  deal.seller = "NVIDIA";
  deal.exported_from = "US";
  deal.destination = destination;
  deal.user = {"ByteDance", "CN", "CN"};
  return deal;
}

TEST(Explanation, OfTheH200BeforeTheRuleOfJanuary2026) {
  EXPECT_EQ(explanation("h200-sxm", deal_of_bytedance("CN"), make_date(2025, 11, 1)),
            content(cases_folder / "traces" / "h200-2025-11-01.txt"));
}

TEST(Explanation, OfTheH200UnderTheRuleOfJanuary2026) {
  EXPECT_EQ(explanation("h200-sxm", deal_of_bytedance("CN"), make_date(2026, 2, 1)),
            content(cases_folder / "traces" / "h200-2026-02-01.txt"));
}

TEST(Explanation, OfAB200LeasedInMalaysia) {
  Deal deal = deal_of_bytedance("MY");
  deal.transaction = Transaction::lease;
  deal.site_owner = {"", "MY", "MY"};
  EXPECT_EQ(explanation("b200", deal, make_date(2026, 8, 1)),
            content(cases_folder / "traces" / "b200-lease-2026-08-01.txt"));
}

// Known answers: ban; freed below 5000 in Malaysia; notice in Singapore; licence at home.
TEST(Exceptions, GoBeforeTheRuleAndBeforeTheExceptionsTheyName) {
  const auto rules =
      Rulebook::load({cases_folder / "world", cases_folder / "good" / "exceptions-with-an-order"});
  ASSERT_TRUE(rules) << to_string(rules.error());
  Item item;
  item.id = "part";
  item.ratings = {{"fp8", 8, 600}};
  const auto status = [&](const char* destination, double tops) {
    item.ratings[0].dense_tops = tops;
    Deal deal;
    deal.destination = destination;
    return rules->on(make_date(2025, 1, 1)).classify(item, deal).status;
  };
  EXPECT_EQ(status("CN", 600), Status::prohibited);
  EXPECT_EQ(status("MY", 600), Status::free);
  EXPECT_EQ(status("MY", 700), Status::notify);
  EXPECT_EQ(status("SG", 600), Status::notify);
  EXPECT_EQ(status("US", 600), Status::licence_case_by_case);
  EXPECT_EQ(status("", 600), Status::unknown);
  EXPECT_EQ(status("", 100), Status::free);  // an exception needs something to be an exception to
}

}  // namespace
}  // namespace vorrat::rules

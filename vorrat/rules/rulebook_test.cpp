#include "vorrat/rules/rulebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <set>

#include "vorrat/base/error.h"
#include "vorrat/rules/classify.h"

namespace vorrat::rules {
namespace {

const Rulebook& book() {
  static const Rulebook rules = [] {
    auto result = Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"});
    if (!result) throw std::runtime_error(to_string(result.error()));
    return *result;
  }();
  return rules;
}

Item h200() {
  Item item;
  item.id = "h200-sxm";
  item.designer = "US";
  item.data_centre = Answer::yes;
  item.ratings = {{"fp8", 8, 1979}};
  item.die_area_mm2 = 814;
  item.process = Process::non_planar;
  item.dram_gb_per_s = 4800;
  item.io_gb_per_s = 900;
  return item;
}

Deal bytedance(const std::string& destination) {
  Deal deal;
  deal.seller = "NVIDIA";
  deal.exported_from = "US";
  deal.destination = destination;
  deal.user = {"ByteDance", "CN", "CN"};
  return deal;
}

Status at(const RulesInForce& law, const char* gate, const std::string& destination = "CN") {
  return law.classify(h200(), bytedance(destination)).gate(book(), gate).status;
}

TEST(Rulebook, GivesNoAnswerBeforeItsFirstDayAndAfterTheDayLastRead) {
  const auto before = book().on(make_date(2022, 8, 25)).classify(h200(), bytedance("CN"));
  EXPECT_EQ(before.status, Status::not_covered);
  EXPECT_EQ(before.gates[0].standing, Standing::not_covered);
  const auto after = book().on(make_date(2026, 10, 16)).classify(h200(), bytedance("CN"));
  EXPECT_EQ(after.status, Status::not_covered);
  EXPECT_EQ(after.gates[0].standing, Standing::stale);
  EXPECT_EQ(book().on(make_date(2026, 10, 15)).standing(0), Standing::covered);
}

TEST(Rulebook, SaysWhatToDoAboutADayItDoesNotCover) {
  EXPECT_FALSE(book().why_not(make_date(2026, 2, 9)));
  EXPECT_EQ(book().why_not(make_date(2022, 8, 25)),
            "the rules of US export licence begin on 2022-08-26; nothing is known about "
            "2022-08-25");
  EXPECT_EQ(book().why_not(make_date(2027, 1, 1)),
            "the rules of US export licence were last read on 2026-10-15 and say nothing about "
            "2027-01-01; read what has changed, add it below data/rules, and set the new day in "
            "\"read\"");
}

// On 9 February 2026 the H200 is case by case at both gates. Without the January rule the base
// layer stands: presumption of denial. Without the approval in principle, the stop of customs
// stands.
TEST(Rulebook, GivesTheLawOfARegimeAsADifferenceFromADay) {
  const Date day = make_date(2026, 2, 9);
  EXPECT_EQ(at(book().on(day), "us-licence"), Status::licence_case_by_case);
  EXPECT_EQ(at(book().on(day), "cn-approval"), Status::licence_case_by_case);
  const auto shut = book().under({day, {}, {"us-2026-01-cbc"}});
  EXPECT_EQ(at(shut, "us-licence"), Status::licence_presumed_denied);
  EXPECT_EQ(at(shut, "cn-approval"), Status::licence_case_by_case);
  const auto stopped = book().under({day, {}, {"cn-2026-01-conditional"}});
  EXPECT_EQ(at(stopped, "cn-approval"), Status::prohibited);
  const auto open = book().under({day, {}, {"cn-2026-01-conditional", "cn-2026-01-customs"}});
  EXPECT_EQ(at(open, "cn-approval"), Status::free);
}

TEST(Rulebook, BringsALaterInstrumentIntoARegime) {
  const auto rationed = book().under({make_date(2026, 2, 9), {"cn-2026-08-rationing"}, {}});
  const auto answer = rationed.classify(h200(), bytedance("CN"));
  EXPECT_EQ(answer.gate(book(), "cn-approval").status, Status::licence_case_by_case);
  std::vector<std::string> quotas;
  for (const auto& quota : answer.quotas()) quotas.push_back(to_string(quota));
  EXPECT_THAT(quotas, testing::Contains("at most 10000 accelerators, per group of companies"));
}

TEST(Rulebook, BringsARestingInstrumentBackInARegime) {
  Deal deal = bytedance("CN");
  deal.owned_by_listed_parties = Answer::yes;
  Item item = h200();
  item.id = "small";
  item.ratings = {{"fp8", 8, 10}};
  item.dram_gb_per_s = 100;
  item.io_gb_per_s = 10;
  const Date day = make_date(2026, 2, 9);
  EXPECT_EQ(book().on(day).classify(item, deal).status, Status::free);
  EXPECT_EQ(book().under({day, {"us-2025-09-affiliates"}, {}}).classify(item, deal).status,
            Status::licence_presumed_denied);
}

TEST(Rulebook, AddsTheDifferencesOfTwoGates) {
  const Date day = make_date(2026, 2, 9);
  const RegimeRules both_shut =
      combined({day, {}, {"us-2026-01-cbc"}}, {day, {"cn-2026-08-rationing"}, {"us-2026-01-cbc"}});
  EXPECT_EQ(both_shut.without, std::vector<std::string>{"us-2026-01-cbc"});
  EXPECT_EQ(both_shut.with, std::vector<std::string>{"cn-2026-08-rationing"});
}

TEST(Rulebook, NamesAnInstrumentThatDoesNotExist) {
  try {
    book().under({make_date(2026, 2, 9), {"us-2026-01-cbk"}, {}});
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "there is no instrument \"us-2026-01-cbk\"; did you mean \"us-2026-01-cbc\"?");
  }
}

TEST(Rulebook, NamesACountryThatDoesNotExist) {
  Deal deal = bytedance("Malasya");
  try {
    book().on(make_date(2026, 2, 9)).classify(h200(), deal);
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(), "unknown country \"Malasya\"; did you mean \"Malaysia\"?");
  }
}

TEST(Rulebook, KnowsOfProductsWhatRatingsDoNotSay) {
  EXPECT_EQ(book().product("rtx4090").data_centre, Answer::no);
  EXPECT_EQ(book().product("h200-sxm").data_centre, Answer::yes);
  EXPECT_EQ(book().product("h800-sxm").sale_in_us.ever, Answer::no);
  EXPECT_EQ(book().product("h200-sxm").sale_in_us.ever, Answer::unknown);
  EXPECT_TRUE(book().product("groq-lp30").memory_is_sram);
  EXPECT_EQ(book().product("no such part").data_centre, Answer::unknown);
  EXPECT_EQ(book().designer("Huawei"), "CN");
  EXPECT_EQ(book().designer("no such firm"), "");
}

TEST(Rulebook, ListsWhatChangedBetweenTwoDays) {
  std::vector<std::string> lines;
  for (const auto& change : book().changes(make_date(2026, 1, 1), make_date(2026, 1, 31))) {
    lines.push_back(vorrat::to_string(change.day) +
                    (change.kind == RuleChange::Kind::begins ? " begins " : " ends ") +
                    book().provisions()[change.provision].id);
  }
  EXPECT_THAT(
      lines,
      testing::ElementsAre(
          "2026-01-12 begins us-2026-remote-access/bill",
          "2026-01-13 begins cn-2026-01-customs/stop", "2026-01-15 ends us-2025-12-h200/h200",
          "2026-01-15 begins us-2026-01-cbc/numbers", "2026-01-15 begins us-2026-01-cbc/available",
          "2026-01-15 begins us-2026-01-cbc/case-by-case",
          "2026-01-15 begins us-2026-01-232/band-1", "2026-01-15 begins us-2026-01-232/band-2",
          "2026-01-15 begins us-2026-01-232/duty", "2026-01-21 begins us-2026-chip-bills/overwatch",
          "2026-01-28 begins cn-2026-01-conditional/three-buyers"));
}

// From 1 December 2025 to 1 February 2026 the US gate changes for what the January rule touches and
// for nothing else: H200 in China, Hong Kong and Macau, sent from the United States.
TEST(Rulebook, ChangesTheUsGateOnlyWhereTheJanuaryRuleReaches) {
  const auto december = book().on(make_date(2025, 12, 1));
  const auto february = book().on(make_date(2026, 2, 1));
  std::set<std::string> changed;
  for (std::size_t i = 0; i < book().countries().count(); ++i) {
    const std::string code = book().countries()[static_cast<Country>(i)].code;
    // Cambodia left D:5 on 3 February 2026, after both days.
    if (at(december, "us-licence", code) != at(february, "us-licence", code)) changed.insert(code);
  }
  EXPECT_EQ(changed, (std::set<std::string>{"CN", "HK", "MO"}));
  Deal from_taiwan = bytedance("CN");
  from_taiwan.exported_from = "TW";
  EXPECT_EQ(february.classify(h200(), from_taiwan).gate(book(), "us-licence").status,
            Status::licence_presumed_denied);
}

// The speed that a planner who sweeps months, places and parts will see: printed, not asserted.
TEST(Rulebook, AnswersATableOfItemsPlacesAndMonths) {
  const int item_count = 66, destination_count = 40, month_count = 60;
  const auto start = std::chrono::steady_clock::now();
  std::map<Status, int> counts;
  for (int month = 0; month < month_count; ++month) {
    const auto law = book().on(make_date(2022 + month / 12, 1 + month % 12, 15));
    for (int i = 0; i < item_count; ++i) {
      Item item = h200();
      item.id = "part";
      item.ratings = {{"fp16", 16, 10.0 * i}, {"fp8", 8, 40.5 * i}, {"fp4", 4, 80.0 * i}};
      if (i % 7 == 0) item.die_area_mm2.reset();
      for (int k = 0; k < destination_count; ++k) {
        const Deal deal = bytedance(book().countries()[static_cast<Country>(k * 6)].code);
        ++counts[law.classify(item, deal).status];
      }
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  int total = 0;
  for (const auto& [status, count] : counts) total += count;
  EXPECT_EQ(total, item_count * destination_count * month_count);
  // January to August 2022 and November and December 2026: ten months without an answer.
  EXPECT_EQ(counts[Status::not_covered], 10 * item_count * destination_count);
  EXPECT_GT(counts[Status::licence_presumed_denied], 0);
  EXPECT_GT(counts[Status::unknown], 0);
  std::cout << total << " questions in " << seconds.count() << " s\n";
}

}  // namespace
}  // namespace vorrat::rules

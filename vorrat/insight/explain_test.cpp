#include "vorrat/insight/explain.h"

#include <gtest/gtest.h>

#include "vorrat/insight/findings.h"
#include "vorrat/insight/small_problems.h"

namespace vorrat::insight {
namespace {

// The window shuts with 0.4: ordering ten thousand now costs 100 M, waiting 0.5 * (100 + 160) M.
TEST(Explain, SaysWhatWaitingCostsAndWhereTheOrderWouldBeDropped) {
  const fleet::Problem problem = closing_window(0.5, 0.4);
  const Explanation why =
      explain(by_tree(problem, {}), problem, odds_question(problem, {}), 0, 1.0);
  EXPECT_TRUE(why.may_order);
  EXPECT_NEAR(*why.now_against_waiting, 30e6, 1);
  // A thousand ordered now pays below 0.5 * 0.4 * 50 = c (1 - 0.5 * 0.6).
  EXPECT_EQ(why.sentence,
            "ordered: 10,000 now; to wait for 2026Q2 costs USD 30 m; would not be ordered above a "
            "price of direct of 14,300 USD each (now 10,000 USD each); would not be ordered below "
            "odds that window shuts by 2026Q2 of 0.25 (now 0.40)");
}

TEST(Explain, SaysWhatOrderingNowWouldCostAndAtWhichOddsItWouldPay) {
  const fleet::Problem problem = closing_window(0.5, 0.1);
  const Explanation why =
      explain(by_tree(problem, {}), problem, odds_question(problem, {}), 0, 1000);
  EXPECT_NEAR(*why.now_against_waiting, -3e6, 1);
  EXPECT_EQ(why.sentence.substr(0, 59),
            "waits: ordering 1,000 now costs USD 3 m more than waiting; ");
  EXPECT_NE(why.sentence.find("would be ordered above odds that window shuts by 2026Q2 of 0.25"),
            std::string::npos)
      << why.sentence;
}

TEST(Explain, SaysWhyAnOfferCannotBeOrdered) {
  fleet::Problem problem = second_quarter();
  problem.offers[0].supply = {0, 50};
  EXPECT_EQ(explain(by_tree(problem, {}), problem, odds_question(problem, {}), 0, 0).sentence,
            "not ordered: not on offer in 2026Q1");
  problem = closing_window(0.5, 0.1);
  problem.gates[0].start = 1;
  EXPECT_EQ(explain(by_tree(problem, {}), problem, odds_question(problem, {}), 0, 0).sentence,
            "not ordered: its gates do not let it be ordered yet");
}

TEST(Find, AsksEveryQuestion) {
  FindingsSettings wanted;
  wanted.home = {0};
  const Findings found = find(closing_window(0.5, 0.1), nullptr, wanted, {});
  EXPECT_TRUE(found.has_plan);
  EXPECT_TRUE(found.is_complete);
  EXPECT_EQ(found.futures, 4u);
  EXPECT_FALSE(found.is_sampled);
  EXPECT_NEAR(found.cost, 70e6, 1);
  EXPECT_EQ(found.explanations.size(), 1u);
  EXPECT_TRUE(found.information);
  EXPECT_FALSE(found.tornado.empty());
  EXPECT_EQ(found.stresses.size(), 4u);
  EXPECT_EQ(found.regret.lines.size(), 5u);
  EXPECT_EQ(found.near_best.ranges.size(), 1u);
  EXPECT_EQ(found.frontier.size(), 5u);
  EXPECT_EQ(found.on_end_value.size(), 3u);
  EXPECT_TRUE(found.relaxations.empty());
}

TEST(Find, AsksWhatWouldHaveToGiveWhereThereIsNoPlan) {
  fleet::Problem problem = second_quarter();
  problem.workloads[0].minimum_service = 0.9;
  problem.sites[0].power = {4, 4};
  const Findings found = find(problem, nullptr, {}, {});
  EXPECT_FALSE(found.has_plan);
  EXPECT_EQ(found.relaxations.size(), 2u);
}

}  // namespace
}  // namespace vorrat::insight

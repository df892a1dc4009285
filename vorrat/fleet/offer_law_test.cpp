#include "vorrat/fleet/offer_law.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/load.h"

namespace vorrat::fleet {
namespace {

const std::filesystem::path source = VORRAT_SOURCE_DIR;

const rules::Rulebook& book() {
  static const auto loaded = rules::Rulebook::load({source / "data/rules"});
  return *loaded;
}

scenario::Scenario bytedance() {
  const auto catalog = catalog::Catalog::load(source / "data");
  auto scenario = scenario::load(source / "scenarios/bytedance-2026", *catalog);
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  return *scenario;
}

std::size_t offer_named(const scenario::Scenario& s, const std::string& id) {
  const auto found =
      std::find_if(s.offers.begin(), s.offers.end(), [&](const auto& o) { return o.id == id; });
  return static_cast<std::size_t>(found - s.offers.begin());
}

/// The regime of these states, by name, in the order of the gates.
std::size_t regime_of(const scenario::Scenario& s, const std::vector<std::string>& states) {
  std::size_t index = 0;
  for (std::size_t g = 0; g < s.gates.size(); ++g) {
    const auto& all = s.gates[g].states;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& state) { return state.id == states[g]; });
    EXPECT_NE(found, all.end()) << states[g];
    index = index * all.size() + static_cast<std::size_t>(found - all.begin());
  }
  return index;
}

TEST(AskRules, SendsTheH200ThroughBothGatesWithItsDuty) {
  const auto s = bytedance();
  const auto rulings = ask_rules(s, book());
  ASSERT_TRUE(rulings) << to_string(rulings.error());
  const OfferRuling& ruling =
      rulings->rulings[offer_named(s, "h200-mainland")][regime_of(s, {"review", "conditional"})];
  EXPECT_EQ(ruling.status, rules::Status::licence_case_by_case);
  EXPECT_TRUE(ruling.may_order);
  EXPECT_EQ(ruling.gates.size(), 2u);
  EXPECT_DOUBLE_EQ(ruling.charges, 0.25);
}

TEST(AskRules, ForbidsTheH200WhereTheRegimeWithdrawsAnInstrument) {
  const auto s = bytedance();
  const auto rulings = ask_rules(s, book());
  ASSERT_TRUE(rulings);
  const auto& h200 = rulings->rulings[offer_named(s, "h200-mainland")];
  EXPECT_EQ(h200[regime_of(s, {"shut", "conditional"})].status,
            rules::Status::licence_presumed_denied);
  EXPECT_FALSE(h200[regime_of(s, {"shut", "conditional"})].may_order);
  EXPECT_EQ(h200[regime_of(s, {"granted", "stopped"})].status, rules::Status::prohibited);
  EXPECT_FALSE(h200[regime_of(s, {"granted", "stopped"})].may_order);
}

TEST(AskRules, LeavesDomesticPartsAndLawfulLeasesFree) {
  const auto s = bytedance();
  const auto rulings = ask_rules(s, book());
  ASSERT_TRUE(rulings);
  for (const char* id : {"ascend-910c-mainland", "cambricon-590-mainland", "h200-lease-johor",
                         "b200-lease-thailand"}) {
    for (const OfferRuling& ruling : rulings->rulings[offer_named(s, id)]) {
      EXPECT_TRUE(ruling.may_order) << id;
      EXPECT_TRUE(ruling.gates.empty()) << id;
    }
  }
}

TEST(AskRules, CountsTheQuotaOfTheThreeBuyersOnce) {
  const auto s = bytedance();
  const auto rulings = ask_rules(s, book());
  ASSERT_TRUE(rulings);
  ASSERT_EQ(rulings->quotas.size(), 1u);
  EXPECT_EQ(rulings->quotas[0].provision, "cn-2026-01-conditional/three-buyers");
  EXPECT_EQ(rulings->quotas[0].accelerators, 400000);
  EXPECT_EQ(rulings->quotas[0].offers, (std::vector<std::size_t>{offer_named(s, "h200-mainland")}));
}

// The rule of January 2026 and nothing else changes between the two days: it touches the H200
// bought for the mainland.
TEST(AskRules, ChangesExactlyTheOffersThatTheJanuaryRuleTouches) {
  auto s = bytedance();
  for (auto& gate : s.gates) {
    for (auto& state : gate.states) state.without.clear();
  }
  s.horizon.known_on = make_date(2026, 2, 1);
  const auto february = ask_rules(s, book());
  s.horizon.known_on = make_date(2025, 12, 1);
  const auto december = ask_rules(s, book());
  ASSERT_TRUE(february && december);
  std::vector<std::string> changed;
  for (std::size_t o = 0; o < s.offers.size(); ++o) {
    const OfferRuling &before = december->rulings[o][0], &after = february->rulings[o][0];
    if (before.status != after.status || before.charges != after.charges)
      changed.push_back(s.offers[o].id);
  }
  EXPECT_EQ(changed, (std::vector<std::string>{"h200-mainland"}));
  EXPECT_EQ(december->rulings[offer_named(s, "h200-mainland")][0].status,
            rules::Status::licence_presumed_denied);
}

TEST(AskRules, StopsWhenTheRulesAreOlderThanTheScenario) {
  auto s = bytedance();
  s.horizon.known_on = make_date(2030, 1, 1);
  const auto rulings = ask_rules(s, book());
  ASSERT_FALSE(rulings);
  EXPECT_TRUE(rulings.error().has_errors());
  EXPECT_NE(to_string(rulings.error()).find("take newer rule files"), std::string::npos)
      << to_string(rulings.error());
}

TEST(AskRules, NamesAnInstrumentThatNobodyKnows) {
  auto s = bytedance();
  s.gates[0].states[0].with = {"us-2026-01-cbx"};
  const auto rulings = ask_rules(s, book());
  ASSERT_FALSE(rulings);
  EXPECT_EQ(rulings.error().faults()[0].message,
            "state \"review\" of gate \"us-licence\" names the instrument \"us-2026-01-cbx\", "
            "which no rule file has");
  EXPECT_EQ(rulings.error().faults()[0].hint, "did you mean \"us-2026-01-cbc\"?");
}

TEST(AskRules, AsksForTheGateOfAnAuthorityThatTheScenarioLacks) {
  auto s = bytedance();
  s.gates.pop_back();
  for (auto& offer : s.offers) offer.gates.clear();
  const auto rulings = ask_rules(s, book());
  ASSERT_FALSE(rulings);
  EXPECT_EQ(rulings.error().faults()[0].message,
            "offer \"h200-mainland\" needs the yes of cn-approval (Chinese import approval), which "
            "the scenario does not"
            " model");
}

// Thresholds and quotas bind the group: two offers of the same part share one quota, whatever the
// shipment.
TEST(AskRules, LetsNoSplitOfAnOfferEscapeItsQuota) {
  auto s = bytedance();
  s.offers.push_back(s.offers[offer_named(s, "h200-mainland")]);
  s.offers.back().id = "h200-again";
  const auto rulings = ask_rules(s, book());
  ASSERT_TRUE(rulings);
  ASSERT_EQ(rulings->quotas.size(), 1u);
  EXPECT_EQ(rulings->quotas[0].offers.size(), 2u);
}

}  // namespace
}  // namespace vorrat::fleet

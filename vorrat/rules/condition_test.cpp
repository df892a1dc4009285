#include "vorrat/rules/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat::rules {
namespace {

struct World {
  Countries countries{{{"CN", "China", {}}, {"MY", "Malaysia", {}}, {"US", "United States", {}}}};
  std::vector<std::string> groups = {"D:5"};
  std::unordered_map<std::string, std::size_t> provisions = {{"law/3A090.a", 0}, {"law/fast", 1}};
  Vocabulary vocabulary{countries, groups, provisions, "law"};

  Condition condition(std::string_view text) const {
    auto result = Condition::parse(text, vocabulary);
    EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
    return result ? *result : Condition();
  }
  std::string fault(std::string_view text) const {
    const auto result = Condition::parse(text, vocabulary);
    if (result) return "accepted";
    const auto& fault = result.error();
    return std::to_string(fault.position) + "+" + std::to_string(fault.width) + ": " +
           fault.message + (fault.hint.empty() ? "" : "; " + fault.hint);
  }
};

struct Question {
  Item item;
  Deal deal;

  Question() {
    item.id = "part";
    item.data_centre = Answer::yes;
    item.ratings = {{"fp8", 8, 600}};
    item.die_area_mm2 = 800;
    item.dram_gb_per_s = 4000;
    item.io_gb_per_s = 600;
    deal.destination = "MY";
    deal.exported_from = "US";
    deal.user = {"Buyer", "MY", "CN"};
  }

  Answer ask(const World& world, std::string_view text,
             std::vector<Reading>* readings = nullptr) const {
    const Facts facts(item, deal, world.countries);
    CountrySet china;
    china.set(world.countries.find("CN"));
    const std::vector<CountrySet> groups = {china};
    const std::vector<Answer> provisions = {Answer::yes, Answer::unknown};
    return world.condition(text).ask({facts, world.countries, groups, provisions}, readings);
  }
};

TEST(Condition, ComparesAsTheTextOfTheLawHasIt) {
  const World world;
  const Question question;  // TPP = 600 x 8 = 4800
  EXPECT_EQ(question.ask(world, "tpp >= 4800"), Answer::yes);
  EXPECT_EQ(question.ask(world, "tpp > 4800"), Answer::no);
  EXPECT_EQ(question.ask(world, "tpp < 4800"), Answer::no);
  EXPECT_EQ(question.ask(world, "tpp <= 4800"), Answer::yes);
  EXPECT_EQ(question.ask(world, "performance_density >= 6"), Answer::yes);
  EXPECT_EQ(question.ask(world, "performance_density > 6"), Answer::no);
}

TEST(Condition, BindsAndMoreTightlyThanOr) {
  const World world;
  const Question question;
  EXPECT_EQ(question.ask(world, "tpp >= 1 or tpp >= 1 and tpp < 1"), Answer::yes);
  EXPECT_EQ(question.ask(world, "(tpp >= 1 or tpp >= 1) and tpp < 1"), Answer::no);
  EXPECT_EQ(question.ask(world, "not (tpp < 1) and not data_centre"), Answer::no);
}

TEST(Condition, StaysUnknownUnlessTheOtherFactsDecide) {
  const World world;
  Question question;
  question.item.die_area_mm2.reset();
  EXPECT_EQ(question.ask(world, "performance_density >= 5.92"), Answer::unknown);
  EXPECT_EQ(question.ask(world, "not performance_density >= 5.92"), Answer::unknown);
  EXPECT_EQ(question.ask(world, "tpp >= 4800 or performance_density >= 5.92"), Answer::yes);
  EXPECT_EQ(question.ask(world, "tpp < 4800 and performance_density >= 5.92"), Answer::no);
}

TEST(Condition, AsksWhereAPartGoesAndWhoTakesIt) {
  const World world;
  Question question;
  EXPECT_EQ(question.ask(world, "destination in {CN, US}"), Answer::no);
  EXPECT_EQ(question.ask(world, "destination not in {CN, US}"), Answer::yes);
  EXPECT_EQ(question.ask(world, "holder_parent in {D:5}"), Answer::yes);
  EXPECT_EQ(question.ask(world, "route in {US}"), Answer::yes);
  question.deal.transaction = Transaction::lease;  // now the owner of the site takes the part
  EXPECT_EQ(question.ask(world, "holder_parent in {D:5}"), Answer::unknown);
  question.deal.site_owner = {"Owner", "MY", "MY"};
  EXPECT_EQ(question.ask(world, "holder_parent in {D:5}"), Answer::no);
  EXPECT_EQ(question.ask(world, "user_parent in {D:5}"), Answer::yes);
}

TEST(Condition, AsksForWordsDaysAndOtherProvisions) {
  const World world;
  Question question;
  EXPECT_EQ(question.ask(world, "item is part and transaction in {buy, lease}"), Answer::yes);
  EXPECT_EQ(question.ask(world, "seller is NVIDIA"), Answer::unknown);
  EXPECT_EQ(question.ask(world, "transaction is not buy"), Answer::no);
  EXPECT_EQ(question.ask(world, "meets 3A090.a"), Answer::yes);
  EXPECT_EQ(question.ask(world, "meets law/fast"), Answer::unknown);
  EXPECT_EQ(question.ask(world, "received before 2026-05-31"), Answer::unknown);
  question.deal.received = make_date(2026, 5, 30);
  EXPECT_EQ(question.ask(world, "received before 2026-05-31"), Answer::yes);
  EXPECT_EQ(question.ask(world, "sold_in_us on 2026-01-15"), Answer::unknown);
}

TEST(Condition, TellsWhatItLookedAtUntilTheAnswerWasSure) {
  const World world;
  const Question question;
  std::vector<Reading> readings;
  question.ask(world, "destination in {CN} or tpp >= 4800 or data_centre", &readings);
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[0].text, "destination in {CN}; it is Malaysia");
  EXPECT_EQ(readings[0].answer, Answer::no);
  EXPECT_EQ(readings[1].text, "tpp >= 4800; TPP = 600 (fp8) x 8 = 4800");
}

TEST(Condition, SaysWhatIsWrongAndWhere) {
  const World world;
  EXPECT_EQ(world.fault("tpp >= 4800 and"), "15+1: a test is missing at the end");
  EXPECT_EQ(world.fault("tppp >= 4800"),
            "0+4: \"tppp\" is not something a rule can ask; did you mean \"tpp\"?");
  EXPECT_EQ(world.fault("tpp = 4800"),
            "4+1: \"=\" has no meaning in a condition; compare with >=, >, < or <=");
  EXPECT_EQ(world.fault("tpp 4800"),
            "4+4: a comparison is missing after tpp; write >=, >, < or <=, as the text of the law "
            "has it");
  EXPECT_EQ(world.fault("tpp >= many"), "7+4: \"many\" is not a number");
  EXPECT_EQ(world.fault("dram_bandwidth < 6500"),
            "17+4: the unit of dram_bandwidth is missing; write \"6500 GB/s\"");
  EXPECT_EQ(world.fault("destination in {CN, D:9}"),
            "20+3: \"D:9\" is neither a country nor a group of countries; groups: D:5");
  EXPECT_EQ(world.fault("transaction is rent"),
            "15+4: \"rent\" is not a transaction; known: buy, lease, remote_use, keep_running");
  EXPECT_EQ(world.fault("meets 3A090.b"),
            "6+7: there is no provision \"3A090.b\"; did you mean \"3A090.a\"?");
  EXPECT_EQ(world.fault("(tpp >= 1"), "9+1: \")\" is missing after the test in brackets");
  EXPECT_EQ(world.fault("tpp >= 1 data_centre"),
            "9+11: \"data_centre\" is not expected here; join tests with \"and\" or \"or\"");
  EXPECT_EQ(world.fault("received before May"),
            "16+3: \"May\" is not a day; write it as in 2026-05-31");
}

TEST(SurelyExclude, SeesThatTwoConditionsCannotBothHold) {
  const World world;
  const auto exclude = [&](const char* a, const char* b) {
    return surely_exclude_each_other(world.condition(a), world.condition(b));
  };
  EXPECT_TRUE(exclude("tpp >= 4800", "tpp < 4800"));
  EXPECT_FALSE(exclude("tpp >= 4800", "tpp <= 4800"));
  EXPECT_TRUE(exclude("tpp > 4800", "tpp <= 4800 and data_centre"));
  EXPECT_TRUE(exclude("destination in {CN}", "destination in {MY, US}"));
  EXPECT_TRUE(exclude("destination in {CN}", "destination not in {CN, US}"));
  EXPECT_TRUE(exclude("transaction is buy", "transaction in {lease, remote_use}"));
  EXPECT_TRUE(exclude("meets fast", "not meets fast and tpp > 1"));
  EXPECT_TRUE(exclude("tpp < 10 or tpp < 20", "not data_centre and tpp >= 20"));
  EXPECT_FALSE(exclude("tpp < 10 or data_centre", "tpp >= 20"));
  EXPECT_FALSE(exclude("destination in {D:5}", "destination in {MY}"));
  EXPECT_TRUE(exclude("not (tpp >= 1 or data_centre)", "data_centre"));
}

}  // namespace
}  // namespace vorrat::rules

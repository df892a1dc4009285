#include "vorrat/fleet/law.h"

#include <gtest/gtest.h>

#include <map>

#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/load.h"

namespace vorrat::fleet {
namespace {

const rules::Rulebook& book() {
  static const auto result = rules::Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"});
  return result.value();
}

const catalog::Catalog& catalogue() {
  static const auto result = catalog::Catalog::load(VORRAT_SOURCE_DIR "/data");
  return result.value();
}

// H200: 989.5 TFLOP/s x 16 = 1979 x 8 = 15832; 814 mm2; 4800 and 900 GB/s.
TEST(ItemOf, CarriesTheRatingsInTheUnitsOfTheLaw) {
  const auto item = item_of(*catalogue().find_accelerator("h200-sxm"), book());
  ASSERT_EQ(item.ratings.size(), 2u);
  EXPECT_EQ(item.ratings[0].dense_tops, 989.5);
  EXPECT_EQ(item.ratings[1].bits, 8);
  EXPECT_EQ(item.die_area_mm2, 814);
  EXPECT_EQ(item.dram_gb_per_s, 4800);
  EXPECT_EQ(item.io_gb_per_s, 900);
  EXPECT_EQ(item.designer, "US");
  EXPECT_EQ(item.data_centre, rules::Answer::yes);
}

TEST(ItemOf, LeavesWhatIsNotKnownUnknown) {
  const auto item = item_of(*catalogue().find_accelerator("tpu-v5e"), book());
  EXPECT_FALSE(item.die_area_mm2);
  EXPECT_EQ(item.sale_in_us.ever, rules::Answer::unknown);
}

TEST(ItemOf, DoesNotCountSramAsDram) {
  const auto item = item_of(*catalogue().find_accelerator("groq-lp30"), book());
  EXPECT_EQ(item.dram_gb_per_s, 0);
  EXPECT_EQ(item.sram_gb_per_s, 150000);
}

// The two ways to a TPP agree on every row: the rules' from the ratings, the catalogue's as read.
TEST(ItemOf, GivesTheTppOfTheCatalogue) {
  int rows = 0;
  for (const auto& accelerator : catalogue().accelerators) {
    const auto tpp = rules::measured(item_of(accelerator, book()), rules::Measure::tpp);
    if (!accelerator.total_performance) continue;
    EXPECT_NEAR(tpp.value.to_double(), *accelerator.total_performance,
                0.01 * *accelerator.total_performance)
        << accelerator.id;
    ++rows;
  }
  EXPECT_GT(rows, 50);
}

// Every figure of the catalogue comes back as it was written: at most seven digits.
TEST(ItemOf, GivesBackTheFiguresThatWereWritten) {
  for (const auto& accelerator : catalogue().accelerators) {
    const auto item = item_of(accelerator, book());
    const auto is_short = [](const std::optional<double>& figure) {
      return !figure || to_string(rules::Decimal(*figure)).size() <= 8;
    };
    EXPECT_TRUE(is_short(item.die_area_mm2)) << accelerator.id;
    EXPECT_TRUE(is_short(item.dram_gb_per_s)) << accelerator.id;
    EXPECT_TRUE(is_short(item.io_gb_per_s)) << accelerator.id;
    for (const auto& rating : item.ratings)
      EXPECT_TRUE(is_short(rating.dense_tops)) << accelerator.id;
  }
}

// A name in a rule that no catalogue row has would be a slip of the pen.
TEST(Rules, KnowEveryAcceleratorOfTheCatalogueAndItsDesigner) {
  for (const auto& accelerator : catalogue().accelerators) {
    EXPECT_NE(book().designer(accelerator.vendor), "")
        << "add " << accelerator.vendor << " to data/rules/products.toml";
    EXPECT_NE(book().product(accelerator.id).data_centre, rules::Answer::unknown) << accelerator.id;
  }
}

const scenario::Scenario& bytedance() {
  static const auto result =
      scenario::load(VORRAT_SOURCE_DIR "/scenarios/bytedance-2026", catalogue());
  return result.value();
}

std::map<std::string, rules::Status> statuses(const rules::RulesInForce& law) {
  std::map<std::string, rules::Status> result;
  for (const auto& offer : bytedance().offers) {
    result[offer.id] = law_of(bytedance(), offer, law).classification.status;
  }
  return result;
}

// Of all offers only the H200 for the mainland changes from December 2025 to February 2026.
TEST(LawOf, ChangesExactlyTheOfferThatTheRuleOfJanuary2026Touches) {
  const auto december = statuses(book().on(make_date(2025, 12, 1)));
  const auto february = statuses(book().on(make_date(2026, 2, 1)));
  for (const auto& [offer, status] : february) {
    if (offer == "h200-mainland") {
      EXPECT_EQ(december.at(offer), rules::Status::licence_presumed_denied);
      EXPECT_EQ(status, rules::Status::licence_case_by_case);
    } else {
      EXPECT_EQ(december.at(offer), status) << offer;
    }
  }
}

TEST(LawOf, LeavesNoOfferOfTheWorkedScenarioUnknown) {
  for (const auto& [offer, status] : statuses(book().on(bytedance().horizon.known_on))) {
    EXPECT_NE(status, rules::Status::unknown) << offer;
    EXPECT_NE(status, rules::Status::not_covered) << offer;
  }
}

// 25 % on the H200, which passes the United States; no other offer of the worked scenario pays a
// duty.
TEST(LawOf, GivesTheDutyOfEachOffer) {
  const auto scenario = bytedance();
  const auto law = book().on(scenario.horizon.known_on);
  for (const auto& offer : scenario.offers) {
    EXPECT_DOUBLE_EQ(law_of(scenario, offer, law).duty, offer.id == "h200-mainland" ? 0.25 : 0.0)
        << offer.id;
  }
}

// The states of the two gates, by name, and what they make of the H200 for the mainland.
TEST(RegimeOf, GivesEachStateOfTheGatesItsLaw) {
  const auto& scenario = bytedance();
  const auto state = [&](std::size_t gate, const std::string& id) {
    const auto& states = scenario.gates[gate].states;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (states[i].id == id) return i;
    }
    ADD_FAILURE() << id;
    return std::size_t{0};
  };
  const auto status = [&](const char* us, const char* cn) {
    const auto law = book().under(regime_of(scenario, {state(0, us), state(1, cn)}));
    return law_of(scenario, scenario.offers.front(), law).classification.status;
  };
  ASSERT_EQ(scenario.offers.front().id, "h200-mainland");
  EXPECT_EQ(status("review", "conditional"), rules::Status::licence_case_by_case);
  EXPECT_EQ(status("review", "rationed"), rules::Status::licence_case_by_case);
  EXPECT_EQ(status("granted", "open"), rules::Status::licence_case_by_case);
  EXPECT_EQ(status("shut", "open"), rules::Status::licence_presumed_denied);
  EXPECT_EQ(status("granted", "stopped"), rules::Status::prohibited);
}

}  // namespace
}  // namespace vorrat::fleet

#include "vorrat/rules/item.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

// H200 SXM as its data sheet rates it: 1979 x 8 = 989.5 x 16 = 15832, on 814 mm2.
Item h200() {
  Item item;
  item.id = "h200-sxm";
  item.ratings = {{"fp16", 16, 989.5}, {"fp8", 8, 1979}};
  item.die_area_mm2 = 814;
  item.process = Process::non_planar;
  item.dram_gb_per_s = 4800;
  item.io_gb_per_s = 900;
  return item;
}

Decimal decimal(const char* text) { return *Decimal::parse(text); }

TEST(Measured, MultipliesTheRatingByTheBitLength) {
  EXPECT_EQ(measured(h200(), Measure::tpp).value, decimal("15832"));
  EXPECT_EQ(arithmetic(h200(), Measure::tpp), "TPP = 989.5 (fp16) x 16 = 15832");
}

// Gaudi 3 has the same rate in BF16 and FP8: BF16 decides, 1677 x 16 = 26832, not 13416.
TEST(Measured, TakesTheHighestProductOverTheFormats) {
  Item item = h200();
  item.ratings = {{"fp8", 8, 1677}, {"bf16", 16, 1677}};
  EXPECT_EQ(measured(item, Measure::tpp).value, decimal("26832"));
}

TEST(Measured, KeepsThePerformanceDensityAsAQuotient) {
  const Measurement m = measured(h200(), Measure::performance_density);
  EXPECT_EQ(m.value, decimal("15832"));
  EXPECT_EQ(m.divisor, decimal("814"));
  EXPECT_EQ(arithmetic(h200(), Measure::performance_density),
            "performance density = 15832 / 814 mm2 = 19.4496");
}

TEST(Measured, SaysThatADieAreaIsMissingAndNeverGuesses) {
  Item item = h200();
  item.die_area_mm2.reset();
  const Measurement m = measured(item, Measure::performance_density);
  EXPECT_EQ(m.state, Measurement::State::not_given);
  EXPECT_EQ(m.missing, "the die area is not given");
}

TEST(Measured, DoesNotApplyPerformanceDensityToPlanarDies) {
  Item item = h200();
  item.process = Process::planar;
  EXPECT_EQ(measured(item, Measure::performance_density).state, Measurement::State::does_not_apply);
}

// Groq LP30 has no DRAM; its 150 TB/s are SRAM on the die.
TEST(Measured, NeverCountsSramAsDram) {
  Item item = h200();
  item.dram_gb_per_s = 0;
  item.sram_gb_per_s = 150000;
  EXPECT_EQ(measured(item, Measure::dram_bandwidth).value, decimal("0"));
  EXPECT_EQ(measured(item, Measure::dram_plus_io_bandwidth).value, decimal("900"));
}

TEST(Measured, AddsDramAndLinks) {
  EXPECT_EQ(arithmetic(h200(), Measure::dram_plus_io_bandwidth),
            "DRAM + input and output bandwidth = 4800 + 900 = 5700 GB/s");
}

TEST(Measured, RefusesARatingThatCannotBeMeantAndNamesIt) {
  const auto message = [](const Item& item, Measure measure) -> std::string {
    try {
      measured(item, measure);
    } catch (const InvalidInput& fault) {
      return fault.what();
    }
    return "accepted";
  };
  Item item = h200();
  item.dram_gb_per_s = -1;
  EXPECT_EQ(message(item, Measure::dram_bandwidth),
            "the DRAM bandwidth of \"h200-sxm\" is -1, which is not a positive number");
  item.ratings[0].bits = 0;
  EXPECT_EQ(message(item, Measure::tpp),
            "the rating of \"h200-sxm\" in fp16 has a bit length of 0");
  item = h200();
  item.die_area_mm2 = 0;
  EXPECT_EQ(message(item, Measure::performance_density), "the die area of \"h200-sxm\" is 0");
}

TEST(SaleInUs, IsKnownOnlyWhereTheFirstDayIs) {
  const Date day = make_date(2026, 1, 15);
  EXPECT_EQ(SaleInUs{}.on(day), Answer::unknown);
  EXPECT_EQ((SaleInUs{Answer::no, {}, {}}.on(day)), Answer::no);
  EXPECT_EQ((SaleInUs{Answer::yes, make_date(2024, 4, 1), {}}.on(day)), Answer::yes);
  EXPECT_EQ((SaleInUs{Answer::yes, make_date(2026, 1, 16), {}}.on(day)), Answer::no);
  EXPECT_EQ((SaleInUs{Answer::yes, make_date(2020, 4, 1), make_date(2024, 1, 1)}.on(day)),
            Answer::no);
}

}  // namespace
}  // namespace vorrat::rules

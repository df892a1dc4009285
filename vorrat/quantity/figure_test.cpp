#include "vorrat/quantity/figure.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vorrat {
namespace {

std::string interval(const char* text) {
  const auto figure = parse_figure(text);
  if (!figure) return figure.error().message;
  return to_string(figure->stands_for.low) + " to " + to_string(figure->stands_for.high);
}

TEST(Figure, StandsForWhatRoundsToIt) {
  EXPECT_EQ(interval("160 bn CNY"), "159.5 bn CNY to 160.5 bn CNY");
  EXPECT_EQ(interval("23 bn USD"), "22.5 bn USD to 23.5 bn USD");
  EXPECT_EQ(interval("20,000 units"), "19,500 units to 20,500 units");
  EXPECT_EQ(interval("97920 USD"), "97.9195 kUSD to 97.9205 kUSD");
  EXPECT_EQ(interval("54.2 days"), "54.15 days to 7.75 weeks");
  EXPECT_EQ(interval("3e25 FLOP"), "2.5e25 FLOP to 3.5e25 FLOP");
}

TEST(Figure, ReadsWordsOfRelation) {
  EXPECT_EQ(parse_figure("about half")->relation, Relation::about);
  EXPECT_EQ(parse_figure("about half")->value.value, 0.5);
  EXPECT_EQ(parse_figure("less than a tenth")->relation, Relation::less);
  EXPECT_EQ(parse_figure("less than a tenth")->value.value, 0.1);
  EXPECT_EQ(parse_figure("1/10")->value.value, 0.1);
  EXPECT_EQ(parse_figure("above 300 bn USD")->relation, Relation::more);
  EXPECT_TRUE(std::isinf(parse_figure("above 300 bn USD")->stands_for.high.value));
  EXPECT_EQ(parse_figure("6.8 to 7.1 CNY/USD")->relation, Relation::range);
  EXPECT_EQ(parse_figure("between 6.8 and 7.1 CNY/USD")->ends.high.value, 7.1);
}

TEST(Figure, CountsThePlaceOfAFaultFromTheStart) {
  const auto figure = parse_figure("less than 5 foo");
  ASSERT_FALSE(figure);
  EXPECT_EQ(figure.error().position, 12);
  EXPECT_EQ(figure.error().message, "\"foo\" is not a unit");
}

}  // namespace
}  // namespace vorrat

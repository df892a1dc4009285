#include "vorrat/quantity/uncertain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vorrat {
namespace {

TEST(Uncertain, ReadsARangeAsLognormalWithItsEndsAtTheStatedQuantiles) {
  const auto price = parse_uncertain("27k to 35k USD (80 %)");
  ASSERT_TRUE(price) << price.error().message;
  EXPECT_NEAR(price->quantile(0.1).value, 27000, 1e-6);
  EXPECT_NEAR(price->quantile(0.9).value, 35000, 1e-6);
  EXPECT_NEAR(price->quantile(0.5).value, std::sqrt(27000.0 * 35000.0), 1e-6);
  EXPECT_EQ(price->kind().currency.code(), "USD");
  EXPECT_EQ(to_string(*price), "27k to 35k USD (80 %)");
}

TEST(Uncertain, ReadsAllItsShapes) {
  const auto mean = [](const char* text) {
    const auto read = parse_uncertain(text);
    EXPECT_TRUE(read) << text << ": " << read.error().message;
    return read ? to_string_in(read->mean(), "MW", 6) : "";
  };
  EXPECT_EQ(mean("uniform 10 to 20 MW"), "15 MW");
  EXPECT_EQ(mean("uniform(10, 20) MW"), "15 MW");
  EXPECT_EQ(mean("triangular(10, 12, 20) MW"), "14 MW");
  EXPECT_EQ(mean("pert(10, 12, 20) MW"), "13 MW");
  EXPECT_EQ(mean("normal(100, 10) MW"), "100 MW");
  EXPECT_EQ(mean("100 ± 10 MW (80 %)"), "100 MW");
  EXPECT_EQ(mean("discrete(20 %: 0, 80 %: 10) MW"), "8 MW");
  EXPECT_EQ(mean("mixture(60 %: normal 1 to 3 (80 %), 40 %: 5) MW"), "3.2 MW");
  EXPECT_EQ(mean("120 MW"), "120 MW");
  EXPECT_EQ(mean("normal 90 to 110 MW (80 %), at least 100 MW, at most 1000 MW").substr(0, 5),
            "106.2");
}

TEST(Uncertain, TakesEightyPercentWhereNoneIsWrittenAndSaysSo) {
  const auto lead_time = parse_uncertain("26–52 weeks");
  ASSERT_TRUE(lead_time) << lead_time.error().message;
  EXPECT_NEAR(in_unit(lead_time->quantile(0.1), "weeks"), 26, 1e-9);
  EXPECT_EQ(lead_time->assumption(), "a range without \"(p %)\" is read as 80 % likely");
}

// Each quantile against its closed form.
TEST(Distribution, QuantilesAgreeWithClosedForms) {
  const double log2 = std::log(2.0);
  for (int i = 1; i < 100; ++i) {
    const double p = i / 100.0;
    EXPECT_NEAR(Distribution::uniform(2, 6).quantile(p), 2 + 4 * p, 1e-14);
    const double triangle = p <= 0.25 ? 2 + std::sqrt(p * 4 * 1) : 6 - std::sqrt((1 - p) * 4 * 3);
    EXPECT_NEAR(Distribution::triangular(2, 3, 6).quantile(p), triangle, 1e-13);
    EXPECT_NEAR(normal_cumulative(Distribution::normal(0, 1).quantile(p)), p, 1e-15);
    EXPECT_NEAR(Distribution::lognormal(2, 0.5).quantile(p),
                std::exp(log2 + 0.5 * normal_quantile(p)), 1e-13);
    // With its mode at the lower end a PERT has the density 5 (1 - x)^4.
    EXPECT_NEAR(Distribution::pert(0, 0, 1).quantile(p), 1 - std::pow(1 - p, 0.2), 1e-12);
    EXPECT_EQ(Distribution::constant(3).quantile(p), 3);
    EXPECT_EQ(Distribution::discrete({7, 5}, {0.8, 0.2}).quantile(p), p <= 0.2 ? 5 : 7);
    // Half uniform on 0 to 1, half on 1 to 2: uniform on 0 to 2.
    EXPECT_NEAR(Distribution::mixture({Distribution::uniform(0, 1), Distribution::uniform(1, 2)},
                                      {0.5, 0.5})
                    .quantile(p),
                2 * p, 1e-12);
    // A uniform cut at its half is a uniform.
    EXPECT_NEAR(Distribution::uniform(0, 2).truncated(1, 5).quantile(p), 1 + p, 1e-14);
    EXPECT_NEAR(Distribution::uniform(0, 1).scaled(3, 1).quantile(p), 1 + 3 * p, 1e-14);
  }
}

// Source of the values: Wichura (1988), table of AS 241; the tails by symmetry.
TEST(NormalQuantile, IsRightFarIntoTheTails) {
  EXPECT_NEAR(normal_quantile(0.25), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306167813, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798408, 1e-13);
  EXPECT_EQ(normal_quantile(0.5), 0);
}

TEST(Distribution, MeansAndVariancesAgreeWithClosedForms) {
  EXPECT_NEAR(Distribution::lognormal(2, 0.5).mean(), 2 * std::exp(0.125), 1e-14);
  EXPECT_NEAR(Distribution::pert(0, 0, 1).mean(), 1.0 / 6, 1e-15);
  EXPECT_NEAR(Distribution::pert(0, 0, 1).variance(), 5.0 / 36 / 7, 1e-6);
  EXPECT_NEAR(Distribution::triangular(0, 0, 1).variance(), 1.0 / 18, 1e-6);
  // A standard normal above 0 has the mean sqrt(2 / pi).
  EXPECT_NEAR(Distribution::normal(0, 1).truncated(0, 50).mean(), 0.7978845608028654, 1e-12);
  EXPECT_NEAR(Distribution::uniform(0, 2).truncated(1, 5).mean(), 1.5, 1e-9);
  EXPECT_NEAR(Distribution::discrete({0, 10}, {0.2, 0.8}).mean(), 8, 1e-14);
}

TEST(Distribution, ListsTheValuesOfADiscreteOne) {
  const auto values = [](const Distribution& distribution) {
    std::vector<std::pair<double, double>> pairs;
    for (const auto& [value, probability] : distribution.outcomes())
      pairs.emplace_back(value, probability);
    return pairs;
  };
  using Pairs = std::vector<std::pair<double, double>>;
  EXPECT_EQ(values(Distribution::discrete({7, 3, 9}, {0.5, 0.25, 0.25})),
            (Pairs{{3, 0.25}, {7, 0.5}, {9, 0.25}}));
  // Without the 9 a third of what is left is a 3.
  const Pairs cut = values(Distribution::discrete({7, 3, 9}, {0.5, 0.25, 0.25}).truncated(0, 8));
  ASSERT_EQ(cut.size(), 2U);
  EXPECT_NEAR(cut[0].second, 1.0 / 3, 1e-15);
  EXPECT_EQ(values(Distribution::discrete({0, 1}, {0.5, 0.5}).scaled(4, 1)),
            (Pairs{{1, 0.5}, {5, 0.5}}));
  EXPECT_EQ(values(Distribution::constant(2)), (Pairs{{2, 1}}));
  EXPECT_TRUE(Distribution::uniform(0, 1).outcomes().empty());
}

// The uniform: the middle of the part. The normal's upper half has the mean sqrt(2 / pi). Of 3, 7,
// 9 the part from 0.2 to 0.6 has a 3 with 0.05 and a 7 with 0.35.
TEST(Distribution, KnowsTheMeanBetweenTwoProbabilities) {
  EXPECT_NEAR(Distribution::uniform(2, 6).mean_between(0.25, 0.75), 4, 1e-12);
  EXPECT_NEAR(Distribution::uniform(2, 6).mean_between(0.75, 1), 5.5, 1e-12);
  EXPECT_NEAR(Distribution::normal(0, 1).mean_between(0.5, 1), 0.7978845608028654, 1e-12);
  EXPECT_NEAR(Distribution::discrete({7, 3, 9}, {0.5, 0.25, 0.25}).mean_between(0.2, 0.6),
              (0.05 * 3 + 0.35 * 7) / 0.4, 1e-12);
}

TEST(Distribution, SplitsItsMeanAmongItsParts) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const Distribution& distribution :
       {Distribution::lognormal(3, 0.8), Distribution::normal(-1, 2), Distribution::pert(1, 2, 9),
        Distribution::lognormal(3, 0.8).truncated(1, 5), Distribution::discrete({1, 4}, {0.3, 0.7}),
        Distribution::constant(2), Distribution::normal(1, 2).truncated(0, infinity),
        Distribution::lognormal(3, 0.8).truncated(1, infinity),
        Distribution::normal(1, 2).truncated(-infinity, 3)}) {
    double mean = 0;
    for (const auto& [from, to] : {std::pair{0.0, 0.3}, {0.3, 0.7}, {0.7, 1.0}})
      mean += (to - from) * distribution.mean_between(from, to);
    EXPECT_NEAR(mean, distribution.mean(), 1e-9 * std::abs(distribution.mean()));
  }
}

// By quadrature over the quantile function, which has a step in its slope where a part begins.
TEST(Distribution, SplitsTheMeanOfAMixtureThatIsCutOffBelow) {
  const Distribution cut =
      Distribution::mixture({Distribution::normal(0, 1), Distribution::pert(1, 2, 9)}, {0.3, 0.7})
          .truncated(-1, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(0.4 * cut.mean_between(0, 0.4) + 0.6 * cut.mean_between(0.4, 1), cut.mean(), 1e-4);
  // (0.7 * 8.5 / 3 + 0.3 * density(-1)) / (0.7 + 0.3 * (1 - cumulative(-1))), by the parts' means.
  EXPECT_NEAR(cut.mean(), 2.2811670, 1e-4);
}

TEST(Distribution, CumulativeUndoesQuantile) {
  const std::vector<Distribution> all = {
      Distribution::uniform(1, 2),
      Distribution::triangular(1, 2, 5),
      Distribution::pert(1, 2, 5),
      Distribution::normal(3, 2),
      Distribution::lognormal(3, 0.4),
      Distribution::normal(3, 2).truncated(0, 4),
      Distribution::mixture({Distribution::normal(0, 1), Distribution::pert(1, 2, 9)}, {0.3, 0.7})};
  for (const Distribution& distribution : all) {
    for (int i = 1; i < 50; ++i) {
      const double p = i / 50.0;
      EXPECT_NEAR(distribution.cumulative(distribution.quantile(p)), p, 1e-10);
    }
  }
}

struct BadRange {
  const char* text;
  int position;
  const char* message;
  const char* hint;
};

TEST(Uncertain, SaysWhatIsWrongWithARange) {
  const std::vector<BadRange> bad = {
      {"35k to 27k USD (80 %)", 0, "the lower end is not below the upper end",
       "write the smaller end first, as in \"27k to 35k USD (80 %)\""},
      {"27k to 35k USD (80)", 16,
       "the probability of a range is a percentage between 0 % and 100 %", "write \"(80 %)\""},
      {"27k to 35k USD (180 %)", 16,
       "the probability of a range is a percentage between 0 % and 100 %", "write \"(80 %)\""},
      {"27k USD to 35k CNY (80 %)", 11, "35 kCNY is in CNY, but the others are in USD",
       "write all in one currency"},
      {"5 MW to 6 MWh", 8, "6 MWh is an energy, but the others are a power",
       "write all in units of one kind"},
      {"triangular(1, 2) MW", 0, "\"triangular\" takes 3 numbers, not 2",
       "write \"triangular(10, 12, 20) weeks\""},
      {"discrete(50 %: 1, 40 %: 2) MW", 0, "the probabilities sum to 90 %, not to 100 %",
       "write \"discrete(20 %: 0, 80 %: 10) MW\""},
      {"normal(5, -1) MW", 0, "the standard deviation is not positive",
       "write \"normal(100, 10) MW\", mean and standard deviation"},
      {"uniform 1 to 2 MW (80 %)", 0, "a uniform range has no probability: its ends are the ends",
       "leave the parenthesis away"},
      {"1 to 2 MW (80 %), at least 5 MW, at most 4 MW", 27,
       "the lower bound is not below the upper bound",
       "write bounds that leave a part of the range"}};
  for (const BadRange& row : bad) {
    const auto range = parse_uncertain(row.text);
    ASSERT_FALSE(range) << row.text;
    EXPECT_EQ(range.error().message, row.message) << row.text;
    EXPECT_EQ(range.error().hint, row.hint) << row.text;
    EXPECT_EQ(range.error().position, row.position) << row.text;
  }
}

}  // namespace
}  // namespace vorrat

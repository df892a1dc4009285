#include "vorrat/program/markov_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

template <typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "no fault";
}

// rate 0.5 / year from open to shut, never back: P(open after t) = exp(-0.5 t)
TEST(MarkovChain, TurnsRatesIntoProbabilities) {
  const auto chain = MarkovChain::from_rates({"open", "shut"}, {{0, 0.5}, {0, 0}}, 0.25);
  EXPECT_NEAR(chain.transition()[0][0], std::exp(-0.125), 1e-15);
  EXPECT_NEAR(chain.probabilities_after(8, 0)[0], std::exp(-1.0), 1e-14);
  EXPECT_DOUBLE_EQ(chain.probabilities_after(8, 1)[1], 1.0);
}

// Two states with rates a and b: P(first | first, t) = (b + a exp(-(a+b)t)) / (a+b)
TEST(MarkovChain, KeepsTheClosedFormForFastRatesAndLongSpans) {
  const double a = 40.0, b = 25.0;
  for (double years : {1e-6, 0.01, 0.25, 3.0, 50.0}) {
    const auto chain = MarkovChain::from_rates({"a", "b"}, {{0, a}, {b, 0}}, years);
    EXPECT_NEAR(chain.transition()[0][0], (b + a * std::exp(-(a + b) * years)) / (a + b), 1e-12)
        << years;
  }
}

TEST(MarkovChain, StaysWhereItIsAfterNoStages) {
  const MarkovChain chain({"a", "b", "c"}, {{0.5, 0.5, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}});
  EXPECT_THAT(chain.probabilities_after(0, 2), testing::ElementsAre(0, 0, 1));
  EXPECT_THAT(chain.probabilities_after(2, 0), testing::ElementsAre(0.25, 0.5, 0.25));
}

TEST(MarkovChain, MultipliesTheProbabilitiesOfIndependentChains) {
  const MarkovChain gate({"open", "shut"}, {{0.9, 0.1}, {0.2, 0.8}});
  const MarkovChain price({"low", "mid", "high"}, {{1, 0, 0}, {0.5, 0, 0.5}, {0, 0, 1}});
  const auto both = MarkovChain::independent(gate, price);
  EXPECT_EQ(both.names()[1 * 3 + 2], "shut/high");
  EXPECT_DOUBLE_EQ(both.transition()[0 * 3 + 1][1 * 3 + 2], 0.1 * 0.5);
  for (const auto& row : both.transition()) {
    EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), 1.0, 1e-15);
  }
}

TEST(MarkovChain, RefusesARowThatDoesNotSumToOneAndNamesItsState) {
  EXPECT_EQ(message_of([] {
              MarkovChain({"open", "shut"}, {{1, 0}, {0.5, 0.4}});
            }),
            "the probabilities of moving on from \"shut\" sum to 0.9, not to 1");
}

TEST(MarkovChain, RefusesWrongShapesAndNames) {
  EXPECT_EQ(message_of([] { MarkovChain({}, {}); }), "a Markov chain needs at least one state");
  EXPECT_EQ(message_of([] {
              MarkovChain({"a", "a"}, {{1, 0}, {0, 1}});
            }),
            "the state \"a\" is named twice");
  EXPECT_EQ(message_of([] {
              MarkovChain({"a", "b"}, {{1, 0}, {1}});
            }),
            "the row of state \"b\" has 1 entries; there are 2 states");
  EXPECT_EQ(message_of([] {
              MarkovChain({"a", "b"}, {{1.5, -0.5}, {0, 1}});
            }),
            "the probability of moving from \"a\" to \"a\" is 1.5, outside [0, 1]");
  EXPECT_EQ(message_of([] {
              MarkovChain::from_rates({"a", "b"}, {{0, -2}, {0, 0}}, 1.0);
            }),
            "the rate of moving from \"a\" to \"b\" is -2; a rate is 0 or more per year");
}

TEST(MarkovChain, FindsAStateByNameAndOffersTheClosest) {
  const MarkovChain chain({"open", "shut"}, {{1, 0}, {0, 1}});
  EXPECT_EQ(chain.index_of("shut"), 1u);
  EXPECT_EQ(message_of([&] { chain.index_of("shuts"); }),
            "there is no state \"shuts\"; did you mean \"shut\"?");
}

}  // namespace
}  // namespace vorrat::program

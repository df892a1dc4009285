#include "vorrat/fleet/joint_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace vorrat::fleet {
namespace {

const RandomStream stream(7, "noise");

double mean_of(const std::vector<JointOutcome>& outcomes, std::size_t draw, std::size_t quantity) {
  double mean = 0.0;
  for (const auto& outcome : outcomes) mean += outcome.probability * outcome.values[draw][quantity];
  return mean;
}

double total(const std::vector<JointOutcome>& outcomes) {
  double sum = 0.0;
  for (const auto& outcome : outcomes) sum += outcome.probability;
  return sum;
}

// A uniform from 0 to 10 in slices of 30, 40 and 30 %: means 1.5, 5 and 8.5.
TEST(JointNoise, CutsARangeIntoThreeSlicesAtTheirMeans) {
  const auto outcomes = joint_outcomes({{Distribution::uniform(0, 10)}}, 3, stream, 1);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_NEAR(outcomes[0].values[0][0], 1.5, 1e-12);
  EXPECT_NEAR(outcomes[1].values[0][0], 5.0, 1e-12);
  EXPECT_NEAR(outcomes[2].values[0][0], 8.5, 1e-12);
  EXPECT_NEAR(outcomes[1].probability, 0.4, 1e-15);
}

TEST(JointNoise, KeepsAListOfOutcomesAsItStands) {
  const auto outcomes =
      joint_outcomes({{Distribution::discrete({3, 5, 7}, {0.3, 0.4, 0.3})}}, 27, stream, 1);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_NEAR(outcomes[2].values[0][0], 7, 1e-12);
  EXPECT_NEAR(outcomes[2].probability, 0.3, 1e-12);
}

// Low and high of both come together: 1 with 10, 2 with 10, 2 with 30.
TEST(JointNoise, CutsQuantitiesThatAreDrawnTogetherAtAllTheirOdds) {
  const auto outcomes = joint_outcomes({{Distribution::discrete({1, 2}, {0.25, 0.75}),
                                         Distribution::discrete({10, 30}, {0.5, 0.5})}},
                                       9, stream, 1);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[1].values[0], (std::vector<double>{2, 10}));
  EXPECT_NEAR(outcomes[1].probability, 0.25, 1e-12);
  EXPECT_EQ(outcomes[2].values[0], (std::vector<double>{2, 30}));
}

TEST(JointNoise, CombinesIndependentDrawsInFullWhileTheyFit) {
  const std::vector<DrawnTogether> draws = {{Distribution::discrete({1, 2}, {0.2, 0.8})},
                                            {Distribution::uniform(0, 1)},
                                            {Distribution::constant(4)}};
  const auto outcomes = joint_outcomes(draws, 6, stream, 1);
  ASSERT_EQ(outcomes.size(), 6U);
  EXPECT_NEAR(total(outcomes), 1.0, 1e-15);
  EXPECT_NEAR(outcomes[0].probability, 0.2 * 0.3, 1e-15);
  EXPECT_NEAR(mean_of(outcomes, 0, 0), 1.8, 1e-12);
  EXPECT_NEAR(mean_of(outcomes, 2, 0), 4.0, 1e-12);
}

// Seven draws of three outcomes would be 2187: 40 equally likely ones keep every mean.
TEST(JointNoise, KeepsEveryMeanWhereCombinationsAreTooMany) {
  std::vector<DrawnTogether> draws;
  for (int i = 0; i < 6; ++i) draws.push_back({Distribution::lognormal(1 + i, 0.3)});
  draws.push_back({Distribution::discrete({0, 1}, {0.9, 0.1})});
  const auto outcomes = joint_outcomes(draws, 40, stream, 2);
  ASSERT_EQ(outcomes.size(), 40U);
  EXPECT_NEAR(total(outcomes), 1.0, 1e-12);
  for (std::size_t d = 0; d < draws.size(); ++d)
    EXPECT_NEAR(mean_of(outcomes, d, 0), draws[d][0].mean(), 1e-9) << d;
  std::set<double> different;
  for (const auto& outcome : outcomes) different.insert(outcome.values[0][0]);
  EXPECT_EQ(different.size(), 40U);  // each slice once
}

// The correlation of random pairings of n has the standard deviation 1 / sqrt(n - 1).
TEST(JointNoise, PairsSlicesWithoutCorrelation) {
  const std::vector<DrawnTogether> draws = {{Distribution::uniform(-1, 1)},
                                            {Distribution::uniform(-1, 1)}};
  double sum = 0.0;
  const int steps = 200;
  for (int step = 0; step < steps; ++step) {
    const auto outcomes = joint_outcomes(draws, 8, stream, static_cast<std::uint64_t>(step));
    for (const auto& outcome : outcomes)
      sum += outcome.probability * outcome.values[0][0] * outcome.values[1][0] * 3;
  }
  EXPECT_NEAR(sum / steps, 0.0, 4 / std::sqrt(7.0 * steps));
}

TEST(JointNoise, GivesTheSameOutcomesForTheSameSeedAndOthersForAnother) {
  const std::vector<DrawnTogether> draws(4, {Distribution::uniform(0, 1)});
  const auto values = [&](std::uint64_t seed, std::uint64_t step) {
    std::vector<double> all;
    for (const auto& outcome : joint_outcomes(draws, 9, RandomStream(seed, "noise"), step))
      for (const auto& value : outcome.values) all.push_back(value[0]);
    return all;
  };
  EXPECT_EQ(values(1, 1), values(1, 1));
  EXPECT_NE(values(1, 1), values(2, 1));
  EXPECT_NE(values(1, 1), values(1, 2));
}

}  // namespace
}  // namespace vorrat::fleet

#include "vorrat/simulate/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "vorrat/base/random.h"

namespace vorrat::simulate {
namespace {

// 1 2 3 4: mean 2.5, deviation sqrt(5/3), t(3) = 3.1824
TEST(Estimate, OfAnExampleByHand) {
  const Estimate e = estimate(std::vector<double>{1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(e.mean, 2.5);
  EXPECT_DOUBLE_EQ(e.standard_deviation, std::sqrt(5.0 / 3.0));
  EXPECT_NEAR(e.half_width, 3.182446 * std::sqrt(5.0 / 3.0) / 2, 2e-3);
  EXPECT_EQ(e.count, 4u);
  EXPECT_TRUE(std::isinf(estimate(std::vector<double>{7}).half_width));
}

TEST(StudentT, AgreesWithTables) {
  for (const auto& [degrees, expected] : {std::pair{1, 12.7062},
                                          {2, 4.30265},
                                          {3, 3.18245},
                                          {4, 2.77645},
                                          {5, 2.57058},
                                          {10, 2.22814},
                                          {30, 2.04227},
                                          {120, 1.97993},
                                          {100000, 1.95999}})
    EXPECT_NEAR(student_t_95(static_cast<std::size_t>(degrees)), expected, 1e-3 * expected)
        << degrees;
}

// Means of 200 exponential draws are a little skewed, yet 95 % intervals must hold the true mean
// about that often.
TEST(Estimate, HasIntervalsThatCover) {
  const RandomStream random(5, "cover");
  int held = 0;
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 200; ++i) values.push_back(-std::log(random.uniform(trial, i)));
    const Estimate e = estimate(values);
    held += e.lower() <= 1.0 && 1.0 <= e.upper() ? 1 : 0;
  }
  EXPECT_NEAR(held / 2000.0, 0.95, 4 * std::sqrt(0.95 * 0.05 / 2000));  // four standard errors
}

// One draw in 250 makes all of the spread: 1,000 draws meet 4 of them on average, and t alone would
// hold the mean in about 90 %. None at all, in 2 %, leaves nothing to see.
TEST(Estimate, HasWiderIntervalsWhereFewValuesMakeTheSpread) {
  const RandomStream random(6, "rare");
  int held = 0;
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 1000; ++i)
      values.push_back(random.uniform(trial, i) < 0.004 ? 250.0 : 0.0);
    const Estimate e = estimate(values);
    held += e.lower() <= 1.0 && 1.0 <= e.upper() ? 1 : 0;
  }
  EXPECT_GE(held, 960);
}

TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
}

}  // namespace
}  // namespace vorrat::simulate

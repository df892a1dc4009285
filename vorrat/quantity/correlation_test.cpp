#include "vorrat/quantity/correlation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

// The correlations 0.9, 0.9 and -0.9 of three quantities contradict each other.
TEST(NearestCorrelation, RepairsWhatNoThreeQuantitiesCanHave) {
  SquareMatrix matrix = shared_correlation(3, 0.9);
  matrix(1, 2) = matrix(2, 1) = -0.9;
  const NearestCorrelation repaired = nearest_correlation(matrix);
  EXPECT_GT(repaired.largest_change, 0.1);
  const SquareMatrix factor = cholesky_factor(repaired.matrix);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < 3; ++k) product += factor(i, k) * factor(j, k);
      EXPECT_NEAR(product, repaired.matrix(i, j), 1e-6);
    }
  }
  // By symmetry the nearest is (a, a, -a) with eigenvalue 1 - 2a = 0.
  EXPECT_NEAR(repaired.matrix(0, 1), 0.5, 1e-6);
  EXPECT_NEAR(repaired.matrix(1, 2), -0.5, 1e-6);
}

TEST(NearestCorrelation, LeavesAValidMatrixAlone) {
  EXPECT_EQ(nearest_correlation(shared_correlation(5, 0.5)).largest_change, 0);
  EXPECT_EQ(nearest_correlation(shared_correlation(5, 1)).largest_change, 0);
}

TEST(NearestCorrelation, RefusesWhatIsNotACorrelation) {
  EXPECT_THROW(nearest_correlation(shared_correlation(2, 1.5)), InvalidInput);
  EXPECT_THROW(nearest_correlation(shared_correlation(2, std::nan(""))), InvalidInput);
}

TEST(RankCorrelation, IsOneForAnyRisingFunctionAndSharesTies) {
  const std::vector<double> x = {1, 2, 3, 4, 10};
  const std::vector<double> y = {1, 8, 27, 64, 1000};
  EXPECT_NEAR(rank_correlation(x, y), 1, 1e-15);
  EXPECT_EQ(ranks(std::vector<double>{5, 1, 5}), (std::vector<double>{1.5, 0, 1.5}));
}

}  // namespace
}  // namespace vorrat

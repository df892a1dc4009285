#include "vorrat/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vorrat {
namespace {

TEST(RandomStream, GivesTheSameDrawForTheSameAddress) {
  const RandomStream a(42, "demand"), b(42, "demand");
  EXPECT_EQ(a.uniform(7, 3), b.uniform(7, 3));
  EXPECT_NE(a.uniform(7, 3), a.uniform(3, 7));
  EXPECT_NE(a.uniform(7, 3), RandomStream(42, "price").uniform(7, 3));
  EXPECT_NE(a.uniform(7, 3), RandomStream(43, "demand").uniform(7, 3));
}

// n uniform draws: mean 1/2 with standard error 1/sqrt(12 n); chi-square of 100 cells has mean 99
// and variance 198. Tolerance: five standard errors.
TEST(RandomStream, IsUniformAndUncorrelatedBetweenNeighbours) {
  const RandomStream stream(1, "test");
  const int n = 200000;
  std::vector<int> cells(100);
  double sum = 0, product = 0;
  for (int i = 0; i < n; ++i) {
    const double u = stream.uniform(static_cast<std::uint64_t>(i));
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    product += (u - 0.5) * (stream.uniform(static_cast<std::uint64_t>(i) + 1) - 0.5);
    ++cells[static_cast<std::size_t>(u * 100)];
  }
  EXPECT_NEAR(sum / n, 0.5, 5 / std::sqrt(12.0 * n));
  EXPECT_NEAR(product / n, 0, 5 / (12 * std::sqrt(static_cast<double>(n))));
  double chi_square = 0;
  for (int count : cells) chi_square += (count - n / 100.0) * (count - n / 100.0) / (n / 100.0);
  EXPECT_NEAR(chi_square, 99, 5 * std::sqrt(198.0));
}

}  // namespace
}  // namespace vorrat

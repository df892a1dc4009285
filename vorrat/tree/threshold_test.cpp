#include "vorrat/tree/threshold.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::tree {
namespace {

TEST(Threshold, IsWhereTheClaimFlips) {
  const auto root = find_threshold(
      0, 2, [](double x) { return x * x > 2.0; }, 1e-12);
  EXPECT_TRUE(root.is_found);
  EXPECT_FALSE(root.holds_below);
  EXPECT_NEAR(root.value(), std::sqrt(2.0), 1e-11);
  EXPECT_LE(root.below, std::sqrt(2.0));
  EXPECT_GE(root.above, std::sqrt(2.0));
}

TEST(Threshold, IsNotFoundWhereTheClaimIsTheSameAtBothEnds) {
  EXPECT_FALSE(find_threshold(0, 1, [](double) { return true; }).is_found);
}

TEST(Threshold, EndsEvenIfNoNarrowerIntervalExists) {
  const auto flip = find_threshold(
      1, 2, [](double x) { return x > 1.5; }, 1e-300);
  EXPECT_EQ(std::nextafter(flip.below, 2.0), flip.above);
}

TEST(Threshold, NeedsAnInterval) {
  EXPECT_THROW(find_threshold(1, 1, [](double) { return true; }), BrokenContract);
}

}  // namespace
}  // namespace vorrat::tree

#include "vorrat/lp/dual_ratios.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "vorrat/base/random.h"

namespace vorrat::lp {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Eleven things, so that the last three are beyond the wide registers.
struct Things {
  std::vector<double> rate, side, dual, unit, range, tolerance;
  explicit Things(std::uint64_t seed) {
    const RandomStream draw(seed, "things at rest");
    for (std::uint64_t i = 0; i < 11; ++i) {
      const double kind = draw.uniform(i, 0);
      rate.push_back(draw.uniform(i, 1) < 0.3 ? 0.0 : 4 * draw.uniform(i, 2) - 2);
      side.push_back(kind < 0.4 ? 1.0 : kind < 0.8 ? -1.0 : 0.0);
      dual.push_back(side.back() * draw.uniform(i, 3));
      unit.push_back(0.5 + draw.uniform(i, 4));
      range.push_back(draw.uniform(i, 5) < 0.5 ? infinite : draw.uniform(i, 6));
      tolerance.push_back(1e-9);
    }
  }
  AtRest view() const {
    return {rate.data(), side.data(), dual.data(), unit.data(), range.data(), tolerance.data(), 11};
  }
};

TEST(DualRatios, AreTheStepsToZeroAndEndWhereFlippingIsNotEnough) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Things things(seed);
    const double direction = seed % 2 == 0 ? 1.0 : -1.0;
    double slope[11], ratio[11];
    const double end = dual_ratios(things.view(), {direction, 0.7, 0.05}, slope, ratio);
    double expected_end = infinite;
    for (std::size_t i = 0; i < 11; ++i) {
      const double steep = direction * things.rate[i] * things.side[i];
      EXPECT_EQ(slope[i], steep);
      if (!(steep * things.unit[i] > 0.05)) {
        EXPECT_TRUE(std::isnan(ratio[i])) << i;
        continue;
      }
      const double step = std::abs(things.dual[i]) / steep;
      EXPECT_NEAR(ratio[i], step, 1e-14 * (1 + step));
      if (steep * things.range[i] >= 0.7) {
        expected_end = std::min(expected_end, step + 1e-9 / steep);
      }
    }
    if (expected_end == infinite) {
      EXPECT_EQ(end, infinite);
    } else {
      EXPECT_NEAR(end, expected_end, 1e-12 * (1 + expected_end));
    }
  }
}

TEST(DualRatios, WithinNamesThoseUpToTheEndAndNoneThatIsNotANumber) {
  const double ratio[] = {3.0, std::nan(""), 1.0, 2.0};
  std::int32_t list[4];
  ASSERT_EQ(within(ratio, 4, 2.0, list), 2u);
  EXPECT_EQ(list[0], 2);
  EXPECT_EQ(list[1], 3);
  EXPECT_EQ(within(ratio, 4, infinite, list), 3u);
}

}  // namespace
}  // namespace vorrat::lp

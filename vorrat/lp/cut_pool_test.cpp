#include "vorrat/lp/cut_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <thread>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::lp {
namespace {

// theta >= 1 + 2 x and theta >= 5 - x at x = 1, theta = 3.5: the first holds (3), the second is
// missed by 0.5.
TEST(CutPool, FindsTheCutsThatAPointMisses) {
  CutPool pool(1);
  EXPECT_EQ(pool.append(std::vector{2.0}, 1.0), 0u);
  EXPECT_EQ(pool.append(std::vector{-1.0}, 5.0), 1u);
  std::array<CutPool::Miss, 2> worst;
  EXPECT_EQ(pool.find_missed(std::vector{1.0}, std::vector{3.5}, 2, 1e-9, worst), 1u);
  EXPECT_EQ(worst[0].cut, 1u);
  EXPECT_DOUBLE_EQ(worst[0].by, 0.5);
  EXPECT_EQ(pool.find_missed(std::vector{1.0}, std::vector{3.5}, 1, 1e-9, worst), 0u);
  EXPECT_EQ(pool.find_missed(std::vector{1.0}, std::vector{2.0}, 2, 1e-9, worst), 2u);
  EXPECT_EQ(worst[0].cut, 1u) << "worst first";
  EXPECT_EQ(worst[1].cut, 0u);
}

TEST(CutPool, GivesBackEveryCutAcrossItsChunks) {
  const RandomStream draw(1, "cuts");
  CutPool pool(5, Sense::maximise);
  const std::size_t count = 1000;
  for (std::size_t c = 0; c < count; ++c) {
    std::vector<double> slope;
    for (std::size_t s = 0; s < 5; ++s) slope.push_back(draw.uniform(c, s));
    EXPECT_EQ(pool.append(slope, static_cast<double>(c), c % 3), c);
  }
  ASSERT_EQ(pool.size(), count);
  std::vector<double> slope(5);
  for (std::size_t c = 0; c < count; ++c) {
    pool.slope_into(c, slope);
    for (std::size_t s = 0; s < 5; ++s) EXPECT_EQ(slope[s], draw.uniform(c, s));
    EXPECT_EQ(pool.rhs(c), static_cast<double>(c));
    EXPECT_EQ(pool.theta(c), c % 3);
  }
  // theta <= rhs + slope . 0: at theta 500.5 the cuts 0..500 are missed, cut 0 by most.
  std::array<CutPool::Miss, 3> worst;
  const std::vector<double> origin(5, 0.0), theta(3, 500.5);
  EXPECT_EQ(pool.find_missed(origin, theta, count, 1e-9, worst), 3u);
  EXPECT_EQ(worst[0].cut, 0u);
  EXPECT_EQ(worst[2].cut, 2u);
}

TEST(CutPool, TellsFeasibilityCutsByTheirMissingTheta) {
  CutPool pool(1);
  pool.append(std::vector{-1.0}, 2.0, CutPool::no_theta);  // x >= 2
  std::array<CutPool::Miss, 1> worst;
  EXPECT_EQ(pool.find_missed(std::vector{1.0}, std::vector<double>{}, 1, 1e-9, worst), 1u);
  EXPECT_EQ(pool.find_missed(std::vector{2.0}, std::vector<double>{}, 1, 1e-9, worst), 0u);
}

TEST(CutPool, RefusesACutOfTheWrongShapeOrThatIsNotFinite) {
  CutPool pool(2);
  EXPECT_THROW(pool.append(std::vector{1.0}, 0.0), BrokenContract);
  EXPECT_THROW(pool.append(std::vector{1.0, std::nan("")}, 0.0), BrokenContract);
  EXPECT_THROW(pool.append(std::vector{1.0, 1.0}, infinity), BrokenContract);
  EXPECT_EQ(pool.size(), 0u);
}

TEST(CutPool, ReadersSeeWholeCutsWhileOthersAppend) {
  CutPool pool(3);
  constexpr std::size_t count = 5000;
  std::thread writer([&] {
    for (std::size_t c = 0; c < count; ++c) {
      const double value = static_cast<double>(c);
      pool.append(std::vector{value, value, value}, value);
    }
  });
  std::vector<double> slope(3);
  for (std::size_t seen = 0; seen < count;) {
    seen = pool.size();
    if (seen == 0) continue;
    pool.slope_into(seen - 1, slope);
    ASSERT_EQ(slope[0], static_cast<double>(seen - 1));
    ASSERT_EQ(slope[2], slope[0]);
    ASSERT_EQ(pool.rhs(seen - 1), slope[0]);
  }
  writer.join();
}

}  // namespace
}  // namespace vorrat::lp

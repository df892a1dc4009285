#include "vorrat/lp/cut_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <thread>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::lp {
namespace {

/// The most missed cuts at a point, as a fresh reader finds them.
std::vector<CutHeights::Miss> missed(const CutPool& pool, std::vector<double> state,
                                     std::vector<double> theta, std::size_t count,
                                     std::size_t most) {
  CutHeights heights;
  heights.watch(&pool);
  heights.move_to(state, count);
  std::vector<CutHeights::Miss> worst(most);
  worst.resize(heights.find_missed(theta, count, 1e-9, worst));
  return worst;
}

// theta >= 1 + 2 x and theta >= 5 - x at x = 1, theta = 3.5: the first holds (3), the second is
// missed by 0.5.
TEST(CutPool, FindsTheCutsThatAPointMisses) {
  CutPool pool(1);
  EXPECT_EQ(pool.append(std::vector{2.0}, 1.0), 0u);
  EXPECT_EQ(pool.append(std::vector{-1.0}, 5.0), 1u);
  auto worst = missed(pool, {1.0}, {3.5}, 2, 2);
  ASSERT_EQ(worst.size(), 1u);
  EXPECT_EQ(worst[0].cut, 1u);
  EXPECT_DOUBLE_EQ(worst[0].by, 0.5);
  EXPECT_TRUE(missed(pool, {1.0}, {3.5}, 1, 2).empty());
  worst = missed(pool, {1.0}, {2.0}, 2, 2);
  ASSERT_EQ(worst.size(), 2u);
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
  const auto worst =
      missed(pool, std::vector<double>(5, 0.0), std::vector<double>(3, 500.5), count, 3);
  ASSERT_EQ(worst.size(), 3u);
  EXPECT_EQ(worst[0].cut, 0u);
  EXPECT_EQ(worst[2].cut, 2u);
}

TEST(CutPool, TellsFeasibilityCutsByTheirMissingTheta) {
  CutPool pool(1);
  pool.append(std::vector{-1.0}, 2.0, CutPool::no_theta);  // x >= 2
  EXPECT_EQ(missed(pool, {1.0}, {}, 1, 1).size(), 1u);
  EXPECT_TRUE(missed(pool, {2.0}, {}, 1, 1).empty());
}

/// The most missed cut by its definition; `theta` only of theta 0.
CutHeights::Miss most_missed(const CutPool& pool, const std::vector<double>& state, double theta) {
  const double sign = pool.sense() == Sense::minimise ? 1.0 : -1.0;
  CutHeights::Miss worst;
  std::vector<double> slope(state.size());
  for (std::size_t c = 0; c < pool.size(); ++c) {
    pool.slope_into(c, slope);
    double height = pool.rhs(c);
    for (std::size_t s = 0; s < state.size(); ++s) height += slope[s] * state[s];
    if (sign * (height - theta) > worst.by) worst = {c, sign * (height - theta)};
  }
  return worst;
}

TEST(CutHeights, FollowAPointThatMovesWhileCutsCome) {
  for (const Sense sense : {Sense::minimise, Sense::maximise}) {
    for (const std::size_t states : {1, 3, 20}) {
      const RandomStream draw(states, "heights");
      CutPool pool(states, sense);
      CutHeights heights;
      heights.watch(&pool);
      std::vector<double> state(states, 1.0);
      std::array<CutHeights::Miss, 1> worst;
      for (std::uint64_t step = 0; step < 700; ++step) {
        std::vector<double> slope;
        for (std::size_t s = 0; s < states; ++s) slope.push_back(draw.uniform(step, s) - 0.5);
        pool.append(slope, draw.uniform(step, 90));
        const auto moved =
            static_cast<std::size_t>(draw.uniform(step, 91) * static_cast<double>(states + 1));
        for (std::size_t s = 0; s < moved; ++s) state[s] += draw.uniform(step, 100 + s) - 0.5;
        heights.move_to(state, pool.size());
        const double theta = 2.0 * draw.uniform(step, 92);
        const CutHeights::Miss expected = most_missed(pool, state, theta);
        const std::size_t found = heights.find_missed(std::vector{theta}, pool.size(), 1e-9, worst);
        ASSERT_EQ(found, expected.by > 0.0 ? 1u : 0u);
        if (found == 0) continue;
        ASSERT_EQ(worst[0].cut, expected.cut);
        ASSERT_NEAR(worst[0].by, expected.by, 1e-12);
        const double sign = sense == Sense::minimise ? 1.0 : -1.0;
        const double top = theta + sign * expected.by;
        EXPECT_TRUE(pool.surpass(state, top - sign * 1e-9, pool.size()));
        EXPECT_FALSE(pool.surpass(state, top + sign * 1e-9, pool.size()));
        EXPECT_FALSE(pool.surpass(state, theta, pool.size(), 1)) << "of another theta";
      }
    }
  }
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

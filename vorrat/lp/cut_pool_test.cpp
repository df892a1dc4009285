#include "vorrat/lp/cut_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
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

std::vector<double> random_point(const RandomStream& draw, std::uint64_t number,
                                 std::size_t states) {
  std::vector<double> point;
  for (std::size_t s = 0; s < states; ++s) point.push_back(2.0 * draw.uniform(number, s) - 1.0);
  return point;
}

/// The highest (maximising: lowest) of some cuts on theta `theta`, by its definition.
double highest(const CutPool& pool, const std::vector<std::size_t>& cuts,
               std::span<const double> point, std::size_t theta) {
  const double sign = pool.sense() == Sense::minimise ? 1.0 : -1.0;
  double most = -infinity;
  std::vector<double> slope(point.size());
  for (const std::size_t c : cuts) {
    if (pool.theta(c) != theta) continue;
    pool.slope_into(c, slope);
    double height = pool.rhs(c);
    for (std::size_t s = 0; s < point.size(); ++s) height += slope[s] * point[s];
    most = std::max(most, sign * height);
  }
  return sign * most;
}

// Cuts as training makes them: planes under a bowl, each touching it at a point.
void append_tangents(CutPool& pool, const RandomStream& draw, std::uint64_t from, std::uint64_t to,
                     std::size_t thetas) {
  const double sign = pool.sense() == Sense::minimise ? 1.0 : -1.0;
  for (std::uint64_t c = from; c < to; ++c) {
    std::vector<double> slope = random_point(draw, c, pool.state_count());
    double rhs = 0.05 * draw.uniform(c, 90);  // below the bowl: some are under others everywhere
    for (double& s : slope) {
      rhs += s * s;
      s *= 2.0 * sign;
    }
    pool.append(slope, -sign * rhs, c % thetas);
  }
}

TEST(CutPool, RetiresCutsThatAreNowhereHighest) {
  for (const Sense sense : {Sense::minimise, Sense::maximise}) {
    for (const std::size_t states : {1, 4}) {
      for (const std::size_t thetas : {1, 3}) {
        const RandomStream draw(states, "retirement");
        CutPool pool(states, sense);
        CutHeights reader;  // from before: it must learn of what retired
        reader.watch(&pool);
        std::vector<double> points;
        pool.append(std::vector<double>(states, 1.0), -9.0, CutPool::no_theta);
        for (std::uint64_t round = 1; round <= 4; ++round) {
          append_tangents(pool, draw, 300 * (round - 1), 300 * round, thetas);
          for (std::uint64_t p = 0; p < 40; ++p) {
            const auto point = random_point(draw, 1000 * round + p, states);
            points.insert(points.end(), point.begin(), point.end());
          }
          reader.move_to(std::span(points).last(states), pool.size());
          const std::vector<std::size_t> before = pool.in_use();
          const auto telling = pool.retire_unneeded(points, 2);
          const std::vector<std::size_t> left = pool.in_use();
          EXPECT_LT(left.size(), pool.size() / 2);
          EXPECT_EQ(left.front(), 0u) << "a feasibility cut stays";
          std::vector<double> kept;
          for (std::size_t p = 0; p < points.size() / states; ++p) {
            const auto point = std::span(points).subspan(p * states, states);
            for (std::size_t t = 0; t < thetas; ++t)
              EXPECT_NEAR(highest(pool, left, point, t), highest(pool, before, point, t), 1e-9);
            if (std::ranges::find(telling, p) != telling.end())
              kept.insert(kept.end(), point.begin(), point.end());
          }
          EXPECT_LE(telling.size(), 2 * left.size());
          points = kept;

          const auto point = random_point(draw, 5000 + round, states);
          reader.move_to(point, pool.size());
          std::array<CutHeights::Miss, 1> worst;
          const std::vector<double> theta(thetas, sense == Sense::minimise ? -50.0 : 50.0);
          ASSERT_EQ(reader.find_missed(theta, pool.size(), 1e-9, worst), 1u);
          EXPECT_TRUE(std::ranges::find(left, worst[0].cut) != left.end());
          double most = 0.0;
          for (std::size_t t = 0; t < thetas; ++t)
            most = std::max(most, std::abs(highest(pool, left, point, t) - theta[t]));
          EXPECT_NEAR(worst[0].by, most, 1e-9);
          const double top = highest(pool, left, point, 0), up = sense == Sense::minimise ? 1 : -1;
          EXPECT_TRUE(pool.surpass(point, top - up * 1e-9, pool.size()));
          EXPECT_FALSE(pool.surpass(point, top + up * 1e-9, pool.size()));
        }
      }
    }
  }
}

TEST(CutPool, RetiresNoneOfTheFirstFewIfAsked) {
  const RandomStream draw(1, "retirement");
  CutPool pool(1);
  append_tangents(pool, draw, 0, 160, 1);
  pool.retire_unneeded(std::vector{0.5, -0.5}, 1, 100);
  const auto left = pool.in_use();
  EXPECT_GE(left.size(), 100u);
  EXPECT_LE(left.size(), 102u);
  for (std::size_t c = 0; c < 100; ++c) EXPECT_EQ(left[c], c);
}

// What is found among fewer cuts than were looked through for retirement is found among all.
TEST(CutHeights, LookAtRetiredCutsForWhoAsksForFewerCuts) {
  const RandomStream draw(1, "retirement");
  CutPool pool(2);
  append_tangents(pool, draw, 0, 400, 1);
  pool.retire_unneeded(std::vector{0.5, -0.5}, 1);
  ASSERT_LE(pool.in_use().size(), 2u);
  CutHeights reader;
  reader.watch(&pool);
  std::vector<std::size_t> first(100);
  std::iota(first.begin(), first.end(), std::size_t{0});
  const std::vector<double> point = {-0.3, 0.4}, low = {-50.0};
  for (const std::size_t count : {std::size_t{100}, pool.size()}) {
    reader.move_to(point, count);
    std::array<CutHeights::Miss, 1> worst;
    ASSERT_EQ(reader.find_missed(low, count, 1e-9, worst), 1u);
    const auto among = count == 100 ? first : pool.in_use();
    EXPECT_NEAR(worst[0].by, highest(pool, among, point, 0) + 50.0, 1e-9);
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

TEST(CutPool, ReadersFindTrueCutsWhileOthersAppendAndRetire) {
  const RandomStream draw(3, "retirement");
  CutPool pool(2);
  append_tangents(pool, draw, 0, 64, 1);
  std::thread writer([&] {
    for (std::uint64_t c = 1; c < 100; ++c) {
      append_tangents(pool, draw, 64 * c, 64 * (c + 1), 1);
      pool.retire_unneeded(random_point(draw, 9000 + c, 2), 1);
    }
  });
  CutHeights reader;
  reader.watch(&pool);
  for (std::uint64_t step = 0; pool.size() < 6400; ++step) {
    const std::vector<double> point = random_point(draw, 20'000 + step, 2), low = {-50.0};
    const std::size_t count = pool.size();
    reader.move_to(point, count);
    std::array<CutHeights::Miss, 1> worst;
    ASSERT_EQ(reader.find_missed(low, count, 1e-9, worst), 1u);
    ASSERT_LT(worst[0].cut, count);
    ASSERT_NEAR(worst[0].by, highest(pool, {worst[0].cut}, point, 0) + 50.0, 1e-9);
  }
  writer.join();
}

}  // namespace
}  // namespace vorrat::lp

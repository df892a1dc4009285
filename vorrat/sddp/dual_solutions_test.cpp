#include "vorrat/sddp/dual_solutions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "vorrat/base/random.h"

namespace vorrat::sddp {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

TEST(DualSolutions, SaysNothingWhenEmpty) {
  DualSolutions duals(2, 0, 1, 4);
  std::array<DualSolutions::Best, 1> best;
  duals.find_best(std::array{1.0, 2.0}, {}, best);
  EXPECT_EQ(best[0].value, minus_infinity);
}

// Against looking at every line, with sides that are 0, common and an outcome's own.
TEST(DualSolutions, FindsTheHighestLineOfEachOutcome) {
  const RandomStream random(3, "lines");
  constexpr std::size_t common = 3, own = 2, outcomes = 3;
  DualSolutions duals(common, own, outcomes, 40);
  for (std::uint64_t n = 0; n < 60; ++n) {
    std::vector<double> line(common + own), constants(outcomes);
    for (std::size_t s = 0; s < line.size(); ++s) line[s] = random.uniform(n, 0, s) - 0.5;
    for (std::size_t r = 0; r < outcomes; ++r)
      constants[r] = random.uniform(n, 1, r) < 0.2 ? minus_infinity : random.uniform(n, 1, r);
    duals.add(line, constants);
    std::vector<double> q = {0.0}, of_outcomes;
    while (q.size() < common) q.push_back(4.0 * random.uniform(n, 2, q.size()) - 2.0);
    while (of_outcomes.size() < own * outcomes)
      of_outcomes.push_back(4.0 * random.uniform(n, 3, of_outcomes.size()) - 2.0);
    std::array<DualSolutions::Best, outcomes> best;
    duals.find_best(q, of_outcomes, best);
    for (std::size_t r = 0; r < outcomes; ++r) {
      double highest = minus_infinity;
      for (std::size_t l = 0; l < duals.size(); ++l)
        highest =
            std::max(highest, duals.height(l, r, q, std::span(of_outcomes).subspan(r * own, own)));
      if (highest == minus_infinity) {
        EXPECT_EQ(best[r].value, highest);
      } else {
        EXPECT_NEAR(best[r].value, highest, 1e-6);
      }
    }
  }
}

TEST(DualSolutions, ForgetsWhatWasBestLongestAgo) {
  DualSolutions duals(1, 0, 1, 3);
  const auto add = [&](double constant) {
    return duals.add(std::array{0.0}, std::array{constant});
  };
  add(1.0);
  add(2.0);
  add(3.0);
  duals.was_best(0);
  EXPECT_EQ(add(4.0), 1U);
  EXPECT_EQ(duals.size(), 3U);
  EXPECT_EQ(duals.height(0, 0, std::array{7.0}, {}), 1.0);
  EXPECT_EQ(duals.height(1, 0, std::array{7.0}, {}), 4.0);
}

}  // namespace
}  // namespace vorrat::sddp

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
  DualSolutions duals(2, 1, 4);
  std::array<DualSolutions::Best, 1> best;
  duals.find_best(std::array{1.0, 2.0}, best);
  EXPECT_EQ(best[0].value, minus_infinity);
}

// Against looking at every line, with sides that are 0, the same for all outcomes, and different.
TEST(DualSolutions, FindsTheHighestLineOfEachOutcome) {
  const RandomStream random(3, "lines");
  constexpr std::size_t sides = 5, outcomes = 3;
  DualSolutions duals(sides, outcomes, 40);
  for (std::uint64_t n = 0; n < 40; ++n) {
    std::vector<double> line(sides), constants(outcomes);
    for (std::size_t s = 0; s < sides; ++s) line[s] = random.uniform(n, 0, s) - 0.5;
    for (std::size_t r = 0; r < outcomes; ++r)
      constants[r] = random.uniform(n, 1, r) < 0.2 ? minus_infinity : random.uniform(n, 1, r);
    duals.add(line, constants);
    std::vector<double> q(outcomes * sides);
    for (std::size_t r = 0; r < outcomes; ++r)
      for (std::size_t s = 0; s < sides; ++s)
        q[r * sides + s] = s == 0 ? 0.0 : 4.0 * random.uniform(n, s < 3 ? 2 : 3 + r, s) - 2.0;
    std::array<DualSolutions::Best, outcomes> best;
    duals.find_best(q, best);
    for (std::size_t r = 0; r < outcomes; ++r) {
      double highest = minus_infinity;
      for (std::size_t line_number = 0; line_number < duals.size(); ++line_number)
        highest =
            std::max(highest, duals.height(line_number, r, std::span(q).subspan(r * sides, sides)));
      if (highest == minus_infinity) {
        EXPECT_EQ(best[r].value, highest);
      } else {
        EXPECT_NEAR(best[r].value, highest, 1e-6);
      }
    }
  }
}

TEST(DualSolutions, ForgetsWhatWasBestLongestAgo) {
  DualSolutions duals(1, 1, 3);
  const auto add = [&](double constant) {
    return duals.add(std::array{0.0}, std::array{constant});
  };
  add(1.0);
  add(2.0);
  add(3.0);
  duals.was_best(0);
  EXPECT_EQ(add(4.0), 1U);
  EXPECT_EQ(duals.size(), 3U);
  EXPECT_EQ(duals.height(0, 0, std::array{7.0}), 1.0);
  EXPECT_EQ(duals.height(1, 0, std::array{7.0}), 4.0);
}

}  // namespace
}  // namespace vorrat::sddp

#include "vorrat/program/lattice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::program {
namespace {

double normal(const RandomStream& random, std::uint64_t path, std::uint64_t step) {
  const double radius = std::sqrt(-2.0 * std::log(random.uniform(path, step, 0)));
  return radius * std::cos(2.0 * std::numbers::pi * random.uniform(path, step, 1));
}

// x(t+1) = 0.8 x(t) + 0.6 e, from x(0) = 2
PathSampler autoregression(std::size_t stages) {
  return [stages](std::uint64_t path) {
    const RandomStream random(17, "lattice");
    std::vector<std::vector<double>> values = {{2.0}};
    for (std::size_t t = 1; t < stages; ++t)
      values.push_back({0.8 * values.back()[0] + 0.6 * normal(random, path, t)});
    return values;
  };
}

// The best mean squared errors for a standard normal: Max, "Quantizing for minimum distortion", IRE
// Trans. Inform. Theory 6 (1960): 0.3634, 0.1175, 0.03454, 0.009497 for 2, 4, 8, 16 levels.
TEST(Lattice, RoundsANormalAlmostAsLittleAsTheBestPointsDo) {
  const RandomStream random(3, "normal");
  const PathSampler sample = [&](std::uint64_t path) -> std::vector<std::vector<double>> {
    return {{0.0}, {normal(random, path, 0)}};
  };
  for (const auto& [nodes, best] :
       {std::pair{2, 0.3634}, {4, 0.1175}, {8, 0.03454}, {16, 0.009497}}) {
    const auto lattice =
        make_lattice(sample, {.nodes = {1, static_cast<std::size_t>(nodes)}, .paths = 40'000});
    EXPECT_GT(lattice.error[1] * lattice.error[1], 0.97 * best) << nodes;
    EXPECT_LT(lattice.error[1] * lattice.error[1], 1.15 * best) << nodes;
    EXPECT_EQ(lattice.error[0], 0.0);
  }
}

TEST(Lattice, KeepsTheMeansAndMovesOnAsTheProcessDoes) {
  const std::size_t stages = 5;
  const auto lattice = make_lattice(autoregression(stages), {.nodes = {1, 20, 20, 20, 20}});
  double worst = 0.0;
  for (std::size_t t = 0; t < stages; ++t) {
    double mean = 0.0, total = 0.0;
    for (std::size_t n = 0; n < lattice.points[t].size(); ++n) {
      mean += lattice.probability[t][n] * lattice.points[t][n][0];
      total += lattice.probability[t][n];
    }
    EXPECT_NEAR(total, 1.0, 1e-12);
    EXPECT_NEAR(mean, 2.0 * std::pow(0.8, static_cast<double>(t)),
                4.0 / std::sqrt(20'000.0));  // 4 standard errors
    if (t + 1 == stages) break;
    // E[x(t+1) | node] = 0.8 node, weighed by how often the node is visited
    double squared = 0.0;
    for (std::size_t n = 0; n < lattice.points[t].size(); ++n) {
      double next = 0.0, row = 0.0;
      for (std::size_t m = 0; m < lattice.points[t + 1].size(); ++m) {
        next += lattice.transition[t][n][m] * lattice.points[t + 1][m][0];
        row += lattice.transition[t][n][m];
      }
      EXPECT_NEAR(row, 1.0, 1e-12);
      squared += lattice.probability[t][n] * std::pow(next - 0.8 * lattice.points[t][n][0], 2);
    }
    worst = std::max(worst, std::sqrt(squared));
  }
  EXPECT_LT(worst, 0.04);
}

TEST(Lattice, RoundsLessTheMoreNodesItHas) {
  double before = 1e30;
  for (std::size_t nodes : {1u, 2u, 5u, 10u, 30u}) {
    const auto lattice =
        make_lattice(autoregression(3), {.nodes = {1, nodes, nodes}, .paths = 10'000});
    EXPECT_LT(lattice.error[2], 0.8 * before);
    before = lattice.error[2];
  }
}

// A component in millions beside one in thousandths: both are told apart.
TEST(Lattice, DoesNotMindUnits) {
  const RandomStream random(9, "units");
  const PathSampler sample = [&](std::uint64_t path) -> std::vector<std::vector<double>> {
    return {{1e6 * (random.bits(path) % 2 == 0 ? 1.0 : 2.0),
             1e-3 * (random.bits(path, 1) % 2 == 0 ? 1.0 : 2.0)}};
  };
  const auto lattice = make_lattice(sample, {.nodes = {12}, .paths = 4000});
  EXPECT_LT(lattice.error[0], 1e-3);
  for (double p : lattice.probability[0]) EXPECT_GT(p, 0.0);
}

TEST(Lattice, RefusesPathsOfAnotherShape) {
  const PathSampler sample = [](std::uint64_t path) -> std::vector<std::vector<double>> {
    return path == 7 ? std::vector<std::vector<double>>{{1.0, 2.0}}
                     : std::vector<std::vector<double>>{{1.0}};
  };
  try {
    make_lattice(sample, {.nodes = {2}, .paths = 10});
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(), "sample path 7 has 2 components in stage 1, not 1");
  }
}

}  // namespace
}  // namespace vorrat::program

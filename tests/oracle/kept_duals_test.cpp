// Outcomes answered from kept dual solutions are answered from below, and exactly where the duals
// are those of a solve.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/oracle/random_program.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/evaluate.h"
#include "vorrat/sddp/stage_problem.h"
#include "vorrat/sddp/train.h"
#include "vorrat/simulate/monte_carlo.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::oracle {
namespace {

// Some state that node n may be handed.
std::vector<double> state_of(const program::PolicyGraph& graph, std::size_t n, std::uint64_t number,
                             std::uint64_t draw) {
  const RandomStream random(8, "states");
  const auto& problem = graph.nodes[n].problem;
  std::vector<double> x;
  for (std::size_t k = 0; k < graph.state_names.size(); ++k)
    x.push_back(problem.model.columns[problem.outgoing[k]].upper * random.uniform(number, draw, k));
  return x;
}

TEST(KeptDuals, NeverSayMoreThanASolveAndAsMuchWhereTheyAreItsOwn) {
  std::size_t told = 0, equal = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    const auto graph = random_program(number);
    const auto trained = sddp::train(graph, {.iterations = 10, .gap = 1e-7});
    if (!trained.policy) continue;
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      sddp::StageProblem kept(graph, n, trained.policy->futures()[n]);
      sddp::StageProblem solved(graph, n, trained.policy->futures()[n]);
      if (!kept.duals_say_of_others()) continue;
      const std::size_t outcomes = std::max<std::size_t>(1, graph.nodes[n].noise.size());
      for (std::uint64_t draw = 0; draw < 6; ++draw) {
        const auto x = state_of(graph, n, number, 10 * n + draw);
        kept.least_costs(x);
        if (kept.solve(x, draw % outcomes) != lp::Status::optimal) continue;
        const double value = kept.objective();
        const auto known = kept.keep_duals();
        const double tolerance = 1e-7 * std::max(1.0, std::abs(value));
        EXPECT_NEAR(known[draw % outcomes].value, value, tolerance) << number;
        const auto y = state_of(graph, n, number, 1000 + 10 * n + draw);
        std::vector<double> slope(x.size());
        for (std::size_t r = 0; r < outcomes; ++r) {
          if (!std::isfinite(known[r].value)) continue;
          ++told;
          kept.least_cost_slope(r, slope);
          if (solved.solve(x, r) == lp::Status::optimal) {
            EXPECT_LE(known[r].value, solved.objective() + tolerance) << number;
            equal += known[r].value >= solved.objective() - tolerance ? 1 : 0;
          }
          double elsewhere = known[r].value;
          for (std::size_t k = 0; k < x.size(); ++k) elsewhere += slope[k] * (y[k] - x[k]);
          if (solved.solve(y, r) == lp::Status::optimal) {
            EXPECT_LE(elsewhere, solved.objective() + 10.0 * tolerance) << number;
          }
        }
      }
    }
  }
  EXPECT_GT(told, 2000U);      // there was something to compare,
  EXPECT_GT(2 * equal, told);  // and most of it is tight
}

// However much is left unsolved.
TEST(KeptDuals, LeaveTheBoundBelowTheOptimum) {
  std::int64_t solves = 0, without = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    const auto graph = random_program(number);
    const auto optimum = tree::ExtensiveForm(graph).solve_whole({});
    if (optimum.status != lp::Status::optimal) continue;
    const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
    const auto bound_of = [&](double reuse, std::int64_t& count) {
      const auto result = sddp::train(
          graph, {.iterations = 30, .gap = 1e-9, .seed = number, .reuse = reuse, .first_check = 0});
      count += result.solves;
      return sign * result.bound;
    };
    const double tolerance = 1e-6 * std::max(1.0, std::abs(optimum.objective));
    EXPECT_LE(bound_of(1e12, solves), sign * optimum.objective + tolerance) << number;
    EXPECT_LE(bound_of(0.0, without), sign * optimum.objective + tolerance) << number;
  }
  EXPECT_LT(solves, without);
}

bool is_rounding(const simulate::Estimate& cost) {
  return cost.half_width <= 1e-9 * std::max(1.0, std::abs(cost.mean));
}

// The mean that is estimated with kept duals is the mean.
TEST(KeptDuals, LeaveTheEstimatedMeanWhereItIs) {
  double off = 0.0, count = 0.0;
  for (std::uint64_t number = 0; number < 120; ++number) {
    const auto graph = random_program(number);
    const auto trained = sddp::train(graph, {.iterations = 2, .gap = 0.1, .reuse = 10.0});
    if (!trained.policy || trained.status == sddp::TrainStatus::infeasible) continue;
    const auto exact = simulate::exact_cost(*trained.policy, *program::expectation(), 20'000);
    const auto estimate =
        sddp::evaluate(*trained.policy, {.paths = 400, .seed = number, .stream = "kept"});
    if (!exact.is_known || estimate.cost.count == 0 || is_rounding(estimate.cost)) continue;
    off += (estimate.cost.mean - exact.cost) / estimate.cost.half_width;
    EXPECT_NEAR(estimate.cost.mean, exact.cost, 2.5 * estimate.cost.half_width) << number;
    count += 1.0;
  }
  EXPECT_GT(count, 40.0);
  // Half widths are 1.96 standard errors: the mean of so many is within three of its own.
  EXPECT_LT(std::abs(off / count), 3.0 / 1.96 / std::sqrt(count));
}

}  // namespace
}  // namespace vorrat::oracle

// The bound of decomposition may never pass the optimum of the extensive form, and must reach it;
// every cut must lie below the exact cost to go.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/oracle/cost_to_go.h"
#include "tests/oracle/random_program.h"
#include "tests/oracle/regime_program.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/evaluate.h"
#include "vorrat/sddp/first_stage.h"
#include "vorrat/sddp/refresh.h"
#include "vorrat/sddp/saved_states.h"
#include "vorrat/sddp/train.h"
#include "vorrat/simulate/monte_carlo.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::oracle {
namespace {

double sign_of(const program::PolicyGraph& graph) {
  return graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
}

// Exact cost to go of node n from state x, to be minimised; infinite if it cannot be met.
double exact_future(const program::PolicyGraph& graph, std::size_t n,
                    const std::vector<double>& x) {
  const auto [rest, going_on] = cost_to_go(graph, n, x);
  const auto answer = tree::ExtensiveForm(rest).solve_whole({});
  if (answer.status == lp::Status::infeasible) return lp::infinity;
  EXPECT_EQ(answer.status, lp::Status::optimal);
  return going_on * sign_of(graph) * answer.objective;
}

// Issue of the optimiser, Done-when 3: 500 random programs.
TEST(SddpAgainstTree, NeverPassesTheOptimumReachesItAndCutsLieBelow) {
  const RandomStream random(4, "states");
  int infeasible = 0;
  for (std::uint64_t number = 0; number < 500; ++number) {
    const auto graph = random_program(number);
    const double sign = sign_of(graph);
    const auto optimum = tree::ExtensiveForm(graph).solve_whole({});
    sddp::Options options{.iterations = 400, .gap = 1e-7, .seed = number, .exact_nodes = 200};
    options.cuts = number % 3 == 1 ? sddp::CutKind::multiple : sddp::CutKind::single;
    options.selection = number % 2 == 1 ? sddp::CutSelection::all : sddp::CutSelection::useful;
    options.paths_per_iteration = number % 5 == 0 ? 3 : 1;
    options.reuse = number % 2 == 0 ? 0.1 : 0.0;
    const auto result = sddp::train(graph, options);
    if (optimum.status == lp::Status::infeasible) {
      EXPECT_EQ(result.status, sddp::TrainStatus::infeasible) << number;
      ++infeasible;
      continue;
    }
    ASSERT_EQ(optimum.status, lp::Status::optimal) << number;
    const double tolerance = 1e-6 * std::max(1.0, std::abs(optimum.objective));
    ASSERT_EQ(result.status, sddp::TrainStatus::converged)
        << number << ": " << result.reason << ", bound " << result.bound << ", optimum "
        << optimum.objective;
    EXPECT_NEAR(result.bound, optimum.objective, tolerance) << number;
    double before = -lp::infinity;
    for (const sddp::LogEntry& entry : result.log) {
      EXPECT_LE(sign * entry.bound, sign * optimum.objective + tolerance) << number;
      EXPECT_GE(sign * entry.bound, before - tolerance) << number;
      before = sign * entry.bound;
    }
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      if (graph.nodes[n].arcs.empty()) continue;
      const auto x = random_state(*result.policy, n, random, number);
      const double exact = exact_future(graph, n, x);
      EXPECT_LE(result.policy->futures()[n].at(x), exact + 1e-5 * std::max(1.0, std::abs(exact)))
          << number;
    }
  }
  EXPECT_LT(infeasible, 50);  // the rest has something to say
}

// What is next to nothing, and a cost far beyond all others, must not tempt the stage solver to
// excuse a wrong dual.
TEST(SddpAgainstTree, NeverPassesTheOptimumOfCarelessPrograms) {
  int met = 0;
  std::int64_t hand_overs = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    const auto graph = careless_program(number);
    const double sign = sign_of(graph);
    const auto optimum = tree::ExtensiveForm(graph).solve_whole({});
    const auto result =
        sddp::train(graph, {.iterations = 400, .gap = 1e-7, .seed = number, .exact_nodes = 200});
    hand_overs += result.hand_overs;
    if (optimum.status != lp::Status::optimal) continue;
    const double tolerance = 1e-6 * std::max(1.0, std::abs(optimum.objective));
    EXPECT_EQ(result.status, sddp::TrainStatus::converged) << number << ": " << result.reason;
    EXPECT_NEAR(result.bound, optimum.objective, tolerance) << number;
    for (const sddp::LogEntry& entry : result.log)
      EXPECT_LE(sign * entry.bound, sign * optimum.objective + tolerance) << number;
    ++met;
  }
  EXPECT_GT(met, 250);
  EXPECT_EQ(hand_overs, 0);
}

// After one iteration some policies come to a stage without a decision, so that no exact cost is
// known: played, they learn from that, and each path ends.
TEST(SddpAgainstTree, LearnsFromWhatCannotBePlayedToTheEnd) {
  int learned = 0;
  for (std::uint64_t number = 0; number < 500; ++number) {
    const auto graph = random_program(number);
    const auto result = sddp::train(graph, {.iterations = 1});
    if (result.status == sddp::TrainStatus::infeasible) continue;
    ASSERT_GT(result.simulated.count, 0u) << number;
    if (result.is_exact) continue;
    ++learned;
    const double optimum = tree::ExtensiveForm(graph).solve_whole({}).objective,
                 worse_by = graph.sense() == lp::Sense::minimise
                                ? result.simulated.upper() - optimum
                                : optimum - result.simulated.lower();
    EXPECT_GE(worse_by, -1e-6 * std::max(1.0, std::abs(optimum))) << number;
  }
  EXPECT_GT(learned, 0);
}

// Another program of the same shape: other odds, costs, right-hand sides, noise and initial state.
program::PolicyGraph changed_program(std::uint64_t number) {
  const RandomStream random(17, "changes");
  std::uint64_t next = 0;
  const auto factor = [&] { return 0.7 + 0.6 * random.uniform(number, 0, next++); };
  auto graph = random_program(number);
  for (double& x : graph.initial_state) x *= factor();
  for (program::Node& node : graph.nodes) {
    for (auto& column : node.problem.model.columns) column.cost *= factor();
    for (auto& row : node.problem.model.rows)
      if (row.lower > 0.0) row.lower *= factor();
    double sum = 0.0, arcs = 0.0;
    for (auto& r : node.noise) {
      for (auto& change : r.changes) change.value *= factor();
      sum += r.probability *= factor();
    }
    for (auto& r : node.noise) r.probability /= sum;
    if (node.arcs.size() < 2) continue;
    for (auto& arc : node.arcs) arcs += arc.probability *= factor();
    for (auto& arc : node.arcs) arc.probability /= arcs;
  }
  return graph;
}

// A policy made anew is as good as a new one: its bounds hold, its cuts lie below, it goes on to
// the optimum.
TEST(SddpAgainstTree, MakesPoliciesAnewForChangedNumbers) {
  const RandomStream random(5, "states");
  double lost = 0.0, count = 0.0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    const auto trained = sddp::train(random_program(number), {.iterations = 100, .gap = 1e-7});
    if (!trained.policy) continue;
    const auto graph = changed_program(number);
    const double sign = sign_of(graph);
    const auto optimum = tree::ExtensiveForm(graph).solve_whole({});
    const auto fresh = sddp::refresh(*trained.policy, graph, {.states = 10});
    if (optimum.status == lp::Status::infeasible) {
      if (fresh.status != sddp::TrainStatus::infeasible) {
        EXPECT_EQ(sddp::train_further(fresh.policy, {}).status, sddp::TrainStatus::infeasible);
      }
      continue;
    }
    ASSERT_EQ(fresh.status, sddp::TrainStatus::stopped) << number << fresh.reason;
    const double scale = std::max(1.0, std::abs(optimum.objective));
    EXPECT_LE(sign * fresh.bound, sign * optimum.objective + 1e-6 * scale) << number;
    lost += sign * (optimum.objective - fresh.bound) / scale;
    count += 1.0;
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      if (graph.nodes[n].arcs.empty()) continue;
      std::vector<double> x;
      const auto& problem = graph.nodes[n].problem;
      for (std::size_t k = 0; k < graph.state_names.size(); ++k)
        x.push_back(problem.model.columns[problem.outgoing[k]].upper *
                    random.uniform(number, n, k));
      const double exact = exact_future(graph, n, x);
      EXPECT_LE(fresh.policy->futures()[n].at(x), exact + 1e-5 * std::max(1.0, std::abs(exact)))
          << number;
    }
    // Some states are met on one path in two thousand.
    const auto further = sddp::train_further(fresh.policy, {.iterations = 5000, .gap = 1e-7});
    EXPECT_EQ(further.status, sddp::TrainStatus::converged) << number;
    EXPECT_NEAR(further.bound, optimum.objective, 1e-6 * scale) << number;
  }
  EXPECT_GT(count, 150.0);
  EXPECT_LT(lost / count, 0.05);  // relative, before any iteration
}

// With cuts for all nodes of a stage from the same solves, a few iterations do what many did.
TEST(SddpAgainstTree, ReachesABoundWithFewerSolvesBySharingCuts) {
  const auto graph =
      regime_program({.stages = 5, .regimes = 3, .prices = 2, .items = 2, .sites = 1});
  const auto shared = sddp::train(graph, {.iterations = 15, .gap = 0.0, .first_check = 0});
  const auto alone = sddp::train(
      graph, {.iterations = 60, .gap = 0.0, .sharing = sddp::Sharing::none, .first_check = 0});
  EXPECT_LT(shared.solves, alone.solves);
  EXPECT_GT(shared.bound, alone.bound);
}

// A program on which no two paths cost the same.
program::PolicyGraph varied_program() {
  for (std::uint64_t number = 0;; ++number) {
    const auto graph = random_program(number);
    if (graph.nodes.size() < 6) continue;
    const auto result = sddp::train(graph, {.iterations = 5});
    if (result.status == sddp::TrainStatus::infeasible || result.simulated.count < 60) continue;
    return graph;
  }
}

// Done-when 4: over 400 seeds the 95 % interval holds the exact mean in 93 to 97 % of runs.
TEST(SddpAgainstTree, HasIntervalsThatCoverTheExactMean) {
  const auto result = sddp::train(varied_program(), {.iterations = 5});
  ASSERT_TRUE(result.is_exact);
  int held = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto simulation = simulate::simulate(*result.policy, {.paths = 400, .seed = seed});
    held += simulation.cost.lower() <= result.simulated.mean &&
                    result.simulated.mean <= simulation.cost.upper()
                ? 1
                : 0;
  }
  EXPECT_GE(held, 372);
  EXPECT_LE(held, 388);
}

// A demand of 25, far beyond what can be served, with a probability of 1 in 20 a stage.
program::PolicyGraph with_rare_dear_outcomes(program::PolicyGraph graph) {
  for (program::Node& node : graph.nodes) {
    auto& noise = node.noise;
    for (auto& r : noise) r.probability = 0.95 / static_cast<double>(noise.size() - 1);
    if (noise.size() < 2) continue;
    noise[0].probability = 0.05;
    noise[0].changes.push_back(
        {.what = program::Change::What::row_lower, .row = graph.state_names.size(), .value = 25.0});
  }
  return graph;
}

// The same where costs have a skewness of about 3, with as many paths as a run ends with: within
// three standard errors of 95 %.
TEST(SddpAgainstTree, HasIntervalsThatCoverTheExactMeanOfSkewedCosts) {
  bool is_found = false;
  for (std::uint64_t number = 0; !is_found; ++number) {
    const auto plain = random_program(number);
    const auto has_two = [](const program::Node& node) {
      return node.stage == 1 || node.noise.size() > 1;
    };
    if (plain.nodes.size() < 3 || !std::ranges::all_of(plain.nodes, has_two)) continue;
    const auto result = sddp::train(with_rare_dear_outcomes(plain), {.iterations = 5});
    if (!result.is_exact) continue;
    is_found = true;
    int held = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const auto cost = simulate::simulate(*result.policy, {.paths = 1000, .seed = seed}).cost;
      held += std::abs(cost.mean - result.simulated.mean) <= cost.half_width ? 1 : 0;
    }
    EXPECT_GE(held, 367) << number;
    EXPECT_LE(held, 393) << number;
  }
}

// The same with the mean of all that may follow in the place of what followed, on eight programs:
// a twentieth of the width from half as many paths.
TEST(SddpAgainstTree, HasNarrowIntervalsThatCoverTheExactMean) {
  int held = 0, programs = 0;
  double width = 0.0, sampled_width = 0.0;
  for (std::uint64_t number = 0; programs < 8; ++number) {
    const auto graph = random_program(number);
    if (graph.nodes.size() < 6) continue;
    const auto result = sddp::train(graph, {.iterations = 5, .reuse = 0.1});
    if (!result.is_exact || result.simulated.count < 60) continue;
    ++programs;
    const auto sampled = sddp::evaluate(
        *result.policy, {.estimator = sddp::Estimator::sampled, .paths = 128, .seed = 1});
    sampled_width += sampled.cost.half_width;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const auto cost = sddp::evaluate(*result.policy, {.paths = 100, .seed = seed}).cost;
      const double rounding = 1e-9 * std::abs(cost.mean);
      held += std::abs(cost.mean - result.simulated.mean) <= cost.half_width + rounding ? 1 : 0;
      width += cost.half_width / 400.0;
    }
  }
  EXPECT_LT(width, 0.05 * sampled_width);
  EXPECT_GE(held, 8 * 372);
  EXPECT_LE(held, 8 * 388);
}

TEST(SddpAgainstTree, SamplesTheSameMeanAsPlayersDo) {
  const auto result = sddp::train(varied_program(), {.iterations = 5});
  const auto cost =
      sddp::evaluate(*result.policy,
                     {.estimator = sddp::Estimator::sampled, .paths = 4000, .threads = 2})
          .cost;
  EXPECT_NEAR(cost.mean, result.simulated.mean, 1.5 * cost.half_width);  // three standard errors
}

TEST(SddpAgainstTree, GivesTheSameBitsForAnyNumberOfThreadsWhereAStageHasManyNodes) {
  const auto graph =
      regime_program({.stages = 4, .regimes = 3, .prices = 2, .items = 2, .sites = 1});
  const auto changed =
      regime_program({.stages = 4, .regimes = 3, .prices = 2, .items = 2, .sites = 1, .odds = 0.2});
  std::vector<std::vector<double>> figures;
  for (int threads : {1, 2, 4}) {
    auto& of_run = figures.emplace_back();
    const auto trained = sddp::train(graph, {.iterations = 12,
                                             .gap = 0.02,
                                             .threads = threads,
                                             .paths_per_iteration = 2,
                                             .reuse = 0.3});
    for (const auto& entry : trained.log) of_run.push_back(entry.bound);
    of_run.push_back(trained.simulated.mean);
    of_run.push_back(trained.simulated.half_width);
    const auto fresh = sddp::refresh(*trained.policy, changed, {.threads = threads});
    of_run.push_back(fresh.bound);
    const auto cost =
        sddp::evaluate(*fresh.policy, {.paths = 8, .threads = threads, .takes_note = true}).cost;
    of_run.push_back(cost.mean);
    of_run.push_back(cost.half_width);
    for (const auto& family : sddp::saved_states(*fresh.policy, 20).families) {
      of_run.insert(of_run.end(), family.worths.begin(), family.worths.end());
      of_run.insert(of_run.end(), family.states.begin(), family.states.end());
    }
    const auto first = sddp::first_stage(*fresh.policy, {}, {.iterations = 2, .threads = threads});
    of_run.push_back(first->bound);
  }
  EXPECT_EQ(figures[1], figures[0]);  // bits
  EXPECT_EQ(figures[2], figures[0]);
}

TEST(SddpAgainstTree, GivesTheSameBitsForAnyNumberOfThreads) {
  for (std::uint64_t number : {3u, 8u, 21u, 34u}) {
    const auto graph = random_program(number);
    std::vector<sddp::TrainResult> results;
    for (int threads : {1, 2, 4}) {
      results.push_back(sddp::train(graph, {.iterations = 30,
                                            .gap = 0.0,
                                            .threads = threads,
                                            .paths_per_iteration = 4,
                                            .exact_nodes = 0}));
    }
    for (const auto& result : results) {
      ASSERT_EQ(result.log.size(), results[0].log.size());
      for (std::size_t i = 0; i < result.log.size(); ++i)
        EXPECT_EQ(result.log[i].bound, results[0].log[i].bound);  // bits
      EXPECT_EQ(result.simulated.mean, results[0].simulated.mean);
      EXPECT_EQ(result.simulated.half_width, results[0].simulated.half_width);
      if (result.policy) {
        EXPECT_EQ(result.policy->cut_count(), results[0].policy->cut_count());
      }
    }
  }
}

TEST(SddpAgainstTree, ReachesTheOptimumAsynchronouslyToo) {
  for (std::uint64_t number = 0; number < 20; ++number) {
    const auto graph = random_program(number);
    const auto optimum = tree::ExtensiveForm(graph).solve_whole({});
    if (optimum.status != lp::Status::optimal) continue;
    const auto result = sddp::train(graph, {.iterations = 1000,
                                            .gap = 1e-7,
                                            .mode = sddp::Mode::fastest,
                                            .threads = 3,
                                            .exact_nodes = 200});
    EXPECT_EQ(result.status, sddp::TrainStatus::converged) << number;
    EXPECT_NEAR(result.bound, optimum.objective, 1e-6 * std::max(1.0, std::abs(optimum.objective)))
        << number;
  }
}

// Nested risk measures: the exact nested cost of the policy is never below the bound, and meets it.
TEST(SddpAgainstTree, MeetsTheNestedRiskOfItsPolicy) {
  int converged = 0;
  for (std::uint64_t number = 0; number < 60; ++number) {
    const auto graph = random_program(number);
    const double sign = sign_of(graph);
    for (const char* risk : {"cvar(0.4)", "0.5 expectation + 0.5 worst_case", "entropic(0.2)"}) {
      const auto result = sddp::train(graph, {.iterations = 400,
                                              .gap = 1e-5,
                                              .risk = program::parse_risk_measure(risk),
                                              .exact_nodes = 200});
      if (result.status == sddp::TrainStatus::infeasible) continue;
      EXPECT_EQ(result.status, sddp::TrainStatus::converged)
          << number << " " << risk << " " << result.gap;
      EXPECT_GE(sign * (result.simulated.mean - result.bound),
                -1e-6 * std::max(1.0, std::abs(result.bound)));
      ++converged;
    }
  }
  EXPECT_GT(converged, 100);
}

}  // namespace
}  // namespace vorrat::oracle

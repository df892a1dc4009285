#include "vorrat/fleet/decompose.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/fleet/random_problem.h"

namespace vorrat::fleet {
namespace {

Problem with_every_outcome(std::uint64_t seed) {
  Problem problem = RandomProblem(seed).make_whole();
  problem.branching = {1000, 1000, 1000};
  return problem;
}

constexpr std::size_t most_nodes = 1500;  // of a tree that is solved here

SolveSettings tight() {
  SolveSettings settings;
  settings.gap = 1e-5;
  settings.iterations = 400;
  settings.threads = 1;
  settings.paths = 50;
  return settings;
}

double scale(double cost) { return std::max(100.0, std::abs(cost)); }

// The tree with every outcome is the same problem: its optimum is what the bound rises to and never
// passes, and what the policy costs.
TEST(FleetPolicy, ReachesTheOptimumOfTheWholeTree) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Problem problem = with_every_outcome(seed);
    const FleetGraph tree = make_fleet_tree(problem, 1);
    if (tree.nodes.size() > most_nodes) continue;
    ++compared;
    FleetSolver solver(problem, {});
    ASSERT_EQ(solver.solve().status, PlanStatus::optimal) << seed;
    FleetPolicy policy = FleetPolicy::train(problem, tight());
    const Plan plan = policy.plan();
    ASSERT_EQ(plan.status, PlanStatus::optimal) << seed << ": " << plan.message;
    const double optimum = solver.objective();
    EXPECT_LE(policy.bound(), optimum + 1e-6 * scale(optimum)) << seed;
    EXPECT_GE(policy.bound(), optimum - 1e-3 * scale(optimum)) << seed;
    // Also where several decisions cost the same by what training knows of their futures.
    EXPECT_LE(plan.objective / 1e6, optimum + 2e-5 * scale(optimum)) << seed;
    EXPECT_GE(least_cost(problem), -1e12) << seed;
    EXPECT_LE(least_cost(problem), optimum) << seed;
  }
  EXPECT_GT(compared, 20);
}

// Demand that must be served can leave a hardly trained policy at a loss on some path: it learns
// from that, and its plan keeps what was promised on every one.
TEST(FleetPolicy, MakesAPlanOfAPolicyThatWasHardlyTrained) {
  int planned = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Problem problem = with_every_outcome(seed);
    for (Workload& workload : problem.workloads) workload.minimum_service = 0.2;
    SolveSettings settings = tight();
    settings.iterations = 1;
    FleetPolicy policy = FleetPolicy::train(problem, settings);
    const Plan plan = policy.plan();
    if (plan.status == PlanStatus::infeasible) continue;
    ASSERT_EQ(plan.status, PlanStatus::optimal) << seed << ": " << plan.message;
    EXPECT_EQ(policy.visits().size(), settings.paths * problem.stage_count());
    EXPECT_GE(plan.objective, plan.bound - 1e-6 * scale(plan.bound)) << seed;
    ++planned;
  }
  EXPECT_GT(planned, 5);
}

// Other odds, prices, budgets and demand: the policy made anew agrees with the changed tree.
TEST(FleetPolicy, AnswersWhatIfAsTheChangedTreeDoes) {
  int compared = 0;
  for (std::uint64_t seed = 100; seed < 130; ++seed) {
    const Problem problem = with_every_outcome(seed);
    if (make_fleet_tree(problem, 1).nodes.size() > most_nodes) continue;
    FleetPolicy policy = FleetPolicy::train(problem, tight());
    policy.plan();
    Problem changed = problem;
    for (Account& account : changed.accounts) account.amount[0] *= 0.8;
    for (Offer& offer : changed.offers) {
      for (LawOfRegime& law : offer.law) law.price *= 1.1;
    }
    for (Workload& workload : changed.workloads) workload.initial *= 1.2;
    for (Gate& gate : changed.gates) {
      for (auto& matrix : gate.transition) {
        for (auto& row : matrix) row = {0.5 * row[0] + 0.25, 0.5 * row[1] + 0.25};
      }
    }
    const auto answer = policy.trained_for(changed, tight());
    if (!answer) continue;  // a chance of 0 or 1 became possible: other nodes
    ++compared;
    FleetSolver solver(changed, {});
    ASSERT_EQ(solver.solve().status, PlanStatus::optimal) << seed;
    EXPECT_LE(answer->bound(), solver.objective() + 1e-6 * scale(solver.objective())) << seed;
    EXPECT_GE(answer->bound(), solver.objective() - 1e-3 * scale(solver.objective())) << seed;
    const auto again = FleetPolicy::train_from(policy.saved_states(), changed, tight());
    ASSERT_TRUE(again);
    EXPECT_LE(again->bound(), solver.objective() + 1e-6 * scale(solver.objective())) << seed;
    EXPECT_GE(again->bound(), solver.objective() - 1e-3 * scale(solver.objective())) << seed;
  }
  EXPECT_GT(compared, 5);
}

// Hundredths of a first quarter mean something else where its demand is another.
TEST(FleetPolicy, SavesDemandInTheUnitOfItsWorkload) {
  Problem problem = with_every_outcome(100);
  problem.workloads[0].unit = 7e6;
  FleetPolicy policy = FleetPolicy::train(problem, tight());
  policy.plan();
  const sddp::SavedStates saved = policy.saved_states();
  const std::size_t demand = policy.graph().states.demand[0], width = saved.state_names.size();
  int found = 0;
  for (const auto& family : saved.families) {
    if (family.nodes.front() != policy.graph().graph.nodes.front().name) continue;
    for (std::size_t k = demand; k < family.states.size(); k += width, ++found)
      EXPECT_NEAR(family.states[k], 7e6 * problem.workloads[0].initial, 1.0);
  }
  EXPECT_GT(found, 0);
}

// Forced orders: the bound is that of the tree with the same order forced.
TEST(FleetPolicy, BoundsForcedFirstOrdersAsTheTreeDoes) {
  int compared = 0;
  for (std::uint64_t seed = 200; seed < 225; ++seed) {
    const Problem problem = with_every_outcome(seed);
    if (make_fleet_tree(problem, 1).nodes.size() > most_nodes) continue;
    FleetSolver solver(problem, {});
    ASSERT_EQ(solver.solve().status, PlanStatus::optimal) << seed;
    FleetPolicy policy = FleetPolicy::train(problem, tight());
    std::vector<FleetPolicy::Orders> forced;
    for (std::size_t o = 0; o < problem.offers.size(); ++o) forced.push_back({{o, 0.5}});
    const auto bounds = policy.bounds_if(forced);
    ASSERT_EQ(bounds.size(), forced.size() + 1);
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      const auto exact = solver.cost_if_ordered(o, 0.5);
      if (!exact || !bounds[o]) continue;
      ++compared;
      EXPECT_LE(*bounds[o], *exact + 1e-6 * scale(*exact)) << seed;
      EXPECT_GE(*bounds[o], *exact - 5e-3 * scale(*exact)) << seed;
    }
  }
  EXPECT_GT(compared, 8);
}

TEST(FleetPolicy, MakesTheSamePlanForAnyNumberOfThreads) {
  const Problem problem = with_every_outcome(3);
  SolveSettings one = tight(), two = tight();
  two.threads = 2;
  const Plan a = FleetPolicy::train(problem, one).plan();
  const Plan b = FleetPolicy::train(problem, two).plan();
  EXPECT_EQ(a.bound, b.bound);
  EXPECT_EQ(a.objective, b.objective);
  ASSERT_EQ(a.fleet.size(), b.fleet.size());
  for (std::size_t i = 0; i < a.fleet.size(); ++i) EXPECT_EQ(a.fleet[i].mean, b.fleet[i].mean);
}

}  // namespace
}  // namespace vorrat::fleet

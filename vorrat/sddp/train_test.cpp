#include "vorrat/sddp/train.h"

#include <gtest/gtest.h>

#include <cmath>

#include <fmt/format.h>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/stock_example.h"
#include "vorrat/simulate/monte_carlo.h"

namespace vorrat::sddp {
namespace {

// See stock_example(): three units now, 6.
TEST(Train, ConvergesOnTheStockExample) {
  for (CutKind cuts : {CutKind::single, CutKind::multiple}) {
    const auto result = train(stock_example(), {.gap = 1e-9, .cuts = cuts});
    EXPECT_EQ(result.status, TrainStatus::converged);
    EXPECT_EQ(result.reason, "the gap target was met");
    EXPECT_NEAR(result.bound, 6.0, 1e-9);
    EXPECT_TRUE(result.is_exact);
    EXPECT_NEAR(result.simulated.mean, 6.0, 1e-9);
    EXPECT_EQ(result.hand_overs, 0);
  }
}

TEST(Train, MaximisesWithTheSameNumbers) {
  auto graph = stock_example();
  for (auto& node : graph.nodes) {
    node.problem.model.sense = lp::Sense::maximise;
    for (auto& column : node.problem.model.columns) column.cost = -column.cost;
  }
  const auto result = train(graph, {.gap = 1e-9});
  EXPECT_EQ(result.status, TrainStatus::converged);
  EXPECT_NEAR(result.bound, -6.0, 1e-9);
  EXPECT_NEAR(result.gap, 0.0, 1e-9);
}

// At 3.5 a unit later, a third unit is bought now only by who minds the worst case:
// expectation 2 + 0.5 * 2 * 3.5 = 5.5 with one unit now (a second costs 2 and saves 0.5 * 3.5);
// worst case: 6 for three now against 2 + 7.
TEST(Train, MindsTheRiskMeasure) {
  const auto neutral = train(stock_example(3.5), {.gap = 1e-9});
  EXPECT_NEAR(neutral.bound, 5.5, 1e-9);
  const auto careful = train(stock_example(3.5), {.gap = 1e-9, .risk = program::worst_case()});
  EXPECT_EQ(careful.status, TrainStatus::converged);
  EXPECT_NEAR(careful.bound, 6.0, 1e-9);
  // 0.9 of the weight on the dear half: a CVaR of tail 0.5555... weighs 0.9 / 0.1.
  const auto mixed = train(stock_example(3.5),
                           {.gap = 1e-9, .risk = program::conditional_value_at_risk(0.5 / 0.9)});
  EXPECT_NEAR(mixed.bound, 6.0, 1e-9);
}

TEST(Train, NeverSaysConvergedOnASampledMeanOfARiskAdjustedRun) {
  const auto result = train(stock_example(3.5),
                            {.iterations = 20, .risk = program::worst_case(), .exact_nodes = 0});
  EXPECT_EQ(result.status, TrainStatus::stopped);
  EXPECT_TRUE(std::isnan(result.gap));
  EXPECT_EQ(result.reason, "the limit of 20 iterations");
}

// One unit is needed in every stage, at 2 a unit, for ever, with a discount of 0.9: 2 / (1 - 0.9).
TEST(Train, SolvesACycleWithDiscount) {
  program::PolicyGraph graph{
      .state_names = {"stock"}, .initial_state = {0}, .root = {{.child = 0}}};
  program::Node node{.name = "every stage"};
  lp::Model& model = node.problem.model;
  const auto in = model.add_column({}), out = model.add_column({.upper = 9, .cost = 0.5}),
             buy = model.add_column({.cost = 2});
  const auto balance = model.add_row({.lower = 1, .upper = 1});  // in + buy - out = 1
  model.add_entry(balance, in, 1);
  model.add_entry(balance, buy, 1);
  model.add_entry(balance, out, -1);
  node.problem.incoming = {in};
  node.problem.outgoing = {out};
  node.arcs = {{.child = 0, .probability = 0.9}};
  graph.nodes = {node};
  const auto result = train(graph, {.iterations = 300, .gap = 0.0, .simulation_paths = 2000});
  EXPECT_NEAR(result.bound, 20.0, 1e-4);
  EXPECT_FALSE(result.is_exact);
  EXPECT_LT(result.simulated.lower(), 20.0);
  EXPECT_GT(result.simulated.upper(), 20.0);
  EXPECT_EQ(result.status, TrainStatus::stopped);  // an interval never has a gap of 0
}

TEST(Train, CutsOffStatesThatCannotBeCarriedOn) {
  auto graph = stock_example();
  graph.nodes[1].problem.model.columns[2].upper = 0.5;  // little can be bought later
  graph.nodes[1].noise[1].changes[0].value = 7.0;
  const auto result = train(graph, {.gap = 1e-7});
  EXPECT_EQ(result.status, TrainStatus::converged) << result.reason;
  EXPECT_NEAR(result.bound, 14.0, 1e-6);  // seven now: a unit later would cost 0.5 * 5
  graph.nodes[0].problem.model.columns[1].upper = 5.0;
  const auto never = train(graph, {});
  EXPECT_EQ(never.status, TrainStatus::infeasible);
  EXPECT_EQ(never.reason,
            "the stage problem of node \"later\" cannot be met, whatever state comes in");
}

// Small whole figures, so that many decisions cost the same: of those that the cuts cannot tell
// apart, players take others than training does.
program::PolicyGraph program_with_ties(std::uint64_t number) {
  const RandomStream random(5, "ties");
  std::uint64_t next = 0;
  const auto whole = [&](int least, int most) {
    return std::floor(least + (most - least + 1) * random.uniform(number, 0, next++));
  };
  constexpr std::size_t items = 5, stages = 3;
  program::PolicyGraph graph{.initial_state = std::vector<double>(items, 0.0),
                             .root = {{.child = 0}}};
  for (std::size_t k = 0; k < items; ++k) graph.state_names.push_back(fmt::format("stock {}", k));
  for (std::size_t t = 0; t < stages; ++t) {
    program::Node node{.name = fmt::format("stage {}", t)};
    lp::Model& model = node.problem.model;
    const auto room = model.add_row({.upper = whole(3, 9)});
    std::vector<std::size_t> needs = {model.add_row({}), model.add_row({})};
    for (std::size_t k = 0; k < items; ++k) {
      const auto in = model.add_column({}), out = model.add_column({.cost = whole(-1, 1)}),
                 buy = model.add_column({.upper = whole(1, 4), .cost = whole(1, 2)}),
                 use = model.add_column({});
      const auto balance = model.add_row({.lower = 0, .upper = 0});
      model.add_entry(balance, in, 1);
      model.add_entry(balance, buy, 1);
      model.add_entry(balance, use, -1);
      model.add_entry(balance, out, -1);
      model.add_entry(room, out, 1);
      model.add_entry(needs[k % 2], use, 1);
      node.problem.incoming.push_back(in);
      node.problem.outgoing.push_back(out);
    }
    for (const std::size_t row : needs) {
      model.rows[row].lower = 0;
      model.add_entry(row, model.add_column({.cost = 6}), 1);
    }
    using What = program::Change::What;
    for (int w = 0; w < 3; ++w)
      node.noise.push_back({.probability = 1.0 / 3.0,
                            .changes = {{What::row_lower, needs[0], 0, whole(0, 6)},
                                        {What::row_lower, needs[1], 0, whole(0, 6)}}});
    if (t == 0) node.noise.clear();
    if (t + 1 < stages) node.arcs = {{.child = t + 1}};
    graph.nodes.push_back(node);
  }
  return graph;
}

TEST(Train, LearnsFromPlayWhereDecisionsTie) {
  for (std::uint64_t number = 0; number < 300; ++number) {
    const auto result = train(program_with_ties(number), {.iterations = 400, .gap = 1e-6});
    EXPECT_EQ(result.status, TrainStatus::converged)
        << number << ": bound " << result.bound << ", cost " << result.simulated.mean;
  }
}

TEST(Train, StopsWhenAskedAndByRules) {
  StopSwitch stop;
  stop.request();
  EXPECT_EQ(train(stock_example(), {.gap = 0.0, .stop = &stop}).reason, "it was asked to stop");
  const auto stalled = train(stock_example(), {.gap = -1.0, .rules = {bound_stalls(5, 1e-9)}});
  EXPECT_EQ(stalled.reason, "the bound has not moved by more than 1e-09 over 5 iterations");
  EXPECT_EQ(stalled.status, TrainStatus::stopped);
}

TEST(Train, SaysThatWholeNumbersWereRelaxed) {
  auto graph = stock_example();
  EXPECT_FALSE(train(graph, {}).relaxes_integers);
  graph.nodes[0].problem.model.columns[2].kind = lp::ColumnKind::integer;
  EXPECT_TRUE(train(graph, {}).relaxes_integers);
}

TEST(Train, RefusesMultipleCutsWithRisk) {
  try {
    train(stock_example(), {.cuts = CutKind::multiple, .risk = program::worst_case()});
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "multiple cuts work with the expectation, not with worst_case; use single cuts");
  }
}

TEST(Policy, PlaysGivenOutcomesAndForgetsThem) {
  const auto result = train(stock_example(), {.gap = 1e-9});
  using What = program::Change::What;
  const program::Realization flood{
      .changes = {{.what = What::row_lower, .row = 1, .value = 10},
                  {.what = What::cost, .column = 2, .value = 1},
                  {.what = What::column_upper, .column = 2, .value = 100}}};
  const auto costs = simulate::play(*result.policy, {{.node = 0}, {.node = 1, .outcome = flood}});
  ASSERT_EQ(costs.size(), 2u);
  EXPECT_NEAR(costs[0], 6.0, 1e-9);
  EXPECT_NEAR(costs[1], 7.0, 1e-9);
  const auto player = result.policy->player();
  program::Decision decision;
  player->decide(1, std::vector<double>{0.0}, flood, decision);
  EXPECT_NEAR(decision.stage_cost, 10.0, 1e-9);
  player->decide(1, std::vector<double>{0.0}, std::size_t{0}, decision);
  EXPECT_NEAR(decision.stage_cost, 5.0, 1e-9);
  EXPECT_NEAR(decision.primal[2], 1.0, 1e-9);
}

}  // namespace
}  // namespace vorrat::sddp

// Training that retires cuts against training that keeps all, and against the extensive form.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/random.h"
#include "vorrat/sddp/checkpoint.h"
#include "vorrat/sddp/train.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::oracle {
namespace {

/// Stock of two goods, each bought at a price that rises with what is bought, for random demand
/// that is dear to miss: costs to go with very many facets. `regimes` nodes a stage, of other
/// prices.
program::PolicyGraph store(int stages, int outcomes, std::size_t regimes) {
  const RandomStream draw(5, "store");
  program::PolicyGraph graph;
  graph.state_names = {"first good", "second good"};
  graph.initial_state = {3.0, 2.0};
  for (int t = 0; t < stages; ++t) {
    for (std::size_t regime = 0; regime < regimes; ++regime) {
      program::Node node;
      node.name = "stage " + std::to_string(t) + " regime " + std::to_string(regime);
      node.stage = t + 1;
      lp::Model& model = node.problem.model;
      for (std::size_t good = 0; good < 2; ++good) {
        const auto in = model.add_column({});
        const auto out = model.add_column({.upper = 30.0, .cost = 0.11});
        const auto missed = model.add_column({.cost = 9.0});
        const auto row = model.add_row({.lower = 1.0, .upper = 1.0});
        model.add_entry(row, in, 1.0);
        model.add_entry(row, out, -1.0);
        model.add_entry(row, missed, 1.0);
        for (int step = 0; step < 6; ++step) {
          const double price = 1.0 + static_cast<double>(regime) + 0.7 * step +
                               draw.uniform(static_cast<std::uint64_t>(t), regime, good);
          const auto bought = model.add_column({.upper = 1.3, .cost = price});
          model.add_entry(row, bought, 1.0);
        }
        node.problem.incoming.push_back(in);
        node.problem.outgoing.push_back(out);
      }
      for (int o = 0; o < outcomes && t > 0; ++o) {
        program::Realization demand{.probability = 1.0 / outcomes};
        for (std::size_t good = 0; good < 2; ++good) {
          const double u = draw.uniform(static_cast<std::uint64_t>(100 + t),
                                        static_cast<std::uint64_t>(o), good);
          demand.changes.push_back(
              {.what = program::Change::What::row_both, .row = good, .value = 9.0 * u * u});
        }
        node.noise.push_back(demand);
      }
      for (std::size_t next = 0; next < regimes && t + 1 < stages; ++next)
        node.arcs.push_back({.child = regimes * static_cast<std::size_t>(t + 1) + next,
                             .probability = regimes == 1 ? 1.0 : (next == regime ? 0.7 : 0.3)});
      graph.nodes.push_back(node);
    }
  }
  graph.root = {{.child = 0}};
  return graph;
}

std::size_t appended(const sddp::ValuePolicy& policy) {
  std::size_t count = 0;
  for (const auto& future : policy.futures()) count += future.is_last() ? 0 : future.cuts->size();
  return count;
}

TEST(RetiredCuts, AreNotMissedOnTheWayToTheOptimum) {
  const auto graph = store(4, 8, 1);
  const double optimum = tree::ExtensiveForm(graph).solve_whole({}).objective;
  for (const auto cuts : {sddp::CutKind::single, sddp::CutKind::multiple}) {
    sddp::Options options{.iterations = 500, .gap = 0.0, .cuts = cuts, .simulation_paths = 100};
    const auto lean = sddp::train(graph, options);
    options.selection = sddp::CutSelection::all;
    const auto whole = sddp::train(graph, options);
    EXPECT_LT(4 * lean.policy->cut_count(), 3 * appended(*lean.policy)) << "too few for this test";
    EXPECT_EQ(whole.policy->cut_count(), appended(*whole.policy));
    EXPECT_NEAR(lean.bound, optimum, 1e-6 * optimum);
    EXPECT_NEAR(whole.bound, optimum, 1e-6 * optimum);
    EXPECT_LE(lean.bound, optimum * (1.0 + 1e-9));
    for (std::size_t i = 1; i < lean.log.size(); ++i)
      EXPECT_GE(lean.log[i].bound, lean.log[i - 1].bound);
  }
}

TEST(RetiredCuts, AreTheSameForAnyNumberOfThreads) {
  for (const std::size_t regimes : {1, 2}) {
    const auto graph = store(5, 5, regimes);
    std::vector<std::vector<double>> figures;
    for (const int threads : {1, 2, 4}) {
      const auto result = sddp::train(graph, {.iterations = 100,
                                              .gap = 0.0,
                                              .threads = threads,
                                              .paths_per_iteration = 4,
                                              .first_check = 0,
                                              .simulation_paths = 50,
                                              .exact_nodes = 0});
      auto& of_run = figures.emplace_back();
      for (const auto& entry : result.log) of_run.push_back(entry.bound);
      of_run.push_back(result.simulated.mean);
      for (const auto& future : result.policy->futures()) {
        if (future.is_last()) continue;
        for (const std::size_t cut : future.cuts->in_use())
          of_run.push_back(static_cast<double>(cut));
      }
      EXPECT_LT(result.policy->cut_count(), appended(*result.policy)) << "too few for this test";
    }
    EXPECT_EQ(figures[1], figures[0]);  // bits
    EXPECT_EQ(figures[2], figures[0]);
  }
}

TEST(RetiredCuts, AreNotMissedAmongAsynchronousThreadsEither) {
  const auto graph = store(4, 8, 1);
  const double optimum = tree::ExtensiveForm(graph).solve_whole({}).objective;
  const auto result = sddp::train(graph, {.iterations = 600,
                                          .gap = 0.0,
                                          .mode = sddp::Mode::fastest,
                                          .threads = 3,
                                          .first_check = 0,
                                          .simulation_paths = 50});
  EXPECT_LT(result.policy->cut_count(), appended(*result.policy)) << "too few for this test";
  EXPECT_NEAR(result.bound, optimum, 1e-5 * optimum);
  EXPECT_LE(result.bound, optimum * (1.0 + 1e-9));
}

// A policy written and read has the cuts in use, says the same of every state, and forgets none of
// them when it is trained further.
TEST(RetiredCuts, AreNotWritten) {
  const auto graph = std::make_shared<const program::PolicyGraph>(store(4, 8, 1));
  const auto trained = sddp::train(*graph, {.iterations = 400, .gap = 0.0, .simulation_paths = 10});
  auto read = sddp::read_policy(sddp::write_policy(*trained.policy), "policy.json", graph);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ((*read)->cut_count(), trained.policy->cut_count());
  EXPECT_EQ(appended(**read), trained.policy->cut_count());
  const RandomStream draw(6, "states");
  for (std::uint64_t number = 0; number < 100; ++number) {
    const std::vector<double> x = {20.0 * draw.uniform(number, 0), 20.0 * draw.uniform(number, 1)};
    for (std::size_t n = 0; n + 1 < graph->nodes.size(); ++n)
      EXPECT_EQ((*read)->futures()[n].at(x), trained.policy->futures()[n].at(x));
  }
  const auto further =
      sddp::train_further(*read, {.iterations = 200, .gap = 0.0, .simulation_paths = 10});
  EXPECT_GE(further.log.front().bound, trained.bound - 1e-9 * trained.bound);
  EXPECT_GE(further.policy->cut_count(), trained.policy->cut_count());
}

}  // namespace
}  // namespace vorrat::oracle

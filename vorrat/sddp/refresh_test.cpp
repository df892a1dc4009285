#include "vorrat/sddp/refresh.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/sddp/checkpoint.h"
#include "vorrat/sddp/first_stage.h"
#include "vorrat/sddp/stock_example.h"

namespace vorrat::sddp {
namespace {

// Three units now at 2 cost 6; at 3.5 a unit later one unit now and, half of the time, two later.
TEST(Refresh, MakesCutsAnewForOtherNumbers) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  const auto fresh = refresh(*trained.policy, stock_example(3.5), {});
  EXPECT_EQ(fresh.status, TrainStatus::stopped);
  EXPECT_EQ(fresh.reason, "the cuts of 1 of 1 nodes were made anew");
  EXPECT_LE(fresh.bound, 5.5 + 1e-9);
  const auto further = train_further(fresh.policy, {.iterations = 20, .gap = 1e-9});
  EXPECT_EQ(further.status, TrainStatus::converged);
  EXPECT_NEAR(further.bound, 5.5, 1e-9);
  EXPECT_NEAR(trained.bound, 6.0, 1e-9);  // and the old policy is as it was
}

TEST(Refresh, KeepsAllCutsWhereOnlyTheFirstStageChanged) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  auto graph = stock_example();
  graph.initial_state = {2.0};
  graph.nodes[0].problem.model.columns[2].cost = 2.25;
  const auto fresh = refresh(*trained.policy, graph, {});
  EXPECT_EQ(fresh.reason, "all cuts hold still: nothing after the first stage changed");
  EXPECT_EQ(fresh.kept_nodes, 1u);
  EXPECT_EQ(fresh.policy->cut_count(), trained.policy->cut_count());
  EXPECT_NEAR(fresh.bound, 2.25, 1e-9);  // one more, as before
}

TEST(Refresh, WorksFromAPolicyThatWasWritten) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  const auto read = read_policy(write_policy(*trained.policy), "p.json",
                                std::make_shared<const program::PolicyGraph>(stock_example()))
                        .value();
  EXPECT_EQ(refresh(*read, stock_example(3.5), {}).bound,
            refresh(*trained.policy, stock_example(3.5), {}).bound);
}

TEST(Refresh, RefusesAnotherProgram) {
  const auto trained = train(stock_example(), {});
  auto graph = stock_example();
  graph.nodes[1].name = "afterwards";
  try {
    refresh(*trained.policy, graph, {});
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "node 1 of the changed program is \"afterwards\", the policy's \"later\"");
  }
}

// Forced to buy nothing now: 5 for one unit or 15 for three, 10 in the mean.
TEST(FirstStage, AnswersAForcedDecision) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  const auto free = first_stage(*trained.policy, {});
  ASSERT_TRUE(free);
  EXPECT_NEAR(free->bound, 6.0, 1e-9);
  EXPECT_NEAR(free->primal[0][2], 3.0, 1e-9);
  const std::vector<program::Change> nothing = {
      {.what = program::Change::What::column_both, .column = 2, .value = 0.0}};
  const auto forced = first_stage(*trained.policy, nothing, {.iterations = 3});
  ASSERT_TRUE(forced);
  EXPECT_NEAR(forced->bound, 10.0, 1e-9);
  EXPECT_NEAR(forced->state[0][0], 0.0, 1e-9);
  EXPECT_NEAR(first_stage(*trained.policy, {})->bound, 6.0, 1e-9);  // the force is gone
  const std::vector<program::Change> never = {
      {.what = program::Change::What::row_lower, .row = 1, .value = 5.0}, nothing[0]};
  EXPECT_FALSE(first_stage(*trained.policy, never));
}

}  // namespace
}  // namespace vorrat::sddp

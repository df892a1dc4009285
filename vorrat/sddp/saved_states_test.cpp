#include "vorrat/sddp/saved_states.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/sddp/refresh.h"
#include "vorrat/sddp/stock_example.h"

namespace vorrat::sddp {
namespace {

TEST(SavedStates, MakeAPolicyForOtherNumbers) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  const auto saved =
      read_saved_states(to_text(saved_states(*trained.policy, 30)), "states.json").value();
  const auto made = remake(saved, stock_example(3.5), {});
  EXPECT_EQ(made.status, TrainStatus::stopped);
  EXPECT_EQ(made.bound, refresh(*trained.policy, stock_example(3.5), {}).bound);
  const auto further = train_further(made.policy, {.iterations = 20, .gap = 1e-9});
  EXPECT_EQ(further.status, TrainStatus::converged);
  EXPECT_NEAR(further.bound, 5.5, 1e-9);
}

TEST(SavedStates, AreTheWorthiestOfEachFamily) {
  const auto trained = train(stock_example(), {.gap = 1e-9});
  const SavedStates saved = saved_states(*trained.policy, 1);
  ASSERT_EQ(saved.families.size(), 1u);
  EXPECT_EQ(saved.families[0].nodes, std::vector<std::string>{"now"});
  const auto all = saved_states(*trained.policy, 30);
  ASSERT_EQ(saved.families[0].states.size(), 1u);
  EXPECT_EQ(saved.families[0].states[0], all.families[0].states[0]);
  EXPECT_GE(all.families[0].worths.front(), all.families[0].worths.back());
  EXPECT_EQ(saved.iterations, trained.policy->iterations.load());
}

TEST(SavedStates, RefuseAProgramWithANodeTheyDoNotKnow) {
  const auto trained = train(stock_example(), {});
  auto graph = stock_example();
  graph.nodes[0].name = "today";
  try {
    remake(saved_states(*trained.policy, 30), graph, {});
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(fault.what(),
                 "node \"today\" is not among those whose trial states are saved: train it afresh");
  }
}

TEST(SavedStates, SayWhatIsWrongWithTheirFile) {
  const auto read = read_saved_states(
      R"({"vorrat_trial_states": 2, "iterations": 2, "states": ["a"],
 "families": [{"nodes": ["now"], "trials": [[1, 2, 3], ["x"]]}]})",
      "states.json");
  ASSERT_FALSE(read);
  EXPECT_NE(to_string(read.error()).find("states.json:2:"), std::string::npos);
  EXPECT_NE(to_string(read.error()).find("2 numbers are needed here"), std::string::npos);
}

}  // namespace
}  // namespace vorrat::sddp

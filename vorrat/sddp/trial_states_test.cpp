#include "vorrat/sddp/trial_states.h"

#include <gtest/gtest.h>

namespace vorrat::sddp {
namespace {

TEST(TrialStates, ListsTheMostUsedFirstAndTheLatestOfEquals) {
  TrialStates trials(1);
  for (double x : {1.0, 2.0, 3.0, 3.0}) trials.add(std::vector<double>{x}, 0.0);
  trials.was_used(0, 0.0);
  const auto best = trials.list(10, 0.0);
  ASSERT_EQ(best.size(), 3u);  // different states
  EXPECT_EQ(best[0].state[0], 1.0);
  EXPECT_EQ(best[0].worth, 2.0);
  EXPECT_EQ(best[1].trial, 3u);
  EXPECT_EQ(best[2].state[0], 2.0);
  EXPECT_EQ(trials.list(1, 0.0).size(), 1u);
}

TEST(TrialStates, ForgetsHalfIn20Iterations) {
  TrialStates trials(1);
  trials.add(std::vector<double>{1.0}, 0.0);
  trials.was_used(0, 20.0);
  EXPECT_EQ(trials.list(1, 20.0)[0].worth, 1.5);
  EXPECT_EQ(trials.list(1, 40.0)[0].worth, 0.75);
}

}  // namespace
}  // namespace vorrat::sddp

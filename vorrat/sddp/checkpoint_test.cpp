#include "vorrat/sddp/checkpoint.h"

#include <gtest/gtest.h>

#include "vorrat/sddp/stock_example.h"

namespace vorrat::sddp {
namespace {

std::shared_ptr<const program::PolicyGraph> shared_example(double price = 5.0) {
  return std::make_shared<const program::PolicyGraph>(stock_example(price));
}

TEST(Checkpoint, ReadsBackTheSameBits) {
  const auto result = train(stock_example(), {.iterations = 3, .gap = 0.0, .seed = 7});
  const std::string text = write_policy(*result.policy);
  const auto policy = read_policy(text, "p.json", shared_example());
  ASSERT_TRUE(policy) << to_string(policy.error());
  EXPECT_EQ(write_policy(**policy), text);
  EXPECT_EQ((*policy)->cut_count(), result.policy->cut_count());
}

TEST(Checkpoint, GoesOnWhereItStopped) {
  const auto result = train(stock_example(), {.iterations = 50, .gap = 1e-9});
  const auto policy = read_policy(write_policy(*result.policy), "p.json", shared_example()).value();
  const auto further = train_further(policy, {.iterations = 1, .gap = 1e-9});
  EXPECT_EQ(further.status, TrainStatus::converged);
  EXPECT_NEAR(further.bound, 6.0, 1e-9);
}

TEST(Checkpoint, RefusesAPolicyOfAnotherProblem) {
  const auto result = train(stock_example(), {.iterations = 3});
  const auto policy = read_policy(write_policy(*result.policy), "p.json", shared_example(4.0));
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().faults().at(0).message,
            "this policy was made for another problem, or for other numbers of this one");
  EXPECT_EQ(policy.error().faults().at(0).place.line, 3);
}

TEST(Checkpoint, NamesThePlaceOfABrokenCut) {
  const auto result = train(stock_example(), {.iterations = 3});
  std::string text = write_policy(*result.policy);
  text.replace(text.find("[0, "), 4, "[7, ");
  const auto policy = read_policy(text, "p.json", shared_example());
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().faults().at(0).message, "there is no theta 7");
}

}  // namespace
}  // namespace vorrat::sddp

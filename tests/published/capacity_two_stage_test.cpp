// StructDualDynProg problem 5.2, two stages: published 340315.52, tolerance 0.1.
#include <gtest/gtest.h>

#include <array>

#include "tests/published/cases.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/information_value.h"

namespace vorrat::published {
namespace {

TEST(CapacityTwoStage, OrdersAsPublished) {
  const auto result = tree::ExtensiveForm(capacity_two_stage()).solve({});
  EXPECT_NEAR(result.answer.objective, 340315.521689, 1e-3);
  const std::array<double, 4> order = {5085, 1311, 3919, 854};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(result.primal[0][4 + i], order[i], 0.5);
  for (std::size_t future : {1, 2}) EXPECT_NEAR(result.primal[future].back(), 0.0, 1e-6);
}

TEST(CapacityTwoStage, HasItsValuesOfInformation) {
  const auto value = tree::information_value(capacity_two_stage(), {});
  EXPECT_NEAR(value.average.promised_cost, 334687.754566, 1e-3);
  const std::array<double, 4> order = {3260.8, 2903.9, 4235.7, 0};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(value.average.state[i], order[i], 0.5);
  EXPECT_NEAR(value.average.expected_cost.value(), 25957197.61, 30.0);
  EXPECT_NEAR(value.known.expected_cost.value(), 334687.754566, 1e-3);
  EXPECT_NEAR(value.perfect_information.value(), 5627.767123, 1e-3);
}

}  // namespace
}  // namespace vorrat::published

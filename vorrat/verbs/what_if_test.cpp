#include "vorrat/verbs/what_if.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/input/alter.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path source = VORRAT_SOURCE_DIR;

class WhatIf : public testing::Test {
 protected:
  WhatIf() { write_files(place_.path() / "scenario", scenario_files(source / "data/starter")); }

  WhatIfResult ask(std::vector<std::string> changes) const {
    return run(WhatIfRequest{
        .plan = {.scenario = place_.path() / "scenario", .data = source / "data", .seed = 3},
        .changes = std::move(changes),
        .file = place_.path() / "runs.sqlite"});
  }

  TemporaryFolder place_;
};

/// The same changed inputs, planned from nothing.
fleet::Plan cold(const fs::path& folder, const store::Files& files) {
  write_files(folder, files);
  return *run({.scenario = folder, .data = source / "data", .seed = 3}).plan;
}

TEST_F(WhatIf, EqualsAColdPlanOfTheChangedInputsWithinTheGap) {
  const std::vector<std::string> changes = {"offers.csv:price=x1.1", "demand=x1.2",
                                            "budget.csv:amount=x0.9"};
  const WhatIfResult first = ask(changes);
  ASSERT_TRUE(first.then.plan) << to_string(first.diagnostics);
  EXPECT_TRUE(first.planned_first);
  const WhatIfResult result = ask(changes);
  EXPECT_FALSE(result.planned_first) << "the kept plan is found again";
  EXPECT_TRUE(result.from_policy);
  ASSERT_EQ(result.then.plan->status, fleet::PlanStatus::optimal);
  const auto files = altered(scenario_files(source / "data/starter"), changes);
  ASSERT_TRUE(files);
  const TemporaryFolder folder;
  const fleet::Plan again = cold(folder.path(), *files);
  const double gap = 0.01 * std::abs(again.bound);
  EXPECT_NEAR(result.then.plan->bound, again.bound, gap);
  EXPECT_NEAR(result.then.plan->objective, again.objective, gap);
  EXPECT_EQ(result.then.plan->objective, first.then.plan->objective) << "the same bits again";
  EXPECT_FALSE(result.inputs.empty());
  EXPECT_THAT(to_text(result), HasSubstr("The plan then costs"));
}

TEST_F(WhatIf, SaysWhereADifferenceMayBeTheGap) {
  const WhatIfResult much = ask({"demand=x1.2"});
  EXPECT_FALSE(much.may_be_the_gap());
  EXPECT_THAT(to_text(much), Not(HasSubstr("leave more open")));
  const WhatIfResult little = ask({"offers.csv:price=x1.0001"});
  ASSERT_TRUE(little.then.plan) << to_string(little.diagnostics);
  EXPECT_TRUE(little.may_be_the_gap());
  EXPECT_THAT(to_text(little), HasSubstr("The gaps of the two plans leave more open than that"));
}

TEST_F(WhatIf, SaysWhichChangeCannotBeMade) {
  const WhatIfResult result = ask({"offers.csv:no-such:price=1 USD"});
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_THAT(to_string(result.diagnostics), HasSubstr("offers.csv has no row \"no-such\""));
}

TEST_F(WhatIf, ShowsWhatIsWrongWithTheChangedInputs) {
  const WhatIfResult result = ask({"workloads.csv:chat:demand=120 MWh"});
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_THAT(
      to_string(result.diagnostics),
      HasSubstr("workloads.csv:2:27: the demand of workload \"chat\" is \"120 MWh\", which is an "
                "energy"));
}

}  // namespace
}  // namespace vorrat::verbs

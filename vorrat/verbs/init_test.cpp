#include "vorrat/verbs/init.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "vorrat/base/error.h"
#include "vorrat/verbs/check.h"
#include "vorrat/verbs/plan.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
const fs::path data = fs::path(VORRAT_SOURCE_DIR) / "data";

class Init : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("vorrat-init-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(Init, WritesAScenarioThatIsSoundAndPlansAtOnce) {
  run(InitRequest{.folder = folder_, .data = data});
  const CheckResult check = run(CheckRequest{.scenario = folder_, .data = data});
  EXPECT_EQ(check.exit_code(), 0) << to_text(check);
  const PlanResult plan = run(PlanRequest{.scenario = folder_, .data = data});
  ASSERT_TRUE(plan.plan);
  EXPECT_EQ(plan.exit_code(), 0);
  EXPECT_FALSE(plan.plan->orders.empty());
}

TEST_F(Init, KeepsWhatIsThere) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "offers.csv") << "mine";
  EXPECT_THROW(run(InitRequest{.folder = folder_, .data = data}), InvalidInput);
  EXPECT_FALSE(fs::exists(folder_ / "scenario.toml"));
  EXPECT_EQ(fs::file_size(folder_ / "offers.csv"), 4u);
}

TEST_F(Init, SaysWhenItCannotWrite) {
  std::ofstream(folder_.string()) << "a file where the folder should be";
  EXPECT_THROW(run(InitRequest{.folder = folder_ / "x", .data = data}), Unavailable);
}

}  // namespace
}  // namespace vorrat::verbs

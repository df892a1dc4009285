#include "vorrat/verbs/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;

// A copy of the cases beside links to the rest of the data.
class Validate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(VORRAT_BINARY_DIR) / ("verbs_validate_test-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    const fs::path source = VORRAT_SOURCE_DIR;
    fs::create_directories(folder_ / "data");
    fs::copy(source / "data" / "cases", folder_ / "data" / "cases", fs::copy_options::recursive);
    for (const char* name : {"catalog", "rules", "throughput", "calibration"})
      fs::create_directory_symlink(source / "data" / name, folder_ / "data" / name);
    fs::create_directory_symlink(source / "scenarios", folder_ / "scenarios");
  }
  void TearDown() override { fs::remove_all(folder_); }

  ValidateResult validate(std::vector<std::string> only) const {
    return run(ValidateRequest{.only = std::move(only), .data = folder_ / "data"});
  }
  // Replaces the first `from` in a file of the cases.
  void tamper(const std::string& file, const std::string& from, const std::string& to) const {
    const fs::path path = folder_ / "data" / "cases" / file;
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    ASSERT_NE(text.find(from), std::string::npos);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(path) << text;
  }

  fs::path folder_;
};

TEST_F(Validate, PrintsALineForEachFigureAndASummary) {
  const ValidateResult result = validate({"waiting-or-buying"});
  EXPECT_EQ(result.exit_code(), 0) << to_text(result);
  EXPECT_EQ(result.check_count(), 13u);
  const std::string text = to_text(result);
  EXPECT_THAT(text, testing::HasSubstr("worth of being able to wait"));
  EXPECT_THAT(text, testing::ContainsRegex("13 figures of 1 cases in [0-9.]+ s: all come out"));
}

TEST_F(Validate, FailsIfAnExpectedNumberIsTamperedWith) {
  tamper("waiting-or-buying.toml", "= 772.727273", "= 772.737273");
  const ValidateResult result = validate({"waiting-or-buying"});
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_EQ(result.failure_count(), 1u);
  EXPECT_THAT(to_text(result),
              testing::HasSubstr("FAILS waiting-or-buying, value of being able to wait: expected "
                                 "772.737273, found 772.7272727\n"));
}

TEST_F(Validate, FailsIfAnExpectedWordAFigureOrARuleIsTamperedWith) {
  tamper("waiting-or-buying.toml", "\"wait\"", "\"buy now\"");
  EXPECT_EQ(validate({"waiting-or-buying"}).failure_count(), 1u);
  tamper("capacity-two-stage.toml", "\"order of type 1\" = 5085\n", "");
  EXPECT_EQ(validate({"capacity-two-stage"}).failure_count(), 1u);
  tamper("rules/published.toml", "licence_presumed_denied", "free");
  EXPECT_EQ(validate({"rules"}).failure_count(), 1u);
}

TEST_F(Validate, FailsIfAnInstanceIsTamperedWith) {
  tamper("instances/farmer.sto", "WHEAT            3.0", "WHEAT            2.9");
  EXPECT_GT(validate({"instances"}).failure_count(), 0u);
}

TEST_F(Validate, RefusesAnUnknownCase) {
  EXPECT_THROW(validate({"waiting-or-byuing"}), InvalidInput);
}

TEST_F(Validate, SkipsProblemsThatTheUserHasNot) {
  const ValidateResult unnamed = validate({"outside-instances", "waiting-or-buying"});
  EXPECT_EQ(unnamed.exit_code(), 0);
  EXPECT_THAT(to_text(unnamed),
              testing::AllOf(testing::HasSubstr("13 figures of 1 cases"),
                             testing::HasSubstr("skipped outside-instances: the folder of these "
                                                "instances is not named\n")));
  const ValidateResult missing = run(ValidateRequest{
      .only = {"outside-instances"}, .data = folder_ / "data", .instances = folder_ / "nowhere"});
  EXPECT_EQ(missing.cases[0].skipped, "there is no folder " + (folder_ / "nowhere").string());
  EXPECT_EQ(missing.exit_code(), 1) << "nothing was validated";
}

TEST_F(Validate, SaysWhichCasesAWishToStopLeftOut) {
  StopSwitch stop;
  stop.request();
  const ValidateResult result = run(
      ValidateRequest{.only = {"rules"}, .data = folder_ / "data", .progress = {}, .stop = &stop});
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_THAT(to_text(result), testing::HasSubstr("not run: rules\n"));
}

TEST_F(Validate, GivesTheWholeAnswerAsJson) {
  const auto json = nlohmann::json::parse(to_json(validate({"policy-arithmetic"})));
  EXPECT_EQ(json["status"], "valid");
  EXPECT_EQ(json["cases"][0]["case"], "policy-arithmetic");
  for (const char* key : {"quantity", "expected", "found", "tolerance", "source", "passes"})
    EXPECT_TRUE(json["cases"][0]["figures"][0].contains(key)) << key;
}

}  // namespace
}  // namespace vorrat::verbs

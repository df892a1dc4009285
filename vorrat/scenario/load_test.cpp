#include "vorrat/scenario/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vorrat::scenario {
namespace {

const std::string broken = VORRAT_SOURCE_DIR "/tests/broken/";

const catalog::Catalog& facts() {
  static const catalog::Catalog loaded = catalog::Catalog::load(VORRAT_SOURCE_DIR "/data").value();
  return loaded;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Load, ReadsTheSoundScenarioWithoutFaults) {
  const auto scenario = load(broken + "sound", facts());
  ASSERT_TRUE(scenario) << to_string(scenario.error());
}

// The messages are compared whole: each folder differs from `sound` in one file, and the text
// beside it is what a user sees.
class BrokenScenario : public testing::TestWithParam<const char*> {};

TEST_P(BrokenScenario, GetsItsOwnMessage) {
  const std::string folder = broken + GetParam();
  const auto scenario = load(folder, facts());
  ASSERT_FALSE(scenario);
  EXPECT_EQ(to_string(scenario.error()), content_of(folder + ".txt"));
}

TEST_P(BrokenScenario, DiffersFromTheSoundOneInOneFileOnly) {
  const std::filesystem::path folder = broken + GetParam();
  int differing = 0;
  for (const auto& entry : std::filesystem::directory_iterator(broken + "sound")) {
    const std::filesystem::path other = folder / entry.path().filename();
    if (!std::filesystem::exists(other) || content_of(other) != content_of(entry.path())) {
      ++differing;
    }
  }
  EXPECT_EQ(differing, 1);
}

INSTANTIATE_TEST_SUITE_P(Ten, BrokenScenario,
                         testing::Values("wrong-unit", "unknown-accelerator", "negative-budget",
                                         "row-not-summing-to-one", "no-such-site", "missing-file",
                                         "duplicate-key", "before-the-horizon", "power-of-ten",
                                         "binary-junk"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Load, ReadsTheWorkedScenarioWithoutFaults) {
  const auto scenario = load(VORRAT_SOURCE_DIR "/scenarios/bytedance-2026", facts());
  ASSERT_TRUE(scenario) << to_string(scenario.error());
}

}  // namespace
}  // namespace vorrat::scenario

#include "vorrat/verbs/convert.h"

#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/input/folder_sheets.h"

namespace vorrat::verbs {
namespace {

TEST(Convert, TheWorkedScenarioComesBackByteForByte) {
  const std::filesystem::path scenario =
      std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/bytedance-2026";
  const std::filesystem::path place =
      std::filesystem::path(VORRAT_BINARY_DIR) / "verbs_convert_test";
  std::filesystem::remove_all(place);
  std::filesystem::create_directories(place);
  const ConvertResult there = run({.from = scenario, .to = place / "a.xlsx"});
  EXPECT_EQ(to_string(there.diagnostics), "");
  const ConvertResult back = run({.from = place / "a.xlsx", .to = place / "a"});
  EXPECT_EQ(to_string(back.diagnostics), "");
  EXPECT_EQ(read_folder(place / "a").value(), read_folder(scenario).value());
  EXPECT_THROW(run({.from = place / "a.xlsx", .to = place / "a"}), InvalidInput);
  EXPECT_THROW(run({.from = scenario, .to = place / "b"}), InvalidInput);
}

TEST(Convert, AFolderThatIsNotThereIsAFault) {
  const ConvertResult result = run({.from = "/nowhere", .to = "x.xlsx"});
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_EQ(to_string(result.diagnostics),
            "/nowhere: this is not a folder\n      name a folder with scenario.toml\n1 fault\n");
}

}  // namespace
}  // namespace vorrat::verbs

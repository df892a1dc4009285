#include "vorrat/report/scenario_reference.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace vorrat::report {
namespace {

TEST(ScenarioReference, IsThePageInTheReference) {
  std::ifstream file(std::string(VORRAT_SOURCE_DIR) + "/docs/reference/scenario.md");
  const std::string kept(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(scenario_reference(), kept)
      << "write it anew: vorrat schema --reference > docs/reference/scenario.md";
}

TEST(ScenarioReference, HasARowForAKeyAndForAColumn) {
  const std::string page = scenario_reference();
  EXPECT_NE(page.find("| `quarters` | yes | whole number | `4` | length of the horizon, 1 to 40 |"),
            std::string::npos);
  EXPECT_NE(page.find("| `premium` | yes | `10 %` | on the price of what is ordered beyond it;"),
            std::string::npos);
}

}  // namespace
}  // namespace vorrat::report

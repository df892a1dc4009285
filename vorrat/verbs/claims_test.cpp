#include "vorrat/verbs/claims.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vorrat::verbs {
namespace {

const std::filesystem::path folder = std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/claims";

TEST(ClaimsVerb, EndsWellWhereEachClaimGetsTheExpectedVerdict) {
  const ClaimsResult result = run(ClaimsRequest{folder / "bytedance-2026.toml"});
  EXPECT_EQ(result.exit_code(), 0) << to_string(result.diagnostics) << to_text(result);
  const std::string text = to_text(result);
  EXPECT_NE(text.find("6 85 bn CNY is an order of 20,000 H200\n"
                      "  processors / rate / order is: 20,000 to 41,000 USD/unit\n"
                      "  does not hold: 608.9 kUSD/unit, too large by a factor of 15 to 30"),
            std::string::npos)
      << text;
  EXPECT_EQ(nlohmann::json::parse(to_json(result))["claims"].size(), result.file->claims.size());
}

TEST(ClaimsVerb, AMissingFileIsAFault) {
  const ClaimsResult result = run(ClaimsRequest{folder / "nothing.toml"});
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_EQ(nlohmann::json::parse(to_json(result))["status"], "invalid_input");
}

}  // namespace
}  // namespace vorrat::verbs

#include "vorrat/input/claims_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace vorrat {
namespace {

const std::filesystem::path folder = std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/claims";

TEST(Claims, EachPublishedClaimGetsItsExpectedVerdict) {
  int judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    const auto file = read_claims(entry.path());
    ASSERT_TRUE(file) << to_string(file.error());
    for (const JudgedClaim& claim : file->claims) {
      ASSERT_TRUE(claim.expected) << claim.claim.name;
      EXPECT_EQ(to_string(claim.judgement.verdict), to_string(*claim.expected))
          << claim.claim.name << ": " << to_string(claim.judgement);
      EXPECT_NE(to_string(claim.judgement).find(claim.expected_slip), std::string::npos)
          << claim.claim.name << ": " << to_string(claim.judgement);
      ++judged;
    }
  }
  EXPECT_GE(judged, 25);
}

const JudgedClaim& find(const ClaimsFile& file, const std::string& start) {
  for (const JudgedClaim& claim : file.claims) {
    if (claim.claim.name.starts_with(start)) return claim;
  }
  throw InvalidInput("no claim " + start);
}

// 85 bn CNY / 6.98 / 20,000 = 609 kUSD each, against 20,000 (30 times) to 41,000 USD (15 times).
TEST(Claims, TheOrderThatWasSaidToCostTheWholeSumDoesNotByAFactorOfThirtyOrFifteen) {
  const auto file = read_claims(folder / "bytedance-2026.toml");
  ASSERT_TRUE(file) << to_string(file.error());
  const Judgement& order = find(*file, "6 ").judgement;
  EXPECT_NEAR(order.most_factor, 30.4, 0.1);
  EXPECT_NEAR(order.least_factor, 14.85, 0.1);
  EXPECT_EQ(to_string(find(*file, "7 ").judgement),
            "does not hold: 850 bn CNY, too large by a factor of 5.31; looks like a slip of 10^1: "
            "\"processors\" is 85 bn CNY");
}

std::string faults_of(const std::string& text) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto place = std::filesystem::path(VORRAT_BINARY_DIR) / ("claims_file_" + test);
  std::filesystem::create_directories(place);
  const std::filesystem::path path = place / "claims_file_test.toml";
  std::ofstream(path) << text;
  const auto file = read_claims(path);
  return file ? "" : to_string(file.error());
}

TEST(Claims, AFaultShowsItsPlace) {
  EXPECT_EQ(faults_of(R"_([figures]
budget = "160 bn CNY"
[[claim]]
name = "half"
formula = "budgt / (320 bn CNY)"
says = "about half"
)_"),
            R"_(claims_file_test.toml:5:12: there is no figure "budgt"; did you mean "budget"?
    5 | formula = "budgt / (320 bn CNY)"
      |            ^^^^^ bring both to one kind
1 fault
)_");
}

}  // namespace
}  // namespace vorrat

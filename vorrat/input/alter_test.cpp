#include "vorrat/input/alter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat {
namespace {

using testing::HasSubstr;

const FileTexts files = {
    {"scenario.toml",
     "[money]\n# what a year costs\ndiscount_rate = { value = \"8 %/year\", kind = \"assumed\" }\n"
     "[settings]\nseed = 1\n"},
    {"offers.csv",
     "offer,price,supply\nh200,27 kUSD to 30 kUSD (80 %),\"20,000 units/quarter\"\n"
     "b200,40 kUSD,discrete(50 %: 1; 50 %: 2)\n"},
    {"power.csv",
     "site,from,power\njohor,2026Q1,110 MW\njohor,2026Q3,200 MW\nhamar,2026Q1,90 MW\n"},
    {"sites.csv", "site,title,price\njohor,Johor,1 USD\n"}};

FileTexts must(const std::vector<std::string>& wishes) {
  const auto result = altered(files, wishes);
  EXPECT_TRUE(result) << to_string(result.error());
  return result.value_or(files);
}

std::string faults(const std::vector<std::string>& wishes) {
  const auto result = altered(files, wishes);
  EXPECT_FALSE(result);
  return result ? "" : to_string(result.error());
}

TEST(Altered, SetsAValueOfTheSettingsAndLeavesTheRest) {
  const FileTexts changed = must({"money.discount_rate=12 %/year", "settings.seed=7"});
  EXPECT_EQ(changed.at("scenario.toml"),
            "[money]\n# what a year costs\ndiscount_rate = { value = \"12 %/year\", kind = "
            "\"assumed\" }\n[settings]\nseed = 7\n");
  EXPECT_EQ(changed.at("offers.csv"), files.at("offers.csv"));
}

TEST(Altered, SetsOneCell) {
  EXPECT_THAT(must({"offers.csv:b200:price=45 kUSD"}).at("offers.csv"), HasSubstr("b200,45 kUSD,"));
  EXPECT_THAT(must({"power:johor, 2026Q3:power=150 MW"}).at("power.csv"),
              HasSubstr("johor,2026Q1,110 MW\njohor,2026Q3,150 MW\n"));
}

TEST(Altered, MultipliesBothEndsOfARangeInEveryRow) {
  EXPECT_EQ(must({"offers.csv:price=x1.5"}).at("offers.csv"),
            "offer,price,supply\nh200,40.5 kUSD to 45 kUSD (80 %),\"20,000 units/quarter\"\n"
            "b200,60 kUSD,discrete(50 %: 1; 50 %: 2)\n");
  EXPECT_THAT(must({"offers.csv:h200:supply=x0.5"}).at("offers.csv"),
              HasSubstr("10000 units/quarter"));
  EXPECT_THAT(must({"power=x0.5"}).at("power.csv"), HasSubstr("hamar,2026Q1,45 MW"));
}

TEST(Altered, SaysWhatItDoesNotKnowAllAtOnce) {
  const std::string text =
      faults({"money.discount=1 %", "offers.csv:h300:price=1 USD", "offers.csv:prise=1 USD",
              "offer.csv:price=1 USD", "price=x2", "offers.csv:b200:supply=x2", "nonsense"});
  EXPECT_THAT(text,
              HasSubstr("\"money.discount\" is neither a value of scenario.toml nor a column"));
  EXPECT_THAT(text, HasSubstr("offers.csv has no row \"h300\""));
  EXPECT_THAT(text, HasSubstr("did you mean \"h200\"?"));
  EXPECT_THAT(text, HasSubstr("offers.csv has no column \"prise\""));
  EXPECT_THAT(text, HasSubstr("there is no table offer.csv"));
  EXPECT_THAT(text, HasSubstr("say which: offers.csv:price, sites.csv:price"));
  EXPECT_THAT(text, HasSubstr("\"discrete(50 %: 1; 50 %: 2)\" cannot be multiplied"));
  EXPECT_THAT(text, HasSubstr("there is no KEY=VALUE"));
}

}  // namespace
}  // namespace vorrat

#include "vorrat/input/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const FileTexts before = {
    {"scenario.toml",
     "# first\n[money]\nrate = { value = \"8 %/year\", source = \"us\", kind = 'assumed' } # here\n"
     "[tree]\nbranching = [6, 3]\n"
     "[[gates.a.states]]\nid = \"open\"\nrelease = \"10 %\"\n[[gates.a.states]]\nid = \"shut\"\n"
     "release = \"0 %\"\n"},
    {"offers.csv", "offer,price,supply,note\na,27 kUSD,\"1,000\",\nb,30 kUSD,500,x\n"},
    {"power.csv", "site,from,power\nnorth,2026Q1,4 MW\nnorth,2026Q3,8 MW\n"},
    {"README.md", "one\n"}};

std::vector<std::string> texts_of(const std::vector<Change>& changes) {
  std::vector<std::string> texts;
  for (const Change& change : changes) texts.push_back(to_string(change));
  return texts;
}

/// `before` with a piece of one file written in another way.
FileTexts with(const std::string& file, const std::string& from, const std::string& to,
               FileTexts files = before) {
  std::string& text = files.at(file);
  EXPECT_NE(text.find(from), std::string::npos) << from;
  text.replace(text.find(from), from.size(), to);
  return files;
}

TEST(Changes, NameTheCellByItsRowAndColumn) {
  EXPECT_THAT(texts_of(changes_between(before, with("offers.csv", "27 kUSD", "29 kUSD"))),
              ElementsAre("offers.csv:2, a, price: 27 kUSD -> 29 kUSD"));
  // One column does not tell the rows of power.csv apart.
  EXPECT_THAT(texts_of(changes_between(before, with("power.csv", "8 MW", "9 MW"))),
              ElementsAre("power.csv:3, north, 2026Q3, power: 8 MW -> 9 MW"));
}

TEST(Changes, NameTheKeyByItsPath) {
  FileTexts after = with("scenario.toml", "8 %/year", "9 %/year");
  after = with("scenario.toml", "release = \"0 %\"", "release = \"5 %\"", after);
  after = with("scenario.toml", "[6, 3]", "[6, 2]", after);
  EXPECT_THAT(texts_of(changes_between(before, after)),
              ElementsAre("scenario.toml:3, money.rate.value: 8 %/year -> 9 %/year",
                          "scenario.toml:5, tree.branching: [6, 3] -> [6, 2]",
                          "scenario.toml:11, gates.a.states.shut.release: 0 % -> 5 %"));
}

TEST(Changes, NameRowsColumnsKeysAndFilesThatCameOrWent) {
  FileTexts after = with("offers.csv", "b,30 kUSD,500,x\n", "c,1 kUSD,2,\n");
  after = with("scenario.toml", "[tree]\n", "[tree]\nextra = 1\n", after);
  after.erase("power.csv");
  after["fleet.csv"] = "accelerator\n";
  EXPECT_THAT(
      texts_of(changes_between(before, after)),
      ElementsAre("scenario.toml:5, tree.extra: nothing -> 1", "fleet.csv: nothing -> a file",
                  "offers.csv:3, c: added (offer c; price 1 kUSD; supply 2)",
                  "offers.csv:3, b: removed (offer b; price 30 kUSD; supply 500; note x)",
                  "power.csv: a file -> nothing"));
}

TEST(Changes, TellWhatIsComputedWithFromWhatIsRemarked) {
  FileTexts after = with("offers.csv", "500,x", "500,y");
  after = with("scenario.toml", "\"us\"", "\"them\"", after);
  after = with("power.csv", "4 MW", "\"4 MW\"", after);
  after.at("README.md") = "two\n";
  const auto changes = changes_between(before, after);
  EXPECT_THAT(texts_of(changes), ElementsAre("scenario.toml:3, money.rate.source: us -> them",
                                             "offers.csv:3, b, note: x -> y",
                                             "power.csv: the same values, written in another way"));
  for (const Change& change : changes) EXPECT_TRUE(is_remark(change)) << to_string(change);
  EXPECT_FALSE(is_remark(changes_between(before, with("offers.csv", "27", "28"))[0]));
}

TEST(Changes, MadeOneByOneLeadFromOneVersionToTheOther) {
  FileTexts after = with("offers.csv", "27 kUSD,\"1,000\"", "29 kUSD,\"2,000\"");
  after = with("offers.csv", "b,30 kUSD,500,x\n", "c,1 kUSD,2,\n", after);
  after = with("scenario.toml", "8 %/year", "9 %/Jahr — \\\"ü\\\"", after);
  after = with("scenario.toml", "[6, 3]", "[6, 2]", after);
  after = with("scenario.toml", "'assumed'", "\"measured\"", after);
  after = with("power.csv", "site,from,power\n", "site,from,power,note\n", after);
  after = with("power.csv", "4 MW\n", "4 MW,\n", after);
  after = with("power.csv", "8 MW\n", "9 MW,new\n", after);
  auto changes = changes_between(before, after);
  EXPECT_EQ(changes.size(), 9u);
  for (int order = 0; order < 2; ++order) {
    FileTexts files = before;
    std::size_t left = changes.size();
    for (const Change& change : changes) {
      files = apply(change, files, before, after);
      EXPECT_EQ(changes_between(files, after).size(), --left) << to_string(change);
    }
    std::reverse(changes.begin(), changes.end());
  }
}

TEST(Changes, OfKeysThatCameAreMadeByTakingTheFile) {
  const FileTexts after = with("scenario.toml", "[tree]\n", "[tree]\nextra = 1\n");
  const auto changes = changes_between(before, after);
  EXPECT_EQ(apply(changes.at(0), before, before, after), after);
  EXPECT_THAT(changes_between(after, after), IsEmpty());
}

}  // namespace
}  // namespace vorrat

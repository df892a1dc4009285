#include "vorrat/input/document.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

std::string faults_of(const std::string& text) {
  const auto document = Document::parse(text, "scenario.toml");
  return document ? "" : to_string(document.error());
}

TEST(Document, KeepsThePlaceOfEachValue) {
  const auto document = Document::parse("[site]\npower = \"120 MWh\"\ncount = 1_000\n", "s.toml");
  ASSERT_TRUE(document) << to_string(document.error());
  const Node* power = document->root().find("site")->find("power");
  EXPECT_EQ(power->text, "120 MWh");
  EXPECT_EQ(power->spot.place(), (Place{"s.toml", 2, 9}));
  EXPECT_EQ(power->spot.width, 9);
  EXPECT_EQ(power->key_spot.place(), (Place{"s.toml", 2, 1}));
  EXPECT_EQ(document->root().find("site")->find("count")->text, "1_000");
}

TEST(Document, RefusesAKeyWrittenTwice) {
  EXPECT_EQ(faults_of("[money]\ncurrency = \"USD\"\ncurrency = \"CNY\"\n"),
            R"(scenario.toml:3:1: "currency" is written twice
    3 | currency = "CNY"
      | ^^^^^^^^ keep one of them
1 fault
)");
}

// Found by fuzzing: toml++ asserts on a line end inside a heading's brackets.
TEST(Document, RefusesADamagedHeading) {
  for (const char* text : {"[\n]\na = 1\n", "[[a\n]]\n", "[ ", "[a.\n]", "[=]"}) {
    const auto document = Document::parse(text, "scenario.toml");
    ASSERT_FALSE(document) << text;
    EXPECT_NE(to_string(document.error()).find("this is not TOML"), std::string::npos) << text;
  }
}

TEST(Document, RefusesLettersOutsideOfAsciiWhereTomlHasNone) {
  EXPECT_EQ(faults_of("# prix en été\na = \"é\"\nclé = 1\n"),
            R"(scenario.toml:3:3: this is not TOML: expected '=', saw 'é'
    3 | clé = 1
      |   ^ the rest of the file was not read
1 fault
)");
  EXPECT_EQ(faults_of("a = \"x\\\"é\"\nb = '''\né\n'''\n\"clé\" = 1 # é\n"), "");
}

TEST(Document, RefusesAMissingFile) {
  const auto document = Document::read("/nowhere/scenario.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(to_string(document.error()),
            "scenario.toml: the file is missing\n      write it, or check its name\n1 fault\n");
}

}  // namespace
}  // namespace vorrat

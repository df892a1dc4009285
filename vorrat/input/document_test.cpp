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

TEST(Document, RefusesAMissingFile) {
  const auto document = Document::read("/nowhere/scenario.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(to_string(document.error()),
            "scenario.toml: the file is missing\n      write it, or check its name\n1 fault\n");
}

}  // namespace
}  // namespace vorrat

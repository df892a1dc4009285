#include "vorrat/program/json_text.h"

#include <gtest/gtest.h>

#include "vorrat/base/random.h"

namespace vorrat::program {
namespace {

std::string fault_of(std::string_view text) {
  const auto value = parse_json(text, "a.json");
  return value ? "no fault" : to_string(value.error().faults().at(0));
}

TEST(JsonText, ReadsEveryKindWithItsPlace) {
  const auto value =
      parse_json("{\"a\": [1, -2.5e3, true, null],\n  \"b\": \"\\u00e9\\n\"}", "a.json");
  ASSERT_TRUE(value);
  const JsonValue& list = value->members[0].second;
  EXPECT_EQ(list.items[1].number, -2500.0);
  EXPECT_EQ(list.items[1].line, 1);
  EXPECT_EQ(list.items[1].column, 11);
  EXPECT_EQ(list.items[1].width, 6);
  EXPECT_TRUE(list.items[2].boolean);
  EXPECT_TRUE(list.items[3].is(JsonValue::Kind::null));
  EXPECT_EQ(value->find("b")->text, "\u00e9\n");
  EXPECT_EQ(value->find("b")->line, 2);
  EXPECT_EQ(value->find("c"), nullptr);
}

TEST(JsonText, NamesThePlaceOfWhatIsNoJson) {
  EXPECT_EQ(fault_of("{\"a\": 1,\n \"a\": 2}"),
            "a.json:2:2: the key \"a\" stands twice in this object\n"
            "    2 |  \"a\": 2}\n"
            "      |  ^\n");
  EXPECT_EQ(fault_of("[1, 2"),
            "a.json:1:6: expected ']' at the end of the list, but the file ends\n"
            "    1 | [1, 2\n"
            "      |      ^\n");
  EXPECT_EQ(fault_of("[1] x"),
            "a.json:1:5: there is text after the end of the document\n"
            "    1 | [1] x\n"
            "      |     ^\n");
  EXPECT_EQ(fault_of("\xC3\xA9"),
            "a.json:1:1: expected a value: a number, a string, a list or an object\n"
            "    1 | \xC3\xA9\n"
            "      | ^\n");
  EXPECT_EQ(fault_of("[1e999]"),
            "a.json:1:2: this number is too large or too small\n"
            "    1 | [1e999]\n"
            "      |  ^\n");
  EXPECT_EQ(fault_of("\"a"),
            "a.json:1:3: this string is not closed\n"
            "    1 | \"a\n"
            "      |   ^\n");
}

TEST(JsonText, RefusesNestingWithoutEnd) {
  EXPECT_NE(fault_of(std::string(1'000'000, '[')).find("more than 100 levels"), std::string::npos);
}

TEST(JsonText, SurvivesAnyBytes) {
  const RandomStream random(3, "json bytes");
  const std::string letters = "{}[]\",:0123456789.eE+-truefalsn\\u \n\x80\xC3\x01";
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    std::string text;
    for (std::uint64_t i = 0; i < random.bits(trial) % 60; ++i)
      text += letters[random.bits(trial, 1, i) % letters.size()];
    parse_json(text, "a.json");
  }
}

TEST(JsonText, WritesWhatReadsBackTheSame) {
  for (double value : {0.1, -1.0 / 3.0, 1e300, 5e-324, 12345678.0}) {
    EXPECT_EQ(parse_json(json_number(value), "a")->number, value);
  }
  const std::string text = "a \"b\" \\ \n \u00e9";
  EXPECT_EQ(parse_json(json_quoted(text), "a")->text, text);
}

}  // namespace
}  // namespace vorrat::program

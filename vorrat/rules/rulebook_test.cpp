#include "vorrat/rules/rulebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/rules/classify.h"

namespace vorrat::rules {
namespace {

Rulebook book() {
  const auto result = Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"});
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return *result;
}

TEST(Rulebook, ReadsTheRulesOfThisTree) {
  const Rulebook rules = book();
  EXPECT_GT(rules.provisions().size(), 0u);
}

}  // namespace
}  // namespace vorrat::rules

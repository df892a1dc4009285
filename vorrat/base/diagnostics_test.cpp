#include "vorrat/base/diagnostics.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

TEST(Diagnostics, PrintsTheExampleOfTheStyleGuide) {
  const Fault fault{.place = {"scenario.toml", 14, 9},
                    .message = R"(the power of site "north" is "120 MWh", which is an energy)",
                    .hint = R"(write a power, as in "120 MW")",
                    .excerpt = R"(power = "120 MWh")",
                    .width = 9};
  EXPECT_EQ(to_string(fault),
            R"(scenario.toml:14:9: the power of site "north" is "120 MWh", which is an energy
   14 | power = "120 MWh"
      |         ^^^^^^^^^ write a power, as in "120 MW"
)");
}

TEST(Diagnostics, PrintsAFaultOfAWholeFileWithoutALine) {
  Diagnostics diagnostics;
  diagnostics.add_error("sites.csv", "the file is missing", "write it, or run vorrat init");
  EXPECT_EQ(to_string(diagnostics),
            "sites.csv: the file is missing\n      write it, or run vorrat init\n1 fault\n");
}

TEST(Diagnostics, SortsByPlaceAndCountsWarningsApart) {
  Diagnostics diagnostics;
  diagnostics.add({.place = {"b.csv", 2, 1}, .message = "late", .hint = {}, .excerpt = {}});
  diagnostics.add({.place = {"a.csv", 9, 1},
                   .message = "odd",
                   .hint = {},
                   .excerpt = {},
                   .severity = Severity::warning});
  EXPECT_EQ(to_string(diagnostics),
            "a.csv:9:1: warning: odd\nb.csv:2:1: late\n1 fault, 1 warning\n");
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(DidYouMean, FindsTheSlipOfAFinger) {
  EXPECT_EQ(did_you_mean("h20-sxm", {"h200-sxm", "b200"}), "did you mean \"h200-sxm\"?");
  EXPECT_EQ(did_you_mean("Budget", {"budget"}), "did you mean \"budget\"?");
  // Two neighbours swapped are one slip: 1 of 5 letters, not 2.
  EXPECT_EQ(did_you_mean("souht", {"south", "north"}), "did you mean \"south\"?");
}

TEST(DidYouMean, ListsWhatIsKnownWhenNothingIsClose) {
  EXPECT_EQ(did_you_mean("zebra", {"h200-sxm", "b200"}), "known: h200-sxm, b200");
  EXPECT_EQ(did_you_mean("zebra", {}), "");
}

}  // namespace
}  // namespace vorrat

#include "vorrat/input/reader.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

class Toml {
 public:
  explicit Toml(const std::string& text) : document_(Document::parse(text, "scenario.toml")) {
    if (!document_) throw InvalidInput(to_string(document_.error()));
  }
  Record record(const std::string& key, const std::string& what) {
    return Record(*document_->root().find(key), what, faults);
  }
  Diagnostics faults;

 private:
  std::expected<Document, Diagnostics> document_;
};

TEST(Record, ReadsEachKindOfValue) {
  Toml toml(R"toml([site]
name = "north"
power = "120 MW"
pue = 1.25
share = "15 %"
open = true
known_on = 2026-02-09
first = "2026Q1"
lead_time = "26 to 52 weeks (80 %)"
price = "27 kUSD"
rate = "6.98 CNY/USD"
ways = ["a", "b"]
)toml");
  Record site = toml.record("site", "site");
  EXPECT_EQ(site.identify("name"), "north");
  EXPECT_EQ(site.required<Power>("power"), 120 * units::megawatt);
  EXPECT_EQ(site.required<double>("pue"), 1.25);
  EXPECT_EQ(site.required<double>("share"), 0.15);
  EXPECT_TRUE(site.required<bool>("open"));
  EXPECT_EQ(to_string(site.required<Date>("known_on")), "2026-02-09");
  EXPECT_EQ(site.required<Quarter>("first"), (Quarter{2026, 1}));
  EXPECT_NEAR(site.uncertain<Duration>("lead_time").quantile<Duration>(0.1) / units::week, 26,
              1e-9);
  EXPECT_EQ(site.required<UnitPrice>("price"), UnitPrice(27000, "USD"));
  EXPECT_EQ(site.exchange_rate("rate").value, 6.98);
  EXPECT_EQ(site.list("ways"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(site.optional<double>("cost"), std::nullopt);
  site.finish();
  EXPECT_EQ(to_string(toml.faults), "");
}

TEST(Record, PrintsTheExampleOfTheStyleGuide) {
  Toml toml("[site]\nname = \"north\"\npower = \"120 MWh\"\n");
  Record site = toml.record("site", "site");
  site.identify("name");
  site.required<Power>("power");
  EXPECT_EQ(to_string(toml.faults),
            R"(scenario.toml:3:9: the power of site "north" is "120 MWh", which is an energy
    3 | power = "120 MWh"
      |         ^^^^^^^^^ write a power, as in "120 MW"
1 fault
)");
}

TEST(Record, PointsIntoTheTextAtWhatIsWrong) {
  Toml toml("[site]\nname = \"north\"\npower = \"120 MWx\"\n");
  Record site = toml.record("site", "site");
  site.identify("name");
  site.required<Power>("power");
  EXPECT_EQ(to_string(toml.faults),
            R"(scenario.toml:3:14: the power of site "north" is "120 MWx": "MWx" is not a unit
    3 | power = "120 MWx"
      |              ^^^ docs/reference/units.md lists the units
1 fault
)");
}

TEST(Record, RefusesUnknownKeysAndNamesTheNearest) {
  Toml toml("[site]\nname = \"north\"\npwer = \"120 MW\"\n");
  Record site = toml.record("site", "site");
  site.identify("name");
  site.required<Power>("power");
  site.finish();
  EXPECT_EQ(to_string(toml.faults), R"(scenario.toml:1:2: the power of site "north" is missing
    1 | [site]
      |  ^^^^ write power = ...
scenario.toml:3:1: there is no key "pwer" in site "north"
    3 | pwer = "120 MW"
      | ^^^^ did you mean "power"?
2 faults
)");
}

TEST(Record, ReadsARowWithItsSources) {
  const auto table = Table::parse(
      "offer,price,price_source,price_date,price_kind,site,source\n"
      "h200,20 kUSD to 34 kUSD,FT,2025-12-31,reported,nort,Reuters\n"
      "h20,-5 kUSD,,,,north,Reuters\n",
      "offers.csv");
  ASSERT_TRUE(table);
  Diagnostics faults;
  Record first(*table, 0, "offer", faults);
  first.identify("offer");
  const auto price = first.sourced_uncertain<UnitPrice>("price");
  EXPECT_EQ(price.source.text, "FT");
  EXPECT_EQ(price.source.kind, SourceKind::reported);
  EXPECT_EQ(price.source.place, (Place{"offers.csv", 2, 6}));
  first.reference("site", {"north", "south"}, "site");
  Record second(*table, 1, "offer", faults);
  second.identify("offer");
  EXPECT_EQ(second.sourced_uncertain<UnitPrice>("price").source.text, "Reuters");
  EXPECT_EQ(to_string(faults),
            R"(offers.csv:2:48: the site of offer "h200" is "nort", but there is no such site
    2 | h200,20 kUSD to 34 kUSD,FT,2025-12-31,reported,nort,Reuters
      |                                                ^^^^ did you mean "north"?
offers.csv:3:5: the price of offer "h20" is "-5 kUSD", which is negative
    3 | h20,-5 kUSD,,,,north,Reuters
      |     ^^^^^^^ write a price per unit, as in "27 kUSD/unit"
2 faults
)");
}

}  // namespace
}  // namespace vorrat

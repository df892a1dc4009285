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

enum class Ask {
  power,
  energy,
  data,
  bandwidth,
  compute_rate,
  unit_price,
  money,
  time_range,
  share,
  date,
  quarter,
  whole,
  way,
  site,
  rate,
  growth
};

void ask(Record& record, Ask what) {
  switch (what) {
    case Ask::power:
      record.required<Power>("power");
      break;
    case Ask::energy:
      record.required<Energy>("energy");
      break;
    case Ask::data:
      record.required<Data>("memory");
      break;
    case Ask::bandwidth:
      record.required<Bandwidth>("bandwidth");
      break;
    case Ask::compute_rate:
      record.required<ComputeRate>("rating");
      break;
    case Ask::unit_price:
      record.required<UnitPrice>("price");
      break;
    case Ask::money:
      record.required<Money>("budget");
      break;
    case Ask::time_range:
      record.uncertain<Duration>("lead_time");
      break;
    case Ask::share:
      record.required<double>("share", Bounds::share());
      break;
    case Ask::date:
      record.required<Date>("known_on");
      break;
    case Ask::quarter:
      record.required<Quarter>("first");
      break;
    case Ask::whole:
      record.required<int>("quarters");
      break;
    case Ask::way:
      record.choice<int>("way", {{"buy", 0}, {"lease", 1}});
      break;
    case Ask::site:
      record.reference("site", {"north", "south"}, "site");
      break;
    case Ask::rate:
      record.exchange_rate("rate");
      break;
    case Ask::growth:
      record.required<Frequency>("growth");
      break;
  }
  record.finish();
}

struct Slip {
  const char* written;
  Ask what;
  const char* printed;
};

// clang-format off
const std::vector<Slip> slips = {
    {R"_(power = "120 MWh")_", Ask::power, R"_(s.toml:2:9: the power of the a is "120 MWh", which is an energy
    2 | power = "120 MWh"
      |         ^^^^^^^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(power = "120")_", Ask::power, R"_(s.toml:2:9: the power of the a is "120", which has no unit
    2 | power = "120"
      |         ^^^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(power = 120)_", Ask::power, R"_(s.toml:2:9: the power of the a is "120", which has no unit
    2 | power = 120
      |         ^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(power = "120 mw")_", Ask::power, R"_(s.toml:2:14: the power of the a is "120 mw": "mw" may be milliwatt or megawatt
    2 | power = "120 mw"
      |              ^^ write MW for megawatt
1 fault
)_"},
    {R"_(power = "120 Mwatt")_", Ask::power, R"_(s.toml:2:14: the power of the a is "120 Mwatt": "Mwatt" is not a unit
    2 | power = "120 Mwatt"
      |              ^^^^^ did you mean "watt"?
1 fault
)_"},
    {R"_(power = "-5 MW")_", Ask::power, R"_(s.toml:2:9: the power of the a is "-5 MW", which is negative
    2 | power = "-5 MW"
      |         ^^^^^^^ write a number of at least zero
1 fault
)_"},
    {R"_(power = "1,5 MW")_", Ask::power, R"_(s.toml:2:10: the power of the a is "1,5 MW": "1,5" has a comma that is not between thousands
    2 | power = "1,5 MW"
      |          ^^^ write "1.5"
1 fault
)_"},
    {R"_(power = "100 to 120 MW (80 %)")_", Ask::power, R"_(s.toml:2:9: the power of the a is "100 to 120 MW (80 %)", a range, but one number is needed here
    2 | power = "100 to 120 MW (80 %)"
      |         ^^^^^^^^^^^^^^^^^^^^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(power = "")_", Ask::power, R"_(s.toml:2:10: the power of the a is "": a number is missing here
    2 | power = ""
      |          ^ write a number, as in "27 kUSD"
1 fault
)_"},
    {R"_(power = ["120 MW"])_", Ask::power, R"_(s.toml:2:9: the power of the a is a list
    2 | power = ["120 MW"]
      |         ^^^^^^^^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(power = true)_", Ask::power, R"_(s.toml:2:9: the power of the a is "true": a number is missing here
    2 | power = true
      |         ^^^^ write a number, as in "27 kUSD"
1 fault
)_"},
    {R"_(power = "120 MW"
power_ = 3)_", Ask::power, R"_(s.toml:3:1: there is no key "power_" in the a
    3 | power_ = 3
      | ^^^^^^ did you mean "power"?
1 fault
)_"},
    {R"_(pwer = "120 MW")_", Ask::power, R"_(s.toml:1:2: the power of the a is missing
    1 | [a]
      |  ^ write power = ...
s.toml:2:1: there is no key "pwer" in the a
    2 | pwer = "120 MW"
      | ^^^^ did you mean "power"?
2 faults
)_"},
    {R"_(power = "5 EUR")_", Ask::power, R"_(s.toml:2:9: the power of the a is "5 EUR", which is an amount of money
    2 | power = "5 EUR"
      |         ^^^^^^^ write a power, as in "120 MW"
1 fault
)_"},
    {R"_(energy = "120 MW")_", Ask::energy, R"_(s.toml:2:10: the energy of the a is "120 MW", which is a power
    2 | energy = "120 MW"
      |          ^^^^^^^^ write an energy, as in "120 MWh"
1 fault
)_"},
    {R"_(energy = "120 MWH")_", Ask::energy, R"_(s.toml:2:15: the energy of the a is "120 MWH": "MWH" is not an energy
    2 | energy = "120 MWH"
      |               ^^^ write MWh for megawatt-hour
1 fault
)_"},
    {R"_(memory = "141 Gbit/s")_", Ask::data, R"_(s.toml:2:10: the memory of the a is "141 Gbit/s", which is a bandwidth
    2 | memory = "141 Gbit/s"
      |          ^^^^^^^^^^^^ write an amount of data, as in "141 GB"
1 fault
)_"},
    {R"_(memory = "141 gb")_", Ask::data, R"_(s.toml:2:15: the memory of the a is "141 gb": "gb" may be gigabyte or gigabit
    2 | memory = "141 gb"
      |               ^^ write GB or Gbit
1 fault
)_"},
    {R"_(bandwidth = "4.8 TB")_", Ask::bandwidth, R"_(s.toml:2:13: the bandwidth of the a is "4.8 TB", which is an amount of data
    2 | bandwidth = "4.8 TB"
      |             ^^^^^^^^ write a bandwidth, as in "4.8 TB/s"
1 fault
)_"},
    {R"_(rating = "989 TFLOPs")_", Ask::compute_rate, R"_(s.toml:2:15: the rating of the a is "989 TFLOPs": "TFLOPs" may be operations or operations per second
    2 | rating = "989 TFLOPs"
      |               ^^^^^^ write TFLOP for work, or TFLOP/s for a rate
1 fault
)_"},
    {R"_(rating = "989 TFLOP")_", Ask::compute_rate, R"_(s.toml:2:10: the rating of the a is "989 TFLOP", which is an amount of computing
    2 | rating = "989 TFLOP"
      |          ^^^^^^^^^^^ write a rate of computing, as in "989 TFLOP/s"
1 fault
)_"},
    {R"_(price = "27 k")_", Ask::unit_price, R"_(s.toml:2:9: the price of the a is "27 k", which has no unit
    2 | price = "27 k"
      |         ^^^^^^ write a price per unit, as in "27 kUSD/unit"
1 fault
)_"},
    {R"_(price = "¥190,000")_", Ask::unit_price, R"_(s.toml:2:10: the price of the a is "¥190,000": "¥" may be Chinese yuan or Japanese yen
    2 | price = "¥190,000"
      |          ^ write CNY or JPY
1 fault
)_"},
    {R"_(price = "27 mUSD")_", Ask::unit_price, R"_(s.toml:2:13: the price of the a is "27 mUSD": "mUSD" may be thousandths or millions
    2 | price = "27 mUSD"
      |             ^^^^ write "m USD" for millions
1 fault
)_"},
    {R"_(price = "27 kUSDD")_", Ask::unit_price, R"_(s.toml:2:13: the price of the a is "27 kUSDD": "kUSDD" is not a unit
    2 | price = "27 kUSDD"
      |             ^^^^^ docs/reference/units.md lists the units
1 fault
)_"},
    {R"_(budget = "160 Billion CNY")_", Ask::money, R"_(s.toml:2:15: the budget of the a is "160 Billion CNY": "Billion" is 10^9 in English and 10^12 in German
    2 | budget = "160 Billion CNY"
      |               ^^^^^^^ write "bn" or "tn"
1 fault
)_"},
    {R"_(budget = "160 B CNY")_", Ask::money, R"_(s.toml:2:15: the budget of the a is "160 B CNY": "B" is a unit of data, not a scale
    2 | budget = "160 B CNY"
      |               ^ for 10^9 write "bn"
1 fault
)_"},
    {R"_(budget = "-160 bn CNY")_", Ask::money, R"_(s.toml:2:10: the budget of the a is "-160 bn CNY", which is negative
    2 | budget = "-160 bn CNY"
      |          ^^^^^^^^^^^^^ write a number of at least zero
1 fault
)_"},
    {R"_(budget = "160 bn")_", Ask::money, R"_(s.toml:2:10: the budget of the a is "160 bn", which has no unit
    2 | budget = "160 bn"
      |          ^^^^^^^^ write an amount of money, as in "160 bn CNY"
1 fault
)_"},
    {R"_(budget = "5 m")_", Ask::money, R"_(s.toml:2:10: the budget of the a is "5 m", which is a length
    2 | budget = "5 m"
      |          ^^^^^ write an amount of money, as in "160 bn CNY"
1 fault
)_"},
    {R"_(budget = "160.000.000 CNY")_", Ask::money, R"_(s.toml:2:11: the budget of the a is "160.000.000 CNY": "160.000.000" has two decimal points
    2 | budget = "160.000.000 CNY"
      |           ^^^^^^^^^^^ write thousands with commas and one point, as in "1,234.5"
1 fault
)_"},
    {R"_(lead_time = "52 to 26 weeks (80 %)")_", Ask::time_range, R"_(s.toml:2:14: the lead time of the a is "52 to 26 weeks (80 %)": the lower end is not below the upper end
    2 | lead_time = "52 to 26 weeks (80 %)"
      |              ^^^^^^^^^^^^^^^^^^^^^ write the smaller end first, as in "27k to 35k USD (80 %)"
1 fault
)_"},
    {R"_(lead_time = "26 to 52 (80 %)")_", Ask::time_range, R"_(s.toml:2:13: the lead time of the a is "26 to 52 (80 %)", which has no unit
    2 | lead_time = "26 to 52 (80 %)"
      |             ^^^^^^^^^^^^^^^^^ write a time, as in "26 weeks"
1 fault
)_"},
    {R"_(lead_time = "26 to 52 weeks (80)")_", Ask::time_range, R"_(s.toml:2:30: the lead time of the a is "26 to 52 weeks (80)": the probability of a range is a percentage between 0 % and 100 %
    2 | lead_time = "26 to 52 weeks (80)"
      |                              ^^ write "(80 %)"
1 fault
)_"},
    {R"_(lead_time = "26 weks")_", Ask::time_range, R"_(s.toml:2:17: the lead time of the a is "26 weks": "weks" is not a unit
    2 | lead_time = "26 weks"
      |                 ^^^^ did you mean "weeks"?
1 fault
)_"},
    {R"_(share = "150 %")_", Ask::share, R"_(s.toml:2:9: the share of the a is "150 %", which is above 1
    2 | share = "150 %"
      |         ^^^^^^^ write a plain number, as in "15 %"
1 fault
)_"},
    {R"_(share = 15)_", Ask::share, R"_(s.toml:2:9: the share of the a is "15", which is above 1
    2 | share = 15
      |         ^^ write a plain number, as in "15 %"
1 fault
)_"},
    {R"_(share = "15 %%")_", Ask::share, R"_(s.toml:2:13: the share of the a is "15 %%": "%%" is not a unit
    2 | share = "15 %%"
      |             ^^ docs/reference/units.md lists the units
1 fault
)_"},
    {R"_(known_on = "2026-02-30")_", Ask::date, R"_(s.toml:2:12: the known on of the a is "2026-02-30", which is not a day of the calendar
    2 | known_on = "2026-02-30"
      |            ^^^^^^^^^^^^ write a day, as in 2026-02-09
1 fault
)_"},
    {R"_(known_on = "09.02.2026")_", Ask::date, R"_(s.toml:2:12: the known on of the a is "09.02.2026", which is not a day of the calendar
    2 | known_on = "09.02.2026"
      |            ^^^^^^^^^^^^ write a day, as in 2026-02-09
1 fault
)_"},
    {R"_(first = "2026Q5")_", Ask::quarter, R"_(s.toml:2:9: the first of the a is "2026Q5", which is not a quarter
    2 | first = "2026Q5"
      |         ^^^^^^^^ write a quarter, as in "2026Q1"
1 fault
)_"},
    {R"_(first = "Q1 2026")_", Ask::quarter, R"_(s.toml:2:9: the first of the a is "Q1 2026", which is not a quarter
    2 | first = "Q1 2026"
      |         ^^^^^^^^^ write a quarter, as in "2026Q1"
1 fault
)_"},
    {R"_(quarters = 7.5)_", Ask::whole, R"_(s.toml:2:12: the quarters of the a is "7.5", which is not a whole number
    2 | quarters = 7.5
      |            ^^^ write a whole number, as in 8
1 fault
)_"},
    {R"_(quarters = "eight")_", Ask::whole, R"_(s.toml:2:13: the quarters of the a is "eight": a number is missing here
    2 | quarters = "eight"
      |             ^^^^^ write a number, as in "27 kUSD"
1 fault
)_"},
    {R"_(way = "bui")_", Ask::way, R"_(s.toml:2:7: the way of the a is "bui", which is not one of its words
    2 | way = "bui"
      |       ^^^^^ did you mean "buy"?
1 fault
)_"},
    {R"_(site = "nort")_", Ask::site, R"_(s.toml:2:8: the site of the a is "nort", but there is no such site
    2 | site = "nort"
      |        ^^^^^^ did you mean "north"?
1 fault
)_"},
    {R"_(rate = "6.98 CNY")_", Ask::rate, R"_(s.toml:2:8: the rate of the a is "6.98 CNY", which is an amount of money
    2 | rate = "6.98 CNY"
      |        ^^^^^^^^^^ write a rate of exchange, as in "6.98 CNY/USD"
1 fault
)_"},
    {R"_(rate = "-6.98 CNY/USD")_", Ask::rate, R"_(s.toml:2:8: the rate of the a is "-6.98 CNY/USD", which is not above zero
    2 | rate = "-6.98 CNY/USD"
      |        ^^^^^^^^^^^^^^^ write a rate of exchange, as in "6.98 CNY/USD"
1 fault
)_"},
    {R"_(growth = "40 %")_", Ask::growth, R"_(s.toml:2:10: the growth of the a is "40 %", which has no unit
    2 | growth = "40 %"
      |          ^^^^^^ write a rate per time, as in "15 %/year"
1 fault
)_"},
};
// clang-format on

TEST(Record, NamesEachOfFortyTypicalSlipsAndHowToMendIt) {
  EXPECT_GE(slips.size(), 40U);
  for (const Slip& slip : slips) {
    const auto document = Document::parse(std::string("[a]\n") + slip.written + "\n", "s.toml");
    ASSERT_TRUE(document) << slip.written;
    Diagnostics faults;
    Record record(*document->root().find("a"), "a", faults);
    ask(record, slip.what);
    EXPECT_EQ(to_string(faults), slip.printed) << slip.written;
    for (const Fault& fault : faults.faults()) EXPECT_FALSE(fault.hint.empty()) << slip.written;
  }
}

}  // namespace
}  // namespace vorrat

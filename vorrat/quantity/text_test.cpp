#include "vorrat/quantity/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <vector>

#include "vorrat/base/random.h"
#include "vorrat/quantity/unit_table.h"

namespace vorrat {
namespace {

struct Good {
  const char* text;
  double value;  // in base units
  Dimension dimension;
  const char* printed;  // as to_string prints it
};

const std::vector<Good> good_texts = {
    {"27 kUSD", 27000, dimensions::money, "27 kUSD"},
    {"27k USD", 27000, dimensions::money, "27 kUSD"},
    {"27kUSD", 27000, dimensions::money, "27 kUSD"},
    {"160 bn CNY", 160e9, dimensions::money, "160 bn CNY"},
    {"160bn CNY", 160e9, dimensions::money, "160 bn CNY"},
    {"1600亿元", 160e9, dimensions::money, "160 bn CNY"},
    {"USD 27k", 27000, dimensions::money, "27 kUSD"},
    {"$27k", 27000, dimensions::money, "27 kUSD"},
    {"CNY 1.4m", 1.4e6, dimensions::money, "1.4 m CNY"},
    {"1.4 m CNY", 1.4e6, dimensions::money, "1.4 m CNY"},
    {"4.8 TB/s", 4.8e12, dimensions::bandwidth, "4.8 TB/s"},
    {"120 MW", 120e6, dimensions::power, "120 MW"},
    {"120 MWh", 120e6 * 3600, dimensions::energy, "120 MWh"},
    {"26 weeks", 26 * 604800.0, dimensions::time, "26 weeks"},
    {"1.5 tn tokens/day", 1.5e12 / 86400, dimensions::token_rate, "1.5 tn tokens/day"},
    {"15 %", 0.15, dimensions::none, "15 %"},
    {"0.08 USD/kWh", 0.08 / 3.6e6, dimensions::energy_price, "80 USD/MWh"},
    {"2.10 USD/GPU-hour", 2.1 / 3600, dimensions::rent, "2.1 USD/unit/h"},
    {"USD 2 an hour", 2.0 / 3600, dimensions::spending, "2 USD/h"},
    {"20,000", 20000, dimensions::none, "20,000"},
    {"20,000 units", 20000, dimensions::count, "20,000 units"},
    {"20 000", 20000, dimensions::none, "20,000"},
    {"814 mm2", 814e-6, dimensions::area, "814 mm²"},
    {"814 mm²", 814e-6, dimensions::area, "814 mm²"},
    {"3×10^25 FLOP", 3e25, dimensions::compute_work, "3e25 FLOP"},
    {"989.5 TFLOPS", 989.5e12, dimensions::compute_rate, "989.5 TFLOP/s"},
    {"400 Gb/s", 50e9, dimensions::bandwidth, "50 GB/s"},
    {"15 %/year", 0.15 / 31557600, dimensions::frequency, "15 %/year"},
    {"6.98 CNY/USD", 6.98, dimensions::none, "6.98 CNY/USD"},
    {"5 m", 5, dimensions::length, "5 m"},
    {"5 m tokens", 5e6, dimensions::tokens, "5 m tokens"},
};

TEST(ParseQuantity, ReadsWhatPeopleWrite) {
  for (const Good& good : good_texts) {
    const auto quantity = parse_quantity(good.text);
    ASSERT_TRUE(quantity) << good.text << ": " << quantity.error().message;
    EXPECT_DOUBLE_EQ(quantity->value, good.value) << good.text;
    EXPECT_EQ(quantity->dimension, good.dimension) << good.text;
    EXPECT_EQ(to_string(*quantity), good.printed) << good.text;
    EXPECT_EQ(parse_quantity(to_string(*quantity)).value(), *quantity) << good.text;
  }
}

struct Read {
  const char* text;
  double value;  // in base units; computed apart, with whole fractions
  Dimension dimension;
};

// clang-format off
const std::vector<Read> read_texts = {
    {"0", 0.0, dimensions::none},
    {"5", 5.0, dimensions::none},
    {"-5", -5.0, dimensions::none},
    {"−5", -5.0, dimensions::none},
    {"+5", 5.0, dimensions::none},
    {"20,000", 20000.0, dimensions::none},
    {"20 000", 20000.0, dimensions::none},
    {"1,234,567.5", 1234567.5, dimensions::none},
    {"1.5e6", 1500000.0, dimensions::none},
    {"1E3", 1000.0, dimensions::none},
    {"1e-3", 0.001, dimensions::none},
    {".5", 0.5, dimensions::none},
    {"0.5", 0.5, dimensions::none},
    {"15 %", 0.15, dimensions::none},
    {"15%", 0.15, dimensions::none},
    {"15 percent", 0.15, dimensions::none},
    {"15 ％", 0.15, dimensions::none},
    {"3 ‰", 0.003, dimensions::none},
    {"27k", 27000.0, dimensions::none},
    {"27K", 27000.0, dimensions::none},
    {"160 bn", 160000000000.0, dimensions::none},
    {"1.5 tn", 1500000000000.0, dimensions::none},
    {"6.74 bn", 6740000000.0, dimensions::none},
    {"2 Mio", 2000000.0, dimensions::none},
    {"3 Mrd", 3000000000.0, dimensions::none},
    {"5 million", 5000000.0, dimensions::none},
    {"5 Million", 5000000.0, dimensions::none},
    {"7 billion", 7000000000.0, dimensions::none},
    {"7 trillion", 7000000000000.0, dimensions::none},
    {"4 thousand", 4000.0, dimensions::none},
    {"3 万", 30000.0, dimensions::none},
    {"3万", 30000.0, dimensions::none},
    {"3亿", 300000000.0, dimensions::none},
    {"1.5万亿", 1500000000000.0, dimensions::none},
    {"2 千", 2000.0, dimensions::none},
    {"half", 0.5, dimensions::none},
    {"a third", 0.3333333333333333, dimensions::none},
    {"three quarters", 0.75, dimensions::none},
    {"a tenth", 0.1, dimensions::none},
    {"3×10^25", 3e+25, dimensions::none},
    {"3 x 10^3", 3000.0, dimensions::none},
    {"3·10²", 300.0, dimensions::none},
    {"2*10^-2", 0.02, dimensions::none},
    {"  5  ", 5.0, dimensions::none},
    {"1M", 1000000.0, dimensions::none},
    {"2G", 2000000000.0, dimensions::none},
    {"1.5T", 1500000000000.0, dimensions::none},
    {"1P", 1000000000000000.0, dimensions::none},
    {"1E", 1e+18, dimensions::none},
    {"26 weeks", 15724800.0, dimensions::time},
    {"1 week", 604800.0, dimensions::time},
    {"26weeks", 15724800.0, dimensions::time},
    {"3 days", 259200.0, dimensions::time},
    {"3 d", 259200.0, dimensions::time},
    {"1 day", 86400.0, dimensions::time},
    {"36 h", 129600.0, dimensions::time},
    {"36 hours", 129600.0, dimensions::time},
    {"36 hrs", 129600.0, dimensions::time},
    {"90 min", 5400.0, dimensions::time},
    {"90 minutes", 5400.0, dimensions::time},
    {"5 s", 5.0, dimensions::time},
    {"5 sec", 5.0, dimensions::time},
    {"5 seconds", 5.0, dimensions::time},
    {"20 ms", 0.02, dimensions::time},
    {"7 µs", 7e-06, dimensions::time},
    {"7 μs", 7e-06, dimensions::time},
    {"3 ns", 3e-09, dimensions::time},
    {"2 months", 5259600.0, dimensions::time},
    {"1 month", 2629800.0, dimensions::time},
    {"8 quarters", 63115200.0, dimensions::time},
    {"8 q", 63115200.0, dimensions::time},
    {"4 years", 126230400.0, dimensions::time},
    {"4 yr", 126230400.0, dimensions::time},
    {"1.5 years", 47336400.0, dimensions::time},
    {"4 Years", 126230400.0, dimensions::time},
    {"9 wk", 5443200.0, dimensions::time},
    {"27 kUSD", 27000.0, dimensions::money},
    {"27k USD", 27000.0, dimensions::money},
    {"27kUSD", 27000.0, dimensions::money},
    {"27 k USD", 27000.0, dimensions::money},
    {"USD 27k", 27000.0, dimensions::money},
    {"USD 27,000", 27000.0, dimensions::money},
    {"$27k", 27000.0, dimensions::money},
    {"$ 27k", 27000.0, dimensions::money},
    {"US$27k", 27000.0, dimensions::money},
    {"US$ 2", 2.0, dimensions::money},
    {"27k$", 27000.0, dimensions::money},
    {"27,000 dollars", 27000.0, dimensions::money},
    {"160 bn CNY", 160000000000.0, dimensions::money},
    {"160bn CNY", 160000000000.0, dimensions::money},
    {"160 bnCNY", 160000000000.0, dimensions::money},
    {"160 billion CNY", 160000000000.0, dimensions::money},
    {"160 billion yuan", 160000000000.0, dimensions::money},
    {"160 bn RMB", 160000000000.0, dimensions::money},
    {"CNY 160 bn", 160000000000.0, dimensions::money},
    {"1600亿元", 160000000000.0, dimensions::money},
    {"1600 亿元", 160000000000.0, dimensions::money},
    {"1600 亿 CNY", 160000000000.0, dimensions::money},
    {"1.4 m CNY", 1400000.0, dimensions::money},
    {"CNY 1.4m", 1400000.0, dimensions::money},
    {"1.4 mn CNY", 1400000.0, dimensions::money},
    {"1.4 Mio CNY", 1400000.0, dimensions::money},
    {"1.4 million CNY", 1400000.0, dimensions::money},
    {"140 万元", 1400000.0, dimensions::money},
    {"140万元", 1400000.0, dimensions::money},
    {"8.8 bn USD", 8800000000.0, dimensions::money},
    {"€1 bn", 1000000000.0, dimensions::money},
    {"1 bn EUR", 1000000000.0, dimensions::money},
    {"1 Mrd EUR", 1000000000.0, dimensions::money},
    {"1 bn €", 1000000000.0, dimensions::money},
    {"£5", 5.0, dimensions::money},
    {"5 GBP", 5.0, dimensions::money},
    {"100 yen", 100.0, dimensions::money},
    {"100 円", 100.0, dimensions::money},
    {"5 m NOK", 5000000.0, dimensions::money},
    {"5 MUSD", 5000000.0, dimensions::money},
    {"5 tn JPY", 5000000000000.0, dimensions::money},
    {"HK$ 7", 7.0, dimensions::money},
    {"-5 kUSD", -5000.0, dimensions::money},
    {"10 mm USD", 10000000.0, dimensions::money},
    {"0.01 USD", 0.01, dimensions::money},
    {"NT$ 3", 3.0, dimensions::money},
    {"3亿美元", 300000000.0, dimensions::money},
    {"120 MWh", 432000000000.0, dimensions::energy},
    {"1 kWh", 3600000.0, dimensions::energy},
    {"2 GWh", 7200000000000.0, dimensions::energy},
    {"3 TWh", 1.08e+16, dimensions::energy},
    {"5 Wh", 18000.0, dimensions::energy},
    {"5 J", 5.0, dimensions::energy},
    {"5 kJ", 5000.0, dimensions::energy},
    {"5 MJ", 5000000.0, dimensions::energy},
    {"5 joules", 5.0, dimensions::energy},
    {"7 MW-h", 25200000000.0, dimensions::energy},
    {"7 MW h", 25200000000.0, dimensions::energy},
    {"7 MW·h", 25200000000.0, dimensions::energy},
    {"2 GW-year", 6.31152e+16, dimensions::energy},
    {"120 MW", 120000000.0, dimensions::power},
    {"120MW", 120000000.0, dimensions::power},
    {"1.5 GW", 1500000000.0, dimensions::power},
    {"700 W", 700.0, dimensions::power},
    {"10.2 kW", 10200.0, dimensions::power},
    {"559 kW", 559000.0, dimensions::power},
    {"3 TW", 3000000000000.0, dimensions::power},
    {"5 mW", 0.005, dimensions::power},
    {"5 megawatt", 5000000.0, dimensions::power},
    {"5 megawatts", 5000000.0, dimensions::power},
    {"5 gigawatts", 5000000000.0, dimensions::power},
    {"5 kilowatts", 5000.0, dimensions::power},
    {"5 watts", 5.0, dimensions::power},
    {"2 MWh/h", 2000000.0, dimensions::power},
    {"3 J/s", 3.0, dimensions::power},
    {"3e25 FLOP", 3e+25, dimensions::compute_work},
    {"3×10^25 FLOP", 3e+25, dimensions::compute_work},
    {"74 GFLOP", 74000000000.0, dimensions::compute_work},
    {"5 ZFLOP", 5e+21, dimensions::compute_work},
    {"2 PFLOPS-day", 1.728e+20, dimensions::compute_work},
    {"2 TOP", 2000000000000.0, dimensions::compute_work},
    {"4 MFLOP", 4000000.0, dimensions::compute_work},
    {"989 TFLOP/s", 989000000000000.0, dimensions::compute_rate},
    {"989.5 TFLOPS", 989500000000000.0, dimensions::compute_rate},
    {"1979 TOPS", 1979000000000000.0, dimensions::compute_rate},
    {"1979 TOP/s", 1979000000000000.0, dimensions::compute_rate},
    {"4.5 PFLOP/s", 4500000000000000.0, dimensions::compute_rate},
    {"1 EFLOP/s", 1e+18, dimensions::compute_rate},
    {"312 TFLOP per s", 312000000000000.0, dimensions::compute_rate},
    {"5 GFLOP/second", 5000000000.0, dimensions::compute_rate},
    {"3e24 FLOP/quarter", 3.802570537683474e+17, dimensions::compute_rate},
    {"141 GB", 141000000000.0, dimensions::data},
    {"80GB", 80000000000.0, dimensions::data},
    {"1 TB", 1000000000000.0, dimensions::data},
    {"64 GiB", 68719476736.0, dimensions::data},
    {"512 KiB", 524288.0, dimensions::data},
    {"2 TiB", 2199023255552.0, dimensions::data},
    {"5 kB", 5000.0, dimensions::data},
    {"8 bit", 1.0, dimensions::data},
    {"8 bits", 1.0, dimensions::data},
    {"100 Gbit", 12500000000.0, dimensions::data},
    {"100 Gb", 12500000000.0, dimensions::data},
    {"5 bytes", 5.0, dimensions::data},
    {"5 gigabytes", 5000000000.0, dimensions::data},
    {"3 PB", 3000000000000000.0, dimensions::data},
    {"4.8 TB/s", 4800000000000.0, dimensions::bandwidth},
    {"4800 GB/s", 4800000000000.0, dimensions::bandwidth},
    {"3.35 TB/sec", 3350000000000.0, dimensions::bandwidth},
    {"900 GB per second", 900000000000.0, dimensions::bandwidth},
    {"400 Gb/s", 50000000000.0, dimensions::bandwidth},
    {"400 Gbit/s", 50000000000.0, dimensions::bandwidth},
    {"400 Gbps", 50000000000.0, dimensions::bandwidth},
    {"50 GBps", 50000000000.0, dimensions::bandwidth},
    {"100 MB/s", 100000000.0, dimensions::bandwidth},
    {"8 TB / s", 8000000000000.0, dimensions::bandwidth},
    {"1.5 tn tokens", 1500000000000.0, dimensions::tokens},
    {"50 bn tokens", 50000000000.0, dimensions::tokens},
    {"50bn tokens", 50000000000.0, dimensions::tokens},
    {"5 m tokens", 5000000.0, dimensions::tokens},
    {"5 Mtok", 5000000.0, dimensions::tokens},
    {"5 Mtokens", 5000000.0, dimensions::tokens},
    {"5k tokens", 5000.0, dimensions::tokens},
    {"1 token", 1.0, dimensions::tokens},
    {"3 T tokens", 3000000000000.0, dimensions::tokens},
    {"8192 tokens", 8192.0, dimensions::tokens},
    {"3 万 tokens", 30000.0, dimensions::tokens},
    {"1.5 tn tokens/day", 17361111.111111112, dimensions::token_rate},
    {"120 tn tokens/day", 1388888888.8888888, dimensions::token_rate},
    {"8,000 tokens/s", 8000.0, dimensions::token_rate},
    {"8000 tok/s", 8000.0, dimensions::token_rate},
    {"3 k tokens/s", 3000.0, dimensions::token_rate},
    {"5 tokens per second", 5.0, dimensions::token_rate},
    {"50 bn tokens a day", 578703.7037037037, dimensions::token_rate},
    {"2 m requests", 2000000.0, dimensions::requests},
    {"5 requests", 5.0, dimensions::requests},
    {"7 k queries", 7000.0, dimensions::requests},
    {"3 k requests/s", 3000.0, dimensions::request_rate},
    {"3000 req/s", 3000.0, dimensions::request_rate},
    {"2 m requests per day", 23.14814814814815, dimensions::request_rate},
    {"20,000 units", 20000.0, dimensions::count},
    {"20,000 GPUs", 20000.0, dimensions::count},
    {"1 GPU", 1.0, dimensions::count},
    {"5 accelerators", 5.0, dimensions::count},
    {"400,000 chips", 400000.0, dimensions::count},
    {"1.2 m units", 1200000.0, dimensions::count},
    {"5 pcs", 5.0, dimensions::count},
    {"3万张", 30000.0, dimensions::count},
    {"3 万卡", 30000.0, dimensions::count},
    {"8 pieces", 8.0, dimensions::count},
    {"4 nm", 4e-09, dimensions::length},
    {"5 m", 5.0, dimensions::length},
    {"12 km", 12000.0, dimensions::length},
    {"3 mm", 0.003, dimensions::length},
    {"2 metres", 2.0, dimensions::length},
    {"814 mm2", 0.000814, dimensions::area},
    {"814 mm²", 0.000814, dimensions::area},
    {"814 mm^2", 0.000814, dimensions::area},
    {"5 m2", 5.0, dimensions::area},
    {"3 km²", 3000000.0, dimensions::area},
    {"2 m·m", 2.0, dimensions::area},
    {"15 %/year", 4.753213172104343e-09, dimensions::frequency},
    {"15 % per year", 4.753213172104343e-09, dimensions::frequency},
    {"0.5/year", 1.5844043907014474e-08, dimensions::frequency},
    {"15 % a year", 4.753213172104343e-09, dimensions::frequency},
    {"3 /week", 4.96031746031746e-06, dimensions::frequency},
    {"2/h", 0.0005555555555555556, dimensions::frequency},
    {"5 s^-1", 5.0, dimensions::frequency},
    {"40 %/quarter", 5.070094050244632e-08, dimensions::frequency},
    {"27 kUSD/unit", 27000.0, dimensions::unit_price},
    {"20,000 USD/GPU", 20000.0, dimensions::unit_price},
    {"27 kUSD per chip", 27000.0, dimensions::unit_price},
    {"$30k per GPU", 30000.0, dimensions::unit_price},
    {"USD 30k/GPU", 30000.0, dimensions::unit_price},
    {"1.4 m CNY/unit", 1400000.0, dimensions::unit_price},
    {"2.10 USD/GPU-hour", 0.0005833333333333334, dimensions::rent},
    {"2.10 USD/GPU hour", 0.0005833333333333334, dimensions::rent},
    {"2.10 USD per GPU-hour", 0.0005833333333333334, dimensions::rent},
    {"2.1 USD/GPU/h", 0.0005833333333333334, dimensions::rent},
    {"2.1 USD/(GPU·h)", 0.0005833333333333334, dimensions::rent},
    {"2.1 USD/(GPU*h)", 0.0005833333333333334, dimensions::rent},
    {"$2.10 per GPU hour", 0.0005833333333333334, dimensions::rent},
    {"1500 USD/unit/month", 0.0005703855806525211, dimensions::rent},
    {"0.08 USD/kWh", 2.2222222222222224e-08, dimensions::energy_price},
    {"80 USD/MWh", 2.2222222222222224e-08, dimensions::energy_price},
    {"0.4562 MYR/kWh", 1.2672222222222222e-07, dimensions::energy_price},
    {"80 USD per MWh", 2.2222222222222224e-08, dimensions::energy_price},
    {"0.5 USD/Mtoken", 5e-07, dimensions::token_price},
    {"0.5 USD per Mtok", 5e-07, dimensions::token_price},
    {"160 bn CNY/year", 5070.094050244632, dimensions::spending},
    {"USD 2 an hour", 0.0005555555555555556, dimensions::spending},
    {"640 m USD a year", 20.280376200978527, dimensions::spending},
    {"5 kUSD per month", 0.001901285268841737, dimensions::spending},
};
// clang-format on

TEST(ParseQuantity, ReadsEachWayOfWriting) {
  for (const Read& read : read_texts) {
    const auto quantity = parse_quantity(read.text);
    ASSERT_TRUE(quantity) << read.text << ": " << quantity.error().message;
    EXPECT_DOUBLE_EQ(quantity->value, read.value) << read.text;
    EXPECT_EQ(quantity->dimension, read.dimension) << read.text;
    EXPECT_EQ(parse_quantity(to_string(*quantity)).value(), *quantity) << read.text;
  }
}

struct Bad {
  const char* text;
  int position;
  int width;
  const char* message;
  const char* hint;
};

// clang-format off
const std::vector<Bad> bad_texts = {
    {"", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"MW", 0, 2, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"abc", 0, 3, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"--5 MW", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5 MWW", 2, 3, "\"MWW\" is not a unit", "docs/reference/units.md lists the units"},
    {"5 wat", 2, 3, "\"wat\" is not a unit", "did you mean \"watt\"?"},
    {"120 megawats", 4, 8, "\"megawats\" is not a unit", "docs/reference/units.md lists the units"},
    {"120 Mw", 4, 2, "\"Mw\" is not a power", "write MW for megawatt"},
    {"120 mw", 4, 2, "\"mw\" may be milliwatt or megawatt", "write MW for megawatt"},
    {"120 KW", 4, 2, "\"KW\" is not a power", "write kW for kilowatt"},
    {"120 kw", 4, 2, "\"kw\" is not a power", "write kW for kilowatt"},
    {"120 gw", 4, 2, "\"gw\" is not a power", "write GW for gigawatt"},
    {"120 MWH", 4, 3, "\"MWH\" is not an energy", "write MWh for megawatt-hour"},
    {"120 mwh", 4, 3, "\"mwh\" may be milliwatt-hours or megawatt-hours", "write MWh for megawatt-hour"},
    {"120 KWH", 4, 3, "\"KWH\" is not an energy", "write kWh for kilowatt-hour"},
    {"120 kwh", 4, 3, "\"kwh\" is not an energy", "write kWh for kilowatt-hour"},
    {"120 KWh", 4, 3, "\"KWh\" is not an energy", "write kWh for kilowatt-hour"},
    {"5 FLOPs", 2, 5, "\"FLOPs\" may be operations or operations per second", "write FLOP for work, or FLOP/s for a rate"},
    {"5 flops", 2, 5, "\"flops\" may be operations or operations per second", "write FLOP for work, or FLOP/s for a rate"},
    {"5 PFLOP/s-day", 8, 5, "\"/s-day\" divides by two times at once", "write \"PFLOPS-day\" for a rate times a time"},
    {"1,5 MW", 0, 3, "\"1,5\" has a comma that is not between thousands", "write \"1.5\""},
    {"1,50 MW", 0, 4, "\"1,50\" has a comma that is not between thousands", "write \"1.50\""},
    {"1.234.567 USD", 0, 9, "\"1.234.567\" has two decimal points", "write thousands with commas and one point, as in \"1,234.5\""},
    {"1,234,56 USD", 0, 8, "\"1,234,56\" has a comma that is not between thousands", "write \"123456\""},
    {"12,34 USD", 0, 5, "\"12,34\" has a comma that is not between thousands", "write \"12.34\""},
    {"1'000 USD", 1, 1, "thousands are separated by commas", "write \"20,000\""},
    {"1_000 USD", 1, 1, "thousands are separated by commas", "write \"20,000\""},
    {"1.5.2 MW", 0, 5, "\"1.5.2\" has two decimal points", "write thousands with commas and one point, as in \"1,234.5\""},
    {"¥100", 0, 1, "\"¥\" may be Chinese yuan or Japanese yen", "write CNY or JPY"},
    {"100 ¥", 4, 1, "\"¥\" may be Chinese yuan or Japanese yen", "write CNY or JPY"},
    {"5 mUSD", 2, 4, "\"mUSD\" may be thousandths or millions", "write \"m USD\" for millions"},
    {"5 mCNY", 2, 4, "\"mCNY\" may be thousandths or millions", "write \"m CNY\" for millions"},
    {"160 Billion USD", 4, 7, "\"Billion\" is 10^9 in English and 10^12 in German", "write \"bn\" or \"tn\""},
    {"1.5 Trillion tokens", 4, 8, "\"Trillion\" is 10^12 in English and 10^18 in German", "write \"tn\" for 10^12"},
    {"160 milliard USD", 4, 8, "\"milliard\" is not English", "write \"bn\""},
    {"160 Billionen EUR", 4, 9, "\"Billionen\" is German", "write \"tn\" for 10^12"},
    {"5 兆 CNY", 2, 1, "\"兆\" may be a million or a million million", "write \"m\" or \"tn\""},
    {"160 B USD", 4, 1, "\"B\" is a unit of data, not a scale", "for 10^9 write \"bn\""},
    {"160 b USD", 4, 1, "\"b\" is a unit of data, not a scale", "for 10^9 write \"bn\""},
    {"671B tokens", 3, 1, "\"B\" is a unit of data, not a scale", "for 10^9 write \"bn\""},
    {"5 gb", 2, 2, "\"gb\" may be gigabyte or gigabit", "write GB or Gbit"},
    {"5 tb", 2, 2, "\"tb\" may be terabyte or terabit", "write TB or Tbit"},
    {"5 KB", 2, 2, "\"KB\" may be 1000 or 1024 bytes", "write kB or KiB"},
    {"10 MM USD", 3, 2, "\"MM\" may be a million or a thousand thousands", "write \"m\" for a million"},
    {"5 crore INR", 2, 5, "\"crore\" is not read", "write \"10 m\""},
    {"5 lakh USD", 2, 4, "\"lakh\" is not read", "write 100,000"},
    {"20 MVA", 3, 3, "\"MVA\" is an apparent power", "write the real power in MW"},
    {"20 kVA", 3, 3, "\"kVA\" is an apparent power", "write the real power in kW"},
    {"3 tons", 2, 4, "\"tons\" is not a unit of anything here", "for 10^12 write \"tn\""},
    {"5 USD/", 6, 1, "a unit is missing here", "write one, as in \"USD/MWh\""},
    {"5 USD//h", 6, 1, "a unit is missing here", "write one, as in \"USD/MWh\""},
    {"5 /", 3, 1, "a unit is missing here", "write one, as in \"USD/MWh\""},
    {"5 USD/(h", 8, 1, "a \")\" is missing here", "close the parenthesis"},
    {"5 USD/()", 7, 1, "a unit is missing here", "write one, as in \"USD/MWh\""},
    {"5 USD/h·unit", 7, 1, "it is not clear whether this stands below the line", "write a parenthesis, as in \"USD/(unit·h)\""},
    {"5 USD per", 9, 1, "a unit is missing here", "write one, as in \"USD/MWh\""},
    {"5 m^", 3, 1, "an exponent is missing after \"^\"", "write \"m^2\""},
    {"5 m^x", 3, 1, "an exponent is missing after \"^\"", "write \"m^2\""},
    {"5 m^99", 3, 3, "the exponent is not between 1 and 9", "write \"m^2\""},
    {"5 m^0", 3, 2, "the exponent is not between 1 and 9", "write \"m^2\""},
    {"5 USD/foo", 6, 3, "\"foo\" is not a unit", "docs/reference/units.md lists the units"},
    {"5 foo/USD", 2, 3, "\"foo\" is not a unit", "docs/reference/units.md lists the units"},
    {"USD 5 USD", 0, 9, "the currency is written twice", "write it once"},
    {"USD", 0, 3, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"$ USD 5", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5 USD 6", 6, 1, "\"6\" is not understood after the quantity", "write one number and its unit"},
    {"5 USD and more", 6, 8, "\"and more\" is not understood after the quantity", "write one number and its unit"},
    {"5 MW!", 4, 1, "\"!\" is not understood after the quantity", "write one number and its unit"},
    {"5 MW?", 4, 1, "\"?\" is not understood after the quantity", "write one number and its unit"},
    {"27k to 35k USD", 4, 10, "\"to 35k USD\" is not understood after the quantity", "write one number and its unit"},
    {"26–52 weeks", 2, 9, "\"–52 weeks\" is not understood after the quantity", "write one number and its unit"},
    {"5 %%", 2, 2, "\"%%\" is not a unit", "docs/reference/units.md lists the units"},
    {"5 % of it", 4, 5, "\"of it\" is not understood after the quantity", "write one number and its unit"},
    {"nan", 0, 3, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"inf", 0, 3, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"infinity MW", 0, 8, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"1e999 MW", 0, 8, "the number is too large or too small to be held", "check its exponent"},
    {"1e-999 W", 0, 8, "the number is too large or too small to be held", "check its exponent"},
    {"1e400", 0, 5, "the number is too large or too small to be held", "check its exponent"},
    {"0x10", 1, 1, "\"x\" is not a unit", "docs/reference/units.md lists the units"},
    {"5 CNY/USD/EUR", 10, 3, "the currencies of this unit do not cancel", "write one currency above and at most one below the line"},
    {"5 CNY USD/GPU", 2, 7, "the currencies of this unit do not cancel", "write one currency above and at most one below the line"},
    {"4 m^4 m^6", 2, 7, "the unit has an exponent above 9", "check the unit"},
    {"5 USDD", 2, 4, "\"USDD\" is not a unit", "did you mean \"USD\"?"},
    {"5 usd", 2, 3, "\"usd\" is not a unit", "did you mean \"USD\"?"},
    {"5 RMBB", 2, 4, "\"RMBB\" is not a unit", "did you mean \"RMB\"?"},
    {"5 tokns/s", 2, 5, "\"tokns\" is not a unit", "did you mean \"tokens\"?"},
    {"5 weaks", 2, 5, "\"weaks\" is not a unit", "did you mean \"weeks\"?"},
    {"5 quaters", 2, 7, "\"quaters\" is not a unit", "did you mean \"quarters\"?"},
    {"5 yaers", 2, 5, "\"yaers\" is not a unit", "did you mean \"years\"?"},
    {"5 GPU-hors", 6, 4, "\"hors\" is not a unit", "did you mean \"hrs\"?"},
    {"5 Tbyte/sec/", 2, 5, "\"Tbyte\" is not a unit", "did you mean \"byte\"?"},
    {"5 GB/z", 5, 1, "\"z\" is not a unit", "docs/reference/units.md lists the units"},
    {"five MW", 0, 4, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5 MW 10", 5, 2, "\"10\" is not understood after the quantity", "write one number and its unit"},
    {"(5 MW)", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5 MW; 6 MW", 4, 6, "\"; 6 MW\" is not understood after the quantity", "write one number and its unit"},
    {"=5 MW", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"\"5 MW\"", 0, 1, "a number is missing here", "write a number, as in \"27 kUSD\""},
    {"5..6 MW", 1, 6, "\"..6 MW\" is not understood after the quantity", "write one number and its unit"},
    {"5 kk USD", 2, 2, "\"kk\" is not a unit", "did you mean \"DKK\"?"},
    {"5 bn bn USD", 5, 2, "\"bn\" is not a unit", "docs/reference/units.md lists the units"},
    {"5 H200", 2, 1, "\"H\" is not a unit", "did you mean \"h\"?"},
    {"5 req/sec/foo", 10, 3, "\"foo\" is not a unit", "docs/reference/units.md lists the units"},
};
// clang-format on

TEST(ParseQuantity, SaysWhereAndWhatIsWrong) {
  for (const Bad& bad : bad_texts) {
    const auto quantity = parse_quantity(bad.text);
    ASSERT_FALSE(quantity) << bad.text << ": " << to_string(*quantity);
    EXPECT_EQ(quantity.error().message, bad.message) << bad.text;
    EXPECT_EQ(quantity.error().hint, bad.hint) << bad.text;
    EXPECT_EQ(quantity.error().position, bad.position) << bad.text;
    EXPECT_EQ(quantity.error().width, bad.width) << bad.text;
  }
}

TEST(ParseQuantity, IsTestedOnThreeHundredTextsAtLeast) {
  EXPECT_GE(good_texts.size() + read_texts.size() + bad_texts.size(), 300U);
}

// Powers of ten are exact: whatever the digits, the value is the double nearest to the decimal.
TEST(ParseQuantity, ConvertsPowersOfTenExactly) {
  const RandomStream stream(1, "powers of ten");
  const std::vector<std::pair<const char*, int>> units = {
      {"W", 0},     {"kW", 3},        {"MW", 6},     {"GW", 9},         {"mW", -3},
      {"TB/s", 12}, {"kUSD", 3},      {"bn CNY", 9}, {"tn tokens", 12}, {"%", -2},
      {"亿元", 8},  {"万 tokens", 4}, {"nm", -9},    {"PFLOP/s", 15},   {"USD/Mtoken", -6}};
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t digits = stream.bits(i) % 10000000;
    const int decimals = static_cast<int>(stream.bits(i, 1) % 7);
    const auto& [unit, power] = units[stream.bits(i, 2) % units.size()];
    const std::string number = std::to_string(digits) + "e-" + std::to_string(decimals);
    const double expected =
        std::stod(std::to_string(digits) + "e" + std::to_string(power - decimals));
    EXPECT_EQ(parse_quantity(number + " " + unit)->value, expected) << number << " " << unit;
  }
}

TEST(ToString, ReadsBackToTheLastBit) {
  const RandomStream stream(2, "round trip");
  std::vector<AnyQuantity> kinds;
  for (const DimensionRow& row : dimension_table()) {
    kinds.push_back(parse_quantity(row.example).value());
  }
  kinds.push_back(parse_quantity("6.98 CNY/USD").value());
  kinds.push_back(parse_quantity("5 USD·s/B^2").value());
  for (std::uint64_t i = 0; i < 20000; ++i) {
    AnyQuantity quantity = kinds[stream.bits(i) % kinds.size()];
    const double size = std::pow(10.0, 40 * stream.uniform(i, 1) - 20);
    quantity.value = (stream.bits(i, 2) % 4 == 0 ? -1 : 1) * size * stream.uniform(i, 3);
    const std::string text = to_string(quantity);
    const auto again = parse_quantity(text);
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(*again, quantity) << text;
  }
}

TEST(ToStringIn, ShowsTheStatedDigits) {
  const AnyQuantity power = parse_quantity("1234.5678 MW").value();
  EXPECT_EQ(to_string_in(power, "MW", 4), "1235 MW");
  EXPECT_EQ(to_string_in(power, "kW", 6), "1,234,570 kW");
  EXPECT_EQ(to_string_in(parse_quantity("1500000 units").value(), "m units", 3), "1.5 m units");
  EXPECT_THROW(to_string_in(power, "MWh"), InvalidInput);
  EXPECT_EQ(natural_unit(parse_quantity("27000 USD").value()), "kUSD");
  EXPECT_EQ(natural_unit(parse_quantity("0.07").value()), "%");
}

TEST(UnitTable, ThePageOfUnitsIsMadeFromTheTable) {
  std::ifstream stream(std::string(VORRAT_SOURCE_DIR) + "/docs/reference/units.md");
  const std::string page((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  EXPECT_EQ(page, units_page())
      << "write docs/reference/units.md anew: it is what units_page() returns";
}

TEST(UnitTable, EveryExampleOfADimensionHasThatDimension) {
  for (const DimensionRow& row : dimension_table()) {
    const auto quantity = parse_quantity(row.example);
    ASSERT_TRUE(quantity) << row.example << ": " << quantity.error().message;
    EXPECT_EQ(quantity->dimension, row.dimension) << row.example;
  }
}

}  // namespace
}  // namespace vorrat

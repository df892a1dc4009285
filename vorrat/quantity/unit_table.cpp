#include "vorrat/quantity/unit_table.h"

#include <fmt/format.h>

#include <array>

namespace vorrat {
namespace {

using namespace dimensions;

constexpr std::array unit_rows = std::to_array<UnitRow>({
    {"%", "percent ％", none, 1, -2, Prefixes::none, ""},
    {"‰", "permille", none, 1, -3, Prefixes::none, ""},

    {"s", "sec secs second seconds", time, 1, 0, Prefixes::metric, ""},
    {"min", "mins minute minutes", time, 60, 0, Prefixes::none, ""},
    {"h", "hr hrs hour hours", time, 3600, 0, Prefixes::none, ""},
    {"d", "day days", time, 86400, 0, Prefixes::none, ""},
    {"week", "weeks wk wks", time, 604800, 0, Prefixes::none, ""},
    {"month", "months", time, 2629800, 0, Prefixes::none, "a twelfth of a year"},
    {"quarter", "quarters q", time, 7889400, 0, Prefixes::none, "a fourth of a year"},
    {"year", "years yr yrs", time, 31557600, 0, Prefixes::none, "365.25 days"},

    {"J", "joule joules", energy, 1, 0, Prefixes::metric, ""},
    {"Wh", "", energy, 3600, 0, Prefixes::metric_large, ""},
    {"W", "watt watts", power, 1, 0, Prefixes::metric, ""},

    {"FLOP", "", compute_work, 1, 0, Prefixes::metric_large,
     "one operation; FLOPs is refused, since it may mean a rate"},
    {"OP", "", compute_work, 1, 0, Prefixes::metric_large, "one integer operation"},
    {"FLOPS", "", compute_rate, 1, 0, Prefixes::metric_large, "the same as FLOP/s"},
    {"OPS", "", compute_rate, 1, 0, Prefixes::metric_large, "the same as OP/s"},

    {"B", "byte bytes", data, 1, 0, Prefixes::data, ""},
    {"bit", "bits", data, 0.125, 0, Prefixes::data, "an eighth of a byte"},
    {"b", "", data, 0.125, 0, Prefixes::data, "a bit"},
    {"Bps", "", bandwidth, 1, 0, Prefixes::data, "the same as B/s"},
    {"bps", "", bandwidth, 0.125, 0, Prefixes::data, "bits per second"},

    {"token", "tokens tok toks", dimensions::tokens, 1, 0, Prefixes::metric_large, ""},
    {"request", "requests req query queries", dimensions::requests, 1, 0, Prefixes::metric_large,
     ""},
    {"unit",
     "units piece pieces pcs chip chips GPU GPUs accelerator accelerators 张 颗 块 枚 片 卡", count,
     1, 0, Prefixes::none, "one accelerator"},

    {"m", "metre metres meter meters", length, 1, 0, Prefixes::metric, ""},
});

constexpr std::array scale_rows = std::to_array<ScaleRow>({
    {"k", 3, ""},
    {"K", 3, "only after a number, as in 27K USD"},
    {"thousand", 3, ""},
    {"Tsd", 3, "German"},
    {"千", 3, "Chinese"},
    {"万", 4, "Chinese: ten thousand"},
    {"萬", 4, "Chinese, traditional"},
    {"百万", 6, "Chinese"},
    {"千万", 7, "Chinese"},
    {"亿", 8, "Chinese: a hundred million"},
    {"億", 8, "Chinese, traditional"},
    {"十亿", 9, "Chinese"},
    {"百亿", 10, "Chinese"},
    {"千亿", 11, "Chinese"},
    {"万亿", 12, "Chinese"},
    {"萬億", 12, "Chinese, traditional"},
    {"m", 6, "before a currency, tokens, requests or units; else metre"},
    {"mn", 6, ""},
    {"mm", 6, "before a currency, as bankers write it; else millimetre"},
    {"Mio", 6, "German"},
    {"mio", 6, "German"},
    {"million", 6, ""},
    {"millions", 6, ""},
    {"M", 6, ""},
    {"bn", 9, ""},
    {"billion", 9, ""},
    {"billions", 9, ""},
    {"Mrd", 9, "German"},
    {"mrd", 9, "German"},
    {"G", 9, ""},
    {"tn", 12, ""},
    {"trn", 12, ""},
    {"trillion", 12, ""},
    {"trillions", 12, ""},
    {"T", 12, ""},
    {"P", 15, ""},
    {"E", 18, ""},
});

constexpr std::array currency_rows = std::to_array<CurrencyRow>({
    {"USD", "US$ $ 美元 dollar dollars", "US dollar"},
    {"CNY", "RMB yuan 元 人民币 CN¥", "Chinese yuan"},
    {"EUR", "€ euro euros", "euro"},
    {"GBP", "£", "pound sterling"},
    {"JPY", "日元 円 yen", "Japanese yen"},
    {"HKD", "HK$ 港元", "Hong Kong dollar"},
    {"TWD", "NT$", "New Taiwan dollar"},
    {"KRW", "₩ won", "South Korean won"},
    {"SGD", "S$", "Singapore dollar"},
    {"MYR", "ringgit", "Malaysian ringgit"},
    {"THB", "baht", "Thai baht"},
    {"IDR", "rupiah", "Indonesian rupiah"},
    {"VND", "", "Vietnamese dong"},
    {"INR", "₹", "Indian rupee"},
    {"NOK", "", "Norwegian krone"},
    {"SEK", "", "Swedish krona"},
    {"DKK", "", "Danish krone"},
    {"CHF", "", "Swiss franc"},
    {"PLN", "", "Polish zloty"},
    {"CAD", "", "Canadian dollar"},
    {"AUD", "A$", "Australian dollar"},
    {"NZD", "", "New Zealand dollar"},
    {"BRL", "R$", "Brazilian real"},
    {"MXN", "", "Mexican peso"},
    {"RUB", "", "Russian rouble"},
    {"KZT", "", "Kazakhstani tenge"},
    {"TRY", "", "Turkish lira"},
    {"ILS", "", "Israeli shekel"},
    {"AED", "", "UAE dirham"},
    {"SAR", "", "Saudi riyal"},
    {"QAR", "", "Qatari riyal"},
    {"ZAR", "", "South African rand"},
});

constexpr std::array ambiguous_rows = std::to_array<AmbiguousRow>({
    {"FLOPs", "may be operations or operations per second",
     "write FLOP for work, or FLOP/s for a rate"},
    {"Flops", "may be operations or operations per second",
     "write FLOP for work, or FLOP/s for a rate"},
    {"flops", "may be operations or operations per second",
     "write FLOP for work, or FLOP/s for a rate"},
    {"flop", "may be operations or operations per second",
     "write FLOP for work, or FLOP/s for a rate"},
    {"GFLOPs", "may be operations or operations per second",
     "write GFLOP for work, or GFLOP/s for a rate"},
    {"TFLOPs", "may be operations or operations per second",
     "write TFLOP for work, or TFLOP/s for a rate"},
    {"PFLOPs", "may be operations or operations per second",
     "write PFLOP for work, or PFLOP/s for a rate"},
    {"EFLOPs", "may be operations or operations per second",
     "write EFLOP for work, or EFLOP/s for a rate"},
    {"¥", "may be Chinese yuan or Japanese yen", "write CNY or JPY"},
    {"￥", "may be Chinese yuan or Japanese yen", "write CNY or JPY"},
    {"mUSD", "may be thousandths or millions", "write \"m USD\" for millions"},
    {"mCNY", "may be thousandths or millions", "write \"m CNY\" for millions"},
    {"mEUR", "may be thousandths or millions", "write \"m EUR\" for millions"},
    {"兆", "may be a million or a million million", "write \"m\" or \"tn\""},
    {"milliard", "is not English", "write \"bn\""},
    {"Billion", "is 10^9 in English and 10^12 in German", "write \"bn\" or \"tn\""},
    {"Billionen", "is German", "write \"tn\" for 10^12"},
    {"Trillion", "is 10^12 in English and 10^18 in German", "write \"tn\" for 10^12"},
    {"Mw", "is not a power", "write MW for megawatt"},
    {"mw", "may be milliwatt or megawatt", "write MW for megawatt"},
    {"MWH", "is not an energy", "write MWh for megawatt-hour"},
    {"mwh", "may be milliwatt-hours or megawatt-hours", "write MWh for megawatt-hour"},
    {"KWH", "is not an energy", "write kWh for kilowatt-hour"},
    {"kwh", "is not an energy", "write kWh for kilowatt-hour"},
    {"KWh", "is not an energy", "write kWh for kilowatt-hour"},
    {"KW", "is not a power", "write kW for kilowatt"},
    {"kw", "is not a power", "write kW for kilowatt"},
    {"gw", "is not a power", "write GW for gigawatt"},
    {"Gw", "is not a power", "write GW for gigawatt"},
    {"tb", "may be terabyte or terabit", "write TB or Tbit"},
    {"gb", "may be gigabyte or gigabit", "write GB or Gbit"},
    {"mb", "may be megabyte or megabit", "write MB or Mbit"},
    {"KB", "may be 1000 or 1024 bytes", "write kB or KiB"},
    {"MT", "may be a million tokens or transfers", "write \"m tokens\""},
    {"MM", "may be a million or a thousand thousands", "write \"m\" for a million"},
    {"lakh", "is not read", "write 100,000"},
    {"crore", "is not read", "write \"10 m\""},
    {"ton", "is not a unit of anything here", "for 10^12 write \"tn\""},
    {"tons", "is not a unit of anything here", "for 10^12 write \"tn\""},
    {"kVA", "is an apparent power", "write the real power in kW"},
    {"MVA", "is an apparent power", "write the real power in MW"},
});

constexpr std::array dimension_rows = std::to_array<DimensionRow>({
    {none, "a plain number", "15 %", ",%"},
    {time, "a time", "26 weeks", "weeks,days,months,quarters,years,h,min,s,ms,µs"},
    {money, "an amount of money", "160 bn CNY", "¤,k¤,m ¤,bn ¤,tn ¤"},
    {energy, "an energy", "120 MWh", "kWh,MWh,GWh,TWh,Wh,J,kJ,MJ,GJ,TJ"},
    {power, "a power", "120 MW", "W,kW,MW,GW,TW"},
    {compute_work, "an amount of computing", "3e25 FLOP", "FLOP,GFLOP,TFLOP"},
    {compute_rate, "a rate of computing", "989 TFLOP/s",
     "FLOP/s,kFLOP/s,MFLOP/s,GFLOP/s,TFLOP/s,PFLOP/s,EFLOP/s,ZFLOP/s"},
    {data, "an amount of data", "141 GB", "B,kB,MB,GB,TB,PB,EB,bit"},
    {bandwidth, "a bandwidth", "4.8 TB/s", "B/s,kB/s,MB/s,GB/s,TB/s,PB/s"},
    {dimensions::tokens, "a number of tokens", "1.5 tn tokens",
     "tokens,k tokens,m tokens,bn tokens,tn tokens"},
    {token_rate, "a rate of tokens", "1.5 tn tokens/day",
     "tokens/s,k tokens/s,m tokens/s,tokens/day,m tokens/day,bn tokens/day,tn tokens/day"},
    {dimensions::requests, "a number of requests", "2 m requests",
     "requests,k requests,m requests,bn requests"},
    {request_rate, "a rate of requests", "3 k requests/s",
     "requests/s,k requests/s,m requests/s,requests/day,m requests/day,bn requests/day"},
    {count, "a count of units", "20,000 units", "units,m units"},
    {length, "a length", "4 nm", "m,mm,µm,nm,km"},
    {area, "an area", "814 mm²", "mm²,m²,km²"},
    {frequency, "a rate per time", "15 %/year",
     "%/year,/year,%/quarter,/quarter,%/month,/month,/week,/day,/h,/s"},
    {time * time, "a time squared", "4 s²", "s²"},
    {unit_price, "a price per unit", "27 kUSD/unit", "¤/unit,k¤/unit,m ¤/unit,bn ¤/unit"},
    {rent, "a rent per unit and time", "2.10 USD/GPU-hour",
     "¤/unit/h,¤/unit/day,¤/unit/month,¤/unit/year,k¤/unit/month,k¤/unit/year"},
    {energy_price, "a price of energy", "0.08 USD/kWh", "¤/kWh,¤/MWh,¤/GWh,¤/J"},
    {token_price, "a price of tokens", "0.5 USD/Mtoken", "¤/Mtoken,¤/ktoken,¤/token"},
    {spending, "a spending per time", "160 bn CNY/year",
     "¤/year,k¤/year,m ¤/year,bn ¤/year,¤/month,k¤/month,m ¤/month,¤/h,¤/day,¤/quarter,m "
     "¤/quarter,bn ¤/quarter,¤/s"},
    {money / power, "a price of power", "10 m USD/MW", "¤/W,¤/kW,k¤/MW,m ¤/MW,bn ¤/GW"},
    {money / power / time, "a rent of power", "150 USD/kW/month",
     "¤/kW/month,¤/kW/year,k¤/MW/year,m ¤/MW/year"},
    {power / count, "a power per unit", "700 W/unit", "W/unit,kW/unit"},
    {count / time, "a count per time", "5,000 units/quarter",
     "units/quarter,units/week,units/month,units/year,units/day,units/s"},
    {token_rate / count, "a rate of tokens per unit", "1200 tokens/s/unit", "tokens/s/unit"},
    {request_rate / count, "a rate of requests per unit", "300 requests/s/unit", "requests/s/unit"},
    {compute_rate / count, "a rate of computing per unit", "989 TFLOP/s/unit",
     "TFLOP/s/unit,GFLOP/s/unit,FLOP/s/unit"},
    {compute_work / dimensions::tokens, "an amount of computing per token", "74 GFLOP/token",
     "FLOP/token,GFLOP/token,TFLOP/token"},
    {data / count, "an amount of data per unit", "141 GB/unit", "GB/unit,B/unit"},
    {bandwidth / count, "a bandwidth per unit", "4.8 TB/s/unit", "TB/s/unit,GB/s/unit,B/s/unit"},
    {count * time, "a count times time", "2788 k GPU-hours", "unit·h,k unit·h,m unit·h,unit·day"},
    {energy / dimensions::tokens, "an energy per token", "0.5 J/token", "J/token"},
});

std::string size_text(const UnitRow& row) {
  if (row.power_of_ten == 0) return fmt::format("{:.10g}", row.multiplier);
  return fmt::format("{:.10g}·10^{}", row.multiplier, row.power_of_ten);
}

std::string_view prefix_text(Prefixes prefixes) {
  switch (prefixes) {
    case Prefixes::none:
      return "";
    case Prefixes::metric:
      return "n µ m k M G T P E Z Y";
    case Prefixes::metric_large:
      return "k M G T P E Z Y";
    case Prefixes::data:
      return "k M G T P E Z Y Ki Mi Gi Ti Pi Ei";
    case Prefixes::money:
      return "k M bn tn";
  }
  return "";
}

std::string_view dimension_name(Dimension dimension) {
  for (const DimensionRow& row : dimension_rows) {
    if (row.dimension == dimension) return row.name;
  }
  return "";
}

std::vector<std::string_view> split_words(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t end = text.find(separator);
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::span<const UnitRow> unit_table() { return unit_rows; }
std::span<const ScaleRow> scale_table() { return scale_rows; }
std::span<const CurrencyRow> currency_table() { return currency_rows; }
std::span<const AmbiguousRow> ambiguous_table() { return ambiguous_rows; }
std::span<const DimensionRow> dimension_table() { return dimension_rows; }

std::vector<std::string> unit_words() {
  std::vector<std::string> words;
  const auto add = [&](std::string_view symbol, std::string_view others) {
    words.emplace_back(symbol);
    for (std::string_view word : split_words(others, ' ')) {
      if (!word.empty()) words.emplace_back(word);
    }
  };
  for (const UnitRow& row : unit_rows) add(row.symbol, row.other_names);
  for (const CurrencyRow& row : currency_rows) add(row.code, row.other_names);
  return words;
}

std::string units_page() {
  std::string page =
      "# Units\n\n"
      "Made from the table the reader uses (`vorrat/quantity/unit_table.cpp`); a test holds them "
      "together.\n\n"
      "A quantity is a number, perhaps a scale word, and a unit: `160 bn CNY`, `4.8 TB/s`, "
      "`0.08 USD/kWh`,\n`2.10 USD/GPU-hour`. Units are joined by `/` or `per`, `·`, `-` and `^`; "
      "below a `/`, words joined by `-` or a\nblank belong together. A comma in a number is for "
      "thousands only. A currency may stand first: `USD 27k`.\n\n"
      "## Units\n\n"
      "| unit | also | is | size in base units | prefixes | note |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const UnitRow& row : unit_rows) {
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.symbol, row.other_names,
                        dimension_name(row.dimension), size_text(row), prefix_text(row.prefixes),
                        row.note);
  }
  page +=
      "\nBase units: second, joule, operation, byte, token, request, unit, metre, one unit of a "
      "currency.\n\n"
      "## Scale words\n\n| word | power of ten | note |\n| --- | --- | --- |\n";
  for (const ScaleRow& row : scale_rows) {
    page += fmt::format("| `{}` | {} | {} |\n", row.word, row.power_of_ten, row.note);
  }
  page +=
      "\n## Currencies\n\nThe letters k, M, bn and tn may stand directly before a code: `27 "
      "kUSD`.\n\n"
      "| code | also | name |\n| --- | --- | --- |\n";
  for (const CurrencyRow& row : currency_rows) {
    page += fmt::format("| `{}` | {} | {} |\n", row.code, row.other_names, row.name);
  }
  page += "\n## Kinds of quantity\n\n| kind | example | printed in |\n| --- | --- | --- |\n";
  for (const DimensionRow& row : dimension_rows) {
    std::string spellings(row.spellings);
    for (std::size_t at = 0; (at = spellings.find(',', at)) != std::string::npos; at += 2) {
      spellings.replace(at, 1, ", ");
    }
    page += fmt::format("| {} | `{}` | {} |\n", row.name, row.example, spellings);
  }
  page +=
      "\n`¤` stands for any currency.\n\n## Refused, because they may be misread\n\n"
      "| word | why | instead |\n| --- | --- | --- |\n";
  for (const AmbiguousRow& row : ambiguous_rows) {
    page += fmt::format("| `{}` | {} | {} |\n", row.word, row.meaning, row.hint);
  }
  return page;
}

}  // namespace vorrat

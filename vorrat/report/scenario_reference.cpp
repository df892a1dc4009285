#include "vorrat/report/scenario_reference.h"

#include <fmt/format.h>

#include <string_view>

#include "vorrat/scenario/column_table.h"
#include "vorrat/scenario/settings_table.h"

namespace vorrat::report {
namespace {

using scenario::Setting;
using scenario::SettingKind;

constexpr const char* head = R"page(# The scenario folder

Made from the tables the reader uses (`vorrat/scenario/settings_table.cpp` and `column_table.cpp`); a test holds them together.
`vorrat schema --reference` prints this page, `vorrat schema` the JSON Schema of `scenario.toml`.

A folder holds `scenario.toml` and plain tables. `vorrat check FOLDER` names everything that is wrong at once, with file, line and
column, and lists every default that was filled in.

**Figures** are quantities with their unit ("27 kUSD", "120 MW", [units](units.md)) or what nobody knows exactly: a range
("20 kUSD to 34 kUSD", 80 % likely unless "(90 %)" stands behind it), a shape ("uniform 40 % to 80 %", "triangular(10, 12, 20) weeks")
or a list of outcomes with their odds ("discrete(30 %: 3, 40 %: 5, 30 %: 7) units").

**Sources.** A fact in `scenario.toml` is a text, or `{ value = "...", source = "...", date = 2026-02-09, kind = "assumed" }`. Each
table has the columns `source`, `date`, `kind` and `note`; `NAME_source`, `NAME_date` and `NAME_kind` say them for the column `NAME`
alone. `kind` is vendor, measured, reported, assumed, rule or derived. A date after `known_on` is a fault.

**What keeps its spread.** Growth, slips, the pace of licences and revisions of budgets are drawn anew in their quarter; the market
moves by its own chain, gates by theirs; the lead time of a purchase is spread over quarters. Everything else is planned at its mean.

- *Noise.* A range becomes three outcomes (its lowest 30 %, middle 40 % and highest 30 %, each at its mean), a list of outcomes stays
  as it is, and everything drawn in a quarter is combined in full as long as there are no more than `[noise] outcomes` combinations.
  Beyond that there are exactly so many joint outcomes, equally likely: each quantity is cut into as many slices of equal
  probability, each at its mean, and the slices of different quantities are paired at random from the seed. Both ways every mean
  is exact; the second way has no correlation but by chance.
- *Demand* of a quarter is that of the quarter before times 1 + growth, compounded, and times the market's trend. Growth in
  quarter t (from 1) is the growth drawn, times (1 - growth_fade) to the power t - 1.
- *Market.* Each process is a factor of mean 1. Its logarithm moves each quarter by a normal step, back towards 0 by its
  reversion; all processes together are rounded to `levels` levels a quarter, fitted to sample paths of the seed and scaled so
  that each factor averages 1. News alone, without any volatility, keeps its outcomes exactly (a range: three).
- *Rates* per year compound: a quarter's discount is the fourth root of the year's.

)page";

std::string kind_of(const Setting& setting) {
  switch (setting.kind) {
    case SettingKind::text:
      return "text";
    case SettingKind::boolean:
      return "true or false";
    case SettingKind::whole:
      return "whole number";
    case SettingKind::whole_list:
      return "list of whole numbers";
    case SettingKind::text_list:
      return "list of texts";
    case SettingKind::day:
      return "day";
    case SettingKind::quarter:
      return "quarter";
    case SettingKind::fact:
      return "fact";
    case SettingKind::choice:
      return setting.choices;
  }
  return "";
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", text);
}

std::string settings() {
  std::string page = "## scenario.toml\n", section;
  for (const Setting& setting : scenario::settings_table()) {
    if (setting.section != section) {
      section = setting.section;
      const bool is_list = section.ends_with("[]");
      const std::string name = section.substr(0, section.size() - (is_list ? 2 : 0));
      page += fmt::format("\n### {}{}{}\n\n| key | needed | is | example | meaning |\n{}\n",
                          is_list ? "[[" : "[", name, is_list ? "]]" : "]",
                          "| --- | --- | --- | --- | --- |");
    }
    page +=
        fmt::format("| `{}` | {} | {} | {} | {} |\n", setting.key, setting.is_required ? "yes" : "",
                    kind_of(setting), code(setting.example), setting.says);
  }
  return page;
}

std::string tables() {
  std::string page = "\n## Tables\n";
  for (const scenario::TableFile& file : scenario::table_files()) {
    page +=
        fmt::format("\n### {}\n\nA row is {}.{}\n\n| column | needed | example | meaning |\n{}\n",
                    file.name, file.says, file.may_be_missing ? " The file may be missing." : "",
                    "| --- | --- | --- | --- |");
    for (const scenario::Column& column : scenario::column_table()) {
      if (std::string_view(column.file) != file.name) continue;
      page += fmt::format("| `{}` | {} | {} | {} |\n", column.name, column.is_required ? "yes" : "",
                          code(column.example), column.says);
    }
  }
  return page;
}

}  // namespace

std::string scenario_reference() { return head + settings() + tables(); }

}  // namespace vorrat::report

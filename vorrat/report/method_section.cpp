// What the answer rests on: sites, rules, assumptions, method.
#include <fmt/format.h>

#include <algorithm>

#include "vorrat/report/format.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::Plan;

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

std::string count(std::size_t value) { return format_number(static_cast<double>(value), 0); }

/// "1 node", "2 nodes".
std::string count(std::size_t value, const char* thing) {
  return count(value) + " " + thing + (value == 1 ? "" : "s");
}

/// What was solved, in words.
std::vector<std::vector<Cell>> size_rows(const fleet::Method& method) {
  if (!method.is_decomposed()) {
    return {{"tree", fmt::format("{}, {}{}; {}, {}", count(method.tree_nodes, "node"),
                                 count(method.leaves, "future"),
                                 method.sampled ? ", sampled in later quarters" : "",
                                 count(method.rows, "row"), count(method.columns, "column"))}};
  }
  return {
      {"policy graph",
       fmt::format("{}; in a quarter up to {}, {} of the market and {} of the noise, none left out",
                   count(method.tree_nodes, "node"), count(method.regimes, "regime"),
                   count(method.levels, "level"), count(method.outcomes, "outcome"))},
      {"training", fmt::format("{}, {} solved, {} of them handed to HiGHS",
                               count(static_cast<std::size_t>(method.iterations), "iteration"),
                               count(static_cast<std::size_t>(method.solves), "stage problem"),
                               count(static_cast<std::size_t>(method.hand_overs)))},
      {"stopped because", method.reason},
      {"whole numbers", method.relaxes_whole_numbers ? "relaxed: racks, minimum orders and "
                                                       "phases hold in the tree method only"
                                                     : "none asked for"}};
}

DataTable method_table(const Plan& plan, const RunFacts& facts) {
  const fleet::Method& method = plan.method;
  DataTable table{.id = "method",
                  .title = "Method",
                  .columns = {words("what", "what"), words("value", "value")},
                  .rows = {},
                  .sums = {},
                  .notes = facts.notes,
                  .charts = {},
                  .across = {}};
  table.rows = {{"method", fmt::format("{}, {}", method.name, method.solver)}};
  for (auto& row : size_rows(method)) table.rows.push_back(std::move(row));
  const std::vector<std::vector<Cell>> rest = {
      {"end value", method.end_value},
      {"seed", std::to_string(method.seed)},
      {"inputs",
       fmt::format("{}, known on {}, hash {}", facts.scenario, facts.known_on, facts.input_hash)},
      {"version", "vorrat " + facts.version},
      {"time", fmt::format("{:.1f} s, {} re-solves", method.seconds, method.resolves)}};
  table.rows.insert(table.rows.end(), rest.begin(), rest.end());
  if (plan.status != fleet::PlanStatus::optimal) {
    table.rows.insert(
        table.rows.begin(),
        {"status", plan.message.empty() ? to_string(plan.status)
                                        : to_string(plan.status) + ", " + plan.message});
  }
  return table;
}

/// What is left of rounding is no gap. [%]
double shown_gap(const Plan& plan) { return plan.gap < 1e-9 ? 0.0 : 100.0 * plan.gap; }

/// Of a plan by decomposition: its cost on fresh futures against what no plan can beat.
DataTable decomposed_accuracy_table(const Plan& plan) {
  const fleet::Method& method = plan.method;
  DataTable table{
      .id = "accuracy",
      .title = "How exact the answer is",
      .columns = {{"cost", "cost of the plan", Format::money, plan.currency,
                   "mean over fresh futures"},
                  {"half_width", "+/-", Format::money, plan.currency,
                   "half of the 95 % interval of that mean; 0 where it is exact"},
                  {"bound", "no plan is below", Format::money, plan.currency, ""},
                  {"gap", "gap", Format::number, "%",
                   "upper end of the interval less the bound, by the bound"},
                  {"target", "target", Format::number, "%", ""},
                  words("met", "met")},
      .rows = {{plan.objective, method.half_width, plan.bound, cell(shown_gap(plan)),
                100.0 * method.target_gap, method.converged ? "yes" : "no"}},
      .sums = {},
      .notes =
          {"cost: of the plan's policy, with its 95 % interval; gap: from the upper end of the "
           "interval to the bound"},
      .charts = {},
      .across = {}};
  return table;
}

/// How the bound rose.
DataTable convergence_table(const Plan& plan) {
  DataTable table{.id = "convergence",
                  .title = "How the bound rose",
                  .columns = {{"iteration", "iteration", Format::count, "", ""},
                              {"bound", "no plan is below", Format::money, plan.currency, ""}},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {{.kind = ChartKind::lines,
                              .id = "convergence-chart",
                              .title = "The bound by iteration",
                              .alternative = "A line that rises and levels off; the table has its "
                                             "points.",
                              .columns = {{"x", "iteration"}, {"y", "bound"}}}},
                  .across = {}};
  // Few enough points to read: each half as much later as the one before.
  double next = 0.0;
  for (std::size_t i = 0; i < plan.method.log.size(); ++i) {
    const fleet::BoundEntry& entry = plan.method.log[i];
    if (entry.iteration < next && i + 1 < plan.method.log.size()) continue;
    table.rows.push_back({static_cast<double>(entry.iteration), entry.bound});
    next = std::max(entry.iteration + 1.0, entry.iteration * 1.5);
  }
  return table;
}

/// How far sampling moves the answer: the range over trees with other seeds, and by how much any
/// first order moves.
DataTable accuracy_table(const Plan& plan) {
  double low = plan.objective, high = plan.objective, widest = 0.0;
  for (const auto& tree : plan.other_trees) {
    low = std::min(low, tree.objective);
    high = std::max(high, tree.objective);
  }
  for (std::size_t o = 0; !plan.other_trees.empty() && o < plan.other_trees[0].quantities.size();
       ++o) {
    const auto [least, most] = std::minmax_element(
        plan.other_trees.begin(), plan.other_trees.end(),
        [&](const auto& a, const auto& b) { return a.quantities[o] < b.quantities[o]; });
    widest = std::max(widest, most->quantities[o] - least->quantities[o]);
  }
  DataTable table{
      .id = "accuracy",
      .title = "How exact the answer is",
      .columns = {{"cost", "cost of the plan", Format::money, plan.currency, ""},
                  {"bound", "no plan is below", Format::money, plan.currency, "on these futures"},
                  {"gap", "gap", Format::number, "", "cost less bound, by the cost"}},
      .rows = {{plan.objective, plan.bound, plan.gap}},
      .sums = {},
      .notes = {"on the same inputs and the same futures"},
      .charts = {},
      .across = {}};
  if (plan.other_trees.empty()) return table;
  const std::vector<Column> others = {
      {"seeds", "other seeds", Format::count, "", ""},
      {"lowest", "lowest", Format::money, plan.currency, "over all seeds, this one included"},
      {"highest", "highest", Format::money, plan.currency, "over all seeds, this one included"},
      {"widest", "orders differ by", Format::count, "units",
       "largest range of a first order over the other seeds"}};
  table.columns.insert(table.columns.end(), others.begin(), others.end());
  const std::vector<Cell> figures = {static_cast<double>(plan.other_trees.size()), low, high,
                                     widest};
  table.rows[0].insert(table.rows[0].end(), figures.begin(), figures.end());
  table.notes.push_back(
      "other seeds draw other futures from the same inputs: lowest to highest is what the drawing "
      "does to the cost; orders differ by: the largest range of any first order");
  return table;
}

DataTable default_table(const RunFacts& facts) {
  DataTable table{.id = "defaults",
                  .title = "Filled in by default",
                  .columns = {words("assumption", "assumption")},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = {}};
  for (const std::string& assumption : facts.assumptions) table.rows.push_back({assumption});
  return table;
}

DataTable register_table(const RunFacts& facts) {
  DataTable table{
      .id = "assumptions",
      .title = "Figures in the inputs, with their sources",
      .columns = {words("figure", "figure"), words("value", "value"), words("kind", "kind"),
                  words("date", "date"), words("source", "source")},
      .rows = {},
      .sums = {},
      .notes = {"a range is 80 % likely unless it says otherwise"},
      .charts = {},
      .across = {}};
  for (const AssumptionFacts& fact : facts.register_of_assumptions)
    table.rows.push_back({fact.name, fact.value, fact.kind, fact.date, fact.source});
  return table;
}

}  // namespace

Section site_section(const RunFacts& facts) {
  DataTable table{
      .id = "sites",
      .title = "Sites",
      .columns = {words("site", "site"),
                  words("title", "title"),
                  words("jurisdiction", "jurisdiction"),
                  words("owner", "owner"),
                  {"power", "power at the end", Format::number, "MW",
                   "usable for accelerators with all overheads, in the last phase"},
                  {"latitude", "latitude", Format::number, "degrees north", ""},
                  {"longitude", "longitude", Format::number, "degrees east", ""}},
      .rows = {},
      .sums = {},
      .notes = {},
      .charts = {{.kind = ChartKind::map,
                  .id = "site-map",
                  .title = "Where the sites are",
                  .alternative = "A world map with one dot a site, as large as its power; the "
                                 "table has the coordinates.",
                  .columns = {{"label", "site"},
                              {"latitude", "latitude"},
                              {"longitude", "longitude"},
                              {"value", "power"}}}},
      .across = {}};
  bool placed = false;
  for (const SiteFacts& site : facts.sites) {
    placed = placed || site.latitude;
    table.rows.push_back({site.id, site.title, site.jurisdiction, site.owner,
                          site.power.empty() ? Cell{} : Cell{site.power.back().capacity},
                          cell(site.latitude), cell(site.longitude)});
  }
  if (!placed) table.charts.clear();
  return {.id = "sites", .title = "Sites", .lead = "", .tables = {table}};
}

Section rule_section(const RunFacts& facts) {
  DataTable table{.id = "rules",
                  .title = fmt::format("Rules that decide about the offers on {}", facts.known_on),
                  .columns = {words("status", "status"), words("says", "what it says"),
                              words("instrument", "instrument"), words("citation", "citation"),
                              words("provision", "provision"), words("offers", "offers"),
                              words("source", "source"), words("support", "support")},
                  .rows = {},
                  .sums = {},
                  .notes = {"status: of these offers under all rules together, in the regime of "
                            "the first quarter"},
                  .charts = {},
                  .across = {}};
  for (const RuleFacts& rule : facts.rules) {
    table.rows.push_back(
        {rule.status, rule.says, rule.instrument,
         rule.paragraph.empty() ? rule.citation : rule.citation + ", " + rule.paragraph,
         rule.provision, joined(rule.offers), rule.source, rule.support});
  }
  return {.id = "rules", .title = "Rules in force", .lead = "", .tables = {table}};
}

Section assumption_section(const RunFacts& facts) {
  return {.id = "assumptions",
          .title = "Assumptions",
          .lead = "",
          .tables = {register_table(facts), default_table(facts)}};
}

Section method_section(const Plan& plan, const RunFacts& facts) {
  Section section{.id = "method", .title = "Method", .lead = "", .tables = {}};
  if (plan.status == fleet::PlanStatus::optimal) {
    section.tables.push_back(plan.method.is_decomposed() ? decomposed_accuracy_table(plan)
                                                         : accuracy_table(plan));
    if (plan.method.is_decomposed()) section.tables.push_back(convergence_table(plan));
  }
  section.tables.push_back(method_table(plan, facts));
  return section;
}

}  // namespace vorrat::report

// What limits, what moving a limit is worth, and when orders, approvals and power come.
#include <fmt/format.h>

#include <algorithm>

#include "vorrat/report/format.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::LimitLine;
using fleet::Plan;

Cell price(const std::optional<double>& value) {
  return value ? cell(value) : Cell{std::string("no plan")};
}

/// The last quarter that the plan sees, for bars that run on.
std::string last_quarter(const Plan& plan) {
  return plan.fleet.empty() ? "" : plan.fleet.back().stage;
}

/// The quarter before one: "2026Q4" before "2027Q1".
std::string quarter_before(const std::string& quarter) {
  const int year = std::stoi(quarter), number = quarter.back() - '0';
  return number > 1 ? fmt::format("{}Q{}", year, number - 1) : fmt::format("{}Q4", year - 1);
}

}  // namespace

Section limit_section(const Plan& plan) {
  DataTable table{
      .id = "limits",
      .title = "What limits",
      .columns =
          {words("limit", "limit"),
           {"odds_binding", "binds", Format::odds, "",
            "share of the futures in which it binds at least once"},
           {"gain_up", "one more", Format::money, plan.currency,
            "what the plan gains, per unit of the limit, if the limit moves up by the step"},
           {"loss_down", "one less", Format::money, plan.currency,
            "what the plan loses, per unit of the limit, if the limit moves down by the step"},
           words("per", "per"),
           {"step", "step", Format::number, "", "by how much the limit was moved"}},
      .rows = {},
      .sums = {},
      .notes = {"binds: share of the futures in which it binds at least once",
                "one more, one less: what the plan gains or loses per unit of the limit; each "
                "holds for its step and direction, by re-solving with the limit moved in every "
                "quarter to which it applies; \"no plan\": the limits cannot all be kept"},
      .charts = {{.kind = ChartKind::bars,
                  .id = "limits-bars",
                  .title = "Odds that a limit binds at least once",
                  .alternative = "One bar a limit: the share of futures in which it binds.",
                  .columns = {{"label", "limit"}, {"value", "odds_binding"}}}},
      .across = {}};
  for (const LimitLine& line : plan.limits) {
    table.rows.push_back({line.name, line.odds_binding, price(line.gain_per_unit_up),
                          price(line.loss_per_unit_down),
                          line.unit == "money" ? plan.currency : line.unit, line.step});
  }
  return {.id = "limits", .title = "Limits and shadow prices", .lead = "", .tables = {table}};
}

Section schedule_section(const Plan& plan, const RunFacts& facts) {
  DataTable table{
      .id = "schedule",
      .title = "Deliveries and power, by quarter",
      .columns = {words("what", "what"), words("kind", "kind"), words("from", "from"),
                  words("to", "to"), words("note", "note")},
      .rows = {},
      .sums = {},
      .notes = {"delivery: from the quarter of the order to the first in which it can run; power: "
                "while that capacity is usable within the horizon"},
      .charts = {{.kind = ChartKind::gantt,
                  .id = "schedule-gantt",
                  .title = "From order to delivery, and power by phase",
                  .alternative = "Bars over quarters: each order until it arrives, each phase of "
                                 "power while it lasts.",
                  .columns = {{"label", "what"},
                              {"from", "from"},
                              {"to", "to"},
                              {"series", "kind"},
                              {"note", "note"}}}},
      .across = {}};
  const std::string first = plan.fleet.empty() ? "" : plan.fleet.front().stage;
  for (const auto& line : plan.orders) {
    if (line.arrives.empty()) continue;
    table.rows.push_back({fmt::format("{} to {}", line.accelerator, line.site), "delivery", first,
                          line.arrives,
                          line.waits_for_gates ? "at the earliest: waits for its gates" : ""});
  }
  for (const SiteFacts& site : facts.sites) {
    for (std::size_t p = 0; p < site.power.size(); ++p) {
      const bool is_last = p + 1 == site.power.size();
      const std::string until =
          is_last ? last_quarter(plan) : quarter_before(site.power[p + 1].from);
      if (site.power[p].from > last_quarter(plan) || until < first) continue;
      table.rows.push_back({"power at " + site.id, "power", std::max(site.power[p].from, first),
                            std::min(until, last_quarter(plan)),
                            fmt::format("{} MW", format_number(site.power[p].capacity))});
    }
  }
  return {.id = "schedule", .title = "When things come", .lead = "", .tables = {table}};
}

}  // namespace vorrat::report

// What limits, and what moving a limit is worth.
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::LimitLine;
using fleet::Plan;

Cell price(const std::optional<double>& value) {
  return value ? cell(value) : Cell{std::string("no plan")};
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

}  // namespace vorrat::report

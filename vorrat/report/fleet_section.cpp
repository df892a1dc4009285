// What is there by quarter and what it serves, over the futures of the plan.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::FleetLine;
using fleet::Plan;

/// The accelerators that are ever there; all of them together come last.
std::vector<std::string> seen_accelerators(const Plan& plan) {
  std::set<std::string> seen;
  for (const FleetLine& line : plan.fleet) {
    if (line.p95 > 0) seen.insert(line.accelerator);
  }
  const bool all = seen.erase("all") > 0;
  std::vector<std::string> names(seen.begin(), seen.end());
  if (all) names.push_back("all");
  return names;
}

template <typename Add>
void for_each_line(const Plan& plan, Add add) {
  for (const std::string& accelerator : seen_accelerators(plan)) {
    for (const FleetLine& line : plan.fleet) {
      if (line.accelerator == accelerator) add(line);
    }
  }
}

DataTable fleet_table(const Plan& plan) {
  DataTable table{
      .id = "fleet",
      .title = "Fleet by quarter: 5, 50 and 95 % of futures",
      .columns = {words("accelerator", "accelerator"),
                  words("quarter", "quarter"),
                  {"p05", "5 %", Format::count, "",
                   "accelerators that are there in all but 5 % of "
                   "futures"},
                  {"p50", "50 %", Format::count, "", "in half of the futures there are more"},
                  {"p95", "95 %", Format::count, "", "in 5 % of futures there are more"}},
      .rows = {},
      .sums = {},
      .notes = {"quantiles of single accelerators do not add up to those of all together"},
      .charts = {{.kind = ChartKind::fan,
                  .id = "fleet-fan",
                  .title = "Accelerators that are there: 5 to 95 % of futures, line at 50 %",
                  .alternative = "One panel an accelerator: the number that is there by quarter "
                                 "with its band from 5 to 95 % of futures.",
                  .columns = {{"x", "quarter"},
                              {"middle", "p50"},
                              {"low", "p05"},
                              {"high", "p95"},
                              {"series", "accelerator"}}}},
      .across = "quarter"};
  for_each_line(plan, [&](const FleetLine& line) {
    table.rows.push_back({line.accelerator, line.stage, line.p05, line.p50, line.p95});
  });
  return table;
}

/// What of them runs.
DataTable running_table(const Plan& plan) {
  DataTable table{.id = "running",
                  .title = "Running by quarter: 5, 50 and 95 % of futures",
                  .columns = {words("accelerator", "accelerator"),
                              words("quarter", "quarter"),
                              {"p05", "5 %", Format::count, "",
                               "accelerators that run in all but 5 % of futures"},
                              {"p50", "50 %", Format::count, "", "in half of the futures more run"},
                              {"p95", "95 %", Format::count, "", "in 5 % of futures more run"}},
                  .rows = {},
                  .sums = {},
                  .notes = {"running: installed, with power, and with something to serve"},
                  .charts = {},
                  .across = "quarter"};
  for_each_line(plan, [&](const FleetLine& line) {
    table.rows.push_back(
        {line.accelerator, line.stage, line.running_p05, line.running_p50, line.running_p95});
  });
  return table;
}

/// Only accelerators that stand idle somewhere.
DataTable idle_table(const Plan& plan) {
  DataTable table{
      .id = "idle",
      .title = "Idle on average: no power, or nothing to serve",
      .columns = {words("accelerator", "accelerator"),
                  words("quarter", "quarter"),
                  {"mean", "there", Format::count, "", "mean over the futures"},
                  {"mean_idle", "idle", Format::count, "", "mean over the futures"}},
      .rows = {},
      .sums = {},
      .notes = {},
      .charts = {{.kind = ChartKind::lines,
                  .id = "idle-lines",
                  .title = "Idle accelerators, mean over the futures",
                  .alternative = "One line an accelerator: how many stand idle by quarter.",
                  .columns = {{"x", "quarter"}, {"y", "mean_idle"}, {"series", "accelerator"}}}},
      .across = "quarter"};
  std::set<std::string> idle;
  for (const FleetLine& line : plan.fleet) {
    if (line.mean_idle >= 1.0 && line.accelerator != "all") idle.insert(line.accelerator);
  }
  for_each_line(plan, [&](const FleetLine& line) {
    if (idle.contains(line.accelerator))
      table.rows.push_back({line.accelerator, line.stage, line.mean, line.mean_idle});
  });
  return table;
}

/// Lines of one workload together, in the order in which workloads first come.
std::vector<fleet::ServiceLine> by_workload(const Plan& plan) {
  std::vector<fleet::ServiceLine> lines = plan.service;
  std::map<std::string, std::size_t> first;
  for (const auto& line : lines) first.emplace(line.workload, first.size());
  std::stable_sort(lines.begin(), lines.end(), [&](const auto& a, const auto& b) {
    return first.at(a.workload) < first.at(b.workload);
  });
  return lines;
}

DataTable demand_table(const Plan& plan) {
  DataTable table{
      .id = "demand",
      .title = "Demand, expected, and what of it goes unserved",
      .columns = {words("workload", "workload"),
                  words("unit", "unit"),
                  words("quarter", "quarter"),
                  {"demand", "demand", Format::scaled, "", "mean over the futures"},
                  {"demand_p05", "5 %", Format::scaled, "", "demand is below in 5 % of futures"},
                  {"demand_p50", "50 %", Format::scaled, "",
                   "demand is below in half of the futures"},
                  {"demand_p95", "95 %", Format::scaled, "", "demand is above in 5 % of futures"},
                  {"unserved", "unserved", Format::scaled, "", "mean over the futures"}},
      .rows = {},
      .sums = {},
      .notes = {"k, M, G, T, P, E, Z, Y are powers of a thousand"},
      .charts = {{.kind = ChartKind::fan,
                  .id = "demand-fan",
                  .title = "Demand: 5 to 95 % of futures, line at 50 %",
                  .alternative = "One panel a workload: its demand by quarter with its band from 5 "
                                 "to 95 % of futures.",
                  .columns = {{"x", "quarter"},
                              {"middle", "demand_p50"},
                              {"low", "demand_p05"},
                              {"high", "demand_p95"},
                              {"series", "workload"}}}},
      .across = "quarter"};
  for (const auto& line : by_workload(plan))
    table.rows.push_back({line.workload, line.unit, line.stage, line.demand_mean, line.demand_p05,
                          line.demand_p50, line.demand_p95, line.unserved_mean});
  return table;
}

}  // namespace

Section fleet_section(const Plan& plan) {
  return {.id = "fleet",
          .title = "Fleet and service",
          .lead = "",
          .tables = {fleet_table(plan), running_table(plan), idle_table(plan), demand_table(plan)}};
}

Section odds_section(const Plan& plan) {
  DataTable table{
      .id = "service",
      .title = "Odds that demand is served in full, and the share expected to go unserved",
      .columns = {words("workload", "workload"),
                  words("quarter", "quarter"),
                  {"odds_served", "odds served", Format::odds, "",
                   "share of the futures in which at least 99.9 % of the demand is served"},
                  {"unserved_share", "unserved", Format::odds, "",
                   "expected unserved work by expected demand, over the futures"}},
      .rows = {},
      .sums = {},
      .notes = {"odds served: share of the futures in which at least 99.9 % of the demand is "
                "served; unserved: expected unserved work by expected demand"},
      .charts = {{.kind = ChartKind::lines,
                  .id = "odds-lines",
                  .title = "Odds that demand is served in full",
                  .alternative = "One line a workload: the odds by quarter that its demand is "
                                 "served in full.",
                  .columns = {{"x", "quarter"}, {"y", "odds_served"}, {"series", "workload"}}},
                 {.kind = ChartKind::lines,
                  .id = "unserved-lines",
                  .title = "Share of demand expected to go unserved",
                  .alternative = "One line a workload: the expected unserved share by quarter.",
                  .columns = {{"x", "quarter"}, {"y", "unserved_share"}, {"series", "workload"}}}},
      .across = "quarter"};
  for (const auto& line : by_workload(plan)) {
    table.rows.push_back({line.workload, line.stage, line.odds_served, line.unserved_share});
  }
  return {.id = "odds", .title = "Odds served", .lead = "", .tables = {table}};
}

}  // namespace vorrat::report

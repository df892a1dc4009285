// Licences: how the gates may stand, when they first open, and what is applied for and shipped.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::Plan;

DataTable state_table(const Plan& plan) {
  DataTable table{.id = "gate_states",
                  .title = "Odds of each state of a gate",
                  .columns = {words("gate", "gate"),
                              words("state", "state"),
                              words("quarter", "quarter"),
                              {"odds", "odds", Format::odds, "",
                               "of the state in this quarter, from the gate's own odds of moving"}},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = "quarter"};
  std::vector<fleet::GateLine> lines = plan.gates;
  const auto key = [](const fleet::GateLine& line) { return std::pair(line.gate, line.state); };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (const auto& line : lines)
    table.rows.push_back({line.gate, line.state, line.stage, line.odds});
  return table;
}

std::string by_when(const std::string& quarter) {
  return quarter.empty() ? "after the horizon" : quarter;
}

DataTable date_table(const Plan& plan) {
  DataTable table{.id = "gate_dates",
                  .title = "When a gate first lets anything pass",
                  .columns = {words("gate", "gate"), words("p05", "5 %"), words("p50", "50 %"),
                              words("p95", "95 %")},
                  .rows = {},
                  .sums = {},
                  .notes = {"5 %: in one of 20 futures it does by then"},
                  .charts = {},
                  .across = {}};
  for (const auto& date : plan.gate_dates)
    table.rows.push_back({date.gate, by_when(date.p05), by_when(date.p50), by_when(date.p95)});
  return table;
}

DataTable licence_table(const Plan& plan) {
  DataTable table{
      .id = "licences",
      .title = "Licences: applied for, pending, unused, and what has shipped",
      .columns = {words("offer", "offer"),
                  words("quarter", "quarter"),
                  {"applied", "applied for", Format::count, "", "in the quarter, mean"},
                  {"pending", "pending", Format::count, "", "at its end, mean"},
                  {"unused", "granted, unused", Format::count, "", "at its end, mean"},
                  {"waiting", "ordered, not shipped", Format::count, "", "at its end, mean"},
                  {"p05", "shipped 5 %", Format::count, "", "since the start"},
                  {"p50", "shipped 50 %", Format::count, "", "since the start"},
                  {"p95", "shipped 95 %", Format::count, "", "since the start"}},
      .rows = {},
      .sums = {},
      .notes = {"accelerators; means and quantiles over the futures"},
      .charts = {},
      .across = "quarter"};
  std::set<std::string> seen;
  for (const auto& line : plan.licences) {
    const bool used = line.applied_mean + line.pending_mean + line.unused_mean + line.waiting_mean +
                          line.shipped_p95 >=
                      0.5;
    if (used) seen.insert(line.offer);
  }
  for (const std::string& offer : seen) {
    for (const auto& line : plan.licences) {
      if (line.offer != offer) continue;
      table.rows.push_back({line.offer, line.stage, line.applied_mean, line.pending_mean,
                            line.unused_mean, line.waiting_mean, line.shipped_p05, line.shipped_p50,
                            line.shipped_p95});
    }
  }
  return table;
}

}  // namespace

Section gate_section(const Plan& plan) {
  return {.id = "gates",
          .title = "Gates and licences",
          .lead = "",
          .tables = {date_table(plan), state_table(plan), licence_table(plan)}};
}

}  // namespace vorrat::report

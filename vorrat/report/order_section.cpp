// What to order now, what not, and what one more or less would change; which limits clash.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "vorrat/report/format.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::OrderLine;
using fleet::Plan;

std::vector<Column> order_columns(const std::string& currency) {
  return {words("accelerator", "accelerator"),
          words("route", "route"),
          words("site", "site"),
          {"quantity", "quantity", Format::count, "", "accelerators"},
          {"commitment", "commitment", Format::money, currency,
           "the whole price with duties, or the rent over the whole term"},
          {"pay_now", "pay now", Format::money, currency, "falls due in the first quarter"},
          words("arrives", "arrives"),
          {"one_more", "one more", Format::worth, currency + " each", ""},
          {"one_less", "one less", Format::worth, currency + " each", ""}};
}

std::string lot_text(const Plan& plan) {
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (const OrderLine& line : plan.orders) {
    if (line.lot <= 0.0) continue;
    low = std::min(low, line.lot);
    high = std::max(high, line.lot);
  }
  if (high <= 0.0) return "one lot";
  if (low == high) return fmt::format("{} units", format_number(high, 0));
  return fmt::format("{} to {} units", format_number(low, 0), format_number(high, 0));
}

void add_total(const Plan& plan, DataTable& table) {
  if (plan.orders.size() < 2) return;
  double cost = 0.0, now = 0.0;
  for (const OrderLine& line : plan.orders) {
    cost += line.cost;
    now += line.pay_now;
  }
  Sum sum{
      .row = table.rows.size(), .add = {}, .subtract = {}, .columns = {"commitment", "pay_now"}};
  sum.add.resize(table.rows.size());
  std::iota(sum.add.begin(), sum.add.end(), 0);
  table.rows.push_back(
      {"all", "", "", std::monostate{}, cost, now, "", std::monostate{}, std::monostate{}});
  table.sums.push_back(std::move(sum));
}

DataTable order_table(const Plan& plan) {
  DataTable table{.id = "orders",
                  .title = "Order now",
                  .columns = order_columns(plan.currency),
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = {}};
  bool waits = false;
  for (const OrderLine& line : plan.orders) {
    table.rows.push_back({line.accelerator, line.route, line.site, line.quantity, line.cost,
                          line.pay_now, line.arrives + (line.waits_for_gates ? "*" : ""),
                          cell(line.worth_of_one_more), cell(line.worth_of_one_less)});
    waits = waits || line.waits_for_gates;
  }
  add_total(plan, table);
  table.notes = {
      "commitment: the whole price with duties, or the rent over the whole term; arrives: the "
      "first "
      "quarter in which half of it can run",
      fmt::format("one more, one less: what the plan gains (+) or loses (-), {} per accelerator, "
                  "found by re-solving with {} more or less; beyond the supply limit where the "
                  "order is at it",
                  plan.currency, lot_text(plan))};
  if (waits)
    table.notes.push_back("* at the earliest: it ships only as far as the gates let it through");
  return table;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

DataTable order_law_table(const Plan& plan) {
  DataTable table{.id = "order-law",
                  .title = "Why it may be ordered",
                  .columns = {words("offer", "offer"), words("seller", "seller"),
                              words("transaction", "transaction"), words("status", "status"),
                              words("provisions", "provisions that decide")},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = {}};
  for (const OrderLine& line : plan.orders) {
    if (line.law_status.empty()) continue;
    table.rows.push_back(
        {line.offer, line.seller, line.transaction, line.law_status, joined(line.law_sources)});
  }
  return table;
}

DataTable why_ordered_table(const Plan& plan) {
  DataTable why = table("why-ordered", "Why these", {words("offer", "offer"), words("why", "why")});
  for (const OrderLine& line : plan.orders) {
    if (!line.why.empty()) why.rows.push_back({line.offer, line.why});
  }
  return why;
}

DataTable not_ordered_table(const Plan& plan) {
  DataTable table{.id = "not-ordered",
                  .title = "Not ordered now",
                  .columns = {words("offer", "offer"),
                              {"one_more", "one more", Format::worth, plan.currency + " each", ""},
                              words("why", "why")},
                  .rows = {},
                  .sums = {},
                  .notes = {},
                  .charts = {},
                  .across = {}};
  for (const OrderLine& line : plan.not_ordered)
    table.rows.push_back({line.offer, cell(line.worth_of_one_more), line.why_none});
  return table;
}

}  // namespace

Section order_section(const Plan& plan) {
  return {.id = "orders",
          .title = "Orders",
          .lead = "",
          .tables = {order_table(plan), why_ordered_table(plan), not_ordered_table(plan),
                     order_law_table(plan)}};
}

Section clash_section(const Plan& plan) {
  DataTable table{.id = "clashes",
                  .title = "Limits that cannot all be kept",
                  .columns = {words("group", "group"), words("limit", "limit")},
                  .rows = {},
                  .sums = {},
                  .notes = {"in each group one must give way; none can be left out of it"},
                  .charts = {},
                  .across = {}};
  for (std::size_t g = 0; g < plan.clashes.size(); ++g) {
    for (const std::string& limit : plan.clashes[g])
      table.rows.push_back({std::to_string(g + 1), limit});
  }
  return {.id = "clashes", .title = "No plan", .lead = "", .tables = {table}};
}

}  // namespace vorrat::report

// Where the money goes: what the objective is made of, spending by year, flows from budget to work.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::Plan;

double amount(std::int64_t cents) { return static_cast<double>(cents) / 100.0; }

DataTable cost_table(const Plan& plan) {
  DataTable table{
      .id = "cost",
      .title = "What the plan costs, expected and discounted",
      .columns = {words("part", "part"),
                  {"amount", "amount", Format::money, plan.currency, ""},
                  {"from", "from", Format::money, plan.currency, ""},
                  {"to", "to", Format::money, plan.currency, "the parts so far together"}},
      .rows = {},
      .sums = {{.row = 3, .add = {0, 1, 2}, .subtract = {}, .columns = {"amount"}}},
      .notes = {"the plan is the cheapest by this total: spending and the price put on demand that "
                "goes unserved, less what the fleet is worth at the end of the horizon"},
      .charts =
          {{.kind = ChartKind::waterfall,
            .id = "cost-waterfall",
            .title = "From spending to the cost that is least",
            .alternative = "Bars from spending through unserved demand and end value to the "
                           "total, each starting where the one before ends.",
            .columns = {{"label", "part"}, {"from", "from"}, {"to", "to"}, {"value", "amount"}}}},
      .across = {}};
  const double end = plan.method.end_value_mean;
  const double spending = plan.objective - plan.unserved_cost + end;
  table.rows = {
      {"spending", spending, 0.0, spending},
      {"demand that goes unserved", plan.unserved_cost, spending, spending + plan.unserved_cost},
      {"less the fleet's value at the end", -end, spending + plan.unserved_cost, plan.objective},
      {"cost of the plan", plan.objective, 0.0, plan.objective}};
  return table;
}

std::vector<std::string> years_of(const Plan& plan) {
  std::vector<std::string> years;
  const auto add = [&](const std::string& year) {
    if (std::find(years.begin(), years.end(), year) == years.end()) years.push_back(year);
  };
  for (const auto& year : plan.years) add(year.year);
  for (const auto& line : plan.money) add(line.year);
  return years;
}

/// The kinds of money that a budget pays, or that come back into it.
std::vector<std::string> kinds_of(const std::string& account) {
  if (account == "lease") return {"rent"};
  return {"purchase", "power", "resale"};
}

/// Fills one table of purposes by year, and remembers which rows are of which kind.
class MoneyTable {
 public:
  explicit MoneyTable(const Plan& plan) : years_(years_of(plan)) {
    table_.id = "money";
    table_.title = "Where the money goes, expected";
    table_.columns = {words("purpose", "purpose"), words("kind", "kind")};
    for (const std::string& year : years_)
      table_.columns.push_back({year, year, Format::cents, plan.currency, ""});
    table_.notes = {
        "purchases and power are paid from the capital budget, into which resale comes back, rents "
        "from the lease budget, electricity from neither"};
    add_purposes(plan);
    if (table_.rows.empty()) return;
    add_all();
    for (const char* account : {"capital", "lease"}) add_account(plan, account);
  }

  DataTable table() && { return std::move(table_); }

 private:
  void add_row(const std::string& name, const std::string& kind,
               const std::map<std::string, std::int64_t>& cents) {
    std::vector<Cell> row = {name, kind};
    for (const std::string& year : years_) {
      const auto found = cents.find(year);
      row.push_back(found == cents.end() ? Cell{} : Cell{amount(found->second)});
    }
    table_.rows.push_back(std::move(row));
  }

  void add_purposes(const Plan& plan) {
    std::vector<std::pair<std::string, std::string>> order;
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::int64_t>> cents;
    for (const auto& line : plan.money) {
      const std::pair key{line.purpose, line.kind};
      if (!cents.contains(key)) order.push_back(key);
      cents[key][line.year] += line.cents;
      all_[line.year] += line.cents;
    }
    for (const auto& key : order) {
      rows_of_kind_[key.second].push_back(table_.rows.size());
      add_row(key.first, key.second, cents[key]);
    }
  }

  void add_all() {
    Sum sum{.row = table_.rows.size(), .add = {}, .subtract = {}, .columns = years_};
    for (std::size_t r = 0; r < table_.rows.size(); ++r) sum.add.push_back(r);
    add_row("all", "", all_);
    table_.sums.push_back(std::move(sum));
  }

  void add_account(const Plan& plan, const std::string& account) {
    std::map<std::string, std::int64_t> budget, left;
    for (const auto& year : plan.years) {
      if (year.account != account) continue;
      budget[year.year] = year.budget_cents;
      left[year.year] = year.budget_cents - year.spent_cents;
    }
    if (budget.empty()) return;
    std::vector<std::string> columns;
    for (const auto& [year, cents] : budget) columns.push_back(year);
    add_row(account + " budget", "budget", budget);
    Sum sum{.row = table_.rows.size(),
            .add = {table_.rows.size() - 1},
            .subtract = {},
            .columns = columns};
    for (const std::string& kind : kinds_of(account)) {
      sum.subtract.insert(sum.subtract.end(), rows_of_kind_[kind].begin(),
                          rows_of_kind_[kind].end());
    }
    table_.sums.push_back(std::move(sum));
    add_row(account + " left", "budget", left);
  }

  std::vector<std::string> years_;
  DataTable table_;
  std::map<std::string, std::int64_t> all_;
  std::map<std::string, std::vector<std::size_t>> rows_of_kind_;
};

/// How much a year may cost: quantiles over the futures.
DataTable spread_table(const Plan& plan) {
  DataTable table{
      .id = "spending",
      .title = "Spending by year: 5, 50 and 95 % of futures",
      .columns = {words("year", "year"),
                  words("account", "account"),
                  {"budget", "budget", Format::money, plan.currency,
                   "mean over the futures, without what is carried over"},
                  {"p05", "5 %", Format::money, plan.currency, "spent is below in 5 % of futures"},
                  {"p50", "50 %", Format::money, plan.currency, "spent is below in half of them"},
                  {"p95", "95 %", Format::money, plan.currency,
                   "spent is above in 5 % of futures"}},
      .rows = {},
      .sums = {},
      .notes = {},
      .charts = {},
      .across = {}};
  for (const auto& year : plan.years)
    table.rows.push_back({year.year, year.account, amount(year.budget_cents), year.spent_p05,
                          year.spent_p50, year.spent_p95});
  return table;
}

/// What an amount spent on an accelerator at a site goes to: its workloads, each with its share of
/// the running time. Adds up to the cent.
std::vector<std::pair<std::string, std::int64_t>> shares_of(const Plan& plan,
                                                            const fleet::OrderLine& offer,
                                                            std::int64_t cents) {
  std::vector<std::pair<std::string, double>> running;
  double all = 0.0;
  for (const auto& use : plan.uses) {
    if (use.accelerator != offer.accelerator || use.site != offer.site) continue;
    running.emplace_back("work: " + use.workload, use.running_mean);
    all += use.running_mean;
  }
  if (all <= 0.0) return {{"not running yet", cents}};
  std::vector<std::pair<std::string, std::int64_t>> shares;
  double so_far = 0.0;
  std::int64_t given = 0;
  for (const auto& [workload, units] : running) {
    so_far += units;
    const std::int64_t upto =
        std::llround(static_cast<double>(cents) * std::min(1.0, so_far / all));
    shares.emplace_back(workload, upto - given);
    given = upto;
  }
  shares.back().second += cents - given;
  return shares;
}

/// Flows of money from account over route, accelerator and site to workload. Names of a step carry
/// what they are, since a route and a site may be called the same.
DataTable flow_table(const Plan& plan) {
  DataTable table{
      .id = "money-flow",
      .title = "Expected spending over the horizon, from budget to work",
      .columns = {words("from", "from"),
                  words("to", "to"),
                  {"amount", "amount", Format::money, plan.currency, ""}},
      .rows = {},
      .sums = {},
      .notes = {"over all quarters and futures, not discounted; electricity is left out",
                "to work: by the share of its running time that all of an accelerator at a site "
                "gives to each workload over the horizon"},
      .charts = {{.kind = ChartKind::sankey,
                  .id = "money-sankey",
                  .title = "From budget by route, accelerator and site to work",
                  .alternative = "Flows of money from each budget through routes, accelerators "
                                 "and sites to workloads; the table above has every flow.",
                  .columns = {{"from", "from"}, {"to", "to"}, {"value", "amount"}}}},
      .across = {}};
  std::map<std::string, const fleet::OrderLine*> offers;
  for (const auto* lines : {&plan.orders, &plan.not_ordered}) {
    for (const auto& line : *lines) offers[line.offer] = &line;
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> flows;
  std::vector<std::pair<std::string, std::string>> order[4];
  const auto flow = [&](int step, const std::string& from, const std::string& to,
                        std::int64_t cents) {
    const std::pair key{from, to};
    if (!flows.contains(key)) order[step].push_back(key);
    flows[key] += cents;
  };
  for (const auto& line : plan.money) {
    const auto offer = offers.find(line.purpose);
    if (offer == offers.end() || line.cents == 0) continue;
    const std::string account = line.kind == "rent" ? "budget: lease" : "budget: capital";
    const std::string route = "route: " + offer->second->route;
    const std::string site = "site: " + offer->second->site;
    flow(0, account, route, line.cents);
    flow(1, route, offer->second->accelerator, line.cents);
    flow(2, offer->second->accelerator, site, line.cents);
    for (const auto& [work, cents] : shares_of(plan, *offer->second, line.cents))
      if (cents != 0) flow(3, site, work, cents);
  }
  for (const auto& step : order) {
    for (const auto& key : step) table.rows.push_back({key.first, key.second, amount(flows[key])});
  }
  return table;
}

}  // namespace

Section money_section(const Plan& plan) {
  return {
      .id = "money",
      .title = "Money",
      .lead = "",
      .tables = {cost_table(plan), MoneyTable(plan).table(), spread_table(plan), flow_table(plan)}};
}

}  // namespace vorrat::report

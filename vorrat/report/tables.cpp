#include "vorrat/report/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace vorrat::report {
namespace {

using fleet::FleetLine;
using fleet::LimitLine;
using fleet::OrderLine;
using fleet::Plan;
using fleet::ServiceLine;

std::string with_separators(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string format_count(std::size_t count) { return with_separators(count); }

std::string format_worth(const std::optional<double>& worth) {
  if (!worth) return "-";
  if (*worth == 0.0) return "0";
  return fmt::format("{}{}", *worth > 0 ? "+" : "-", format_number(std::abs(*worth)));
}

/// Scales a rate in the workload's own unit to something readable, as in "52.3 T".
std::string format_scaled(double value) {
  static constexpr std::pair<double, const char*> scales[] = {{1e24, "Y"}, {1e21, "Z"}, {1e18, "E"},
                                                              {1e15, "P"}, {1e12, "T"}, {1e9, "G"},
                                                              {1e6, "M"},  {1e3, "k"}};
  for (const auto& [scale, letter] : scales) {
    if (std::abs(value) >= scale) return fmt::format("{} {}", format_number(value / scale), letter);
  }
  return format_number(value);
}

constexpr double lp_infinity = std::numeric_limits<double>::infinity();

Table order_table(const Plan& plan) {
  Table table{.id = "orders",
              .title = "Order now",
              .columns = {{"accelerator"},
                          {"route"},
                          {"site"},
                          {"quantity", Align::right},
                          {"commitment", Align::right},
                          {"pay now", Align::right},
                          {"arrives"},
                          {"one more", Align::right},
                          {"one less", Align::right}},
              .rows = {},
              .notes = {}};
  double total = 0.0, now = 0.0;
  bool waits = false;
  for (const OrderLine& line : plan.orders) {
    table.rows.push_back(
        {line.accelerator, line.route, line.site, format_number(line.quantity, 0),
         format_money(line.cost, plan.currency), format_money(line.pay_now, plan.currency),
         line.arrives + (line.waits_for_gates ? "*" : ""), format_worth(line.worth_of_one_more),
         format_worth(line.worth_of_one_less)});
    total += line.cost;
    now += line.pay_now;
    waits = waits || line.waits_for_gates;
  }
  if (plan.orders.size() > 1) {
    table.rows.push_back({"all", "", "", "", format_money(total, plan.currency),
                          format_money(now, plan.currency), "", "", ""});
  }
  double low = lp_infinity, high = 0.0;
  for (const OrderLine& line : plan.orders) {
    if (line.lot <= 0.0) continue;
    low = std::min(low, line.lot);
    high = std::max(high, line.lot);
  }
  const std::string lot =
      high <= 0.0   ? "one lot"
      : low == high ? fmt::format("{} units", format_number(high, 0))
                    : fmt::format("{} to {} units", format_number(low, 0), format_number(high, 0));
  table.notes.push_back("commitment: the whole price with duties, or the rent over the whole term");
  table.notes.push_back(
      fmt::format("one more, one less: what the plan gains (+) or loses (-), {} per accelerator, "
                  "found by re-solving with "
                  "{} more or less; beyond the supply limit where the order is at it",
                  plan.currency, lot));
  if (waits) {
    table.notes.push_back("* at the earliest: it ships only as far as the gates let it through");
  }
  return table;
}

Table not_ordered_table(const Plan& plan) {
  Table table{.id = "not-ordered",
              .title = "Not ordered now",
              .columns = {{"offer"}, {"one more", Align::right}, {"why"}},
              .rows = {},
              .notes = {}};
  for (const OrderLine& line : plan.not_ordered) {
    table.rows.push_back({line.offer, format_worth(line.worth_of_one_more), line.why_none});
  }
  return table;
}

Table money_table(const Plan& plan) {
  std::vector<std::string> years;
  for (const auto& year : plan.years) {
    if (std::find(years.begin(), years.end(), year.year) == years.end()) years.push_back(year.year);
  }
  for (const auto& line : plan.money) {
    if (std::find(years.begin(), years.end(), line.year) == years.end()) years.push_back(line.year);
  }
  Table table{.id = "money",
              .title = fmt::format("Where the money goes, expected ({})", plan.currency),
              .columns = {{"purpose"}},
              .rows = {},
              .notes = {}};
  for (const std::string& year : years) table.columns.push_back({year, Align::right});
  const auto add = [&](const std::string& name, const std::map<std::string, std::int64_t>& cents) {
    std::vector<std::string> row = {name};
    for (const std::string& year : years) {
      const auto found = cents.find(year);
      row.push_back(found == cents.end() ? "-" : format_cents(found->second));
    }
    table.rows.push_back(std::move(row));
  };
  std::map<std::string, std::map<std::string, std::int64_t>> by_purpose;
  std::vector<std::string> order;
  std::map<std::string, std::int64_t> all;
  for (const auto& line : plan.money) {
    if (!by_purpose.contains(line.purpose)) order.push_back(line.purpose);
    by_purpose[line.purpose][line.year] += line.cents;
    all[line.year] += line.cents;
  }
  for (const std::string& purpose : order) add(purpose, by_purpose[purpose]);
  add("all", all);
  std::map<std::string, std::map<std::string, std::int64_t>> budget, left;
  for (const auto& year : plan.years) {
    budget[year.account][year.year] = year.budget_cents;
    left[year.account][year.year] = year.budget_cents - year.spent_cents;
  }
  for (const auto& [account, cents] : budget) {
    add(account + " budget", cents);
    add(account + " left", left[account]);
  }
  table.notes.push_back(
      "purchases are paid from the capital budget, rents from the lease budget, electricity from "
      "neither");
  return table;
}

std::vector<std::string> stages_of(const Plan& plan) {
  std::vector<std::string> stages;
  for (const FleetLine& line : plan.fleet) {
    if (std::find(stages.begin(), stages.end(), line.stage) == stages.end())
      stages.push_back(line.stage);
  }
  return stages;
}

Table fleet_table(const Plan& plan) {
  Table table{.id = "fleet",
              .title = "Fleet by quarter: 5 / 50 / 95 % of futures, thousands of accelerators",
              .columns = {{"accelerator"}},
              .rows = {},
              .notes = {}};
  const std::vector<std::string> stages = stages_of(plan);
  for (const std::string& stage : stages) table.columns.push_back({stage, Align::right});
  std::map<std::string, std::map<std::string, const FleetLine*>> lines;
  std::set<std::string> seen;
  for (const FleetLine& line : plan.fleet) {
    lines[line.accelerator][line.stage] = &line;
    if (line.p95 > 0) seen.insert(line.accelerator);
  }
  const FleetLine* idlest = nullptr;
  const auto thousands = [](double units) {
    return format_number(units / 1000.0, units < 9950 ? 2 : 0);
  };
  std::vector<std::string> names(seen.begin(), seen.end());
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name != "all"; });
  for (const std::string& accelerator : names) {
    const auto& by_stage = lines.at(accelerator);
    std::vector<std::string> low = {accelerator + "  5 %"}, middle = {"  50 %"}, high = {"  95 %"};
    for (const std::string& stage : stages) {
      const FleetLine& line = *by_stage.at(stage);
      low.push_back(thousands(line.p05));
      middle.push_back(thousands(line.p50));
      high.push_back(thousands(line.p95));
      if (accelerator != "all" && (idlest == nullptr || line.mean_idle > idlest->mean_idle))
        idlest = &line;
    }
    const auto same = [](const std::vector<std::string>& a, const std::vector<std::string>& b) {
      return std::equal(a.begin() + 1, a.end(), b.begin() + 1);
    };
    if (same(low, middle) && same(middle, high)) {
      low[0] = accelerator;
      table.rows.push_back(low);
    } else {
      table.rows.insert(table.rows.end(), {low, middle, high});
    }
  }
  if (idlest != nullptr && idlest->mean_idle >= 1.0) {
    table.notes.push_back(
        fmt::format("most idle: {} {} in {} on average (no power, or nothing to serve)",
                    format_number(idlest->mean_idle, 0), idlest->accelerator, idlest->stage));
  }
  table.notes.push_back(
      "supply, prices and lead times are planned at their means: their spread is not in these "
      "figures");
  return table;
}

Table service_table(const Plan& plan) {
  Table table{.id = "service",
              .title = "Odds that demand is served in full, and the share expected to go unserved",
              .columns = {{"workload"}},
              .rows = {},
              .notes = {}};
  const std::vector<std::string> stages = stages_of(plan);
  for (const std::string& stage : stages) table.columns.push_back({stage, Align::right});
  std::vector<std::string> workloads;
  std::map<std::string, std::map<std::string, const ServiceLine*>> lines;
  for (const ServiceLine& line : plan.service) {
    if (!lines.contains(line.workload)) workloads.push_back(line.workload);
    lines[line.workload][line.stage] = &line;
  }
  for (const std::string& workload : workloads) {
    std::vector<std::string> odds = {workload + "  odds"}, share = {"  unserved"},
                             demand = {"  demand, " + lines[workload].at(stages.front())->unit};
    for (const std::string& stage : stages) {
      const ServiceLine& line = *lines[workload].at(stage);
      odds.push_back(format_odds(line.odds_served));
      share.push_back(format_odds(line.unserved_share));
      demand.push_back(format_scaled(line.demand_mean));
    }
    table.rows.insert(table.rows.end(), {odds, share, demand});
  }
  table.notes.push_back("demand: expected; k, M, G, T, P, E, Z, Y are powers of a thousand");
  return table;
}

Table limit_table(const Plan& plan) {
  Table table{.id = "limits",
              .title = "What limits",
              .columns = {{"limit"},
                          {"binds", Align::right},
                          {"one more is worth", Align::right},
                          {"one less costs", Align::right},
                          {"per"}},
              .rows = {},
              .notes = {}};
  for (const LimitLine& line : plan.limits) {
    const bool money = line.unit == "money";
    const auto price = [&](const std::optional<double>& value) {
      if (!value) return std::string("no plan");
      return money ? format_number(*value) : format_money(*value, plan.currency);
    };
    table.rows.push_back(
        {line.name, format_odds(line.odds_binding), price(line.gain_per_unit_up),
         price(line.loss_per_unit_down),
         money ? fmt::format("{} (step {})", plan.currency, format_money(line.step, plan.currency))
               : fmt::format("{} (step {})", line.unit, format_number(line.step, 0))});
  }
  table.notes.push_back(
      "binds: chance that it binds at least once. Each price holds for its step and direction, by "
      "re-solving with the limit moved in every quarter to which it applies; \"no plan\": the "
      "limits cannot all be kept");
  return table;
}

/// How far sampling moves the answer: the range over trees with other seeds, and whether the orders
/// stay.
std::string other_trees_text(const Plan& plan) {
  double low = plan.objective, high = plan.objective;
  std::map<std::size_t, std::pair<double, double>> quantities;
  for (const fleet::OtherTree& tree : plan.other_trees) {
    low = std::min(low, tree.objective);
    high = std::max(high, tree.objective);
    for (std::size_t o = 0; o < tree.quantities.size(); ++o) {
      auto [place, is_new] = quantities.try_emplace(o, tree.quantities[o], tree.quantities[o]);
      place->second.first = std::min(place->second.first, tree.quantities[o]);
      place->second.second = std::max(place->second.second, tree.quantities[o]);
    }
  }
  double widest = 0.0;
  for (const auto& [offer, range] : quantities)
    widest = std::max(widest, range.second - range.first);
  return fmt::format(
      "{} more seeds give {} to {} with this one; no first order differs between them by more than "
      "{} units",
      plan.other_trees.size(), format_money(low, plan.currency), format_money(high, plan.currency),
      format_number(widest, 0));
}

Table method_table(const Plan& plan, const RunFacts& facts) {
  const fleet::Method& method = plan.method;
  Table table{.id = "method", .title = "Method", .columns = {{""}, {""}}, .rows = {}, .notes = {}};
  const auto add = [&](const std::string& name, const std::string& value) {
    table.rows.push_back({name, value});
  };
  add("method", fmt::format("{}, {}", method.name, method.solver));
  add("tree",
      fmt::format("{} nodes, {} futures{}; {} rows, {} columns", format_count(method.tree_nodes),
                  format_count(method.leaves), method.sampled ? ", sampled in later quarters" : "",
                  format_count(method.rows), format_count(method.columns)));
  if (plan.status == fleet::PlanStatus::optimal) {
    add("on this tree",
        fmt::format("{}; bound {}, gap {:.1e}", format_money(plan.objective, plan.currency),
                    format_money(plan.bound, plan.currency), plan.gap));
    if (!plan.other_trees.empty()) add("on other trees", other_trees_text(plan));
  }
  add("end value", method.end_value);
  add("seed", std::to_string(method.seed));
  add("inputs", fmt::format("{}, known on {}, hash {}", facts.scenario, facts.known_on,
                            facts.input_hash.substr(0, 16)));
  add("version", "vorrat " + facts.version);
  add("time", fmt::format("{:.1f} s, {} re-solves", method.seconds, method.resolves));
  for (const std::string& note : facts.notes) table.notes.push_back(note);
  for (const std::string& assumption : facts.assumptions)
    table.notes.push_back("assumed by default: " + assumption);
  table.notes.push_back("conditional on these inputs, not a forecast; not legal advice");
  return table;
}

}  // namespace

std::string format_number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  const double magnitude = std::abs(value);
  const char* sign = value < 0 ? "-" : "";
  if (magnitude >= 1000.0 || digits == 0) {
    const double rounded = std::round(magnitude);
    return rounded == 0.0 ? "0" : sign + with_separators(static_cast<std::uint64_t>(rounded));
  }
  if (magnitude == 0.0) return "0";
  return fmt::format("{:.{}g}", value, digits);
}

std::string format_money(double value, const std::string& currency) {
  static constexpr std::pair<double, const char*> scales[] = {
      {1e9, " bn"}, {1e6, " m"}, {1e3, " k"}};
  const double magnitude = std::abs(value);
  for (const auto& [scale, word] : scales) {
    if (magnitude >= scale) return fmt::format("{} {:.3g}{}", currency, value / scale, word);
  }
  return fmt::format("{} {:.3g}", currency, value);
}

std::string format_cents(std::int64_t cents) {
  const std::uint64_t magnitude = static_cast<std::uint64_t>(cents < 0 ? -cents : cents);
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", with_separators(magnitude / 100),
                     magnitude % 100);
}

std::string format_odds(double odds) {
  if (odds <= 1e-9) return "0 %";
  if (odds >= 1.0 - 1e-9) return "100 %";
  if (odds < 0.01) return "<1 %";
  if (odds > 0.99) return ">99 %";
  return fmt::format("{:.0f} %", odds * 100.0);
}

std::vector<std::string> answer_sentences(const Plan& plan) {
  std::vector<std::string> sentences;
  if (plan.status != fleet::PlanStatus::optimal) return sentences;
  double cost = 0.0, now = 0.0;
  for (const OrderLine& line : plan.orders) {
    cost += line.cost;
    now += line.pay_now;
  }
  if (plan.orders.empty()) {
    sentences.push_back("Order nothing this quarter.");
  } else {
    std::string list;
    for (std::size_t i = 0; i < plan.orders.size(); ++i) {
      const OrderLine& line = plan.orders[i];
      list += fmt::format("{}{} {} for {}",
                          i == 0                        ? ""
                          : i + 1 == plan.orders.size() ? " and "
                                                        : ", ",
                          format_number(line.quantity, 0), line.accelerator, line.site);
    }
    sentences.push_back(
        fmt::format("Order now {}: {} committed in all, of which {} falls due this quarter.", list,
                    format_money(cost, plan.currency), format_money(now, plan.currency)));
  }
  const double spending = plan.objective - plan.unserved_cost + plan.method.end_value_mean;
  sentences.push_back(fmt::format(
      "Expected over the horizon, discounted: {} of spending, and {} counted for demand that goes "
      "unserved, less {} that the "
      "fleet is worth at the end.",
      format_money(spending, plan.currency), format_money(plan.unserved_cost, plan.currency),
      format_money(plan.method.end_value_mean, plan.currency)));
  if (!plan.is_complete) sentences.push_back("Interrupted: some worths and prices are missing.");
  return sentences;
}

std::vector<Table> plan_tables(const Plan& plan, const RunFacts& facts) {
  std::vector<Table> tables;
  if (plan.status == fleet::PlanStatus::optimal) {
    tables.push_back(order_table(plan));
    if (!plan.not_ordered.empty()) tables.push_back(not_ordered_table(plan));
    tables.push_back(money_table(plan));
    tables.push_back(fleet_table(plan));
    tables.push_back(service_table(plan));
    if (!plan.limits.empty()) tables.push_back(limit_table(plan));
  }
  tables.push_back(method_table(plan, facts));
  return tables;
}

}  // namespace vorrat::report

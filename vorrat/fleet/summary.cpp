#include "vorrat/fleet/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace vorrat::fleet {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;
// A limit binds when its slack is below this share of its size.
constexpr double binding_tolerance = 1e-6;

std::int64_t to_cents(double millions) { return std::llround(millions * million * 100.0); }

using Weighted = std::vector<std::pair<double, double>>;  // (value, weight)

double mean_of(const Weighted& values) {
  double sum = 0.0;
  for (const auto& [value, weight] : values) sum += value * weight;
  return sum;
}

class Summary {
 public:
  Summary(const Problem& problem, const FleetGraph& graph, const std::vector<Visit>& visits)
      : problem_(problem), graph_(graph), visits_(visits), by_stage_(problem.stage_count()) {
    for (std::size_t v = 0; v < visits.size(); ++v)
      by_stage_[graph.nodes[visits[v].node].stage].push_back(v);
  }

  void add_orders(Plan& plan) const;
  void add_money(Plan& plan) const;
  void add_fleet(Plan& plan) const;
  void add_power(Plan& plan) const;
  void add_licences(Plan& plan) const;
  void add_service(Plan& plan) const;
  void add_uses(Plan& plan) const;
  void add_end_value(Plan& plan) const;
  bool binds(std::size_t v, const Limit& limit) const;
  bool is_last(std::size_t v) const { return stage(v) + 1 == problem_.stage_count(); }

 private:
  const NodeFacts& facts(std::size_t v) const { return graph_.nodes[visits_[v].node]; }
  const StageLayout& layout(std::size_t v) const { return facts(v).layout; }
  std::size_t stage(std::size_t v) const { return facts(v).stage; }
  double value(std::size_t v, std::size_t column) const {
    return column == none ? 0.0 : visits_[v].primal[column];
  }
  const program::StageTemplate& stage_problem(std::size_t v) const {
    return graph_.graph.nodes[visits_[v].node].problem;
  }
  double outgoing(std::size_t v, std::size_t state) const {
    return state == none ? 0.0 : visits_[v].primal[stage_problem(v).outgoing[state]];
  }
  double incoming(std::size_t v, std::size_t state) const {
    return state == none ? 0.0 : visits_[v].primal[stage_problem(v).incoming[state]];
  }
  double present(std::size_t v, std::size_t pool) const {
    return layout(v).standing[pool] + value_of(layout(v).present[pool], visits_[v].primal);
  }
  double installing(std::size_t v, std::size_t pool) const {
    return value_of(layout(v).installing[pool], visits_[v].primal);
  }
  double running(std::size_t v, std::size_t pool) const {
    double units = 0.0;
    for (std::size_t column : layout(v).allocation[pool]) units += value(v, column);
    return units;
  }
  double drawn(std::size_t v, std::size_t site) const {
    double power = 0.0;
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      if (problem_.pools[k].site == site) power += running(v, k) * problem_.pools[k].power_mw_per_k;
    }
    return power;
  }
  /// Of one stage: f(visit) with its weight.
  template <typename F>
  Weighted over(std::size_t stage, F&& f) const {
    Weighted values;
    for (std::size_t v : by_stage_[stage]) values.emplace_back(f(v), visits_[v].weight);
    return values;
  }
  std::string why_no_variable(std::size_t o, const OrderLine& line) const;
  OrderLine order_line(std::size_t o) const;
  double account_spending(std::size_t v, std::size_t account) const;
  double inflow(std::size_t v, std::size_t account) const;
  void add_years(Plan& plan,
                 const std::map<std::pair<std::size_t, bool>, std::int64_t>& spent) const;
  bool new_year(std::size_t stage) const {
    return stage == 0 || problem_.year_of_stage[stage - 1] != problem_.year_of_stage[stage];
  }
  bool year_ends(std::size_t stage) const {
    return stage + 1 == problem_.stage_count() || new_year(stage + 1);
  }

  const Problem& problem_;
  const FleetGraph& graph_;
  const std::vector<Visit>& visits_;
  std::vector<std::vector<std::size_t>> by_stage_;  // [stage] visits
};

std::string Summary::why_no_variable(std::size_t o, const OrderLine& line) const {
  const Offer& offer = problem_.offers[o];
  if (offer.supply[0] <= 0.0) return "not on offer in the first quarter";
  const bool lawful =
      offer.law.empty() || offer.law[problem_.regime_index(facts(0).regime)].may_order;
  if (line.law_status.empty() || lawful) {
    return "the rules in force at the start do not let it be ordered";
  }
  std::string text = fmt::format("the rules in force say {}", line.law_status);
  for (std::size_t i = 0; i < line.law_sources.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? ": " : ", ", line.law_sources[i]);
  }
  return text;
}

OrderLine Summary::order_line(std::size_t o) const {
  const Offer& offer = problem_.offers[o];
  const bool lease = offer.kind == Offer::Kind::lease;
  OrderLine line{.offer = offer.id,
                 .accelerator = offer.accelerator,
                 .seller = offer.seller,
                 .route = offer.route,
                 .site = problem_.sites[offer.site].id,
                 .transaction = lease ? "lease" : "buy",
                 .arrives = {},
                 .worth_of_one_more = {},
                 .worth_of_one_less = {},
                 .why = {},
                 .why_none = {}};
  // Less than a thousandth of one accelerator is the solver's dust.
  const double units = value(0, layout(0).order[o]) * thousand;
  line.quantity = units < 1e-3 ? 0.0 : units;
  const double applied = value(0, layout(0).apply[o]) * thousand;
  line.apply = applied < 1e-3 ? 0.0 : applied;
  const Regime& now = facts(0).regime;
  line.unit_price = (lease ? offer.price : price_in(problem_, offer, now)) * million / thousand;
  line.cost = line.quantity * line.unit_price * (lease ? offer.committed_term : 1);
  const bool at_once = offer.lead == 0 && (lease || !is_gated_purchase(offer));
  line.pay_now = lease     ? (at_once ? line.quantity * line.unit_price : 0.0)
                 : at_once ? line.cost
                           : line.cost * offer.deposit;
  // The quarter in which half of a shipment runs.
  const std::vector<double> spread = lead_spread(offer);
  std::size_t arrival = 0;
  for (double share = spread[0]; share < 0.5 && arrival + 1 < spread.size();)
    share += spread[++arrival];
  if (arrival < problem_.stage_count()) line.arrives = problem_.stage_names[arrival];
  if (!offer.law.empty()) {
    line.law_status = offer.law[problem_.regime_index(now)].status;
    line.law_sources = offer.law[problem_.regime_index(now)].sources;
  }
  line.waits_for_gates = is_gated_purchase(offer) && (release_share(problem_, offer, now) < 1.0 ||
                                                      !application_gates(problem_, offer).empty());
  if (layout(0).order[o] == none) line.why_none = why_no_variable(o, line);
  return line;
}

void Summary::add_orders(Plan& plan) const {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    OrderLine line = order_line(o);
    (line.quantity > 0.0 ? plan.orders : plan.not_ordered).push_back(std::move(line));
  }
  std::stable_sort(plan.orders.begin(), plan.orders.end(),
                   [](const OrderLine& a, const OrderLine& b) { return a.cost > b.cost; });
}

double Summary::account_spending(std::size_t v, std::size_t account) const {
  return value(v, problem_.accounts[account].pays_for == Offer::Kind::buy ? layout(v).purchase_cost
                                                                          : layout(v).lease_cost);
}

/// What the budget brought in a stage: what is left and spent beyond what came in.
double Summary::inflow(std::size_t v, std::size_t account) const {
  const std::size_t state = graph_.states.money[account];
  const double kept = stage(v) == 0        ? 0.0
                      : new_year(stage(v)) ? problem_.accounts[account].carry_over
                                           : 1.0;
  return outgoing(v, state) + account_spending(v, account) - kept * incoming(v, state);
}

void Summary::add_money(Plan& plan) const {
  using Key = std::tuple<std::size_t, int, std::size_t>;  // year, kind of purpose, index
  enum { offers, projects, resales, electricity };
  std::map<Key, double> sums;  // [M]
  for (std::size_t v = 0; v < visits_.size(); ++v) {
    const std::size_t year = problem_.year_of_stage[stage(v)];
    const double weight = visits_[v].weight;
    const auto& primal = visits_[v].primal;
    for (std::size_t o = 0; o < problem_.offers.size(); ++o)
      sums[{year, offers, o}] += weight * value_of(layout(v).spending[o], primal);
    for (std::size_t p = 0; p < problem_.projects.size(); ++p)
      sums[{year, projects, p}] += weight * value_of(layout(v).project_spending[p], primal);
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      if (layout(v).resale[k] == none) continue;
      sums[{year, resales, k}] -=
          weight * value(v, layout(v).resale[k]) * problem_.pools[k].resale[stage(v)];
    }
    sums[{year, electricity, 0}] += weight * value(v, layout(v).running_cost);
  }
  std::map<std::pair<std::size_t, bool>, std::int64_t> spent;  // (year, is lease) in cents
  for (const auto& [key, millions] : sums) {
    const auto& [year, kind, index] = key;
    const std::int64_t cents = to_cents(millions);
    if (cents == 0) continue;
    const bool lease = kind == offers && problem_.offers[index].kind == Offer::Kind::lease;
    const char* name = kind == projects      ? "power"
                       : kind == resales     ? "resale"
                       : kind == electricity ? "electricity"
                       : lease               ? "rent"
                                             : "purchase";
    const std::string purpose = kind == offers     ? problem_.offers[index].id
                                : kind == projects ? problem_.projects[index].id
                                : kind == resales  ? problem_.pools[index].accelerator
                                                   : "electricity";
    if (kind != electricity) spent[{year, lease}] += cents;
    plan.money.push_back(
        {.year = problem_.year_names[year], .purpose = purpose, .kind = name, .cents = cents});
  }
  add_years(plan, spent);
}

void Summary::add_years(Plan& plan,
                        const std::map<std::pair<std::size_t, bool>, std::int64_t>& spent) const {
  for (std::size_t year = 0; year < problem_.year_names.size(); ++year) {
    for (std::size_t a = 0; a < problem_.accounts.size(); ++a) {
      double budget = 0.0;
      Weighted totals;
      std::vector<double> so_far(visits_.size(), 0.0);  // in this year, on the way to a visit
      for (std::size_t v = 0; v < visits_.size(); ++v) {
        if (problem_.year_of_stage[stage(v)] != year) continue;
        budget += visits_[v].weight * inflow(v, a);
        so_far[v] =
            account_spending(v, a) + (visits_[v].before == none ? 0.0 : so_far[visits_[v].before]);
        if (year_ends(stage(v))) totals.emplace_back(so_far[v] * million, visits_[v].weight);
      }
      const auto found = spent.find({year, problem_.accounts[a].pays_for == Offer::Kind::lease});
      plan.years.push_back({.year = problem_.year_names[year],
                            .account = problem_.accounts[a].id,
                            .budget_cents = to_cents(budget),
                            .spent_cents = found == spent.end() ? 0 : found->second,
                            .spent_p05 = weighted_quantile(totals, 0.05),
                            .spent_p50 = weighted_quantile(totals, 0.50),
                            .spent_p95 = weighted_quantile(totals, 0.95)});
    }
  }
}

void Summary::add_fleet(Plan& plan) const {
  std::map<std::string, std::vector<std::size_t>> pools;  // by accelerator
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    pools[problem_.pools[k].accelerator].push_back(k);
    pools["all"].push_back(k);
  }
  for (std::size_t stage = 0; stage < problem_.stage_count(); ++stage) {
    for (const auto& [accelerator, members] : pools) {
      const auto sum = [&, &chosen = members](auto&& of) {
        return over(stage, [&](std::size_t v) {
          double units = 0.0;
          for (std::size_t pool : chosen) units += of(v, pool);
          return units * thousand;
        });
      };
      Weighted there = sum([&](auto v, auto k) { return present(v, k) + installing(v, k); });
      Weighted ran = sum([&](auto v, auto k) { return running(v, k); });
      const double mean = mean_of(there), running_mean = mean_of(ran);
      plan.fleet.push_back(
          {.stage = problem_.stage_names[stage],
           .accelerator = accelerator,
           .p05 = weighted_quantile(there, 0.05),
           .p50 = weighted_quantile(there, 0.50),
           .p95 = weighted_quantile(there, 0.95),
           .mean = mean,
           .running_p05 = weighted_quantile(ran, 0.05),
           .running_p50 = weighted_quantile(ran, 0.50),
           .running_p95 = weighted_quantile(ran, 0.95),
           .running_mean = running_mean,
           .mean_idle = std::max(0.0, mean - running_mean),
           .mean_installing = mean_of(sum([&](auto v, auto k) { return installing(v, k); }))});
    }
  }
}

void Summary::add_power(Plan& plan) const {
  for (std::size_t stage = 0; stage < problem_.stage_count(); ++stage) {
    for (std::size_t s = 0; s < problem_.sites.size(); ++s) {
      const double built =
          mean_of(over(stage, [&](std::size_t v) { return outgoing(v, graph_.states.built[s]); }));
      plan.power.push_back(
          {.stage = problem_.stage_names[stage],
           .site = problem_.sites[s].id,
           .available_mean = problem_.sites[s].power[stage] + built,
           .built_mean = built,
           .drawn_mean = mean_of(over(stage, [&](std::size_t v) { return drawn(v, s); }))});
    }
  }
}

void Summary::add_licences(Plan& plan) const {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    if (!is_gated_purchase(problem_.offers[o])) continue;
    std::vector<double> shipped(visits_.size(), 0.0);
    for (std::size_t v = 0; v < visits_.size(); ++v) {
      shipped[v] = value(v, layout(v).ship[o]) * thousand +
                   (visits_[v].before == none ? 0.0 : shipped[visits_[v].before]);
    }
    for (std::size_t stage = 0; stage < problem_.stage_count(); ++stage) {
      const auto mean = [&](auto&& of) { return mean_of(over(stage, of)) * thousand; };
      Weighted sent = over(stage, [&](std::size_t v) { return shipped[v]; });
      plan.licences.push_back(
          {.stage = problem_.stage_names[stage],
           .offer = problem_.offers[o].id,
           .applied_mean = mean([&](auto v) { return value(v, layout(v).apply[o]); }),
           .pending_mean = mean([&](auto v) {
             double pending = 0.0;
             for (std::size_t state : graph_.states.pending[o]) pending += outgoing(v, state);
             return pending;
           }),
           .unused_mean = mean([&](auto v) { return outgoing(v, graph_.states.licence[o]); }),
           .waiting_mean = mean([&](auto v) { return outgoing(v, graph_.states.waiting[o]); }),
           .shipped_p05 = weighted_quantile(sent, 0.05),
           .shipped_p50 = weighted_quantile(sent, 0.50),
           .shipped_p95 = weighted_quantile(sent, 0.95),
           .shipped_mean = mean_of(sent)});
    }
  }
}

void Summary::add_service(Plan& plan) const {
  for (std::size_t stage = 0; stage < problem_.stage_count(); ++stage) {
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      const Workload& workload = problem_.workloads[w];
      const double presence = workload.presence.empty() ? 1.0 : workload.presence[stage];
      Weighted wanted = over(stage, [&](std::size_t v) {
        return presence * outgoing(v, graph_.states.demand[w]) * workload.unit;
      });
      const auto missing = [&](std::size_t v) { return value(v, layout(v).unserved[w]); };
      const double unserved = mean_of(over(stage, missing));
      const double odds = mean_of(over(stage, [&](std::size_t v) {
        return missing(v) <= 1e-3 * presence * outgoing(v, graph_.states.demand[w]) + 1e-9 ? 1.0
                                                                                           : 0.0;
      }));
      plan.unserved_cost += mean_of(over(stage, [&](std::size_t v) {
        return missing(v) * stage_problem(v).model.columns[layout(v).unserved[w]].cost * million;
      }));
      const double demand = mean_of(wanted);
      plan.service.push_back(
          {.stage = problem_.stage_names[stage],
           .workload = workload.id,
           .unit = workload.unit_name,
           .demand_mean = demand,
           .demand_p05 = weighted_quantile(wanted, 0.05),
           .demand_p50 = weighted_quantile(wanted, 0.50),
           .demand_p95 = weighted_quantile(wanted, 0.95),
           .odds_served = std::min(1.0, odds),
           .unserved_mean = unserved * workload.unit,
           .unserved_share = demand > 0 ? unserved * workload.unit / demand : 0.0});
    }
  }
}

void Summary::add_uses(Plan& plan) const {
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      double units = 0.0;
      for (std::size_t v = 0; v < visits_.size(); ++v)
        units += visits_[v].weight * value(v, layout(v).allocation[k][w]) * thousand;
      if (units < 1e-3) continue;
      plan.uses.push_back({.accelerator = problem_.pools[k].accelerator,
                           .site = problem_.sites[problem_.pools[k].site].id,
                           .workload = problem_.workloads[w].id,
                           .running_mean = units});
    }
  }
}

void Summary::add_end_value(Plan& plan) const {
  for (std::size_t v = 0; v < visits_.size(); ++v) {
    plan.method.end_value_mean +=
        visits_[v].weight * value_of(layout(v).end_value, visits_[v].primal) * million;
  }
}

bool Summary::binds(std::size_t v, const Limit& limit) const {
  const auto at = [](double used, double most) {
    return most - used <= binding_tolerance * std::max(1.0, std::abs(most));
  };
  const StageLayout& place = layout(v);
  const lp::Model& model = stage_problem(v).model;
  const auto row_binds = [&](std::size_t row, double used) {
    return row != none && at(used, model.rows[row].upper);
  };
  switch (limit.kind) {
    case Limit::Kind::budget:
      return year_ends(stage(v)) && problem_.year_of_stage[stage(v)] == limit.year &&
             at(-outgoing(v, graph_.states.money[limit.index]), 0.0);
    case Limit::Kind::supply: {
      const LimitPlace& supply = place.supply[limit.index];
      const double ordered = value(v, place.order[limit.index]);
      if (supply.column != none) return at(ordered, model.columns[supply.column].upper);
      return supply.row != none && at(ordered, model.rows[supply.row].upper);
    }
    case Limit::Kind::licences: {
      const LimitPlace& release = place.release[limit.index];
      if (release.column == none) return false;
      const double shipped = value(v, release.column);
      if (at(shipped, model.columns[release.column].upper)) return true;
      const std::size_t licence = graph_.states.licence[limit.index];
      return licence != none && outgoing(v, licence) <= binding_tolerance &&
             outgoing(v, graph_.states.waiting[limit.index]) > binding_tolerance;
    }
    case Limit::Kind::quota:
      return at(outgoing(v, graph_.states.quota[limit.index]), problem_.quotas[limit.index].limit);
    case Limit::Kind::power:
      return row_binds(place.power_row[limit.index],
                       drawn(v, limit.index) - outgoing(v, graph_.states.built[limit.index]));
    case Limit::Kind::service: {
      if (place.service_row[limit.index] == none) return false;
      const Workload& workload = problem_.workloads[limit.index];
      const double presence = workload.presence.empty() ? 1.0 : workload.presence[stage(v)];
      return at(value(v, place.unserved[limit.index]),
                presence * (1.0 - workload.minimum_service) *
                    outgoing(v, graph_.states.demand[limit.index]));
    }
    case Limit::Kind::seller_cap: {
      double ordered = 0.0;
      for (std::size_t o : problem_.seller_caps[limit.index].offers)
        ordered += value(v, place.order[o]);
      return row_binds(place.cap_row[limit.index], ordered);
    }
    case Limit::Kind::power_project: {
      const std::size_t build = place.build[limit.index];
      return build != none && at(value(v, build), model.columns[build].upper);
    }
    case Limit::Kind::minimum_fleet: {
      if (place.minimum_row[limit.index] == none) return false;
      double there = 0.0;
      for (std::size_t k : problem_.minimum_fleets[limit.index].pools) there += present(v, k);
      return at(-there, -problem_.minimum_fleets[limit.index].thousands);
    }
  }
  return false;
}

/// [stage] chance that the gate has let something pass by then.
std::vector<double> passed_by_stage(const Problem& problem, std::size_t gate) {
  const auto opens = [&](const Regime& regime) {
    const GateState& state = problem.gates[gate].states[regime[gate]];
    return state.release > 0.0 &&
           (!problem.gates[gate].by_application || state.decides * state.grants > 0.0);
  };
  std::map<Regime, double> shut;  // never passed so far
  std::vector<double> odds;
  if (!opens(starting_regime(problem))) shut[starting_regime(problem)] = 1.0;
  for (std::size_t stage = 0; stage < problem.stage_count(); ++stage) {
    double left = 0.0;
    for (const auto& [regime, chance] : shut) left += chance;
    odds.push_back(1.0 - left);
    if (stage + 1 == problem.stage_count()) break;
    std::map<Regime, double> next;
    for (const auto& [regime, chance] : shut) {
      for (const auto& [to, move] : next_regimes(problem, regime)) {
        if (!opens(to)) next[to] += chance * move;
      }
    }
    shut = std::move(next);
  }
  return odds;
}

void add_gates(const Problem& problem, Plan& plan) {
  const auto odds = regime_odds(problem);
  for (std::size_t stage = 0; stage < problem.stage_count(); ++stage) {
    for (std::size_t g = 0; g < problem.gates.size(); ++g) {
      std::vector<double> states(problem.gates[g].states.size(), 0.0);
      for (const Outcome& outcome : odds[stage]) states[outcome.regime[g]] += outcome.probability;
      for (std::size_t s = 0; s < states.size(); ++s) {
        plan.gates.push_back({.stage = problem.stage_names[stage],
                              .gate = problem.gates[g].id,
                              .state = problem.gates[g].states[s].id,
                              .odds = states[s]});
      }
    }
  }
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    GateDate date{.gate = problem.gates[g].id, .odds_by_stage = passed_by_stage(problem, g)};
    const auto first = [&](double p) -> std::string {
      for (std::size_t t = 0; t < date.odds_by_stage.size(); ++t) {
        if (date.odds_by_stage[t] >= p) return problem.stage_names[t];
      }
      return "";
    };
    date.p05 = first(0.05);
    date.p50 = first(0.50);
    date.p95 = first(0.95);
    plan.gate_dates.push_back(std::move(date));
  }
}

}  // namespace

double weighted_quantile(std::vector<std::pair<double, double>>& values, double p) {
  std::sort(values.begin(), values.end());
  double total = 0.0;
  for (const auto& value : values) total += value.second;
  double cumulated = 0.0;
  for (const auto& [value, weight] : values) {
    cumulated += weight;
    if (cumulated >= p * total - 1e-12) return value;
  }
  return values.empty() ? 0.0 : values.back().first;
}

std::string to_string(const Problem& problem, const Limit& limit) {
  const std::size_t i = limit.index;
  switch (limit.kind) {
    case Limit::Kind::budget:
      return fmt::format("{} budget of {}", problem.accounts[i].id, problem.year_names[limit.year]);
    case Limit::Kind::supply:
      return fmt::format("supply of {}", problem.offers[i].id);
    case Limit::Kind::licences:
      return fmt::format("licences for {}", problem.offers[i].id);
    case Limit::Kind::quota:
      return fmt::format("quota of {}", problem.quotas[i].id);
    case Limit::Kind::power:
      return fmt::format("power at {}", problem.sites[i].id);
    case Limit::Kind::service:
      return fmt::format("minimum service of {}", problem.workloads[i].id);
    case Limit::Kind::seller_cap:
      return fmt::format("deliveries of {}", problem.seller_caps[i].seller);
    case Limit::Kind::power_project:
      return fmt::format("power project {}", problem.projects[i].id);
    case Limit::Kind::minimum_fleet:
      return fmt::format("minimum fleet {}", problem.minimum_fleets[i].id);
  }
  return "";
}

std::vector<Limit> all_limits(const Problem& problem) {
  std::vector<Limit> limits;
  const auto add_all = [&](Limit::Kind kind, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) limits.push_back({.kind = kind, .index = i});
  };
  for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
    if (problem.workloads[w].minimum_service > 0.0)
      limits.push_back({.kind = Limit::Kind::service, .index = w});
  }
  add_all(Limit::Kind::minimum_fleet, problem.minimum_fleets.size());
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    limits.push_back({.kind = Limit::Kind::supply, .index = o});
    if (is_gated_purchase(problem.offers[o]))
      limits.push_back({.kind = Limit::Kind::licences, .index = o});
  }
  add_all(Limit::Kind::seller_cap, problem.seller_caps.size());
  add_all(Limit::Kind::quota, problem.quotas.size());
  add_all(Limit::Kind::power, problem.sites.size());
  add_all(Limit::Kind::power_project, problem.projects.size());
  for (std::size_t a = 0; a < problem.accounts.size(); ++a) {
    for (std::size_t y = 0; y < problem.year_names.size(); ++y)
      limits.push_back({.kind = Limit::Kind::budget, .index = a, .year = y});
  }
  return limits;
}

void summarize(const Problem& problem, const FleetGraph& graph, const std::vector<Visit>& visits,
               Plan& plan) {
  const Summary summary(problem, graph, visits);
  summary.add_orders(plan);
  summary.add_money(plan);
  summary.add_fleet(plan);
  summary.add_power(plan);
  summary.add_licences(plan);
  summary.add_service(plan);
  summary.add_uses(plan);
  summary.add_end_value(plan);
  add_gates(problem, plan);
}

std::vector<Binding> binding_limits(const Problem& problem, const FleetGraph& graph,
                                    const std::vector<Visit>& visits) {
  const Summary summary(problem, graph, visits);
  std::vector<Binding> binding;
  for (const Limit& limit : all_limits(problem)) {
    // A future binds if any of its visits does: carry the mark along.
    std::vector<char> bound(visits.size(), 0);
    double odds = 0.0;
    for (std::size_t v = 0; v < visits.size(); ++v) {
      const bool before = visits[v].before != none && bound[visits[v].before];
      bound[v] = before || summary.binds(v, limit);
      if (summary.is_last(v) && bound[v]) odds += visits[v].weight;
    }
    if (odds > 0.0) binding.push_back({limit, std::min(1.0, odds)});
  }
  // Money first: it is what a reader looks for.
  std::stable_partition(binding.begin(), binding.end(), [](const Binding& found) {
    return found.limit.kind == Limit::Kind::budget;
  });
  return binding;
}

}  // namespace vorrat::fleet

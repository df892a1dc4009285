#include "vorrat/fleet/solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::fleet {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;
// A limit binds when its slack is below this share of its size.
constexpr double binding_tolerance = 1e-6;

std::int64_t to_cents(double millions) { return std::llround(millions * million * 100.0); }

/// The smallest value with at least share `p` of the weight at or below it.
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

}  // namespace

std::string to_string(PlanStatus status) {
  switch (status) {
    case PlanStatus::optimal:
      return "optimal";
    case PlanStatus::infeasible:
      return "infeasible";
    case PlanStatus::stopped:
      return "stopped";
    case PlanStatus::failed:
      return "failed";
  }
  return "failed";
}

std::string to_string(const Problem& problem, const Limit& limit) {
  switch (limit.kind) {
    case Limit::Kind::budget:
      return fmt::format("{} budget of {}", problem.accounts[limit.index].id,
                         problem.year_names[limit.year]);
    case Limit::Kind::supply:
      return fmt::format("supply of {}", problem.offers[limit.index].id);
    case Limit::Kind::licences:
      return fmt::format("licences for {}", problem.offers[limit.index].id);
    case Limit::Kind::quota:
      return fmt::format("quota of {}", problem.quotas[limit.index].id);
    case Limit::Kind::power:
      return fmt::format("power at {}", problem.sites[limit.index].id);
    case Limit::Kind::service:
      return fmt::format("minimum service of {}", problem.workloads[limit.index].id);
  }
  return "";
}

struct FleetSolver::State {
  Problem problem;
  SolveSettings settings;
  FleetTree tree;
  tree::ExtensiveForm form;
  std::vector<double> probability;
  tree::ExtensiveForm::Result result;
  std::size_t resolves = 0;
  std::chrono::steady_clock::time_point started;

  State(Problem p, SolveSettings s, std::chrono::steady_clock::time_point start)
      : problem(std::move(p)),
        settings(std::move(s)),
        tree(make_fleet_tree(problem, settings.seed)),
        form(tree.graph),
        started(start) {
    // The graph is itself a tree, so unfolding visits each node once; map back by graph node.
    needs(form.tree().nodes.size() == tree.nodes.size(), "the graph of the fleet is a tree");
    form_node.resize(tree.nodes.size());
    probability.resize(tree.nodes.size());
    for (std::size_t i = 0; i < form.tree().nodes.size(); ++i) {
      const std::size_t node = form.tree().nodes[i].graph_node;
      form_node[node] = i;
      probability[node] = form.tree().nodes[i].probability;
    }
  }

  std::vector<std::size_t> form_node;       // [node] its place in the extensive form
  std::vector<std::vector<double>> primal;  // [node]

  lp::SolveOptions options() const {
    lp::SolveOptions options;
    options.stop = settings.stop;
    return options;
  }

  double value(std::size_t node, std::size_t column) const {
    return column == none ? 0.0 : primal[node][column];
  }
  double outgoing(std::size_t node, std::size_t state) const {
    return primal[node][tree.graph.nodes[node].problem.outgoing[state]];
  }
  double incoming(std::size_t node, std::size_t state) const {
    return primal[node][tree.graph.nodes[node].problem.incoming[state]];
  }
  double leased(std::size_t node, std::size_t offer) const {
    const Offer& terms = problem.offers[offer];
    double active = terms.lead == 0 ? value(node, tree.nodes[node].layout.order[offer]) : 0.0;
    for (std::size_t l : running_held(terms)) active += incoming(node, tree.states.held[offer][l]);
    return active;
  }
  double present(std::size_t node, std::size_t pool) const {
    double units = outgoing(node, tree.states.fleet[pool]);
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      const Offer& offer = problem.offers[o];
      if (offer.kind == Offer::Kind::lease && offer.pool == pool) units += leased(node, o);
    }
    return units;
  }
  double running(std::size_t node, std::size_t pool) const {
    double units = 0.0;
    for (std::size_t column : tree.nodes[node].layout.allocation[pool])
      units += value(node, column);
    return units;
  }

  std::size_t row_of(std::size_t node, const Limit& limit) const;
  void move(const Limit& limit, double change);
  void restore(const Limit& limit) { move(limit, 0.0); }
  void lift(const Limit& limit);
  bool binds(std::size_t node, const Limit& limit) const;
  std::optional<double> resolve();
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }

  Plan summary() const;
  bool may_order_by_law(const Offer& offer) const {
    return offer.law[problem.regime_index(tree.nodes.front().regime)].may_order;
  }
  std::string why_no_variable(const Offer& offer, const OrderLine& line) const;
  void add_orders(Plan& plan) const;
  void add_money(Plan& plan) const;
  void add_fleet(Plan& plan) const;
  void add_service(Plan& plan) const;
  void add_method(Plan& plan) const;
};

std::size_t FleetSolver::State::row_of(std::size_t node, const Limit& limit) const {
  const StageLayout& layout = tree.nodes[node].layout;
  const std::size_t stage = tree.nodes[node].stage;
  switch (limit.kind) {
    case Limit::Kind::budget: {
      const bool year_begins = problem.year_of_stage[stage] == limit.year &&
                               (stage == 0 || problem.year_of_stage[stage - 1] != limit.year);
      return year_begins ? layout.money_row[limit.index] : none;
    }
    case Limit::Kind::supply:
      return layout.supply_row[limit.index];
    case Limit::Kind::licences:
      return layout.release_row[limit.index];
    case Limit::Kind::quota:
      return layout.quota_row[limit.index];
    case Limit::Kind::power:
      return layout.power_row[limit.index];
    case Limit::Kind::service:
      return layout.service_row[limit.index];
  }
  return none;
}

void FleetSolver::State::move(const Limit& limit, double change) {
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const std::size_t row = row_of(node, limit);
    if (row == none) continue;
    const lp::Row& bounds = tree.graph.nodes[node].problem.model.rows[row];
    // A budget is a balance, the others are upper limits, which do not go below nothing.
    const double upper = limit.kind == Limit::Kind::budget ? bounds.upper + change
                         : std::isfinite(bounds.upper)     ? std::max(0.0, bounds.upper + change)
                                                           : bounds.upper;
    form.set_row_bounds(form_node[node], row,
                        bounds.lower + (std::isfinite(bounds.lower) ? change : 0.0), upper);
  }
}

void FleetSolver::State::lift(const Limit& limit) {
  // A budget is a balance: it is lifted by more money than anything costs. The others are rows that
  // can go.
  constexpr double more_than_enough = 1e7;  // [M]
  if (limit.kind == Limit::Kind::budget) return move(limit, more_than_enough);
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const std::size_t row = row_of(node, limit);
    if (row != none) form.set_row_bounds(form_node[node], row, -lp::infinity, lp::infinity);
  }
}

bool FleetSolver::State::binds(std::size_t node, const Limit& limit) const {
  const TreeNodeFacts& facts = tree.nodes[node];
  const auto at = [](double used, double most) {
    return most - used <= binding_tolerance * std::max(1.0, most);
  };
  switch (limit.kind) {
    case Limit::Kind::budget: {
      const bool year_ends =
          facts.stage + 1 == problem.stage_count() ||
          problem.year_of_stage[facts.stage + 1] != problem.year_of_stage[facts.stage];
      return year_ends && problem.year_of_stage[facts.stage] == limit.year &&
             at(-outgoing(node, tree.states.money[limit.index]), 0.0);
    }
    case Limit::Kind::supply:
      return facts.layout.order[limit.index] != none &&
             at(value(node, facts.layout.order[limit.index]),
                tree.graph.nodes[node]
                    .problem.model.rows[facts.layout.supply_row[limit.index]]
                    .upper);
    case Limit::Kind::licences: {
      const std::size_t row = facts.layout.release_row[limit.index];
      return row != none && at(value(node, facts.layout.ship[limit.index]),
                               tree.graph.nodes[node].problem.model.rows[row].upper);
    }
    case Limit::Kind::quota:
      return at(outgoing(node, tree.states.quota[limit.index]), problem.quotas[limit.index].limit);
    case Limit::Kind::power: {
      if (facts.layout.power_row[limit.index] == none) return false;
      double drawn = 0.0;
      for (std::size_t k = 0; k < problem.pools.size(); ++k) {
        if (problem.pools[k].site == limit.index)
          drawn += running(node, k) * problem.pools[k].power_mw_per_k;
      }
      return at(drawn, problem.sites[limit.index].power[facts.stage]);
    }
    case Limit::Kind::service: {
      const Workload& workload = problem.workloads[limit.index];
      if (facts.layout.service_row[limit.index] == none) return false;
      return at(value(node, facts.layout.unserved[limit.index]),
                (1.0 - workload.minimum_service) * outgoing(node, tree.states.demand[limit.index]));
    }
  }
  return false;
}

std::optional<double> FleetSolver::State::resolve() {
  ++resolves;
  const lp::Answer changed = form.solve_whole(options());
  if (changed.status != lp::Status::optimal) return std::nullopt;
  return changed.objective;
}

FleetSolver::FleetSolver(Problem problem, SolveSettings settings) {
  const auto start = std::chrono::steady_clock::now();
  tell(settings.progress, {.phase = "building the scenario tree"});
  state_ = std::make_unique<State>(std::move(problem), std::move(settings), start);
}

FleetSolver::~FleetSolver() = default;

const Problem& FleetSolver::problem() const { return state_->problem; }
const FleetTree& FleetSolver::tree() const { return state_->tree; }
double FleetSolver::probability(std::size_t node) const { return state_->probability[node]; }
const std::vector<std::vector<double>>& FleetSolver::primal() const { return state_->primal; }
double FleetSolver::objective() const { return state_->result.answer.objective; }
std::size_t FleetSolver::resolve_count() const { return state_->resolves; }
double FleetSolver::seconds_since_start() const { return state_->seconds(); }

Plan FleetSolver::solve() {
  const lp::Model& model = state_->form.model();
  tell(state_->settings.progress,
       {.phase = fmt::format("solving {} tree nodes: {} rows, {} columns",
                             state_->tree.nodes.size(), model.rows.size(), model.columns.size())});
  state_->result = state_->form.solve(state_->options());
  Plan plan;
  const lp::Answer& answer = state_->result.answer;
  plan.currency = state_->problem.currency;
  plan.message = answer.message;
  switch (answer.status) {
    case lp::Status::optimal:
      break;
    case lp::Status::infeasible:
      plan.status = PlanStatus::infeasible;
      state_->add_method(plan);
      return plan;
    case lp::Status::stopped:
      plan.status = PlanStatus::stopped;
      state_->add_method(plan);
      return plan;
    default:
      plan.status = PlanStatus::failed;
      state_->add_method(plan);
      return plan;
  }
  state_->primal.resize(state_->tree.nodes.size());
  for (std::size_t node = 0; node < state_->tree.nodes.size(); ++node) {
    state_->primal[node] = state_->result.primal[state_->form_node[node]];
  }
  return state_->summary();
}

Plan FleetSolver::State::summary() const {
  Plan plan;
  plan.status = PlanStatus::optimal;
  plan.currency = problem.currency;
  plan.objective = result.answer.objective * million;
  plan.bound = result.answer.bound * million;
  plan.gap = result.answer.gap;
  add_orders(plan);
  add_money(plan);
  add_fleet(plan);
  add_service(plan);
  add_method(plan);
  return plan;
}

std::string FleetSolver::State::why_no_variable(const Offer& offer, const OrderLine& line) const {
  if (offer.supply[0] <= 0.0) return "not on offer in the first quarter";
  if (line.law_status.empty() || may_order_by_law(offer)) {
    return "the rules in force at the start do not let it be ordered";
  }
  std::string text = fmt::format("the rules in force say {}", line.law_status);
  for (std::size_t i = 0; i < line.law_sources.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? ": " : ", ", line.law_sources[i]);
  }
  return text;
}

void FleetSolver::State::add_orders(Plan& plan) const {
  const StageLayout& layout = tree.nodes.front().layout;
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    const Offer& offer = problem.offers[o];
    OrderLine line{.offer = offer.id,
                   .accelerator = offer.accelerator,
                   .seller = offer.seller,
                   .route = offer.route,
                   .site = problem.sites[offer.site].id,
                   .transaction = offer.kind == Offer::Kind::buy ? "buy" : "lease",
                   .arrives = {},
                   .worth_of_one_more = {},
                   .worth_of_one_less = {},
                   .why_none = {}};
    // Less than a thousandth of one accelerator is the solver's dust.
    const double thousands = value(0, layout.order[o]);
    line.quantity = thousands * thousand < 1e-3 ? 0.0 : thousands * thousand;
    const Regime& now = tree.nodes.front().regime;
    line.unit_price =
        (offer.kind == Offer::Kind::lease ? offer.price : price_in(problem, offer, now)) * million /
        thousand;
    line.cost = line.quantity * line.unit_price *
                (offer.kind == Offer::Kind::lease ? offer.committed_term : 1);
    const bool lease = offer.kind == Offer::Kind::lease;
    const bool at_once = offer.lead == 0 && (lease || !is_gated_purchase(offer));
    line.pay_now = lease     ? (at_once ? line.quantity * line.unit_price : 0.0)
                   : at_once ? line.cost
                             : line.cost * offer.deposit;
    const auto arrival = static_cast<std::size_t>(offer.lead);
    if (arrival < problem.stage_count()) line.arrives = problem.stage_names[arrival];
    if (!offer.law.empty()) {
      line.law_status = offer.law[problem.regime_index(now)].status;
      line.law_sources = offer.law[problem.regime_index(now)].sources;
    }
    line.waits_for_gates = is_gated_purchase(offer) && release_share(problem, offer, now) < 1.0;
    if (layout.order[o] == none) line.why_none = why_no_variable(offer, line);
    (line.quantity > 0.0 ? plan.orders : plan.not_ordered).push_back(std::move(line));
  }
  std::stable_sort(plan.orders.begin(), plan.orders.end(),
                   [](const OrderLine& a, const OrderLine& b) { return a.cost > b.cost; });
}

void FleetSolver::State::add_money(Plan& plan) const {
  std::map<std::pair<std::size_t, std::size_t>, double> by_offer;  // (year, offer) [M]
  std::map<std::size_t, double> electricity;                       // year [M]
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const TreeNodeFacts& facts = tree.nodes[node];
    const std::size_t year = problem.year_of_stage[facts.stage];
    electricity[year] += probability[node] * value(node, facts.layout.running_cost);
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      const Offer& offer = problem.offers[o];
      const double spent = offer.kind == Offer::Kind::lease
                               ? leased(node, o) * offer.price
                               : (offer.deposit * value(node, facts.layout.order[o]) +
                                  (1.0 - offer.deposit) * value(node, facts.layout.arrival[o])) *
                                     price_in(problem, offer, facts.regime);
      by_offer[{year, o}] += probability[node] * spent;
    }
  }
  for (std::size_t year = 0; year < problem.year_names.size(); ++year) {
    std::map<Offer::Kind, std::int64_t> spent;
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      const std::int64_t cents = to_cents(by_offer[{year, o}]);
      if (cents == 0) continue;
      const Offer& offer = problem.offers[o];
      spent[offer.kind] += cents;
      plan.money.push_back({.year = problem.year_names[year],
                            .purpose = offer.id,
                            .kind = offer.kind == Offer::Kind::lease ? "rent" : "purchase",
                            .cents = cents});
    }
    if (const std::int64_t cents = to_cents(electricity[year]); cents != 0) {
      plan.money.push_back({.year = problem.year_names[year],
                            .purpose = "electricity",
                            .kind = "electricity",
                            .cents = cents});
    }
    for (const Account& account : problem.accounts) {
      plan.years.push_back({.year = problem.year_names[year],
                            .account = account.id,
                            .budget_cents = to_cents(account.amount[year]),
                            .spent_cents = spent[account.pays_for]});
    }
  }
}

void FleetSolver::State::add_fleet(Plan& plan) const {
  std::map<std::string, std::vector<std::size_t>> pools;  // by accelerator
  for (std::size_t k = 0; k < problem.pools.size(); ++k) {
    pools[problem.pools[k].accelerator].push_back(k);
    pools["all"].push_back(k);
  }
  for (std::size_t stage = 0; stage < problem.stage_count(); ++stage) {
    for (const auto& [accelerator, members] : pools) {
      std::vector<std::pair<double, double>> values;
      double mean = 0.0, idle = 0.0;
      for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
        if (tree.nodes[node].stage != stage) continue;
        double units = 0.0, ran = 0.0;
        for (std::size_t pool : members) {
          units += present(node, pool);
          ran += running(node, pool);
        }
        values.emplace_back(units * thousand, probability[node]);
        mean += probability[node] * units * thousand;
        idle += probability[node] * std::max(0.0, units - ran) * thousand;
      }
      plan.fleet.push_back({.stage = problem.stage_names[stage],
                            .accelerator = accelerator,
                            .p05 = weighted_quantile(values, 0.05),
                            .p50 = weighted_quantile(values, 0.50),
                            .p95 = weighted_quantile(values, 0.95),
                            .mean = mean,
                            .mean_idle = idle});
    }
  }
}

void FleetSolver::State::add_service(Plan& plan) const {
  for (std::size_t stage = 0; stage < problem.stage_count(); ++stage) {
    for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
      const Workload& workload = problem.workloads[w];
      double demand = 0.0, unserved = 0.0, served_odds = 0.0;
      for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
        if (tree.nodes[node].stage != stage) continue;
        const double wanted = outgoing(node, tree.states.demand[w]);
        const double missing = value(node, tree.nodes[node].layout.unserved[w]);
        demand += probability[node] * wanted;
        unserved += probability[node] * missing;
        if (missing <= 1e-3 * wanted) served_odds += probability[node];
        plan.unserved_cost += probability[node] *
                              std::pow(problem.discount, static_cast<double>(stage)) *
                              workload.unserved_price * missing * million;
      }
      plan.service.push_back({.stage = problem.stage_names[stage],
                              .workload = workload.id,
                              .unit = workload.unit_name,
                              .demand_mean = demand * workload.unit,
                              .odds_served = std::min(1.0, served_odds),
                              .unserved_mean = unserved * workload.unit,
                              .unserved_share = demand > 0 ? unserved / demand : 0.0});
    }
  }
}

void FleetSolver::State::add_method(Plan& plan) const {
  Method& method = plan.method;
  method.name = "scenario tree, extensive form";
  method.solver = form.solver_name();
  method.tree_nodes = tree.nodes.size();
  method.leaves = static_cast<std::size_t>(
      std::count_if(tree.graph.nodes.begin(), tree.graph.nodes.end(),
                    [](const program::Node& node) { return node.arcs.empty(); }));
  method.rows = form.model().rows.size();
  method.columns = form.model().columns.size();
  method.sampled = tree.sampled;
  method.seed = settings.seed;
  method.iterations = result.answer.iterations;
  method.end_value = fmt::format(
      "straight line over {:.3g} quarters on the price without duty, of which {:.3g} % counts",
      problem.life, problem.end_share * 100);
  for (std::size_t node = 0; node < primal.size(); ++node) {
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      const Offer& offer = problem.offers[o];
      if (offer.kind != Offer::Kind::buy) continue;
      const int arrival = static_cast<int>(tree.nodes[node].stage) + offer.lead;
      method.end_value_mean += probability[node] * value(node, tree.nodes[node].layout.ship[o]) *
                               end_value(problem, offer, arrival) * million;
    }
  }
  method.seconds = seconds();
}

std::vector<FleetSolver::Binding> FleetSolver::binding_limits() const {
  const State& state = *state_;
  std::vector<Limit> limits;
  for (std::size_t a = 0; a < state.problem.accounts.size(); ++a) {
    for (std::size_t y = 0; y < state.problem.year_names.size(); ++y) {
      limits.push_back({.kind = Limit::Kind::budget, .index = a, .year = y});
    }
  }
  const auto add_all = [&](Limit::Kind kind, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) limits.push_back({.kind = kind, .index = i});
  };
  add_all(Limit::Kind::supply, state.problem.offers.size());
  add_all(Limit::Kind::licences, state.problem.offers.size());
  add_all(Limit::Kind::quota, state.problem.quotas.size());
  add_all(Limit::Kind::power, state.problem.sites.size());
  add_all(Limit::Kind::service, state.problem.workloads.size());

  std::vector<Binding> binding;
  for (const Limit& limit : limits) {
    // A path binds if any of its nodes does: carry the mark down the tree (parents come first).
    std::vector<char> bound(state.tree.nodes.size(), 0);
    double odds = 0.0;
    for (std::size_t node = 0; node < state.tree.nodes.size(); ++node) {
      if (state.binds(node, limit)) bound[node] = 1;
      const auto& arcs = state.tree.graph.nodes[node].arcs;
      for (const program::Arc& arc : arcs)
        bound[arc.child] = std::max(bound[arc.child], bound[node]);
      if (arcs.empty() && bound[node]) odds += state.probability[node];
    }
    if (odds > 0.0) binding.push_back({limit, std::min(1.0, odds)});
  }
  return binding;
}

std::optional<double> FleetSolver::cost_if_ordered(std::size_t offer, double thousands) {
  State& state = *state_;
  const std::size_t column = state.tree.nodes.front().layout.order[offer];
  if (column == none || thousands < 0.0) return std::nullopt;
  const std::size_t row = state.tree.nodes.front().layout.supply_row[offer];
  const double supply = state.tree.graph.nodes.front().problem.model.rows[row].upper;
  const std::size_t root = state.form_node.front();
  state.form.set_column_bounds(root, column, thousands, thousands);
  state.form.set_row_bounds(root, row, -lp::infinity, std::max(thousands, supply));
  const std::optional<double> cost = state.resolve();
  state.form.set_column_bounds(root, column, 0.0, lp::infinity);
  state.form.set_row_bounds(root, row, -lp::infinity, supply);
  return cost;
}

std::optional<double> FleetSolver::cost_if_moved(const Limit& limit, double change) {
  state_->move(limit, change);
  const std::optional<double> cost = state_->resolve();
  state_->restore(limit);
  return cost;
}

bool FleetSolver::feasible_without(const std::vector<Limit>& limits) {
  for (const Limit& limit : limits) state_->lift(limit);
  const bool feasible = state_->resolve().has_value();
  for (const Limit& limit : limits) state_->restore(limit);
  return feasible;
}

}  // namespace vorrat::fleet

#include "vorrat/fleet/solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/information_value.h"
#include "vorrat/tree/tail_risk.h"

namespace vorrat::fleet {
namespace {

constexpr double million = 1e6;

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

struct FleetSolver::State {
  Problem problem;
  SolveSettings settings;
  FleetGraph tree;
  tree::ExtensiveForm form;
  tree::ExtensiveForm::Result result;
  std::size_t resolves = 0;
  std::chrono::steady_clock::time_point started;
  std::vector<std::size_t> form_node;  // [node] its place in the extensive form
  std::vector<double> probability;     // [node]
  std::vector<Visit> visits;           // [node]

  State(Problem p, SolveSettings s, std::chrono::steady_clock::time_point start,
        const Problem* drawn_by)
      : problem(std::move(p)),
        settings(std::move(s)),
        tree(make_fleet_tree(problem, settings.seed, drawn_by)),
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

  lp::SolveOptions options() const {
    lp::SolveOptions options;
    options.stop = settings.stop;
    return options;
  }

  const lp::Model& model(std::size_t node) const { return tree.graph.nodes[node].problem.model; }
  LimitPlace place_of(std::size_t node, const Limit& limit) const;
  void move(const Limit& limit, double change);
  void restore(const Limit& limit) { move(limit, 0.0); }
  void lift(const Limit& limit);
  std::optional<double> resolve();
  bool can_order(const Orders& orders) const;
  void force(const Orders& orders);
  void release(const Orders& orders);
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  void fill_visits();
  void add_method(Plan& plan) const;
};

LimitPlace FleetSolver::State::place_of(std::size_t node, const Limit& limit) const {
  const StageLayout& layout = tree.nodes[node].layout;
  const std::size_t stage = tree.nodes[node].stage;
  switch (limit.kind) {
    case Limit::Kind::budget: {
      const bool year_begins = problem.year_of_stage[stage] == limit.year &&
                               (stage == 0 || problem.year_of_stage[stage - 1] != limit.year);
      return {.row = year_begins ? layout.money_row[limit.index] : none};
    }
    case Limit::Kind::supply:
      return layout.supply[limit.index];
    case Limit::Kind::licences:
      return layout.release[limit.index];
    case Limit::Kind::quota:
      return {.row = layout.quota_row[limit.index]};
    case Limit::Kind::power:
      return {.row = layout.power_row[limit.index]};
    case Limit::Kind::service:
      return {.row = layout.service_row[limit.index]};
    case Limit::Kind::seller_cap:
      return {.row = layout.cap_row[limit.index]};
    case Limit::Kind::power_project:
      return layout.project_supply[limit.index];
    case Limit::Kind::minimum_fleet:
      return {.row = layout.minimum_row[limit.index]};
  }
  return {};
}

// A budget is a balance and a minimum a lower limit; the others are upper limits, which do not go
// below nothing.
void FleetSolver::State::move(const Limit& limit, double change) {
  const auto moved = [&](double upper) {
    if (!std::isfinite(upper)) return upper;
    return limit.kind == Limit::Kind::budget ? upper + change : std::max(0.0, upper + change);
  };
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const LimitPlace place = place_of(node, limit);
    if (place.row != none) {
      const lp::Row& row = model(node).rows[place.row];
      form.set_row_bounds(form_node[node], place.row,
                          row.lower + (std::isfinite(row.lower) ? change : 0.0), moved(row.upper));
    }
    if (place.column != none) {
      const lp::Column& column = model(node).columns[place.column];
      form.set_column_bounds(form_node[node], place.column, column.lower, moved(column.upper));
    }
  }
}

void FleetSolver::State::lift(const Limit& limit) {
  // A budget is a balance: it is lifted by more money than anything costs. The others can go.
  constexpr double more_than_enough = 1e7;  // [M]
  if (limit.kind == Limit::Kind::budget) return move(limit, more_than_enough);
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const LimitPlace place = place_of(node, limit);
    if (place.row != none)
      form.set_row_bounds(form_node[node], place.row, -lp::infinity, lp::infinity);
    if (place.column != none)
      form.set_column_bounds(form_node[node], place.column, 0.0, lp::infinity);
  }
}

std::optional<double> FleetSolver::State::resolve() {
  ++resolves;
  const lp::Answer changed = form.solve_whole(options());
  if (changed.status != lp::Status::optimal) return std::nullopt;
  return changed.objective;
}

void FleetSolver::State::fill_visits() {
  visits.assign(tree.nodes.size(), {});
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    visits[node].node = node;
    visits[node].weight = probability[node];
    visits[node].primal = std::move(result.primal[form_node[node]]);
    for (const program::Arc& arc : tree.graph.nodes[node].arcs) visits[arc.child].before = node;
  }
}

FleetSolver::FleetSolver(Problem problem, SolveSettings settings, const Problem* drawn_by) {
  const auto start = std::chrono::steady_clock::now();
  tell(settings.progress, {.phase = "building the scenario tree"});
  state_ = std::make_unique<State>(std::move(problem), std::move(settings), start, drawn_by);
}

FleetSolver::~FleetSolver() = default;

const Problem& FleetSolver::problem() const { return state_->problem; }
const FleetGraph& FleetSolver::tree() const { return state_->tree; }
const std::vector<Visit>& FleetSolver::visits() const { return state_->visits; }
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
  state_->fill_visits();
  plan.status = PlanStatus::optimal;
  plan.objective = answer.objective * million;
  plan.bound = answer.bound * million;
  plan.gap = answer.gap;
  summarize(state_->problem, state_->tree, state_->visits, plan);
  state_->add_method(plan);
  return plan;
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
  method.converged = plan.status == PlanStatus::optimal;
  method.reason = method.converged ? "the optimum of the tree is proved" : "";
  method.end_value = describe_end_value(problem);
  method.seconds = seconds();
}

std::vector<Binding> FleetSolver::binding_limits() const {
  return fleet::binding_limits(state_->problem, state_->tree, state_->visits);
}

std::optional<double> FleetSolver::cost_if_ordered(std::size_t offer, double thousands) {
  const auto best = best_if({{offer, thousands}});
  return best ? std::optional(best->cost) : std::nullopt;
}

bool FleetSolver::State::can_order(const Orders& orders) const {
  return std::all_of(orders.begin(), orders.end(), [this](const auto& order) {
    const bool exists = tree.nodes.front().layout.order[order.first] != none;
    return exists ? order.second >= 0.0 : order.second == 0.0;
  });
}

// Supply gives way only where more is forced than it has.
void FleetSolver::State::force(const Orders& orders) {
  const StageLayout& layout = tree.nodes.front().layout;
  const lp::Model& first = model(0);
  for (const auto& [offer, thousands] : orders) {
    if (layout.order[offer] == none) continue;
    form.set_column_bounds(form_node.front(), layout.order[offer], thousands, thousands);
    const std::size_t row = layout.supply[offer].row;
    if (row == none) continue;
    form.set_row_bounds(form_node.front(), row, first.rows[row].lower,
                        std::max(first.rows[row].upper, thousands));
  }
}

void FleetSolver::State::release(const Orders& orders) {
  const StageLayout& layout = tree.nodes.front().layout;
  const lp::Model& first = model(0);
  for (const auto& [offer, thousands] : orders) {
    const std::size_t column = layout.order[offer], row = layout.supply[offer].row;
    if (column == none) continue;
    form.set_column_bounds(form_node.front(), column, first.columns[column].lower,
                           first.columns[column].upper);
    if (row != none)
      form.set_row_bounds(form_node.front(), row, first.rows[row].lower, first.rows[row].upper);
  }
}

std::optional<FirstOrders> FleetSolver::best_if(const Orders& orders) {
  State& state = *state_;
  if (!state.can_order(orders)) return std::nullopt;
  state.force(orders);
  ++state.resolves;
  const lp::Answer answer = state.form.solve_whole(state.options());
  state.release(orders);
  if (answer.status != lp::Status::optimal) return std::nullopt;
  FirstOrders best{.cost = answer.objective, .ordered = {}};
  for (const std::size_t column : state.tree.nodes.front().layout.order) {
    const std::size_t root = state.form_node.front();
    best.ordered.push_back(
        column == none ? 0.0 : std::max(0.0, answer.primal[state.form.column_of(root, column)]));
  }
  return best;
}

std::vector<FailedFuture> FleetSolver::failed_futures(const Orders& orders) const {
  std::vector<FailedFuture> failed;
  if (!state_->can_order(orders)) return failed;
  program::PolicyGraph graph = state_->tree.graph;
  lp::Model& first = graph.nodes[0].problem.model;
  const StageLayout& layout = state_->tree.nodes.front().layout;
  for (const auto& [offer, thousands] : orders) {
    if (layout.order[offer] == none) continue;
    first.columns[layout.order[offer]].lower = first.columns[layout.order[offer]].upper = thousands;
    const std::size_t row = layout.supply[offer].row;
    if (row != none) first.rows[row].upper = std::max(first.rows[row].upper, thousands);
  }
  const std::vector<program::Arc> arcs = graph.nodes[0].arcs;
  for (const program::Arc& arc : arcs) {
    graph.nodes[0].arcs = {{.child = arc.child, .probability = 1.0}};
    tree::ExtensiveForm form(graph);
    if (form.solve_whole(state_->options()).status != lp::Status::infeasible) continue;
    failed.push_back({.title = graph.nodes[arc.child].name, .probability = arc.probability});
  }
  return failed;
}

std::optional<double> FleetSolver::cost_if_known() const {
  return tree::wait_and_see(state_->tree.graph, state_->options()).expected_cost;
}

std::vector<RiskPoint> FleetSolver::risk_frontier(double tail,
                                                  const std::vector<double>& weights) const {
  std::vector<RiskPoint> frontier;
  for (const auto& point : tree::tail_frontier(state_->form, tail, weights, state_->options())) {
    if (point.status != lp::Status::optimal) return {};
    RiskPoint line{
        .weight = point.weight, .mean = point.mean, .tail_mean = point.tail_mean, .ordered = {}};
    for (const std::size_t column : state_->tree.nodes.front().layout.order)
      line.ordered.push_back(column == none ? 0.0 : point.first.front()[column]);
    frontier.push_back(std::move(line));
  }
  return frontier;
}

std::optional<double> FleetSolver::cost_if_moved(const Limit& limit, double change,
                                                 const std::vector<Limit>& lifted) {
  for (const Limit& other : lifted) state_->lift(other);
  state_->move(limit, change);
  const std::optional<double> cost = state_->resolve();
  state_->restore(limit);
  for (const Limit& other : lifted) state_->restore(other);
  return cost;
}

bool FleetSolver::feasible_without(const std::vector<Limit>& limits) {
  for (const Limit& limit : limits) state_->lift(limit);
  const bool feasible = state_->resolve().has_value();
  for (const Limit& limit : limits) state_->restore(limit);
  return feasible;
}

}  // namespace vorrat::fleet

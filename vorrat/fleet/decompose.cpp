#include "vorrat/fleet/decompose.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/stage_builder.h"
#include "vorrat/sddp/evaluate.h"
#include "vorrat/sddp/first_stage.h"
#include "vorrat/sddp/refresh.h"
#include "vorrat/sddp/train.h"

namespace vorrat::fleet {
namespace {

constexpr double million = 1e6;
// Training from a forced first decision: enough to make its future's value known there.
constexpr int forced_iterations = 6;
// Trial states a stage for changed problems. Of 260 that training made, 70 to 210 decide in play;
// with 150 of them most changes of odds, prices and budgets begin within the gap target, with 48
// twice as far away as it.
constexpr std::size_t kept_states = 150;
// Share of the gap target by which outcomes not solved may be off.
constexpr double reuse = 0.5;

PlanStatus status_of(sddp::TrainStatus status) {
  switch (status) {
    case sddp::TrainStatus::converged:
    case sddp::TrainStatus::stopped:
      return PlanStatus::optimal;
    case sddp::TrainStatus::infeasible:
      return PlanStatus::infeasible;
    default:
      return PlanStatus::failed;
  }
}

// The same words whether a limit of time, one of iterations or a check ended it, so that the same
// training gives the same plan.
std::string why_ended(const sddp::TrainResult& result) {
  const bool was_limit = result.reason.starts_with("the limit of "),
             was_check = result.reason.starts_with("the gap target was met at a check");
  if (result.status == sddp::TrainStatus::stopped && (was_limit || was_check))
    return fmt::format("the gap target was not met in {} iterations of training",
                       result.iterations);
  return result.reason.substr(0, result.reason.find(" (the limit of "));
}

sddp::Options options_of(const Problem& problem, const SolveSettings& settings,
                         program::RiskMeasurePointer risk) {
  sddp::Options options;
  options.iterations = settings.iterations;
  options.seconds = settings.seconds;
  options.gap = settings.gap;
  options.seed = settings.seed;
  options.threads = settings.threads;
  options.risk = std::move(risk);
  options.cost_to_go_bound = least_cost(problem);
  options.simulation_paths = 400;
  options.reuse = reuse;
  options.stop = settings.stop;
  options.progress = settings.progress;
  return options;
}

bool same_shape(const FleetGraph& a, const FleetGraph& b) {
  if (a.states.names != b.states.names || a.nodes.size() != b.nodes.size()) return false;
  for (std::size_t n = 0; n < a.nodes.size(); ++n) {
    if (a.nodes[n].stage != b.nodes[n].stage || a.nodes[n].regime != b.nodes[n].regime ||
        a.nodes[n].level != b.nodes[n].level)
      return false;
  }
  return true;
}

}  // namespace

struct FleetPolicy::State {
  Problem problem;
  SolveSettings settings;
  program::RiskMeasurePointer risk;
  FleetGraph graph;
  sddp::TrainResult result;
  std::vector<Visit> visits;
  sddp::SavedStates saved;
  sddp::Evaluation played;  // on fresh paths
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::string how;  // the policy came to be

  std::optional<std::vector<program::Change>> changes_of(const Orders& orders) const;
  std::optional<double> first_bound(const std::vector<program::Change>& changes, int iterations);
  void go_on(const sddp::RefreshResult& refreshed);
  void play();
  void save_states();
  void add_method(Plan& plan) const;
};

namespace {

template <typename State>
double enough(const State& state, double bound) {
  return reuse * state.settings.gap * std::abs(bound) /
         static_cast<double>(state.problem.stage_count());
}

template <typename State>
sddp::RefreshOptions refresh_options(const State& state, double bound_before) {
  return {.states = kept_states,
          .threads = state.settings.threads,
          .enough = enough(state, bound_before),
          .risk = state.risk,
          .cost_to_go_bound = least_cost(state.problem)};
}

// Demand counts in hundredths of the first stage's, which another plan has otherwise; kept, it
// stands in the workload's own unit. `towards` is 1 from hundredths, -1 back.
void convert_demand(sddp::SavedStates& saved, const Problem& problem, const StateLayout& layout,
                    double towards) {
  const std::size_t width = saved.state_names.size();
  for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
    const double factor = std::pow(problem.workloads[w].unit, towards);
    for (auto& family : saved.families)
      for (std::size_t k = layout.demand[w]; k < family.states.size(); k += width)
        family.states[k] *= factor;
  }
}

}  // namespace

FleetPolicy::FleetPolicy(std::unique_ptr<State> state) : state_(std::move(state)) {}
FleetPolicy::FleetPolicy(FleetPolicy&&) noexcept = default;
FleetPolicy& FleetPolicy::operator=(FleetPolicy&&) noexcept = default;
FleetPolicy::~FleetPolicy() = default;

const Problem& FleetPolicy::problem() const { return state_->problem; }
const FleetGraph& FleetPolicy::graph() const { return state_->graph; }
double FleetPolicy::bound() const { return state_->result.bound; }
double FleetPolicy::interval() const {
  return state_->result.is_exact ? 0.0 : state_->result.simulated.half_width;
}
const std::vector<Visit>& FleetPolicy::visits() const { return state_->visits; }

FleetPolicy FleetPolicy::train(Problem problem, const SolveSettings& settings,
                               program::RiskMeasurePointer risk) {
  auto state = std::make_unique<State>();
  state->problem = std::move(problem);
  state->settings = settings;
  state->risk = std::move(risk);
  tell(settings.progress, {.phase = "building the policy graph"});
  state->graph = make_fleet_graph(state->problem);
  state->result =
      sddp::train(state->graph.graph, options_of(state->problem, settings, state->risk));
  return FleetPolicy(std::move(state));
}

std::optional<FleetPolicy> FleetPolicy::trained_for(Problem changed,
                                                    const SolveSettings& settings) const {
  if (state_->result.policy == nullptr) return std::nullopt;
  auto state = std::make_unique<State>();
  state->problem = std::move(changed);
  state->settings = settings;
  state->risk = state_->risk;
  state->graph = make_fleet_graph(state->problem);
  if (!same_shape(state->graph, state_->graph)) return std::nullopt;
  const sddp::RefreshOptions options = refresh_options(*state, bound());
  state->go_on(sddp::refresh(*state_->result.policy, state->graph.graph, options));
  return FleetPolicy(std::move(state));
}

std::optional<FleetPolicy> FleetPolicy::train_from(const sddp::SavedStates& saved, Problem problem,
                                                   const SolveSettings& settings,
                                                   program::RiskMeasurePointer risk) {
  auto state = std::make_unique<State>();
  state->problem = std::move(problem);
  state->settings = settings;
  state->risk = std::move(risk);
  state->graph = make_fleet_graph(state->problem);
  const sddp::RefreshOptions options = refresh_options(*state, saved.bound);
  if (saved.state_names != state->graph.states.names) return std::nullopt;
  sddp::SavedStates own = saved;
  convert_demand(own, state->problem, state->graph.states, -1.0);
  try {
    state->go_on(sddp::remake(own, state->graph.graph, options));
  } catch (const InvalidInput&) {
    return std::nullopt;  // other nodes
  }
  return FleetPolicy(std::move(state));
}

sddp::SavedStates FleetPolicy::saved_states() const { return state_->saved; }

void FleetPolicy::State::save_states() {
  saved = sddp::saved_states(*result.policy, kept_states);
  saved.bound = result.bound;
  convert_demand(saved, problem, graph.states, 1.0);
}

void FleetPolicy::State::go_on(const sddp::RefreshResult& refreshed) {
  how = refreshed.reason;
  if (refreshed.policy == nullptr) {
    result.status = refreshed.status;
    result.reason = refreshed.reason;
    return;
  }
  sddp::Options options = options_of(problem, settings, risk);
  // A look that fails teaches more than the iterations that it takes the time of.
  options.first_check = 1;
  options.paths_per_iteration = 2;
  result = sddp::train_further(refreshed.policy, options);
}

// Also where somebody asked to stop: it takes a moment, and gives the plan that was trained so far.
void FleetPolicy::State::play() {
  const std::size_t stages = problem.stage_count();
  visits.assign(settings.paths * stages, {});
  const double weight = 1.0 / static_cast<double>(settings.paths);
  const auto record = [&](std::size_t path, std::size_t step, std::size_t node,
                          std::span<const double> decision) {
    const std::size_t place = path * stages + step;
    visits[place] = {.node = node,
                     .weight = weight,
                     .before = step == 0 ? none : place - 1,
                     .primal = {decision.begin(), decision.end()}};
  };
  played = sddp::evaluate(*result.policy, {.estimator = sddp::Estimator::sampled,
                                           .paths = settings.paths,
                                           .seed = settings.seed,
                                           .threads = settings.threads,
                                           .stream = "plan",
                                           .takes_note = true,
                                           .learns = true,
                                           .record = record});
  save_states();  // now, while those are worth most that decide in play
}

Plan FleetPolicy::plan() {
  State& state = *state_;
  Plan plan;
  plan.status = status_of(state.result.status);
  plan.currency = state.problem.currency;
  plan.message = why_ended(state.result);
  if (plan.status != PlanStatus::optimal) {
    state.add_method(plan);
    return plan;
  }
  tell(state.settings.progress, {.phase = "playing the policy on fresh futures"});
  state.play();
  const bool has_cost = state.result.is_exact || state.result.simulated.count > 0;
  if (state.played.is_infeasible) {
    plan.status = PlanStatus::infeasible;
    plan.message = sddp::cannot_be_carried_on;
    state.add_method(plan);
    return plan;
  }
  if (state.played.failed > 0 || !has_cost) {
    plan.status = PlanStatus::failed;
    plan.message =
        "the policy came to a quarter without a decision on some path, so its cost is not known; "
        "train it longer (--seconds, --iterations)";
    state.add_method(plan);
    return plan;
  }
  plan.objective = state.result.simulated.mean * million;
  plan.bound = state.result.bound * million;
  plan.gap = state.result.gap;
  summarize(state.problem, state.graph, state.visits, plan);
  state.add_method(plan);
  return plan;
}

void FleetPolicy::State::add_method(Plan& plan) const {
  Method& method = plan.method;
  method.name = "decomposition (SDDP)";
  method.solver = "vorrat stage solver";
  method.is_sampled_cost = !result.is_exact;
  method.half_width = result.is_exact ? 0.0 : result.simulated.half_width * million;
  method.paths = visits.empty() ? 0 : visits.size() / problem.stage_count();
  method.target_gap = settings.gap;
  method.converged = result.status == sddp::TrainStatus::converged;
  const std::string reason = why_ended(result);
  method.reason = how.empty() ? reason : how + "; " + reason;
  for (const sddp::LogEntry& entry : result.log)
    method.log.push_back({entry.iteration, entry.bound * million, entry.seconds});
  method.tree_nodes = graph.nodes.size();
  for (std::size_t t = 0; t < problem.stage_count(); ++t) {
    method.levels = std::max(method.levels, problem.level_count(t));
    method.outcomes = std::max(method.outcomes, problem.outcomes(t).size());
  }
  for (const auto& odds : regime_odds(problem))
    method.regimes = std::max(method.regimes, odds.size());
  for (const program::Node& node : graph.graph.nodes) {
    method.rows += node.problem.model.rows.size();
    method.columns += node.problem.model.columns.size();
  }
  method.seed = settings.seed;
  method.iterations = result.iterations;
  method.solves = result.solves;
  method.hand_overs = result.hand_overs;
  method.relaxes_whole_numbers =
      problem.whole_numbers ||
      std::any_of(problem.offers.begin(), problem.offers.end(),
                  [](const Offer& offer) { return offer.rack > 0.0 || offer.minimum_order > 0.0; });
  method.end_value = describe_end_value(problem);
  method.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

std::optional<std::vector<program::Change>> FleetPolicy::State::changes_of(
    const Orders& orders) const {
  using What = program::Change::What;
  const StageLayout& layout = graph.nodes.front().layout;
  std::vector<program::Change> changes;
  for (const auto& [offer, thousands] : orders) {
    const std::size_t column = layout.order[offer];
    if (column == none || thousands < 0.0) return std::nullopt;
    changes.push_back({.what = What::column_both, .column = column, .value = thousands});
    if (const std::size_t row = layout.supply[offer].row; row != none) {
      const double supply = graph.graph.nodes.front().problem.model.rows[row].upper;
      changes.push_back(
          {.what = What::row_upper, .row = row, .value = std::max(supply, thousands)});
    }
  }
  return changes;
}

std::optional<double> FleetPolicy::State::first_bound(const std::vector<program::Change>& changes,
                                                      int iterations) {
  // What is asked for is a difference of bounds, smaller than they are.
  const double finely = 0.1 * enough(*this, result.bound);
  const auto first = sddp::first_stage(*result.policy, changes,
                                       {.iterations = iterations,
                                        .seed = settings.seed,
                                        .threads = settings.threads,
                                        .risk = risk,
                                        .enough = finely});
  if (!first) return std::nullopt;
  return first->bound;
}

std::vector<std::optional<double>> FleetPolicy::bounds_if(const std::vector<Orders>& forced) {
  std::vector<std::optional<std::vector<program::Change>>> changes;
  for (const Orders& orders : forced) changes.push_back(state_->changes_of(orders));
  changes.emplace_back(std::in_place);
  std::vector<std::optional<double>> bounds(changes.size());
  for (const int iterations : {forced_iterations, 0}) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (state_->settings.stop != nullptr && state_->settings.stop->requested()) return bounds;
      tell(state_->settings.progress,
           {.phase = "worth of one more and one less",
            .fraction = static_cast<double>(i) / static_cast<double>(changes.size())});
      if (changes[i]) bounds[i] = state_->first_bound(*changes[i], iterations);
    }
  }
  return bounds;
}

double least_cost(const Problem& problem) {
  double gains = 0.0;
  double price = 1.0, supply = 1.0, worth = 1.0;  // largest of any level
  for (std::size_t t = 0; t < problem.stage_count(); ++t) {
    for (std::size_t l = 0; l < problem.level_count(t); ++l) {
      const MarketLevel level = problem.level(t, l);
      price = std::max(price, level.price);
      supply = std::max(supply, level.supply);
      worth = std::max(worth, level.worth);
    }
  }
  std::vector<double> present(problem.pools.size());  // most that can ever be there
  for (std::size_t k = 0; k < present.size(); ++k) present[k] = problem.pools[k].initial;
  for (const Offer& offer : problem.offers) {
    if (offer.kind == Offer::Kind::lease) continue;
    double dearest = offer.price;
    for (const LawOfRegime& law : offer.law) dearest = std::max(dearest, law.price);
    const double most = *std::max_element(offer.supply.begin(), offer.supply.end());
    for (std::size_t t = 0; t < problem.stage_count(); ++t) {
      // Gated offers may ship in a stage what was ordered in others.
      const double ships = supply * (is_gated_purchase(offer) ? most : offer.supply[t]);
      gains += ships * std::max(0.0, end_value_of_shipment(problem, offer, t));
      const double refund = std::max(0.0, offer.refund) * offer.deposit * dearest;
      const double discount = std::max(0.0, 1.0 - offer.deposit) * dearest;  // a level below 1
      gains += supply * offer.supply[t] * (refund + discount);
      present[offer.pool] += ships;
    }
  }
  for (const PowerProject& project : problem.projects) {
    for (double most : project.supply) gains += most * project.end_share * project.price;
  }
  for (std::size_t k = 0; k < present.size(); ++k) {
    const Pool& pool = problem.pools[k];
    gains += present[k] * worth * std::max(0.0, pool.end_worth);
    if (!pool.resale.empty())
      gains += pool.initial * *std::max_element(pool.resale.begin(), pool.resale.end());
  }
  return -gains;
}

}  // namespace vorrat::fleet

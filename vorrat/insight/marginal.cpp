#include "vorrat/insight/marginal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/insight/unit_cost.h"

namespace vorrat::insight {
namespace {

using fleet::FleetSolver;
using fleet::Limit;
using fleet::LimitLine;
using fleet::OrderLine;
using fleet::Plan;
using fleet::Problem;
using fleet::SolveSettings;

constexpr double million = 1e6;
constexpr double thousand = 1e3;

bool stopping(const SolveSettings& settings) {
  return settings.stop != nullptr && settings.stop->requested();
}

std::size_t offer_index(const Problem& problem, const std::string& id) {
  const auto found = std::find_if(problem.offers.begin(), problem.offers.end(),
                                  [&](const fleet::Offer& offer) { return offer.id == id; });
  return static_cast<std::size_t>(found - problem.offers.begin());
}

/// Cost now less cost then, per accelerator; differences below what the solver can tell are zero.
std::optional<double> worth(const FleetSolver& solver, std::optional<double> changed, double lot) {
  if (!changed) return std::nullopt;
  const double gain = solver.objective() - *changed;
  const double noise = 1e-9 * std::max(1.0, std::abs(solver.objective()));
  return std::abs(gain) < noise ? 0.0 : gain * million / lot;
}

void add_worth(FleetSolver& solver, OrderLine& line, const SolveSettings& settings) {
  const std::size_t offer = offer_index(solver.problem(), line.offer);
  const double supply = solver.problem().offers[offer].supply.front() * thousand;
  line.lot = settings.lot > 0.0 ? settings.lot : std::max(1.0, std::round(0.01 * supply));
  line.worth_of_one_more =
      worth(solver, solver.cost_if_ordered(offer, (line.quantity + line.lot) / thousand), line.lot);
  if (line.quantity > 0.0) {
    const double less = std::min(line.lot, line.quantity);
    line.worth_of_one_less =
        worth(solver, solver.cost_if_ordered(offer, (line.quantity - less) / thousand), less);
  }
}

const char* kind_name(Limit::Kind kind) {
  switch (kind) {
    case Limit::Kind::budget:
      return "budget";
    case Limit::Kind::supply:
      return "supply";
    case Limit::Kind::licences:
      return "licences";
    case Limit::Kind::quota:
      return "quota";
    case Limit::Kind::power:
      return "power";
    case Limit::Kind::service:
      return "minimum service";
    case Limit::Kind::seller_cap:
      return "deliveries";
    case Limit::Kind::power_project:
      return "power project";
    case Limit::Kind::minimum_fleet:
      return "minimum fleet";
  }
  return "";
}

}  // namespace

LimitStep step_of(const Problem& problem, const Limit& limit) {
  switch (limit.kind) {
    case Limit::Kind::budget: {
      // One percent of the budget, rounded down to a power of ten.
      const double amount = problem.accounts[limit.index].amount[limit.year];
      const double step = std::pow(10.0, std::floor(std::log10(std::max(1e-6, 0.01 * amount))));
      return {step, step * million, "money"};
    }
    case Limit::Kind::supply:
    case Limit::Kind::licences: {
      const auto& supply = problem.offers[limit.index].supply;
      const double most = *std::max_element(supply.begin(), supply.end());
      const double step = std::max(0.001, std::round(0.01 * most * thousand) / thousand);
      return {step, step * thousand, "units/quarter"};
    }
    case Limit::Kind::quota: {
      const double step =
          std::max(0.001, std::round(10.0 * problem.quotas[limit.index].limit) / thousand);
      return {step, step * thousand, "units"};
    }
    case Limit::Kind::power: {
      const auto& power = problem.sites[limit.index].power;
      const double step = std::min(1.0, 0.01 * *std::max_element(power.begin(), power.end()));
      return {step, step, "MW"};
    }
    case Limit::Kind::service:
      return {1.0, 1.0, "% of the demand at the start"};
    case Limit::Kind::seller_cap: {
      const auto& supply = problem.seller_caps[limit.index].supply;
      const double most = *std::max_element(supply.begin(), supply.end());
      const double step = std::max(0.001, std::round(0.01 * most * thousand) / thousand);
      return {step, step * thousand, "units/quarter"};
    }
    case Limit::Kind::power_project: {
      const auto& supply = problem.projects[limit.index].supply;
      const double step = std::min(1.0, 0.01 * *std::max_element(supply.begin(), supply.end()));
      return {step, step, "MW/quarter"};
    }
    case Limit::Kind::minimum_fleet: {
      const double most = problem.minimum_fleets[limit.index].thousands;
      const double step = std::max(0.001, std::round(0.01 * most * thousand) / thousand);
      return {step, step * thousand, "units"};
    }
  }
  return {};
}

void add_order_worths(FleetSolver& solver, Plan& plan, const SolveSettings& settings) {
  const std::size_t count = plan.orders.size() + plan.not_ordered.size();
  std::size_t done = 0;
  for (auto* lines : {&plan.orders, &plan.not_ordered}) {
    for (OrderLine& line : *lines) {
      tell(settings.progress,
           {.phase = fmt::format("worth of one more and one less: {}", line.offer),
            .fraction = static_cast<double>(done++) / static_cast<double>(count)});
      if (stopping(settings)) {
        plan.is_complete = false;
        return;
      }
      if (line.why_none.empty()) add_worth(solver, line, settings);
    }
  }
  for (OrderLine& line : plan.orders) line.why = why_ordered(solver.problem(), line);
  for (OrderLine& line : plan.not_ordered) {
    if (line.why_none.empty()) line.why_none = why_not_ordered(solver.problem(), plan, line);
  }
}

void add_limit_prices(FleetSolver& solver, Plan& plan, const SolveSettings& settings) {
  const auto binding = solver.binding_limits();
  std::size_t done = 0;
  for (const auto& [limit, odds] : binding) {
    tell(settings.progress,
         {.phase = "shadow price: " + to_string(solver.problem(), limit),
          .fraction = static_cast<double>(done++) / static_cast<double>(binding.size())});
    if (stopping(settings)) {
      plan.is_complete = false;
      return;
    }
    const LimitStep step = step_of(solver.problem(), limit);
    LimitLine line{
        .kind = kind_name(limit.kind),
        .name = to_string(solver.problem(), limit),
        .unit = step.unit,
        .step = step.units,
        .gain_per_unit_up = worth(solver, solver.cost_if_moved(limit, step.scaled), step.units),
        .loss_per_unit_down = worth(solver, solver.cost_if_moved(limit, -step.scaled), step.units),
        .odds_binding = odds};
    if (line.loss_per_unit_down) line.loss_per_unit_down = -*line.loss_per_unit_down;
    // A limit that is reached but that nobody would move, as power at a site where nothing stands
    // yet.
    if (line.gain_per_unit_up == 0.0 && line.loss_per_unit_down.value_or(0.0) == 0.0) continue;
    plan.limits.push_back(std::move(line));
  }
}

std::vector<std::vector<Limit>> clashing_limits(FleetSolver& solver,
                                                const SolveSettings& settings) {
  std::vector<Limit> candidates = all_limits(solver.problem());
  std::vector<std::vector<Limit>> groups;
  std::vector<Limit> given_up;  // the groups found so far: lifted, so that the next one shows
  while (!solver.feasible_without(given_up)) {
    std::vector<Limit> lifted = given_up, clash;
    for (const Limit& limit : candidates) {
      tell(settings.progress,
           {.phase = "looking for the limits that clash: " + to_string(solver.problem(), limit)});
      if (stopping(settings)) return groups;
      std::vector<Limit> trial = lifted;
      trial.push_back(limit);
      if (solver.feasible_without(trial)) {
        clash.push_back(limit);
      } else {
        lifted = std::move(trial);
      }
    }
    if (clash.empty()) break;  // not these limits: what is there and may be bought do not suffice
    for (const Limit& limit : clash) {
      given_up.push_back(limit);
      candidates.erase(std::find(candidates.begin(), candidates.end(), limit));
    }
    groups.push_back(std::move(clash));
  }
  return groups;
}

void add_clashes(FleetSolver& solver, Plan& plan, const SolveSettings& settings) {
  for (const auto& clash : clashing_limits(solver, settings)) {
    auto& group = plan.clashes.emplace_back();
    for (const Limit& limit : clash) group.push_back(to_string(solver.problem(), limit));
  }
  if (stopping(settings)) plan.is_complete = false;
}

void add_other_trees(Plan& plan, const Problem& problem, const SolveSettings& settings) {
  constexpr std::uint64_t others = 4;
  for (std::uint64_t i = 1; i <= others; ++i) {
    const std::uint64_t seed = settings.seed + i;
    tell(settings.progress, {.phase = fmt::format("the same plan on other futures: seed {}", seed),
                             .fraction = static_cast<double>(i - 1) / others});
    if (stopping(settings)) {
      plan.is_complete = false;
      return;
    }
    FleetSolver solver(problem, {.seed = seed, .stop = settings.stop});
    const Plan other = solver.solve();
    if (other.status != fleet::PlanStatus::optimal) continue;
    fleet::OtherTree tree{.seed = seed, .objective = other.objective, .quantities = {}};
    tree.quantities.assign(problem.offers.size(), 0.0);
    for (const OrderLine& line : other.orders)
      tree.quantities[offer_index(problem, line.offer)] = line.quantity;
    plan.other_trees.push_back(std::move(tree));
  }
}

Plan make_plan(Problem problem, const SolveSettings& settings) {
  FleetSolver solver(std::move(problem), settings);
  Plan plan = solver.solve();
  if (plan.status == fleet::PlanStatus::infeasible) add_clashes(solver, plan, settings);
  if (plan.status == fleet::PlanStatus::optimal) {
    add_order_worths(solver, plan, settings);
    add_limit_prices(solver, plan, settings);
    if (solver.tree().sampled) add_other_trees(plan, solver.problem(), settings);
  }
  plan.method.resolves = solver.resolve_count();
  plan.method.seconds = solver.seconds_since_start();
  return plan;
}

}  // namespace vorrat::insight

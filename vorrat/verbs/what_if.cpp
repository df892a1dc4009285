#include "vorrat/verbs/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/coefficients.h"
#include "vorrat/input/alter.h"
#include "vorrat/report/format.h"
#include "vorrat/report/json.h"
#include "vorrat/report/plan_tables.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/run_facts.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

using Json = nlohmann::ordered_json;

// For odds and quantiles: fewer than a plan's, for an answer while you wait.
constexpr std::size_t what_if_paths = 600;

/// The newest kept plan of these files and options.
std::optional<store::Run> kept_plan(store::Store& store, const store::Files& files,
                                    const PlanRequest& request) {
  for (const store::Run& run : store.runs()) {
    if (run.status != "optimal") continue;
    auto options = store.options(run.id);
    options.erase("trained_iterations");
    if (options == options_of(request) && store.inputs(run.id, store::Place::scenario) == files)
      return run;
  }
  return std::nullopt;
}

/// Of the inputs as they are: found in the store, or planned and kept.
std::optional<store::Run> base_of(const WhatIfRequest& request, const store::Files& files,
                                  WhatIfResult& result) {
  const std::filesystem::path file = store_file(request.file);
  if (std::filesystem::exists(file)) {
    store::Store store(file, store::Access::read);
    if (auto found = kept_plan(store, files, request.plan)) return found;
  }
  tell(request.plan.progress, {.phase = "no kept plan of these inputs: planning them first"});
  const KeptPlan kept = run(KeepRequest{.plan = request.plan, .file = request.file});
  if (!kept.not_kept.empty()) throw Unavailable(kept.not_kept);
  if (!kept.run) {
    result.diagnostics = kept.result.diagnostics;
    result.then.plan = kept.result.plan;
    return std::nullopt;
  }
  result.planned_first = true;
  return store::Store(kept.file, store::Access::read).find(*kept.run);
}

void solve(const WhatIfRequest& request, const std::string& states, LoadedScenario& loaded,
           WhatIfResult& result) {
  scenario::Scenario& scenario = loaded.scenario;
  scenario.settings.seed = request.plan.seed.value_or(scenario.settings.seed);
  result.then.facts = run_facts(loaded);
  fleet::SolveSettings settings = settings_of(request.plan, scenario);
  settings.paths = std::min(settings.paths, what_if_paths);
  const fleet::Problem problem = fleet::to_problem(scenario, loaded.rulings);
  if (request.plan.method.value_or(scenario.settings.method) == PlanMethod::tree) {
    result.then.plan = fleet::FleetSolver(problem, settings).solve();
    return;
  }
  std::optional<fleet::FleetPolicy> policy;
  if (const auto saved = sddp::read_saved_states(states, "states.json")) {
    policy = fleet::FleetPolicy::train_from(*saved, problem, settings, risk_of(scenario));
    result.from_policy = policy.has_value();
  }
  if (!policy) policy = fleet::FleetPolicy::train(problem, settings, risk_of(scenario));
  result.then.plan = policy->plan();
}

std::string sentence(const WhatIfResult& result) {
  const fleet::Plan& plan = *result.then.plan;
  if (plan.status != fleet::PlanStatus::optimal)
    return fmt::format("Then there is no plan: {}{}\n", to_string(plan.status),
                       plan.message.empty() ? "" : ", " + plan.message);
  const double change = plan.objective - *result.base->objective;
  const auto money = [&](double amount) { return report::format_money(amount, plan.currency); };
  std::string text = fmt::format(
      "The plan then costs {}{}, {} {} than run {}", money(plan.objective),
      plan.method.is_sampled_cost ? fmt::format(" +/- {}", money(plan.method.half_width)) : "",
      money(std::abs(change)), change < 0.0 ? "less" : "more", result.base->id);
  if (plan.method.is_decomposed())
    text += fmt::format("; no plan costs less than {} (gap {} %, {} the target of {} %)",
                        money(plan.bound), report::format_number(100.0 * plan.gap),
                        plan.method.converged ? "within" : "NOT within",
                        report::format_number(100.0 * plan.method.target_gap));
  text += ".\n";
  if (result.may_be_the_gap())
    text +=
        "The gaps of the two plans leave more open than that: whether the best plan then costs "
        "more or less is not known.\n";
  return text;
}

}  // namespace

int WhatIfResult::exit_code() const { return diagnostics.has_errors() ? 2 : then.exit_code(); }

bool WhatIfResult::may_be_the_gap() const {
  if (!base || !base->objective || !then.plan) return false;
  return then.plan->bound < *base->objective && base_bound < then.plan->objective;
}

WhatIfResult run(const WhatIfRequest& request) {
  WhatIfResult result;
  const store::Files files = scenario_files(request.plan.scenario);
  auto changed = altered(files, request.changes);
  if (!changed) {
    result.diagnostics = changed.error();
    return result;
  }
  result.base = base_of(request, files, result);
  if (!result.base) return result;
  store::Store store(store_file(request.file), store::Access::read);
  const auto start = std::chrono::steady_clock::now();
  const TemporaryFolder copy;
  write_files(copy.path(), *changed);
  auto loaded = load(copy.path(), request.plan.data);
  if (!loaded) {
    result.diagnostics = loaded.error();
    return result;
  }
  result.inputs = changes_between(files, *changed);
  solve(request, store.result(result.base->id, "states.json").value_or(""), *loaded, result);
  result.then.tables = report::plan_tables(*result.then.plan, result.then.facts);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (result.then.plan->status == fleet::PlanStatus::optimal) {
    const std::string before = *store.result(result.base->id, "plan.json");
    result.base_bound = Json::parse(before).at("bound").get<double>();
    result.plan = plan_changes(before, to_json(result.then));
  }
  return result;
}

std::string to_text(const WhatIfResult& result) {
  if (result.diagnostics.has_errors() || !result.then.plan) return "";
  if (!result.base) return to_text(result.then);
  std::string text = "What if\n";
  for (const Change& change : result.inputs) text += "  " + to_string(change) + "\n";
  text += "\n" + sentence(result) + "\n";
  if (!result.plan.empty())
    text += report::to_terminal(
                plan_table(result.plan, fmt::format("run {}", result.base->id), "then")) +
            "\n";
  return text + fmt::format("{:.1f} s, {}\n\n{}\n", result.seconds,
                            result.from_policy ? "from where the kept plan was trained"
                                               : "trained from nothing",
                            result.then.tables.caution);
}

std::string to_json(const WhatIfResult& result) {
  if (result.diagnostics.has_errors() || !result.then.plan)
    return report::to_json(result.diagnostics);
  Json inputs = Json::array(), changes = Json::array();
  for (const Change& change : result.inputs) {
    inputs.push_back({{"file", change.file},
                      {"row", change.row},
                      {"column", change.column},
                      {"from", change.from},
                      {"to", change.to}});
  }
  const auto number = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json();
  };
  for (const PlanChange& change : result.plan) {
    changes.push_back({{"table", change.table},
                       {"name", change.name},
                       {"measure", change.measure},
                       {"before", number(change.before)},
                       {"after", number(change.after)}});
  }
  const Json json = {{"base", result.base ? Json(result.base->id) : Json()},
                     {"inputs", inputs},
                     {"changes", changes},
                     {"may_be_the_gap", result.may_be_the_gap()},
                     {"from_policy", result.from_policy},
                     {"seconds", result.seconds},
                     {"plan", Json::parse(to_json(result.then))}};
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

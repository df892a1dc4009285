#include "vorrat/verbs/plan.h"

#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/coefficients.h"
#include "vorrat/insight/decomposed.h"
#include "vorrat/insight/marginal.h"
#include "vorrat/report/json.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/run_facts.h"

namespace vorrat::verbs {
int PlanResult::exit_code() const {
  if (!plan) return 2;
  switch (plan->status) {
    case fleet::PlanStatus::optimal:
      return 0;
    case fleet::PlanStatus::infeasible:
    case fleet::PlanStatus::stopped:
      return 1;
    case fleet::PlanStatus::failed:
      return 3;
  }
  return 3;
}

namespace {

void solve(const fleet::Problem& problem, const PlanRequest& request,
           const scenario::Scenario& scenario, const fleet::SolveSettings& settings,
           PlanResult& result) {
  const bool whole = request.depth == PlanDepth::whole;
  if (request.method.value_or(scenario.settings.method) == PlanMethod::tree) {
    if (scenario.risk.counts()) {
      throw InvalidInput(
          "the tree method takes the expectation only: use --method sddp, or leave [risk] out of "
          "the scenario");
    }
    result.plan = whole ? insight::make_plan(problem, settings)
                        : fleet::FleetSolver(problem, settings).solve();
    return;
  }
  if (whole) {
    auto made = insight::make_decomposed_plan(problem, settings, risk_of(scenario));
    result.plan = std::move(made.plan);
    result.states = made.policy.saved_states();
  } else {
    result.plan = fleet::FleetPolicy::train(problem, settings, risk_of(scenario)).plan();
  }
}

}  // namespace

PlanResult run(const PlanRequest& request) {
  PlanResult result;
  tell(request.progress, {.phase = "reading " + request.scenario.string()});
  auto loaded = load(request.scenario, request.data);
  if (!loaded) {
    result.diagnostics = loaded.error();
    return result;
  }
  scenario::Scenario& scenario = loaded->scenario;
  scenario.settings.seed = request.seed.value_or(scenario.settings.seed);
  result.facts = run_facts(*loaded);
  const fleet::SolveSettings settings = settings_of(request, scenario);
  if (request.on_loaded) request.on_loaded();
  solve(fleet::to_problem(scenario, loaded->rulings), request, scenario, settings, result);
  result.tables = report::plan_tables(*result.plan, result.facts);
  return result;
}

fleet::SolveSettings settings_of(const PlanRequest& request, const scenario::Scenario& scenario) {
  fleet::SolveSettings settings;
  settings.seed = scenario.settings.seed;
  settings.lot = scenario.settings.lot;
  settings.progress = request.progress;
  settings.stop = request.stop;
  settings.gap = request.gap.value_or(scenario.settings.gap);
  settings.seconds = request.seconds.value_or(scenario.settings.seconds);
  settings.iterations = request.iterations.value_or(settings.iterations);
  settings.threads = request.threads;
  return settings;
}

program::RiskMeasurePointer risk_of(const scenario::Scenario& scenario) {
  const scenario::Risk& risk = scenario.risk;
  if (!risk.counts()) return program::expectation();
  return program::convex_combination(
      {{1.0 - risk.weight, program::expectation()},
       {risk.weight, program::conditional_value_at_risk(risk.level)}});
}

std::string to_text(const PlanResult& result) {
  return result.plan ? report::to_terminal(result.tables) : "";
}

std::string to_json(const PlanResult& result) {
  return result.plan ? report::to_json(*result.plan, result.facts)
                     : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs

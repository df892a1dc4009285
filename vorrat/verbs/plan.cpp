#include "vorrat/verbs/plan.h"

#include <fmt/format.h>

#include <utility>

#include "vorrat/fleet/coefficients.h"
#include "vorrat/insight/marginal.h"
#include "vorrat/report/json.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/load.h"

namespace vorrat::verbs {
namespace {

report::RunFacts run_facts(const scenario::Scenario& scenario) {
  report::RunFacts facts{.scenario = scenario.name,
                         .title = scenario.title,
                         .known_on = to_string(scenario.horizon.known_on),
                         .input_hash = scenario.input_hash,
                         .version = VORRAT_VERSION,
                         .assumptions = {},
                         .notes = {}};
  for (const scenario::Default& filled : scenario.defaults) {
    facts.assumptions.push_back(fmt::format("{} = {} ({})", filled.what, filled.value, filled.why));
  }
  facts.notes = {
      fmt::format("the rules in force on {} decide what may be ordered; each state of a gate says "
                  "how its law differs",
                  facts.known_on),
      "ranges are planned at their means; gates and growth of demand keep their odds (growth: "
      "three outcomes a quarter,"
      " the same for all workloads)",
      "quantities are not rounded to whole servers; what is ordered and never let through counts "
      "nothing at the end"};
  return facts;
}

}  // namespace

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

PlanResult run(const PlanRequest& request) {
  PlanResult result;
  tell(request.progress, {.phase = "reading " + request.scenario.string()});
  const auto loaded = load(request.scenario, request.data);
  if (!loaded) {
    result.diagnostics = loaded.error();
    return result;
  }
  const scenario::Scenario& scenario = loaded->scenario;
  result.facts = run_facts(scenario);
  result.facts.input_hash = loaded->input_hash;
  const fleet::SolveSettings settings{.seed = request.seed.value_or(scenario.settings.seed),
                                      .lot = scenario.settings.lot,
                                      .progress = request.progress,
                                      .stop = request.stop};
  result.plan = insight::make_plan(fleet::to_problem(scenario, loaded->rulings), settings);
  return result;
}

std::string to_text(const PlanResult& result) {
  return result.plan ? report::to_terminal(*result.plan, result.facts) : "";
}

std::string to_json(const PlanResult& result) {
  return result.plan ? report::to_json(*result.plan, result.facts)
                     : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs

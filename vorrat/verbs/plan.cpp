#include "vorrat/verbs/plan.h"

#include <utility>

#include "vorrat/fleet/coefficients.h"
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

PlanResult run(const PlanRequest& request) {
  PlanResult result;
  tell(request.progress, {.phase = "reading " + request.scenario.string()});
  const auto loaded = load(request.scenario, request.data);
  if (!loaded) {
    result.diagnostics = loaded.error();
    return result;
  }
  const scenario::Scenario& scenario = loaded->scenario;
  result.facts = run_facts(*loaded);
  const fleet::SolveSettings settings{.seed = request.seed.value_or(scenario.settings.seed),
                                      .lot = scenario.settings.lot,
                                      .progress = request.progress,
                                      .stop = request.stop};
  if (request.on_loaded) request.on_loaded();
  fleet::Problem problem = fleet::to_problem(scenario, loaded->rulings);
  result.plan = request.depth == PlanDepth::optimum
                    ? fleet::FleetSolver(std::move(problem), settings).solve()
                    : insight::make_plan(std::move(problem), settings);
  result.tables = report::plan_tables(*result.plan, result.facts);
  return result;
}

std::string to_text(const PlanResult& result) {
  return result.plan ? report::to_terminal(result.tables) : "";
}

std::string to_json(const PlanResult& result) {
  return result.plan ? report::to_json(*result.plan, result.facts)
                     : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs

#include "vorrat/insight/information.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/insight/averages.h"
#include "vorrat/insight/study.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

std::string sentence_of(const std::vector<fleet::FailedFuture>& failed) {
  if (failed.empty()) return "undefined: no plan for all futures begins with the average plan";
  double probability = 0.0;
  std::string names;
  for (const fleet::FailedFuture& future : failed) {
    probability += future.probability;
    names += (names.empty() ? "" : ", ") + future.title;
  }
  return fmt::format("undefined: the average plan fails in these futures ({:.3g} %): {}",
                     probability * 100.0, names);
}

// Orders of which the solver's tolerance is all that is left count as none: the first stage of
// another problem may have no variable for them.
fleet::Orders forced_orders(const std::vector<double>& ordered) {
  fleet::Orders orders;
  for (std::size_t o = 0; o < ordered.size(); ++o)
    orders.emplace_back(o, ordered[o] < 1e-9 ? 0.0 : ordered[o]);
  return orders;
}

void add_average_plan(Information& result, fleet::FleetSolver& real,
                      const fleet::SolveSettings& settings) {
  fleet::FleetSolver believed(average(real.problem()), settings);
  const auto plan = believed.best_if({});
  if (!plan) {
    result.why_undefined = "undefined: the average future has no plan";
    return;
  }
  result.promised = plan->cost * million;
  for (const double k : plan->ordered) result.average_orders.push_back(k * thousand);
  const fleet::Orders orders = forced_orders(plan->ordered);
  if (const auto kept = real.best_if(orders)) {
    result.average_cost = kept->cost * million;
    result.stochastic_solution = *result.average_cost - result.cost;
    return;
  }
  result.failed = real.failed_futures(orders);
  result.why_undefined = sentence_of(result.failed);
}

}  // namespace

std::optional<Information> information(const fleet::Problem& problem,
                                       const fleet::SolveSettings& settings) {
  fleet::SolveSettings quiet = settings;
  quiet.progress = {};
  fleet::FleetSolver solver(problem, quiet);
  const auto best = solver.best_if({});
  if (!best) return std::nullopt;
  Information result;
  result.cost = best->cost * million;
  if (const auto known = solver.cost_if_known()) {
    result.cost_if_known = *known * million;
    result.perfect_information = result.cost - *result.cost_if_known;
  }
  add_average_plan(result, solver, quiet);
  const StudyMaker study = by_tree(problem, quiet);
  for (const Uncertainty& uncertainty : uncertainties(problem)) {
    tell(settings.progress,
         {.phase = "without the uncertainty: " + to_string(problem, uncertainty)});
    UncertaintyWorth line{.name = to_string(problem, uncertainty), .cost_without = {}, .worth = {}};
    if (const auto cost = study(without(problem, uncertainty))->cost()) {
      line.cost_without = *cost * million;
      line.worth = result.cost - *line.cost_without;
      // Below what the solver can tell there is nothing.
      if (std::abs(*line.worth) < 1e-9 * std::max(million, std::abs(result.cost))) line.worth = 0.0;
    }
    result.uncertainties.push_back(std::move(line));
  }
  return result;
}

}  // namespace vorrat::insight

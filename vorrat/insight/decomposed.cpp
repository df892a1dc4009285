#include "vorrat/insight/decomposed.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/insight/marginal.h"
#include "vorrat/insight/unit_cost.h"

namespace vorrat::insight {
namespace {

using fleet::FleetPolicy;
using fleet::OrderLine;
using fleet::Plan;

constexpr double million = 1e6;
constexpr double thousand = 1e3;

std::size_t offer_index(const fleet::Problem& problem, const std::string& id) {
  const auto found = std::ranges::find(problem.offers, id, &fleet::Offer::id);
  return static_cast<std::size_t>(found - problem.offers.begin());
}

/// One question to the policy: what the line is worth with so many more or less.
struct Question {
  OrderLine* line;
  double change;  // [accelerators]
};

std::vector<Question> questions_of(const fleet::Problem& problem, Plan& plan, double lot) {
  std::vector<Question> questions;
  for (auto* lines : {&plan.orders, &plan.not_ordered}) {
    for (OrderLine& line : *lines) {
      if (!line.why_none.empty()) continue;
      const double supply =
          problem.offers[offer_index(problem, line.offer)].supply.front() * thousand;
      line.lot = lot > 0.0 ? lot : std::max(1.0, std::round(0.01 * supply));
      questions.push_back({&line, line.lot});
      if (line.quantity > 0.0) questions.push_back({&line, -std::min(line.lot, line.quantity)});
    }
  }
  return questions;
}

}  // namespace

void add_order_worths(FleetPolicy& policy, Plan& plan, const fleet::SolveSettings& settings) {
  const std::vector<Question> questions = questions_of(policy.problem(), plan, settings.lot);
  std::vector<FleetPolicy::Orders> forced;
  for (const Question& question : questions) {
    forced.push_back({{offer_index(policy.problem(), question.line->offer),
                       (question.line->quantity + question.change) / thousand}});
  }
  const auto bounds = policy.bounds_if(forced);
  if (!bounds.back()) {
    plan.is_complete = false;
    for (const Question& question : questions) {
      if (question.line->quantity <= 0.0) question.line->why_none = "not asked why: interrupted";
    }
    return;
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!bounds[i]) continue;
    const auto& [line, change] = questions[i];
    const double worth = (*bounds.back() - *bounds[i]) * million / std::abs(change);
    (change > 0.0 ? line->worth_of_one_more : line->worth_of_one_less) = worth;
  }
  for (OrderLine& line : plan.orders) line.why = why_ordered(policy.problem(), line);
  for (OrderLine& line : plan.not_ordered) {
    if (line.why_none.empty()) line.why_none = why_not_ordered(policy.problem(), plan, line);
  }
}

DecomposedPlan make_decomposed_plan(const fleet::Problem& problem,
                                    const fleet::SolveSettings& settings,
                                    program::RiskMeasurePointer risk) {
  FleetPolicy policy = FleetPolicy::train(problem, settings, std::move(risk));
  Plan plan = policy.plan();
  if (plan.status == fleet::PlanStatus::optimal) add_order_worths(policy, plan, settings);
  const bool optimal = plan.status == fleet::PlanStatus::optimal;
  const bool is_asked =
      plan.is_complete && (optimal || plan.status == fleet::PlanStatus::infeasible);
  if (is_asked) {
    fleet::FleetSolver tree(problem, settings);
    const Plan coarse = tree.solve();
    if (optimal && coarse.status == fleet::PlanStatus::optimal) {
      add_limit_prices(tree, plan, settings);
      plan.method.resolves = tree.resolve_count();
    }
    if (!optimal) add_clashes(tree, plan, settings);
  }
  return {std::move(policy), std::move(plan)};
}

}  // namespace vorrat::insight

#include "vorrat/insight/regret.h"

#include <algorithm>
#include <mutex>

#include "vorrat/base/parallel.h"
#include "vorrat/insight/edits.h"
#include "vorrat/insight/study.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr Rule rules[] = {Rule::reported_plan, Rule::all_now, Rule::wait, Rule::even_split,
                          Rule::never_import};
constexpr std::size_t rule_count = std::size(rules);

/// What is expected to be ordered of each offer over the horizon, by the best plan. [k]
std::vector<double> expected_totals(const fleet::Problem& problem,
                                    const fleet::SolveSettings& settings) {
  fleet::FleetSolver solver(problem, settings);
  solver.solve();
  std::vector<double> totals(problem.offers.size(), 0.0);
  for (const fleet::Visit& visit : solver.visits()) {
    const auto& order = solver.tree().nodes[visit.node].layout.order;
    for (std::size_t o = 0; o < totals.size(); ++o) {
      if (order[o] != fleet::none) totals[o] += visit.weight * visit.primal[order[o]];
    }
  }
  return totals;
}

fleet::Orders forced_by(const Study& study, Rule rule, const std::vector<double>& ordered) {
  fleet::Orders forced;
  if (rule != Rule::reported_plan && rule != Rule::wait) return forced;
  for (std::size_t o = 0; o < ordered.size(); ++o) {
    const bool counts = rule == Rule::reported_plan && study.may_order(o);
    forced.emplace_back(o, counts ? ordered[o] : 0.0);
  }
  return forced;
}

/// [rule] its cost on one tree. [M]
std::vector<std::optional<double>> costs_on(const fleet::Problem& problem,
                                            const std::vector<double>& ordered,
                                            const std::vector<double>& totals,
                                            const fleet::SolveSettings& settings) {
  const StudyMaker make = by_tree(problem, settings);
  const auto free = make(problem);  // for both rules that only force first orders
  std::vector<std::optional<double>> costs;
  for (const Rule rule : rules) {
    if (rule == Rule::reported_plan || rule == Rule::wait) {
      costs.push_back(free->cost(forced_by(*free, rule, ordered)));
    } else {
      costs.push_back(make(restricted(problem, rule, totals))->cost());
    }
  }
  return costs;
}

RuleLine line_of(Rule rule, const std::vector<std::vector<std::optional<double>>>& costs) {
  RuleLine line{.rule = rule, .cost = {}};
  const auto at = static_cast<std::size_t>(rule);
  std::vector<double> differences;
  double sum = 0.0;
  for (const auto& tree : costs) {
    if (!tree[at] || !tree[0]) {
      line.failed += tree[at] ? 0 : 1;
      continue;
    }
    sum += *tree[at] * million;
    differences.push_back((*tree[at] - *tree[0]) * million);
  }
  if (differences.empty()) return line;
  line.regret = simulate::estimate(differences);
  if (costs.size() == 1) line.regret.half_width = 0.0;
  if (line.failed == 0) line.cost = sum / static_cast<double>(differences.size());
  return line;
}

}  // namespace

std::string to_string(Rule rule) {
  switch (rule) {
    case Rule::reported_plan:
      return "the reported plan";
    case Rule::all_now:
      return "all now";
    case Rule::wait:
      return "wait";
    case Rule::even_split:
      return "even split";
    case Rule::never_import:
      return "never import";
  }
  return "";
}

fleet::Problem restricted(const fleet::Problem& problem, Rule rule,
                          const std::vector<double>& totals) {
  fleet::Problem result = problem;
  for (std::size_t o = 0; o < result.offers.size(); ++o) {
    fleet::Offer& offer = result.offers[o];
    if (rule == Rule::all_now) {
      // Whatever waits may still ship: the most that a stage supplies stays what it was.
      std::fill(offer.supply.begin() + 1, offer.supply.end(), 0.0);
    } else if (rule == Rule::even_split) {
      const auto stages = std::ranges::count_if(offer.supply, [](double s) { return s > 0.0; });
      const double share = totals[o] / static_cast<double>(std::max<std::ptrdiff_t>(1, stages));
      for (double& supply : offer.supply) supply = std::min(supply, share);
    } else if (rule == Rule::never_import && is_gated(offer)) {
      std::ranges::fill(offer.supply, 0.0);
    }
  }
  return result;
}

Regret regret_of_rules(const fleet::Problem& problem, const std::vector<double>& ordered,
                       std::size_t trees, int threads, const fleet::SolveSettings& settings) {
  fleet::SolveSettings quiet = settings;
  quiet.progress = {};
  const std::vector<double> totals = expected_totals(problem, quiet);
  Regret regret{.trees = trees, .is_exact = !make_fleet_tree(problem, quiet.seed).sampled};
  if (regret.is_exact) regret.trees = 1;
  std::vector<std::vector<std::optional<double>>> costs(regret.trees);
  std::mutex telling;
  parallel_for(regret.trees, threads, [&](std::size_t i, int) {
    {
      const std::lock_guard lock(telling);
      tell(settings.progress, {.phase = "rules of thumb on fresh futures",
                               .fraction = static_cast<double>(i) / static_cast<double>(trees)});
    }
    fleet::SolveSettings fresh = quiet;
    constexpr std::uint64_t after_other_trees = 100;
    if (!regret.is_exact) fresh.seed += after_other_trees + i;
    costs[i] = costs_on(problem, ordered, totals, fresh);
  });
  for (std::size_t r = 0; r < rule_count; ++r) regret.lines.push_back(line_of(rules[r], costs));
  return regret;
}

}  // namespace vorrat::insight

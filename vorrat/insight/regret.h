// What simple rules of thumb would cost on the same futures as the plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/fleet/solve.h"
#include "vorrat/simulate/statistics.h"

namespace vorrat::insight {

enum class Rule {
  reported_plan,  // its first orders, then what is best
  all_now,        // orders in the first stage only
  wait,           // nothing in the first stage, then what is best
  even_split,     // in no stage more of an offer than its share of what the plan expects to order
                  // over the horizon, spread evenly over the stages in which it is on offer
  never_import    // nothing that needs a gate, ever
};
std::string to_string(Rule rule);

struct RuleLine {
  Rule rule = Rule::reported_plan;
  std::optional<double> cost;  // mean over the trees [currency]; nothing if it fails on some tree
  /// Cost less that of the reported plan on the same tree: its mean with a 95 % interval by
  /// Student's t over the trees. Where the tree holds all futures there is one tree, the difference
  /// is exact and its half width 0. [currency]
  simulate::Estimate regret{};
  std::size_t failed = 0;  // trees on which no plan keeps the rule
};

struct Regret {
  std::size_t trees = 0;
  bool is_exact = false;  // the tree holds every future
  std::vector<RuleLine> lines;
};

/// Within a rule everything is decided as well as can be, so that its regret is the least it can
/// have. Each tree is drawn afresh (seeds after the settings' own) and all rules are tried on it;
/// the reported plan was made without having seen it. `ordered`: what the plan orders first
/// [offer] [k].
Regret regret_of_rules(const fleet::Problem& problem, const std::vector<double>& ordered,
                       std::size_t trees, int threads, const fleet::SolveSettings& settings);

/// The problem in which only plans that follow the rule are left. `totals`: what the plan expects
/// to order over the horizon [offer] [k]. For reported_plan and wait, whose first orders are
/// forced, the problem itself.
fleet::Problem restricted(const fleet::Problem& problem, Rule rule,
                          const std::vector<double>& totals);

}  // namespace vorrat::insight

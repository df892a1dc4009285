// An input of the problem that can be turned: prices, budgets, demand, odds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vorrat/fleet/problem.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::insight {

/// One input. A setting is a factor on it (1 leaves it), or for odds a shift of log odds (0 leaves
/// them): see `neutral`.
struct Dial {
  std::string name;               // as in "price of h200-mainland"
  std::string unit;               // of what is shown, as in "USD" or "MW"; "" for odds and shares
  double neutral = 1.0;           // the setting that leaves the problem as it is
  double low = 0.8, high = 1.25;  // settings of the range that is told apart from `neutral`
  double least = 0.05, most = 20.0;    // settings within which a break-even is looked for
  std::string range_from = "assumed";  // where low and high come from
  std::vector<std::string> figures;    // of the scenario that it turns, named as by facts_of()
  std::function<fleet::Problem(const fleet::Problem&, double setting)> turned;
  std::function<double(double setting)> shown;  // the input's value at a setting [unit]
};

/// How the odds of a gate are told: that it has let something pass by this stage at least once
/// (`passes`), or that it has stopped letting anything pass by then (`shuts`).
enum class GateOdds { passes, shuts };
/// From the chains alone, dependence among gates included. Needs stage < stage_count().
double odds_by(const fleet::Problem& problem, std::size_t gate, GateOdds what, std::size_t stage);
/// The stage that odds are told for: the third, or the last of a shorter horizon.
std::size_t told_stage(const fleet::Problem& problem);

/// Shifts the log odds of all moves of a gate from states that let nothing pass to states that do
/// (or back, for `shuts`) by `shift`; moves within each kind keep their proportions, and what is
/// certain or impossible stays so.
fleet::Problem with_odds(fleet::Problem problem, std::size_t gate, GateOdds what, double shift);

/// The odds of a gate as a dial; low and high halve and double the odds (p / (1 - p)).
Dial odds_dial(const fleet::Problem& problem, std::size_t gate, GateOdds what);
/// The price of an offer, with duties, in every stage and regime; its end value moves along.
Dial price_dial(const fleet::Problem& problem, std::size_t offer);

/// Every input that can be turned: price and supply of each offer; throughput of each accelerator;
/// demand, growth and worth of each workload; budgets; power; discount rate; end value; odds of
/// each gate. With `scenario`, the one that the problem comes from, low and high are the 10 and 90
/// % quantiles of its facts over their means; else 0.8 and 1.25.
std::vector<Dial> dials(const fleet::Problem& problem,
                        const scenario::Scenario* scenario = nullptr);

}  // namespace vorrat::insight

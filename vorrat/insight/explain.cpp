#include "vorrat/insight/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/uncertainty.h"
#include "vorrat/insight/averages.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

/// "42,164"
std::string grouped(double whole) {
  std::string text = fmt::format("{:.0f}", whole);
  for (std::size_t at = text.size(); at > 3 + (whole < 0.0 ? 1u : 0u);) text.insert(at -= 3, ",");
  return text;
}

std::string money(double amount, const std::string& currency) {
  const double size = std::abs(amount);
  if (size >= 1e9) return fmt::format("{} {:.3g} bn", currency, amount / 1e9);
  if (size >= 1e6) return fmt::format("{} {:.3g} m", currency, amount / 1e6);
  return fmt::format("{} {}", currency, grouped(amount));
}

std::string value_of(const BreakEven& line, double value, bool is_odds) {
  if (is_odds) return fmt::format("{:.2f}", value);
  // Break-even points are found to a thousandth: three digits of them are sure.
  const double step =
      value == 0.0 ? 1.0 : std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
  const double shown = std::round(value / step) * step;
  return fmt::format("{} {}", std::abs(shown) >= 1e3 ? grouped(shown) : fmt::format("{:g}", shown),
                     line.unit);
}

std::string switch_of(const BreakEven& line) {
  const bool is_odds = line.unit.empty();
  const std::string now = value_of(line, line.now, is_odds);
  if (!line.at) {
    const std::string low = value_of(line, line.tried_low, is_odds),
                      high = value_of(line, line.tried_high, is_odds);
    // Odds of zero stay zero, however they are turned.
    if (low == high) return fmt::format("{} can only be {}", line.input, now);
    return fmt::format("no {} between {} and {} changes that (now {})", line.input, low, high, now);
  }
  return fmt::format("would {} ordered {} {}{} of {} (now {})", line.is_ordered ? "not be" : "be",
                     line.above ? "above" : "below", is_odds ? "" : "a ", line.input,
                     value_of(line, *line.at, is_odds), now);
}

std::string why_it_cannot(const Study& study, std::size_t o) {
  const fleet::Problem& problem = study.problem();
  const fleet::Offer& offer = problem.offers[o];
  if (offer.supply.front() <= 0.0)
    return "not ordered: not on offer in " + problem.stage_names.front();
  const fleet::Regime start = starting_regime(problem);
  if (!offer.law.empty() && !offer.law[problem.regime_index(start)].may_order) {
    return fmt::format("not ordered: the rules in force forbid it ({})",
                       offer.law[problem.regime_index(start)].status);
  }
  return "not ordered: its gates do not let it be ordered yet";
}

std::string odds_of(const fleet::Problem& problem, std::size_t offer) {
  std::string text;
  for (const std::size_t gate : gates_of(problem, offer)) {
    const std::size_t stage = told_stage(problem);
    const double odds = odds_by(problem, gate, GateOdds::passes, stage);
    if (odds >= 1.0) continue;
    text += fmt::format("{} lets something pass by {} with odds of {:.2f}; ",
                        problem.gates[gate].id, problem.stage_names[stage], odds);
  }
  return text;
}

std::string sentence_of(const Study& study, const Explanation& found, std::size_t offer) {
  const fleet::Problem& problem = study.problem();
  if (!found.may_order) return why_it_cannot(study, offer);
  if (!found.now_against_waiting) return "no plan can be compared with one that waits";
  const double worth = *found.now_against_waiting;
  const std::string amount = money(std::abs(worth), problem.currency);
  std::string text;
  if (found.ordered >= found.lot) {
    text = fmt::format("ordered: {} now; to wait for {} {} {}", grouped(found.ordered),
                       problem.stage_count() > 1 ? problem.stage_names[1] : "later",
                       worth < 0.0 ? "would save" : "costs", amount);
  } else {
    text = fmt::format("waits: {}ordering {} now costs {} {} than waiting", odds_of(problem, offer),
                       grouped(found.lot), amount, worth > 0.0 ? "less" : "more");
  }
  for (const BreakEven& line : found.break_evens) text += "; " + switch_of(line);
  return text;
}

}  // namespace

std::vector<std::size_t> gates_of(const fleet::Problem& problem, std::size_t o) {
  const fleet::Offer& offer = problem.offers[o];
  std::vector<std::size_t> gates = offer.law.empty() ? offer.gates : std::vector<std::size_t>{};
  for (const fleet::LawOfRegime& law : offer.law)
    gates.insert(gates.end(), law.gates.begin(), law.gates.end());
  std::ranges::sort(gates);
  gates.erase(std::unique(gates.begin(), gates.end()), gates.end());
  return gates;
}

OddsQuestion odds_question(const fleet::Problem& problem, const fleet::SolveSettings& settings) {
  OddsQuestion odds{.problem = problem, .make = {}};
  odds.gates_alone = make_fleet_tree(problem, settings.seed).sampled;
  if (odds.gates_alone) odds.problem = gates_alone(problem);
  odds.make = by_tree(odds.problem, settings);
  return odds;
}

Explanation explain(const StudyMaker& make, const fleet::Problem& problem, const OddsQuestion& odds,
                    std::size_t offer, double lot, std::optional<double> ordered) {
  const auto study = make(problem);
  const double least = lot_of(problem, offer, lot);
  Explanation result{.offer = problem.offers[offer].id,
                     .may_order = study->may_order(offer),
                     .lot = least * thousand,
                     .now_against_waiting = {},
                     .break_evens = {},
                     .sentence = {}};
  if (ordered) {
    result.ordered = *ordered;
  } else if (const auto best = study->best({})) {
    result.ordered = best->ordered[offer] * thousand;
  }
  if (const auto worth = worth_of_ordering(*study, offer, least))
    result.now_against_waiting = *worth * million;
  if (result.may_order) {
    const auto add = [&](const std::optional<BreakEven>& line) {
      if (line) result.break_evens.push_back(*line);
    };
    add(break_even(make, problem, price_dial(problem, offer), offer, least));
    for (const std::size_t gate : gates_of(problem, offer)) {
      const bool open = odds_by(problem, gate, GateOdds::passes, 0) > 0.0;
      const Dial dial = odds_dial(problem, gate, open ? GateOdds::shuts : GateOdds::passes);
      add(break_even(odds.make, odds.problem, dial, offer, least));
    }
  }
  result.sentence = sentence_of(*study, result, offer);
  return result;
}

}  // namespace vorrat::insight

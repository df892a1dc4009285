#include "vorrat/insight/averages.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/fleet/uncertainty.h"
#include "vorrat/insight/edits.h"

namespace vorrat::insight {
namespace {

using fleet::Gate;
using fleet::GateState;
using fleet::LawOfRegime;
using fleet::MarketLevel;
using fleet::NoiseOutcome;
using fleet::Problem;
using fleet::Regime;
using Kind = Uncertainty::Kind;

using Weights = std::vector<std::vector<double>>;  // [stage][state or level]

/// How likely a gate is in each state, by stage.
Weights gate_odds(const Problem& problem, std::size_t gate) {
  Weights odds;
  for (const auto& outcomes : regime_odds(problem)) {
    auto& now = odds.emplace_back(problem.gates[gate].states.size(), 0.0);
    for (const fleet::Outcome& outcome : outcomes) now[outcome.regime[gate]] += outcome.probability;
  }
  return odds;
}

Weights level_odds(const Problem& problem) {
  Weights odds = {{1.0}};
  if (problem.market.levels.empty()) return odds;
  for (std::size_t t = 1; t < problem.stage_count(); ++t) {
    std::vector<double> next(problem.level_count(t), 0.0);
    for (std::size_t from = 0; from < odds.back().size(); ++from) {
      for (std::size_t to = 0; to < next.size(); ++to)
        next[to] += odds.back()[from] * problem.market.transition[t - 1][from][to];
    }
    odds.push_back(std::move(next));
  }
  return odds;
}

template <typename Values, typename Get>
double mean_of(const Values& values, const std::vector<double>& weights, Get get) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * get(values[i]);
  return sum;
}

GateState mean_state(const Gate& gate, const std::vector<double>& odds) {
  const auto mean = [&](auto get) { return mean_of(gate.states, odds, get); };
  GateState state{.id = "mean", .may_order = false};
  for (std::size_t s = 0; s < odds.size(); ++s)
    state.may_order = state.may_order || (odds[s] > 0.0 && gate.states[s].may_order);
  state.release = mean([](const GateState& s) { return s.release; });
  state.decides = mean([](const GateState& s) { return s.decides; });
  state.revokes = mean([](const GateState& s) { return s.revokes; });
  // Shares of what is decided.
  const double decided = std::max(state.decides, 1e-300);
  state.grants = mean([](const GateState& s) { return s.decides * s.grants; }) / decided;
  state.downgrades = mean([](const GateState& s) { return s.decides * s.downgrades; }) / decided;
  return state;
}

/// The mean of the law over the states of one gate, as likely as `odds`; the other gates stand as
/// in `regime`.
LawOfRegime mean_law(const Problem& problem, const fleet::Offer& offer, Regime regime,
                     std::size_t gate, const std::vector<double>& odds) {
  regime[gate] = problem.gates[gate].start;
  LawOfRegime mean = offer.law[problem.regime_index(regime)];
  mean.may_order = false;
  double weight = 0.0, price = 0.0;
  std::vector<std::size_t> gates;
  for (std::size_t s = 0; s < odds.size(); ++s) {
    regime[gate] = s;
    const LawOfRegime& law = offer.law[problem.regime_index(regime)];
    if (odds[s] <= 0.0 || !law.may_order) continue;
    mean.may_order = true;
    weight += odds[s];
    price += odds[s] * law.price;
    gates.insert(gates.end(), law.gates.begin(), law.gates.end());
  }
  if (!mean.may_order) return mean;
  std::ranges::sort(gates);
  gates.erase(std::unique(gates.begin(), gates.end()), gates.end());
  mean.gates = std::move(gates);
  mean.price = price / weight;
  return mean;
}

Regime regime_at(const Problem& problem, std::size_t index) {
  Regime regime(problem.gates.size());
  for (std::size_t g = regime.size(); g-- > 0;) {
    regime[g] = index % problem.gates[g].states.size();
    index /= problem.gates[g].states.size();
  }
  return regime;
}

Problem without_gate(const Problem& problem, std::size_t g) {
  const Weights odds = gate_odds(problem, g);
  return with_stage_values(
      problem, g, [&](std::size_t t, std::size_t) { return mean_state(problem.gates[g], odds[t]); },
      [&](const fleet::Offer& offer, std::size_t stage, const Regime& regime) {
        return mean_law(problem, offer, regime, g, odds[stage]);
      });
}

Problem without_market(Problem problem) {
  const Weights odds = level_odds(problem);
  for (std::size_t t = 0; t < problem.market.levels.size(); ++t) {
    auto& levels = problem.market.levels[t];
    const auto before = levels;
    for (MarketLevel& level : levels) {
      const auto mean = [&](double MarketLevel::*field) {
        return mean_of(before, odds[t], [field](const MarketLevel& l) { return l.*field; });
      };
      level.price = mean(&MarketLevel::price);
      level.rent = mean(&MarketLevel::rent);
      level.exchange = mean(&MarketLevel::exchange);
      level.growth = mean(&MarketLevel::growth);
      level.supply = mean(&MarketLevel::supply);
      level.worth = mean(&MarketLevel::worth);
    }
  }
  return problem;
}

using Field = std::vector<double> NoiseOutcome::*;

Field field_of(Kind kind) {
  switch (kind) {
    case Kind::slips:
      return &NoiseOutcome::slip;
    case Kind::decisions:
      return &NoiseOutcome::decides;
    case Kind::budgets:
      return &NoiseOutcome::budget;
    default:
      return &NoiseOutcome::growth;
  }
}

Problem without_noise(Problem problem, Field field) {
  for (auto& outcomes : problem.noise) {
    if (outcomes.empty()) continue;
    std::vector<double> mean((outcomes.front().*field).size(), 0.0);
    double all = 0.0;
    for (const NoiseOutcome& outcome : outcomes) {
      all += outcome.probability;
      for (std::size_t i = 0; i < mean.size(); ++i)
        mean[i] += outcome.probability * (outcome.*field)[i];
    }
    for (double& value : mean) value /= all;
    for (NoiseOutcome& outcome : outcomes) outcome.*field = mean;
  }
  return problem;
}

bool noise_moves(const Problem& problem, Field field) {
  return std::ranges::any_of(problem.noise, [field](const auto& outcomes) {
    return std::ranges::any_of(outcomes, [&](const NoiseOutcome& outcome) {
      return outcome.probability > 0.0 && outcome.*field != outcomes.front().*field;
    });
  });
}

bool same_values(const GateState& a, const GateState& b) {
  return a.may_order == b.may_order && a.release == b.release && a.decides == b.decides &&
         a.grants == b.grants && a.downgrades == b.downgrades && a.revokes == b.revokes;
}

/// Whether the law says the same to all offers in both states of a gate, however the others stand.
bool same_law(const Problem& problem, std::size_t gate, std::size_t a, std::size_t b) {
  for (const fleet::Offer& offer : problem.offers) {
    for (std::size_t r = 0; r < offer.law.size(); ++r) {
      Regime regime = regime_at(problem, r);
      if (regime[gate] != a) continue;
      regime[gate] = b;
      const LawOfRegime &x = offer.law[r], &y = offer.law[problem.regime_index(regime)];
      if (x.may_order != y.may_order || (x.may_order && (x.gates != y.gates || x.price != y.price)))
        return false;
    }
  }
  return true;
}

/// Whether it can stand in two states of one stage that differ in what they let through.
bool gate_moves(const Problem& problem, std::size_t g) {
  const auto& states = problem.gates[g].states;
  for (const auto& odds : gate_odds(problem, g)) {
    const auto first = static_cast<std::size_t>(
        std::ranges::find_if(odds, [](double p) { return p > 0.0; }) - odds.begin());
    for (std::size_t s = first + 1; s < odds.size(); ++s) {
      if (odds[s] <= 0.0) continue;
      if (!same_values(states[first], states[s]) || !same_law(problem, g, first, s)) return true;
    }
  }
  return false;
}

bool market_moves(const Problem& problem) {
  const auto same = [](const MarketLevel& a, const MarketLevel& b) {
    return a.price == b.price && a.rent == b.rent && a.exchange == b.exchange &&
           a.growth == b.growth && a.supply == b.supply && a.worth == b.worth;
  };
  const Weights odds = level_odds(problem);
  for (std::size_t t = 0; t < problem.market.levels.size(); ++t) {
    const auto& levels = problem.market.levels[t];
    for (std::size_t l = 1; l < levels.size(); ++l) {
      if (odds[t][l] > 0.0 && !same(levels[l], levels[0])) return true;
    }
  }
  return false;
}

}  // namespace

std::string to_string(const Problem& problem, const Uncertainty& uncertainty) {
  switch (uncertainty.kind) {
    case Kind::gate:
      return "gate " + problem.gates[uncertainty.index].id;
    case Kind::market:
      return "market";
    case Kind::growth:
      return "growth of demand";
    case Kind::slips:
      return "slips of deliveries";
    case Kind::decisions:
      return "pace of decisions on applications";
    case Kind::budgets:
      return "revisions of budgets";
  }
  return "";
}

std::vector<Uncertainty> uncertainties(const Problem& problem) {
  std::vector<Uncertainty> found;
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    if (gate_moves(problem, g)) found.push_back({Kind::gate, g});
  }
  if (market_moves(problem)) found.push_back({Kind::market});
  for (const Kind kind : {Kind::growth, Kind::slips, Kind::decisions, Kind::budgets}) {
    if (noise_moves(problem, field_of(kind))) found.push_back({kind});
  }
  return found;
}

Problem without(const Problem& problem, const Uncertainty& uncertainty) {
  if (uncertainty.kind == Kind::gate) return without_gate(problem, uncertainty.index);
  if (uncertainty.kind == Kind::market) return without_market(problem);
  return without_noise(problem, field_of(uncertainty.kind));
}

Problem gates_alone(const Problem& problem) {
  Problem result = without_market(problem);
  for (const Kind kind : {Kind::growth, Kind::slips, Kind::decisions, Kind::budgets})
    result = without_noise(std::move(result), field_of(kind));
  for (auto& outcomes : result.noise) {
    if (outcomes.empty()) continue;
    outcomes.resize(1);
    outcomes.front().probability = 1.0;
  }
  for (std::size_t t = 0; t < result.market.levels.size(); ++t) {
    result.market.levels[t].resize(1);
    if (t > 0) result.market.transition[t - 1] = {{1.0}};
  }
  return result;
}

Problem average(const Problem& problem) {
  Problem result = gates_alone(problem);
  for (std::size_t g = result.gates.size(); g-- > 0;) {
    result = without_gate(result, g);
    // All states of a stage are alike now: stay in the first. What depends on it is fixed already.
    const std::size_t states = problem.gates[g].states.size();
    Gate& gate = result.gates[g];
    gate.start = 0;
    for (auto& matrix : gate.transition) {
      for (auto& row : matrix) std::ranges::fill(row, 0.0);
      for (std::size_t t = 0; t < problem.stage_count(); ++t) {
        for (std::size_t s = 0; s < states; ++s)
          matrix[t * states + s][std::min(t + 1, problem.stage_count() - 1) * states] = 1.0;
      }
    }
  }
  return result;
}

}  // namespace vorrat::insight

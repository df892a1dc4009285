#include "vorrat/fleet/uncertainty.h"

#include <fmt/format.h>

#include <map>
#include <tuple>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::fleet {
namespace {

// A tree of this size takes a quarter of an hour and gigabytes; nobody means more.
constexpr std::size_t most_nodes = 50000;

std::vector<Outcome> draw(const std::vector<Outcome>& outcomes, std::size_t count, double start) {
  std::vector<Outcome> drawn;
  double cumulated = 0.0;
  std::size_t taken = 0;
  for (const Outcome& outcome : outcomes) {
    cumulated += outcome.probability;
    std::size_t hits = 0;
    while (taken < count &&
           (static_cast<double>(taken) + start) / static_cast<double>(count) < cumulated) {
      ++taken;
      ++hits;
    }
    if (hits == 0) continue;
    drawn.push_back(outcome);
    drawn.back().probability = static_cast<double>(hits) / static_cast<double>(count);
  }
  // Rounding may leave the last step just past the cumulated sum.
  if (taken < count) {
    if (drawn.empty()) {
      drawn.push_back(outcomes.back());
      drawn.back().probability = 0.0;
    }
    drawn.back().probability += static_cast<double>(count - taken) / static_cast<double>(count);
  }
  return drawn;
}

double probability_in(const std::vector<Outcome>& outcomes, const Outcome& wanted) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.regime == wanted.regime && outcome.level == wanted.level &&
        outcome.noise == wanted.noise)
      return outcome.probability;
  }
  return 0.0;
}

/// What was drawn with the odds of `before`, weighted for the odds of `after`; without what can no
/// longer happen.
std::vector<Outcome> reweighted(std::vector<Outcome> drawn, const std::vector<Outcome>& before,
                                const std::vector<Outcome>& after) {
  double sum = 0.0;
  for (Outcome& outcome : drawn) {
    const double was = probability_in(before, outcome);
    outcome.probability *= was > 0.0 ? probability_in(after, outcome) / was : 0.0;
    sum += outcome.probability;
  }
  std::erase_if(drawn, [](const Outcome& outcome) { return outcome.probability <= 0.0; });
  for (Outcome& outcome : drawn) outcome.probability /= sum;
  return drawn;
}

std::string node_name(const Problem& problem, std::size_t stage, const Regime& regime,
                      std::size_t level) {
  std::string name = problem.stage_names[stage];
  for (std::size_t g = 0; g < regime.size(); ++g)
    name += "/" + problem.gates[g].states[regime[g]].id;
  if (problem.level_count(stage) > 1) name += "/" + problem.level(stage, level).id;
  return name;
}

std::vector<std::pair<std::size_t, double>> next_levels(const Problem& problem, std::size_t stage,
                                                        std::size_t level) {
  if (problem.market.levels.empty()) return {{0, 1.0}};
  std::vector<std::pair<std::size_t, double>> odds;
  const auto& row = problem.market.transition[stage - 1][level];
  for (std::size_t to = 0; to < row.size(); ++to) {
    if (row[to] > 0.0) odds.emplace_back(to, row[to]);
  }
  return odds;
}

FleetGraph empty_graph(const Problem& problem) {
  FleetGraph result;
  result.states = make_state_layout(problem);
  result.graph.state_names = result.states.names;
  result.graph.initial_state = result.states.initial;
  return result;
}

/// Stage problems by stage, regime and level: trees need each many times.
class StageModels {
 public:
  StageModels(const Problem& problem, const StateLayout& states)
      : problem_(problem), states_(states) {}

  const StageModel& at(std::size_t stage, const Regime& regime, std::size_t level) {
    const auto key = std::tuple(stage, problem_.regime_index(regime), level);
    auto found = models_.find(key);
    if (found == models_.end()) {
      found = models_.emplace(key, make_stage_model(problem_, states_, stage, regime, level)).first;
    }
    return found->second;
  }

 private:
  const Problem& problem_;
  const StateLayout& states_;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, StageModel> models_;
};

class TreeMaker {
 public:
  TreeMaker(const Problem& problem, std::uint64_t seed, const Problem* drawn_by)
      : problem_(problem),
        drawn_by_(drawn_by),
        stream_(seed, "scenario tree"),
        tree_(empty_graph(problem)),
        models_(problem, tree_.states) {}

  FleetGraph make() {
    tree_.graph.root = {
        {.child = add_node(0, {starting_regime(problem_), 0, 0, 1.0}), .probability = 1.0}};
    std::size_t first = 0;
    for (std::size_t stage = 1; stage < problem_.stage_count(); ++stage) {
      const std::size_t end = tree_.nodes.size();
      for (std::size_t parent = first; parent < end; ++parent) add_children(parent, stage);
      first = end;
    }
    return std::move(tree_);
  }

 private:
  std::size_t add_node(std::size_t stage, const Outcome& outcome) {
    if (tree_.nodes.size() >= most_nodes) {
      throw InvalidInput(
          fmt::format("the scenario tree has more than {} nodes at {}: write smaller numbers in "
                      "[tree] branching",
                      most_nodes, problem_.stage_names[stage]));
    }
    const StageModel& model = models_.at(stage, outcome.regime, outcome.level);
    program::StageTemplate problem = model.problem;
    if (!model.noise.empty())
      problem.model = program::realized(model.problem, model.noise[outcome.noise]);
    tree_.graph.nodes.push_back({.name = node_name(problem_, stage, outcome.regime, outcome.level),
                                 .stage = static_cast<int>(stage) + 1,
                                 .problem = std::move(problem),
                                 .noise = {},
                                 .arcs = {}});
    tree_.nodes.push_back({.stage = stage,
                           .regime = outcome.regime,
                           .level = outcome.level,
                           .noise = outcome.noise,
                           .layout = model.layout});
    return tree_.nodes.size() - 1;
  }

  void add_children(std::size_t parent, std::size_t stage) {
    std::vector<Outcome> outcomes =
        next_outcomes(problem_, stage, tree_.nodes[parent].regime, tree_.nodes[parent].level);
    const std::size_t most =
        stage - 1 < problem_.branching.size() ? problem_.branching[stage - 1] : 1;
    const std::vector<Outcome> drawn_from =
        drawn_by_ == nullptr ? outcomes
                             : next_outcomes(*drawn_by_, stage, tree_.nodes[parent].regime,
                                             tree_.nodes[parent].level);
    if (drawn_from.size() > most) {
      const double start = stream_.uniform(parent, stage);
      std::vector<Outcome> drawn = draw(drawn_from, most, start);
      if (drawn_by_ != nullptr) drawn = reweighted(drawn, drawn_from, outcomes);
      if (!drawn.empty()) {
        outcomes = std::move(drawn);
      } else if (outcomes.size() > most) {
        outcomes = draw(outcomes, most, start);
      }
      tree_.sampled = true;
    }
    for (const Outcome& outcome : outcomes) {
      const std::size_t child = add_node(stage, outcome);
      tree_.graph.nodes[parent].arcs.push_back(
          {.child = child, .probability = outcome.probability});
    }
  }

  const Problem& problem_;
  const Problem* drawn_by_;  // may be null; outlives make()
  RandomStream stream_;
  FleetGraph tree_;
  StageModels models_;
};

}  // namespace

std::vector<std::pair<Regime, double>> next_regimes(const Problem& problem, const Regime& regime) {
  std::vector<std::pair<Regime, double>> odds = {{Regime{}, 1.0}};
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    const Gate& gate = problem.gates[g];
    std::vector<std::pair<Regime, double>> longer;
    for (const auto& [moved, probability] : odds) {
      const std::size_t condition = gate.depends_on == none ? 0 : moved[gate.depends_on];
      for (std::size_t to = 0; to < gate.states.size(); ++to) {
        const double chance = gate.transition[condition][regime[g]][to];
        if (chance <= 0.0) continue;
        Regime next = moved;
        next.push_back(to);
        longer.emplace_back(std::move(next), probability * chance);
      }
    }
    odds = std::move(longer);
  }
  return odds;
}

std::vector<Outcome> next_outcomes(const Problem& problem, std::size_t stage, const Regime& regime,
                                   std::size_t level) {
  const std::vector<NoiseOutcome> noise = problem.outcomes(stage);
  std::vector<Outcome> outcomes;
  for (const auto& [next, regime_chance] : next_regimes(problem, regime)) {
    for (const auto& [to, level_chance] : next_levels(problem, stage, level)) {
      for (std::size_t n = 0; n < noise.size(); ++n) {
        const double probability = regime_chance * level_chance * noise[n].probability;
        if (probability > 0.0) outcomes.push_back({next, to, n, probability});
      }
    }
  }
  return outcomes;
}

Regime starting_regime(const Problem& problem) {
  Regime regime;
  for (const Gate& gate : problem.gates) regime.push_back(gate.start);
  return regime;
}

std::vector<std::vector<Outcome>> regime_odds(const Problem& problem) {
  std::map<Regime, double> now = {{starting_regime(problem), 1.0}};
  std::vector<std::vector<Outcome>> odds;
  for (std::size_t stage = 0; stage < problem.stage_count(); ++stage) {
    auto& list = odds.emplace_back();
    std::map<Regime, double> next;
    for (const auto& [regime, probability] : now) {
      list.push_back({regime, 0, 0, probability});
      for (const auto& [to, chance] : next_regimes(problem, regime))
        next[to] += probability * chance;
    }
    now = std::move(next);
  }
  return odds;
}

FleetGraph make_fleet_graph(const Problem& problem) {
  problem.check();
  FleetGraph result = empty_graph(problem);
  using Place = std::pair<Regime, std::size_t>;  // regime and level
  std::map<Place, std::size_t> here;             // of the stage at hand: its node
  const auto add_node = [&](std::size_t stage, const Place& place) {
    StageModel model = make_stage_model(problem, result.states, stage, place.first, place.second);
    result.graph.nodes.push_back({.name = node_name(problem, stage, place.first, place.second),
                                  .stage = static_cast<int>(stage) + 1,
                                  .problem = std::move(model.problem),
                                  .noise = std::move(model.noise),
                                  .arcs = {}});
    result.nodes.push_back({.stage = stage,
                            .regime = place.first,
                            .level = place.second,
                            .layout = std::move(model.layout)});
    return result.nodes.size() - 1;
  };
  const Place start = {starting_regime(problem), 0};
  here[start] = add_node(0, start);
  result.graph.root = {{.child = here[start], .probability = 1.0}};
  for (std::size_t stage = 1; stage < problem.stage_count(); ++stage) {
    std::map<Place, std::size_t> next;
    for (const auto& [place, node] : here) {
      for (const auto& [regime, regime_chance] : next_regimes(problem, place.first)) {
        for (const auto& [level, level_chance] : next_levels(problem, stage, place.second)) {
          const Place to = {regime, level};
          if (!next.contains(to)) next[to] = add_node(stage, to);
          result.graph.nodes[node].arcs.push_back(
              {.child = next[to], .probability = regime_chance * level_chance});
        }
      }
    }
    here = std::move(next);
  }
  return result;
}

FleetGraph make_fleet_tree(const Problem& problem, std::uint64_t seed, const Problem* drawn_by) {
  problem.check();
  return TreeMaker(problem, seed, drawn_by).make();
}

}  // namespace vorrat::fleet

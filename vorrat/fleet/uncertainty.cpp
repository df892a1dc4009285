#include "vorrat/fleet/uncertainty.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::fleet {
namespace {

// A tree of this size takes a quarter of an hour and gigabytes; nobody means more.
constexpr std::size_t most_nodes = 50000;

using RegimeOdds = std::vector<std::pair<Regime, double>>;

RegimeOdds next_regimes(const Problem& problem, const Regime& regime) {
  RegimeOdds odds = {{Regime{}, 1.0}};
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    const Gate& gate = problem.gates[g];
    RegimeOdds longer;
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

std::string node_name(const Problem& problem, std::size_t stage, const Regime& regime) {
  std::string name = problem.stage_names[stage];
  for (std::size_t g = 0; g < regime.size(); ++g)
    name += "/" + problem.gates[g].states[regime[g]].id;
  return name;
}

class TreeMaker {
 public:
  TreeMaker(const Problem& problem, std::uint64_t seed)
      : problem_(problem), stream_(seed, "scenario tree") {
    tree_.states = make_state_layout(problem);
    tree_.graph.state_names = tree_.states.names;
    tree_.graph.initial_state = tree_.states.initial;
  }

  FleetTree make() {
    tree_.graph.root = {{.child = add_node(0, starting_regime(problem_), 0), .probability = 1.0}};
    std::size_t first = 0;
    for (std::size_t stage = 1; stage < problem_.stage_count(); ++stage) {
      const std::size_t end = tree_.nodes.size();
      for (std::size_t parent = first; parent < end; ++parent) add_children(parent, stage);
      first = end;
    }
    return std::move(tree_);
  }

 private:
  std::size_t add_node(std::size_t stage, const Regime& regime, std::size_t growth) {
    std::vector<double> factors;
    for (const Workload& workload : problem_.workloads) {
      factors.push_back(stage == 0 ? 1.0 : workload.growth[stage][growth]);
    }
    StageModel model = make_stage_model(problem_, tree_.states, stage, regime, factors);
    tree_.graph.nodes.push_back({.name = node_name(problem_, stage, regime),
                                 .stage = static_cast<int>(stage) + 1,
                                 .problem = std::move(model.problem),
                                 .noise = {},
                                 .arcs = {}});
    if (tree_.nodes.size() >= most_nodes) {
      throw InvalidInput(
          fmt::format("the scenario tree has more than {} nodes at {}: write smaller numbers in "
                      "[tree] branching",
                      most_nodes, problem_.stage_names[stage]));
    }
    tree_.nodes.push_back(
        {.stage = stage, .regime = regime, .growth = growth, .layout = std::move(model.layout)});
    return tree_.nodes.size() - 1;
  }

  void add_children(std::size_t parent, std::size_t stage) {
    std::vector<Outcome> outcomes = next_outcomes(problem_, tree_.nodes[parent].regime);
    const std::size_t most =
        stage - 1 < problem_.branching.size() ? problem_.branching[stage - 1] : 1;
    if (outcomes.size() > most) {
      tree_.sampled = true;
      outcomes = draw(outcomes, most, stream_.uniform(parent, stage));
    }
    for (const Outcome& outcome : outcomes) {
      const std::size_t child = add_node(stage, outcome.regime, outcome.growth);
      tree_.graph.nodes[parent].arcs.push_back(
          {.child = child, .probability = outcome.probability});
    }
  }

  const Problem& problem_;
  RandomStream stream_;
  FleetTree tree_;
};

}  // namespace

std::vector<Outcome> next_outcomes(const Problem& problem, const Regime& regime) {
  std::vector<Outcome> outcomes;
  for (const auto& [next, probability] : next_regimes(problem, regime)) {
    for (std::size_t g = 0; g < problem.growth_probability.size(); ++g) {
      if (problem.growth_probability[g] <= 0.0) continue;
      outcomes.push_back({next, g, probability * problem.growth_probability[g]});
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
      list.push_back({regime, 0, probability});
      for (const auto& [to, chance] : next_regimes(problem, regime))
        next[to] += probability * chance;
    }
    now = std::move(next);
  }
  return odds;
}

FleetTree make_fleet_tree(const Problem& problem, std::uint64_t seed) {
  problem.check();
  return TreeMaker(problem, seed).make();
}

}  // namespace vorrat::fleet

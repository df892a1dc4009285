#include "vorrat/simulate/monte_carlo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "vorrat/base/error.h"
#include "vorrat/base/parallel.h"
#include "vorrat/base/random.h"

namespace vorrat::simulate {
namespace {

using program::Arc;
using program::PolicyGraph;

// What a player has solved before decides, within tolerance, which of several equal decisions it
// takes. So paths are dealt to a fixed number of players, whatever the number of threads.
constexpr std::size_t player_count = 8;

constexpr std::size_t ends = static_cast<std::size_t>(-1);

std::size_t draw_arc(const std::vector<Arc>& arcs, double u) {
  for (const Arc& arc : arcs) {
    if (u < arc.probability) return arc.child;
    u -= arc.probability;
  }
  // What rounding leaves over of a sum of 1 belongs to the last arc that can be.
  if (u < 1e-9) {
    for (auto arc = arcs.rbegin(); arc != arcs.rend(); ++arc) {
      if (arc->probability > 0.0) return arc->child;
    }
  }
  return ends;
}

std::size_t draw_realization(const program::Node& node, double u) {
  std::size_t last = 0;
  for (std::size_t w = 0; w < node.noise.size(); ++w) {
    if (node.noise[w].probability <= 0.0) continue;
    last = w;
    if (u < node.noise[w].probability) return w;
    u -= node.noise[w].probability;
  }
  return last;
}

struct PathResult {
  double cost = std::numeric_limits<double>::quiet_NaN();  // NaN: no decision on the way
  bool is_cut_off = false;
  bool is_run = true;
};

PathResult run_path(const PolicyGraph& graph, program::Player& player, const RandomStream& random,
                    std::size_t path, std::size_t longest, const Recorder& record) {
  PathResult result{.cost = 0.0};
  program::Decision decision;
  std::vector<double> state = graph.initial_state;
  const std::vector<Arc>* arcs = &graph.root;
  for (std::size_t step = 0;; ++step) {
    const std::size_t node = draw_arc(*arcs, random.uniform(path, step, 0));
    if (node == ends) return result;
    if (step == longest) {
      result.is_cut_off = true;
      return result;
    }
    const std::size_t w = draw_realization(graph.nodes[node], random.uniform(path, step, 1));
    player.decide(node, state, w, decision);
    if (decision.status != lp::Status::optimal) return {};
    result.cost += decision.stage_cost;
    state = decision.state;
    if (record)
      record({.path = path, .step = step, .node = node, .realization = w, .decision = decision});
    arcs = &graph.nodes[node].arcs;
  }
}

// Number of tree nodes, or nothing if there are more than `most` or no end.
std::optional<std::size_t> tree_size(const PolicyGraph& graph, std::size_t most) {
  if (graph.is_cyclic()) return std::nullopt;
  std::vector<double> visits(graph.nodes.size(), 0.0);
  const auto outcomes = [&](std::size_t n) {
    return static_cast<double>(std::max<std::size_t>(1, graph.nodes[n].noise.size()));
  };
  for (const Arc& arc : graph.root) visits[arc.child] += outcomes(arc.child);
  double total = 0.0;
  for (double level = 1.0; level > 0.0;) {
    level = 0.0;
    std::vector<double> next(graph.nodes.size(), 0.0);
    for (std::size_t n = 0; n < visits.size(); ++n) {
      level += visits[n];
      if (visits[n] == 0.0) continue;
      for (const Arc& arc : graph.nodes[n].arcs) next[arc.child] += visits[n] * outcomes(arc.child);
    }
    total += level;
    if (total > static_cast<double>(most)) return std::nullopt;
    visits = std::move(next);
  }
  return static_cast<std::size_t>(total);
}

class TreeWalk {
 public:
  TreeWalk(const program::Policy& policy, const program::RiskMeasure& risk, const Recorder& record)
      : graph_(policy.graph()), player_(policy.player()), risk_(risk), record_(record) {
    sign_ = graph_.sense() == lp::Sense::minimise ? 1.0 : -1.0;
  }

  // Risk-adjusted cost of all that follows `arcs` from `state`, to be minimised; NaN if a stage has
  // no decision. What ends the horizon scales the rest down, as a discount does.
  double cost_of(const std::vector<Arc>& arcs, const std::vector<double>& state,
                 std::size_t depth) {
    std::vector<double> probabilities, costs;
    double total = 0.0;
    for (const Arc& arc : arcs) {
      const program::Node& node = graph_.nodes[arc.child];
      for (std::size_t w = 0; w < std::max<std::size_t>(1, node.noise.size()); ++w) {
        const double p = arc.probability * (node.noise.empty() ? 1.0 : node.noise[w].probability);
        if (p <= 0.0) continue;
        program::Decision decision;
        player_->decide(arc.child, state, w, decision);
        if (decision.status != lp::Status::optimal) return std::numeric_limits<double>::quiet_NaN();
        if (record_)
          record_({.step = depth, .node = arc.child, .realization = w, .decision = decision});
        costs.push_back(sign_ * decision.stage_cost +
                        cost_of(node.arcs, decision.state, depth + 1));
        probabilities.push_back(p);
        total += p;
      }
    }
    if (costs.empty()) return 0.0;
    for (double& p : probabilities) p /= total;
    std::vector<double> weights(costs.size());
    return total * risk_.evaluate(probabilities, costs, weights);
  }

  double sign() const { return sign_; }

 private:
  const PolicyGraph& graph_;
  std::unique_ptr<program::Player> player_;
  const program::RiskMeasure& risk_;
  const Recorder& record_;
  double sign_ = 1.0;
};

}  // namespace

Simulation simulate(const program::Policy& policy, const Options& options, const Recorder& record) {
  needs(options.threads >= 1, "threads >= 1");
  const PolicyGraph& graph = policy.graph();
  const RandomStream random(options.seed, options.stream);
  std::vector<PathResult> results(options.paths, PathResult{.is_run = false});
  parallel_for(std::min(player_count, options.paths), options.threads, [&](std::size_t slot, int) {
    const auto player = policy.player();
    for (std::size_t path = slot; path < options.paths; path += player_count) {
      if (options.stop != nullptr && options.stop->requested()) return;
      results[path] = run_path(graph, *player, random, path, options.longest, record);
    }
  });
  Simulation simulation;
  for (const PathResult& result : results) {
    simulation.cut_off += result.is_cut_off ? 1 : 0;
    if (!result.is_run) continue;  // stopped before
    if (std::isnan(result.cost)) {
      ++simulation.failed;
    } else {
      simulation.costs.push_back(result.cost);
    }
  }
  if (!simulation.costs.empty()) simulation.cost = estimate(simulation.costs);
  return simulation;
}

ExactCost exact_cost(const program::Policy& policy, const program::RiskMeasure& risk,
                     std::size_t most_nodes, const Recorder& record) {
  const auto nodes = tree_size(policy.graph(), most_nodes);
  if (!nodes) return {};
  TreeWalk walk(policy, risk, record);
  const double cost = walk.cost_of(policy.graph().root, policy.graph().initial_state, 0);
  if (std::isnan(cost)) return {};
  return {.is_known = true, .cost = walk.sign() * cost, .nodes = *nodes};
}

std::vector<double> play(const program::Policy& policy, const std::vector<GivenStep>& scenario) {
  const auto player = policy.player();
  std::vector<double> costs;
  std::vector<double> state = policy.graph().initial_state;
  program::Decision decision;
  for (const GivenStep& step : scenario) {
    player->decide(step.node, state, step.outcome, decision);
    if (decision.status != lp::Status::optimal) break;
    costs.push_back(decision.stage_cost);
    state = decision.state;
  }
  return costs;
}

}  // namespace vorrat::simulate

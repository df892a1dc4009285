#include "vorrat/tree/scenario_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::tree {
namespace {

std::size_t possible_outcomes(const program::Node& node) {
  if (node.noise.empty()) return 1;
  return static_cast<std::size_t>(
      std::count_if(node.noise.begin(), node.noise.end(),
                    [](const program::Realization& r) { return r.probability > 0.0; }));
}

// Counts level by level, in floating point because the count may be astronomical.
double count_nodes(const program::PolicyGraph& graph, int max_depth) {
  std::vector<double> visits(graph.nodes.size(), 0.0);
  for (const program::Arc& arc : graph.root) {
    if (arc.probability > 0.0)
      visits[arc.child] += static_cast<double>(possible_outcomes(graph.nodes[arc.child]));
  }
  double total = 0.0;
  for (int depth = 0;; ++depth) {
    double level = 0.0;
    for (double v : visits) level += v;
    total += level;
    if (level == 0.0 || depth == max_depth || total > 1e15) return total;
    std::vector<double> next(graph.nodes.size(), 0.0);
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      if (visits[n] == 0.0) continue;
      for (const program::Arc& arc : graph.nodes[n].arcs) {
        if (arc.probability > 0.0) {
          next[arc.child] +=
              visits[n] * static_cast<double>(possible_outcomes(graph.nodes[arc.child]));
        }
      }
    }
    visits = std::move(next);
  }
}

}  // namespace

const program::Realization& realization_of(const program::Node& node, std::size_t realization) {
  static const program::Realization certain;
  return node.noise.empty() ? certain : node.noise.at(realization);
}

std::string title(const program::PolicyGraph& graph, const TreeNode& node) {
  const program::Node& visited = graph.nodes[node.graph_node];
  std::string text = visited.name.empty() ? fmt::format("node {}", node.graph_node) : visited.name;
  if (visited.noise.size() > 1) {
    const std::string& name = visited.noise[node.realization].name;
    text += name.empty() ? fmt::format(", outcome {}", node.realization + 1) : ", " + name;
  }
  return text;
}

std::vector<std::size_t> ScenarioTree::path_to(std::size_t node) const {
  std::vector<std::size_t> path = {node};
  while (nodes[path.back()].parent != path.back()) path.push_back(nodes[path.back()].parent);
  std::reverse(path.begin(), path.end());
  return path;
}

double ScenarioTree::ending_probability(std::size_t node) const {
  if (children[node].empty()) return nodes[node].probability;
  double going_on = 0.0;
  for (std::size_t child : children[node]) going_on += nodes[child].probability;
  const double rest = nodes[node].probability - going_on;
  return rest > 1e-9 * nodes[node].probability ? rest : 0.0;
}

ScenarioTree unfold(const program::PolicyGraph& graph, std::size_t max_nodes, int max_depth) {
  if (max_depth < 0 && graph.is_cyclic()) {
    throw InvalidInput(
        "the policy graph has a cycle, so its scenario tree never ends: give a depth to stop at");
  }
  const double count = count_nodes(graph, max_depth);
  if (count > static_cast<double>(max_nodes)) {
    throw InvalidInput(
        fmt::format("the scenario tree would have {}{:.0f} nodes; at most {} are allowed here",
                    count > 1e15 ? "more than " : "", count, max_nodes));
  }
  ScenarioTree tree;
  tree.nodes.reserve(static_cast<std::size_t>(count));
  const auto add = [&](const program::Arc& arc, std::size_t parent, double reached, int depth) {
    const program::Node& node = graph.nodes[arc.child];
    for (std::size_t w = 0; w < std::max<std::size_t>(1, node.noise.size()); ++w) {
      const double probability = reached * arc.probability * realization_of(node, w).probability;
      if (!(probability > 0.0)) continue;
      const std::size_t self = tree.nodes.size();
      tree.nodes.push_back({.parent = depth == 0 ? self : parent,
                            .graph_node = arc.child,
                            .realization = w,
                            .probability = probability,
                            .depth = depth});
      tree.children.emplace_back();
      if (depth > 0) tree.children[parent].push_back(self);
    }
  };
  for (const program::Arc& arc : graph.root) add(arc, 0, 1.0, 0);
  for (std::size_t done = 0; done < tree.nodes.size(); ++done) {
    const TreeNode from = tree.nodes[done];
    if (from.depth == max_depth) continue;
    for (const program::Arc& arc : graph.nodes[from.graph_node].arcs) {
      add(arc, done, from.probability, from.depth + 1);
    }
  }
  return tree;
}

}  // namespace vorrat::tree

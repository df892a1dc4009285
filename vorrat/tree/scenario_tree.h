// The scenario tree of a policy graph: every history that its arcs and noise can produce.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vorrat/program/policy_graph.h"

namespace vorrat::tree {

/// One node of the scenario tree: a visit of a graph node under one realisation of its noise.
struct TreeNode {
  std::size_t parent = 0;  // index in the tree; the node itself if it is a first node
  std::size_t graph_node = 0;
  std::size_t realization = 0;
  double probability = 1.0;  // of reaching this node from the start, in [0, 1]
  int depth = 0;             // 0 for the first nodes
};

/// The tree, parents before children, level by level; children of a node stand side by side.
struct ScenarioTree {
  std::vector<TreeNode> nodes{};
  std::vector<std::vector<std::size_t>> children{};  // [node]

  /// The nodes from a first node down to `node`.
  std::vector<std::size_t> path_to(std::size_t node) const;
  /// How likely a history ends at `node`: its probability less that of its children; 0 where the
  /// rest is rounding.
  double ending_probability(std::size_t node) const;
};

/// The realisation `realization` of a graph node; one without changes if the node has no noise.
const program::Realization& realization_of(const program::Node& node, std::size_t realization);

/// For people, as in "2026Q2/open, high demand": the names of the graph node and its realisation.
std::string title(const program::PolicyGraph& graph, const TreeNode& node);

/// Unfolds a checked graph. Nodes of probability 0 are left out. With `max_depth` >= 0 deeper nodes
/// are cut off. Throws InvalidInput if the graph is cyclic and `max_depth` is not given, or if the
/// tree would have more than `max_nodes` nodes (the message says how many).
ScenarioTree unfold(const program::PolicyGraph& graph, std::size_t max_nodes = 2'000'000,
                    int max_depth = -1);

}  // namespace vorrat::tree

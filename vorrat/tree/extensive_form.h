// The deterministic equivalent of a finite policy graph: one LP or MIP over its scenario tree.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/lp/solver.h"
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

/// The tree of a policy graph, parents before children. Nodes of probability 0 are left out.
/// Throws InvalidInput if the graph is cyclic and `max_depth` is not given, or if the tree would
/// have more than `max_nodes` nodes (the message says how many).
struct ScenarioTree {
  std::vector<TreeNode> nodes;
  std::vector<std::vector<std::size_t>> children;  // [node]
};
ScenarioTree unfold(const program::PolicyGraph& graph, std::size_t max_nodes = 2'000'000,
                    int max_depth = -1);

/// The extensive form, kept in a solver so that small changes re-solve from the last basis.
///
///     ExtensiveForm form(graph);
///     const TreeAnswer answer = form.solve({});
///     answer.primal(node)[column]      // of the node's stage problem
///
/// Nonanticipativity holds by construction: one copy of the decisions per tree node. A node's
/// incoming-state columns are replaced by the outgoing columns of its parent (or the initial
/// state).
class ExtensiveForm {
 public:
  explicit ExtensiveForm(const program::PolicyGraph& graph, std::size_t max_nodes = 2'000'000,
                         int max_depth = -1);
  ~ExtensiveForm();
  ExtensiveForm(ExtensiveForm&&) noexcept;
  ExtensiveForm& operator=(ExtensiveForm&&) noexcept;

  const ScenarioTree& tree() const;
  /// The whole LP or MIP, as handed to the solver.
  const lp::Model& model() const;
  /// Where column `column` of tree node `node`'s stage problem stands in model().
  std::size_t column_of(std::size_t node, std::size_t column) const;
  std::size_t row_of(std::size_t node, std::size_t row) const;

  /// Changes that last until set again; they apply to one tree node's copy.
  void set_row_bounds(std::size_t node, std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t node, std::size_t column, double lower, double upper);
  /// `cost` is the stage cost; it is weighted by the node's probability here.
  void set_cost(std::size_t node, std::size_t column, double cost);

  struct Result {
    lp::Answer answer;  // of the whole model
    std::vector<std::vector<double>>
        primal;  // [tree node][column of its stage problem], incoming states filled in
    std::vector<std::vector<double>> row_dual;  // [tree node][row], per unit of the node's own
                                                // bound, divided by its probability; empty for MIPs
    std::vector<double> stage_cost;             // [tree node], not weighted
  };
  Result solve(const lp::SolveOptions& options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vorrat::tree

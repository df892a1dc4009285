// The deterministic equivalent of a finite policy graph: one LP or MIP over its scenario tree.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/program/policy_graph.h"
#include "vorrat/tree/scenario_tree.h"

namespace vorrat::tree {

/// A row or column of one tree node's stage problem.
struct PlaceInTree {
  std::size_t node = 0;   // of the tree
  std::size_t index = 0;  // row or column of the stage problem
  bool operator==(const PlaceInTree&) const = default;
};

struct Bounds {
  double lower = -lp::infinity;
  double upper = lp::infinity;
  bool operator==(const Bounds&) const = default;
};

/// The extensive form, kept in a solver so that small changes re-solve from the last basis.
///
///     ExtensiveForm form(graph);
///     const auto result = form.solve({});
///     result.primal[node][column]      // of the node's stage problem
///
/// Nonanticipativity holds by construction: one copy of the decisions per tree node. A node's
/// incoming-state columns are replaced by the outgoing columns of its parent; those of the first
/// nodes by one column per state that is fixed at the initial value.
///
/// Each node's costs are weighted by its probability. Bounds and kinds of incoming columns are not
/// used.
class ExtensiveForm {
 public:
  /// Throws InvalidInput as PolicyGraph::check() and unfold() do, Unavailable without a solver.
  explicit ExtensiveForm(const program::PolicyGraph& graph, std::size_t max_nodes = 2'000'000,
                         int max_depth = -1);
  ~ExtensiveForm();
  ExtensiveForm(ExtensiveForm&&) noexcept;
  ExtensiveForm& operator=(ExtensiveForm&&) noexcept;

  const program::PolicyGraph& graph() const;
  const ScenarioTree& tree() const;
  std::string solver_name() const;
  /// The whole LP or MIP, as handed to the solver, with the changes made so far. Its columns and
  /// rows have no names: see column_title() and row_title().
  const lp::Model& model() const;

  /// Where column `column` of tree node `node`'s stage problem stands in model().
  std::size_t column_of(std::size_t node, std::size_t column) const;
  std::size_t row_of(std::size_t node, std::size_t row) const;
  /// Where row `row` of model() comes from.
  PlaceInTree place_of_row(std::size_t row) const;
  /// For people, as in "power of north at 2026Q2/open"; for the rows named by a Farkas ray.
  std::string row_title(std::size_t row) const;
  std::string row_title(const PlaceInTree& place) const;
  std::string column_title(const PlaceInTree& place) const;

  /// Every copy of the row or column called `name`, over the whole tree; empty if there is none.
  /// For columns, copies that come in from the parent are left out: they are the parent's.
  std::vector<PlaceInTree> rows_named(std::string_view name) const;
  std::vector<PlaceInTree> columns_named(std::string_view name) const;

  Bounds row_bounds(std::size_t node, std::size_t row) const;
  Bounds column_bounds(std::size_t node, std::size_t column) const;

  /// Changes that last until set again; they apply to one tree node's copy. Changing the bounds of
  /// an incoming column changes its parent's outgoing column, or the initial state.
  void set_row_bounds(std::size_t node, std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t node, std::size_t column, double lower, double upper);
  /// `cost` is the stage cost; it is weighted by the node's probability here.
  void set_cost(std::size_t node, std::size_t column, double cost);

  struct Result {
    /// Of the whole model. When it is infeasible, `answer.ray` has one multiplier a row of model():
    /// the rows where it is not zero clash (row_title() names them).
    lp::Answer answer;
    std::vector<std::vector<double>>
        primal;  // [tree node][column of its stage problem], incoming states filled in
    std::vector<std::vector<double>> row_dual;  // [tree node][row], per unit of the node's own
                                                // bound, divided by its probability; empty for MIPs
    std::vector<double> stage_cost;             // [tree node], not weighted
  };
  /// Solves from the last basis. The vectors over tree nodes are empty if there is no point.
  Result solve(const lp::SolveOptions& options);
  /// The same, without the work of sorting the answer by tree node.
  lp::Answer solve_whole(const lp::SolveOptions& options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vorrat::tree

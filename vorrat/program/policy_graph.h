// A multistage stochastic program as a policy graph: nodes that each hold one stage problem, arcs
// with probabilities, and noise that is drawn on entering a node. Words follow SDDP.jl's
// documentation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vorrat/lp/model.h"

namespace vorrat::program {

/// One stage problem: an LP or MIP in which, for each state k of the graph, column incoming[k]
/// holds the value that comes in (its own bounds are ignored: it is fixed on entry) and column
/// outgoing[k] the value that goes on. The objective is the cost of this stage alone. `sense` must
/// be the same in all nodes of a graph.
struct StageTemplate {
  lp::Model model{};
  std::vector<std::size_t> incoming{};  // [state]
  std::vector<std::size_t> outgoing{};  // [state]
};

/// One number of the stage problem that a realisation of noise replaces (not adds to).
struct Change {
  enum class What {
    row_lower,
    row_upper,
    row_both,
    column_lower,
    column_upper,
    column_both,
    cost,
    coefficient,
    objective_constant
  };
  What what = What::row_both;
  std::size_t row = 0;     // for row_* and coefficient
  std::size_t column = 0;  // for column_*, cost and coefficient
  double value = 0.0;
};

/// One outcome of the noise of a node. Probabilities of a node's outcomes sum to 1.
struct Realization {
  double probability = 1.0;
  std::vector<Change> changes{};
  std::string name{};  // for people, may be empty
};

/// An arc to node `child`. Probabilities of a node's arcs sum to at most 1; the rest ends the
/// horizon (the discount of a cyclic graph).
struct Arc {
  std::size_t child = 0;
  double probability = 1.0;
};

struct Node {
  std::string name{};  // as in "2026Q2/open"
  int stage = 1;       // 1..T for people; in a cyclic graph the stage within the cycle
  StageTemplate problem{};
  std::vector<Realization> noise{};  // empty means one certain realisation without changes
  std::vector<Arc> arcs{};
};

/// The whole program. A plain value; check() before use.
struct PolicyGraph {
  std::vector<std::string> state_names{};  // [state]
  std::vector<double> initial_state{};     // [state]
  std::vector<Arc> root{};                 // arcs into the first nodes
  std::vector<Node> nodes{};

  lp::Sense sense() const;
  /// True if some node can be reached from itself.
  bool is_cyclic() const;
  /// Throws InvalidInput, naming the node, if probabilities are outside [0, 1], do not sum to 1
  /// (noise, root) or exceed 1 (arcs) by more than 1e-9, shapes differ, an index points outside, or
  /// senses differ.
  void check() const;
};

/// The stage problem of a node under one realisation: `changes` applied to the template's model.
lp::Model realized(const StageTemplate& problem, const Realization& realization);

}  // namespace vorrat::program

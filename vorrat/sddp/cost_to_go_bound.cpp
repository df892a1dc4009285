#include "vorrat/sddp/cost_to_go_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/parallel.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::sddp {
namespace {

using program::PolicyGraph;
using program::Realization;

struct Range {
  double lower = lp::infinity, upper = -lp::infinity;  // empty
  void add(double low, double high) {
    lower = std::min(lower, low);
    upper = std::max(upper, high);
  }
};

// Turns a solver's model into another one of the same shape; false if it has another shape.
bool move_to(lp::StageSolver& solver, const lp::Model& from, const lp::Model& to) {
  if (from.columns.size() != to.columns.size() || from.rows.size() != to.rows.size() ||
      from.entries.size() != to.entries.size())
    return false;
  for (std::size_t e = 0; e < to.entries.size(); ++e) {
    if (from.entries[e].row != to.entries[e].row || from.entries[e].column != to.entries[e].column)
      return false;
  }
  for (std::size_t e = 0; e < to.entries.size(); ++e) {  // a changed place has one entry
    const lp::Entry& is = to.entries[e];
    if (from.entries[e].value != is.value) solver.set_coefficient(is.row, is.column, is.value);
  }
  for (std::size_t j = 0; j < to.columns.size(); ++j) {
    const lp::Column &was = from.columns[j], &is = to.columns[j];
    if (was.cost != is.cost) solver.set_cost(j, is.cost);
    if (was.lower != is.lower || was.upper != is.upper)
      solver.set_column_bounds(j, is.lower, is.upper);
  }
  for (std::size_t i = 0; i < to.rows.size(); ++i) {
    const lp::Row &was = from.rows[i], &is = to.rows[i];
    if (was.lower != is.lower || was.upper != is.upper)
      solver.set_row_bounds(i, is.lower, is.upper);
  }
  return true;
}

class Relaxation {
 public:
  Relaxation(const PolicyGraph& graph, int threads)
      : graph_(graph),
        threads_(threads),
        states_(graph.state_names.size()),
        sign_(graph.sense() == lp::Sense::minimise ? 1.0 : -1.0),
        incoming_(graph.nodes.size(), std::vector<Range>(states_)) {
    for (const program::Arc& arc : graph.root) {
      if (arc.probability <= 0.0) continue;
      for (std::size_t k = 0; k < states_; ++k)
        incoming_[arc.child][k].add(graph.initial_state[k], graph.initial_state[k]);
    }
  }

  CostToGoBound compute() {
    take_declared_ranges();
    CostToGoBound bound = bound_of_stages();
    if (bound.status != lp::Status::unbounded || graph_.is_cyclic())
      return finish(std::move(bound));
    find_reachable_ranges();
    return finish(bound_of_stages());
  }

 private:
  std::size_t outcomes(std::size_t n) const {
    return std::max<std::size_t>(1, graph_.nodes[n].noise.size());
  }

  // The stage problem with its incoming state free in its range, costs to be minimised.
  lp::Model relaxed(std::size_t n, std::size_t w) const {
    const program::Node& node = graph_.nodes[n];
    lp::Model model =
        program::realized(node.problem, node.noise.empty() ? Realization() : node.noise[w]);
    model.sense = lp::Sense::minimise;
    model.objective_constant *= sign_;
    for (lp::Column& column : model.columns) {
      column.cost *= sign_;
      column.kind = lp::ColumnKind::continuous;
    }
    for (std::size_t k = 0; k < states_; ++k) {
      lp::Column& column = model.columns[node.problem.incoming[k]];
      const Range& range = incoming_[n][k];
      column.lower = range.lower <= range.upper ? range.lower : -lp::infinity;
      column.upper = range.lower <= range.upper ? range.upper : lp::infinity;
    }
    return model;
  }

  // Hands every node's outgoing bounds on to its children, until nothing grows: a state that goes
  // through a node as one column has the range that it came with.
  void take_declared_ranges() {
    for (std::size_t round = 0; round <= graph_.nodes.size(); ++round) {
      bool has_grown = false;
      for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
        const auto ranges = declared(n);
        for (const program::Arc& arc : graph_.nodes[n].arcs) {
          if (arc.probability <= 0.0) continue;
          for (std::size_t k = 0; k < states_; ++k) {
            Range& range = incoming_[arc.child][k];
            const Range before = range;
            if (ranges[k].lower <= ranges[k].upper) range.add(ranges[k].lower, ranges[k].upper);
            has_grown = has_grown || range.lower != before.lower || range.upper != before.upper;
          }
        }
      }
      if (!has_grown) return;
    }
  }

  std::vector<Range> declared(std::size_t n) const {
    const program::StageTemplate& problem = graph_.nodes[n].problem;
    std::vector<Range> ranges(states_);
    for (std::size_t w = 0; w < outcomes(n); ++w) {
      const lp::Model model = relaxed_cached(n, w);
      for (std::size_t k = 0; k < states_; ++k) {
        const std::size_t j = problem.outgoing[k];
        const auto in = std::find(problem.incoming.begin(), problem.incoming.end(), j);
        if (in != problem.incoming.end()) {
          const Range& range =
              incoming_[n][static_cast<std::size_t>(in - problem.incoming.begin())];
          if (range.lower <= range.upper) ranges[k].add(range.lower, range.upper);
        } else {
          ranges[k].add(model.columns[j].lower, model.columns[j].upper);
        }
      }
    }
    return ranges;
  }

  // Bounds of columns only: cheap enough to ask for again.
  lp::Model relaxed_cached(std::size_t n, std::size_t w) const {
    const program::Node& node = graph_.nodes[n];
    program::StageTemplate bounds_only;
    bounds_only.model.columns = node.problem.model.columns;
    Realization changes;
    if (!node.noise.empty()) {
      using What = program::Change::What;
      for (const program::Change& c : node.noise[w].changes) {
        if (c.what == What::column_lower || c.what == What::column_upper ||
            c.what == What::column_both)
          changes.changes.push_back(c);
      }
    }
    return program::realized(bounds_only, changes);
  }

  // In topological order: the least and the largest of each outgoing state, over what can come in.
  void find_reachable_ranges() {
    for (auto& ranges : incoming_) ranges.assign(states_, Range());
    for (const program::Arc& arc : graph_.root) {
      if (arc.probability <= 0.0) continue;
      for (std::size_t k = 0; k < states_; ++k)
        incoming_[arc.child][k].add(graph_.initial_state[k], graph_.initial_state[k]);
    }
    for (std::size_t n : topological_order()) {
      if (states_ > 0 && incoming_[n][0].lower > incoming_[n][0].upper) continue;  // never reached
      std::vector<Range> reached(states_);
      for (std::size_t w = 0; w < outcomes(n); ++w) add_reached(n, w, reached);
      for (const program::Arc& arc : graph_.nodes[n].arcs) {
        if (arc.probability <= 0.0) continue;
        for (std::size_t k = 0; k < states_; ++k)
          incoming_[arc.child][k].add(reached[k].lower, reached[k].upper);
      }
    }
  }

  void add_reached(std::size_t n, std::size_t w, std::vector<Range>& reached) const {
    lp::Model model = relaxed(n, w);
    for (lp::Column& column : model.columns) column.cost = 0.0;
    model.objective_constant = 0.0;
    lp::StageSolver solver;
    solver.load(model);
    for (std::size_t k = 0; k < states_; ++k) {
      const std::size_t j = graph_.nodes[n].problem.outgoing[k];
      Range range{.lower = model.columns[j].lower, .upper = model.columns[j].upper};
      solver.set_cost(j, 1.0);
      if (solver.resolve() == lp::Status::optimal) range.lower = loosened(solver.bound(), -1.0);
      solver.set_cost(j, -1.0);
      if (solver.resolve() == lp::Status::optimal) range.upper = loosened(-solver.bound(), 1.0);
      solver.set_cost(j, 0.0);
      reached[k].add(range.lower, range.upper);
    }
  }

  // Answers hold within tolerance; a range must hold everything.
  static double loosened(double value, double direction) {
    return value + direction * 1e-6 * std::max(1.0, std::abs(value));
  }

  std::vector<std::size_t> topological_order() const {
    std::vector<std::size_t> arcs_in(graph_.nodes.size(), 0), order;
    for (const auto& node : graph_.nodes)
      for (const program::Arc& arc : node.arcs) arcs_in[arc.child] += arc.probability > 0.0 ? 1 : 0;
    for (std::size_t n = 0; n < arcs_in.size(); ++n)
      if (arcs_in[n] == 0) order.push_back(n);
    for (std::size_t i = 0; i < order.size(); ++i)
      for (const program::Arc& arc : graph_.nodes[order[i]].arcs)
        if (arc.probability > 0.0 && --arcs_in[arc.child] == 0) order.push_back(arc.child);
    return order;
  }

  CostToGoBound bound_of_stages() const {
    CostToGoBound bound{.status = lp::Status::optimal};
    const std::size_t nodes = graph_.nodes.size();
    bound.by_realization.resize(nodes);
    std::vector<lp::Status> status(nodes, lp::Status::optimal);
    parallel_for(nodes, threads_, [&](std::size_t n, int) {
      status[n] = bound_of_stage(n, bound.by_realization[n]);
    });
    for (std::size_t n = 0; n < nodes; ++n) {
      if (status[n] == lp::Status::optimal) continue;
      bound.status = status[n];
      bound.message = fmt::format("the stage problem of node \"{}\"", graph_.nodes[n].name);
      return bound;
    }
    return bound;
  }

  // One after the other in one solver, which keeps its basis from one realisation to the next.
  lp::Status bound_of_stage(std::size_t n, std::vector<double>& least) const {
    lp::StageSolver solver;
    lp::Model now;
    double constant = 0.0;  // that the solver knows
    for (std::size_t w = 0; w < outcomes(n); ++w) {
      lp::Model model = relaxed(n, w);
      if (w == 0 || !move_to(solver, now, model)) {
        solver.load(model);
        constant = model.objective_constant;
      }
      now = std::move(model);
      const lp::Status status = solver.resolve();
      if (status != lp::Status::optimal) return status;
      least.push_back(loosened(solver.bound() + now.objective_constant - constant, -1.0));
    }
    return lp::Status::optimal;
  }

  // least(n) = mean over noise of the stage's own least + sum over arcs of probability *
  // least(child), worked off backwards, and again until a cycle has settled.
  CostToGoBound finish(CostToGoBound bound) const {
    if (bound.status == lp::Status::unbounded) {
      bound.message +=
          " has no least cost, because states that can come in have no bounds: give "
          "them bounds, or a bound on the cost to go";
    }
    if (bound.status == lp::Status::infeasible)
      bound.message += " cannot be met, whatever state comes in";
    if (bound.status != lp::Status::optimal) return bound;
    const std::size_t nodes = graph_.nodes.size();
    std::vector<double> own(nodes, 0.0);
    for (std::size_t n = 0; n < nodes; ++n) {
      for (std::size_t w = 0; w < outcomes(n); ++w) {
        own[n] += (graph_.nodes[n].noise.empty() ? 1.0 : graph_.nodes[n].noise[w].probability) *
                  bound.by_realization[n][w];
      }
    }
    std::vector<double> least = own;
    bool has_settled = false;
    for (int round = 0; round < 1'000'000 && !has_settled; ++round) {
      has_settled = true;
      for (std::size_t n = nodes; n-- > 0;) {
        double value = own[n];
        for (const program::Arc& arc : graph_.nodes[n].arcs)
          value += arc.probability * least[arc.child];
        if (std::abs(value - least[n]) > 1e-13 * std::max(1.0, std::abs(value)))
          has_settled = false;
        least[n] = value;
      }
    }
    if (!has_settled) {
      bound.status = lp::Status::unbounded;
      bound.message =
          "the cost of a cycle without end has no bound: its arcs must sum to less than 1";
      return bound;
    }
    bound.outcome_bounds = least;
    bound.future_bounds.assign(nodes, 0.0);
    for (std::size_t n = 0; n < nodes; ++n) {
      double going_on = 0.0, value = 0.0;
      for (const program::Arc& arc : graph_.nodes[n].arcs) {
        going_on += arc.probability;
        value += arc.probability * least[arc.child];
      }
      // A cycle's sum settles from above: keep clear of it.
      if (going_on > 0.0) bound.future_bounds[n] = loosened(value / going_on, -1.0);
      for (double& v : bound.by_realization[n]) v += value;
    }
    return bound;
  }

  const PolicyGraph& graph_;
  int threads_;
  std::size_t states_;
  double sign_;
  std::vector<std::vector<Range>> incoming_;  // [node][state]
};

}  // namespace

CostToGoBound cost_to_go_bound(const PolicyGraph& graph, std::optional<double> given, int threads) {
  if (!given) return Relaxation(graph, threads).compute();
  const double lowest = graph.sense() == lp::Sense::minimise ? *given : -*given;
  CostToGoBound bound{.status = lp::Status::optimal};
  bound.outcome_bounds.assign(graph.nodes.size(), lowest);
  bound.future_bounds.assign(graph.nodes.size(), lowest);
  for (const program::Node& node : graph.nodes)
    bound.by_realization.emplace_back(std::max<std::size_t>(1, node.noise.size()), lowest);
  return bound;
}

}  // namespace vorrat::sddp

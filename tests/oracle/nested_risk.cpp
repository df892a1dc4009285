#include "tests/oracle/nested_risk.h"

#include <gtest/gtest.h>

#include "vorrat/lp/solver.h"

namespace vorrat::oracle {
namespace {

using Columns = std::vector<std::size_t>;

class Nested {
 public:
  Nested(const program::PolicyGraph& graph, const NestedRisk& risk)
      : graph_(graph), risk_(risk), sign_(graph.sense() == lp::Sense::minimise ? 1.0 : -1.0) {}

  lp::Model make() {
    Columns start;
    for (const double x : graph_.initial_state)
      start.push_back(model_.add_column({.lower = x, .upper = x}));
    model_.columns[future_of(graph_.root, start)].cost = 1.0;
    return std::move(model_);
  }

 private:
  std::size_t add_free() {
    return model_.add_column({.lower = -lp::infinity, .upper = lp::infinity});
  }

  // A column that is the risk-adjusted cost of what may come next, given that something does.
  std::size_t future_of(const std::vector<program::Arc>& arcs, const Columns& state) {
    double going_on = 0.0;
    for (const program::Arc& arc : arcs) going_on += arc.probability;
    const std::size_t risk = add_free(), row = model_.add_row({.lower = 0, .upper = 0});
    model_.add_entry(row, risk, 1.0);
    const std::size_t quantile = add_free(), worst = add_free();
    model_.add_entry(row, quantile, -risk_.cvar);
    model_.add_entry(row, worst, -risk_.worst_case);
    for (const program::Arc& arc : arcs) {
      const program::Node& node = graph_.nodes[arc.child];
      static const std::vector<program::Realization> certain(1);
      for (const program::Realization& r : node.noise.empty() ? certain : node.noise) {
        const double probability = arc.probability * r.probability / going_on;
        const std::size_t value = cost_of(node, r, state), beyond = model_.add_column({});
        model_.add_entry(row, value, -risk_.expectation * probability);
        model_.add_entry(row, beyond, -risk_.cvar * probability / risk_.tail);
        exceeds(beyond, quantile, value);
        exceeds(worst, none, value);
      }
    }
    return risk;
  }

  // a + b >= c
  void exceeds(std::size_t a, std::size_t b, std::size_t c) {
    const std::size_t row = model_.add_row({.lower = 0});
    model_.add_entry(row, a, 1.0);
    if (b != none) model_.add_entry(row, b, 1.0);
    model_.add_entry(row, c, -1.0);
  }

  // A column that is the cost of a stage and its future, to be minimised.
  std::size_t cost_of(const program::Node& node, const program::Realization& realization,
                      const Columns& state) {
    const lp::Model stage = program::realized(node.problem, realization);
    Columns place(stage.columns.size(), none), next;
    for (std::size_t k = 0; k < state.size(); ++k) place[node.problem.incoming[k]] = state[k];
    for (std::size_t j = 0; j < place.size(); ++j) {
      if (place[j] == none)
        place[j] =
            model_.add_column({.lower = stage.columns[j].lower, .upper = stage.columns[j].upper});
    }
    const std::size_t first = model_.rows.size();
    for (const lp::Row& row : stage.rows) model_.add_row({.lower = row.lower, .upper = row.upper});
    for (const lp::Entry& e : stage.entries)
      model_.add_entry(first + e.row, place[e.column], e.value);
    const double constant = sign_ * stage.objective_constant;
    const std::size_t value = add_free(),
                      row = model_.add_row({.lower = constant, .upper = constant});
    model_.add_entry(row, value, 1.0);
    for (std::size_t j = 0; j < place.size(); ++j)
      model_.add_entry(row, place[j], -sign_ * stage.columns[j].cost);
    if (node.arcs.empty()) return value;
    double going_on = 0.0;
    for (const program::Arc& arc : node.arcs) going_on += arc.probability;
    for (const std::size_t j : node.problem.outgoing) next.push_back(place[j]);
    model_.add_entry(row, future_of(node.arcs, next), -going_on);
    return value;
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  const program::PolicyGraph& graph_;
  const NestedRisk& risk_;
  double sign_;
  lp::Model model_;
};

}  // namespace

std::optional<double> nested_optimum(const program::PolicyGraph& graph, const NestedRisk& risk) {
  const auto solver = lp::make_highs_solver();
  solver->load(Nested(graph, risk).make());
  const lp::Answer answer = solver->solve({});
  if (answer.status == lp::Status::infeasible) return std::nullopt;
  EXPECT_EQ(answer.status, lp::Status::optimal) << answer.message;
  return graph.sense() == lp::Sense::minimise ? answer.objective : -answer.objective;
}

}  // namespace vorrat::oracle

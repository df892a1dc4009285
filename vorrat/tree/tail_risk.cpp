#include "vorrat/tree/tail_risk.h"

#include <algorithm>
#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat::tree {
namespace {

/// The form's rows with a column for the cost of every path so far, and the excess of each over
/// `threshold`.
class TailProgram {
 public:
  explicit TailProgram(const ExtensiveForm& form) : form_(form), model_(form.model()) {
    for (lp::Column& column : model_.columns) column.cost = 0.0;
    model_.objective_constant = 0.0;
    for (std::size_t n = 0; n < form.tree().nodes.size(); ++n) add_node(n);
    threshold_ = model_.add_column({.lower = -lp::infinity, .upper = lp::infinity});
    for (std::size_t n = 0; n < form.tree().nodes.size(); ++n) add_end(n);
    solver_ = lp::make_highs_solver();
    solver_->load(model_);
  }

  TailPoint solve(double tail, double weight, const lp::SolveOptions& options) {
    // Among plans with the same tail the one with the least mean is meant.
    const double used = std::min(weight, 1.0 - 1e-6);
    for (const End& end : ends_) {
      solver_->set_cost(end.cost, (1.0 - used) * end.probability);
      solver_->set_cost(end.excess, used * end.probability / tail);
    }
    solver_->set_cost(threshold_, used);
    const lp::Answer answer = solver_->solve(options);
    TailPoint point{.weight = weight, .status = answer.status};
    if (answer.status != lp::Status::optimal) return point;
    std::vector<double> costs, weights;
    for (const End& end : ends_) {
      costs.push_back(answer.primal[end.cost]);
      weights.push_back(end.probability);
      point.mean += end.probability * costs.back();
    }
    point.tail_mean = mean_of_worst(costs, weights, tail);
    for (std::size_t n = 0; n < form_.tree().nodes.size() && form_.tree().nodes[n].depth == 0;
         ++n) {
      auto& first = point.first.emplace_back();
      const auto& node = form_.graph().nodes[form_.tree().nodes[n].graph_node];
      for (std::size_t j = 0; j < node.problem.model.columns.size(); ++j)
        first.push_back(answer.primal[form_.column_of(n, j)]);
    }
    return point;
  }

 private:
  struct End {
    double probability;
    std::size_t cost, excess;
  };

  // cost so far = cost before + cost of this stage
  void add_node(std::size_t n) {
    const TreeNode& visit = form_.tree().nodes[n];
    const program::Node& node = form_.graph().nodes[visit.graph_node];
    const lp::Model stage =
        program::realized(node.problem, realization_of(node, visit.realization));
    const std::size_t column = model_.add_column({.lower = -lp::infinity, .upper = lp::infinity});
    const std::size_t row =
        model_.add_row({.lower = stage.objective_constant, .upper = stage.objective_constant});
    model_.add_entry(row, column, 1.0);
    if (visit.parent != n) model_.add_entry(row, so_far_[visit.parent], -1.0);
    for (std::size_t j = 0; j < stage.columns.size(); ++j) {
      if (stage.columns[j].cost != 0.0)
        model_.add_entry(row, form_.column_of(n, j), -stage.columns[j].cost);
    }
    so_far_.push_back(column);
  }

  void add_end(std::size_t n) {
    const double probability = form_.tree().ending_probability(n);
    if (probability <= 0.0) return;
    const std::size_t excess = model_.add_column({});
    const std::size_t row = model_.add_row({.lower = 0.0});
    model_.add_entry(row, excess, 1.0);
    model_.add_entry(row, threshold_, 1.0);
    model_.add_entry(row, so_far_[n], -1.0);
    ends_.push_back({probability, so_far_[n], excess});
  }

  const ExtensiveForm& form_;  // outlives this
  lp::Model model_;
  std::vector<std::size_t> so_far_;  // [tree node] column
  std::size_t threshold_ = 0;
  std::vector<End> ends_;
  std::unique_ptr<lp::Solver> solver_;
};

}  // namespace

std::vector<TailPoint> tail_frontier(const ExtensiveForm& form, double tail,
                                     const std::vector<double>& weights,
                                     const lp::SolveOptions& options) {
  needs(tail > 0.0 && tail <= 1.0, "0 < tail <= 1");
  needs(form.model().sense == lp::Sense::minimise, "the form minimises");
  TailProgram program(form);
  std::vector<TailPoint> points;
  for (const double weight : weights) {
    needs(weight >= 0.0 && weight <= 1.0, "weights in [0, 1]");
    points.push_back(program.solve(tail, weight, options));
  }
  return points;
}

double mean_of_worst(std::vector<double> costs, const std::vector<double>& weights, double tail) {
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return costs[a] != costs[b] ? costs[a] > costs[b] : a < b;
  });
  double left = tail, sum = 0.0;
  for (const std::size_t i : order) {
    const double taken = std::min(left, weights[i]);
    sum += taken * costs[i];
    left -= taken;
  }
  // Rounding may leave a trace of the tail untaken: it belongs to the best.
  if (!order.empty()) sum += left * costs[order.back()];
  return sum / tail;
}

}  // namespace vorrat::tree

#include "vorrat/sddp/value_policy.h"

#include <algorithm>

#include "vorrat/sddp/stage_problems.h"

namespace vorrat::sddp {
namespace {

using program::PolicyGraph;

std::vector<Outcome> outcomes_of(const PolicyGraph& graph, const std::vector<program::Arc>& arcs,
                                 double going_on) {
  std::vector<Outcome> outcomes;
  for (const program::Arc& arc : arcs) {
    const program::Node& child = graph.nodes[arc.child];
    for (std::size_t w = 0; w < std::max<std::size_t>(1, child.noise.size()); ++w) {
      const double p = arc.probability * (child.noise.empty() ? 1.0 : child.noise[w].probability);
      if (p > 0.0)
        outcomes.push_back({.node = arc.child, .realization = w, .probability = p / going_on});
    }
  }
  return outcomes;
}

double sum_of(const std::vector<program::Arc>& arcs) {
  double sum = 0.0;
  for (const program::Arc& arc : arcs) sum += arc.probability;
  return sum;
}

ValueFunction root_of(const PolicyGraph& graph) {
  return {.outcomes = outcomes_of(graph, graph.root, sum_of(graph.root)), .going_on = 1.0};
}

std::vector<ValueFunction> futures_of(const PolicyGraph& graph, CutKind kind,
                                      const std::vector<double>& future_bounds,
                                      const std::vector<std::vector<double>>& outcome_bounds) {
  std::vector<ValueFunction> futures(graph.nodes.size());
  for (std::size_t n = 0; n < futures.size(); ++n) {
    ValueFunction& future = futures[n];
    const double sum = sum_of(graph.nodes[n].arcs);
    future.going_on = std::min(1.0, sum);
    future.outcomes = outcomes_of(graph, graph.nodes[n].arcs, sum);
    if (future.is_last()) continue;
    future.cuts = std::make_unique<lp::CutPool>(graph.state_names.size());
    if (kind == CutKind::single) {
      future.theta_weights = {1.0};
      future.theta_bounds = {future_bounds[n]};
      continue;
    }
    for (const Outcome& outcome : future.outcomes) {
      future.theta_weights.push_back(outcome.probability);
      future.theta_bounds.push_back(outcome_bounds[outcome.node][outcome.realization]);
    }
  }
  return futures;
}

class ValuePlayer final : public program::Player {
 public:
  explicit ValuePlayer(const ValuePolicy& policy)
      : policy_(policy),
        sign_(policy.graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        problems_(policy.graph().nodes.size()) {}

  void decide(std::size_t node, std::span<const double> state, const program::Realization& outcome,
              program::Decision& decision) override {
    read(problem(node), problem(node).solve(state, outcome), decision);
  }
  void decide(std::size_t node, std::span<const double> state, std::size_t realization,
              program::Decision& decision) override {
    read(problem(node), problem(node).solve(state, realization), decision);
  }

 private:
  StageProblem& problem(std::size_t node) {
    if (!problems_[node])
      problems_[node] =
          std::make_unique<StageProblem>(policy_.graph(), node, policy_.futures()[node]);
    return *problems_[node];
  }

  void read(const StageProblem& solved, lp::Status status, program::Decision& decision) const {
    decision.status = status;
    if (status != lp::Status::optimal) return;
    decision.stage_cost = sign_ * solved.stage_cost();
    solved.primal_into(decision.primal);
    decision.state.assign(solved.state().begin(), solved.state().end());
  }

  const ValuePolicy& policy_;
  double sign_;
  std::vector<std::unique_ptr<StageProblem>> problems_;
};

}  // namespace

ValuePolicy::ValuePolicy(std::shared_ptr<const PolicyGraph> graph, CutKind kind,
                         const std::vector<double>& future_bounds,
                         const std::vector<std::vector<double>>& outcome_bounds, Sharing sharing)
    : graph_(std::move(graph)),
      kind_(kind),
      sharing_kind_(sharing),
      futures_(futures_of(*graph_, kind, future_bounds, outcome_bounds)),
      root_(root_of(*graph_)),
      sharing_(futures_, sharing == Sharing::family && kind == CutKind::single) {
  for (std::size_t f = 0; f < sharing_.family_count(); ++f)
    trials_.push_back(std::make_unique<TrialStates>(graph_->state_names.size()));
}

ValuePolicy::~ValuePolicy() = default;

std::unique_ptr<program::Player> ValuePolicy::player() const {
  return std::make_unique<ValuePlayer>(*this);
}

std::size_t ValuePolicy::cut_count() const {
  std::size_t count = 0;
  for (const ValueFunction& future : futures_)
    count += future.is_last() ? 0 : future.cuts->in_use().size();
  return count;
}

StageProblems& ValuePolicy::problems() {
  if (!problems_) problems_ = std::make_unique<StageProblems>(*this);
  return *problems_;
}

}  // namespace vorrat::sddp

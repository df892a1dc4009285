#include "vorrat/sddp/passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::sddp {
namespace {

constexpr std::size_t ends = static_cast<std::size_t>(-1);

// Which outcome comes next, or the end: outcomes are relative to going on.
std::size_t draw(const ValueFunction& future, double u_arc, double u_outcome) {
  if (future.is_last() || u_arc >= future.going_on) return ends;
  for (std::size_t j = 0; j + 1 < future.outcomes.size(); ++j) {
    if (u_outcome < future.outcomes[j].probability) return j;
    u_outcome -= future.outcomes[j].probability;
  }
  return future.outcomes.size() - 1;
}

}  // namespace

Worker::Worker(const ValuePolicy& policy, const program::RiskMeasure& risk,
               std::size_t longest_path)
    : policy_(policy),
      risk_(risk),
      longest_path_(longest_path),
      states_(policy.graph().state_names.size()),
      problems_(policy.graph().nodes.size()) {}

StageProblem& Worker::problem(std::size_t node) {
  if (!problems_[node])
    problems_[node] =
        std::make_unique<StageProblem>(policy_.graph(), node, policy_.futures()[node]);
  return *problems_[node];
}

lp::Status Worker::solve(std::size_t node, std::span<const double> state, std::size_t realization,
                         const CutLimits& limits) {
  ++solves_;
  const std::size_t limit = limits.empty() ? static_cast<std::size_t>(-1) : limits[node];
  const lp::Status status = problem(node).solve(state, realization, limit);
  if (status == lp::Status::optimal || status == lp::Status::infeasible) return status;
  throw Unavailable(fmt::format("the stage problem of node \"{}\" could not be solved: {}",
                                policy_.graph().nodes[node].name, lp::to_string(status)));
}

void Worker::forward(const RandomStream& random, std::uint64_t number, const CutLimits& limits,
                     Path& path) {
  path.nodes.clear();
  path.states.clear();
  path.missed.reset();
  path.is_infeasible = false;
  const ValueFunction* future = &policy_.root();
  const std::vector<double>& start = policy_.graph().initial_state;
  for (std::size_t step = 0; step < longest_path_; ++step) {
    const std::size_t j =
        draw(*future, random.uniform(number, step, 0), random.uniform(number, step, 1));
    if (j == ends) return;
    const Outcome& outcome = future->outcomes[j];
    const std::span<const double> state =
        step == 0 ? std::span<const double>(start)
                  : std::span<const double>(path.states).subspan((step - 1) * states_, states_);
    if (solve(outcome.node, state, outcome.realization, limits) == lp::Status::infeasible) {
      path.is_infeasible = step == 0;
      if (step > 0) path.missed = problem(outcome.node).feasibility_cut();
      return;
    }
    const auto handed_on = problem(outcome.node).state();
    path.nodes.push_back(outcome.node);
    path.states.insert(path.states.end(), handed_on.begin(), handed_on.end());
    future = &policy_.futures()[outcome.node];
  }
}

std::optional<std::size_t> Worker::solve_outcomes(const std::vector<Outcome>& outcomes,
                                                  std::span<const double> state,
                                                  const CutLimits& limits) {
  const std::size_t count = outcomes.size();
  values_.resize(count);
  slopes_.resize(count * states_);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t j = goes_back_ ? count - 1 - i : i;
    const Outcome& outcome = outcomes[j];
    if (solve(outcome.node, state, outcome.realization, limits) == lp::Status::infeasible) return j;
    const StageProblem& solved = *problems_[outcome.node];
    values_[j] = solved.objective();
    std::copy(solved.slope().begin(), solved.slope().end(),
              slopes_.begin() + static_cast<std::ptrdiff_t>(j * states_));
  }
  goes_back_ = !goes_back_;
  return std::nullopt;
}

void Worker::make_cuts(std::size_t node, std::span<const double> state, const CutLimits& limits,
                       NewCuts& result) {
  const ValueFunction& future = policy_.futures()[node];
  result.cuts.clear();
  result.slopes.assign(states_, 0.0);
  if (const auto infeasible = solve_outcomes(future.outcomes, state, limits)) {
    const auto cut = problem(future.outcomes[*infeasible].node).feasibility_cut();
    if (!cut) return;
    result.cuts.push_back({.theta = lp::CutPool::no_theta, .value = 0.0, .rhs = cut->rhs});
    result.slopes = cut->slope;
    return;
  }
  const auto rhs_of = [&](double value, std::span<const double> slope) {
    double rhs = value;
    for (std::size_t k = 0; k < states_; ++k) rhs -= slope[k] * state[k];
    return rhs;
  };
  if (policy_.kind() == CutKind::multiple) {
    result.slopes = slopes_;
    for (std::size_t j = 0; j < values_.size(); ++j) {
      const auto slope = std::span<const double>(slopes_).subspan(j * states_, states_);
      result.cuts.push_back({.theta = j, .value = values_[j], .rhs = rhs_of(values_[j], slope)});
    }
    return;
  }
  probabilities_.resize(values_.size());
  weights_.resize(values_.size());
  for (std::size_t j = 0; j < values_.size(); ++j)
    probabilities_[j] = future.outcomes[j].probability;
  const double value = risk_.evaluate(probabilities_, values_, weights_);
  for (std::size_t j = 0; j < values_.size(); ++j) {
    if (weights_[j] == 0.0) continue;
    for (std::size_t k = 0; k < states_; ++k)
      result.slopes[k] += weights_[j] * slopes_[j * states_ + k];
  }
  result.cuts.push_back({.theta = 0, .value = value, .rhs = rhs_of(value, result.slopes)});
}

std::optional<double> Worker::root_value() {
  const ValueFunction& root = policy_.root();
  if (solve_outcomes(root.outcomes, policy_.graph().initial_state, {})) return std::nullopt;
  probabilities_.resize(values_.size());
  weights_.resize(values_.size());
  for (std::size_t j = 0; j < values_.size(); ++j) probabilities_[j] = root.outcomes[j].probability;
  return risk_.evaluate(probabilities_, values_, weights_);
}

std::int64_t Worker::hand_overs() const {
  std::int64_t sum = 0;
  for (const auto& problem : problems_) sum += problem ? problem->hand_overs() : 0;
  return sum;
}

void append(ValueFunction& future, std::span<const double> state, const NewCuts& learnt,
            CutSelection selection) {
  const std::size_t states = state.size();
  for (std::size_t c = 0; c < learnt.cuts.size(); ++c) {
    const NewCuts::Cut& cut = learnt.cuts[c];
    const auto slope = std::span<const double>(learnt.slopes).subspan(c * states, states);
    if (selection == CutSelection::useful && cut.theta != lp::CutPool::no_theta) {
      // A cut that another one already reaches here adds a row and no knowledge.
      std::vector<double> thetas(future.theta_weights.size(), lp::infinity);
      thetas[cut.theta] = cut.value - 1e-9 * std::max(1.0, std::abs(cut.value));
      std::array<lp::CutPool::Miss, 1> worst;
      if (future.cuts->find_missed(state, thetas, future.cuts->size(), 0.0, worst) > 0) continue;
    }
    future.cuts->append(slope, cut.rhs, cut.theta);
  }
}

}  // namespace vorrat::sddp

#include "vorrat/sddp/passes.h"

#include <algorithm>
#include <cmath>

namespace vorrat::sddp {
std::size_t draw_outcome(const ValueFunction& future, double u_arc, double u_outcome) {
  if (future.is_last() || u_arc >= future.going_on) return no_outcome;
  for (std::size_t j = 0; j + 1 < future.outcomes.size(); ++j) {
    if (u_outcome < future.outcomes[j].probability) return j;
    u_outcome -= future.outcomes[j].probability;
  }
  return future.outcomes.size() - 1;
}

void tell_parents(ValuePolicy& policy, std::size_t node, std::size_t missed_node,
                  const StateCut& cut) {
  const std::lock_guard lock(policy.teaching_lock());
  for (const CutGroup::Member& member : policy.sharing().for_visit(node).members) {
    ValueFunction& future = policy.futures()[member.node];
    const bool is_parent = std::ranges::any_of(
        future.outcomes, [&](const Outcome& o) { return o.node == missed_node; });
    if (is_parent) future.append(cut.slope, cut.rhs, lp::CutPool::no_theta, TrialStates::none);
  }
}

Passes::Passes(ValuePolicy& policy, const program::RiskMeasure& risk, CutSelection selection,
               std::size_t longest_path, Teaching teaching,
               std::vector<program::Realization> first_stage)
    : policy_(policy),
      risk_(risk),
      selection_(selection),
      longest_path_(longest_path),
      teaching_(teaching),
      first_stage_(std::move(first_stage)),
      states_(policy.graph().state_names.size()) {}

lp::Status Passes::solve_first(StageProblems& problems, std::size_t lane,
                               std::size_t outcome) const {
  const Outcome& first = policy_.root().outcomes[outcome];
  const std::vector<double>& start = policy_.graph().initial_state;
  if (first_stage_.empty()) return problems.solve(first.node, lane, start, first.realization);
  return problems.solve(first.node, lane, start, first_stage_[outcome]);
}

void Passes::forward(StageProblems& problems, std::size_t lane, const RandomStream& random,
                     std::uint64_t number, Path& path) const {
  path.nodes.clear();
  path.states.clear();
  path.used.clear();
  path.missed.reset();
  path.is_infeasible = false;
  const ValueFunction* future = &policy_.root();
  for (std::size_t step = 0; step < longest_path_; ++step) {
    const std::size_t j =
        draw_outcome(*future, random.uniform(number, step, 0), random.uniform(number, step, 1));
    if (j == no_outcome) return;
    const Outcome& outcome = future->outcomes[j];
    const auto handed_on = [&] { return std::span<const double>(path.states).last(states_); };
    const lp::Status status =
        step == 0 ? solve_first(problems, lane, j)
                  : problems.solve(outcome.node, lane, handed_on(), outcome.realization);
    const StageProblem& problem = problems.at(outcome.node, lane);
    if (status == lp::Status::infeasible) {
      path.is_infeasible = step == 0;
      if (step > 0) path.missed = problem.feasibility_cut();
      path.missed_node = outcome.node;
      return;
    }
    path.nodes.push_back(outcome.node);
    path.states.insert(path.states.end(), problem.state().begin(), problem.state().end());
    future = &policy_.futures()[outcome.node];
    if (teaching_ == Teaching::among_others || future->is_last()) continue;
    for (const lp::StageSolver::ActiveCut& cut : problem.active_cuts()) {
      if (cut.dual == 0.0 || future->origins[cut.cut] == TrialStates::none) continue;
      path.used.emplace_back(policy_.sharing().family_of(outcome.node), future->origins[cut.cut]);
    }
  }
}

void Passes::take_note(const Path& path) {
  for (const auto& [family, trial] : path.used)
    policy_.trials(family).was_used(trial, policy_.iterations);
  if (path.missed && !path.nodes.empty())
    tell_parents(policy_, path.nodes.back(), path.missed_node, *path.missed);
}

// Of so many states from one group of nodes, each has another near it.
constexpr std::size_t many = 16;

void Passes::back(StageProblems& problems, std::span<const Path> paths, std::size_t visit,
                  ThreadTeam& team) {
  groups_.clear();
  const auto group_at = [&](const Path& path) {
    if (visit >= path.nodes.size() || policy_.futures()[path.nodes[visit]].is_last())
      return no_outcome;
    return policy_.sharing().visit_group(path.nodes[visit]);
  };
  for (const Path& path : paths) {
    const std::size_t group = group_at(path);
    if (group != no_outcome && std::ranges::find(groups_, group) == groups_.end())
      groups_.push_back(group);
  }
  for (std::size_t group : groups_) {
    trial_states_.clear();
    Trials trials;
    for (const Path& path : paths) {
      if (group_at(path) != group) continue;
      const auto state = std::span<const double>(path.states).subspan(visit * states_, states_);
      bool is_new = true;  // paths may meet, in the first stage above all
      for (std::size_t t = 0; t < trials.count && is_new; ++t)
        is_new = !std::equal(state.begin(), state.end(),
                             trial_states_.begin() + static_cast<std::ptrdiff_t>(t * states_));
      if (!is_new) continue;
      trial_states_.insert(trial_states_.end(), state.begin(), state.end());
      ++trials.count;
    }
    trials.states = trial_states_;
    trials.is_chain = trials.count >= many;
    learn(problems, policy_.sharing().group(group), trials, team);
  }
}

void Passes::learn(StageProblems& problems, const CutGroup& group, const Trials& trials,
                   ThreadTeam& team, std::span<const double> worths) {
  problems.solve_outcomes(group, trials, team, answers_, enough_);
  const std::size_t family = policy_.sharing().family_of(group.members.front().node);
  origins_.clear();
  for (std::size_t t = 0; t < trials.count; ++t)
    origins_.push_back(policy_.trials(family).add(trials.states.subspan(t * states_, states_),
                                                  policy_.iterations,
                                                  worths.empty() ? 1.0 : worths[t]));
  scratch_.resize(static_cast<std::size_t>(team.threads()));
  team.run(group.members.size(), [&](std::size_t m, int worker) {
    for (std::size_t t = 0; t < trials.count; ++t)
      learn_one(group.members[m], group, trials, t, origins_[t],
                scratch_[static_cast<std::size_t>(worker)]);
    retire_unneeded(policy_.futures()[group.members[m].node], policy_.trials(family));
  });
}

void Passes::learn_one(const CutGroup::Member& member, const CutGroup& group, const Trials& trials,
                       std::size_t trial, std::uint32_t origin, Scratch& scratch) {
  ValueFunction& future = policy_.futures()[member.node];
  const auto state = trials.states.subspan(trial * states_, states_);
  const std::size_t count = member.places.size(), first = trial * group.outcomes;
  scratch.values.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    scratch.values[j] = answers_.values[first + member.places[j]];
    if (!std::isnan(scratch.values[j])) continue;
    const StateCut* cut = answers_.missed_by(group, trial, member.children[j]);
    if (cut != nullptr)
      append(future, cut->slope, cut->rhs, lp::CutPool::no_theta, TrialStates::none);
    return;
  }
  const auto slope_of = [&](std::size_t j) {
    return std::span<const double>(answers_.slopes)
        .subspan((first + member.places[j]) * states_, states_);
  };
  if (policy_.kind() == CutKind::multiple) {
    for (std::size_t j = 0; j < count; ++j)
      add(future, state, slope_of(j), scratch.values[j], j, origin);
    return;
  }
  scratch.probabilities.resize(count);
  scratch.weights.resize(count);
  for (std::size_t j = 0; j < count; ++j) scratch.probabilities[j] = future.outcomes[j].probability;
  const double value = risk_.evaluate(scratch.probabilities, scratch.values, scratch.weights);
  scratch.slope.assign(states_, 0.0);
  for (std::size_t j = 0; j < count; ++j) {
    if (scratch.weights[j] == 0.0) continue;
    const auto slope = slope_of(j);
    for (std::size_t k = 0; k < states_; ++k) scratch.slope[k] += scratch.weights[j] * slope[k];
  }
  add(future, state, scratch.slope, value, 0, origin);
}

void Passes::add(ValueFunction& future, std::span<const double> state,
                 std::span<const double> slope, double value, std::size_t theta,
                 std::uint32_t origin) {
  if (selection_ == CutSelection::useful) {
    // A cut that another one already reaches here adds a row and no knowledge.
    const double reached = value - 1e-9 * std::max(1.0, std::abs(value));
    if (future.cuts->surpass(state, reached, future.cuts->size(), theta)) return;
  }
  double rhs = value;
  for (std::size_t k = 0; k < states_; ++k) rhs -= slope[k] * state[k];
  append(future, slope, rhs, theta, origin);
}

void Passes::append(ValueFunction& future, std::span<const double> slope, double rhs,
                    std::size_t theta, std::uint32_t origin) {
  if (teaching_ == Teaching::alone) return future.append(slope, rhs, theta, origin);
  const std::lock_guard lock(policy_.teaching_lock());
  future.append(slope, rhs, theta, origin);
}

void Passes::retire_unneeded(ValueFunction& future, const TrialStates& trials) {
  if (selection_ == CutSelection::all) return;
  if (teaching_ == Teaching::alone) return future.retire_unneeded(trials);
  const std::lock_guard lock(policy_.teaching_lock());
  future.retire_unneeded(trials);
}

std::optional<double> Passes::root_value(StageProblems& problems) const {
  const std::vector<Outcome>& outcomes = policy_.root().outcomes;
  std::vector<double> values, probabilities, weights(outcomes.size());
  for (std::size_t j = 0; j < outcomes.size(); ++j) {
    if (solve_first(problems, 0, j) == lp::Status::infeasible) return std::nullopt;
    values.push_back(problems.at(outcomes[j].node).bound());
    probabilities.push_back(outcomes[j].probability);
  }
  return risk_.evaluate(probabilities, values, weights);
}

}  // namespace vorrat::sddp

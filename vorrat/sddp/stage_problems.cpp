#include "vorrat/sddp/stage_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "vorrat/base/error.h"

namespace vorrat::sddp {
namespace {

void take(OutcomeAnswers& answers, std::size_t at, double value, std::span<const double> slope) {
  answers.values[at] = value;
  std::copy(slope.begin(), slope.end(),
            answers.slopes.begin() + static_cast<std::ptrdiff_t>(at * slope.size()));
}

std::size_t lanes_for(const CutGroup& group, std::size_t trials) {
  if (group.children.size() >= CutSharing::wide) return 1;
  return std::clamp<std::size_t>(trials * group.outcomes / (8 * group.children.size()), 1,
                                 std::min<std::size_t>(2, StageProblems::most_lanes));
}

}  // namespace

const StateCut* OutcomeAnswers::missed_by(const CutGroup& group, std::size_t trial,
                                          std::size_t child) const {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto& cut = missed[(trial * group.children.size() + child) * lanes + lane];
    if (cut) return &*cut;
  }
  return nullptr;
}

StageProblems::StageProblems(const ValuePolicy& policy)
    : policy_(policy),
      states_(policy.graph().state_names.size()),
      problems_(policy.graph().nodes.size() * most_lanes),
      goes_down_(problems_.size(), 0) {}

StageProblem& StageProblems::at(std::size_t node, std::size_t lane) {
  auto& problem = problems_[slot(node, lane)];
  if (!problem)
    problem = std::make_unique<StageProblem>(policy_.graph(), node, policy_.futures()[node]);
  return *problem;
}

namespace {

void check_answer(const program::PolicyGraph& graph, std::size_t node, lp::Status status) {
  if (status == lp::Status::optimal || status == lp::Status::infeasible) return;
  throw Unavailable(fmt::format("the stage problem of node \"{}\" could not be solved: {}",
                                graph.nodes[node].name, lp::to_string(status)));
}

}  // namespace

lp::Status StageProblems::solve(std::size_t node, std::size_t lane, std::span<const double> state,
                                std::size_t realization) {
  const lp::Status status = at(node, lane).solve(state, realization);
  check_answer(policy_.graph(), node, status);
  return status;
}

lp::Status StageProblems::solve(std::size_t node, std::size_t lane, std::span<const double> state,
                                const program::Realization& given) {
  const lp::Status status = at(node, lane).solve(state, given);
  check_answer(policy_.graph(), node, status);
  return status;
}

void StageProblems::solve_outcomes(const CutGroup& group, const Trials& trials, ThreadTeam& team,
                                   OutcomeAnswers& answers) {
  answers.lanes = lanes_for(group, trials.count);
  answers.values.assign(trials.count * group.outcomes, std::numeric_limits<double>::quiet_NaN());
  answers.slopes.resize(trials.count * group.outcomes * states_);
  answers.missed.assign(trials.count * group.children.size() * answers.lanes, std::nullopt);
  team.run(group.children.size() * answers.lanes, [&](std::size_t job, int) {
    solve_child(group, job / answers.lanes, job % answers.lanes, trials, answers);
  });
}

void StageProblems::solve_child(const CutGroup& group, std::size_t child, std::size_t lane,
                                const Trials& trials, OutcomeAnswers& answers) {
  const CutGroup::Child& of = group.children[child];
  const std::size_t each = of.realizations.size(), items = trials.count * each;
  const std::size_t begin = items * lane / answers.lanes, end = items * (lane + 1) / answers.lanes;
  char& goes_down = goes_down_[slot(of.node, lane)];
  StageProblem& problem = at(of.node, lane);
  std::size_t given_up = static_cast<std::size_t>(-1);  // trial that the child cannot meet
  for (std::size_t i = 0; i < end - begin; ++i) {
    const std::size_t item = goes_down ? end - 1 - i : begin + i;
    const std::size_t trial = item / each;
    if (trial == given_up) continue;
    const std::size_t r = trial % 2 == 0 ? item % each : each - 1 - item % each;
    const auto state = trials.states.subspan(trial * states_, states_);
    const std::size_t at = trial * group.outcomes + of.first + r;
    if (solve(of.node, lane, state, of.realizations[r]) == lp::Status::infeasible) {
      auto& missed = answers.missed[(trial * group.children.size() + child) * answers.lanes + lane];
      missed = problem.feasibility_cut();
      if (missed) given_up = trial;
      if (const auto cut = missed ? std::nullopt : problem.softened_cut())
        take(answers, at, cut->value, cut->slope);
      continue;
    }
    take(answers, at, problem.objective(), problem.slope());
  }
  goes_down = goes_down ? 0 : 1;
}

std::int64_t StageProblems::solves() const {
  std::int64_t sum = 0;
  for (const auto& problem : problems_) sum += problem ? problem->solves() : 0;
  return sum;
}

std::int64_t StageProblems::hand_overs() const {
  std::int64_t sum = 0;
  for (const auto& problem : problems_) sum += problem ? problem->hand_overs() : 0;
  return sum;
}

}  // namespace vorrat::sddp

#include "vorrat/sddp/stage_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
                                 StageProblems::lanes_of_few);
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
      turns_(problems_.size(), 0) {}

StageProblem& StageProblems::at(std::size_t node, std::size_t lane) {
  auto& problem = problems_[slot(node, lane)];
  if (!problem)
    problem = std::make_unique<StageProblem>(policy_.graph(), node, policy_.futures()[node]);
  return *problem;
}

lp::Status StageProblems::checked(std::size_t node, lp::Status status) const {
  if (status == lp::Status::optimal || status == lp::Status::infeasible) return status;
  throw Unavailable(fmt::format("the stage problem of node \"{}\" could not be solved: {}",
                                policy_.graph().nodes[node].name, lp::to_string(status)));
}

lp::Status StageProblems::solve(std::size_t node, std::size_t lane, std::span<const double> state,
                                std::size_t realization) {
  return checked(node, at(node, lane).solve(state, realization));
}

lp::Status StageProblems::solve(std::size_t node, std::size_t lane, std::span<const double> state,
                                const program::Realization& given) {
  return checked(node, at(node, lane).solve(state, given));
}

void StageProblems::solve_outcomes(const CutGroup& group, const Trials& trials, ThreadTeam& team,
                                   OutcomeAnswers& answers, double enough) {
  answers.lanes = lanes_for(group, trials.count);
  answers.values.assign(trials.count * group.outcomes, std::numeric_limits<double>::quiet_NaN());
  answers.slopes.resize(trials.count * group.outcomes * states_);
  answers.missed.assign(trials.count * group.children.size() * answers.lanes, std::nullopt);
  team.run(group.children.size() * answers.lanes, [&](std::size_t job, int) {
    solve_child(group, job / answers.lanes, job % answers.lanes, trials, answers, enough);
  });
}

void StageProblems::solve_child(const CutGroup& group, std::size_t child, std::size_t lane,
                                const Trials& trials, OutcomeAnswers& answers, double enough) {
  const std::size_t each = group.children[child].realizations.size();
  const std::size_t items = trials.count * each;
  const std::size_t begin = items * lane / answers.lanes, end = items * (lane + 1) / answers.lanes;
  bool is_known = false;
  for (std::size_t first = begin, last = 0; first < end; first = last) {
    const std::size_t trial = first / each;
    last = std::min(end, (trial + 1) * each);
    const bool was_known = solve_trial({group, child, lane, trial, first % each, last - first},
                                       trials, answers, enough, is_known);
    is_known = trials.is_chain && was_known && !is_known;
  }
}

// Some outcomes of a child from one trial state. Once an outcome was solved of which the kept duals
// knew enough, they are taken to know enough of those not solved yet: each trial begins with
// another one, so that all are looked at in turn. With `is_known` not even one is solved. Returns
// whether the kept duals knew enough of the first.
bool StageProblems::solve_trial(const Stretch& stretch, const Trials& trials,
                                OutcomeAnswers& answers, double enough, bool is_known) {
  const auto& [group, child, lane, trial, first, count] = stretch;
  const CutGroup::Child& of = group.children[child];
  StageProblem& problem = at(of.node, lane);
  const auto state = trials.states.subspan(trial * states_, states_);
  const bool reuses = enough > 0.0 && problem.duals_say_of_others();
  std::span<const DualSolutions::Best> known;
  if (reuses) known = problem.least_costs(state);
  const std::size_t turn = turns_[slot(of.node, lane)]++;
  bool is_enough = reuses && is_known, was_enough = is_enough;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = (i + turn / 2) % count;
    const std::size_t r = first + (turn % 2 == 0 ? place : count - 1 - place);
    const std::size_t realization = of.realizations[r], at = trial * group.outcomes + of.first + r;
    const auto slope = std::span(answers.slopes).subspan(at * states_, states_);
    if (is_enough && std::isfinite(known[realization].value)) {
      answers.values[at] = known[realization].value;
      problem.least_cost_slope(realization, slope);
      continue;
    }
    if (checked(of.node, problem.solve(state, realization)) == lp::Status::infeasible) {
      is_enough = false;
      auto& missed = answers.missed[(trial * group.children.size() + child) * answers.lanes + lane];
      missed = problem.feasibility_cut();
      if (missed) return false;
      if (const auto cut = problem.softened_cut()) take(answers, at, cut->value, cut->slope);
      continue;
    }
    take(answers, at, problem.bound(), problem.slope());
    if (!reuses) continue;
    const double raise = problem.bound() - known[realization].value;
    is_enough = raise <= enough;
    if (i == 0) was_enough = is_enough;
    // What hardly says more is not kept, so that there is room for what does.
    if (raise > 0.01 * enough) known = problem.keep_duals();
  }
  return was_enough;
}

std::int64_t StageProblems::solves() const {
  std::int64_t sum = 0;
  for (const auto& problem : problems_) sum += problem ? problem->solves() : 0;
  return sum;
}

bool StageProblems::duals_say_of_others() const {
  return std::ranges::all_of(problems_, [](const auto& problem) {
    return problem == nullptr || problem->duals_say_of_others();
  });
}

std::int64_t StageProblems::hand_overs() const {
  std::int64_t sum = 0;
  for (const auto& problem : problems_) sum += problem ? problem->hand_overs() : 0;
  return sum;
}

}  // namespace vorrat::sddp

// The stage problems of all nodes, each kept in a solver, and solves of many at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vorrat/base/parallel.h"
#include "vorrat/sddp/stage_problem.h"
#include "vorrat/sddp/value_policy.h"

namespace vorrat::sddp {

/// States at which outcomes are solved.
struct Trials {
  std::span<const double> states{};  // [trial][state]
  std::size_t count = 0;
  bool is_chain = false;  // neighbours are near: what suffices for one is taken to for the next
};

/// What the outcomes of a group cost from each of some states.
struct OutcomeAnswers {
  std::vector<double> values{};  // [trial][outcome], to be minimised; NaN where it cannot be met
  std::vector<double> slopes{};  // [trial][outcome][state]
  std::vector<std::optional<StateCut>> missed{};  // [trial][child][lane]
  std::size_t lanes = 1;

  /// Of a child that cannot be met at a trial state: how to say so to its parents.
  const StateCut* missed_by(const CutGroup& group, std::size_t trial, std::size_t child) const;
};

/// One solver for each node and lane, made when first needed. What a solver answers depends, within
/// its tolerance, on what it solved before; so work is dealt to lanes by its number and never by
/// the thread that has time: any number of threads gives the same bits.
class StageProblems {
 public:
  explicit StageProblems(const ValuePolicy& policy);

  /// Different nodes or lanes may be used by different threads at once.
  StageProblem& at(std::size_t node, std::size_t lane = 0);

  /// Solves one. Throws Unavailable, naming the node, unless the answer is optimal or infeasible.
  lp::Status solve(std::size_t node, std::size_t lane, std::span<const double> state,
                   std::size_t realization);
  lp::Status solve(std::size_t node, std::size_t lane, std::span<const double> state,
                   const program::Realization& given);

  /// Solves the outcomes of `group` at all trial states, but for those of which the kept dual
  /// solutions seem to know the cost within `enough`; 0 solves all. What is not solved is answered
  /// from below, so that cuts stay cuts. Each child is the work of one thread, which keeps its
  /// solver warm; where there are few children their work is cut up into lanes.
  void solve_outcomes(const CutGroup& group, const Trials& trials, ThreadTeam& team,
                      OutcomeAnswers& answers, double enough = 0.0);

  /// Whether that holds for all stage problems used so far.
  bool duals_say_of_others() const;
  std::int64_t solves() const;
  std::int64_t hand_overs() const;

  static constexpr std::size_t most_lanes = 8;
  static constexpr std::size_t lanes_of_few = 2;  // where few nodes are to be worked on by threads

 private:
  lp::Status checked(std::size_t node, lp::Status status) const;
  std::size_t slot(std::size_t node, std::size_t lane) const { return node * most_lanes + lane; }
  struct Stretch {  // outcomes [first, first + count) of a child, from one trial state
    const CutGroup& group;
    std::size_t child, lane, trial, first, count;
  };
  bool solve_trial(const Stretch& stretch, const Trials& trials, OutcomeAnswers& answers,
                   double enough, bool is_known);
  void solve_child(const CutGroup& group, std::size_t child, std::size_t lane, const Trials& trials,
                   OutcomeAnswers& answers, double enough);

  const ValuePolicy& policy_;
  std::size_t states_;
  std::vector<std::unique_ptr<StageProblem>> problems_;  // [node][lane]
  std::vector<std::size_t> turns_;  // [node][lane] outcomes are solved up and down in turn, so that
                                    // the next begins near where the last one ended
};

}  // namespace vorrat::sddp

// Paths forward, and what nodes learn on the way back.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "vorrat/base/parallel.h"
#include "vorrat/base/random.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/sddp/cost_to_go_bound.h"
#include "vorrat/sddp/stage_problems.h"
#include "vorrat/sddp/train.h"

namespace vorrat::sddp {

/// Whether other threads may be teaching the same policy.
enum class Teaching { alone, among_others };

/// A sampled path: the nodes visited and the states that each handed on.
struct Path {
  std::vector<std::size_t> nodes{};
  std::vector<double> states{};  // [visit][state]
  /// If the stage after the last one here, of node `missed_node`, could not be met: what to tell
  /// the last one.
  std::optional<StateCut> missed{};
  std::size_t missed_node = 0;
  bool is_infeasible = false;  // not even the first stage could be met
  /// The trial states whose cuts decided, by family; only with Teaching::alone.
  std::vector<std::pair<std::size_t, std::uint32_t>> used{};
};

/// Throws InvalidInput where the kind of cuts does not go with the risk measure.
void check_risk(CutKind kind, const program::RiskMeasure& risk);
/// How a run ends for which no bound was found.
TrainStatus status_of(const CostToGoBound& bound);

constexpr std::size_t no_outcome = static_cast<std::size_t>(-1);

/// Which outcome of `future` two draws from (0, 1) stand for, or the end of the horizon.
std::size_t draw_outcome(const ValueFunction& future, double u_arc, double u_outcome);

/// Tells `node`, and those that learn with it and may be followed by `missed_node` too, what states
/// this one cannot be met from.
void tell_parents(ValuePolicy& policy, std::size_t node, std::size_t missed_node,
                  const StateCut& cut);

/// Goes along paths of a policy and teaches its nodes. `first_stage`, where it is not empty, takes
/// the place of the first stage's own realisations: [outcome of the root].
class Passes {
 public:
  Passes(ValuePolicy& policy, const program::RiskMeasure& risk, CutSelection selection,
         std::size_t longest_path, Teaching teaching = Teaching::alone,
         std::vector<program::Realization> first_stage = {});

  /// Goes along path `number` on lane `lane`; different lanes may go along theirs at once.
  void forward(StageProblems& problems, std::size_t lane, const RandomStream& random,
               std::uint64_t number, Path& path) const;
  /// Tells the nodes of a path's last visit what was missed, and the trial states what was used.
  void take_note(const Path& path);
  /// Teaches at the `visit`-th states of some paths; where there are several, those of one group
  /// are worked on together, in the order of the paths.
  void back(StageProblems& problems, std::span<const Path> paths, std::size_t visit,
            ThreadTeam& team);
  /// Solves a group at trial states and gives every member its cuts, in the order of the trials,
  /// whose worth is `worths` [trial], or 1. Where a child cannot be met, its parents get a
  /// feasibility cut instead.
  void learn(StageProblems& problems, const CutGroup& group, const Trials& trials, ThreadTeam& team,
             std::span<const double> worths = {});
  /// From now on outcomes may be left unsolved, as with solve_outcomes().
  void set_enough(double enough) { enough_ = enough; }
  /// Risk-adjusted cost from the root; nothing if the first stage cannot be met.
  std::optional<double> root_value(StageProblems& problems) const;
  lp::Status solve_first(StageProblems& problems, std::size_t lane, std::size_t outcome) const;

 private:
  struct Scratch {  // of one thread
    std::vector<double> values, probabilities, weights, slope;
  };
  void learn_one(const CutGroup::Member& member, const CutGroup& group, const Trials& trials,
                 std::size_t trial, std::uint32_t origin, Scratch& scratch);
  void add(ValueFunction& future, std::span<const double> state, std::span<const double> slope,
           double value, std::size_t theta, std::uint32_t origin);
  void retire_unneeded(ValueFunction& future, const TrialStates& trials);
  void append(ValueFunction& future, std::span<const double> slope, double rhs, std::size_t theta,
              std::uint32_t origin);

  ValuePolicy& policy_;
  const program::RiskMeasure& risk_;
  CutSelection selection_;
  std::size_t longest_path_;
  Teaching teaching_;
  std::vector<program::Realization> first_stage_;
  std::size_t states_;
  double enough_ = 0.0;
  OutcomeAnswers answers_;
  std::vector<Scratch> scratch_;  // [worker]
  std::vector<std::uint32_t> origins_;
  std::vector<std::size_t> groups_;
  std::vector<double> trial_states_;
};

}  // namespace vorrat::sddp

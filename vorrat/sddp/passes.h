// One path forward and the cuts on the way back; the work of one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vorrat/base/random.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/sddp/stage_problem.h"
#include "vorrat/sddp/train.h"

namespace vorrat::sddp {

/// A sampled path: the nodes visited and the states that each handed on.
struct Path {
  std::vector<std::size_t> nodes{};
  std::vector<double> states{};  // [visit][state]
  /// If the stage after the last one here could not be met: what to tell the last one.
  std::optional<FeasibilityCut> missed{};
  bool is_infeasible = false;  // not even the first stage could be met
};

/// What a node learns at one state.
struct NewCuts {
  struct Cut {
    std::size_t theta = 0;
    double value = 0.0;  // at the state
    double rhs = 0.0;
  };
  std::vector<Cut> cuts{};
  std::vector<double> slopes{};  // [cut][state]
};

/// How many cuts of each node's pool may be used: [node], or empty for all.
using CutLimits = std::vector<std::size_t>;

class Worker {
 public:
  Worker(const ValuePolicy& policy, const program::RiskMeasure& risk, std::size_t longest_path);

  void forward(const RandomStream& random, std::uint64_t number, const CutLimits& limits,
               Path& path);
  /// The cuts for node `node` at `state`. Throws Unavailable, naming the node, if a stage problem
  /// cannot be solved.
  void make_cuts(std::size_t node, std::span<const double> state, const CutLimits& limits,
                 NewCuts& result);
  /// Risk-adjusted cost from the root; nothing if the first stage cannot be met.
  std::optional<double> root_value();

  std::int64_t solves() const { return solves_; }
  std::int64_t hand_overs() const;

 private:
  StageProblem& problem(std::size_t node);
  lp::Status solve(std::size_t node, std::span<const double> state, std::size_t realization,
                   const CutLimits& limits);
  /// Solves all outcomes into values_ and slopes_; the first one that is infeasible, if any.
  std::optional<std::size_t> solve_outcomes(const std::vector<Outcome>& outcomes,
                                            std::span<const double> state, const CutLimits& limits);

  const ValuePolicy& policy_;
  const program::RiskMeasure& risk_;
  std::size_t longest_path_;
  std::size_t states_;
  std::vector<std::unique_ptr<StageProblem>> problems_;  // [node], made when first needed
  std::vector<double> values_, slopes_, probabilities_, weights_;
  bool goes_back_ =
      false;  // openings are solved up and down in turn: the next starts where one ended
  std::int64_t solves_ = 0;
};

/// Adds what was learnt; with CutSelection::useful only what lifts the value at `state`.
void append(ValueFunction& future, std::span<const double> state, const NewCuts& learnt,
            CutSelection selection);

}  // namespace vorrat::sddp

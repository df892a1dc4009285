// What it is worth to plan for several futures (VSS), and what it would be worth to know which one
// comes (EVPI).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/lp/solver.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::tree {

/// The average-future problem: one node a stage, each number of it the mean over all nodes and
/// noise of that stage. Throws InvalidInput naming two nodes if the nodes of a stage differ in
/// shape (rows, columns, state columns, kinds), so that no average exists; and as check() does, or
/// if the graph is cyclic.
program::PolicyGraph expected_value_graph(const program::PolicyGraph& graph);

/// A future in which the plan made for the average cannot be carried on.
struct FailedFuture {
  std::string title{};       // of its second-stage node, as in "2026Q2/shut"
  double probability = 0.0;  // of that node
};

/// What the plan made for the average future costs in the real ones. Fixed is what the first stage
/// hands on (its outgoing state); all later decisions, and first-stage decisions that leave no
/// trace in the state, are taken anew in each future.
struct AveragePlan {
  lp::Status status = lp::Status::failed;  // of the average-future problem
  double promised_cost = 0.0;              // EV: what it believes it costs
  std::vector<double> first_decisions{};   // [column of the first stage problem]
  std::vector<double> state{};             // [state] handed on by the first stage
  std::optional<double> expected_cost;     // EEV; none if it fails in some future
  std::vector<FailedFuture> failed{};      // empty if expected_cost is there
  /// Why expected_cost is missing, in a sentence; empty otherwise.
  std::string why_undefined{};
};
AveragePlan average_plan(const program::PolicyGraph& graph, const lp::SolveOptions& options);

/// The expected cost if each scenario were known at the start: every scenario is solved alone.
/// None if one of them has no optimum; `why_undefined` then names it.
struct WaitAndSee {
  std::optional<double> expected_cost;
  std::vector<double> costs{};          // [scenario]
  std::vector<double> probabilities{};  // [scenario], sum to 1
  std::string why_undefined{};
};
WaitAndSee wait_and_see(const program::PolicyGraph& graph, const lp::SolveOptions& options);

/// Both worths, of any finite policy graph. They are >= 0 up to tolerances, for minimising and for
/// maximising; for MIPs up to the gap.
struct InformationValue {
  lp::Status status = lp::Status::failed;     // of the program itself
  double optimum = 0.0;                       // RP
  AveragePlan average{};                      // EV, EEV
  WaitAndSee known{};                         // WS
  std::optional<double> stochastic_solution;  // VSS = EEV - RP (RP - EEV when maximising)
  std::optional<double> perfect_information;  // EVPI = RP - WS (WS - RP when maximising)
};
InformationValue information_value(const program::PolicyGraph& graph,
                                   const lp::SolveOptions& options);

}  // namespace vorrat::tree

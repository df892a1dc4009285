// The decision here and now of a trained policy, also where something about it is forced.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vorrat/program/risk_measure.h"
#include "vorrat/sddp/value_policy.h"

namespace vorrat::sddp {

struct FirstStageOptions {
  /// Of training from the forced decision, before the answer: its cuts stay in the policy, where
  /// they hold for every other decision too.
  int iterations = 0;
  std::uint64_t seed = 1;
  int threads = 1;
  program::RiskMeasurePointer risk = program::expectation();  // that the policy was trained with
  std::size_t longest_path = 1000;                            // stages; cyclic graphs only
  double enough = 0.0;                                        // as in RefreshOptions
};

struct FirstStage {
  /// No policy that meets the changes is better: the risk-adjusted cost in the graph's sense.
  double bound = 0.0;
  std::vector<std::vector<double>> primal{};  // [outcome of the root][column of its stage problem]
  std::vector<std::vector<double>> state{};   // [outcome of the root][state] that goes on
};

/// Solves the first stage against the policy's cuts with `changes` on top of its own noise: a fixed
/// order is Change::What::column_both. Rows and columns are those of the first node (all first
/// nodes, if there are several). Nothing if a first stage cannot be met. One solve for each outcome
/// of the root, more with iterations.
///
/// The difference of two bounds is no bound on the difference of two optima; it is as good as the
/// gaps are small, which a few iterations see to.
std::optional<FirstStage> first_stage(ValuePolicy& policy, std::span<const program::Change> changes,
                                      const FirstStageOptions& options = {});

}  // namespace vorrat::sddp

// The questions that every figure of this folder is made of, put to whichever method can answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "vorrat/fleet/solve.h"

namespace vorrat::insight {

/// One problem, ready to be solved again and again. For one thread at a time.
class Study {
 public:
  virtual ~Study() = default;
  virtual const fleet::Problem& problem() const = 0;
  /// The least cost with these first orders forced and all else free; nothing if no plan keeps the
  /// limits.
  virtual std::optional<fleet::FirstOrders> best(const fleet::Orders& forced) = 0;
  std::optional<double> cost(const fleet::Orders& forced = {});  // [M]
  /// May this offer be ordered in the first stage at all?
  bool may_order(std::size_t offer) const;
};

/// Makes the study of a changed problem. Changes must leave the offers in their places.
using StudyMaker = std::function<std::unique_ptr<Study>(const fleet::Problem&)>;

/// By the scenario tree. All studies see the futures that `base` draws, so that a change of the
/// answer comes from the change of the problem: common random numbers.
StudyMaker by_tree(fleet::Problem base, fleet::SolveSettings settings);

/// `problem` with smaller branching, its last stages first, until its tree has at most `leaves`
/// futures.
fleet::Problem coarsened(fleet::Problem problem, std::size_t leaves);

/// The order of `offer` that stands for "some of it", and the step of its worth: one hundredth of
/// what the first stage supplies, at least one accelerator; `lot` [accelerators] if > 0. [k]
double lot_of(const fleet::Problem& problem, std::size_t offer, double lot = 0.0);

/// How much cheaper the plan gets by ordering at least a lot of `offer` now rather than none: cost
/// with none, less cost with max(lot, what is best). Positive: it is worth ordering now; negative:
/// it is worth waiting. Nothing where either cannot be done. [M]
std::optional<double> worth_of_ordering(Study& study, std::size_t offer, double lot);

}  // namespace vorrat::insight

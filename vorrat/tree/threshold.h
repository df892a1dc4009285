// Where an answer flips: the value of an input at which a claim about a plan starts or stops to
// hold.
#pragma once

#include <functional>

namespace vorrat::tree {

/// An interval in which `claim` flips once, and the claim at its ends.
struct Threshold {
  bool is_found = false;  // false if the claim is the same at both ends
  double below = 0.0;     // largest value tried at which the claim is as at the low end
  double above = 0.0;     // smallest value tried at which it is as at the high end
  bool holds_below = false;
  double value() const { return 0.5 * (below + above); }
};

/// Narrows [low, high] by halving until it is shorter than `relative_width` times the larger end.
/// `claim` normally solves a model; it is called about log2((high - low) / width) times. If it
/// flips more than once, one of the flips is found.
/// Needs low < high and relative_width > 0.
Threshold find_threshold(double low, double high, const std::function<bool(double)>& claim,
                         double relative_width = 1e-9);

}  // namespace vorrat::tree

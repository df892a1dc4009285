// The loops of the dual ratio test that look at every resting thing, written for wide registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace vorrat::lp {

/// What a ratio test needs to know of `size` things at rest, one array each.
struct AtRest {
  const double* rate;       // change of the leaving value per unit of the thing
  const double* side;       // 1 where it may rise, -1 where it may fall, 0 where it stays
  const double* dual;       // its reduced cost
  const double* unit;       // its scale
  const double* range;      // distance between its bounds, may be infinite
  const double* tolerance;  // of its reduced cost
  std::size_t size;
};

/// What leaves: which way it must move (1 or -1), by how much, and the least rate (scaled) that
/// counts.
struct Violation {
  double direction;
  double amount;
  double least;
};

/// slope[i] = direction * rate * side and ratio[i] = |dual| / slope: the dual step at which thing i
/// comes to zero; NaN where it never does or the scaled slope is not above `least`.
///
/// Returns the longest step that makes sense, tolerance included: beyond it lies a thing whose
/// range alone makes good the violation, so that flipping it is not enough. Infinite if none.
/// Both outputs hold `size`.
double dual_ratios(const AtRest& rest, const Violation& violation, double* slope, double* ratio);

/// The numbers i < size with ratio[i] <= end, ascending, into `list` (room for `size`); how many.
std::size_t within(const double* ratio, std::size_t size, double end, std::int32_t* list);

}  // namespace vorrat::lp

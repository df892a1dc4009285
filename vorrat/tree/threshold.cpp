#include "vorrat/tree/threshold.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::tree {

Threshold find_threshold(double low, double high, const std::function<bool(double)>& claim,
                         double relative_width) {
  needs(low < high, "low < high");
  needs(relative_width > 0.0, "relative_width > 0");
  Threshold threshold{.is_found = false, .below = low, .above = high, .holds_below = claim(low)};
  if (claim(high) == threshold.holds_below) return threshold;
  threshold.is_found = true;
  const double width = relative_width * std::max({std::abs(low), std::abs(high), 1e-300});
  while (threshold.above - threshold.below > width) {
    const double middle = threshold.value();
    if (middle <= threshold.below || middle >= threshold.above) break;  // neighbours in double
    (claim(middle) == threshold.holds_below ? threshold.below : threshold.above) = middle;
  }
  return threshold;
}

}  // namespace vorrat::tree

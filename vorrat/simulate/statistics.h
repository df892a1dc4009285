// What a sample says about the mean and the spread behind it.
#pragma once

#include <cstddef>
#include <span>

namespace vorrat::simulate {

/// Mean of a sample with its two-sided 95 % confidence interval, mean +- half_width.
struct Estimate {
  double mean = 0.0;
  /// Student's t times the standard error, times 5 |skewness| / sqrt(count) where that is above 1:
  /// by Cochran's rule a sample of fewer than 25 skewness^2 is too small for t alone, as where one
  /// value in a thousand makes all of the spread. Infinite for one value.
  /// Source: Cochran, "Sampling Techniques" (3rd ed., 1977), section 2.15.
  double half_width = 0.0;
  double standard_deviation = 0.0;
  std::size_t count = 0;
  double lower() const { return mean - half_width; }
  double upper() const { return mean + half_width; }
};

/// Sums in a fixed order of pairs, so that many values lose no digits. Needs values.
Estimate estimate(std::span<const double> values);

/// The two-sided 95 % quantile of Student's t with `degrees` >= 1 degrees of freedom, to 1e-3
/// relative. Source: Hill, "Student's t-quantiles", CACM 13 (1970), algorithm 396.
double student_t_95(std::size_t degrees);

/// The value below which a share `p` in [0, 1] of the sample lies, linear between order statistics
/// (type 7 of Hyndman and Fan, 1996). Needs values.
double quantile(std::span<const double> values, double p);

}  // namespace vorrat::simulate

#include "vorrat/sddp/value_function.h"

#include <algorithm>
#include <limits>

namespace vorrat::sddp {

double ValueFunction::at(std::span<const double> x) const {
  if (is_last()) return 0.0;
  std::vector<double> thetas = theta_bounds, slope(cuts->state_count());
  for (std::size_t c = 0; c < cuts->size(); ++c) {
    cuts->slope_into(c, slope);
    double value = cuts->rhs(c);
    for (std::size_t k = 0; k < x.size(); ++k) value += slope[k] * x[k];
    const std::size_t theta = cuts->theta(c);
    if (theta == lp::CutPool::no_theta) {
      if (value > 1e-6) return std::numeric_limits<double>::infinity();
    } else {
      thetas[theta] = std::max(thetas[theta], value);
    }
  }
  double sum = 0.0;
  for (std::size_t t = 0; t < thetas.size(); ++t) sum += theta_weights[t] * thetas[t];
  return going_on * sum;
}

void ValueFunction::append(std::span<const double> slope, double rhs, std::size_t theta,
                           std::uint32_t origin) {
  cuts->append(slope, rhs, theta);
  origins.push_back(origin);
}

}  // namespace vorrat::sddp

#include "vorrat/sddp/value_function.h"

#include <algorithm>
#include <limits>

namespace vorrat::sddp {

double ValueFunction::at(std::span<const double> x) const {
  if (is_last()) return 0.0;
  std::vector<double> thetas = theta_bounds, slope(cuts->state_count());
  for (const std::size_t c : cuts->in_use()) {
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

void ValueFunction::retire_unneeded(const TrialStates& trials) {
  constexpr int witnesses_of_a_cut = 8;
  constexpr std::size_t fewest = 128;  // new cuts that are worth a look
  if (cuts->size() < next_retirement || cuts->state_count() == 0) return;
  for (const auto end = static_cast<std::uint32_t>(trials.size()); trials_seen < end; ++trials_seen)
    witnesses.push_back(trials_seen);
  // Of where cuts were made that were read from a file only the best is known: these stay.
  const auto read = std::ranges::find_if(origins, [](auto o) { return o != TrialStates::none; });
  std::vector<std::uint32_t> telling;
  for (const std::size_t point :
       cuts->retire_unneeded(trials.states_of(witnesses), witnesses_of_a_cut,
                             static_cast<std::size_t>(read - origins.begin())))
    telling.push_back(witnesses[point]);
  witnesses = std::move(telling);
  next_retirement = cuts->size() + std::max(fewest, cuts->in_use().size());
}

}  // namespace vorrat::sddp

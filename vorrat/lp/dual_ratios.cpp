#include "vorrat/lp/dual_ratios.h"

#include <algorithm>

#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::lp {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

VORRAT_FOR_EACH_CPU double dual_ratios(const AtRest& rest, const Violation& violation,
                                       double* slope, double* ratio) {
  const double direction = violation.direction;
  Four lowest = Four{} + infinite;
  const Four nothing = Four{} + not_a_number, far = Four{} + infinite, one = Four{} + 1.0,
             zero = Four{}, least = zero + violation.least, amount = zero + violation.amount;
  std::size_t i = 0;
  for (; i + 4 <= rest.size; i += 4) {
    Four rate, side, dual, unit, range, tolerance;
    load(rate, rest.rate + i);
    load(side, rest.side + i);
    load(dual, rest.dual + i);
    load(unit, rest.unit + i);
    load(range, rest.range + i);
    load(tolerance, rest.tolerance + i);
    const Four steep = direction * rate * side;
    const auto counts = steep * unit > least;
    Four left = dual * side;
    left = left > zero ? left : zero;
    const Four per_slope = one / (counts ? steep : one);
    const Four at = left * per_slope;
    const Four last = at + tolerance * per_slope;
    const Four end = steep * range >= amount ? last : far;
    const Four counted_end = counts ? end : far;
    lowest = counted_end < lowest ? counted_end : lowest;
    store(slope + i, steep);
    store(ratio + i, counts ? at : nothing);
  }
  double end = std::min({lowest[0], lowest[1], lowest[2], lowest[3]});
  for (; i < rest.size; ++i) {
    const double steep = direction * rest.rate[i] * rest.side[i];
    slope[i] = steep;
    ratio[i] = not_a_number;
    if (!(steep * rest.unit[i] > violation.least)) continue;
    const double per_slope = 1.0 / steep;
    ratio[i] = std::max(rest.dual[i] * rest.side[i], 0.0) * per_slope;
    if (steep * rest.range[i] >= violation.amount) {
      end = std::min(end, ratio[i] + rest.tolerance[i] * per_slope);
    }
  }
  return end;
}

VORRAT_FOR_EACH_CPU std::size_t within(const double* ratio, std::size_t size, double end,
                                       std::int32_t* list) {
  std::size_t count = 0, i = 0;
  const auto take = [&](std::size_t at) {
    list[count] = static_cast<std::int32_t>(at);
    count += ratio[at] <= end ? 1 : 0;
  };
  // Few are: most sixteens are passed over at once.
  for (; i + 16 <= size; i += 16) {
    Four part[4];
    for (std::size_t q = 0; q < 4; ++q) load(part[q], ratio + i + 4 * q);
    const auto any = (part[0] <= end) | (part[1] <= end) | (part[2] <= end) | (part[3] <= end);
    if (((any[0] | any[1]) | (any[2] | any[3])) == 0) continue;
    for (std::size_t l = 0; l < 16; ++l) take(i + l);
  }
  for (; i < size; ++i) take(i);
  return count;
}

}  // namespace vorrat::lp

#include "vorrat/simulate/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "vorrat/base/error.h"

namespace vorrat::simulate {
namespace {

template <typename Map>
double pairwise_sum(std::span<const double> values, Map map) {
  if (values.size() <= 32) {
    double sum = 0.0;
    for (double v : values) sum += map(v);
    return sum;
  }
  const std::size_t half = values.size() / 2;
  return pairwise_sum(values.first(half), map) + pairwise_sum(values.subspan(half), map);
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  needs(!values.empty(), "values");
  const auto n = static_cast<double>(values.size());
  Estimate result{.count = values.size()};
  result.mean = pairwise_sum(values, [](double v) { return v; }) / n;
  if (values.size() == 1) {
    result.half_width = result.standard_deviation = std::numeric_limits<double>::infinity();
    return result;
  }
  const double squares =
      pairwise_sum(values, [&](double v) { return (v - result.mean) * (v - result.mean); });
  result.standard_deviation = std::sqrt(squares / (n - 1.0));
  result.half_width = student_t_95(values.size() - 1) * result.standard_deviation / std::sqrt(n);
  if (squares > 0.0) {
    const double cubes =
        pairwise_sum(values, [&](double v) { return std::pow(v - result.mean, 3.0); });
    const double skewness = std::sqrt(n) * cubes / std::pow(squares, 1.5);
    result.half_width *= std::max(1.0, 5.0 * std::abs(skewness) / std::sqrt(n));
  }
  return result;
}

double student_t_95(std::size_t degrees) {
  needs(degrees >= 1, "degrees >= 1");
  if (degrees == 1) return 12.706204736;
  if (degrees == 2) return 4.3026527297;
  const double n = static_cast<double>(degrees), p = 0.05;
  const double half_pi = 1.5707963267948966;
  const double a = 1.0 / (n - 0.5), b = 48.0 / (a * a);
  double c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
  const double d = ((94.5 / (b + c) - 3.0) / b + 1.0) * std::sqrt(a * half_pi) * n;
  double x = d * p, y = std::pow(x, 2.0 / n);
  if (y > 0.05 + a) {
    x = -1.9599639845400545;  // the normal quantile of p / 2
    y = x * x;
    if (n < 5.0) c += 0.3 * (n - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
    y = a * y * y;
    y = y > 0.002 ? std::expm1(y) : 0.5 * y * y + y;
  } else {
    y = ((1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) *
             y -
         1.0) *
            (n + 1.0) / (n + 2.0) +
        1.0 / y;
  }
  return std::sqrt(n * y);
}

double quantile(std::span<const double> values, double p) {
  needs(!values.empty(), "values");
  needs(p >= 0.0 && p <= 1.0, "p in [0, 1]");
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace vorrat::simulate

#include "vorrat/quantity/uncertain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "vorrat/quantity/scanner.h"

namespace vorrat {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void refuse_unless(bool holds, const std::string& message) {
  if (!holds) throw InvalidInput(message);
}

std::vector<double> cumulative_weights(const std::vector<double>& weights, std::size_t count) {
  refuse_unless(count > 0 && weights.size() == count, "each value needs one probability");
  std::vector<double> sums(weights.size());
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    refuse_unless(weights[i] >= 0, "a probability is negative");
    sum += weights[i];
    sums[i] = sum;
  }
  refuse_unless(std::abs(sum - 1) <= 1e-9,
                fmt::format("the probabilities sum to {:.6g} %, not to 100 %", 100 * sum));
  sums.back() = 1;
  return sums;
}

// The continued fraction of the incomplete beta function by Lentz's method.
// Source: Press et al., "Numerical Recipes", third edition (2007), section 6.4.
double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < tiny ? tiny : d);
  double h = d;
  for (int m = 1; m < 500; ++m) {
    const auto step = [&](double term) {
      d = 1 + term * d;
      d = 1 / (std::abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (std::abs(c) < tiny) c = tiny;
      h *= d * c;
      return d * c;
    };
    step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    const double change = step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (std::abs(change - 1) < 1e-16) break;
  }
  return h;
}

double beta_cumulative(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

// Bisection finds the place, however flat or steep the function is.
template <class Function>
double inverse(const Function& cumulative, double probability, double low, double high) {
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (cumulative(middle) < probability ? low : high) = middle;
  }
  return high;
}

}  // namespace

double normal_cumulative(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double probability) {
  if (probability <= 0) return -infinity;
  if (probability >= 1) return infinity;
  const auto ratio = [](const double(&above)[8], const double(&below)[8], double r) {
    double numerator = above[7], denominator = below[7];
    for (int i = 6; i >= 0; --i) {
      numerator = numerator * r + above[i];
      denominator = denominator * r + below[i];
    }
    return numerator / denominator;
  };
  static constexpr double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                  1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                  4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                  3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[8] = {1.0,
                                  4.2313330701600911252e+1,
                                  6.8718700749205790830e+2,
                                  5.3941960214247511077e+3,
                                  2.1213794301586595867e+4,
                                  3.9307895800092710610e+4,
                                  2.8729085735721942674e+4,
                                  5.2264952788528545610e+3};
  static constexpr double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                  5.76949722146069140550e0,  3.64784832476320460504e0,
                                  1.27045825245236838258e0,  2.41780725177450611770e-1,
                                  2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[8] = {1.0,
                                  2.05319162663775882187e0,
                                  1.67638483018380384940e0,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
  static constexpr double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                  1.78482653991729133580e0,  2.96560571828504891230e-1,
                                  2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                  2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[8] = {1.0,
                                  5.99832206555887937690e-1,
                                  1.36929880922735805310e-1,
                                  1.48753612908506148525e-2,
                                  7.86869131145613259100e-4,
                                  1.84631831751005468180e-5,
                                  1.42151175831644588870e-7,
                                  2.04426310338993978564e-15};
  const double q = probability - 0.5;
  if (std::abs(q) <= 0.425) return q * ratio(a, b, 0.180625 - q * q);
  const double r = std::sqrt(-std::log(std::min(probability, 1 - probability)));
  const double tail = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
  return q < 0 ? -tail : tail;
}

Distribution Distribution::constant(double value) {
  Distribution result;
  result.a_ = value;
  return result;
}

Distribution Distribution::uniform(double low, double high) {
  refuse_unless(low < high, "the lower end is not below the upper end");
  Distribution result;
  result.shape_ = Shape::uniform;
  result.a_ = low;
  result.c_ = high;
  return result;
}

Distribution Distribution::triangular(double low, double mode, double high) {
  refuse_unless(low <= mode && mode <= high && low < high,
                "low, mode and high are not in this order");
  Distribution result;
  result.shape_ = Shape::triangular;
  result.a_ = low;
  result.b_ = mode;
  result.c_ = high;
  return result;
}

Distribution Distribution::pert(double low, double mode, double high) {
  Distribution result = triangular(low, mode, high);
  result.shape_ = Shape::pert;
  return result;
}

Distribution Distribution::normal(double mean, double deviation) {
  refuse_unless(deviation > 0, "the standard deviation is not positive");
  Distribution result;
  result.shape_ = Shape::normal;
  result.a_ = mean;
  result.b_ = deviation;
  return result;
}

Distribution Distribution::lognormal(double median, double log_deviation) {
  refuse_unless(median > 0, "the median of a lognormal is not positive");
  refuse_unless(log_deviation > 0, "the standard deviation is not positive");
  Distribution result;
  result.shape_ = Shape::lognormal;
  result.a_ = std::log(median);
  result.b_ = log_deviation;
  return result;
}

Distribution Distribution::normal_between(double low, double high, double probability) {
  refuse_unless(low < high, "the lower end is not below the upper end");
  refuse_unless(probability > 0 && probability < 1,
                "the probability of a range is not between 0 and 100 %");
  return normal((low + high) / 2, (high - low) / (2 * normal_quantile(0.5 + probability / 2)));
}

Distribution Distribution::lognormal_between(double low, double high, double probability) {
  refuse_unless(low < high, "the lower end is not below the upper end");
  refuse_unless(low > 0, "a lognormal range is not positive");
  refuse_unless(probability > 0 && probability < 1,
                "the probability of a range is not between 0 and 100 %");
  return lognormal(std::sqrt(low) * std::sqrt(high),
                   std::log(high / low) / (2 * normal_quantile(0.5 + probability / 2)));
}

Distribution Distribution::discrete(std::vector<double> values, std::vector<double> weights) {
  Distribution result;
  result.shape_ = Shape::discrete;
  cumulative_weights(weights, values.size());
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> sorted_weights;
  for (const std::size_t i : order) {
    result.values_.push_back(values[i]);
    sorted_weights.push_back(weights[i]);
  }
  result.weights_ = cumulative_weights(sorted_weights, values.size());
  return result;
}

Distribution Distribution::mixture(std::vector<Distribution> parts, std::vector<double> weights) {
  Distribution result;
  result.shape_ = Shape::mixture;
  result.weights_ = cumulative_weights(weights, parts.size());
  result.parts_ = std::move(parts);
  return result;
}

Distribution Distribution::truncated(double low, double high) const {
  refuse_unless(low < high, "the lower bound is not below the upper bound");
  if (is_truncated_) {
    const double lowest = scale_ * low_ + offset_, highest = scale_ * high_ + offset_;
    Distribution whole = *this;
    whole.is_truncated_ = false;
    return whole.truncated(std::max(low, lowest), std::min(high, highest));
  }
  Distribution result = *this;
  result.is_truncated_ = true;
  result.low_ = (low - offset_) / scale_;
  result.high_ = (high - offset_) / scale_;
  // A step at the lower end belongs to the part, so what lies strictly below is cut off.
  const double just_below = std::nextafter(result.low_, -infinity);
  result.below_low_ = result.low_ == -infinity ? 0 : plain_cumulative(just_below);
  result.between_ = plain_cumulative(result.high_) - result.below_low_;
  refuse_unless(result.between_ > 1e-12, "nothing of the distribution lies within the bounds");
  return result;
}

Distribution Distribution::scaled(double factor, double offset) const {
  needs(factor > 0, "factor > 0");
  Distribution result = *this;
  result.scale_ = scale_ * factor;
  result.offset_ = offset_ * factor + offset;
  return result;
}

double Distribution::plain_cumulative(double x) const {
  switch (shape_) {
    case Shape::constant:
      return x >= a_ ? 1 : 0;
    case Shape::uniform:
      return std::clamp((x - a_) / (c_ - a_), 0.0, 1.0);
    case Shape::triangular:
      if (x <= a_) return 0;
      if (x >= c_) return 1;
      if (x <= b_) return (x - a_) * (x - a_) / ((c_ - a_) * (b_ - a_));
      return 1 - (c_ - x) * (c_ - x) / ((c_ - a_) * (c_ - b_));
    case Shape::normal:
      return normal_cumulative((x - a_) / b_);
    case Shape::lognormal:
      return x <= 0 ? 0 : normal_cumulative((std::log(x) - a_) / b_);
    case Shape::pert:
      return beta_cumulative((x - a_) / (c_ - a_), 1 + 4 * (b_ - a_) / (c_ - a_),
                             1 + 4 * (c_ - b_) / (c_ - a_));
    case Shape::discrete: {
      const auto above = std::upper_bound(values_.begin(), values_.end(), x) - values_.begin();
      return above == 0 ? 0 : weights_[static_cast<std::size_t>(above - 1)];
    }
    case Shape::mixture: {
      double sum = 0, before = 0;
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        sum += (weights_[i] - before) * parts_[i].cumulative(x);
        before = weights_[i];
      }
      return std::min(sum, 1.0);
    }
  }
  return 0;
}

double Distribution::searched_quantile(double p) const {
  if (shape_ == Shape::pert) {
    const double width = c_ - a_;
    const double alpha = 1 + 4 * (b_ - a_) / width, beta = 1 + 4 * (c_ - b_) / width;
    if (p <= 0) return a_;
    if (p >= 1) return c_;
    return a_ + width * inverse([&](double x) { return beta_cumulative(x, alpha, beta); }, p, 0, 1);
  }
  double low = infinity, high = -infinity;
  double before = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (weights_[i] > before) {
      low = std::min(low, parts_[i].quantile(p));
      high = std::max(high, parts_[i].quantile(p));
    }
    before = weights_[i];
  }
  if (low == high || p <= 0) return low;
  if (p >= 1) return high;
  return inverse([&](double x) { return plain_cumulative(x); }, p, std::nextafter(low, -infinity),
                 high);
}

double Distribution::plain_quantile(double p) const {
  switch (shape_) {
    case Shape::constant:
      return a_;
    case Shape::uniform:
      return a_ + p * (c_ - a_);
    case Shape::triangular: {
      const double at_mode = (b_ - a_) / (c_ - a_);
      if (p <= at_mode) return a_ + std::sqrt(p * (c_ - a_) * (b_ - a_));
      return c_ - std::sqrt((1 - p) * (c_ - a_) * (c_ - b_));
    }
    case Shape::normal:
      return a_ + b_ * normal_quantile(p);
    case Shape::lognormal:
      return std::exp(a_ + b_ * normal_quantile(p));
    case Shape::discrete: {
      // The first value with weight whose cumulative probability reaches p.
      for (std::size_t i = 0; i < values_.size(); ++i) {
        if (weights_[i] >= p && weights_[i] > 0) return values_[i];
      }
      return values_.back();
    }
    case Shape::pert:
    case Shape::mixture:
      return searched_quantile(p);
  }
  return 0;
}

double Distribution::cumulative(double value) const {
  const double x = (value - offset_) / scale_;
  if (!is_truncated_) return plain_cumulative(x);
  if (x < low_) return 0;
  if (x >= high_) return 1;
  return std::clamp((plain_cumulative(x) - below_low_) / between_, 0.0, 1.0);
}

double Distribution::quantile(double probability) const {
  needs(probability >= 0 && probability <= 1, "0 <= probability <= 1");
  if (!is_truncated_) return offset_ + scale_ * plain_quantile(probability);
  const double x = plain_quantile(std::min(below_low_ + probability * between_, 1.0));
  return offset_ + scale_ * std::clamp(x, std::max(low_, plain_quantile(0)),
                                       std::min(high_, plain_quantile(1)));
}

std::optional<double> Distribution::from_normal(double z) const {
  if (is_truncated_) return std::nullopt;
  if (shape_ == Shape::normal) return offset_ + scale_ * (a_ + b_ * z);
  if (shape_ == Shape::lognormal) return offset_ + scale_ * std::exp(a_ + b_ * z);
  return std::nullopt;
}

double Distribution::moment(int power, double from, double to) const {
  // The mean of x^power over the probabilities between `from` and `to`, by Gauss-Legendre on panels
  // that shrink towards both ends, where the quantile function of an unbounded shape is steep.
  static constexpr double nodes[5] = {-0.9061798459386640, -0.5384693101056831, 0,
                                      0.5384693101056831, 0.9061798459386640};
  static constexpr double weights[5] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                        0.4786286704993665, 0.2369268850561891};
  std::vector<double> edges;
  for (int i = 60; i >= 1; --i) edges.push_back(0.5 * std::pow(0.5, i * 0.8));
  std::vector<double> all = {0};
  for (std::size_t i = 0; i < edges.size(); ++i) all.push_back(edges[i]);
  for (int i = 0; i <= 400; ++i) {
    const double u = edges.back() + (1 - 2 * edges.back()) * i / 400;
    if (i > 0) all.push_back(u);
  }
  for (std::size_t i = edges.size() - 1; i-- > 0;) all.push_back(1 - edges[i]);
  all.push_back(1);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const double half = (all[i + 1] - all[i]) / 2, middle = (all[i + 1] + all[i]) / 2;
    for (int k = 0; k < 5; ++k) {
      const double point = from + (to - from) * (middle + half * nodes[k]);
      const double value = quantile(std::min(point, 1.0));
      // Of an unbounded shape: a probability that rounds to 1, where less than 1e-15 is left.
      if (std::isfinite(value)) sum += weights[k] * half * std::pow(value, power);
    }
  }
  return sum;
}

double Distribution::plain_mean() const {
  switch (shape_) {
    case Shape::constant:
    case Shape::normal:
      return a_;
    case Shape::uniform:
      return a_ + (c_ - a_) / 2;
    case Shape::triangular:
      return (a_ + b_ + c_) / 3;
    case Shape::lognormal:
      return std::exp(a_ + b_ * b_ / 2);
    case Shape::pert:
      return (a_ + 4 * b_ + c_) / 6;
    case Shape::discrete:
    case Shape::mixture: {
      double sum = 0, before = 0;
      for (std::size_t i = 0; i < weights_.size(); ++i) {
        sum += (weights_[i] - before) * (shape_ == Shape::discrete ? values_[i] : parts_[i].mean());
        before = weights_[i];
      }
      return sum;
    }
  }
  return 0;
}

double Distribution::mean() const {
  if (!is_truncated_) return offset_ + scale_ * plain_mean();
  const auto density = [](double z) {
    return std::isinf(z) ? 0 : std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  };
  // Source: Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1
  // (1994), 10.1, 14.3.
  if (shape_ == Shape::normal) {
    const double z_low = (low_ - a_) / b_, z_high = (high_ - a_) / b_;
    return offset_ + scale_ * (a_ + b_ * (density(z_low) - density(z_high)) / between_);
  }
  if (shape_ == Shape::lognormal) {
    const auto standard = [&](double x) { return x <= 0 ? -infinity : (std::log(x) - a_) / b_; };
    return offset_ +
           scale_ * std::exp(a_ + b_ * b_ / 2) *
               (normal_cumulative(b_ - standard(low_)) - normal_cumulative(b_ - standard(high_))) /
               between_;
  }
  return moment(1);
}

std::vector<Distribution::Outcome> Distribution::outcomes() const {
  if (shape_ == Shape::constant) return {{mean(), 1}};
  std::vector<Outcome> all;
  if (shape_ != Shape::discrete) return all;
  double before = 0;
  for (const double value : values_) {
    const double x = scale_ * value + offset_, upto = cumulative(x);
    if (upto > before) all.push_back({x, upto - before});
    before = upto;
  }
  return all;
}

double Distribution::mean_between(double from, double to) const {
  needs(0 <= from && from < to && to <= 1, "0 <= from < to <= 1");
  if (const std::vector<Outcome> all = outcomes(); !all.empty()) {
    double sum = 0, before = 0;
    for (const auto& [value, probability] : all) {
      sum += value * std::max(0.0, std::min(to, before + probability) - std::max(from, before));
      before += probability;
    }
    return sum / (to - from);
  }
  const bool is_normal = shape_ == Shape::normal || shape_ == Shape::lognormal;
  if (is_normal) return truncated(quantile(from), quantile(to)).mean();
  return moment(1, from, to);
}

double Distribution::variance() const {
  if (!is_truncated_) {
    const double s = scale_ * scale_;
    if (shape_ == Shape::constant) return 0;
    if (shape_ == Shape::normal) return s * b_ * b_;
    if (shape_ == Shape::lognormal) {
      return s * std::expm1(b_ * b_) * std::exp(2 * a_ + b_ * b_);
    }
    if (shape_ == Shape::uniform) return s * (c_ - a_) * (c_ - a_) / 12;
  }
  const double mean_value = mean();
  return std::max(0.0, scaled(1, -mean_value).moment(2));
}

Uncertain Uncertain::between(const AnyQuantity& low, const AnyQuantity& high, double probability) {
  if (!same_kind(low, high)) {
    throw InvalidInput(
        fmt::format("the ends {} and {} are not of one kind", to_string(low), to_string(high)));
  }
  const bool is_positive = low.value > 0 && high.value > 0;
  return {low, is_positive ? Distribution::lognormal_between(low.value, high.value, probability)
                           : Distribution::normal_between(low.value, high.value, probability)};
}

namespace {

using detail::Amount;
using detail::Scanner;

constexpr double default_probability = 0.8;

enum class RangeShape { by_sign, normal, lognormal, uniform };

// What is read before the unit of the whole is known.
struct Draft {
  std::string shape;  // "amount", "range", "plus_minus", "about", or a function's name
  RangeShape range = RangeShape::by_sign;
  std::vector<Amount> amounts;  // of a range: low, high; of a function: its arguments
  std::vector<double> weights;
  std::vector<Draft> parts;
  double probability = default_probability;
  bool has_probability = false;
  int position = 0;
  int width = 1;
};

[[noreturn]] void fail(int position, int width, std::string message, std::string hint) {
  throw TextFault{position, std::max(1, width), std::move(message), std::move(hint)};
}

class UncertainReader {
 public:
  explicit UncertainReader(std::string_view text) : scanner_(text) {}

  Uncertain read() {
    Draft draft = read_draft();
    std::vector<std::pair<bool, Amount>> bounds;
    while (true) {
      const int start = scanner_.position();
      scanner_.take_if(U',');
      if (!scanner_.take_word_if("at")) {
        scanner_.move_to(start);
        break;
      }
      const bool is_least = scanner_.take_word_if("least");
      if (!is_least && !scanner_.take_word_if("most")) {
        fail(start, scanner_.position() - start + 1, "\"at\" is not followed by least or most",
             "write \"at least 20 kUSD\"");
      }
      bounds.emplace_back(is_least, scanner_.read_amount());
    }
    detail::expect_end(scanner_);
    const Amount model = unit_model(draft);
    complete(draft, model);
    Uncertain result = build(draft);
    if (!bounds.empty()) truncate(result, bounds, model);
    return result;
  }

  const std::string& assumption() const { return assumption_; }

 private:
  bool take_range_link() {
    const int start = scanner_.position();
    if (scanner_.take_word_if("to") || scanner_.take_word_if("bis")) return true;
    scanner_.skip_blanks();
    for (const char32_t dash : {U'\u2013', U'\u2014', U'\u2012', U'\u2010', U'\u2011', U'-'}) {
      if (scanner_.peek() == dash) {
        scanner_.take();
        return true;
      }
    }
    if (scanner_.peek() == U'.' && scanner_.peek(1) == U'.') {
      while (scanner_.peek() == U'.') scanner_.take();
      return true;
    }
    scanner_.move_to(start);
    return false;
  }

  // "(80 %)", "(80 % interval)"
  void read_probability(Draft& draft) {
    const int start = scanner_.position();
    if (!scanner_.take_if(U'(')) return;
    const int inside = scanner_.position();
    Amount amount = scanner_.read_amount();
    const AnyQuantity value = detail::quantity_of(amount);
    while (!scanner_.at_end() && scanner_.peek() != U')') scanner_.take();
    if (!scanner_.take_if(U')')) {
      fail(start, scanner_.position() - start, "a \")\" is missing here", "write \"(80 %)\"");
    }
    if (!amount.unit || value.dimension != dimensions::none || !(value.value > 0) ||
        !(value.value < 1)) {
      fail(inside, amount.width, "the probability of a range is a percentage between 0 % and 100 %",
           "write \"(80 %)\"");
    }
    draft.probability = value.value;
    draft.has_probability = true;
  }

  Draft read_draft() {
    Draft draft;
    scanner_.skip_blanks();
    draft.position = scanner_.position();
    const std::string word = scanner_.peek_word();
    static const std::vector<std::string> functions = {
        "uniform", "triangular", "normal", "lognormal", "pert", "discrete", "mixture"};
    if (std::find(functions.begin(), functions.end(), word) != functions.end()) {
      scanner_.take_word_if(word);
      draft.shape = word;
      if (scanner_.take_if(U'(')) {
        read_arguments(draft);
      } else {
        read_shaped_range(draft, word);
      }
    } else if (scanner_.take_if(U'~') || scanner_.take_if(U'≈') || scanner_.take_word_if("about") ||
               scanner_.take_word_if("around") || scanner_.take_word_if("roughly") ||
               scanner_.take_word_if("circa")) {
      draft.shape = "about";
      draft.amounts.push_back(scanner_.read_amount());
    } else {
      read_range(draft);
    }
    draft.width = scanner_.position() - draft.position;
    return draft;
  }

  void read_range(Draft& draft) {
    draft.amounts.push_back(scanner_.read_amount());
    draft.shape = "amount";
    if (scanner_.take_if(U'±')) {
      draft.shape = "plus_minus";
      draft.amounts.push_back(scanner_.read_amount());
    } else if (take_range_link()) {
      draft.shape = "range";
      draft.amounts.push_back(scanner_.read_amount());
    } else {
      return;
    }
    read_probability(draft);
  }

  void read_shaped_range(Draft& draft, const std::string& word) {
    read_range(draft);
    draft.range = word == "normal"      ? RangeShape::normal
                  : word == "lognormal" ? RangeShape::lognormal
                                        : RangeShape::uniform;
    const bool fits =
        draft.shape == "range" && (word == "normal" || word == "lognormal" || word == "uniform");
    if (!fits) {
      fail(draft.position, scanner_.position() - draft.position,
           fmt::format("\"{}\" needs its parameters", word), usage(word));
    }
    if (word == "uniform" && draft.has_probability) {
      fail(draft.position, scanner_.position() - draft.position,
           "a uniform range has no probability: its ends are the ends",
           "leave the parenthesis away");
    }
  }

  static std::string usage(const std::string& function) {
    if (function == "uniform") return "write \"uniform 10 to 20 MW\"";
    if (function == "triangular") return "write \"triangular(10, 12, 20) weeks\"";
    if (function == "pert") return "write \"pert(10, 12, 20) weeks\"";
    if (function == "normal") return "write \"normal(100, 10) MW\", mean and standard deviation";
    if (function == "lognormal") {
      return "write \"lognormal(30, 0.2) kUSD\", median and deviation of the logarithm";
    }
    if (function == "discrete") return "write \"discrete(20 %: 0, 80 %: 10) MW\"";
    return "write \"mixture(60 %: 1 to 2 (80 %), 40 %: 5) MW\"";
  }

  static std::size_t argument_count(const std::string& function) {
    if (function == "triangular" || function == "pert") return 3;
    if (function == "uniform" || function == "normal" || function == "lognormal") return 2;
    return 0;  // any
  }

  void read_arguments(Draft& draft) {
    const bool is_weighted = draft.shape == "discrete" || draft.shape == "mixture";
    do {
      if (is_weighted) {
        const Amount weight = scanner_.read_amount();
        const AnyQuantity value = detail::quantity_of(weight);
        if (value.dimension != dimensions::none || !scanner_.take_if(U':')) {
          fail(weight.position, weight.width, "a probability and \":\" are missing here",
               usage(draft.shape));
        }
        draft.weights.push_back(value.value);
      }
      if (draft.shape == "mixture") {
        draft.parts.push_back(read_draft());
      } else {
        draft.amounts.push_back(scanner_.read_amount());
      }
    } while (scanner_.take_if(U',') || scanner_.take_if(U';'));
    if (!scanner_.take_if(U')')) {
      fail(scanner_.position(), 1, "a \")\" is missing here", usage(draft.shape));
    }
    const std::size_t wanted = argument_count(draft.shape);
    if (wanted != 0 && draft.amounts.size() != wanted) {
      fail(
          draft.position, scanner_.position() - draft.position,
          fmt::format("\"{}\" takes {} numbers, not {}", draft.shape, wanted, draft.amounts.size()),
          usage(draft.shape));
    }
    // A unit after the parenthesis is for all.
    Amount common;
    const int before = scanner_.position();
    Scanner after = scanner_;
    after.skip_blanks();
    if (!after.peek_word().empty() && after.peek_word() != "at") {
      // A number is needed before a scale word; the text has none here, so one is lent.
      const std::string rest = "1 " + after.text(after.position(), after.size());
      Scanner lent(rest);
      common = lent.read_amount();
      scanner_.move_to(after.position() + lent.position() - 2);
    } else {
      scanner_.move_to(before);
    }
    if (common.unit || common.scale) complete(draft, common);
  }

  // The second number of a lognormal is not in the unit of the first.
  static bool takes_unit(const Draft& draft, std::size_t index) {
    return !(draft.shape == "lognormal" && draft.range == RangeShape::by_sign && index == 1);
  }

  static Amount unit_model(const Draft& draft) {
    Amount model;
    for (std::size_t i = 0; i < draft.amounts.size(); ++i) {
      if (draft.amounts[i].unit && takes_unit(draft, i)) model = draft.amounts[i];
    }
    for (const Draft& part : draft.parts) {
      const Amount of_part = unit_model(part);
      if (of_part.unit) model = of_part;
    }
    // "150 to 260 bn": a scale without a unit is for both ends too.
    if (!model.unit && draft.amounts.size() == 2 && !draft.amounts[0].scale) {
      model.scale = draft.amounts[1].scale;
    }
    return model;
  }

  static void complete_one(Amount& amount, const Amount& model) {
    if (amount.unit) return;
    if (!amount.scale) amount.scale = model.scale;
    amount.unit = model.unit;
  }

  static void complete(Draft& draft, const Amount& model) {
    for (std::size_t i = 0; i < draft.amounts.size(); ++i) {
      if (takes_unit(draft, i)) complete_one(draft.amounts[i], model);
    }
    for (Draft& part : draft.parts) complete(part, model);
  }

  AnyQuantity value_of(const Draft& draft, std::size_t index, const AnyQuantity* kind) {
    const Amount& amount = draft.amounts[index];
    const AnyQuantity value = detail::quantity_of(amount);
    if (kind && value.dimension == kind->dimension && value.currency != kind->currency &&
        value.per_currency == kind->per_currency) {
      fail(amount.position, amount.width,
           fmt::format("{} is in {}, but the others are in {}", to_string(value),
                       value.currency.code(), kind->currency.code()),
           "write all in one currency");
    } else if (kind && !same_kind(value, *kind)) {
      fail(amount.position, amount.width,
           fmt::format("{} is {}, but the others are {}", to_string(value),
                       name_with_article(value.dimension), name_with_article(kind->dimension)),
           "write all in units of one kind");
    }
    return value;
  }

  Distribution range_distribution(const Draft& draft, double low, double high) {
    if (!draft.has_probability && draft.range != RangeShape::uniform) {
      assumption_ = "a range without \"(p %)\" is read as 80 % likely";
    }
    switch (draft.range) {
      case RangeShape::normal:
        return Distribution::normal_between(low, high, draft.probability);
      case RangeShape::lognormal:
        return Distribution::lognormal_between(low, high, draft.probability);
      case RangeShape::uniform:
        return Distribution::uniform(low, high);
      case RangeShape::by_sign:
        break;
    }
    return low > 0 ? Distribution::lognormal_between(low, high, draft.probability)
                   : Distribution::normal_between(low, high, draft.probability);
  }

  Uncertain build(const Draft& draft) {
    try {
      return build_checked(draft);
    } catch (const InvalidInput& fault) {
      fail(draft.position, draft.width, fault.what(), hint_for(draft));
    }
  }

  static std::string hint_for(const Draft& draft) {
    if (draft.shape == "range")
      return "write the smaller end first, as in \"27k to 35k USD (80 %)\"";
    if (draft.shape == "plus_minus" || draft.shape == "about")
      return "write \"100 ± 10 MW (80 %)\"";
    return usage(draft.shape);
  }

  Uncertain build_checked(const Draft& draft) {
    if (draft.shape == "mixture") return build_mixture(draft);
    const AnyQuantity first = value_of(draft, 0, nullptr);
    std::vector<double> values;
    for (std::size_t i = 0; i < draft.amounts.size(); ++i) {
      const bool is_share = draft.shape == "plus_minus" && i == 1 &&
                            first.dimension != dimensions::none && draft.amounts[1].unit &&
                            draft.amounts[1].unit->kind.dimension == dimensions::none;
      if (is_share) {
        values.push_back(value_of(draft, i, nullptr).value * std::abs(first.value));
      } else {
        values.push_back(value_of(draft, i, takes_unit(draft, i) ? &first : nullptr).value);
      }
    }
    if (draft.shape == "amount") return first;
    return {first, distribution_of(draft, values)};
  }

  Distribution distribution_of(const Draft& draft, const std::vector<double>& v) {
    if (draft.shape == "about") {
      assumption_ = "\"about\" is read as ± 10 %, 80 % likely";
      if (v[0] == 0) throw InvalidInput("\"about\" says nothing of zero");
      const double low = std::min(0.9 * v[0], 1.1 * v[0]), high = std::max(0.9 * v[0], 1.1 * v[0]);
      return low > 0 ? Distribution::lognormal_between(low, high, default_probability)
                     : Distribution::normal_between(low, high, default_probability);
    }
    if (draft.shape == "plus_minus") {
      if (!draft.has_probability) assumption_ = "a range without \"(p %)\" is read as 80 % likely";
      return Distribution::normal_between(v[0] - v[1], v[0] + v[1], draft.probability);
    }
    if (draft.shape == "range" || draft.range != RangeShape::by_sign) {
      return range_distribution(draft, v[0], v[1]);
    }
    if (draft.shape == "uniform") return Distribution::uniform(v[0], v[1]);
    if (draft.shape == "triangular") return Distribution::triangular(v[0], v[1], v[2]);
    if (draft.shape == "pert") return Distribution::pert(v[0], v[1], v[2]);
    if (draft.shape == "normal") return Distribution::normal(v[0], v[1]);
    if (draft.shape == "lognormal") return Distribution::lognormal(v[0], v[1]);
    return Distribution::discrete(v, draft.weights);
  }

  Uncertain build_mixture(const Draft& draft) {
    std::vector<Distribution> parts;
    AnyQuantity kind;
    for (std::size_t i = 0; i < draft.parts.size(); ++i) {
      const Uncertain part = build(draft.parts[i]);
      if (i == 0) {
        kind = part.kind();
      } else if (!same_kind(kind, part.kind())) {
        fail(draft.parts[i].position, draft.parts[i].width,
             fmt::format("this part is {}, but the first is {}",
                         name_with_article(part.dimension()), name_with_article(kind.dimension)),
             "write all in units of one kind");
      }
      parts.push_back(part.distribution());
    }
    return {kind, Distribution::mixture(parts, draft.weights)};
  }

  void truncate(Uncertain& result, std::vector<std::pair<bool, Amount>>& bounds,
                const Amount& model) {
    constexpr double none = std::numeric_limits<double>::infinity();
    double low = -none, high = none;
    for (auto& [is_least, amount] : bounds) {
      complete_one(amount, model);
      const AnyQuantity value = detail::quantity_of(amount);
      if (!same_kind(value, result.kind())) {
        fail(amount.position, amount.width,
             fmt::format("the bound {} is {}, but the range is {}", to_string(value),
                         name_with_article(value.dimension), name_with_article(result.dimension())),
             "write all in units of one kind");
      }
      (is_least ? low : high) = value.value;
    }
    try {
      result = Uncertain(result.kind(), result.distribution().truncated(low, high));
    } catch (const InvalidInput& fault) {
      fail(bounds[0].second.position, bounds[0].second.width, fault.what(),
           "write bounds that leave a part of the range");
    }
  }

  Scanner scanner_;
  std::string assumption_;
};

}  // namespace

std::expected<Uncertain, TextFault> parse_uncertain(std::string_view text) {
  try {
    UncertainReader reader(text);
    Uncertain result = reader.read();
    result.set_text(std::string(text), reader.assumption());
    return result;
  } catch (const TextFault& fault) {
    return std::unexpected(fault);
  }
}

std::string to_string(const Uncertain& uncertain) {
  if (!uncertain.text().empty()) return uncertain.text();
  if (uncertain.is_certain()) return to_string(uncertain.mean());
  return fmt::format("{} (5 %: {}, 95 %: {})", to_string(uncertain.mean()),
                     to_string(uncertain.quantile(0.05)), to_string(uncertain.quantile(0.95)));
}

}  // namespace vorrat

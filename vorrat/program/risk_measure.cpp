#include "vorrat/program/risk_measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

double product(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

class Expectation final : public RiskMeasure {
 public:
  double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                  std::span<double> weights) const override {
    std::copy(probabilities.begin(), probabilities.end(), weights.begin());
    return product(weights, costs);
  }
  std::string name() const override { return "expectation"; }
};

class TailMean final : public RiskMeasure {
 public:
  explicit TailMean(double tail) : tail_(tail) {
    if (!(tail > 0.0 && tail <= 1.0)) {
      throw InvalidInput(
          fmt::format("the tail of a CVaR is {}; it lies above 0 and is at most 1", tail));
    }
  }
  double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                  std::span<double> weights) const override {
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return costs[a] > costs[b]; });
    std::fill(weights.begin(), weights.end(), 0.0);
    double left = tail_;
    for (std::size_t j : order) {
      const double taken = std::min(left, probabilities[j]);
      weights[j] = taken / tail_;
      left -= taken;
      if (left <= 0.0) break;
    }
    return product(weights, costs);
  }
  std::string name() const override { return fmt::format("cvar({})", tail_); }

 private:
  double tail_;
};

class WorstCase final : public RiskMeasure {
 public:
  double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                  std::span<double> weights) const override {
    std::size_t worst = costs.size();
    for (std::size_t j = 0; j < costs.size(); ++j) {
      if (probabilities[j] > 0.0 && (worst == costs.size() || costs[j] > costs[worst])) worst = j;
    }
    std::fill(weights.begin(), weights.end(), 0.0);
    weights[worst] = 1.0;
    return costs[worst];
  }
  std::string name() const override { return "worst_case"; }
};

class Entropic final : public RiskMeasure {
 public:
  explicit Entropic(double aversion) : aversion_(aversion) {
    if (!(aversion > 0.0) || !std::isfinite(aversion)) {
      throw InvalidInput(
          fmt::format("the aversion of an entropic measure is {}; it must be above 0", aversion));
    }
  }
  double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                  std::span<double> weights) const override {
    // Measured from the largest cost, so that no exponential overflows.
    const double top = *std::max_element(costs.begin(), costs.end());
    double sum = 0.0;
    for (std::size_t j = 0; j < costs.size(); ++j)
      sum += weights[j] = probabilities[j] * std::exp(aversion_ * (costs[j] - top));
    for (double& weight : weights) weight /= sum;
    return top + std::log(sum) / aversion_;
  }
  std::string name() const override { return fmt::format("entropic({})", aversion_); }

 private:
  double aversion_;
};

class Combination final : public RiskMeasure {
 public:
  explicit Combination(std::vector<std::pair<double, RiskMeasurePointer>> parts)
      : parts_(std::move(parts)) {
    double sum = 0.0;
    for (const auto& [weight, part] : parts_) {
      if (!(weight >= 0.0))
        throw InvalidInput(
            fmt::format("a risk measure has the weight {}; weights are 0 or more", weight));
      sum += weight;
    }
    if (std::abs(sum - 1.0) > 1e-9)
      throw InvalidInput(fmt::format("the weights of the risk measures sum to {}, not to 1", sum));
  }
  double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                  std::span<double> weights) const override {
    std::vector<double> part_weights(costs.size());
    std::fill(weights.begin(), weights.end(), 0.0);
    double value = 0.0;
    for (const auto& [weight, part] : parts_) {
      value += weight * part->evaluate(probabilities, costs, part_weights);
      for (std::size_t j = 0; j < costs.size(); ++j) weights[j] += weight * part_weights[j];
    }
    return value;
  }
  std::string name() const override {
    std::string text;
    for (const auto& [weight, part] : parts_)
      text += fmt::format("{}{} {}", text.empty() ? "" : " + ", weight, part->name());
    return text;
  }

 private:
  std::vector<std::pair<double, RiskMeasurePointer>> parts_;
};

constexpr const char* known = "known: expectation, worst_case, cvar(TAIL), entropic(AVERSION)";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Takes a number off the front of the text, if there is one.
std::optional<double> take_number(std::string_view& text) {
  double value = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{}) return std::nullopt;
  text = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  return value;
}

RiskMeasurePointer parse_one(std::string_view text) {
  if (text == "expectation") return expectation();
  if (text == "worst_case") return worst_case();
  const std::size_t open = text.find('(');
  if (open != std::string_view::npos && text.ends_with(')')) {
    const std::string_view word = trimmed(text.substr(0, open));
    std::string_view inner = trimmed(text.substr(open + 1, text.size() - open - 2));
    const auto number = take_number(inner);
    if (number && inner.empty() && word == "cvar") return conditional_value_at_risk(*number);
    if (number && inner.empty() && word == "entropic") return entropic(*number);
  }
  throw InvalidInput(fmt::format("\"{}\" is not a risk measure; {}", text, known));
}

}  // namespace

RiskMeasurePointer expectation() {
  static const auto instance = std::make_shared<const Expectation>();
  return instance;
}
RiskMeasurePointer conditional_value_at_risk(double tail) {
  return std::make_shared<const TailMean>(tail);
}
RiskMeasurePointer worst_case() { return std::make_shared<const WorstCase>(); }
RiskMeasurePointer entropic(double aversion) { return std::make_shared<const Entropic>(aversion); }
RiskMeasurePointer convex_combination(std::vector<std::pair<double, RiskMeasurePointer>> parts) {
  return std::make_shared<const Combination>(std::move(parts));
}
bool is_expectation(const RiskMeasure& measure) {
  return dynamic_cast<const Expectation*>(&measure) != nullptr;
}

RiskMeasurePointer parse_risk_measure(const std::string& text) {
  std::vector<std::pair<double, RiskMeasurePointer>> parts;
  for (std::string_view rest = text;;) {
    const std::size_t plus = rest.find('+');
    std::string_view part = trimmed(rest.substr(0, plus));
    const double weight = take_number(part).value_or(1.0);
    parts.emplace_back(weight, parse_one(part));
    if (plus == std::string_view::npos) break;
    rest.remove_prefix(plus + 1);
  }
  if (parts.size() == 1 && parts[0].first == 1.0) return parts[0].second;
  return convex_combination(std::move(parts));
}

}  // namespace vorrat::program

// How a random cost becomes one number: expectation, or something more careful.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vorrat::program {

/// A convex, monotone risk measure of costs: larger is worse, and it is never below the
/// expectation.
///
///     rho(v) = max over q of  sum(q[j] v[j]) - penalty(q),   so  d rho / d v[j] = q[j].
///
/// Applied at every node to the costs of all that may come next, it is nested, hence consistent in
/// time. Immutable: safe to share between threads.
/// Source: Shapiro, Dentcheva and Ruszczynski, "Lectures on Stochastic Programming" (2009),
/// chapter 6.
class RiskMeasure {
 public:
  virtual ~RiskMeasure() = default;
  /// Fills `weights` with the maximising q, which sum to 1, and returns rho. All spans have the
  /// same length n >= 1; `probabilities` sum to 1. Ties are broken by index, so the answer is the
  /// same on every machine.
  virtual double evaluate(std::span<const double> probabilities, std::span<const double> costs,
                          std::span<double> weights) const = 0;
  virtual std::string name() const = 0;
};

using RiskMeasurePointer = std::shared_ptr<const RiskMeasure>;  // shared: policies keep it

RiskMeasurePointer expectation();
/// The mean of the worst `tail` of the outcomes: 0 < tail <= 1; 1 is the expectation.
RiskMeasurePointer conditional_value_at_risk(double tail);
RiskMeasurePointer worst_case();
/// log(E exp(aversion v)) / aversion; needs aversion > 0 [1/unit of cost].
RiskMeasurePointer entropic(double aversion);
/// sum(weight * measure); weights >= 0 sum to 1 within 1e-9.
RiskMeasurePointer convex_combination(std::vector<std::pair<double, RiskMeasurePointer>> parts);

/// True for expectation() only.
bool is_expectation(const RiskMeasure& measure);

/// Reads "expectation", "worst_case", "cvar(0.05)", "entropic(0.1)" and sums of multiples of them,
/// as in "0.6 expectation + 0.4 cvar(0.1)". Throws InvalidInput naming the word that is not
/// understood.
RiskMeasurePointer parse_risk_measure(const std::string& text);

}  // namespace vorrat::program

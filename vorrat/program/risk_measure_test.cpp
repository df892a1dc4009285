#include "vorrat/program/risk_measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::program {
namespace {

const std::vector<double> odds = {0.1, 0.2, 0.3, 0.4};
const std::vector<double> costs = {1, 2, 3, 4};

double value(const RiskMeasurePointer& measure, std::vector<double>* weights = nullptr) {
  std::vector<double> q(4);
  const double result = measure->evaluate(odds, costs, q);
  if (weights != nullptr) *weights = q;
  return result;
}

// The worst half of odds (.1 .2 .3 .4) at costs (1 2 3 4): 4 with 0.4 and 3 with 0.1, so 3.8.
TEST(RiskMeasure, MeasuresTheExampleByHand) {
  std::vector<double> q;
  EXPECT_DOUBLE_EQ(value(expectation()), 3.0);
  EXPECT_DOUBLE_EQ(value(conditional_value_at_risk(0.5), &q), 3.8);
  EXPECT_THAT(q, testing::Pointwise(testing::DoubleNear(1e-12), {0.0, 0.0, 0.2, 0.8}));
  EXPECT_DOUBLE_EQ(value(conditional_value_at_risk(1.0)), 3.0);
  EXPECT_DOUBLE_EQ(value(worst_case()), 4.0);
  EXPECT_NEAR(
      value(entropic(1.0)),
      std::log(0.1 * std::exp(1) + 0.2 * std::exp(2) + 0.3 * std::exp(3) + 0.4 * std::exp(4)),
      1e-12);
  EXPECT_NEAR(value(entropic(1e-6)), 3.0, 1e-5);
  EXPECT_NEAR(value(entropic(1000.0)), 4.0, 1e-2);
  EXPECT_DOUBLE_EQ(value(convex_combination({{0.25, expectation()}, {0.75, worst_case()}})), 3.75);
}

// rho is convex, so its weights are a subgradient: rho(w) >= rho(v) + q . (w - v).
TEST(RiskMeasure, HasWeightsThatAreASubgradientAndIsNeverBelowTheMean) {
  const RandomStream random(11, "risk");
  for (const char* text : {"expectation", "cvar(0.3)", "worst_case", "entropic(0.7)",
                           "0.5 cvar(0.1) + 0.5 expectation"}) {
    const auto measure = parse_risk_measure(text);
    for (std::uint64_t trial = 0; trial < 200; ++trial) {
      std::vector<double> v(4), w(4), q(4), other(4);
      for (std::uint64_t j = 0; j < 4; ++j) {
        v[j] = 10 * random.uniform(trial, 0, j);
        w[j] = 10 * random.uniform(trial, 1, j);
      }
      const double at_v = measure->evaluate(odds, v, q), at_w = measure->evaluate(odds, w, other);
      double line = at_v, mean = 0.0, sum = 0.0;
      for (std::size_t j = 0; j < 4; ++j) {
        line += q[j] * (w[j] - v[j]);
        mean += odds[j] * v[j];
        sum += q[j];
      }
      EXPECT_GE(at_w, line - 1e-9) << text;
      EXPECT_GE(at_v, mean - 1e-9) << text;
      EXPECT_NEAR(sum, 1.0, 1e-12) << text;
    }
  }
}

TEST(RiskMeasure, ReadsItsNameBack) {
  for (const char* text : {"expectation", "worst_case", "cvar(0.05)", "entropic(0.1)",
                           "0.6 expectation + 0.4 cvar(0.1)"})
    EXPECT_EQ(parse_risk_measure(text)->name(), text);
  EXPECT_TRUE(is_expectation(*parse_risk_measure("expectation")));
  EXPECT_FALSE(is_expectation(*parse_risk_measure("cvar(1)")));
}

TEST(RiskMeasure, NamesWhatItDoesNotUnderstand) {
  const auto fault_of = [](const char* text) -> std::string {
    try {
      parse_risk_measure(text);
    } catch (const InvalidInput& fault) {
      return fault.what();
    }
    return "no fault";
  };
  EXPECT_EQ(fault_of("cvar"),
            "\"cvar\" is not a risk measure; known: expectation, worst_case, cvar(TAIL), "
            "entropic(AVERSION)");
  EXPECT_EQ(fault_of("cvar(1.5)"), "the tail of a CVaR is 1.5; it lies above 0 and is at most 1");
  EXPECT_EQ(fault_of("0.5 worst_case"), "the weights of the risk measures sum to 0.5, not to 1");
  EXPECT_EQ(fault_of("entropic(0)"),
            "the aversion of an entropic measure is 0; it must be above 0");
}

}  // namespace
}  // namespace vorrat::program

#include "vorrat/quantity/uncertain_model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vorrat {
namespace {

Uncertain read(const char* text) { return parse_uncertain(text).value(); }
Expression formula(const char* text) { return parse_expression(text).value(); }

// The product of two lognormals is lognormal: deviations of the logarithm add in squares.
TEST(UncertainModel, MultipliesLognormalsAsTheClosedFormDoes) {
  UncertainModel model;
  model.add_input("a", read("lognormal(2, 0.3) MW"));
  model.add_input("b", read("lognormal(5, 0.4) h"));
  model.add_formula("energy", formula("a * b"));
  for (const Sampling sampling : {Sampling::random, Sampling::latin_hypercube, Sampling::sobol}) {
    const ModelResult result =
        model.run({"energy"}, {.draws = 200000, .seed = 1, .sampling = sampling});
    const double mwh = 3.6e9;
    // Standard error of the log median: 0.5 * sqrt(pi / 2 / n) = 0.0014; five of them.
    EXPECT_NEAR(std::log(result.outputs[0].quantile(0.5).value / mwh), std::log(10), 0.007);
    EXPECT_NEAR(std::log(result.outputs[0].quantile(0.95).value / mwh), std::log(10) + 0.5 * 1.6449,
                0.012);
    EXPECT_NEAR(result.outputs[0].mean.value / mwh, 10 * std::exp(0.125), 0.07);
    EXPECT_EQ(result.outputs[0].drivers[0].input, "b");
  }
}

TEST(UncertainModel, SobolAndLatinHypercubeComeNearerToTheMeanThanRandomDraws) {
  UncertainModel model;
  model.add_input("a", read("uniform 0 to 1"));
  model.add_input("b", read("uniform 0 to 1"));
  model.add_formula("c", formula("a + b"));
  const auto error = [&](Sampling sampling) {
    return std::abs(
        model.run({"c"}, {.draws = 4096, .seed = 3, .sampling = sampling}).outputs[0].mean.value -
        1);
  };
  EXPECT_LT(error(Sampling::latin_hypercube), 1e-4);
  EXPECT_LT(error(Sampling::sobol), 2e-4);
}

TEST(UncertainModel, KeepsTheStatedRankCorrelation) {
  UncertainModel model;
  model.add_input("a", read("1 to 2 (80 %)"));
  model.add_input("b", read("uniform 5 to 6"));
  model.correlate({"a", "b"}, shared_correlation(2, 0.5));
  model.add_formula("x", formula("a"));
  const ModelResult result = model.run({"a"}, {.draws = 20000, .seed = 5});
  model.add_formula("y", formula("a + 0 * b"));
  const ModelResult both = model.run({"y"}, {.draws = 20000, .seed = 5});
  // Standard error of a rank correlation of 0.5 at n = 20,000 is about 0.006.
  for (const Driver& driver : both.outputs[0].drivers) {
    if (driver.input != "b") continue;
    EXPECT_NEAR(driver.rank_correlation, 0.5, 0.03);
  }
  EXPECT_NEAR(result.outputs[0].quantile(0.1).value, 1, 0.02);
}

TEST(UncertainModel, GivesTheSameBitsOnAnyNumberOfThreads) {
  UncertainModel model;
  model.add_input("a", read("1 to 2 (80 %)"));
  model.add_input("b", read("pert(1, 2, 5)"));
  model.correlate({"a", "b"}, shared_correlation(2, 0.7));
  model.add_formula("c", formula("a * b + median(a)"));
  const ModelResult one = model.run({"c"}, {.draws = 10001, .seed = 9, .threads = 1});
  const ModelResult two = model.run({"c"}, {.draws = 10001, .seed = 9, .threads = 3});
  EXPECT_EQ(one.outputs[0].sorted, two.outputs[0].sorted);
  EXPECT_EQ(one.outputs[0].mean.value, two.outputs[0].mean.value);
}

TEST(UncertainModel, AnInputKeepsItsDrawsWhateverElseIsInTheModel) {
  UncertainModel small, large;
  small.add_input("a", read("1 to 2 (80 %)"));
  large.add_input("z", read("1 to 9 (80 %)"));
  large.add_input("a", read("1 to 2 (80 %)"));
  large.add_formula("both", formula("a + z"));
  EXPECT_EQ(small.run({"a"}, {.draws = 100, .seed = 1}).outputs[0].sorted,
            large.run({"both", "a"}, {.draws = 100, .seed = 1}).outputs[1].sorted);
}

TEST(UncertainModel, WarnsWhenMediansAreAdded) {
  UncertainModel model;
  model.add_input("a", read("1 to 20 (80 %)"));
  model.add_input("b", read("1 to 20 (80 %)"));
  model.add_formula("wrong", formula("median(a) + 2 * median(b)"));
  model.add_formula("right", formula("median(a + b)"));
  const ModelResult result = model.run({"wrong", "right"}, {.draws = 10000, .seed = 1});
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_EQ(result.warnings[0],
            "\"wrong\" adds medians or quantiles: the median of a sum is not the sum of the "
            "medians; add the quantities, then take the median");
}

TEST(UncertainModel, SaysWhichFormulaIsAtFault) {
  UncertainModel model;
  model.add_input("a", read("1 to 2 MW (80 %)"));
  model.add_formula("bad", formula("1 + a"));
  model.add_formula("circle", formula("2 * circle"));
  model.add_formula("unknown", formula("2 * aa"));
  const auto fault = [&](const char* name) {
    try {
      model.run({name}, {.draws = 10, .seed = 1});
    } catch (const FormulaFault& found) {
      return found.formula + ": " + found.fault.message;
    }
    return std::string();
  };
  EXPECT_EQ(fault("bad"), "bad: cannot add a plain number and a power");
  EXPECT_EQ(fault("circle"), "circle: \"circle\" depends on itself");
  EXPECT_EQ(fault("unknown"), "unknown: there is no \"aa\"");
}

}  // namespace
}  // namespace vorrat

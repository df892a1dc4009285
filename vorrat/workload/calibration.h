// Learns parameters and effects from measurements: a robust hierarchical fit.
//
// log(measured) = formula(parameters) + sum of effects + noise
//
// Parameters are logarithms with normal priors. An effect belongs to a kind ("family of
// accelerators") and a key in it ("hopper"); effects of a kind are drawn from a normal about 0 of
// the kind's spread, so that a key with few measurements is pulled towards 0 and an unmeasured one
// borrows everything from its kin (partial pooling). Noise is Student's t, so that a
// strange measurement does not bend the rest. Solved with Ceres.
//
// Source: Gelman and Hill, "Data Analysis Using Regression and Multilevel/Hierarchical Models"
// (2007), chapters 12 and 13.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vorrat::workload {

struct EffectKind {
  std::string name;
  double spread = 0;  // standard deviation of the effects before any measurement [log]
};

/// A key of each kind, in the order of the kinds; "" = one that nobody measured. Kinds beyond the
/// last key do not apply.
using EffectKeys = std::vector<std::string>;

struct Measurement {
  double log_value = 0;
  EffectKeys keys;
  double scatter = 1;  // its noise over that of the problem
  std::string block;   // measurements of one block are never split by cross-validation
};

struct ParameterPrior {
  double log_median = 0;
  double spread = 0;  // [log]
};

struct CalibrationProblem {
  std::vector<ParameterPrior> parameters;
  std::vector<EffectKind> kinds;
  std::vector<Measurement> measurements;
  double noise = 0.13;       // scale of Student's t [log]
  double noise_freedom = 4;  // degrees of freedom
  /// log of the formula for a measurement. `choice` < 0: search, and say what was chosen;
  /// otherwise keep to that choice (derivatives are taken at the choice, which is exact where the
  /// best choice does not change). Must be safe to call for one measurement at a time.
  std::function<double(std::size_t measurement, std::span<const double> parameters, int& choice)>
      formula;
};

struct Effect {
  double value = 0;  // [log]
  int blocks = 0;    // how many blocks it was learnt from
};

struct Calibration {
  std::vector<double> parameters;
  std::vector<EffectKind> kinds;
  std::vector<std::map<std::string, Effect>> effects;  // by kind
  double noise = 0;
  int measurement_count = 0;
  /// Half the width of the 80 % band over `spread`; from cross-validation, else 1.2816.
  double band_factor = 1.2816;

  /// Sum of the effects of these keys; unmeasured keys count 0.
  double effect_of(const EffectKeys& keys) const;
  /// Standard deviation of a prediction [log], before band_factor:
  ///     spread^2 = noise^2 + sum over kinds of s^2 / (1 + n s^2 / noise^2)
  /// where noise includes the measurement's `scatter`, s is the kind's spread and n the blocks in
  /// which its key was measured. It shrinks with each similar measurement; keys that were never
  /// measured count with their whole spread.
  double spread_of(const EffectKeys& keys, double scatter) const;
};

/// Throws Unavailable if the solver does not converge.
Calibration calibrate(const CalibrationProblem& problem);

struct CrossValidated {
  std::vector<double> log_prediction;  // of each measurement, from a fit that saw none of its block
  std::vector<double> spread;          // before any band factor
  std::vector<double> band_factor;     // of each: from the other folds, so that it saw none either
};

/// Blocks are dealt into `folds` at random by `seed`. `fold_of`, if given, names the fold instead
/// (negative: never predicted).
CrossValidated cross_validate(const CalibrationProblem& problem, int folds, std::uint64_t seed,
                              const std::vector<int>& fold_of = {});
/// Fold of each measurement, as cross_validate deals them.
std::vector<int> deal_folds(const CalibrationProblem& problem, int folds, std::uint64_t seed);

/// Agreement of predictions with measurements, both as logarithms.
struct Agreement {
  int count = 0;
  double within_30_percent = 0;  // share with predicted / measured in [0.7, 1.3]
  double within_25_percent = 0;
  double within_twice = 0;  // share in [0.5, 2]
  double median_ratio = 0;  // predicted / measured
  double in_band = 0;       // share inside the 80 % band
};
Agreement agreement(const CalibrationProblem& problem, const CrossValidated& result,
                    const std::function<bool(std::size_t)>& is_counted = {});

/// The factor by which 80 % of |log measured - log predicted| / spread stay below.
double band_factor_of(const CalibrationProblem& problem, const CrossValidated& result,
                      const std::function<bool(std::size_t)>& is_counted = {});

/// Several deals of five folds by block, since a single one depends on the luck of the draw, and
/// the band factor that 80 % of them ask for.
struct CalibrationCheck {
  std::vector<CrossValidated> deals;
  double band_factor = 0;
};
CalibrationCheck check_calibration(const CalibrationProblem& problem, int deals = 5);
/// Mean over the deals.
Agreement agreement(const CalibrationProblem& problem, const CalibrationCheck& check,
                    const std::function<bool(std::size_t)>& is_counted = {});

}  // namespace vorrat::workload

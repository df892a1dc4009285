// A quantity that is not known exactly, as a distribution.
//
//     const Uncertain price = parse_uncertain("27k to 35k USD (80 %)").value();
//     price.mean();                                   // an AnyQuantity
//     price.quantile(0.5);
//     const RandomStream stream(seed, "price of h200");
//     price.sample(stream, path);                     // the same draw on every stage: it persists
//     price.sample(stream, path, stage);              // a fresh draw each stage
//     price.sample<UnitPrice>(stream, path);          // with its dimension in the type
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vorrat/base/random.h"
#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/text.h"

namespace vorrat {

/// The distribution of a plain number; a part of Uncertain. Immutable values.
class Distribution {
 public:
  enum class Shape { constant, uniform, triangular, normal, lognormal, pert, discrete, mixture };

  /// Always `value`.
  static Distribution constant(double value);
  /// Any value between low and high alike. Throws InvalidInput unless low < high.
  static Distribution uniform(double low, double high);
  /// Throws InvalidInput unless low <= mode <= high and low < high.
  static Distribution triangular(double low, double mode, double high);
  /// A beta distribution on [low, high] with mean (low + 4 mode + high) / 6. Throws as triangular.
  /// Source: Malcolm et al., "Application of a Technique for Research and Development Program
  /// Evaluation" (1959).
  static Distribution pert(double low, double mode, double high);
  /// Throws InvalidInput unless deviation > 0.
  static Distribution normal(double mean, double deviation);
  /// exp of a normal with mean log(median) and standard deviation log_deviation. Throws
  /// InvalidInput unless both are positive.
  static Distribution lognormal(double median, double log_deviation);
  /// The normal or lognormal that lies between low and high with this probability and beyond either
  /// end alike. Throws InvalidInput unless low < high, 0 < probability < 1 (and low > 0).
  static Distribution normal_between(double low, double high, double probability);
  static Distribution lognormal_between(double low, double high, double probability);
  /// values[i] with probability weights[i]. Throws InvalidInput unless there is one at least, no
  /// weight is negative and they sum to 1 within 1e-9.
  static Distribution discrete(std::vector<double> values, std::vector<double> weights);
  /// A draw from parts[i] with probability weights[i]. Throws as discrete.
  static Distribution mixture(std::vector<Distribution> parts, std::vector<double> weights);
  /// This distribution given that it lies in [low, high]. Throws InvalidInput unless low < high and
  /// the part has a probability above 1e-12.
  Distribution truncated(double low, double high) const;
  /// The distribution of factor * x + offset. Needs factor > 0.
  Distribution scaled(double factor, double offset = 0) const;

  Shape shape() const { return shape_; }
  bool is_constant() const { return shape_ == Shape::constant; }
  double mean() const;
  double variance() const;
  /// P(x <= value).
  double cumulative(double value) const;
  /// The smallest x with P(X <= x) >= probability. Needs 0 <= probability <= 1; 0 and 1 give the
  /// ends, which may be infinite.
  double quantile(double probability) const;
  /// quantile(P(Z <= z)) of a standard normal Z, where that needs no detour by the probability;
  /// else nothing.
  std::optional<double> from_normal(double z) const;
  /// Of a constant or discrete one every value with its probability (> 0), ascending; empty for
  /// others, which have no such list.
  struct Outcome {
    double value = 0;
    double probability = 1;
  };
  std::vector<Outcome> outcomes() const;
  /// E[x | p <= P(X <= x) <= q], the mean of the part between two probabilities. Exact for constant
  /// and discrete ones and for untruncated normals and lognormals, else to about 1e-9 of the
  /// spread. Needs 0 <= from < to <= 1.
  double mean_between(double from, double to) const;
  /// Infinite where the shape has no end.
  double lowest() const { return quantile(0); }
  double highest() const { return quantile(1); }

 private:
  double plain_cumulative(double value) const;
  double plain_quantile(double probability) const;
  double plain_mean() const;
  double searched_quantile(double probability) const;
  double moment(int power, double from = 0, double to = 1) const;

  Shape shape_ = Shape::constant;
  double a_ = 0, b_ = 0, c_ = 0;  // low, mode, high; or mean, deviation; or log median, deviation
  std::vector<double> values_, weights_;  // weights_ are cumulative
  std::vector<Distribution> parts_;
  bool is_truncated_ = false;
  double low_ = 0, high_ = 0;           // ends of the truncation
  double below_low_ = 0, between_ = 1;  // their probabilities
  double scale_ = 1, offset_ = 0;       // applied last
};

/// The x with standard normal P(X <= x) = probability, relative error below 1e-15; infinite at 0
/// and 1. Source: Wichura, "Algorithm AS 241" (1988).
double normal_quantile(double probability);
/// Standard normal P(X <= x).
double normal_cumulative(double x);

/// A quantity with a distribution. Where a quantity is certain, the distribution is constant.
class Uncertain {
 public:
  Uncertain() = default;
  /// Certain.
  Uncertain(const AnyQuantity& quantity)  // NOLINT(google-explicit-constructor): a number is the
                                          // simplest uncertain quantity
      : kind_(quantity), distribution_(Distribution::constant(quantity.value)) {
    kind_.value = 1;
  }
  /// `distribution` is of the value in base units; `kind` says dimension and currency.
  Uncertain(const AnyQuantity& kind, Distribution distribution)
      : kind_(kind), distribution_(std::move(distribution)) {
    kind_.value = 1;
  }
  /// `low` to `high` with this probability: lognormal if both are positive, else normal. Throws
  /// InvalidInput if they are of different kinds or low >= high.
  static Uncertain between(const AnyQuantity& low, const AnyQuantity& high,
                           double probability = 0.8);

  Dimension dimension() const { return kind_.dimension; }
  Currency currency() const { return kind_.currency; }
  /// The value 1 with this dimension and currency.
  const AnyQuantity& kind() const { return kind_; }
  const Distribution& distribution() const { return distribution_; }
  bool is_certain() const { return distribution_.is_constant(); }

  AnyQuantity mean() const { return with(distribution_.mean()); }
  AnyQuantity quantile(double probability) const {
    return with(distribution_.quantile(probability));
  }
  AnyQuantity sample(const RandomStream& stream, std::uint64_t path, std::uint64_t step = 0) const {
    return with(is_certain() ? distribution_.mean()
                             : distribution_.quantile(stream.uniform(path, step)));
  }
  template <class Q>
  Q mean() const {
    return Q::from(mean());
  }
  template <class Q>
  Q quantile(double probability) const {
    return Q::from(quantile(probability));
  }
  template <class Q>
  Q sample(const RandomStream& stream, std::uint64_t path, std::uint64_t step = 0) const {
    return Q::from(sample(stream, path, step));
  }

  /// As written, so that it can be shown and read again; parse_uncertain sets it, and without it
  /// to_string describes the distribution by mean and quantiles.
  const std::string& text() const { return text_; }
  /// What was read into the text without being written, as in "a range without (p %) is read as
  /// 80 %"; "" if nothing.
  const std::string& assumption() const { return assumption_; }
  void set_text(std::string text, std::string assumption = {}) {
    text_ = std::move(text);
    assumption_ = std::move(assumption);
  }

 private:
  AnyQuantity with(double value) const {
    AnyQuantity quantity = kind_;
    quantity.value = value;
    return quantity;
  }

  AnyQuantity kind_{.value = 1, .dimension = {}, .currency = {}, .per_currency = {}};
  Distribution distribution_ = Distribution::constant(0);
  std::string text_;
  std::string assumption_;
};

/// Reads a quantity or a range:
///
///     27k to 35k USD (80 %)          lognormal if both are positive, else normal
///     26–52 weeks                    the same; without "(p %)" 80 % is taken, and said so
///     100 ± 10 MW (80 %)             normal
///     about 30 bn CNY                ± 10 % at 80 %, and said so; also ~, ≈, around, roughly
///     normal 27k to 35k USD (80 %)   the shape before the range: normal, lognormal
///     uniform 10 to 20 MW            the ends are the ends; "uniform(10, 20) MW" is the same
///     triangular(10, 12, 20) weeks   low, mode, high; also pert(...)
///     normal(100, 10) MW             mean, standard deviation
///     lognormal(30, 0.2) kUSD        median, standard deviation of the logarithm
///     discrete(20 %: 0, 80 %: 10) MW            probabilities sum to 100 %
///     mixture(60 %: 1 to 2 (80 %), 40 %: 5) MW
///     ..., at least 20 kUSD, at most 40 kUSD    truncates whatever stands before
///
/// An amount without unit takes the unit of the last one that has one.
std::expected<Uncertain, TextFault> parse_uncertain(std::string_view text);

/// The text it was read from, else "mean (5 % to 95 %)".
std::string to_string(const Uncertain& uncertain);

}  // namespace vorrat

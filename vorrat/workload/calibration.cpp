#include "vorrat/workload/calibration.h"

#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ranges>
#include <set>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::workload {

namespace {

// The effects in use, numbered.
struct Numbering {
  std::vector<std::map<std::string, int>> of_key;  // by kind
  std::vector<double> spread;                      // by number

  Numbering(const CalibrationProblem& problem, std::span<const std::size_t> rows)
      : of_key(problem.kinds.size()) {
    for (const std::size_t row : rows) {
      const EffectKeys& keys = problem.measurements[row].keys;
      for (std::size_t kind = 0; kind < keys.size(); ++kind) {
        if (keys[kind].empty()) continue;
        const int next = static_cast<int>(spread.size());
        if (of_key[kind].emplace(keys[kind], next).second)
          spread.push_back(problem.kinds[kind].spread);
      }
    }
  }

  std::vector<int> numbers_of(const EffectKeys& keys) const {
    std::vector<int> numbers;
    for (std::size_t kind = 0; kind < keys.size(); ++kind)
      if (!keys[kind].empty()) numbers.push_back(of_key[kind].at(keys[kind]));
    return numbers;
  }
};

// (measured - formula - effects) / noise of one measurement.
class Misfit final : public ceres::CostFunction {
 public:
  Misfit(const CalibrationProblem& problem, std::size_t row, std::vector<int> effects,
         int effect_count)
      : problem_(problem),
        row_(row),
        effects_(std::move(effects)),
        noise_(problem.noise * problem.measurements[row].scatter) {
    set_num_residuals(1);
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.parameters.size()));
    mutable_parameter_block_sizes()->push_back(effect_count);
  }

  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override {
    const std::size_t count = problem_.parameters.size();
    std::vector<double> at(blocks[0], blocks[0] + count);
    int choice = -1;
    double predicted = problem_.formula(row_, at, choice);
    for (const int effect : effects_) predicted += blocks[1][effect];
    residuals[0] = (problem_.measurements[row_].log_value - predicted) / noise_;
    if (!std::isfinite(residuals[0])) return false;
    if (jacobians != nullptr && jacobians[0] != nullptr) {
      constexpr double step = 0.02;  // central differences; the formula is smooth at this scale
      for (std::size_t i = 0; i < count; ++i) {
        const double middle = at[i];
        at[i] = middle + step;
        const double above = problem_.formula(row_, at, choice);
        at[i] = middle - step;
        const double below = problem_.formula(row_, at, choice);
        at[i] = middle;
        jacobians[0][i] = -(above - below) / (2 * step) / noise_;
      }
    }
    if (jacobians != nullptr && jacobians[1] != nullptr) {
      std::fill_n(jacobians[1], parameter_block_sizes()[1], 0.0);
      for (const int effect : effects_) jacobians[1][effect] -= 1 / noise_;
    }
    return true;
  }

 private:
  const CalibrationProblem& problem_;  // outlives the solve
  std::size_t row_;
  std::vector<int> effects_;
  double noise_;
};

// (value - median) / spread of every entry of one block.
class Prior final : public ceres::CostFunction {
 public:
  Prior(std::vector<double> median, std::vector<double> spread)
      : median_(std::move(median)), spread_(std::move(spread)) {
    set_num_residuals(static_cast<int>(median_.size()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(median_.size()));
  }

  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override {
    const std::size_t count = median_.size();
    for (std::size_t i = 0; i < count; ++i) residuals[i] = (blocks[0][i] - median_[i]) / spread_[i];
    if (jacobians != nullptr && jacobians[0] != nullptr) {
      std::fill_n(jacobians[0], count * count, 0.0);
      for (std::size_t i = 0; i < count; ++i) jacobians[0][i * count + i] = 1 / spread_[i];
    }
    return true;
  }

 private:
  std::vector<double> median_;
  std::vector<double> spread_;
};

// -2 log density of Student's t is (nu + 1) log(1 + s / nu), which is a scaled Cauchy loss.
ceres::LossFunction* student_loss(double freedom) {
  return new ceres::ScaledLoss(new ceres::CauchyLoss(std::sqrt(freedom)), (freedom + 1) / freedom,
                               ceres::TAKE_OWNERSHIP);
}

Calibration fit(const CalibrationProblem& problem, std::span<const std::size_t> rows) {
  const Numbering numbering(problem, rows);
  const int effect_count = static_cast<int>(numbering.spread.size());
  std::vector<double> parameters, medians, spreads;
  for (const ParameterPrior& prior : problem.parameters) {
    medians.push_back(prior.log_median);
    spreads.push_back(prior.spread);
  }
  parameters = medians;
  std::vector<double> effects(numbering.spread.size(), 0.0);

  ceres::Problem ceres_problem;
  for (const std::size_t row : rows) {
    auto* misfit = new Misfit(problem, row, numbering.numbers_of(problem.measurements[row].keys),
                              effect_count);
    ceres_problem.AddResidualBlock(misfit, student_loss(problem.noise_freedom), parameters.data(),
                                   effects.data());
  }
  ceres_problem.AddResidualBlock(new Prior(medians, spreads), nullptr, parameters.data());
  ceres_problem.AddResidualBlock(new Prior(effects, numbering.spread), nullptr, effects.data());
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_NORMAL_CHOLESKY;
  options.max_num_iterations = 60;
  options.function_tolerance = 1e-5;
  options.num_threads = 1;  // the same bits everywhere
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &ceres_problem, &summary);
  if (!summary.IsSolutionUsable())
    throw Unavailable("calibration: Ceres found no solution: " + summary.message);

  Calibration calibration;
  calibration.parameters = parameters;
  calibration.kinds = problem.kinds;
  calibration.noise = problem.noise;
  calibration.measurement_count = static_cast<int>(rows.size());
  calibration.effects.resize(problem.kinds.size());
  for (std::size_t kind = 0; kind < problem.kinds.size(); ++kind) {
    std::map<std::string, std::set<std::string>> blocks;
    for (const std::size_t row : rows) {
      const Measurement& measurement = problem.measurements[row];
      if (kind < measurement.keys.size()) blocks[measurement.keys[kind]].insert(measurement.block);
    }
    for (const auto& [key, number] : numbering.of_key[kind])
      calibration.effects[kind][key] = {effects[number], static_cast<int>(blocks[key].size())};
  }
  return calibration;
}

double quantile(std::vector<double> values, double share) {
  needs(!values.empty(), "a value at least");
  std::ranges::sort(values);
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

}  // namespace

double Calibration::effect_of(const EffectKeys& keys) const {
  double sum = 0;
  for (std::size_t kind = 0; kind < keys.size(); ++kind) {
    const auto found = effects[kind].find(keys[kind]);
    if (found != effects[kind].end()) sum += found->second.value;
  }
  return sum;
}

double Calibration::spread_of(const EffectKeys& keys, double scatter) const {
  const double own = noise * scatter;
  double variance = own * own;
  for (std::size_t kind = 0; kind < keys.size(); ++kind) {
    const auto found = effects[kind].find(keys[kind]);
    const int blocks = found == effects[kind].end() ? 0 : found->second.blocks;
    const double before = kinds[kind].spread * kinds[kind].spread;
    variance += before / (1 + blocks * before / (own * own));
  }
  return std::sqrt(variance);
}

Calibration calibrate(const CalibrationProblem& problem) {
  std::vector<std::size_t> rows(problem.measurements.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return fit(problem, rows);
}

std::vector<int> deal_folds(const CalibrationProblem& problem, int folds, std::uint64_t seed) {
  needs(folds >= 2, "folds >= 2");
  std::map<std::string, int> fold_of_block;
  for (const Measurement& measurement : problem.measurements) fold_of_block[measurement.block] = 0;
  const RandomStream stream(seed, "folds of the calibration");
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [block, unused] : fold_of_block)
    order.emplace_back(stream.uniform(order.size()), block);
  std::ranges::sort(order);
  for (std::size_t i = 0; i < order.size(); ++i)
    fold_of_block[order[i].second] = static_cast<int>(i % folds);
  std::vector<int> fold;
  for (const Measurement& measurement : problem.measurements)
    fold.push_back(fold_of_block[measurement.block]);
  return fold;
}

CrossValidated cross_validate(const CalibrationProblem& problem, int folds, std::uint64_t seed,
                              const std::vector<int>& fold_of) {
  const std::vector<int> fold = fold_of.empty() ? deal_folds(problem, folds, seed) : fold_of;
  const std::size_t count = problem.measurements.size();
  CrossValidated result;
  result.log_prediction.assign(count, std::nan(""));
  result.spread.assign(count, std::nan(""));
  result.band_factor.assign(count, 1.2816);
  for (int left_out = 0; left_out < folds; ++left_out) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < count; ++row)
      if (fold[row] != left_out) rows.push_back(row);
    if (rows.size() == count) continue;
    const Calibration calibration = fit(problem, rows);
    for (std::size_t row = 0; row < count; ++row) {
      if (fold[row] != left_out) continue;
      int choice = -1;
      const EffectKeys& keys = problem.measurements[row].keys;
      result.log_prediction[row] =
          problem.formula(row, calibration.parameters, choice) + calibration.effect_of(keys);
      result.spread[row] = calibration.spread_of(keys, problem.measurements[row].scatter);
    }
  }
  for (int left_out = 0; left_out < folds; ++left_out) {
    const auto is_other = [&](std::size_t row) {
      return fold[row] != left_out && !std::isnan(result.log_prediction[row]);
    };
    if (std::ranges::none_of(std::views::iota(std::size_t{0}, count), is_other)) continue;
    const double factor = band_factor_of(problem, result, is_other);
    for (std::size_t row = 0; row < count; ++row)
      if (fold[row] == left_out) result.band_factor[row] = factor;
  }
  return result;
}

Agreement agreement(const CalibrationProblem& problem, const CrossValidated& result,
                    const std::function<bool(std::size_t)>& is_counted) {
  Agreement sum;
  std::vector<double> ratios;
  for (std::size_t row = 0; row < problem.measurements.size(); ++row) {
    if (std::isnan(result.log_prediction[row]) || (is_counted && !is_counted(row))) continue;
    const double off = result.log_prediction[row] - problem.measurements[row].log_value;
    const double ratio = std::exp(off);
    ratios.push_back(ratio);
    sum.within_30_percent += ratio >= 0.7 && ratio <= 1.3;
    sum.within_25_percent += ratio >= 0.75 && ratio <= 1.25;
    sum.within_twice += ratio >= 0.5 && ratio <= 2;
    sum.in_band += std::abs(off) <= result.band_factor[row] * result.spread[row];
  }
  sum.count = static_cast<int>(ratios.size());
  if (sum.count == 0) return sum;
  for (double* share :
       {&sum.within_30_percent, &sum.within_25_percent, &sum.within_twice, &sum.in_band})
    *share /= sum.count;
  sum.median_ratio = quantile(ratios, 0.5);
  return sum;
}

double band_factor_of(const CalibrationProblem& problem, const CrossValidated& result,
                      const std::function<bool(std::size_t)>& is_counted) {
  std::vector<double> sizes;
  for (std::size_t row = 0; row < problem.measurements.size(); ++row) {
    if (std::isnan(result.log_prediction[row]) || (is_counted && !is_counted(row))) continue;
    sizes.push_back(std::abs(result.log_prediction[row] - problem.measurements[row].log_value) /
                    result.spread[row]);
  }
  return quantile(std::move(sizes), 0.8);
}

CalibrationCheck check_calibration(const CalibrationProblem& problem, int deals) {
  CalibrationCheck check;
  for (int seed = 1; seed <= deals; ++seed) {
    check.deals.push_back(cross_validate(problem, 5, static_cast<std::uint64_t>(seed)));
    check.band_factor += band_factor_of(problem, check.deals.back()) / deals;
  }
  return check;
}

Agreement agreement(const CalibrationProblem& problem, const CalibrationCheck& check,
                    const std::function<bool(std::size_t)>& is_counted) {
  Agreement mean;
  for (const CrossValidated& deal : check.deals) {
    const Agreement one = agreement(problem, deal, is_counted);
    mean.count = one.count;
    for (double Agreement::*figure :
         {&Agreement::within_30_percent, &Agreement::within_25_percent, &Agreement::within_twice,
          &Agreement::median_ratio, &Agreement::in_band})
      mean.*figure += one.*figure / static_cast<double>(check.deals.size());
  }
  return mean;
}

}  // namespace vorrat::workload

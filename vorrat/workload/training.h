// How fast accelerators train: language models and recommenders, by size of the cluster.
//
//     const auto known = workload::TrainingModel::load(data_folder, catalog);
//     const auto answer = known->predict({.accelerator = "h100-sxm", .model = "llama-3.1-405b",
//                                         .accelerators = 8192, .precision = "fp8"});
//     answer.per_second                              // tokens per second and accelerator
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/catalog/catalog.h"
#include "vorrat/workload/calibration.h"
#include "vorrat/workload/measurement.h"
#include "vorrat/workload/roofline.h"

namespace vorrat::workload {

/// What training's formulas cannot know.
struct TrainingEfficiency {
  double compute_share = 0.55;     // of the rated FLOP/s, one link domain, large model
  double sixteen_bit_share = 0.2;  // of the work that narrower numbers do not speed up
  double expert_share = 0.5;       // of compute_share that mixtures of experts reach
  double scale_loss = 0.12;        // exponent: time grows as (accelerators / 8)^loss, 70 bn
  double scale_size = 0.4;         // that exponent falls as (active / 70 bn)^-size
  double family_immaturity = 0.4;  // log; what software loses on a new family
  double family_years = 1;         // until that is 1/e [years]
  double sample_bytes = 400;       // a recommender moves through memory per sample [kB]
  double sample_exchange = 20;     // a recommender sends per sample [kB]
  double sample_overhead = 0.1;    // per sample and accelerator [us]
  double sample_scale = 0.007;     // the same, per accelerator of the cluster [us]
  double expert_exchange = 0.5;    // of the bytes to and from experts that are not hidden
};
struct TrainingPrior {
  std::string_view name;
  double TrainingEfficiency::*member;
  double prior;
  double prior_spread;
};
inline constexpr std::size_t training_parameter_count = 12;
const std::array<TrainingPrior, training_parameter_count>& training_priors();

/// A job, as plain numbers.
struct TrainingJob {
  Hardware hardware;
  double rate = 0;            // of products in the narrow format [TFLOP/s]
  double active = 0;          // parameters per token [10^9]; 0 = a recommender
  double attention = 0;       // FLOP per token and token of context, forward
  double expert_numbers = 0;  // sent to experts per token: layers x experts per token x width
  double sequence = 4096;     // [tokens]
  double accelerators = 8;
  bool is_mixture = false;
  bool is_fine_tuning = false;  // gradients of the weights are not computed: 4 of 6 products
  double family_age = 10;       // [years]
};

/// Tokens (samples of a recommender) per second and accelerator, before effects:
///     1 / rate = (6 active + 3 attention sequence / 2) / (share rate) (accelerators / 8)^loss
/// where 6 counts forward, backward and weight gradients (4 when fine-tuning adapters) and the
/// exponent is scale_loss (active / 70)^-scale_size. A mixture also sends each token to its experts
/// on up to 64 accelerators, three bytes a number, forward and backward. A recommender moves
/// sample_bytes through memory and sends sample_exchange over the links, or over the network beyond
/// their domain. Source: Kaplan et al., "Scaling Laws for Neural Language Models" (2020),
/// section 2.1, for 6 N.
double training_speed(const TrainingJob& job, const TrainingEfficiency& efficiency);

/// Share of the bf16 rating that a speed means, counting 6 FLOP per active parameter and token.
double model_flop_utilisation(double tokens_per_second, const TrainingJob& job);

/// Share of wall-clock time that makes progress, with failures: an accelerator fails
/// `failures_per_year`, a checkpoint takes `checkpoint` seconds and is written at Young's interval
/// sqrt(2 checkpoint x mean time between failures), a restart takes `restart` seconds.
/// Source: Young, "A first order approximation to the optimum checkpoint interval" (1974).
double productive_share(double accelerators, double failures_per_year, double checkpoint,
                        double restart);

struct TrainingQuestion {
  std::string accelerator;
  std::string model;
  int accelerators = 8;
  std::string precision;  // "fp16", "fp8", "fp4"; "" = the narrowest usual, 8 bits
  double sequence = 0;    // 0 = 4096
  double year = 2026.5;
  bool is_fine_tuning = false;
  std::string publisher;  // whose measurement is imitated; default: nobody's
};
struct TrainingPrediction {
  std::string refusal;
  double per_second = 0;   // tokens or samples, per accelerator
  double low = 0;          // 10th percentile
  double high = 0;         // 90th percentile
  double utilisation = 0;  // of the 16-bit rating
};

const std::vector<EffectKind>& training_effects();
struct TrainingProblem {
  CalibrationProblem problem;
  std::vector<TrainingRow> rows;
  std::vector<std::string> left_out;
};
TrainingProblem make_training_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                      const std::vector<TrainingRow>& rows);
/// As calibrate_serving.
std::string calibrate_training(const TrainingProblem& problem, const std::string& source,
                               const std::string& digest);

class TrainingModel {
 public:
  static std::expected<TrainingModel, Diagnostics> load(const std::filesystem::path& data_folder,
                                                        const catalog::Catalog& catalog);
  TrainingPrediction predict(const TrainingQuestion& question) const;
  const std::vector<TrainingRow>& rows() const { return rows_; }
  const KinTable& kin() const { return kin_; }
  const Calibration& calibration() const { return calibration_; }
  /// How many measurements the calibration learnt from.
  int measurement_count() const { return calibration_.measurement_count; }

 private:
  std::shared_ptr<const catalog::Catalog> catalog_;  // shared by copies
  KinTable kin_;
  std::vector<TrainingRow> rows_;
  Calibration calibration_;
  TrainingEfficiency efficiency_;
};

}  // namespace vorrat::workload

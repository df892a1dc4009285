// How many samples per second one accelerator ranks with a recommender: embeddings move bytes,
// dense layers multiply, the rest is fixed.
//
//     const auto known = workload::RecommenderModel::load(data_folder, catalog, rows);
//     const auto answer = known->predict(row);
//     answer.per_second, answer.low, answer.high      // samples per accelerator, 80 % band
#pragma once

#include <array>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "vorrat/catalog/catalog.h"
#include "vorrat/workload/calibration.h"
#include "vorrat/workload/measurement.h"
#include "vorrat/workload/roofline.h"

namespace vorrat::workload {

/// What a recommender does for one sample: `pairs` of a user and an item, each with `lookups` rows
/// of `width` numbers from embedding tables and `mflop` of dense layers.
struct Recommender {
  double pairs = 0;
  double lookups = 0;
  double width = 0;
  double mflop = 0;  // per pair [MFLOP]
};
using RecommenderTable = std::map<std::string, Recommender>;
/// Reads throughput/recommenders.csv in the data folder; all faults at once.
std::expected<RecommenderTable, Diagnostics> read_recommenders(
    const std::filesystem::path& data_folder);

/// What ranking's formula cannot know.
struct RankingEfficiency {
  double compute_share = 0.35;   // of the rated FLOP/s
  double bandwidth_share = 0.5;  // of the rated bandwidth, at random rows
  double overhead = 2;           // per sample [us]
  double service_loss = 0.06;    // log; requests that come when they like
};
struct RankingPrior {
  std::string_view name;
  double RankingEfficiency::*member;
  double prior_spread;
};
inline constexpr std::size_t ranking_parameter_count = 4;
const std::array<RankingPrior, ranking_parameter_count>& ranking_priors();

/// Seconds of one sample by what they are spent on.
struct RankingTime {
  double compute = 0;
  double embeddings = 0;
  double overhead = 0;
  double total() const { return compute + embeddings + overhead; }
};
/// seconds = pairs mflop / (compute_share rate) + pairs lookups width bytes / (bandwidth_share
/// bandwidth) + overhead. Where 99.9 % of the accuracy is asked for, products run in 16 bits;
/// embeddings are kept in one byte a number, two if asked for in 16 bits.
/// Source: Naumov et al., "Deep Learning Recommendation Model" (2019), section 3.
RankingTime ranking_time(const Hardware& hardware, const Recommender& recommender, bool is_16_bit,
                         const RankingEfficiency& efficiency);

struct RankingPrediction {
  std::string refusal;    // why there is no answer, else ""
  double per_second = 0;  // samples, per accelerator
  double low = 0;         // 10th percentile
  double high = 0;        // 90th percentile
  std::string binds;      // "compute", "memory bandwidth", "fixed overhead"
};

const std::vector<EffectKind>& ranking_effects();
struct RankingProblem {
  CalibrationProblem problem;
  std::vector<ServingRow> rows;
};
/// Rows of recommenders of `table` on accelerators with published ratings; others are passed over.
RankingProblem make_ranking_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                    const RecommenderTable& table,
                                    const std::vector<ServingRow>& rows);

/// Learnt when it is made: the fit takes milliseconds. An immutable value.
class RecommenderModel {
 public:
  /// Faults: those of families.csv, recommenders.csv and serving.csv in the data folder.
  static std::expected<RecommenderModel, Diagnostics> load(const std::filesystem::path& data_folder,
                                                           const catalog::Catalog& catalog);
  bool knows(const std::string& model) const { return recommenders_.contains(model); }
  /// The row's accelerator, model, arrival and accuracy are the question; its speed is not read.
  RankingPrediction predict(const ServingRow& row) const;

 private:
  std::shared_ptr<const catalog::Catalog> catalog_;  // shared by copies
  KinTable kin_;
  RecommenderTable recommenders_;
  Calibration calibration_;
  RankingEfficiency efficiency_;
};

}  // namespace vorrat::workload

// What one accelerator delivers of a language model: a prediction, how sure it is, what binds, and
// the measurements nearest to it.
//
//     const auto known = workload::ThroughputModel::load(data_folder, catalog);   // or its faults
//     workload::Question question{.accelerator = "h200-sxm", .model = "deepseek-v3"};
//     question.service = {.input = 1000, .output = 1000};
//     const workload::Prediction answer = known->predict(question);
//     answer.tokens_per_second, answer.low, answer.high       // per accelerator, 80 % band
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/workload/calibration.h"
#include "vorrat/workload/catalogued.h"
#include "vorrat/workload/deployment.h"
#include "vorrat/workload/measurement.h"

namespace vorrat::workload {

struct Question {
  std::string accelerator;
  std::string model;
  std::optional<Precision> precision{};  // default: usual_precision
  Service service{};
  double year = 2026.5;              // of the software, as in 2026.5
  std::string stack{};               // serving software; default: the vendor's own
  std::string publisher{};           // whose measurement is imitated; default: nobody's
  bool are_lengths_assumed = false;  // the service's lengths are a guess
};

/// How well founded a prediction is.
enum class Evidence {
  measured,   // this accelerator with this model
  kin,        // this accelerator with other models, or its family with this model
  analytical  // neither
};
std::string_view to_string(Evidence evidence);

struct Neighbour {
  std::string id;
  std::string accelerator;
  std::string model;
  double measured = 0;   // [tokens/s per accelerator]
  double predicted = 0;  // for its own conditions
  double distance = 0;   // 0 = the same question; about 1 = another model or accelerator
};

struct Prediction {
  std::string refusal{};         // why there is no answer, else ""
  double tokens_per_second = 0;  // written, per accelerator: the median
  double low = 0;                // 10th percentile
  double high = 0;               // 90th percentile
  double bound = 0;              // were every rating reached in full
  Deployment deployment{};
  int smallest_unit = 0;  // accelerators that can serve at all within the limits; 0 = none can
  std::string binds{};    // "compute", "memory bandwidth", ...
  Evidence evidence = Evidence::analytical;
  std::vector<std::string> assumed{};  // what was filled in
};

/// An immutable value: safe to share between threads.
class ThroughputModel {
 public:
  /// Reads throughput/families.csv, lengths.csv, serving.csv and calibration/serving.toml; all
  /// faults at once. The catalogue is copied.
  static std::expected<ThroughputModel, Diagnostics> load(const std::filesystem::path& data_folder,
                                                          const catalog::Catalog& catalog);

  /// Under a millisecond. A refusal names what is missing: an unknown name, an unpublished rating,
  /// too little memory ("needs x GB, has y GB").
  Prediction predict(const Question& question) const;
  /// The `count` measurements most like the question, nearest first.
  std::vector<Neighbour> nearest(const Question& question, std::size_t count) const;
  /// A measured row as a question.
  static Question question_of(const ServingRow& row);

  const std::vector<ServingRow>& rows() const { return rows_; }
  const Efficiency& efficiency() const { return efficiency_; }
  const Calibration& calibration() const { return calibration_; }
  /// How many measurements the calibration learnt from.
  int measurement_count() const { return calibration_.measurement_count; }
  const catalog::Catalog& catalog() const { return *catalog_; }
  const KinTable& kin() const { return kin_; }
  const LengthTable& lengths() const { return lengths_; }

 private:
  std::shared_ptr<const catalog::Catalog> catalog_;  // shared by copies of the model
  KinTable kin_;
  LengthTable lengths_;
  std::vector<ServingRow> rows_;
  Calibration calibration_;
  Efficiency efficiency_;
};

/// Memory by accelerator [GB], for read_serving to hold systems' names against.
std::map<std::string, double> memory_of(const catalog::Catalog& catalog);

/// The kinds of effects that serving speeds have, and their spreads.
const std::vector<EffectKind>& serving_effects();

/// The fit of serving speeds. Rows without lengths, even assumed ones, without a catalogued shape
/// or rating, and those that fit on no layout are left out and named in `left_out`. The problem
/// refers to nothing outside itself.
struct ServingProblem {
  CalibrationProblem problem;
  std::vector<ServingRow> rows;       // of the measurements, in their order
  std::vector<std::string> vendors;   // of each row
  std::vector<bool> is_mixture;       // of each row
  std::vector<bool> has_lengths;      // of each row; else they are assumed
  std::vector<std::string> left_out;  // "T0022: its lengths are not published"
};
ServingProblem make_serving_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                    const std::vector<ServingRow>& rows);

/// calibration/serving.toml as text: parameters, effects, and where they come from. The same bytes
/// for the same measurements. `provenance` are lines of TOML for its first table.
std::string write_calibration(const Calibration& calibration,
                              const std::vector<std::string>& parameter_names,
                              const std::string& provenance);
/// Reads it back. `names` are the parameters wanted, in order. Faults: a missing parameter, ...
std::expected<Calibration, Diagnostics> read_calibration(const std::filesystem::path& file,
                                                         const std::vector<std::string>& names,
                                                         const std::vector<EffectKind>& kinds);

/// Predictions for all rows of one accelerator from a fit that saw none of it, nor of any other row
/// of its name.
Agreement leave_out_accelerator(const ServingProblem& problem, const std::string& accelerator);

/// The same by source: each row from a fit that saw none of its edition. Only rows with lengths
/// count.
Agreement leave_out_sources(const ServingProblem& problem);

/// The lines of provenance of a fit: its measurements, its method, its cross-validated figures.
std::string describe_fit(const CalibrationProblem& problem, const CalibrationCheck& check,
                         const std::string& source, const std::string& digest,
                         std::size_t left_out);

/// Everything that `vorrat calibrate` does for serving: fit, cross-validate, write. `source` names
/// the measurements in the provenance and `digest` is their SHA-256.
std::string calibrate_serving(const ServingProblem& problem, const std::string& source,
                              const std::string& digest);

/// log of what immature software loses in a year on a family of accelerators [>= 0].
double immaturity(const Efficiency& efficiency, double year, double family_since);
/// The same efficiency with expert_slowness as software of that year has it. Attention and products
/// outside experts matured with dense models; kernels for experts and their dispatch came with
/// DeepSeek-V3, and lost the more the larger the mixture.
Efficiency at_date(Efficiency efficiency, const Shape& shape, double year);

}  // namespace vorrat::workload

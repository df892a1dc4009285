// Published measurements of serving and training speed, and the accelerators' kin: what calibration
// learns from and predictions are compared with.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/base/diagnostics.h"
#include "vorrat/workload/deployment.h"

namespace vorrat::workload {

/// What groups accelerators that share an architecture, and what its software is like.
///
///     accelerator,family,since,link_domain,cache_byte,exponentials,note
///     h200-sxm,hopper,2022Q4,8,1,3.9,
struct Kin {
  std::string family;
  Quarter since;            // the first of the family
  int link_domain = 8;      // accelerators joined by fast links
  double cache_byte = 1;    // bytes that a number of the key/value cache takes
  double exponentials = 0;  // that its special units reckon [10^12/s]; 0 = not known
};
using KinTable = std::map<std::string, Kin>;
/// Reads throughput/families.csv in the data folder; all faults at once.
std::expected<KinTable, Diagnostics> read_kin(const std::filesystem::path& data_folder);

/// Mean lengths to take where a measurement of a model does not say them, by the measurement's name
/// of the model [tokens].
struct Lengths {
  double input = 0;
  double output = 0;
};
using LengthTable = std::map<std::string, Lengths>;
/// Reads throughput/lengths.csv in the data folder; all faults at once.
std::expected<LengthTable, Diagnostics> read_lengths(const std::filesystem::path& data_folder);

/// One published serving speed. Columns are those of throughput/serving.csv, of which these are
/// read: id, workload, scenario, system, chip_id, chips, precision, tokens_per_s_per_chip,
/// input_len, output_len, latency_limits, source, version/date, unit.
struct ServingRow {
  std::string id;
  std::string model;
  std::string accelerator;
  int accelerators = 0;                // 0 = not published
  std::optional<Precision> precision;  // nothing = not said
  double measured = 0;                 // per second and accelerator, in `unit`; 0 = not given
  std::string unit = "tokens/s";       // written; or "queries/s", "samples/s": requests
  Service service;                     // output 0 = lengths not published
  std::string stack;                   // serving software: "tensorrt-llm", "vllm", "sglang", ...
  std::string publisher;               // "mlperf", "inferencex", "tensorrt-llm docs", "other"
  std::string edition;                 // of the source: "MLPerf Inference v5.1"
  double year = 0;                     // of publication, as in 2025.7; 0 = not said
  Place place;

  bool are_lengths_assumed = false;  // see assume_lengths
  bool is_more_exact = false;        // a recommender's accuracy target is 99.9 %, not 99 %
  bool is_one_phase = false;         // only reading or only writing was measured

  bool has_lengths() const { return service.output > 0 && service.input > 0; }
  /// Its unit is written tokens or whole requests.
  bool is_in_requests() const { return unit == "queries/s" || unit == "samples/s"; }
  bool is_usable() const { return has_lengths() && (unit == "tokens/s" || is_in_requests()); }
  /// Written tokens per unit.
  double tokens_per_unit() const { return is_in_requests() ? service.output : 1; }
  /// Siblings that cross-validation keeps together: edition, accelerator, model and size.
  std::string block() const;
};
/// Reads a table with the columns of throughput/serving.csv. tokens_per_s_per_chip may be empty.
/// Faults: a missing column, a number or date that cannot be read, an unknown precision, a system
/// whose name says another memory than `memory_gb` knows of its accelerator.
std::expected<std::vector<ServingRow>, Diagnostics> read_serving(
    const std::filesystem::path& file, const std::map<std::string, double>& memory_gb = {});

/// The same of a table that is not ours: only workload and chip_id must be there, other columns are
/// passed over, and a fault of a row is added to `remarks` as a warning; what could not be read of
/// the row is then left unsaid.
std::expected<std::vector<ServingRow>, Diagnostics> read_serving_leniently(
    const std::filesystem::path& file, Diagnostics& remarks);

/// Gives each row without lengths those that `table` has for its model, else the geometric means of
/// what `known` says of the model, else 1000 and 1000; and marks it.
void assume_lengths(std::vector<ServingRow>& rows, const LengthTable& table,
                    const std::vector<ServingRow>& known);

/// One published training speed; columns of throughput/training.csv.
struct TrainingRow {
  std::string id;
  std::string model;
  std::string accelerator;
  std::string task;       // "pre-training", "fine-tuning", "recommender"
  std::string publisher;  // "mlperf" or "other"
  int accelerators = 0;   // 0 = not published
  std::string precision;  // "fp16", "fp8", "fp4"
  double parameters = 0;  // 10^9, as stated
  double sequence = 0;    // tokens; 0 = not stated
  double measured = 0;    // per second and accelerator: tokens, or samples of a recommender
  double tflops = 0;      // per accelerator, if only that is published
  double year = 0;
  Place place;
  std::string block() const;
};
std::expected<std::vector<TrainingRow>, Diagnostics> read_training(
    const std::filesystem::path& file);

/// A date as a year with a fraction: 2026-07-02 is 2026.5.
double year_of(Date date);
/// The vendor's own serving software, which is taken where none is named.
std::string default_stack(const std::string& vendor);

}  // namespace vorrat::workload

// throughput: what one accelerator delivers of a language model, how sure that is and what it
// costs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/workload/throughput.h"

namespace vorrat::verbs {

struct ThroughputRequest {
  std::vector<std::string> accelerators;  // empty = all
  std::vector<std::string> models;        // empty = all
  double input = 1000;                    // mean tokens read per request
  double output = 1000;                   // mean tokens written per request
  std::string first_token;                // 99th percentile, as in "2 s"; "" = no limit
  std::string per_token;                  // 99th percentile, as in "50 ms"; "" = no limit
  bool is_interactive = false;            // limits are tight and users impatient
  std::string on;                         // day, as in "2026-10-01"; "" = of the newest measurement
  std::string precision;                  // "fp16", "fp8", "fp4"; "" = the usual
  std::string stack;                      // serving software; "" = the vendor's own
  double prefix_cached = 0;               // share of the input found in a cache
  double tokens_per_pass = 1;             // above 1 with speculative decoding
  double peak_to_mean = 1;                // demand at its peak over its mean
  int replica = 0;                        // most accelerators in a replica; 0 = 64
  std::filesystem::path rows;             // a table to predict instead
  std::optional<std::filesystem::path> data;
};

struct ThroughputEntry {
  std::string accelerator;
  std::string model;
  workload::Prediction prediction;
  std::string unit = "tokens/s";  // of the prediction; "samples/s" of a recommender
  double of_mean_demand =
      0;  // [tokens/s per accelerator] that mean demand may count on at its peak
  /// USD per million written tokens, lowest and highest; nothing where no price is known.
  std::optional<std::pair<double, double>> rented;
  std::optional<double> owned;               // power and a straight line over four years
  std::vector<workload::Neighbour> nearest;  // when one pair was asked for
};

struct ThroughputResult {
  Diagnostics diagnostics;
  double year = 0;
  std::vector<ThroughputEntry> entries;
  std::string rows;  // CSV, when rows were asked for

  /// 0: an answer; 1: no deployment serves it; 2: the input is wrong.
  int exit_code() const;
};

/// Throws InvalidInput for an unknown name, duration, day or precision.
ThroughputResult run(const ThroughputRequest& request);

std::string to_text(const ThroughputResult& result);
std::string to_json(const ThroughputResult& result);

}  // namespace vorrat::verbs

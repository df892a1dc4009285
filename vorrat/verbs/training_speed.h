// What one accelerator of a cluster trains, how sure that is, and what failures take from it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/workload/training.h"

namespace vorrat::verbs {

struct TrainingSpeedRequest {
  std::vector<std::string> accelerators;  // empty = all
  std::vector<std::string> models;        // empty = all
  int cluster = 8;                        // accelerators that train together
  std::string precision;                  // "fp16", "fp8", "fp4"; "" = the narrowest usual
  double sequence = 0;                    // tokens; 0 = 4096
  std::string on;                         // day of the software; "" = today's newest measurement
  double failures_per_year = 0.17;        // of one accelerator (arXiv 2407.21783, table 5)
  double checkpoint_seconds = 60;
  double restart_seconds = 900;
  bool is_fine_tuning = false;
  std::optional<std::filesystem::path> data;
};

struct TrainingSpeedEntry {
  std::string accelerator;
  std::string model;
  std::string unit;  // "tokens/s", or "samples/s" of a recommender
  workload::TrainingPrediction prediction;
};

struct TrainingSpeedResult {
  Diagnostics diagnostics;
  int cluster = 0;
  double productive = 1;  // share of the time that failures and checkpoints leave
  std::vector<TrainingSpeedEntry> entries;

  /// 0: an answer; 1: there is none; 2: the input is wrong.
  int exit_code() const;
};

/// Throws InvalidInput for an unknown day or precision or a number that cannot be meant.
TrainingSpeedResult run(const TrainingSpeedRequest& request);

std::string to_text(const TrainingSpeedResult& result);
std::string to_json(const TrainingSpeedResult& result);

}  // namespace vorrat::verbs

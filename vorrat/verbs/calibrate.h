// calibrate: learn the throughput model from the measurements anew, and say how well it does on
// rows that it has not seen.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"
#include "vorrat/workload/calibration.h"

namespace vorrat::verbs {

struct CalibrateRequest {
  bool is_cross_validated = false;  // print the table of figures
  std::filesystem::path output;     // folder for serving.toml and training.toml; "" = none
  std::filesystem::path errors;     // CSV of each row's measured and predicted speed; "" = none
  std::filesystem::path plots;      // folder for plots of predicted against measured; "" = none
  std::optional<std::filesystem::path> data;
  ProgressSink progress;
};

/// Figures of one part of the rows.
struct CalibrationPart {
  std::string of;  // "serving: everything", "serving, vendor: AMD", ...
  workload::Agreement agreement;
};

struct CalibrateResult {
  Diagnostics diagnostics;
  std::vector<CalibrationPart> parts;
  std::vector<std::filesystem::path> written;

  /// 0; 2: the measurements cannot be meant.
  int exit_code() const { return diagnostics.has_errors() ? 2 : 0; }
};

/// Throws Unavailable if a file cannot be written.
CalibrateResult run(const CalibrateRequest& request);
std::string to_text(const CalibrateResult& result);

}  // namespace vorrat::verbs

// simulate: what a policy that solve wrote costs, on drawn paths and on a file's validation
// scenarios.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"

namespace vorrat::verbs {

struct SimulateRequest {
  std::filesystem::path file;    // the problem, as for solve
  std::filesystem::path policy;  // that solve wrote for it
  std::optional<std::filesystem::path> lattice, time, stoch;
  std::size_t paths = 1000;
  std::uint64_t seed = 1;
  int threads = 1;
  const StopSwitch* stop = nullptr;
};

struct SimulateResult {
  Diagnostics diagnostics;
  /// Of the paths that were played to their end; not numbers if there is none.
  double mean = std::nan(""), interval_low = mean, interval_high = mean, standard_deviation = mean;
  double p05 = mean, p50 = mean, p95 = mean;
  std::size_t paths = 0, failed = 0, cut_off = 0;
  std::vector<double> validation;  // total cost of each validation scenario of the file
  std::uint64_t seed = 0;

  /// 0: simulated; 1: a stage of some path had no decision; 2: the input is wrong.
  int exit_code() const { return diagnostics.has_errors() ? 2 : failed > 0 ? 1 : 0; }
};

SimulateResult run(const SimulateRequest& request);
std::string to_text(const SimulateResult& result);
std::string to_json(const SimulateResult& result);

}  // namespace vorrat::verbs

// validate: runs every built-in case with a known answer and says what was expected and what was
// found.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/published/cases.h"

namespace vorrat::verbs {

struct ValidateRequest {
  std::vector<std::string> only;              // names of cases; empty = all
  std::optional<std::filesystem::path> data;  // else found by itself; scenarios/ lies beside it
  std::optional<std::filesystem::path> instances{};  // folder of published/instances.h, if any
  ProgressSink progress;
  const StopSwitch* stop = nullptr;  // looked at between cases
};

struct ValidateResult {
  std::vector<published::CaseResult> cases;
  std::vector<double> seconds;       // of each case
  std::vector<std::string> not_run;  // cases that a wish to stop left out

  std::size_t check_count() const;
  std::size_t failure_count() const;
  /// 0: every figure comes out; 1: one does not, or a wish to stop left cases out. Cases that were
  /// skipped because the user has not their files do not count.
  int exit_code() const;
};

/// Throws InvalidInput for an unknown case or a file that is wrong, Unavailable if a solver gives
/// up.
ValidateResult run(const ValidateRequest& request);

/// One line a figure: case, quantity, expected, found, tolerance, source, verdict; then a summary.
std::string to_text(const ValidateResult& result);
std::string to_json(const ValidateResult& result);

}  // namespace vorrat::verbs

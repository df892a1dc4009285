// convert: a scenario folder to one workbook, and back, without a byte changed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"

namespace vorrat::verbs {

enum class Overwrite { refuse, allow };

struct ConvertRequest {
  std::filesystem::path from;  // a folder, or a workbook (.xlsx)
  std::filesystem::path to;    // the other of the two
  Overwrite overwrite = Overwrite::refuse;
};

/// Notes (a formula was read by its value) may stand beside written files.
struct ConvertResult {
  Diagnostics diagnostics{};
  std::vector<std::filesystem::path> written{};

  /// 0: converted; 2: the input is wrong, and nothing was written.
  int exit_code() const { return diagnostics.has_errors() ? 2 : 0; }
};

/// Throws InvalidInput if not exactly one of the two is a workbook or the target exists and may not
/// be overwritten, Unavailable if it cannot be written.
ConvertResult run(const ConvertRequest& request);

std::string to_text(const ConvertResult& result);

}  // namespace vorrat::verbs

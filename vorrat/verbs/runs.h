// runs: the runs that are kept, newest first; or whether the file that keeps them is whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/store/store.h"

namespace vorrat::verbs {

struct RunsRequest {
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
  bool is_check = false;                      // reads every byte of the file
};

struct RunsResult {
  std::filesystem::path file;
  std::vector<store::Run> runs;
  std::optional<std::vector<std::string>> faults;  // if they were asked for

  /// 1 if the file is damaged.
  int exit_code() const { return faults && !faults->empty() ? 1 : 0; }
};

/// A store that is not there yet holds no runs. Throws Unavailable if it cannot be read.
RunsResult run(const RunsRequest& request);

std::string to_text(const RunsResult& result);
/// {"file", "runs": [{"run", "status", "started", ...}], "faults"}.
std::string to_json(const RunsResult& result);

}  // namespace vorrat::verbs

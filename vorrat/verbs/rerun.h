// rerun: a kept run, run again from its kept inputs (not from the folder, which may have changed):
// the same bits, or what differs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/store/store.h"

namespace vorrat::verbs {

struct RerunRequest {
  std::string run;                            // a number, or "last"
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
};

/// Something that is not as it was; "" where it was or is not at all.
struct Difference {
  std::string what, then, now;
};

struct RerunResult {
  store::Run run;                       // as it is kept
  std::vector<std::string> names;       // of the results compared, as in "plan.json"
  std::size_t byte_count = 0;           // of them together
  std::vector<Difference> differences;  // of the complete answer, key by key; of another result as
                                        // a whole
  std::vector<Difference> versions;     // of what takes part, where they differ
  double seconds = 0.0;                 // this time

  bool is_same() const { return differences.empty(); }
  /// 0: every byte is the same; 1: not.
  int exit_code() const { return is_same() ? 0 : 1; }
};

/// The times of the clock, the one thing that no run repeats, are kept apart: the new answer is
/// given those of the kept one, then all results are compared byte for byte. Throws InvalidInput if
/// there is no such run or its inputs are no longer read by this program, Unavailable if the solver
/// fails.
RerunResult run(const RerunRequest& request);

std::string to_text(const RerunResult& result);
/// {"run", "is_same", "bytes", "differences": [{"what", "then", "now"}], "versions"}.
std::string to_json(const RerunResult& result);

/// Key by key, as in "orders/0/quantity"; empty if the texts say the same. Needs both to be JSON.
std::vector<Difference> differences_of(const std::string& then, const std::string& now);
std::vector<Difference> differences_of(const store::Settings& then, const store::Settings& now);

}  // namespace vorrat::verbs

// actuals: what happened, entered beside the plan of a kept run, with its history; and a scenario
// that begins from there.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/store/store.h"

namespace vorrat::verbs {

struct ActualsRequest {
  std::string run;                               // a number, or "last"
  std::optional<std::filesystem::path> file;     // of the store; else store::default_file()
  std::optional<std::filesystem::path> entries;  // a table to enter; docs/reference/runs.md
  std::optional<std::filesystem::path> apply;    // a new or empty folder for the next scenario
  std::optional<std::filesystem::path> data;     // for checking it; else the run's own catalogue
  std::string first;  // quarter in which it begins; "" = after the last that money was spent or
                      // orders placed or delivered in
};

/// An entry beside what the plan expected of it.
struct ActualLine {
  store::Actual entry;
  std::string planned;         // as in "455 units"; "" where the plan says nothing of it
  bool is_superseded = false;  // a later entry says the same thing anew
};

struct ActualsResult {
  Diagnostics diagnostics{};
  store::Run run{};
  std::size_t added = 0;
  std::vector<ActualLine> lines;  // in the order of entry
  std::vector<std::filesystem::path> written;
  std::vector<std::string> notes;  // what the new scenario took from the entries, and what it could
                                   // not know

  /// 2: an entry or the new scenario is wrong, and nothing was entered or written.
  int exit_code() const { return diagnostics.has_errors() ? 2 : 0; }
};

/// Enters the table first, then applies. Throws InvalidInput if there is no such run, the folder
/// holds something, or the horizon ends before `first`.
ActualsResult run(const ActualsRequest& request);

std::string to_text(const ActualsResult& result);
/// {"run", "added", "entries": [{"what", ..., "planned", "is_superseded"}], "written", "notes"}.
std::string to_json(const ActualsResult& result);

}  // namespace vorrat::verbs

// report: one plan in the forms in which people pass it on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/report/redact.h"
#include "vorrat/report/tables.h"
#include "vorrat/verbs/plan.h"

namespace vorrat::verbs {

/// Whether figures are rounded and sites not named.
enum class Disclosure { full, redacted };

struct ReportRequest {
  /// A kept run (its number, or "last"), a scenario folder, which is planned now, or a file that
  /// `vorrat report --json` wrote.
  std::string input;
  std::optional<std::filesystem::path> store;  // else store::default_file()
  PlanRequest plan;  // how a scenario folder is planned; its `scenario` is not looked at
  /// Finds what changes the decision, unless it is kept with the run, and keeps it there: minutes.
  bool finds_insight = false;
  Disclosure disclosure = Disclosure::full;
  std::optional<std::filesystem::path> html, xlsx;  // files
  std::optional<std::filesystem::path> csv;         // folder, made if need be
};

struct WrittenFile {
  std::filesystem::path path;
  std::size_t size = 0;  // [bytes]
};

/// Without tables, `diagnostics` says what is wrong with the scenario.
struct ReportResult {
  Diagnostics diagnostics;
  std::optional<report::Tables> tables;
  std::vector<WrittenFile> written;
  int exit_code = 0;  // that of the plan if it was made now; else 0
};

/// Each file is written whole or not at all. Throws InvalidInput if there is no such run or a file
/// holds no report, or none to which insight could be added, and Unavailable if one cannot be read
/// or written.
ReportResult run(const ReportRequest& request);

/// The report as a person reads it, and where it was written.
std::string to_text(const ReportResult& result);
/// The report's tables (docs/reference/report.md); faults if there are none.
std::string to_json(const ReportResult& result);

}  // namespace vorrat::verbs

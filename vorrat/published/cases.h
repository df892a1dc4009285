// The built-in cases with known answers: what `vorrat validate` and the tests run.
//
// Expected figures stand in data/cases; what is found is computed at the call.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/published/case_file.h"

namespace vorrat::published {

/// Where the cases read from.
struct Folders {
  std::filesystem::path data;       // holds cases, catalog, rules, throughput
  std::filesystem::path scenarios;  // holds estimates, claims
  std::optional<std::filesystem::path>
      instances{};  // public problems that a user has (instances.h)
};

struct CaseResult {
  std::string name, title, source, note;
  std::vector<Check> checks;
  std::string skipped{};  // why it was not run; "" if it was
};

/// In the order in which they are run.
const std::vector<std::string>& case_names();

/// Computes one case. Throws InvalidInput if it is none of case_names() or a file it reads is
/// wrong, Unavailable if a solver gives up. From under a millisecond to some seconds.
CaseResult run_case(const std::string& name, const Folders& folders);

}  // namespace vorrat::published

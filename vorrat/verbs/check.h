// check: everything that is wrong with a scenario folder, and what a sound one leaves open.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"

namespace vorrat::verbs {

struct CheckRequest {
  std::filesystem::path scenario;             // folder
  std::optional<std::filesystem::path> data;  // folder of the catalogue; else found by itself
};

/// `diagnostics` has the errors if there are any; else warnings (figures without a source, far from
/// the catalogue, assumed figures that are no range, offers that can serve nothing) and notes (what
/// was filled in).
struct CheckResult {
  Diagnostics diagnostics;
  std::string title;  // of the scenario, if it could be read

  /// 0: sound, with or without remarks; 2: the input is wrong.
  int exit_code() const { return diagnostics.has_errors() ? 2 : 0; }
};

CheckResult run(const CheckRequest& request);

/// The remarks and a closing line, for people.
std::string to_text(const CheckResult& result);
/// For editors: {"status": "ok" or "invalid_input", "faults": [...]} with severity, place and hint
/// of each.
std::string to_json(const CheckResult& result);

}  // namespace vorrat::verbs

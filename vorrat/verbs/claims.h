// claims: judges published claims by the figures they rest on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/claims_file.h"

namespace vorrat::verbs {

struct ClaimsRequest {
  std::filesystem::path file;
};

struct ClaimsResult {
  Diagnostics diagnostics{};
  std::optional<ClaimsFile> file{};

  /// 0: every claim holds, or gets the verdict its file expects; 1: some do not; 2: the input is
  /// wrong.
  int exit_code() const;
};

ClaimsResult run(const ClaimsRequest& request);

std::string to_text(const ClaimsResult& result);
/// Complete; for wrong input an object with `status` "invalid_input" and `faults`.
std::string to_json(const ClaimsResult& result);

}  // namespace vorrat::verbs

// estimate: named formulas over uncertain quantities, from a file to means, quantiles and drivers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/estimate_file.h"
#include "vorrat/quantity/uncertain_model.h"

namespace vorrat::verbs {

struct EstimateRequest {
  std::filesystem::path file;
  std::optional<std::size_t> draws{};              // else the file's; at least 2
  std::optional<std::uint64_t> seed{};             // else the file's
  std::optional<Sampling> sampling{};              // else the file's
  std::map<std::string, std::string> overrides{};  // inputs, or "NAME.rank" of a correlation
  int threads = 1;                                 // the same bits for any number
};

/// Without outputs, `diagnostics` has errors. Warnings (a sum of medians, a range read as 80 %, a
/// repaired correlation) may stand beside outputs.
struct EstimateResult {
  Diagnostics diagnostics{};
  std::string title{};
  ModelOptions options{};
  std::vector<ModelOutput> outputs{};
  std::vector<std::string> units{};  // one for each output, to print it in

  /// 0: estimated; 2: the input is wrong.
  int exit_code() const { return diagnostics.has_errors() ? 2 : 0; }
};

EstimateResult run(const EstimateRequest& request);

/// A table of mean, 5, 50 and 95 %, and what drives each output.
std::string to_text(const EstimateResult& result);
/// The same, complete; for wrong input an object with `status` "invalid_input" and `faults`.
std::string to_json(const EstimateResult& result);

}  // namespace vorrat::verbs

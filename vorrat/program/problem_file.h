// A problem of any known format, opened by its file name.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/program/stoch_opt_format.h"

namespace vorrat::program {

/// A problem, and what had to be assumed to read it.
struct OpenedProblem {
  StochOptProblem problem{};
  std::string format{};  // "StochOptFormat", "MSPFormat", "SMPS"
  Diagnostics notes{};
};

/// Opens `file`:
///   NAME.sof.json                   StochOptFormat
///   NAME.problem.json               MSPFormat, with NAME.lattice.json beside it
///   NAME.cor, .core or .mps         SMPS, with NAME.tim and NAME.sto beside it
/// `beside` names the lattice, and `time` and `stoch` the SMPS files, where they are called
/// otherwise. A file that cannot be read, or an ending that is not known, is a fault too.
struct ProblemFiles {
  std::filesystem::path file{};
  std::optional<std::filesystem::path> lattice{};
  std::optional<std::filesystem::path> time{};
  std::optional<std::filesystem::path> stoch{};
};
std::expected<OpenedProblem, Diagnostics> open_problem(const ProblemFiles& files);

}  // namespace vorrat::program

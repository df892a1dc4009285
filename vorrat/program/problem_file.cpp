#include "vorrat/program/problem_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "vorrat/program/msp_format.h"
#include "vorrat/program/smps.h"

namespace vorrat::program {
namespace {

namespace fs = std::filesystem;

// The text of a file; a fault in `faults` if it cannot be read.
std::string text_of(const fs::path& path, Diagnostics& faults) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream || fs::is_directory(path)) {
    faults.add_error(path.string(), "this file cannot be read");
    return {};
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// NAME of NAME + ending, if the file's name ends so.
std::optional<std::string> stem(const fs::path& path, const std::string& ending) {
  const std::string name = path.string();
  if (!name.ends_with(ending)) return std::nullopt;
  return name.substr(0, name.size() - ending.size());
}

template <typename Problem>
OpenedProblem opened(Problem&& problem, const char* format) {
  return {.problem = {.name = std::move(problem.name), .graph = std::move(problem.graph)},
          .format = format,
          .notes = std::move(problem.notes)};
}

std::expected<OpenedProblem, Diagnostics> open_msp(const ProblemFiles& files,
                                                   const std::string& name) {
  Diagnostics faults;
  const fs::path lattice = files.lattice.value_or(name + ".lattice.json");
  const std::string problem_text = text_of(files.file, faults),
                    lattice_text = text_of(lattice, faults);
  if (faults.has_errors()) return std::unexpected(faults);
  auto problem = read_msp_format(problem_text, files.file.string(), lattice_text, lattice.string());
  if (!problem) return std::unexpected(problem.error());
  return opened(std::move(*problem), "MSPFormat");
}

std::expected<OpenedProblem, Diagnostics> open_smps(const ProblemFiles& files,
                                                    const std::string& name) {
  Diagnostics faults;
  const fs::path time = files.time.value_or(name + ".tim");
  const fs::path stoch = files.stoch.value_or(name + ".sto");
  const std::string core_text = text_of(files.file, faults), time_text = text_of(time, faults),
                    stoch_text = text_of(stoch, faults);
  if (faults.has_errors()) return std::unexpected(faults);
  auto problem = read_smps({core_text, files.file.string()}, {time_text, time.string()},
                           {stoch_text, stoch.string()});
  if (!problem) return std::unexpected(problem.error());
  return opened(std::move(*problem), "SMPS");
}

}  // namespace

std::expected<OpenedProblem, Diagnostics> open_problem(const ProblemFiles& files) {
  if (stem(files.file, ".sof.json")) {
    Diagnostics faults;
    const std::string text = text_of(files.file, faults);
    if (faults.has_errors()) return std::unexpected(faults);
    auto problem = read_stoch_opt_format(text, files.file.string());
    if (!problem) return std::unexpected(problem.error());
    return OpenedProblem{.problem = std::move(*problem), .format = "StochOptFormat"};
  }
  if (const auto name = stem(files.file, ".problem.json")) return open_msp(files, *name);
  for (const char* ending : {".cor", ".core", ".mps"}) {
    if (const auto name = stem(files.file, ending)) return open_smps(files, *name);
  }
  Diagnostics faults;
  faults.add_error(files.file.string(), "the ending of this file's name tells no known format",
                   "known: .sof.json, .problem.json, .cor, .core, .mps");
  return std::unexpected(faults);
}

}  // namespace vorrat::program

// Small public problems with known optima, read from files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/program/problem_file.h"

namespace vorrat::published {

/// Paths are relative to the folder of the instances.
struct Instance {
  std::string name, file;
  std::string lattice{};  // MSPFormat, or SMPS' .sto file, where it is not called like `file`
  std::string stoch{};
  bool is_integer = false;
  /// Given where it cannot be computed, since nothing bounds what may be bought.
  std::optional<double> cost_to_go_bound{};
};

/// Those that stand in data/cases/instances.
const std::vector<Instance>& built_in_instances();
/// Those whose files may not be copied into this tree: read from a folder that the user has.
const std::vector<Instance>& outside_instances();

/// Throws InvalidInput with the faults of its files.
program::OpenedProblem open_instance(const std::filesystem::path& folder, const Instance& instance);

}  // namespace vorrat::published

// Small public problems that stand in data/cases/instances.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/program/problem_file.h"

namespace vorrat::published {

struct InstanceFile {
  std::string name, file;
  /// Given where it cannot be computed, since nothing bounds what may be bought.
  std::optional<double> cost_to_go_bound{};
};

/// Those with a known optimum.
const std::vector<InstanceFile>& instance_files();

/// Opens a file of `data`/cases/instances. Throws InvalidInput with its faults.
program::OpenedProblem open_instance(const std::filesystem::path& data, const std::string& file);

}  // namespace vorrat::published

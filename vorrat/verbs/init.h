// init: a small commented scenario to start from, which runs at once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vorrat::verbs {

struct InitRequest {
  std::filesystem::path folder;               // made if it is not there
  std::optional<std::filesystem::path> data;  // folder that holds starter/; else found by itself
};

struct InitResult {
  std::vector<std::filesystem::path> written;
};

/// Copies the starter scenario into the folder. Throws InvalidInput if any of its files is there
/// already (nothing is written then), Unavailable if the folder or a file cannot be written.
InitResult run(const InitRequest& request);

std::string to_text(const InitRequest& request, const InitResult& result);

}  // namespace vorrat::verbs

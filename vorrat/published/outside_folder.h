// Where the tests look for the public problems that may not be copied into this tree.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace vorrat::published {

/// VORRAT_INSTANCES, or beside the source tree. It need not exist.
inline std::filesystem::path outside_folder() {
  const char* named = std::getenv("VORRAT_INSTANCES");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(VORRAT_SOURCE_DIR) / "../shared/instances";
}

}  // namespace vorrat::published

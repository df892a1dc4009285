#include <fmt/format.h>

#include <cstdlib>

#include "vorrat/base/error.h"
#include "vorrat/catalog/catalog.h"

namespace vorrat::catalog {
namespace {

bool holds_catalogue(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::exists(folder / "catalog" / "accelerators.csv", error);
}

}  // namespace

std::filesystem::path find_data_folder(const std::optional<std::filesystem::path>& chosen) {
  std::vector<std::filesystem::path> tried;
  if (chosen) {
    tried = {*chosen};
  } else if (const char* folder = std::getenv("VORRAT_DATA"); folder && *folder) {
    tried = {folder};
  } else {
    tried = {VORRAT_INSTALLED_DATA, VORRAT_SOURCE_DATA};
  }
  std::string names;
  for (const std::filesystem::path& folder : tried) {
    if (holds_catalogue(folder)) return folder;
    names += (names.empty() ? "" : " and ") + folder.string();
  }
  throw InvalidInput(
      fmt::format("there is no catalogue (catalog/accelerators.csv) in {}; name the data folder in "
                  "the environment variable VORRAT_DATA",
                  names));
}

}  // namespace vorrat::catalog

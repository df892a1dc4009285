#include "vorrat/verbs/load.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "vorrat/base/sha256.h"
#include "vorrat/scenario/load.h"

namespace vorrat::verbs {
namespace {

// The law is an input like any other: a changed rule file is another run.
std::string hash_with_rules(const std::string& inputs, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Sha256 hash;
  hash.add(inputs);
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    hash.add(path.lexically_relative(folder).generic_string());
    hash.add(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return hash.hex();
}

}  // namespace

std::expected<LoadedScenario, Diagnostics> load(const std::filesystem::path& folder,
                                                const std::optional<std::filesystem::path>& data) {
  const std::filesystem::path found = catalog::find_data_folder(data);
  auto catalog = catalog::Catalog::load(found);
  if (!catalog) return std::unexpected(catalog.error());
  auto scenario = scenario::load(folder, *catalog);
  if (!scenario) return std::unexpected(scenario.error());
  auto book = rules::Rulebook::load({found / "rules"});
  if (!book) return std::unexpected(book.error());
  auto rulings = fleet::ask_rules(*scenario, *book);
  if (!rulings) return std::unexpected(rulings.error());
  std::string hash = hash_with_rules(scenario->input_hash, found / "rules");
  return LoadedScenario{std::move(*catalog), std::move(*scenario), std::move(*book),
                        std::move(*rulings), std::move(hash)};
}

}  // namespace vorrat::verbs

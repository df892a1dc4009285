#include "vorrat/verbs/load.h"

#include <utility>

#include "vorrat/scenario/load.h"

namespace vorrat::verbs {

std::expected<LoadedScenario, Diagnostics> load(const std::filesystem::path& folder,
                                                const std::optional<std::filesystem::path>& data) {
  auto catalog = catalog::Catalog::load(catalog::find_data_folder(data));
  if (!catalog) return std::unexpected(catalog.error());
  auto scenario = scenario::load(folder, *catalog);
  if (!scenario) return std::unexpected(scenario.error());
  return LoadedScenario{std::move(*catalog), std::move(*scenario)};
}

}  // namespace vorrat::verbs

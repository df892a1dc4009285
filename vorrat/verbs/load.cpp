#include "vorrat/verbs/load.h"

#include <utility>

#include "vorrat/scenario/load.h"

namespace vorrat::verbs {

std::expected<LoadedScenario, Diagnostics> load(const std::filesystem::path& folder,
                                                const std::optional<std::filesystem::path>& data) {
  const std::filesystem::path found = catalog::find_data_folder(data);
  auto catalog = catalog::Catalog::load(found);
  if (!catalog) return std::unexpected(catalog.error());
  auto scenario = scenario::load(folder, *catalog);
  if (!scenario) return std::unexpected(scenario.error());
  const auto book = rules::Rulebook::load({found / "rules"});
  if (!book) return std::unexpected(book.error());
  auto rulings = fleet::ask_rules(*scenario, *book);
  if (!rulings) return std::unexpected(rulings.error());
  return LoadedScenario{std::move(*catalog), std::move(*scenario), std::move(*rulings)};
}

}  // namespace vorrat::verbs

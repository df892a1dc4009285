// The catalogue: dated, sourced facts that scenarios share. Read from the folder data/catalog.
//
//     const auto catalog = catalog::Catalog::load(catalog::find_data_folder());
//     const catalog::Accelerator* h200 = catalog->find_accelerator("h200-sxm");
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/accelerator.h"
#include "vorrat/catalog/language_model.h"
#include "vorrat/catalog/price.h"
#include "vorrat/catalog/region.h"

namespace vorrat::catalog {

/// The folder that holds catalog/: `chosen` if one is given, else the environment variable
/// VORRAT_DATA, else where this program was installed, else the source tree it was built from.
/// Throws InvalidInput, naming the folders tried, if it holds no catalogue.
std::filesystem::path find_data_folder(const std::optional<std::filesystem::path>& chosen = {});

/// All facts, in the order of the files. Immutable after loading: safe to share between threads.
struct Catalog {
  std::filesystem::path data_folder;  // that it was read from
  std::vector<Accelerator> accelerators;
  std::vector<LanguageModel> language_models;
  std::vector<Region> regions;
  std::vector<Price> prices;

  /// Reads catalog/*.csv in `data_folder`. Faults, all at once: a file that is missing, a name that
  /// stands twice, a row without source, date or kind, a unit that does not fit, prices out of
  /// order, a TPP that is not the largest dense rate times its bits, or a performance density that
  /// is not TPP per die area (both within 1 %).
  static std::expected<Catalog, Diagnostics> load(const std::filesystem::path& data_folder);

  /// Null if there is none of this name; for messages, did_you_mean(id, accelerator_ids()).
  const Accelerator* find_accelerator(std::string_view id) const;
  /// By name or alias.
  const LanguageModel* find_language_model(std::string_view id) const;
  const Region* find_region(std::string_view id) const;

  std::vector<std::string> accelerator_ids() const;
  std::vector<std::string> language_model_ids() const;
  std::vector<std::string> region_ids() const;

  /// The lowest and highest rent in USD on record for an accelerator, over all contracts and dates.
  std::optional<std::pair<Rent, Rent>> rents_of(std::string_view accelerator) const;
};

}  // namespace vorrat::catalog

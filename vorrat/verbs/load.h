// What every verb that reads a scenario folder does first.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/fleet/offer_law.h"
#include "vorrat/rules/rulebook.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::verbs {

struct LoadedScenario {
  catalog::Catalog catalog;
  scenario::Scenario scenario;
  rules::Rulebook book;
  fleet::Rulings rulings;  // what `book` says to each offer
  std::string input_hash;  // SHA-256 of the scenario's inputs and of all rule files, hex
};

/// The scenario in `folder` with the catalogue in `data` (else the one found by itself), or
/// everything that is wrong with either. Throws InvalidInput if there is no catalogue at all.
std::expected<LoadedScenario, Diagnostics> load(const std::filesystem::path& folder,
                                                const std::optional<std::filesystem::path>& data);

}  // namespace vorrat::verbs

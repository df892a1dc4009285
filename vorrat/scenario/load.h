// Reads a scenario folder and says everything that is wrong with it at once.
//
//     const auto catalog = catalog::Catalog::load(catalog::find_data_folder());
//     const auto scenario = scenario::load("scenarios/bytedance-2026", *catalog);
//     if (!scenario) std::cerr << to_string(scenario.error());
#pragma once

#include <expected>
#include <filesystem>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::scenario {

/// Reads scenario.toml and the tables of column_table.h from `folder`; those that may be missing
/// say so there. What is not written is filled in and listed in Scenario::defaults.
///
/// Faults, each with file, line and column: files, keys and columns that are missing or not known;
/// texts that are no quantity of the dimension asked; names that stand nowhere, or twice;
/// probabilities of a state that do not sum to 1 (within 1e-9, at the means of ranges); gates that
/// depend on each other in a ring; grants and downgrades of more than all; steps of a premium that
/// do not ascend; two slips of one seller; redirections to another seller, or between leases;
/// revisions outside their year; offers, projects and budgets before the horizon; news without its
/// quarter; facts from after known_on; money in a currency without exchange rate; a purchase, rent
/// or electricity price that is off the catalogue by three times or more, unless its row says `yes`
/// in the column `confirmed`.
std::expected<Scenario, Diagnostics> load(const std::filesystem::path& folder,
                                          const catalog::Catalog& catalog);

}  // namespace vorrat::scenario

// "What if": values of a scenario's files changed by name, without touching the files.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/folder_sheets.h"

namespace vorrat {

/// A copy of `files` with each of `wishes` made in it, in their order. A wish is KEY=VALUE:
///
///     money.discount_rate=12 %/year                     a value of scenario.toml
///     offers.csv:h200-mainland:price=30 kUSD            a cell: file, row, column
///     gates.csv:us-licence, review, granted:probability=60 %
///     offers.csv:price=x1.05                            every row's, times 1.05
///     demand=x1.2                                       the only table with such a column
///
/// A row is known by its first columns, as few of them as tell all rows apart ("johor, 2026Q1"), as
/// vorrat compare writes them. xFACTOR multiplies the numbers of a value, of a range both ends.
/// Faults, all at once: no such file, row, column or key; a value that cannot be multiplied.
std::expected<FileTexts, Diagnostics> altered(const FileTexts& files,
                                              const std::vector<std::string>& wishes);

}  // namespace vorrat

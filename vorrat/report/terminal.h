// The answer as plain text, readable at 100 columns and in a pipe: no colours, no control
// characters.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// Tables wider than `width` columns of characters have their last text column wrapped.
std::string to_terminal(const fleet::Plan& plan, const RunFacts& facts, std::size_t width = 100);
std::string to_terminal(const Table& table, std::size_t width = 100);

}  // namespace vorrat::report

// The answer as plain text, readable at 100 columns and in a pipe: no colours, no control
// characters.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// Tables wider than `width` columns of characters have their last text column wrapped.
std::string to_terminal(const Table& table, std::size_t width = 100);
/// The whole report but its long registers (assumptions and rules), which are for the other forms.
std::string to_terminal(const Tables& tables, std::size_t width = 100);

}  // namespace vorrat::report

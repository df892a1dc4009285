// A report's tables as JSON and back, nothing lost: what the store keeps and `--json` prints.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// One object, indented by one space, ending in a newline. Numbers are never rounded; empty cells
/// are null. docs/reference/report.md describes it.
std::string to_json(const Tables& tables);

/// The same value again: to_json(tables_from_json(text)) == text for every text that to_json wrote.
/// Throws InvalidInput, saying what is wrong, if the text is none.
Tables tables_from_json(const std::string& text);

}  // namespace vorrat::report

// The reference page of a scenario folder, made from the tables that the reader uses.
#pragma once

#include <string>

namespace vorrat::report {

/// docs/reference/scenario.md: every key of scenario.toml and every column of the tables. Markdown,
/// ending in a newline.
std::string scenario_reference();

}  // namespace vorrat::report

// The JSON Schema of scenario.toml, for editors, made from the table of its keys.
#pragma once

#include <string>

namespace vorrat::report {

/// Draft 2020-12, indented by two spaces, ending in a newline.
std::string scenario_schema();

}  // namespace vorrat::report

// schema: the JSON Schema of scenario.toml, for editors.
#pragma once

#include <string>

namespace vorrat::verbs {

std::string scenario_schema();

}  // namespace vorrat::verbs

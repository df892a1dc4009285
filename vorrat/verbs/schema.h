// schema: the JSON Schema of scenario.toml for editors, and the reference of the folder for people.
#pragma once

#include <string>

namespace vorrat::verbs {

std::string scenario_schema();
/// Markdown.
std::string scenario_reference();

}  // namespace vorrat::verbs

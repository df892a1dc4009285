// The answer as JSON, complete; docs/reference/plan.schema.json describes it.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// One object, indented by two spaces, ending in a newline. Numbers are never rounded; missing
/// numbers are null.
std::string to_json(const fleet::Plan& plan, const RunFacts& facts);

}  // namespace vorrat::report

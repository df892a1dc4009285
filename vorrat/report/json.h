// The answer as JSON, complete; docs/reference/plan.schema.json describes it.
#pragma once

#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/report/plan_tables.h"

namespace vorrat::report {

/// One object, indented by two spaces, ending in a newline. Numbers are never rounded; missing
/// numbers are null.
std::string to_json(const fleet::Plan& plan, const RunFacts& facts);
/// {"status": "invalid_input", "faults": [{severity, file, line, column, width, message, hint,
/// excerpt}]}; lines and columns count from 1, null where unknown.
std::string to_json(const Diagnostics& diagnostics);

}  // namespace vorrat::report

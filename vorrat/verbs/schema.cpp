#include "vorrat/verbs/schema.h"

#include "vorrat/report/scenario_schema.h"

namespace vorrat::verbs {

std::string scenario_schema() { return report::scenario_schema(); }

}  // namespace vorrat::verbs

#include "vorrat/verbs/schema.h"

#include "vorrat/report/scenario_reference.h"
#include "vorrat/report/scenario_schema.h"

namespace vorrat::verbs {

std::string scenario_schema() { return report::scenario_schema(); }
std::string scenario_reference() { return report::scenario_reference(); }

}  // namespace vorrat::verbs

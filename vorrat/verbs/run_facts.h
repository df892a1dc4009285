// What a report says about its inputs: sites, rules, the register of assumptions.
#pragma once

#include "vorrat/report/plan_tables.h"
#include "vorrat/verbs/load.h"

namespace vorrat::verbs {

report::RunFacts run_facts(const LoadedScenario& loaded);

}  // namespace vorrat::verbs

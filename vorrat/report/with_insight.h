// The report of a plan together with what was found about it by solving again.
#pragma once

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// Puts the sections of insight_tables() into those of plan_tables(): reasons under the orders,
/// what changes the decision before the limits, the method under the method; and beside each figure
/// of the register of assumptions by how much it moves the cost and the orders, and which order it
/// would change, or that this was not measured. What an earlier call put there is replaced.
Tables with_insight(Tables plan, const Tables& insight);

}  // namespace vorrat::report

// What a sound scenario still leaves open: what was filled in, what nobody vouches for, what looks
// odd. `vorrat check` prints it.
#pragma once

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::scenario {

/// Remarks on a scenario that loaded without faults; none is an error.
///
/// Warnings: a figure without source or kind; an assumed figure that is no range; a price, rent or
/// electricity price outside the catalogue's span by half or more; an offer that can serve no
/// workload at its site, begins before its accelerator is on sale, or arrives after the horizon; a
/// workload that nothing can serve; a minimum fleet, project or news that lies after the horizon; a
/// gate that no offer passes. Notes: every default that was
/// filled in, and every range read with a probability that nobody wrote.
Diagnostics check(const Scenario& scenario, const catalog::Catalog& catalog);

}  // namespace vorrat::scenario

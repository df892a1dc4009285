// Where the law meets the catalogue: an accelerator as the rules see it.
#pragma once

#include "vorrat/catalog/accelerator.h"
#include "vorrat/rules/rulebook.h"

namespace vorrat::fleet {

/// The item of a catalogue row: ratings in TOPS, areas in mm2, bandwidths in GB/s, and what the
/// rules' own table of products adds. What neither knows stays unknown.
rules::Item item_of(const catalog::Accelerator& accelerator, const rules::Rulebook& book);

}  // namespace vorrat::fleet

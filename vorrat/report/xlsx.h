// The report as a workbook for those who go on calculating.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// The bytes of a workbook: a sheet with the answer, then one a table, named by its id. Numbers are
/// unrounded with formats and units; sums are formulas that carry the value of their cell; charts
/// are native where a workbook has their kind (no Gantt, Sankey or map). The same tables give the
/// same bytes. Needs check(tables) to hold. Throws Unavailable if there is no room for a temporary
/// file.
std::string to_xlsx(const Tables& tables);

}  // namespace vorrat::report

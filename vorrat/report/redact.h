// The report for those who may know the direction and not the figures.
#pragma once

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// The same report with every figure rounded to two significant digits, the names of sites replaced
/// ("site-1") wherever they stand, and without coordinates, owners and jurisdictions. Sums are
/// those of the rounded figures, so that tables still add up. The hash of the inputs, the seed,
/// days, quarters and citations stay.
Tables redacted(Tables tables);

/// Two significant digits: 123,456 -> 120,000.
double rounded(double value);

}  // namespace vorrat::report

// What was found by re-solving, as tables: reasons, break-even points, information, risk, rules.
#pragma once

#include "vorrat/insight/findings.h"
#include "vorrat/report/plan_tables.h"

namespace vorrat::report {

/// The report of all findings, or of the relaxations where there is no plan. Passes check(Tables).
Tables insight_tables(const insight::Findings& findings, const RunFacts& facts);
/// Its sections alone, for the report of a plan.
std::vector<Section> insight_sections(const insight::Findings& findings);

/// Why each of these offers is ordered or not, and where that changes.
Section reason_section(const std::vector<insight::Explanation>& explanations,
                       const std::string& currency);
/// The plan under each stress, beside today's first orders.
Section stress_section(const std::vector<insight::StressLine>& stresses,
                       const std::vector<std::string>& offers, const std::string& currency);

}  // namespace vorrat::report

// What was found by re-solving, as tables: reasons, break-even points, information, risk, rules.
#pragma once

#include "vorrat/insight/findings.h"
#include "vorrat/report/plan_tables.h"

namespace vorrat::report {

/// The report of all findings, or of the relaxations where there is no plan. Passes check(Tables).
Tables insight_tables(const insight::Findings& findings, const RunFacts& facts);
/// Its sections alone, for the report of a plan.
std::vector<Section> insight_sections(const insight::Findings& findings);

/// The section of what changes the decision. Some of its tables may be without rows.
inline constexpr const char* decision_id = "decision";
Section decision_section(const insight::Findings& findings);
/// What stands there while nobody has asked: which command would.
Section missing_decision_section();
Section missing_relaxation_section();

/// What ordering each offer now is worth, and where that changes.
DataTable worth_table(const std::vector<insight::Explanation>& explanations,
                      const std::string& currency);
DataTable point_table(const std::vector<insight::Explanation>& explanations);

/// Why each of these offers is ordered or not, and where that changes.
Section reason_section(const std::vector<insight::Explanation>& explanations,
                       const std::string& currency);
/// The plan under each stress, beside today's first orders.
Section stress_section(const std::vector<insight::StressLine>& stresses,
                       const std::vector<std::string>& offers, const std::string& currency);

}  // namespace vorrat::report

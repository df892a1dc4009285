// From a plan to the tables, sentences and charts of its report. All arithmetic of a report is
// here; a section stands where the plan has something to put into it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/fleet/plan.h"
#include "vorrat/report/tables.h"

namespace vorrat::report {

struct SiteFacts {
  struct Power {
    std::string from;     // quarter, as in "2026Q1"
    double capacity = 0;  // usable for accelerators, with all overheads, from then on [MW]
  };
  std::string id, title, jurisdiction, owner;
  std::optional<double> latitude, longitude;  // [degrees]
  std::vector<Power> power;
};

/// A provision that decides about an offer on the day of the plan.
struct RuleFacts {
  std::string provision;                        // as in "us-2026-01-cbc/review"
  std::string instrument, citation, paragraph;  // whose it is and where it stands
  std::string says, source, support;            // in our words, who says so, how well supported
  std::string status;                           // of the offers it decides about
  std::vector<std::string> offers;
};

/// A figure that somebody wrote into the inputs.
struct AssumptionFacts {
  std::string name, value, source, date, kind;
};

/// What every result says about how it came to be, beside the plan's own method.
struct RunFacts {
  std::string scenario;  // folder name
  std::string title;
  std::string known_on;                  // the day up to which the inputs are known
  std::string input_hash;                // SHA-256 of the resolved inputs, hex
  std::string version;                   // of vorrat
  std::vector<std::string> assumptions;  // filled in by default, one sentence each
  std::vector<std::string> notes;        // what the method leaves out, one sentence each
  std::vector<SiteFacts> sites;
  std::vector<RuleFacts> rules;
  std::vector<AssumptionFacts> register_of_assumptions;
};

/// The report of a plan, or of there being none. Passes check(Tables).
Tables plan_tables(const fleet::Plan& plan, const RunFacts& facts);

}  // namespace vorrat::report

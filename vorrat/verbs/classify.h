// classify: may this buyer have this accelerator at this place on this day, under which conditions,
// and who says so? One question with its whole explanation, or a table of many.
//
// It explains rules. It does not look for parts below a threshold, and its answer is no legal
// advice.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/base/diagnostics.h"
#include "vorrat/report/rules_json.h"
#include "vorrat/rules/classify.h"

namespace vorrat::verbs {

struct ClassifyRequest {
  std::vector<std::string> accelerators;  // catalogue ids; none = the whole catalogue
  std::vector<std::string> destinations;  // countries, or sites of the scenario; one at least
  Date on;
  rules::Deal deal;  // without destination; empty facts are filled in and told as assumptions:
                     // seller = vendor; exported_from = country of the designer; headquarters =
                     // parent, else destination; parent = headquarters; owner's parent = owner's
                     // headquarters
  /// A scenario whose sites may be named as destinations; its buyer is the end user where the deal
  /// names none.
  std::optional<std::filesystem::path> scenario;
  std::optional<std::filesystem::path> data;  // folder with catalog and rules; else found by itself
};

/// Without a law, `diagnostics` has errors: a file is wrong.
struct ClassifyResult {
  Diagnostics diagnostics;
  std::optional<rules::RulesInForce> law;
  std::vector<report::Classified> rows;  // accelerators x destinations
  std::vector<std::string> assumptions;
  std::optional<std::string> why_not;  // the rules do not cover the day, and what to do

  /// 0: answered; 1: one question, and the answer is prohibited, unknown or not covered; 2: the
  /// input is wrong.
  int exit_code() const;
};

/// Throws InvalidInput for an unknown accelerator or country.
ClassifyResult run(const ClassifyRequest& request);

/// One question: the whole explanation. Many: a table, one line each.
std::string to_text(const ClassifyResult& result);
std::string to_json(const ClassifyResult& result);

}  // namespace vorrat::verbs

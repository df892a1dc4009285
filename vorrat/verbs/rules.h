// rules: what is in force on a day, or what changed between two days, and for whom.
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

struct RulesRequest {
  Date on;                    // the day; of a comparison the later one
  std::optional<Date> since;  // the earlier day of a comparison
  std::optional<std::filesystem::path> data;
};

/// Without a law, `diagnostics` has errors: a file is wrong.
struct RulesResult {
  Diagnostics diagnostics;
  std::optional<rules::RulesInForce> law;
  std::optional<Date> since;
  std::vector<rules::RuleChange> changes;
  std::vector<report::ChangedAnswer> answers;  // over catalogue, places and buyers
  std::optional<std::string> why_not;          // the rules do not cover the day, and what to do

  /// 0: answered; 1: the rules do not cover the day; 2: a file is wrong.
  int exit_code() const;
};

/// A comparison asks every accelerator of the catalogue for a purchase at places where buyers plan
/// sites, by a firm with its parent in China and by a firm of the place.
RulesResult run(const RulesRequest& request);

std::string to_text(const RulesResult& result);
std::string to_json(const RulesResult& result);

}  // namespace vorrat::verbs

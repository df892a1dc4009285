// insight, kept: what `vorrat insight` and `vorrat report --insight` do around the verb `insight`,
// so that what was found about a run stays with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vorrat/report/tables.h"
#include "vorrat/store/store.h"
#include "vorrat/verbs/insight.h"

namespace vorrat::verbs {

struct KeepInsightRequest {
  /// A scenario folder; or a kept run, by its number or "last": then its inputs and its seed are
  /// asked about, and what the request says of them is not looked at.
  std::string input;
  InsightRequest insight;
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
};

struct KeptInsight {
  QuestionResult result;
  std::optional<store::RunId> run;  // with which it is kept
  std::string not_kept;             // why it is not; "" if it is, or if the input is wrong
};

/// The first orders asked about are those of the run; for a scenario folder those of the newest run
/// of the same inputs and seed, with which it is then kept, or else those of the tree. Without a
/// plan of the run the limits are asked about. Throws InvalidInput if there is no such run.
KeptInsight run(const KeepInsightRequest& request);

/// What is kept with a run, as report::insight_tables() made it.
std::optional<report::Tables> insight_of(store::Store& store, store::RunId run);

/// Whether a text is the number of a run, or "last".
bool names_a_run(const std::string& text);

/// The line under the answer: with which run it is kept, or why it is not.
std::string last_line(const KeptInsight& kept);

}  // namespace vorrat::verbs

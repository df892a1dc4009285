// compare: what differs between two kept runs: which inputs, cell by cell; what changed in the
// plan; and how much each input did to the objective.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/input/changes.h"
#include "vorrat/report/text_table.h"
#include "vorrat/store/store.h"
#include "vorrat/verbs/rerun.h"

namespace vorrat::verbs {

struct CompareRequest {
  std::string before, after;                  // each a number, or "last"
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
};

/// One figure of the plan that is not the same; nothing where one plan has no such figure.
struct PlanChange {
  std::string table;    // "total", "orders", "money", "service" or "fleet"
  std::string name;     // as in "h200-north"
  std::string measure;  // as in "quantity"
  std::optional<double> before, after;
};

/// One step of the way from one objective to the other. In cents, so that the steps add up exactly.
struct WaterfallStep {
  std::string what;
  std::int64_t change_cents = 0;
  std::int64_t then_cents = 0;  // the objective after this step
};

struct CompareResult {
  store::Run before, after;
  std::vector<Change> scenario;  // cell by cell
  std::vector<Change> data;      // of catalogue, rules and calibration
  std::vector<Difference> options, versions;
  std::vector<PlanChange> plan;
  std::int64_t before_cents = 0, after_cents = 0;  // objectives
  double gap = 0.0;  // to within which share of itself each objective is known, at most
  std::vector<WaterfallStep> waterfall;  // empty if `no_waterfall` says why
  std::string no_waterfall;

  /// Differences that a plan is computed with: not the sources and notes of a scenario.
  std::size_t input_count() const;
};

/// The waterfall: the first run's inputs are solved, then solved again with one difference after
/// the other taken from the second run, in this order: scenario.toml, the tables by name, each in
/// the order of its rows; catalogue, rules and calibration, a file a step; options; sources and
/// notes all together. More than 12 differences of the scenario are taken a file a step. A step
/// that gives no plan of its own (a row that refers to one of a later step) is taken together with
/// the next. The size of a step depends on that order; their sum does not. The first step is what
/// another version of the program does to the first run's objective, the last whatever is then
/// missing to the second run's: 0 for runs of this version.
///
/// Throws InvalidInput if there is no such run, or a run has no answer.
CompareResult run(const CompareRequest& request);

/// The figures that two plans, as JSON, do not share; those that a person asks for first come
/// first.
std::vector<PlanChange> plan_changes(const std::string& before, const std::string& after);
/// The same as a table whose columns are called `before` and `after`.
report::Table plan_table(const std::vector<PlanChange>& changes, const std::string& before,
                         const std::string& after);

std::string to_text(const CompareResult& result);
/// {"before", "after", "inputs", "data", "options", "versions", "plan", "waterfall": {"from_cents",
/// "to_cents", "gap", "steps"}}.
std::string to_json(const CompareResult& result);

}  // namespace vorrat::verbs

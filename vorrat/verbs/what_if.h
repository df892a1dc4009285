// what-if: the plan for changed inputs, from where the last plan was trained: seconds, not minutes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/changes.h"
#include "vorrat/store/store.h"
#include "vorrat/verbs/compare.h"
#include "vorrat/verbs/plan.h"

namespace vorrat::verbs {

struct WhatIfRequest {
  PlanRequest plan;                           // of the scenario as it is
  std::vector<std::string> changes;           // KEY=VALUE, see input/alter.h
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
};

struct WhatIfResult {
  Diagnostics diagnostics;         // errors: a change that cannot be made, or inputs that are wrong
  std::optional<store::Run> base;  // the kept plan of the inputs as they are
  bool planned_first = false;      // there was none: it was planned and kept
  bool from_policy = false;        // trained from where the base was, not from nothing
  std::vector<Change> inputs;      // cell by cell
  PlanResult then;                 // the changed inputs; worths and limits left out
  std::vector<PlanChange> plan;    // figures that differ from the base
  double base_bound = 0.0;         // no plan of the base costs less [currency]
  double seconds = 0.0;            // for the changed inputs alone, with reading them

  /// That of the plan for the changed inputs; 2 for faults.
  int exit_code() const;
  /// Whether the gaps of the two plans leave open which of the two best ones costs more.
  bool may_be_the_gap() const;
};

/// Changes the inputs in memory and plans them to the same gap. Looks in the store for a plan of
/// exactly these inputs; if there is none, plans them first and keeps that run. A change that makes
/// or takes away states or futures (a gate, an offer) trains afresh. By the tree, solves the
/// changed tree.
WhatIfResult run(const WhatIfRequest& request);

std::string to_text(const WhatIfResult& result);
/// {"base", "inputs", "changes" (of figures), "may_be_the_gap", "from_policy", "seconds", "plan":
/// as plan --json}.
std::string to_json(const WhatIfResult& result);

}  // namespace vorrat::verbs

// plan: from a scenario folder to an order list.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"
#include "vorrat/fleet/decompose.h"
#include "vorrat/fleet/plan.h"
#include "vorrat/report/plan_tables.h"
#include "vorrat/scenario/scenario.h"
#include "vorrat/sddp/saved_states.h"

namespace vorrat::verbs {

/// `optimum` leaves out what is found by re-solving after it: worths, limits, other trees.
enum class PlanDepth { whole, optimum };

using PlanMethod = scenario::Settings::Method;

struct PlanRequest {
  std::filesystem::path scenario;             // folder
  std::optional<std::filesystem::path> data;  // folder of the catalogue; else found by itself
  std::optional<std::uint64_t> seed;          // else the scenario's
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
  PlanDepth depth = PlanDepth::whole;
  /// Called once the inputs are found sound, before anything is solved. May be empty.
  std::function<void()> on_loaded{};
  // Else as the scenario says:
  std::optional<PlanMethod> method{};
  std::optional<double> gap{};      // relative; by decomposition
  std::optional<double> seconds{};  // of training at most; by decomposition
  std::optional<int> iterations{};  // of training at most; by decomposition
  int threads = 2;                  // any number gives the same plan
};

/// Without a plan, `diagnostics` has errors: the input cannot be meant. Warnings may stand beside a
/// plan.
struct PlanResult {
  Diagnostics diagnostics;
  std::optional<fleet::Plan> plan;
  report::RunFacts facts;
  report::Tables tables;       // the report of `plan`; empty without one
  sddp::SavedStates states{};  // where the policy was trained; empty by the tree

  /// 0: a plan; 1: the answer is no (limits clash, or stopped before a plan was found); 2: the
  /// input is wrong; 3: the solver failed.
  int exit_code() const;
};

PlanResult run(const PlanRequest& request);

/// What a scenario asks of its solver, with what the request says otherwise but for the seed.
fleet::SolveSettings settings_of(const PlanRequest& request, const scenario::Scenario& scenario);
/// How a scenario weighs the worst futures.
program::RiskMeasurePointer risk_of(const scenario::Scenario& scenario);

/// What a person reads.
std::string to_text(const PlanResult& result);
/// The same, complete; for wrong input an object with `status` "invalid_input" and `faults`.
std::string to_json(const PlanResult& result);

}  // namespace vorrat::verbs

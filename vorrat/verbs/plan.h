// plan: from a scenario folder to an order list.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"
#include "vorrat/fleet/plan.h"
#include "vorrat/report/plan_tables.h"

namespace vorrat::verbs {

/// `optimum` leaves out what is found by re-solving after it: worths, limits, other trees.
enum class PlanDepth { whole, optimum };

struct PlanRequest {
  std::filesystem::path scenario;             // folder
  std::optional<std::filesystem::path> data;  // folder of the catalogue; else found by itself
  std::optional<std::uint64_t> seed;          // else the scenario's
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
  PlanDepth depth = PlanDepth::whole;
  /// Called once the inputs are found sound, before anything is solved. May be empty.
  std::function<void()> on_loaded{};
};

/// Without a plan, `diagnostics` has errors: the input cannot be meant. Warnings may stand beside a
/// plan.
struct PlanResult {
  Diagnostics diagnostics;
  std::optional<fleet::Plan> plan;
  report::RunFacts facts;
  report::Tables tables;  // the report of `plan`; empty without one

  /// 0: a plan; 1: the answer is no (limits clash, or stopped before a plan was found); 2: the
  /// input is wrong; 3: the solver failed.
  int exit_code() const;
};

PlanResult run(const PlanRequest& request);

/// What a person reads.
std::string to_text(const PlanResult& result);
/// The same, complete; for wrong input an object with `status` "invalid_input" and `faults`.
std::string to_json(const PlanResult& result);

}  // namespace vorrat::verbs

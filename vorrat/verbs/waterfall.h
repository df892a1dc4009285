// How the objective of one run becomes that of another, an input at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/input/changes.h"
#include "vorrat/store/store.h"
#include "vorrat/verbs/compare.h"

namespace vorrat::verbs {

/// As in "option seed: as the scenario says -> 2"; "" is an option that was not given.
std::string spoken_option(const std::string& name, const std::string& then, const std::string& now);

/// All that an objective depends on, but for the program.
struct RunInputs {
  store::Files scenario, data;
  store::Settings options;
  bool operator==(const RunInputs&) const = default;
};

/// Inputs on the way from one run to the other, and what was changed last.
struct Waypoint {
  std::string what;
  RunInputs inputs;
};

/// From `before` (left out) to `after` (the last, exactly), in the order that compare.h states.
/// Empty if they are the same.
std::vector<Waypoint> waypoints(const RunInputs& before, const RunInputs& after);

/// The objective of inputs in cents; nothing if they cannot be read or have no plan.
using Optimum = std::function<std::optional<std::int64_t>(const Waypoint&)>;

/// The steps from `before_cents` to `after_cents`; `start` is the objective that the first run's
/// inputs have now. Their changes sum to after_cents - before_cents.
std::vector<WaterfallStep> waterfall(std::int64_t before_cents, std::int64_t start,
                                     const std::vector<Waypoint>& way, std::int64_t after_cents,
                                     const Optimum& optimum);

}  // namespace vorrat::verbs

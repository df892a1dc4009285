// From decisions in many futures to the plan's lines: the same for a tree and for simulated paths.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vorrat/fleet/plan.h"
#include "vorrat/fleet/uncertainty.h"

namespace vorrat::fleet {

/// What was decided in one stage of one future. A tree has one visit a node, simulation one a stage
/// of each path.
struct Visit {
  std::size_t node = 0;        // of the graph
  double weight = 0.0;         // probability; those of one stage sum to 1
  std::size_t before = none;   // the visit of the stage before; stands earlier in the list
  std::vector<double> primal;  // [column of the node's stage problem]
};

/// A limit that can be moved: which, and for whom.
struct Limit {
  enum class Kind {
    budget,
    supply,
    licences,
    quota,
    power,
    service,
    seller_cap,
    power_project,
    minimum_fleet
  };
  Kind kind = Kind::budget;
  std::size_t index = 0;  // account, offer, offer, quota, site, workload, cap, project, minimum
  std::size_t year = 0;   // budget only
  bool operator==(const Limit&) const = default;
};
std::string to_string(const Problem& problem, const Limit& limit);
/// Every limit of the problem, whether it binds or not.
std::vector<Limit> all_limits(const Problem& problem);

/// Fills orders (from the first visit), money, years, fleet, power, licences, service, gates, the
/// penalty and the end value within the objective.
void summarize(const Problem& problem, const FleetGraph& graph, const std::vector<Visit>& visits,
               Plan& plan);

/// Every limit that binds in some visit, with the chance that it binds at least once in a future.
struct Binding {
  Limit limit;
  double odds = 0.0;
};
std::vector<Binding> binding_limits(const Problem& problem, const FleetGraph& graph,
                                    const std::vector<Visit>& visits);

/// The smallest value with at least share `p` of the weight at or below it; values are (value,
/// weight) and are sorted.
double weighted_quantile(std::vector<std::pair<double, double>>& values, double p);

}  // namespace vorrat::fleet

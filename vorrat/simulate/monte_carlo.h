// What a policy costs: on drawn paths, on given ones, or exactly on all of a small tree.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vorrat/base/progress.h"
#include "vorrat/program/policy.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/simulate/statistics.h"

namespace vorrat::simulate {

struct Options {
  std::size_t paths = 1000;
  std::uint64_t seed = 1;
  int threads = 1;
  std::string stream = "simulation";  // name of the random numbers: another name, fresh paths
  std::size_t longest = 100'000;      // stages of a path; longer ones are cut off and counted
  const StopSwitch* stop = nullptr;
};

/// One visit of a node on a path, for the caller to look at.
struct Step {
  std::size_t path = 0;
  std::size_t step = 0;  // from 0
  std::size_t node = 0;
  std::size_t realization = 0;
  const program::Decision& decision;
};

/// Called for every step, for each path in order, but for several paths at once on several threads.
using Recorder = std::function<void(const Step&)>;

struct Simulation {
  std::vector<double> costs{};  // [path] total stage cost, in the graph's sense
  Estimate cost{};              // of its mean; empty if no path ran to its end
  std::size_t cut_off = 0;      // paths longer than Options::longest
  std::size_t failed = 0;       // paths on which a stage had no decision; not in `costs`
};

/// Draws paths from the graph and plays the policy on them. The draws of path p depend on (seed,
/// stream, p) alone, and the same costs come out for any number of threads.
Simulation simulate(const program::Policy& policy, const Options& options,
                    const Recorder& record = {});

/// The exact cost of the policy, by playing it in every node of the scenario tree: nested with the
/// risk measure, so that it is an upper bound on the optimum (a lower one when maximising) that
/// holds for certain. Not computed (`is_known` false) if the tree has more than `most_nodes` nodes
/// or does not end, or if a stage has no decision.
struct ExactCost {
  bool is_known = false;
  double cost = 0.0;
  std::size_t nodes = 0;
};
/// `record` is told of every node of the tree, depth first; Step::path is 0.
ExactCost exact_cost(const program::Policy& policy, const program::RiskMeasure& risk,
                     std::size_t most_nodes, const Recorder& record = {});

/// One given path: node and outcome of each stage. Returns the cost of each stage; shorter than the
/// scenario if a stage has no decision.
struct GivenStep {
  std::size_t node = 0;
  program::Realization outcome{};
};
std::vector<double> play(const program::Policy& policy, const std::vector<GivenStep>& scenario);

}  // namespace vorrat::simulate

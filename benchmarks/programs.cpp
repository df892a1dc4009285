#include "programs.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "vorrat/base/error.h"
#include "vorrat/program/stoch_opt_format.h"

namespace vorrat::benchmarks {

using program::PolicyGraph;

double process_seconds() {  // of CPU, all threads
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

PolicyGraph read_program(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto problem = program::read_stoch_opt_format(text.str(), path);
  if (!problem) throw Unavailable("cannot read " + path);
  return problem->graph;
}

PolicyGraph graph_of(const Family& family, std::size_t stages, std::size_t openings) {
  PolicyGraph graph;
  graph.initial_state = family.initial;
  for (std::size_t s = 0; s < family.states.size(); ++s) {
    graph.state_names.push_back(fmt::format("state {}", s));
  }
  program::Node node;
  lp::Model& model = node.problem.model = family.model;
  model.columns[family.theta].cost = 0.0;  // the program's cost to go is its own column
  model.columns[family.theta].upper = 0.0;
  node.problem.outgoing = family.states;
  for (std::size_t s = 0; s < family.states.size(); ++s) {
    node.problem.incoming.push_back(model.add_column({-lp::infinity, lp::infinity, 0.0}));
  }
  for (const Family::Term& term : family.from_state) {
    model.add_entry(term.row, node.problem.incoming[term.state], -term.coefficient);
  }
  using What = program::Change::What;
  for (std::size_t o = 0; o < openings; ++o) {
    program::Realization opening{.probability = 1.0 / static_cast<double>(openings)};
    for (std::size_t k = 0; k < family.noisy_rows.size(); ++k) {
      const std::size_t row = family.noisy_rows[k];
      const auto& bounds = model.rows[row];
      const What what = bounds.lower == -lp::infinity  ? What::row_upper
                        : bounds.upper == lp::infinity ? What::row_lower
                                                       : What::row_both;
      opening.changes.push_back(
          {.what = what, .row = row, .value = family.rhs[row] + family.openings[o][k]});
    }
    node.noise.push_back(opening);
  }
  for (std::size_t t = 0; t < stages; ++t) {
    node.name = fmt::format("stage {}", t + 1);
    node.stage = static_cast<int>(t + 1);
    node.arcs.clear();
    if (t + 1 < stages) node.arcs.push_back({.child = t + 1});
    graph.nodes.push_back(node);
  }
  graph.root.push_back({.child = 0});
  return graph;
}

namespace {

class Reaches final : public sddp::StoppingRule {
 public:
  explicit Reaches(double bound) : bound_(bound) {}
  std::optional<std::string> reason(const std::vector<sddp::LogEntry>& log) const override {
    if (log.back().bound < bound_) return std::nullopt;
    return "the bound asked for";
  }

 private:
  double bound_;
};

}  // namespace

EngineRun run_engine(const PolicyGraph& graph, const LoopLimits& limits, sddp::Options options) {
  options.iterations = limits.iterations;
  options.gap = 0.0;
  options.first_check = 0;
  options.simulation_paths = 2;
  options.mean_paths = 0;
  options.exact_nodes = 0;
  options.cost_to_go_bound = 0.0;
  options.rules = {std::make_shared<Reaches>(limits.bound)};
  const auto wall = std::chrono::steady_clock::now();
  const double began = process_seconds();
  const auto result = sddp::train(graph, options);
  return {process_seconds() - began,
          std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count(),
          result.log.back().seconds,
          result.bound,
          result.iterations,
          result.solves};
}

}  // namespace vorrat::benchmarks

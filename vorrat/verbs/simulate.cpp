#include "vorrat/verbs/simulate.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "vorrat/program/problem_file.h"
#include "vorrat/report/json.h"
#include "vorrat/sddp/checkpoint.h"
#include "vorrat/simulate/monte_carlo.h"

namespace vorrat::verbs {

SimulateResult run(const SimulateRequest& request) {
  SimulateResult result;
  result.seed = request.seed;
  const auto opened = program::open_problem({.file = request.file,
                                             .lattice = request.lattice,
                                             .time = request.time,
                                             .stoch = request.stoch});
  if (!opened) {
    result.diagnostics = opened.error();
    return result;
  }
  result.diagnostics = opened->notes;
  std::ifstream file(request.policy, std::ios::binary);
  if (!file) {
    result.diagnostics.add_error(request.policy.string(), "the policy cannot be read",
                                 "write one with solve --write-policy");
    return result;
  }
  const auto graph = std::make_shared<const program::PolicyGraph>(opened->problem.graph);
  const auto policy = sddp::read_policy(std::string(std::istreambuf_iterator<char>(file), {}),
                                        request.policy.string(), graph);
  if (!policy) {
    result.diagnostics.append(policy.error());
    return result;
  }
  const simulate::Simulation simulation = simulate::simulate(**policy, {.paths = request.paths,
                                                                        .seed = request.seed,
                                                                        .threads = request.threads,
                                                                        .stop = request.stop});
  result.paths = simulation.costs.size();
  result.failed = simulation.failed;
  result.cut_off = simulation.cut_off;
  if (!simulation.costs.empty()) {
    result.mean = simulation.cost.mean;
    result.interval_low = simulation.cost.lower();
    result.interval_high = simulation.cost.upper();
    result.standard_deviation = simulation.cost.standard_deviation;
    result.p05 = simulate::quantile(simulation.costs, 0.05);
    result.p50 = simulate::quantile(simulation.costs, 0.50);
    result.p95 = simulate::quantile(simulation.costs, 0.95);
  }
  for (const auto& scenario : opened->problem.validation_scenarios) {
    std::vector<simulate::GivenStep> steps;
    for (const program::Visit& visit : scenario) steps.push_back({visit.node, visit.outcome});
    const std::vector<double> costs = simulate::play(**policy, steps);
    result.failed += costs.size() < steps.size() ? 1 : 0;
    result.validation.push_back(std::accumulate(costs.begin(), costs.end(), 0.0));
  }
  return result;
}

std::string to_text(const SimulateResult& result) {
  if (result.diagnostics.has_errors()) return "";
  std::string text = "no path could be played to its end\n";
  if (result.paths > 0) {
    text = fmt::format("mean {:.10g} (95 %: {:.10g} to {:.10g}) on {} paths\n", result.mean,
                       result.interval_low, result.interval_high, result.paths);
    text += fmt::format("  5 / 50 / 95 % of paths: {:.10g} / {:.10g} / {:.10g}\n", result.p05,
                        result.p50, result.p95);
  }
  for (std::size_t i = 0; i < result.validation.size(); ++i) {
    text += fmt::format("  validation scenario {}: {:.10g}\n", i + 1, result.validation[i]);
  }
  if (result.failed > 0)
    text +=
        fmt::format("  {} paths had a stage without a decision and are left out\n", result.failed);
  if (result.cut_off > 0) text += fmt::format("  {} paths were cut off\n", result.cut_off);
  return text + fmt::format("  seed {}\n", result.seed);
}

std::string to_json(const SimulateResult& result) {
  if (result.diagnostics.has_errors()) return report::to_json(result.diagnostics);
  const auto value = [](double x) {
    return std::isnan(x) ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(x);
  };
  const nlohmann::ordered_json json = {
      {"mean", value(result.mean)},
      {"interval", {value(result.interval_low), value(result.interval_high)}},
      {"standard_deviation", value(result.standard_deviation)},
      {"p05", value(result.p05)},
      {"p50", value(result.p50)},
      {"p95", value(result.p95)},
      {"paths", result.paths},
      {"failed", result.failed},
      {"cut_off", result.cut_off},
      {"validation", result.validation},
      {"seed", result.seed}};
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

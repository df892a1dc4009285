#include "vorrat/verbs/solve.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/file.h"
#include "vorrat/program/problem_file.h"
#include "vorrat/program/risk_measure.h"
#include "vorrat/report/json.h"
#include "vorrat/sddp/checkpoint.h"
#include "vorrat/sddp/train.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::verbs {
namespace {

void take_over(SolveResult& result, const sddp::TrainResult& trained) {
  result.status = sddp::to_string(trained.status);
  result.reason = trained.reason;
  result.bound = trained.bound;
  if (trained.is_exact || trained.simulated.count > 0) {
    result.objective = trained.simulated.mean;
    result.interval_low = trained.is_exact ? result.objective : trained.simulated.lower();
    result.interval_high = trained.is_exact ? result.objective : trained.simulated.upper();
  }
  result.gap = trained.gap;
  if (trained.log.empty()) result.bound = result.gap = std::nan("");  // there was no training
  result.target_gap = trained.target_gap;
  result.is_exact = trained.is_exact;
  result.relaxes_integers = trained.relaxes_integers;
  result.iterations = trained.iterations;
  result.solves = trained.solves;
  result.hand_overs = trained.hand_overs;
}

void solve_by_sddp(SolveResult& result, const SolveRequest& request,
                   const program::PolicyGraph& graph) {
  sddp::Options options;
  options.iterations = request.iterations;
  options.seconds = request.seconds;
  options.gap = request.gap;
  options.seed = request.seed;
  options.threads = request.threads;
  options.mode = request.is_fastest ? sddp::Mode::fastest : sddp::Mode::reproducible;
  options.paths_per_iteration = request.paths_at_once;
  options.risk = program::parse_risk_measure(request.risk);
  options.cost_to_go_bound = request.cost_to_go_bound;
  options.stop = request.stop;
  options.progress = request.progress;
  sddp::TrainResult trained;
  if (request.read_policy) {
    std::ifstream file(*request.read_policy, std::ios::binary);
    if (!file) {
      result.diagnostics.add_error(request.read_policy->string(), "the policy cannot be read",
                                   "name a file that solve wrote");
      return;
    }
    auto policy = sddp::read_policy(std::string(std::istreambuf_iterator<char>(file), {}),
                                    request.read_policy->string(),
                                    std::make_shared<const program::PolicyGraph>(graph));
    if (!policy) {
      result.diagnostics.append(policy.error());
      return;
    }
    trained = sddp::train_further(*policy, options);
  } else {
    trained = sddp::train(graph, options);
  }
  take_over(result, trained);
  result.method = "sddp";
  result.solver = "vorrat stage solver";
  result.is_reproducible = !request.is_fastest || request.threads == 1;
  if (!request.write_policy || !trained.policy) return;
  try {
    write_whole(*request.write_policy, sddp::write_policy(*trained.policy));
  } catch (const Unavailable& fault) {
    result.not_written = fault.what();  // the answer was dearer than the file
  }
}

void solve_by_tree(SolveResult& result, const SolveRequest& request,
                   const program::PolicyGraph& graph) {
  if (!program::is_expectation(*program::parse_risk_measure(request.risk))) {
    throw InvalidInput(
        "the tree method takes the expectation only: use --method sddp for other risk measures");
  }
  tree::ExtensiveForm form(graph);
  tell(request.progress, {.phase = fmt::format("solving {} tree nodes", form.tree().nodes.size())});
  lp::SolveOptions options;
  options.stop = request.stop;
  options.time_limit_s = request.seconds;
  options.mip_gap = std::min(request.gap, 1e-6);
  const lp::Answer answer = form.solve_whole(options);
  result.method = "tree";
  result.solver = form.solver_name();
  result.status = lp::to_string(answer.status);
  result.reason = answer.message;
  result.iterations = answer.iterations;
  result.solves = 1;
  result.target_gap = request.gap;
  if (answer.primal.empty()) return;
  result.objective = result.interval_low = result.interval_high = answer.objective;
  result.bound = answer.bound;
  result.gap = answer.gap;
  result.is_exact = true;
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.10g}", value); }

}  // namespace

int SolveResult::exit_code() const {
  if (diagnostics.has_errors()) return 2;
  if (!not_written.empty()) return 3;
  if (status == "converged" || status == "optimal") return 0;
  return status == "failed" ? 3 : 1;
}

SolveResult run(const SolveRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  SolveResult result;
  result.seed = request.seed;
  tell(request.progress, {.phase = "reading " + request.file.string()});
  const auto opened = program::open_problem({.file = request.file,
                                             .lattice = request.lattice,
                                             .time = request.time,
                                             .stoch = request.stoch});
  if (!opened) {
    result.diagnostics = opened.error();
    return result;
  }
  result.diagnostics = opened->notes;
  result.format = opened->format;
  result.problem = opened->problem.name;
  const program::PolicyGraph& graph = opened->problem.graph;
  if (request.method == SolveMethod::tree) {
    if (request.write_policy || request.read_policy)
      throw InvalidInput("the tree method has no policy to read or write: use --method sddp");
    solve_by_tree(result, request, graph);
  } else {
    solve_by_sddp(result, request, graph);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string to_text(const SolveResult& result) {
  if (result.diagnostics.has_errors()) return "";
  std::string text =
      fmt::format("{}{}{}\n", result.status, result.reason.empty() ? "" : ": ", result.reason);
  const auto add = [&](const char* name, const std::string& value) {
    text += fmt::format("  {:<10} {}\n", name, value);
  };
  add("objective", number(result.objective) + (result.is_exact ? " (exact)"
                                               : std::isnan(result.interval_low)
                                                   ? ""
                                                   : fmt::format(" (95 %: {} to {}, fresh paths)",
                                                                 number(result.interval_low),
                                                                 number(result.interval_high))));
  add("bound", number(result.bound));
  add("gap", std::isnan(result.gap)
                 ? "-"
                 : fmt::format("{:.3g} (target {:.3g})", result.gap, result.target_gap));
  add("iterations", std::to_string(result.iterations));
  add("solves", fmt::format("{}, {} handed over", result.solves, result.hand_overs));
  add("method", result.method + ", " + result.solver);
  add("format", result.format);
  add("seed", std::to_string(result.seed));
  add("time", fmt::format("{:.3f} s", result.seconds));
  if (result.relaxes_integers)
    text += "  whole numbers were taken as continuous: the tree method keeps them\n";
  if (!result.not_written.empty()) text += "  no policy: " + result.not_written + "\n";
  if (!result.is_reproducible)
    text += "  fastest mode with more than one thread: not reproducible\n";
  return text;
}

std::string to_json(const SolveResult& result) {
  if (result.diagnostics.has_errors()) return report::to_json(result.diagnostics);
  using Json = nlohmann::ordered_json;
  const auto value = [](double x) { return std::isnan(x) ? Json(nullptr) : Json(x); };
  const Json json = {{"status", result.status},
                     {"reason", result.reason},
                     {"objective", value(result.objective)},
                     {"bound", value(result.bound)},
                     {"interval", {value(result.interval_low), value(result.interval_high)}},
                     {"is_exact", result.is_exact},
                     {"gap", value(result.gap)},
                     {"target_gap", value(result.target_gap)},
                     {"iterations", result.iterations},
                     {"solves", result.solves},
                     {"hand_overs", result.hand_overs},
                     {"seconds", result.seconds},
                     {"method", result.method},
                     {"solver", result.solver},
                     {"problem", result.problem},
                     {"format", result.format},
                     {"relaxes_integers", result.relaxes_integers},
                     {"is_reproducible", result.is_reproducible},
                     {"not_written", result.not_written},
                     {"seed", result.seed}};
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

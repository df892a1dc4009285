// solve: a multistage stochastic program from a public file format, by decomposition or as one
// program over its tree.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"

namespace vorrat::verbs {

enum class SolveMethod { sddp, tree };

struct SolveRequest {
  std::filesystem::path file;  // .sof.json, .problem.json, or the .cor of an SMPS triple
  std::optional<std::filesystem::path> lattice;      // where it is not beside a .problem.json
  std::optional<std::filesystem::path> time, stoch;  // SMPS, where the names differ
  SolveMethod method = SolveMethod::sddp;
  int iterations = 1000;
  double gap = 1e-4;  // target, relative
  double seconds = 1e30;
  int threads = 1;
  int paths_at_once = 1;    // of an iteration
  bool is_fastest = false;  // asynchronous threads: not reproducible
  std::uint64_t seed = 1;
  std::string risk = "expectation";
  std::optional<double> cost_to_go_bound;
  std::optional<std::filesystem::path> write_policy;  // sddp only
  std::optional<std::filesystem::path> read_policy;   // goes on from it; sddp only
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
};

/// Numbers that a method does not give are NaN.
struct SolveResult {
  Diagnostics
      diagnostics;  // errors: nothing was solved; notes: what had to be assumed to read the file
  std::string problem, format, method, solver;
  std::string status;  // converged, optimal, stopped, infeasible, unbounded, failed
  std::string reason;
  double objective =
      std::numeric_limits<double>::quiet_NaN();  // of the policy: exact, or its mean on fresh paths
  double bound = std::numeric_limits<double>::quiet_NaN();  // no policy is better
  double interval_low =
      std::numeric_limits<double>::quiet_NaN();  // 95 %, of the mean; both the objective if exact
  double interval_high = std::numeric_limits<double>::quiet_NaN();
  double gap = std::numeric_limits<double>::quiet_NaN();
  double target_gap = std::numeric_limits<double>::quiet_NaN();
  bool is_exact = false;
  bool relaxes_integers = false;
  bool is_reproducible = true;
  std::string not_written{};  // why the policy could not be; the answer stands
  std::int64_t iterations = 0, solves = 0, hand_overs = 0;
  std::uint64_t seed = 0;
  double seconds = 0.0;

  /// 0: converged or optimal; 1: the answer is no, or the gap is not met; 2: the input is wrong; 3:
  /// the solver failed.
  int exit_code() const;
};

/// Throws InvalidInput for a risk measure that is not understood, Unavailable if the policy cannot
/// be written.
SolveResult run(const SolveRequest& request);
std::string to_text(const SolveResult& result);
std::string to_json(const SolveResult& result);

}  // namespace vorrat::verbs

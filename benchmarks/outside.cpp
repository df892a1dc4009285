// How much of the engine's time passes outside the stage solver.
//   outside [DIRECTORY]    where capex1.sof.json and capex2.sof.json are: data/cases/instances
//
// The linker puts the clocks below around two functions (see CMakeLists.txt), so that the engine
// that is measured is the one that is used.
#include <fmt/format.h>

#include <chrono>
#include <span>

#include "programs.h"
#include "vorrat/lp/stage_solver.h"
#include "vorrat/sddp/stage_problem.h"

namespace {

using Clock = std::chrono::steady_clock;
using vorrat::lp::StageSolver;
using vorrat::lp::Status;
using vorrat::sddp::StageProblem;

Clock::duration in_solver{}, in_problem{};

}  // namespace

// In the names that the compiler gives them:
// StageSolver::resolve(std::size_t) and StageProblem::solve(std::span<const double>, std::size_t,
// std::size_t).
extern "C" {
Status __real__ZN6vorrat2lp11StageSolver7resolveEm(StageSolver* self, std::size_t cut_limit);
Status __wrap__ZN6vorrat2lp11StageSolver7resolveEm(StageSolver* self, std::size_t cut_limit) {
  const auto began = Clock::now();
  const Status status = __real__ZN6vorrat2lp11StageSolver7resolveEm(self, cut_limit);
  in_solver += Clock::now() - began;
  return status;
}

Status __real__ZN6vorrat4sddp12StageProblem5solveESt4spanIKdLm18446744073709551615EEmm(
    StageProblem* self, std::span<const double> state, std::size_t outcome, std::size_t cut_limit);
Status __wrap__ZN6vorrat4sddp12StageProblem5solveESt4spanIKdLm18446744073709551615EEmm(
    StageProblem* self, std::span<const double> state, std::size_t outcome, std::size_t cut_limit) {
  const auto began = Clock::now();
  const Status status =
      __real__ZN6vorrat4sddp12StageProblem5solveESt4spanIKdLm18446744073709551615EEmm(
          self, state, outcome, cut_limit);
  in_problem += Clock::now() - began;
  return status;
}
}

namespace vorrat::benchmarks {
namespace {

double seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }

/// What one of the two readings of the clock costs, of which half falls inside.
double reading_seconds() {
  constexpr int many = 1'000'000;
  const auto began = Clock::now();
  for (int i = 1; i < many; ++i) static_cast<void>(Clock::now());
  return seconds(Clock::now() - began) / many;
}

void measure(const std::string& name, const program::PolicyGraph& graph, int iterations) {
  std::vector<double> of_solver, of_problem, each;
  for (int repetition = 0; repetition < 5; ++repetition) {
    in_solver = in_problem = {};
    const EngineRun run = run_engine(graph, {.iterations = iterations});
    const double reading = reading_seconds() * static_cast<double>(run.solves);
    const double whole = run.wall_seconds - 4.0 * reading;
    of_solver.push_back(1.0 - (seconds(in_solver) - reading) / whole);
    of_problem.push_back(1.0 - (seconds(in_problem) - 3.0 * reading) / whole);
    each.push_back(1e6 * whole / static_cast<double>(run.solves));
  }
  fmt::print("| {} | {} | {:.2f} | {:.1f} % | {:.1f} % |\n", name, iterations, median(each),
             100.0 * median(of_solver), 100.0 * median(of_problem));
  std::fflush(stdout);
}

}  // namespace
}  // namespace vorrat::benchmarks

int main(int count, char** arguments) {
  using namespace vorrat::benchmarks;
  const std::string directory = count > 1 ? arguments[1] : "data/cases/instances";
  fmt::print(
      "## Outside the stage solver\n\n"
      "The share of a training on one thread that passes outside `StageSolver::resolve()`, and "
      "outside re-solving as the table\nabove counts it: right-hand sides set, solve, answers and "
      "slopes read. What is left is set-up, sampling, cuts made, compared\nand retired, trial "
      "states kept, and two paths played at the end. Looking for missed cuts is the solver's work. "
      "Median of 5.\n\n"
      "| problem | iterations | microseconds a solve, all in | outside the solver | outside "
      "re-solving |\n|---|---|---|---|---|\n");
  measure("capex1", read_program(directory + "/capex1.sof.json"), 100);
  measure("capex1", read_program(directory + "/capex1.sof.json"), 1000);
  measure("capex2", read_program(directory + "/capex2.sof.json"), 100);
  measure("capex2", read_program(directory + "/capex2.sof.json"), 1000);
  measure("hydro, 24 stages x 10", graph_of(hydro(), 24, 10), 200);
  measure("capacity, 12 stages x 10", graph_of(capacity(12, 4, 3), 12, 10), 60);
}

// The engine against plain loops on other solvers, and against the extensive form as trees grow.
//   engine [DIRECTORY [TABLE]]    where capex1.sof.json and capex2.sof.json are (as a rule
//                                 data/cases/instances), and which one table: training, cuts,
//                                 threads or trees
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "programs.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::benchmarks {
namespace {

using program::PolicyGraph;

/// One line: the engine and the plain loop on ours (median of `repetitions`), on Clp and on HiGHS
/// (median of `others`; none if 0).
void compare(const std::string& name, const PolicyGraph& graph, const LoopLimits& limits,
             int repetitions, int others) {
  std::vector<double> engine_times, times[3];
  EngineRun run{};
  LoopResult results[3];
  const std::function<std::unique_ptr<StageBackend>()> makers[] = {
      make_stage_backend, make_clp_backend, make_highs_backend};
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    run = run_engine(graph, limits);
    engine_times.push_back(run.seconds);
    for (int b = 0; b < (repetition < others ? 3 : 1); ++b) {
      results[b] = plain_loop(graph, 0.0, makers[b], limits);
      times[b].push_back(results[b].seconds);
    }
  }
  std::string line = fmt::format("| {} | {:.4f} s, {:.3f} ({} it.) | {:.4f} s, {:.3f} ({} it.) |",
                                 name, median(engine_times), run.bound, run.iterations,
                                 median(times[0]), results[0].bound, results[0].iterations);
  for (int b = 1; b < 3; ++b) {
    if (others == 0) {
      line += " - |";
      continue;
    }
    line +=
        fmt::format(" {:.3f} s, {:.3f} ({} it.): {:.1f}x, {:.1f}x |", median(times[b]),
                    results[b].bound, results[b].iterations,
                    median(times[b]) / median(engine_times), median(times[b]) / median(times[0]));
  }
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void compare_all(const std::string& directory) {
  const PolicyGraph capex1 = read_program(directory + "/capex1.sof.json");
  const PolicyGraph capex2 = read_program(directory + "/capex2.sof.json");
  fmt::print(
      "## Training by SDDP\n\n"
      "CPU seconds of one thread, with the bound and the iterations they took; each its own "
      "sampled "
      "paths. The engine, the\nplain loop on our stage solver, and the same plain loop on Clp and "
      "HiGHS with how many times longer than the engine\nand than the plain loop on ours it took. "
      "Ours: median of 5. Others: median of 5 for 100 iterations, one run to a bound.\n\n"
      "| problem | engine | plain loop | plain loop on Clp | plain loop on HiGHS |\n"
      "|---|---|---|---|---|\n");
  compare("capex1, 100 iterations", capex1, {.iterations = 100}, 5, 5);
  compare("capex2, 100 iterations", capex2, {.iterations = 100}, 5, 5);
  const LoopLimits first = {.iterations = 100'000, .bound = 0.999 * 1012.407, .seconds = 40};
  const LoopLimits second = {.iterations = 100'000, .bound = 0.999 * 1309.10, .seconds = 40};
  compare("capex1 to 0.999 of the optimum", capex1, first, 5, 1);
  compare("capex2 to 0.999 of the optimum", capex2, second, 5, 1);
  const PolicyGraph fleet = graph_of(capacity(12, 4, 3), 12, 10);
  const double reached = plain_loop(fleet, 0.0, make_stage_backend, {.iterations = 60}).bound;
  compare("capacity, 12 stages x 10, to one bound", fleet,
          {.iterations = 1000, .bound = reached, .seconds = 40}, 5, 1);
}

void cuts_do_not_slow(const std::string& directory) {
  const PolicyGraph graph = read_program(directory + "/capex1.sof.json");
  fmt::print(
      "\n## As cuts pile up\n\n"
      "The engine on capex1: stage problems solved a second, on average from the start. Median of "
      "5.\n\n"
      "| iterations | LPs a second | cuts a second | peak memory of the process [MiB] |\n"
      "|---|---|---|---|\n");
  for (const int iterations : {200, 500, 1000, 2000}) {
    std::vector<double> times;
    EngineRun run{};
    for (int repetition = 0; repetition < 5; ++repetition) {
      run = run_engine(graph, {.iterations = iterations});
      times.push_back(run.seconds);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("| {} | {:.0f} | {:.0f} | {} |\n", iterations,
               static_cast<double>(run.solves) / median(times),
               static_cast<double>(iterations) * static_cast<double>(graph.nodes.size() - 1) /
                   median(times),
               usage.ru_maxrss / 1024);
    std::fflush(stdout);
  }
}

/// Time to one bound by the clock on the wall: cores must be idle for it to say anything, which is
/// why the CPU time stands beside it.
void threads_share(const std::string& name, const PolicyGraph& graph, double bound) {
  struct Way {
    std::string name;
    sddp::Mode mode;
    int threads, paths;
  };
  const std::vector<Way> ways = {{"one thread", sddp::Mode::reproducible, 1, 1},
                                 {"2, reproducible, 2 paths", sddp::Mode::reproducible, 2, 2},
                                 {"2, fastest", sddp::Mode::fastest, 2, 1}};
  std::vector<std::vector<double>> walls(ways.size()), cpus(ways.size()), ratios(ways.size()),
      iterations(ways.size());
  for (int repetition = 0; repetition < 9; ++repetition) {
    for (std::size_t w = 0; w < ways.size(); ++w) {
      sddp::Options options;
      options.seed = static_cast<std::uint64_t>(repetition + 1);
      options.mode = ways[w].mode;
      options.threads = ways[w].threads;
      options.paths_per_iteration = ways[w].paths;
      const EngineRun run = run_engine(graph, {.iterations = 100'000, .bound = bound}, options);
      walls[w].push_back(run.last_seconds);
      cpus[w].push_back(run.seconds);
      iterations[w].push_back(run.iterations);
      ratios[w].push_back(walls[0].back() / run.last_seconds);
    }
  }
  for (std::size_t w = 0; w < ways.size(); ++w) {
    fmt::print("| {} | {} | {:.4f} s | {:.4f} s | {:.0f} | {:.2f}x |\n", name, ways[w].name,
               median(walls[w]), median(cpus[w]), median(iterations[w]), median(ratios[w]));
  }
  std::fflush(stdout);
}

void threads_share(const std::string& directory) {
  fmt::print(
      "\n## Two threads\n\n"
      "Time by the clock on the wall until the bound is reached, the CPU time of all threads and "
      "the iterations, and how many\ntimes sooner than one thread. Medians over 9 seeds, of each "
      "the ways in turn, the ratio within its turn.\n\n"
      "| problem | threads | wall | CPU | iterations | sooner |\n|---|---|---|---|---|---|\n");
  const PolicyGraph fleet = graph_of(capacity(12, 4, 3), 12, 10);
  threads_share("capacity, 12 stages x 10", fleet, run_engine(fleet, {.iterations = 60}).bound);
  threads_share("capex2 to 0.999 of the optimum", read_program(directory + "/capex2.sof.json"),
                0.999 * 1309.10);
}

void trees_grow() {
  fmt::print(
      "\n## Against the extensive form\n\n"
      "A capacity problem of 4 chips, 2 sites and 2 workloads on a growing tree: CPU seconds of "
      "HiGHS on the whole tree, and of\nthe engine until its bound is within 1e-4 of that "
      "optimum.\n\n"
      "| tree | rows | extensive form, HiGHS | engine | ratio |\n|---|---|---|---|---|\n");
  const Family family = capacity(4, 2, 2);
  for (const auto& [openings, stages] :
       {std::pair{3, 3}, std::pair{3, 4}, std::pair{3, 5}, std::pair{3, 6}, std::pair{3, 7}}) {
    const PolicyGraph graph =
        graph_of(family, static_cast<std::size_t>(stages), static_cast<std::size_t>(openings));
    const double began = process_seconds();
    tree::ExtensiveForm form(graph);
    const double optimum = form.solve_whole({}).objective;
    const double whole = process_seconds() - began;
    std::vector<double> times;
    for (int repetition = 0; repetition < 5; ++repetition) {
      times.push_back(
          run_engine(graph, {.iterations = 5000, .bound = optimum - 1e-4 * std::abs(optimum)})
              .seconds);
    }
    double nodes = 0;
    for (int t = 0; t < stages; ++t) nodes += std::pow(openings, t + 1);
    fmt::print("| {} openings, {} stages | {:.0f} | {:.3f} s | {:.4f} s | {:.0f}x |\n", openings,
               stages, nodes * static_cast<double>(family.model.rows.size()), whole, median(times),
               whole / median(times));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace vorrat::benchmarks

int main(int count, char** arguments) {
  using namespace vorrat::benchmarks;
  const std::string directory = count > 1 ? arguments[1] : "data/cases/instances";
  const std::string table = count > 2 ? arguments[2] : "";
  if (table.empty() || table == "training") compare_all(directory);
  if (table.empty() || table == "cuts") cuts_do_not_slow(directory);
  if (table.empty() || table == "threads") threads_share(directory);
  if (table.empty() || table == "trees") trees_grow();
}

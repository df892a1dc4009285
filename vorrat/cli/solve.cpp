#include "vorrat/verbs/solve.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"
#include "vorrat/cli/numbers.h"

namespace vorrat::cli {

void add_solve(CLI::App& app, World& world) {
  struct Options {
    verbs::SolveRequest request;
    std::string file, lattice, time, stoch, write_policy, read_policy, method = "sddp";
    double bound = 0.0;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  auto& request = options->request;
  CLI::App* command =
      app.add_subcommand("solve", "Solve a multistage stochastic program from a file");
  command
      ->add_option("FILE", options->file,
                   "a .sof.json, a .problem.json, or the .cor of an SMPS triple")
      ->required();
  command->add_option("--lattice", options->lattice,
                      "lattice of a .problem.json (default: beside it)");
  command->add_option("--tim", options->time, "SMPS time file (default: beside the .cor)");
  command->add_option("--sto", options->stoch, "SMPS stochastic file (default: beside the .cor)");
  command->add_option("--method", options->method, "sddp or tree (default: sddp)")
      ->check([](const std::string& text) {
        return text == "sddp" || text == "tree" ? "" : "write sddp or tree";
      });
  command->add_option("--iterations", request.iterations, "most iterations (default: 1000)")
      ->check(above_zero);
  command->add_option("--gap", request.gap, "target, relative (default: 1e-4)")
      ->check(not_negative);
  command->add_option("--seconds", request.seconds, "time limit")->check(above_zero);
  command->add_option("--threads", request.threads, "threads (default: 1)")
      ->check(CLI::Range(1, 256));
  command
      ->add_option("--paths", request.paths_at_once,
                   "paths of an iteration: more give more threads work (default: 1)")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--fastest", request.is_fastest, "asynchronous threads; not reproducible");
  command->add_option("--seed", request.seed, "seed of all random draws (default: 1)")
      ->check(whole);
  command->add_option("--risk", request.risk,
                      "as in \"cvar(0.1)\" or \"0.6 expectation + 0.4 cvar(0.1)\"");
  CLI::Option* bound =
      command
          ->add_option("--cost-to-go-bound", options->bound,
                       "least (maximising: largest) cost to go, where it cannot be computed")
          ->check(finite);
  command->add_option("--write-policy", options->write_policy, "file for the trained policy");
  command->add_option("--read-policy", options->read_policy,
                      "go on from a policy that was written");
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, bound, &world] {
    *world.chosen = [options, bound, &world] {
      verbs::SolveRequest& asked = options->request;
      asked.file = options->file;
      if (options->method == "tree") asked.method = verbs::SolveMethod::tree;
      if (!options->lattice.empty()) asked.lattice = options->lattice;
      if (!options->time.empty()) asked.time = options->time;
      if (!options->stoch.empty()) asked.stoch = options->stoch;
      if (!options->write_policy.empty()) asked.write_policy = options->write_policy;
      if (!options->read_policy.empty()) asked.read_policy = options->read_policy;
      if (bound->count() > 0) asked.cost_to_go_bound = options->bound;
      asked.progress = world.progress;
      asked.stop = world.stop;
      const verbs::SolveResult result = verbs::run(asked);
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

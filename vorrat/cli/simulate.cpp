#include "vorrat/verbs/simulate.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"
#include "vorrat/cli/numbers.h"

namespace vorrat::cli {

void add_simulate(CLI::App& app, World& world) {
  struct Options {
    verbs::SimulateRequest request;
    std::string file, policy, lattice, time, stoch;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("simulate", "What a policy that solve wrote costs on fresh paths");
  command->add_option("FILE", options->file, "the problem, as for solve")->required();
  command->add_option("POLICY", options->policy, "the policy, from solve --write-policy")
      ->required();
  command->add_option("--lattice", options->lattice,
                      "lattice of a .problem.json (default: beside it)");
  command->add_option("--tim", options->time, "SMPS time file (default: beside the .cor)");
  command->add_option("--sto", options->stoch, "SMPS stochastic file (default: beside the .cor)");
  command->add_option("--paths", options->request.paths, "paths (default: 1000)")
      ->check(above_zero);
  command->add_option("--seed", options->request.seed, "seed of the paths (default: 1)")
      ->check(whole);
  command->add_option("--threads", options->request.threads, "threads (default: 1)")
      ->check(CLI::Range(1, 256));
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::SimulateRequest& asked = options->request;
      asked.file = options->file;
      asked.policy = options->policy;
      if (!options->lattice.empty()) asked.lattice = options->lattice;
      if (!options->time.empty()) asked.time = options->time;
      if (!options->stoch.empty()) asked.stoch = options->stoch;
      asked.stop = world.stop;
      const verbs::SimulateResult result = verbs::run(asked);
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

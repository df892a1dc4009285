#include "vorrat/verbs/plan.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_plan(CLI::App& app, World& world) {
  struct Options {
    std::string scenario, data;
    std::uint64_t seed = 0;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("plan", "What to order this quarter, what it is worth and how sure it is");
  command->add_option("SCENARIO", options->scenario, "folder with scenario.toml and its tables")
      ->required();
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  CLI::Option* seed = command->add_option("--seed", options->seed,
                                          "seed of all random draws (default: the scenario's)");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, seed, &world] {
    *world.chosen = [options, seed, &world] {
      verbs::PlanRequest request{.scenario = options->scenario,
                                 .data = {},
                                 .seed = {},
                                 .progress = world.progress,
                                 .stop = world.stop};
      if (!options->data.empty()) request.data = options->data;
      if (seed->count() > 0) request.seed = options->seed;
      const verbs::PlanResult result = verbs::run(request);
      if (!options->json || result.plan) std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

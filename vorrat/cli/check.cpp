#include "vorrat/verbs/check.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_check(CLI::App& app, World& world) {
  struct Options {
    std::string scenario, data;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "check", "What is wrong with a scenario folder, what was filled in, what nobody vouches for");
  command->add_option("SCENARIO", options->scenario, "folder with scenario.toml and its tables")
      ->required();
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  command->add_flag("--json", options->json, "print the remarks as JSON, for editors");
  command->callback([options, &world] {
    *world.chosen = [options] {
      verbs::CheckRequest request{.scenario = options->scenario, .data = {}};
      if (!options->data.empty()) request.data = options->data;
      const verbs::CheckResult result = verbs::run(request);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

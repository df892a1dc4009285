#include "vorrat/verbs/validate.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_validate(CLI::App& app, World& world) {
  struct Options {
    std::vector<std::string> only;
    std::string data, instances;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "validate",
      "Run every built-in case with a known answer: expected, found, tolerance, source");
  command->add_option("--only", options->only, "names of cases (default: all)")->delimiter(',');
  command->add_option("--data", options->data,
                      "folder of the cases (default: installed with vorrat)");
  command
      ->add_option("--instances", options->instances,
                   "folder of public problems that may not be copied (default: skipped)")
      ->envname("VORRAT_INSTANCES");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::ValidateRequest request{
          .only = options->only, .data = {}, .progress = world.progress, .stop = world.stop};
      if (!options->data.empty()) request.data = options->data;
      if (!options->instances.empty()) request.instances = options->instances;
      const verbs::ValidateResult result = verbs::run(request);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

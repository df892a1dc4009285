#include "vorrat/verbs/show.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_show(CLI::App& app, World& world) {
  struct Options {
    std::string run, store, write_scenario;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("show", "A kept run: when, from what, and its answer");
  command->add_option("RUN", options->run, "number of the run, or last")->required();
  command->add_option("--store", options->store, store_help);
  command->add_option("--write-scenario", options->write_scenario,
                      "a new or empty folder for the scenario as it was");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      const verbs::ShowResult result =
          verbs::run({.run = options->run,
                      .file = path_or_none(options->store),
                      .write_scenario = path_or_none(options->write_scenario)});
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return 0;
    };
  });
}

}  // namespace vorrat::cli

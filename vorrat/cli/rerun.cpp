#include "vorrat/verbs/rerun.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_rerun(CLI::App& app, World& world) {
  struct Options {
    std::string run, store;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "rerun", "A kept run again, from its kept inputs: the same bits, or what differs");
  command->add_option("RUN", options->run, "number of the run, or last")->required();
  command->add_option("--store", options->store, store_help);
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      const verbs::RerunResult result = verbs::run({.run = options->run,
                                                    .file = path_or_none(options->store),
                                                    .progress = world.progress,
                                                    .stop = world.stop});
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

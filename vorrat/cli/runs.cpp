#include "vorrat/verbs/runs.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_runs(CLI::App& app, World& world) {
  struct Options {
    std::string store;
    bool check = false, json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("runs", "The runs that are kept, newest first");
  command->add_option("--store", options->store, store_help);
  command->add_flag("--check", options->check,
                    "read every byte of the file and say whether it is whole");
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      const verbs::RunsResult result =
          verbs::run({.file = path_or_none(options->store), .is_check = options->check});
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

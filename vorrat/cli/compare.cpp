#include "vorrat/verbs/compare.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_compare(CLI::App& app, World& world) {
  struct Options {
    std::string before, after, store;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "compare", "Two kept runs: which inputs differ, what changed, and what each input did");
  command->add_option("RUN", options->before, "number of the first run, or last")->required();
  command->add_option("OTHER", options->after, "number of the second run, or last")->required();
  command->add_option("--store", options->store, store_help);
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      const verbs::CompareResult result = verbs::run({.before = options->before,
                                                      .after = options->after,
                                                      .file = path_or_none(options->store),
                                                      .progress = world.progress,
                                                      .stop = world.stop});
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return 0;
    };
  });
}

}  // namespace vorrat::cli

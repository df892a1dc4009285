#include "vorrat/verbs/schema.h"

#include <CLI/CLI.hpp>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_schema(CLI::App& app, World& world) {
  CLI::App* command = app.add_subcommand("schema", "The JSON Schema of scenario.toml, for editors");
  command->callback([&world] {
    *world.chosen = [] {
      print(verbs::scenario_schema());
      return 0;
    };
  });
}

}  // namespace vorrat::cli

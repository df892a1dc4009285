#include "vorrat/verbs/schema.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_schema(CLI::App& app, World& world) {
  CLI::App* command = app.add_subcommand("schema", "The JSON Schema of scenario.toml, for editors");
  const auto as_page = std::make_shared<bool>(false);
  command->add_flag("--reference", *as_page, "The reference page of the whole folder instead");
  command->callback([&world, as_page] {
    *world.chosen = [as_page] {
      print(*as_page ? verbs::scenario_reference() : verbs::scenario_schema());
      return 0;
    };
  });
}

}  // namespace vorrat::cli

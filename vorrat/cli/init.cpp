#include "vorrat/verbs/init.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_init(CLI::App& app, World& world) {
  struct Options {
    std::string folder, data;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("init", "Write a small commented scenario that runs at once");
  command->add_option("FOLDER", options->folder, "a new or empty folder")->required();
  command->add_option("--data", options->data,
                      "folder that holds starter/ (default: installed with vorrat)");
  command->callback([options, &world] {
    *world.chosen = [options] {
      verbs::InitRequest request{.folder = options->folder, .data = {}};
      if (!options->data.empty()) request.data = options->data;
      print(verbs::to_text(request, verbs::run(request)));
      return 0;
    };
  });
}

}  // namespace vorrat::cli

#include "vorrat/verbs/actuals.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_actuals(CLI::App& app, World& world) {
  struct Options {
    std::string run, store, entries, apply, first, data;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "actuals", "What happened, beside the plan of a kept run; and a scenario that begins there");
  command->add_option("RUN", options->run, "number of the run, or last")->required();
  command->add_option("--file", options->entries, "table of what happened, to be entered");
  command->add_option("--apply", options->apply,
                      "a new or empty folder for the scenario that begins from what happened");
  command->add_option("--first", options->first,
                      "quarter in which it begins (default: after the last order, delivery or "
                      "payment)");
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  command->add_option("--store", options->store, store_help);
  command->add_flag("--json", options->json, "print the answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      const verbs::ActualsResult result = verbs::run({.run = options->run,
                                                      .file = path_or_none(options->store),
                                                      .entries = path_or_none(options->entries),
                                                      .apply = path_or_none(options->apply),
                                                      .data = path_or_none(options->data),
                                                      .first = options->first});
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

#include "vorrat/verbs/what_if.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_what_if(CLI::App& app, World& world) {
  struct Options {
    std::string scenario, data, store;
    std::vector<std::string> changes;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("what-if", "The plan for changed inputs, in seconds from the kept one");
  command->add_option("SCENARIO", options->scenario, "folder with scenario.toml and its tables")
      ->required();
  command
      ->add_option(
          "KEY=VALUE", options->changes,
          "a change: money.discount_rate=12 %/year (scenario.toml), "
          "offers.csv:h200-mainland:price=30 kUSD (file:row:column), demand=x1.2 (a column "
          "in every row, times 1.2)")
      ->required();
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  command->add_option("--store", options->store, store_help);
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::WhatIfRequest request{.plan = {.scenario = options->scenario,
                                            .data = path_or_none(options->data),
                                            .seed = {},
                                            .progress = world.progress,
                                            .stop = world.stop},
                                   .changes = options->changes,
                                   .file = path_or_none(options->store)};
      const verbs::WhatIfResult result = verbs::run(request);
      if (!options->json || result.then.plan)
        std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

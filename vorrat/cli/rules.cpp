#include "vorrat/verbs/rules.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/base/error.h"
#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_rules(CLI::App& app, World& world) {
  struct Options {
    std::string on, data;
    std::vector<std::string> between;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("rules", "What is in force on a day, or what changed between two days");
  CLI::Option* on = command->add_option("--on", options->on, "day, as in 2026-02-01");
  CLI::Option* between =
      command->add_option("--diff", options->between, "two days: what changed, and for whom")
          ->expected(2)
          ->excludes(on);
  command->add_option("--data", options->data,
                      "folder of catalogue and rules (default: installed with vorrat)");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, on, between, &world] {
    if (on->count() + between->count() == 0) {
      throw CLI::ValidationError("rules", "name a day with --on, or two with --diff");
    }
    *world.chosen = [options] {
      verbs::RulesRequest request;
      if (options->between.empty()) {
        request.on = day_of("--on", options->on);
      } else {
        request.since = day_of("--diff", options->between[0]);
        request.on = day_of("--diff", options->between[1]);
      }
      if (!options->data.empty()) request.data = options->data;
      const verbs::RulesResult result = verbs::run(request);
      if (!options->json) std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

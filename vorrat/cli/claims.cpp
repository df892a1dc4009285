#include "vorrat/verbs/claims.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_claims(CLI::App& app, World& world) {
  struct Options {
    std::string file;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("claims", "Judge published claims by the figures they rest on");
  command->add_option("FILE", options->file, "claims as TOML")->required();
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      const verbs::ClaimsResult result = verbs::run(verbs::ClaimsRequest{options->file});
      if (!options->json) std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

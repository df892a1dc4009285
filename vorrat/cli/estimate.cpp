#include "vorrat/verbs/estimate.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_estimate(CLI::App& app, World& world) {
  struct Options {
    std::string file;
    std::size_t draws = 0;
    std::uint64_t seed = 0;
    int threads = 1;
    Sampling sampling = Sampling::random;
    std::vector<std::string> set;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "estimate", "Compute formulas over uncertain quantities: mean, 5, 50 and 95 %, and drivers");
  command->add_option("FILE", options->file, "estimate as TOML")->required();
  CLI::Option* draws = command->add_option("--draws", options->draws, "number of draws")
                           ->check(CLI::Range(2.0, 1e8));
  CLI::Option* seed = command->add_option("--seed", options->seed, "seed of all random draws");
  command->add_option("--threads", options->threads, "threads; the result is the same for any")
      ->check(CLI::Range(1, 256));
  CLI::Option* sampling =
      command->add_option("--sampling", options->sampling, "random, latin_hypercube or sobol")
          ->transform(CLI::CheckedTransformer(
              std::map<std::string, Sampling>{{"random", Sampling::random},
                                              {"latin_hypercube", Sampling::latin_hypercube},
                                              {"sobol", Sampling::sobol}}))
          ->type_name("TEXT");
  command->add_option("--set", options->set, "INPUT=VALUE, or NAME.rank=VALUE of a correlation");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([=, &world] {
    *world.chosen = [=] {
      verbs::EstimateRequest request{.file = options->file, .threads = options->threads};
      if (draws->count() > 0) request.draws = options->draws;
      if (seed->count() > 0) request.seed = options->seed;
      if (sampling->count() > 0) request.sampling = options->sampling;
      for (const std::string& entry : options->set) {
        const std::size_t sign = entry.find('=');
        if (sign == std::string::npos) throw InvalidInput("--set needs INPUT=VALUE");
        request.overrides[entry.substr(0, sign)] = entry.substr(sign + 1);
      }
      const verbs::EstimateResult result = verbs::run(request);
      if (!options->json) std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

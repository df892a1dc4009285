#include "vorrat/verbs/keep.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"
#include "vorrat/cli/numbers.h"

namespace vorrat::cli {

void add_plan(CLI::App& app, World& world) {
  struct Options {
    std::string scenario, data, store, method;
    std::uint64_t seed = 0;
    double gap = 0.0, seconds = 0.0;
    int iterations = 0, threads = 2;
    bool json = false, no_store = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("plan", "What to order this quarter, what it is worth and how sure it is");
  command->add_option("SCENARIO", options->scenario, "folder with scenario.toml and its tables")
      ->required();
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  CLI::Option* seed = command->add_option("--seed", options->seed,
                                          "seed of all random draws (default: the scenario's)");
  CLI::Option* method =
      command
          ->add_option("--method", options->method,
                       "sddp: decomposition over all futures; tree: a tree of sampled ones, with "
                       "whole numbers (default: the scenario's)")
          ->check(CLI::IsMember({"sddp", "tree"}));
  CLI::Option* gap = command
                         ->add_option("--gap", options->gap,
                                      "sddp: share of the cost, as in 0.01, between bound and cost "
                                      "at which to stop (default: the scenario's)")
                         ->check(above_zero);
  CLI::Option* seconds =
      command
          ->add_option("--seconds", options->seconds,
                       "sddp: train for so long at most (default: the scenario's time_limit)")
          ->check(above_zero);
  CLI::Option* iterations =
      command->add_option("--iterations", options->iterations, "sddp: train so many at most")
          ->check(above_zero);
  command
      ->add_option("--threads", options->threads,
                   "sddp: threads to train on; any number gives the same plan")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->add_option("--store", options->store, store_help);
  command->add_flag("--no-store", options->no_store, "do not keep the run");
  command->callback([options, seed, method, gap, seconds, iterations, &world] {
    *world.chosen = [options, seed, method, gap, seconds, iterations, &world] {
      verbs::PlanRequest request{.scenario = options->scenario,
                                 .data = {},
                                 .seed = {},
                                 .progress = world.progress,
                                 .stop = world.stop};
      if (!options->data.empty()) request.data = options->data;
      if (seed->count() > 0) request.seed = options->seed;
      if (method->count() > 0) {
        request.method =
            options->method == "tree" ? verbs::PlanMethod::tree : verbs::PlanMethod::sddp;
      }
      if (gap->count() > 0) request.gap = options->gap;
      if (seconds->count() > 0) request.seconds = options->seconds;
      if (iterations->count() > 0) request.iterations = options->iterations;
      request.threads = options->threads;
      const auto print_plan = [&](const verbs::PlanResult& result, const std::string& kept) {
        if (!options->json || result.plan)
          std::fputs(to_string(result.diagnostics).c_str(), stderr);
        print(options->json ? verbs::to_json(result) : verbs::to_text(result) + kept);
        if (options->json) std::fputs(kept.c_str(), stderr);
      };
      if (options->no_store) {
        const verbs::PlanResult result = verbs::run(request);
        print_plan(result, "");
        return result.exit_code();
      }
      const verbs::KeptPlan kept =
          verbs::run(verbs::KeepRequest{.plan = request, .file = path_or_none(options->store)});
      print_plan(kept.result, verbs::last_line(kept));
      if (!kept.not_kept.empty()) {
        std::fputs(("vorrat: the plan is complete, but it is not kept: " + kept.not_kept +
                    "\n  --store FILE keeps it elsewhere, --no-store keeps none\n")
                       .c_str(),
                   stderr);
      }
      return kept.exit_code();
    };
  });
}

}  // namespace vorrat::cli

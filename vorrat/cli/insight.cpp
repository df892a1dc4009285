#include "vorrat/verbs/keep_insight.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {
namespace {

/// The options that every question has.
struct Options {
  std::string scenario, data, offer, shut, delay;
  std::uint64_t seed = 0;
  CLI::Option* seed_given = nullptr;
  std::size_t futures = 36;
  double within = 2.0;
  bool json = false, only_lesser = false, third_site_only = false;
};

void add_common(CLI::App& command, Options& options,
                const char* of = "folder with scenario.toml and its tables") {
  command.add_option("SCENARIO", options.scenario, of)->required();
  command.add_option("--data", options.data,
                     "folder of the catalogue (default: installed with vorrat)");
  options.seed_given = command.add_option("--seed", options.seed,
                                          "seed of all random draws (default: the scenario's)");
  command
      .add_option("--futures", options.futures,
                  "most futures of the tree that questions are put to")
      ->check(CLI::Range(1, 5000))
      ->capture_default_str();
  command.add_flag("--json", options.json, "print the tables as JSON");
}

verbs::QuestionRequest about(const Options& options, const World& world) {
  verbs::QuestionRequest request{.scenario = options.scenario,
                                 .data = {},
                                 .seed = {},
                                 .futures = options.futures,
                                 .progress = world.progress,
                                 .stop = world.stop};
  if (!options.data.empty()) request.data = options.data;
  if (options.seed_given->count() > 0) request.seed = options.seed;
  return request;
}

int answer(const verbs::QuestionResult& result, bool json) {
  if (!json) std::fputs(to_string(result.diagnostics).c_str(), stderr);
  print(json ? verbs::to_json(result) : verbs::to_text(result));
  return result.exit_code();
}

void add_why_verb(CLI::App& app, World& world, const char* name, const char* help,
                  bool needs_offer) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, help);
  add_common(*command, *options);
  CLI::Option* offer = command->add_option("OFFER", options->offer, "id of an offer");
  if (needs_offer) offer->required();
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::WhyRequest request{.about = about(*options, world), .offer = {}};
      if (!options->offer.empty()) request.offer = options->offer;
      return answer(verbs::run(request), options->json);
    };
  });
}

}  // namespace

void add_insight(CLI::App& app, World& world) {
  auto options = std::make_shared<Options>();
  auto store = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "insight",
      "What is behind a plan: reasons, break-even odds, information, risk, stress; kept with it");
  add_common(*command, *options, "folder with scenario.toml and its tables, or a kept run");
  command->add_option("--store", *store, store_help);
  command
      ->add_option("--within", options->within,
                   "near-best plans cost at most this many percent more")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->callback([options, store, &world] {
    *world.chosen = [options, store, &world] {
      const verbs::KeptInsight kept = verbs::run(verbs::KeepInsightRequest{
          .input = options->scenario,
          .insight = {.about = about(*options, world), .within = options->within / 100.0},
          .file = path_or_none(*store)});
      const int code = answer(kept.result, options->json);
      std::fputs(verbs::last_line(kept).c_str(), options->json ? stderr : stdout);
      return code;
    };
  });
}

void add_why(CLI::App& app, World& world) {
  add_why_verb(app, world, "why", "Why what is ordered is ordered, and where that changes", false);
  add_why_verb(app, world, "why-not", "Why an offer is not ordered, and where that changes", true);
}

void add_stress(CLI::App& app, World& world) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("stress", "The plan, and today's orders, if something goes wrong");
  add_common(*command, *options);
  command->add_option("--shut", options->shut, "from this quarter on every gate is shut");
  command->add_option("--delay", options->delay, "all that is ordered comes later, as in 1q");
  command->add_flag("--only-lesser", options->only_lesser,
                    "of what needs a gate only the lesser part is let through");
  command->add_flag("--third-site-only", options->third_site_only,
                    "what needs a gate comes only to sites in third countries");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::StressRequest request{.about = about(*options, world),
                                   .shut = {},
                                   .delay = {},
                                   .only_lesser = options->only_lesser,
                                   .third_site_only = options->third_site_only};
      if (!options->shut.empty()) request.shut = options->shut;
      if (!options->delay.empty()) request.delay = options->delay;
      return answer(verbs::run(request), options->json);
    };
  });
}

}  // namespace vorrat::cli

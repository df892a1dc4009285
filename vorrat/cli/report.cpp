#include "vorrat/verbs/report.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_report(CLI::App& app, World& world) {
  struct Options {
    std::string input, data, store, html, xlsx, csv;
    std::uint64_t seed = 0;
    bool json = false, redact = false, insight = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "report", "A plan as one web page, a workbook, CSV files or JSON, to be passed on");
  command
      ->add_option("INPUT", options->input,
                   "number of a kept run, or last; a scenario folder, planned now; or a file that "
                   "\"report --json\" wrote")
      ->required();
  command->add_option("--html", options->html, "write one self-contained page to this file");
  command->add_option("--xlsx", options->xlsx,
                      "write a workbook with one sheet a table to this file");
  command->add_option("--csv", options->csv, "write one CSV file a table into this folder");
  command->add_flag("--json", options->json, "print the report's tables as JSON");
  command->add_flag("--insight", options->insight,
                    "find what changes the decision, if it is not kept with the run (minutes)");
  command->add_flag("--redact", options->redact,
                    "round all figures to two digits and name no site");
  command->add_option("--store", options->store, store_help);
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  CLI::Option* seed = command->add_option("--seed", options->seed,
                                          "seed of all random draws (default: the scenario's)");
  command->callback([options, seed, &world] {
    *world.chosen = [options, seed, &world] {
      verbs::ReportRequest request{
          .input = options->input,
          .store = path_or_none(options->store),
          .plan = {.scenario = {},
                   .data = path_or_none(options->data),
                   .seed = {},
                   .progress = world.progress,
                   .stop = world.stop},
          .finds_insight = options->insight,
          .disclosure = options->redact ? verbs::Disclosure::redacted : verbs::Disclosure::full,
          .html = path_or_none(options->html),
          .xlsx = path_or_none(options->xlsx),
          .csv = path_or_none(options->csv)};
      if (seed->count() > 0) request.plan.seed = options->seed;
      const verbs::ReportResult result = verbs::run(request);
      if (!options->json || result.tables)
        std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code;
    };
  });
}

}  // namespace vorrat::cli

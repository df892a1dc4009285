#include "vorrat/verbs/throughput.h"
#include "vorrat/verbs/training_speed.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

namespace {

int train(verbs::TrainingSpeedRequest training, int cluster, const verbs::ThroughputRequest& asked,
          bool is_json) {
  training.cluster = cluster;
  training.accelerators = asked.accelerators;
  training.models = asked.models;
  training.precision = asked.precision;
  training.on = asked.on;
  training.data = asked.data;
  const verbs::TrainingSpeedResult result = verbs::run(training);
  std::fputs(to_string(result.diagnostics).c_str(), stderr);
  if (!result.diagnostics.has_errors())
    print(is_json ? verbs::to_json(result) : verbs::to_text(result));
  return result.exit_code();
}

}  // namespace

void add_throughput(CLI::App& app, World& world) {
  struct Options {
    verbs::ThroughputRequest request;
    std::string rows, data;
    verbs::TrainingSpeedRequest training;
    int cluster = 0;
    bool json = false, all_accelerators = false, all_models = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "throughput", "What one accelerator delivers of a language model, and how sure that is");
  verbs::ThroughputRequest& request = options->request;
  command->add_option("--accelerator", request.accelerators, "names in the catalogue")
      ->delimiter(',');
  command->add_flag("--all-accelerators", options->all_accelerators, "every one of the catalogue");
  command->add_option("--model", request.models, "language models of the catalogue")
      ->delimiter(',');
  command->add_flag("--all-models", options->all_models, "every one of the catalogue");
  command->add_option("--in", request.input, "mean tokens read per request (default 1000)");
  command->add_option("--out", request.output, "mean tokens written per request (default 1000)");
  command->add_option("--ttft", request.first_token,
                      "99th percentile of the time to the first token, as in \"2 s\"");
  command->add_option("--tpot", request.per_token,
                      "99th percentile of the time per token, as in \"50 ms\"");
  command->add_flag("--interactive", request.is_interactive, "limits are tight, users impatient");
  command->add_option("--on", request.on,
                      "day of the software, as in 2026-10-01 (default: the newest measurement)");
  command->add_option("--precision", request.precision, "fp16, fp8 or fp4 (default: the usual)");
  command->add_option("--stack", request.stack, "serving software (default: the vendor's own)");
  command->add_option("--prefix-cached", request.prefix_cached,
                      "share of the input found in a cache, 0 to 1");
  command->add_option("--tokens-per-pass", request.tokens_per_pass,
                      "written per pass and request with speculative decoding (default 1)");
  command->add_option("--peak-to-mean", request.peak_to_mean,
                      "demand at its peak over its mean; costs are of mean demand (default 1)");
  command->add_option("--replica", request.replica, "most accelerators in a replica (default 64)");
  command->add_option("--rows", options->rows,
                      "a table with the columns of data/throughput/serving.csv: prints it with "
                      "predicted, p10, p90 and binds");
  verbs::TrainingSpeedRequest& training = options->training;
  command->add_option("--train", options->cluster,
                      "what each of so many accelerators trains per second, instead of serving");
  command->add_flag("--fine-tuning", training.is_fine_tuning, "with --train: adapters only");
  command->add_option("--sequence", training.sequence, "with --train: tokens (default 4096)");
  command->add_option("--failures", training.failures_per_year,
                      "with --train: of one accelerator in a year (default 0.17)");
  command->add_option("--checkpoint", training.checkpoint_seconds,
                      "with --train: seconds that one takes (default 60)");
  command->add_option("--restart", training.restart_seconds,
                      "with --train: seconds after a failure (default 900)");
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      verbs::ThroughputRequest asked = options->request;
      asked.rows = options->rows;
      if (!options->data.empty()) asked.data = options->data;
      if (options->all_accelerators) asked.accelerators.clear();
      if (options->all_models) asked.models.clear();
      const bool is_said =
          !asked.rows.empty() || ((!asked.accelerators.empty() || options->all_accelerators) &&
                                  (!asked.models.empty() || options->all_models));
      if (!is_said) {
        std::fputs(
            "vorrat: say --accelerator (or --all-accelerators) and --model (or --all-models), or "
            "--rows\n",
            stderr);
        return 2;
      }
      if (options->cluster != 0)
        return train(options->training, options->cluster, asked, options->json);
      const verbs::ThroughputResult result = verbs::run(asked);
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      if (!result.diagnostics.has_errors())
        print(options->json && result.rows.empty() ? verbs::to_json(result)
                                                   : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

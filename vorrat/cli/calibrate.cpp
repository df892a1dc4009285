#include "vorrat/verbs/calibrate.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_calibrate(CLI::App& app, World& world) {
  struct Options {
    std::string output, plots, errors, data;
    bool cross_validate = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Learn the throughput model from the measurements anew, and say how good it is");
  command->add_flag("--cross-validate", options->cross_validate,
                    "print how well it predicts rows that the fit did not see");
  command->add_option("--output", options->output,
                      "folder for serving.toml and training.toml (default: none, nothing is "
                      "written)");
  command->add_option("--plots", options->plots, "folder for plots of predicted against measured");
  command->add_option("--errors", options->errors,
                      "file for each serving row's measured and predicted speed, worst first");
  command->add_option("--data", options->data,
                      "folder of the catalogue (default: installed with vorrat)");
  command->callback([options, &world] {
    *world.chosen = [options, &world] {
      verbs::CalibrateRequest request{.is_cross_validated = options->cross_validate,
                                      .output = options->output,
                                      .errors = options->errors,
                                      .plots = options->plots,
                                      .data = {},
                                      .progress = world.progress};
      if (!options->data.empty()) request.data = options->data;
      if (!options->cross_validate && options->output.empty() && options->plots.empty() &&
          options->errors.empty())
        request.is_cross_validated = true;
      const verbs::CalibrateResult result = verbs::run(request);
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

#include "vorrat/verbs/convert.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/cli/command.h"

namespace vorrat::cli {

void add_convert(CLI::App& app, World& world) {
  struct Options {
    std::string from, to;
    bool force = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "convert", "A scenario folder to one workbook (.xlsx), or a workbook to a folder");
  command->add_option("FROM", options->from, "folder or workbook")->required();
  command->add_option("TO", options->to, "workbook or folder")->required();
  command->add_flag("--force", options->force, "overwrite what is there");
  command->callback([options, &world] {
    *world.chosen = [options] {
      const verbs::ConvertResult result = verbs::run(verbs::ConvertRequest{
          .from = options->from,
          .to = options->to,
          .overwrite = options->force ? verbs::Overwrite::allow : verbs::Overwrite::refuse});
      std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

#include "vorrat/verbs/classify.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "vorrat/base/error.h"
#include "vorrat/cli/command.h"

namespace vorrat::cli {
namespace {

const std::vector<std::pair<std::string, rules::Transaction>> transactions = {
    {"buy", rules::Transaction::buy},
    {"lease", rules::Transaction::lease},
    {"remote_use", rules::Transaction::remote_use},
    {"keep_running", rules::Transaction::keep_running}};

}  // namespace

void add_classify(CLI::App& app, World& world) {
  struct Options {
    std::string on, data, received, scenario;
    bool json = false, state_funded = false, validated = false;
    verbs::ClassifyRequest request;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "classify", "May a buyer have an accelerator at a place on a day, and who says so");
  auto& request = options->request;
  command->add_option("ACCELERATOR", request.accelerators,
                      "names in the catalogue (default: all of them, as a table)");
  command
      ->add_option("--to", request.destinations,
                   "country or countries of the site, or sites of the scenario")
      ->required()
      ->delimiter(',');
  command->add_option("--on", options->on, "day, as in 2026-02-01")->required();
  command->add_option("--buyer", request.deal.user.name, "name of the end user");
  command->add_option("--headquarters", request.deal.user.headquarters, "country of the end user");
  command->add_option("--parent", request.deal.user.parent, "country of its ultimate parent");
  command->add_option("--owner", request.deal.site_owner.headquarters,
                      "country of the owner of the site, for a lease");
  command->add_option("--owner-parent", request.deal.site_owner.parent,
                      "country of the owner's ultimate parent");
  command
      ->add_option("--transaction", request.deal.transaction,
                   "buy, lease, remote_use or keep_running (default: buy)")
      ->transform(CLI::CheckedTransformer(transactions))
      ->type_name("TEXT");
  command->add_option("--seller", request.deal.seller, "firm that exports (default: the vendor)");
  command->add_option("--from", request.deal.exported_from,
                      "country of the last export (default: that of the designer)");
  command->add_option("--via", request.deal.via, "countries passed on the way")->delimiter(',');
  command->add_option("--received", options->received, "day of receipt, for keep_running");
  command->add_flag("--state-funded", options->state_funded, "the site is paid for by a state");
  command->add_flag("--validated", options->validated, "the site is an approved data centre");
  command->add_option("--scenario", options->scenario,
                      "folder whose sites --to may name, and whose buyer is the end user");
  command->add_option("--data", options->data,
                      "folder of catalogue and rules (default: installed with vorrat)");
  command->add_flag("--json", options->json, "print the complete answer as JSON");
  command->callback([options, &world] {
    *world.chosen = [options] {
      verbs::ClassifyRequest& asked = options->request;
      asked.on = day_of("--on", options->on);
      if (!options->received.empty()) asked.deal.received = day_of("--received", options->received);
      if (options->state_funded) asked.deal.site_is_state_funded = rules::Answer::yes;
      if (options->validated) asked.deal.site_is_validated = rules::Answer::yes;
      if (!options->scenario.empty()) asked.scenario = options->scenario;
      if (!options->data.empty()) asked.data = options->data;
      const verbs::ClassifyResult result = verbs::run(asked);
      if (!options->json) std::fputs(to_string(result.diagnostics).c_str(), stderr);
      print(options->json ? verbs::to_json(result) : verbs::to_text(result));
      return result.exit_code();
    };
  });
}

}  // namespace vorrat::cli

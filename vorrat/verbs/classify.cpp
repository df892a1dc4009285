#include "vorrat/verbs/classify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "vorrat/base/error.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/fleet/law.h"
#include "vorrat/report/json.h"
#include "vorrat/report/terminal.h"
#include "vorrat/scenario/load.h"

namespace vorrat::verbs {
namespace {

const catalog::Accelerator& accelerator_named(const catalog::Catalog& catalog,
                                              const std::string& id) {
  const auto* accelerator = catalog.find_accelerator(id);
  if (accelerator) return *accelerator;
  const std::string hint = did_you_mean(id, catalog.accelerator_ids());
  throw InvalidInput(fmt::format("unknown accelerator \"{}\"{}", id,
                                 hint.empty() ? "" : fmt::format("; {}", hint)));
}

// Fills in what was not said; each filling is told once.
class Assumptions {
 public:
  void fill(std::string& fact, const std::string& value, const std::string& sentence) {
    if (!fact.empty() || value.empty()) return;
    fact = value;
    if (std::find(sentences_.begin(), sentences_.end(), sentence) == sentences_.end()) {
      sentences_.push_back(sentence);
    }
  }
  const std::vector<std::string>& sentences() const { return sentences_; }

 private:
  std::vector<std::string> sentences_;
};

rules::Deal completed(rules::Deal deal, const rules::Item& item,
                      const catalog::Accelerator& accelerator, Assumptions& assumptions) {
  assumptions.fill(deal.seller, accelerator.vendor, "the seller is the vendor of the part");
  assumptions.fill(deal.exported_from, item.designer,
                   "the part is exported from the country of its designer");
  assumptions.fill(deal.user.headquarters, deal.user.parent,
                   "the user has its headquarters where its ultimate parent has");
  assumptions.fill(deal.user.headquarters, deal.destination,
                   "the user has its headquarters in the country of destination");
  assumptions.fill(deal.user.parent, deal.user.headquarters,
                   "the ultimate parent of the user has its headquarters where the user has");
  assumptions.fill(deal.site_owner.parent, deal.site_owner.headquarters,
                   "the ultimate parent of the owner of the site has its headquarters where the "
                   "owner has");
  return deal;
}

/// The country of a site that is named as the destination, and the buyer where none is named.
void fill_from(const scenario::Scenario& scenario, rules::Deal& deal) {
  for (const auto& site : scenario.sites) {
    if (site.id == deal.destination) deal.destination = site.jurisdiction;
  }
  if (deal.user.name.empty()) deal.user.name = scenario.buyer.name;
  if (deal.user.headquarters.empty()) deal.user.headquarters = scenario.buyer.headquarters;
  if (deal.user.parent.empty()) deal.user.parent = scenario.buyer.ultimate_parent;
}

report::Table table_of(const ClassifyResult& result) {
  const rules::Rulebook& book = result.law->rulebook();
  report::Table table{
      .id = "classification",
      .title = fmt::format("What the rules say on {}", to_string(result.law->day())),
      .columns = {{.name = "accelerator"}, {.name = "to"}, {.name = "status"}},
      .rows = {},
      .notes = {}};
  for (const auto& gate : book.gates()) table.columns.push_back({.name = gate.id});
  for (const auto& row : result.rows) {
    std::vector<std::string> cells = {row.item.id, row.destination,
                                      std::string(rules::to_string(row.answer.status))};
    for (const auto& gate : row.answer.gates) {
      cells.emplace_back(rules::to_string(gate.status));
    }
    table.rows.push_back(std::move(cells));
  }
  for (const auto& assumption : result.assumptions) {
    table.notes.push_back(fmt::format("assumed: {}", assumption));
  }
  if (result.why_not) table.notes.push_back(*result.why_not);
  return table;
}

}  // namespace

int ClassifyResult::exit_code() const {
  if (!law) return 2;
  if (rows.size() != 1) return 0;
  const rules::Status status = rows.front().answer.status;
  return status == rules::Status::prohibited || status == rules::Status::unknown ||
                 status == rules::Status::not_covered
             ? 1
             : 0;
}

ClassifyResult run(const ClassifyRequest& request) {
  needs(!request.destinations.empty(), "at least one destination");
  ClassifyResult result;
  const auto folder = catalog::find_data_folder(request.data);
  const auto catalog = catalog::Catalog::load(folder);
  if (!catalog) result.diagnostics.append(catalog.error());
  const auto book = rules::Rulebook::load({folder / "rules"});
  if (!book) result.diagnostics.append(book.error());
  if (!catalog || !book) return result;

  std::vector<const catalog::Accelerator*> accelerators;
  for (const auto& id : request.accelerators) {
    accelerators.push_back(&accelerator_named(*catalog, id));
  }
  if (accelerators.empty()) {
    for (const auto& accelerator : catalog->accelerators) accelerators.push_back(&accelerator);
  }
  result.law = book->on(request.on);
  result.why_not = book->why_not(request.on);
  std::optional<scenario::Scenario> scenario;
  if (request.scenario) {
    auto loaded = scenario::load(*request.scenario, *catalog);
    if (!loaded) {
      result.law.reset();
      result.diagnostics.append(loaded.error());
      return result;
    }
    scenario = std::move(*loaded);
  }
  const bool is_one = accelerators.size() * request.destinations.size() == 1;
  Assumptions assumptions;
  for (const auto* accelerator : accelerators) {
    const rules::Item item = fleet::item_of(*accelerator, *book);
    for (const auto& destination : request.destinations) {
      rules::Deal deal = request.deal;
      deal.destination = destination;
      if (scenario) fill_from(*scenario, deal);
      deal = completed(deal, item, *accelerator, assumptions);
      auto answer = is_one ? result.law->explain(item, deal) : result.law->classify(item, deal);
      result.rows.push_back({destination, item, std::move(deal), std::move(answer)});
    }
  }
  result.assumptions = assumptions.sentences();
  return result;
}

std::string to_text(const ClassifyResult& result) {
  if (!result.law) return "";
  if (result.rows.size() != 1) return report::to_terminal(table_of(result), 160);
  const auto& row = result.rows.front();
  std::string text = rules::to_string(row.answer, *result.law, row.item, row.deal);
  for (const auto& assumption : result.assumptions) {
    text += fmt::format("Assumed: {}\n", assumption);
  }
  if (result.why_not) text += fmt::format("No answer: {}\n", *result.why_not);
  return text;
}

std::string to_json(const ClassifyResult& result) {
  return result.law ? report::to_json(result.rows, *result.law, result.assumptions)
                    : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs

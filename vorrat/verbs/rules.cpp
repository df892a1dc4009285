#include "vorrat/verbs/rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <tuple>

#include "vorrat/catalog/catalog.h"
#include "vorrat/fleet/law.h"
#include "vorrat/report/json.h"

namespace vorrat::verbs {
namespace {

// Places where firms plan sites; the comparison shows for whom a change matters.
const std::vector<std::string> places = {"CN", "HK", "MO", "TW", "SG", "MY", "TH", "ID", "VN",
                                         "KH", "IN", "JP", "KR", "AE", "SA", "FI", "NO", "BR"};

rules::Deal purchase(const catalog::Accelerator& accelerator, const rules::Item& item,
                     const std::string& place, const std::string& parent) {
  rules::Deal deal;
  deal.seller = accelerator.vendor;
  deal.exported_from = item.designer;
  deal.destination = place;
  deal.user = {"a firm not named", parent, parent};
  return deal;
}

std::vector<report::ChangedAnswer> changed_answers(const catalog::Catalog& catalog,
                                                   const rules::RulesInForce& before,
                                                   const rules::RulesInForce& after) {
  std::vector<report::ChangedAnswer> result;
  const rules::Rulebook& book = after.rulebook();
  for (const auto& accelerator : catalog.accelerators) {
    const rules::Item item = fleet::item_of(accelerator, book);
    for (const auto& place : places) {
      const auto ask = [&](const std::string& parent, const std::string& buyer) {
        const rules::Deal deal = purchase(accelerator, item, place, parent);
        const rules::Status then = before.classify(item, deal).status;
        const rules::Status now = after.classify(item, deal).status;
        if (then != now) result.push_back({accelerator.id, place, buyer, then, now});
      };
      ask("CN", "a firm with its parent in China");
      if (place != "CN") ask(place, "a firm of the place");
    }
  }
  return result;
}

std::string provision_text(const rules::Provision& provision, const rules::Rulebook& book) {
  std::string text = fmt::format("  {} ({})\n      {}\n      when {}\n", provision.id,
                                 provision.paragraph, provision.says, provision.when.text());
  if (provision.status) {
    text += fmt::format("      {}", rules::to_string(*provision.status));
    if (provision.review) text += fmt::format(", review {}", rules::to_string(*provision.review));
    text += "\n";
  }
  if (provision.charge) text += fmt::format("      {}\n", rules::to_string(*provision.charge));
  if (provision.quota) text += fmt::format("      {}\n", rules::to_string(*provision.quota));
  text +=
      fmt::format("      {}; {}; {}\n", book.instruments()[provision.instrument].citation,
                  rules::to_string(provision.source.support), rules::to_string(provision.period));
  return text;
}

std::string in_force_text(const rules::RulesInForce& law) {
  const rules::Rulebook& book = law.rulebook();
  std::string text = fmt::format("In force on {}\n", vorrat::to_string(law.day()));
  for (std::size_t gate = 0; gate < book.gates().size(); ++gate) {
    text += fmt::format("\n{} ({})\n", book.gates()[gate].name, book.gates()[gate].authority);
    for (const auto* provision : law.provisions()) {
      if (provision->gate == gate) text += provision_text(*provision, book);
    }
  }
  return text;
}

// Answers that changed alike stand on one line.
std::string answers_text(const std::vector<report::ChangedAnswer>& answers) {
  using Key = std::tuple<std::string, std::string, rules::Status, rules::Status>;
  std::map<Key, std::vector<std::string>> lines;
  for (const auto& answer : answers) {
    lines[{answer.destination, answer.buyer, answer.before, answer.after}].push_back(
        answer.accelerator);
  }
  std::string text;
  for (const auto& [key, accelerators] : lines) {
    const auto& [destination, buyer, before, after] = key;
    text +=
        fmt::format("  {}, {}: {} -> {}\n      {}\n", destination, buyer, rules::to_string(before),
                    rules::to_string(after), fmt::join(accelerators, ", "));
  }
  return text.empty() ? "  nobody that was asked\n" : text;
}

std::string changes_text(const RulesResult& result) {
  const rules::Rulebook& book = result.law->rulebook();
  std::string text = fmt::format("Changed after {} until {}\n", vorrat::to_string(*result.since),
                                 vorrat::to_string(result.law->day()));
  for (const auto& change : result.changes) {
    const auto& provision = book.provisions()[change.provision];
    text += fmt::format("  {} {} {}: {}\n", vorrat::to_string(change.day),
                        change.kind == rules::RuleChange::Kind::begins ? "begins" : "ends  ",
                        provision.id, provision.says);
  }
  if (result.changes.empty()) text += "  nothing\n";
  return text + "For whom (a purchase, each accelerator of the catalogue)\n" +
         answers_text(result.answers);
}

}  // namespace

int RulesResult::exit_code() const { return !law ? 2 : why_not ? 1 : 0; }

RulesResult run(const RulesRequest& request) {
  RulesResult result;
  const auto folder = catalog::find_data_folder(request.data);
  const auto book = rules::Rulebook::load({folder / "rules"});
  if (!book) result.diagnostics.append(book.error());
  if (!book) return result;
  if (request.since) {
    const auto catalog = catalog::Catalog::load(folder);
    if (!catalog) {
      result.diagnostics.append(catalog.error());
      return result;
    }
    result.changes = book->changes(*request.since, request.on);
    result.answers = changed_answers(*catalog, book->on(*request.since), book->on(request.on));
  }
  result.since = request.since;
  result.law = book->on(request.on);
  result.why_not = book->why_not(request.on);
  if (!result.why_not && request.since) result.why_not = book->why_not(*request.since);
  return result;
}

std::string to_text(const RulesResult& result) {
  if (!result.law) return "";
  std::string text = result.since ? changes_text(result) : in_force_text(*result.law);
  if (result.why_not) text += fmt::format("No answer: {}\n", *result.why_not);
  return text;
}

std::string to_json(const RulesResult& result) {
  if (!result.law) return report::to_json(result.diagnostics);
  if (!result.since) return report::to_json(*result.law);
  return report::to_json(result.law->rulebook(), *result.since, result.law->day(), result.changes,
                         result.answers);
}

}  // namespace vorrat::verbs

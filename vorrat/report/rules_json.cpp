#include "vorrat/report/rules_json.h"

#include <nlohmann/json.hpp>

namespace vorrat::report {
namespace {

using Json = nlohmann::ordered_json;
using rules::to_string;

Json date_json(const std::optional<Date>& date) {
  return date ? Json(vorrat::to_string(*date)) : Json(nullptr);
}

template <typename Value>
Json text_or_null(const std::optional<Value>& value) {
  return value ? Json(to_string(*value)) : Json(nullptr);
}

Json charge_json(const rules::Provision& provision) {
  const rules::Charge& charge = *provision.charge;
  return {{"provision", provision.id},
          {"kind", charge.kind == rules::Charge::Kind::fee ? "fee" : "duty"},
          {"rate", charge.rate},
          {"of", charge.base == rules::Charge::Base::revenue ? "revenue" : "customs_value"}};
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json quota_json(const rules::Provision& provision) {
  const rules::Quota& quota = *provision.quota;
  constexpr const char* shared[] = {"by_product", "by_group", "by_named_groups"};
  return {{"provision", provision.id},
          {"shared", shared[static_cast<std::size_t>(quota.shared)]},
          {"accelerators", number_or_null(quota.accelerators)},
          {"share_of_us_shipments", number_or_null(quota.share_of_us_shipments)}};
}

Json citation_json(const rules::Provision& provision, const rules::Rulebook& book) {
  return {{"provision", provision.id},
          {"instrument", book.instruments()[provision.instrument].title},
          {"citation", book.instruments()[provision.instrument].citation},
          {"paragraph", provision.paragraph},
          {"source", provision.source.title},
          {"support", to_string(provision.source.support)}};
}

Json gates_json(const rules::Classification& answer, const rules::Rulebook& book) {
  Json gates = Json::array();
  for (const auto& gate : answer.gates) {
    constexpr const char* standings[] = {"covered", "not_covered", "stale"};
    gates.push_back({{"gate", book.gates()[gate.gate].id},
                     {"status", to_string(gate.status)},
                     {"review", to_string(gate.review)},
                     {"standing", standings[static_cast<std::size_t>(gate.standing)]}});
  }
  return gates;
}

Json trace_json(const rules::Classification& answer) {
  Json steps = Json::array();
  for (const auto& step : answer.trace) {
    Json readings = Json::array(), set_aside_by = Json::array();
    for (const auto& reading : step.readings) {
      readings.push_back({{"text", reading.text}, {"answer", to_string(reading.answer)}});
    }
    for (const auto* exception : step.set_aside_by) set_aside_by.push_back(exception->id);
    steps.push_back({{"provision", step.provision->id},
                     {"paragraph", step.provision->paragraph},
                     {"asked", to_string(step.asked)},
                     {"applies", to_string(step.applies)},
                     {"set_aside_by", set_aside_by},
                     {"readings", readings}});
  }
  return steps;
}

Json row_json(const Classified& row, const rules::Rulebook& book) {
  const rules::Classification& answer = row.answer;
  Json charges = Json::array(), quotas = Json::array(), citations = Json::array(),
       undecided = Json::array();
  for (const auto* provision : answer.applies) {
    if (provision->charge) charges.push_back(charge_json(*provision));
    if (provision->quota) quotas.push_back(quota_json(*provision));
    citations.push_back(citation_json(*provision, book));
  }
  for (const auto* provision : answer.undecided) undecided.push_back(provision->id);
  return {{"accelerator", row.item.id},
          {"destination", row.destination},
          {"status", to_string(answer.status)},
          {"gates", gates_json(answer, book)},
          {"charges", charges},
          {"quotas", quotas},
          {"conditions", answer.conditions()},
          {"risks", answer.risks()},
          {"citations", citations},
          {"undecided", undecided},
          {"trace", trace_json(answer)}};
}

Json provision_json(const rules::Provision& provision, const rules::Rulebook& book) {
  return {{"provision", provision.id},
          {"gate", book.gates()[provision.gate].id},
          {"from", vorrat::to_string(provision.period.from)},
          {"until", date_json(provision.period.until)},
          {"paragraph", provision.paragraph},
          {"citation", book.instruments()[provision.instrument].citation},
          {"says", provision.says},
          {"when", provision.when.text()},
          {"status", text_or_null(provision.status)},
          {"review", text_or_null(provision.review)},
          {"charge", provision.charge ? charge_json(provision) : Json(nullptr)},
          {"quota", provision.quota ? quota_json(provision) : Json(nullptr)},
          {"conditions", provision.conditions},
          {"risks", provision.risks},
          {"source", provision.source.title},
          {"support", to_string(provision.source.support)}};
}

}  // namespace

std::string to_json(const std::vector<Classified>& rows, const rules::RulesInForce& law,
                    const std::vector<std::string>& assumptions) {
  Json answers = Json::array();
  for (const auto& row : rows) answers.push_back(row_json(row, law.rulebook()));
  const Json result = {
      {"day", vorrat::to_string(law.day())}, {"assumptions", assumptions}, {"answers", answers}};
  return result.dump(2) + "\n";
}

std::string to_json(const rules::RulesInForce& law) {
  Json provisions = Json::array();
  for (const auto* provision : law.provisions()) {
    provisions.push_back(provision_json(*provision, law.rulebook()));
  }
  const Json result = {{"day", vorrat::to_string(law.day())}, {"provisions", provisions}};
  return result.dump(2) + "\n";
}

std::string to_json(const rules::Rulebook& book, Date from, Date to,
                    const std::vector<rules::RuleChange>& changes,
                    const std::vector<ChangedAnswer>& answers) {
  Json lines = Json::array(), rows = Json::array();
  for (const auto& change : changes) {
    lines.push_back({{"day", vorrat::to_string(change.day)},
                     {"kind", change.kind == rules::RuleChange::Kind::begins ? "begins" : "ends"},
                     {"provision", provision_json(book.provisions()[change.provision], book)}});
  }
  for (const auto& answer : answers) {
    rows.push_back({{"accelerator", answer.accelerator},
                    {"destination", answer.destination},
                    {"buyer", answer.buyer},
                    {"before", to_string(answer.before)},
                    {"after", to_string(answer.after)}});
  }
  const Json result = {{"from", vorrat::to_string(from)},
                       {"to", vorrat::to_string(to)},
                       {"changes", lines},
                       {"answers", rows}};
  return result.dump(2) + "\n";
}

}  // namespace vorrat::report

#include "vorrat/input/claims_file.h"

#include <fmt/format.h>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"

namespace vorrat {
namespace {

void add_fault(Diagnostics& faults, const Spot& spot, const TextFault& fault) {
  faults.add(spot.part(fault.position, fault.width).fault(fault.message, fault.hint));
}

Figures read_figures(Record& top, Diagnostics& faults) {
  Figures figures;
  auto record = top.table("figures", "figures");
  if (!record) return figures;
  for (const std::string& name : record->keys()) {
    record->has(name);
    const Node* node = record->node()->find(name);
    if (!is_name(name)) {
      faults.add(node->key_spot.fault(
          fmt::format("\"{}\" cannot be a name here: it is a unit, a function, or not letters",
                      name),
          "use letters, digits and \"_\", and no word for a unit"));
      continue;
    }
    bool is_exact = false;
    if (node->kind == NodeKind::table) {
      Record inside(*node, "figure \"" + name + "\"", faults);
      inside.required<std::string>("value");
      is_exact = inside.value_or<bool>("exact", false);
      inside.value_or<std::string>("source", "");
      inside.optional<Date>("date");
      inside.has("kind");
      inside.has("note");
      inside.finish();
    }
    const auto figure = parse_figure(record->text(name));
    if (!figure) {
      add_fault(faults, record->spot(name), figure.error());
      continue;
    }
    figures[name] = is_exact ? exact_figure(figure->value) : *figure;
  }
  return figures;
}

JudgedClaim read_claim(Record& record, const Figures& figures, Diagnostics& faults) {
  JudgedClaim result;
  result.claim.name = record.identify("name");
  result.claim.formula = record.required<std::string>("formula");
  result.claim.says = record.required<std::string>("says");
  if (record.has("expect")) {
    result.expected =
        record.choice<Verdict>("expect", {{"holds", Verdict::holds},
                                          {"holds within rounding", Verdict::holds_within_rounding},
                                          {"does not hold", Verdict::does_not_hold}});
  }
  result.expected_slip = record.value_or<std::string>("slip", "");
  result.note = record.value_or<std::string>("note", "");
  result.source = record.source_of("says");
  record.finish();
  if (result.claim.formula.empty() || result.claim.says.empty()) return result;
  try {
    result.judgement = judge(result.claim, figures);
  } catch (const ClaimFault& fault) {
    add_fault(faults, record.spot(fault.is_in_formula ? "formula" : "says"), fault.fault);
  }
  return result;
}

}  // namespace

std::expected<ClaimsFile, Diagnostics> read_claims(const std::filesystem::path& path) {
  const auto document = Document::read(path);
  if (!document) return std::unexpected(document.error());
  Diagnostics faults;
  ClaimsFile file;
  Record top(document->root(), "claims file", faults);
  if (auto head = top.table("claims", "claims")) {
    file.title = head->value_or<std::string>("title", "");
    file.source = head->value_or<std::string>("source", "");
    head->has("note");
    head->finish();
  }
  const Figures figures = read_figures(top, faults);
  for (Record& record : top.tables("claim", "claim")) {
    file.claims.push_back(read_claim(record, figures, faults));
  }
  top.finish();
  if (file.claims.empty() && !faults.has_errors()) {
    top.fault("claim", "there is no claim in this file", "write each as [[claim]]");
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return file;
}

}  // namespace vorrat

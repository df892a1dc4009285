#include "vorrat/published/cases.h"

#include <fmt/format.h>

#include <functional>

#include "vorrat/base/error.h"
#include "vorrat/input/claims_file.h"
#include "vorrat/published/findings.h"
#include "vorrat/rules/case_file.h"

namespace vorrat::published {
namespace {

template <class T>
T value_or_throw(std::expected<T, Diagnostics> result) {
  if (!result) throw InvalidInput(to_string(result.error()));
  return std::move(*result);
}

using Find = std::function<void(Findings&, const Folders&)>;
using Checks = std::function<CaseResult(const Folders&)>;

CaseFile case_file(const std::string& name, const Folders& folders) {
  return value_or_throw(read_case(folders.data / "cases" / (name + ".toml")));
}

CaseResult untested(const std::string& name, const CaseFile& file) {
  return {
      .name = name, .title = file.title, .source = file.source, .note = file.note, .checks = {}};
}

// A case whose expected figures stand in data/cases/NAME.toml.
Checks of_file(const char* name, Find find) {
  return [name, find](const Folders& folders) {
    const CaseFile file = case_file(name, folders);
    Findings findings;
    find(findings, folders);
    CaseResult result = untested(name, file);
    result.checks = compare(file.figures, findings);
    return result;
  };
}

Find without_files(void (*find)(Findings&)) {
  return [find](Findings& findings, const Folders&) { find(findings); };
}

Checks of_data(const char* name, void (*find)(Findings&, const std::filesystem::path&)) {
  return of_file(
      name, [find](Findings& findings, const Folders& folders) { find(findings, folders.data); });
}

// A case whose problems the user may have: skipped, not failed, where there is no such folder.
Checks of_outside(const char* name, void (*find)(Findings&, const std::filesystem::path&)) {
  return [name, find](const Folders& folders) {
    const auto& root = folders.instances;
    if (root && std::filesystem::is_directory(*root)) {
      return of_file(name, [find](Findings& findings, const Folders& where) {
        find(findings, *where.instances);
      })(folders);
    }
    CaseResult result = untested(name, case_file(name, folders));
    result.skipped = root ? fmt::format("there is no folder {}", root->string())
                          : "the folder of these instances is not named";
    return result;
  };
}

Check check_claim(const JudgedClaim& claim, const std::string& source) {
  if (!claim.expected)
    throw InvalidInput(
        fmt::format("claim \"{}\" does not say which verdict is expected", claim.claim.name));
  Check check{claim.claim.name + ": \"" + claim.claim.says + "\"",
              std::string(to_string(*claim.expected)),
              std::string(to_string(claim.judgement.verdict)), "exact",
              claim.source.text.empty() ? source : claim.source.text};
  check.passes = check.expected == check.found;
  return check;
}

// Claims carry the verdict that is expected of them.
CaseResult check_claims(const Folders& folders) {
  const auto path = folders.scenarios / "claims" / "policy-arithmetic.toml";
  const ClaimsFile file = value_or_throw(read_claims(path));
  const std::string source = file.source.empty() ? "the claims' file" : file.source;
  CaseResult result{
      "policy-arithmetic", file.title, "scenarios/claims/policy-arithmetic.toml", "", {}};
  for (const JudgedClaim& claim : file.claims) result.checks.push_back(check_claim(claim, source));
  return result;
}

Check check_rules(const rules::CaseOutcome& outcome, const std::string& file) {
  Check check{outcome.name, "", "", "exact", outcome.source.empty() ? file : outcome.source};
  check.passes = outcome.agrees();
  const bool is_one = outcome.asked.size() == 1;
  if (is_one) {
    check.expected = outcome.asked[0].expected;
    check.found = outcome.asked[0].found;
    return check;
  }
  check.expected = fmt::format("{} answers", outcome.asked.size());
  check.found = check.expected;
  if (check.passes) return check;
  check.found = "";
  for (const rules::Asked& asked : outcome.asked) {
    if (!asked.agrees)
      check.found += fmt::format("{}{}: {} for {}", check.found.empty() ? "" : "; ", asked.what,
                                 asked.found, asked.expected);
  }
  return check;
}

CaseResult check_rule_tables(const Folders& folders) {
  const auto folder = folders.data / "cases" / "rules";
  const auto book = value_or_throw(rules::Rulebook::load({folders.data / "rules"}));
  const auto items = value_or_throw(rules::read_rated_items(folder / "items.toml"));
  CaseResult result{"rules",
                    "what export rules say of parts and deals, from 2022 to 2026",
                    "authorities and vendors; ratings by the formula of ECCN 3A090",
                    "",
                    {}};
  for (const char* file :
       {"published.toml", "computed.toml", "gate-2026.toml", "decision-table.toml"}) {
    for (const auto& outcome : value_or_throw(rules::ask_cases(folder / file, items, book)))
      if (outcome.counts)
        result.checks.push_back(check_rules(outcome, std::string("rules/") + file));
  }
  return result;
}

const std::vector<std::pair<std::string, Checks>>& cases() {
  static const std::vector<std::pair<std::string, Checks>> all = {
      {"lands-capacity", of_file("lands-capacity", without_files(find_lands_capacity))},
      {"capacity-two-stage", of_file("capacity-two-stage", without_files(find_capacity_two_stage))},
      {"waiting-or-buying", of_file("waiting-or-buying", without_files(find_waiting_or_buying))},
      {"teisberg-stockpile", of_file("teisberg-stockpile", without_files(find_stockpile))},
      {"instances", of_data("instances", find_instances)},
      {"outside-instances", of_outside("outside-instances", find_outside_instances)},
      {"outside-integers", of_outside("outside-integers", find_outside_integers)},
      {"nvidia-chip-counts", of_file("nvidia-chip-counts",
                                     [](Findings& findings, const Folders& folders) {
                                       find_chip_counts(findings, folders.scenarios / "estimates" /
                                                                      "nvidia-chip-counts.toml");
                                     })},
      {"policy-arithmetic", check_claims},
      {"rules", check_rule_tables},
      {"throughput", of_data("throughput", find_throughput)}};
  return all;
}

}  // namespace

const std::vector<std::string>& case_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, run] : cases()) all.push_back(name);
    return all;
  }();
  return names;
}

CaseResult run_case(const std::string& name, const Folders& folders) {
  for (const auto& [known, run] : cases()) {
    if (known == name) return run(folders);
  }
  throw InvalidInput(
      fmt::format("there is no case \"{}\"; {}", name, did_you_mean(name, case_names())));
}

}  // namespace vorrat::published

#include "vorrat/verbs/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "vorrat/report/json.h"

namespace vorrat::verbs {
namespace {

bool is_as_expected(const JudgedClaim& claim) {
  const Verdict verdict = claim.judgement.verdict;
  return claim.expected ? verdict == *claim.expected : verdict != Verdict::does_not_hold;
}

}  // namespace

int ClaimsResult::exit_code() const {
  if (!file) return 2;
  return std::all_of(file->claims.begin(), file->claims.end(), is_as_expected) ? 0 : 1;
}

ClaimsResult run(const ClaimsRequest& request) {
  ClaimsResult result;
  auto file = read_claims(request.file);
  if (file) {
    result.file = std::move(*file);
  } else {
    result.diagnostics = file.error();
  }
  return result;
}

std::string to_text(const ClaimsResult& result) {
  if (!result.file) return "";
  std::string text;
  if (!result.file->title.empty()) text += result.file->title + "\n";
  if (!result.file->source.empty()) text += "source: " + result.file->source + "\n";
  for (const JudgedClaim& claim : result.file->claims) {
    text += fmt::format("\n{}\n  {} is: {}\n  {}\n", claim.claim.name, claim.claim.formula,
                        claim.claim.says, to_string(claim.judgement));
    if (!is_as_expected(claim) && claim.expected) {
      text += fmt::format("  its file expects: {}\n", to_string(*claim.expected));
    }
    if (!claim.note.empty()) text += "  note: " + claim.note + "\n";
  }
  const auto count = [&](Verdict verdict) {
    return std::count_if(
        result.file->claims.begin(), result.file->claims.end(),
        [&](const JudgedClaim& claim) { return claim.judgement.verdict == verdict; });
  };
  return text + fmt::format("\n{} claims: {} hold, {} hold within rounding, {} do not hold\n",
                            result.file->claims.size(), count(Verdict::holds),
                            count(Verdict::holds_within_rounding), count(Verdict::does_not_hold));
}

std::string to_json(const ClaimsResult& result) {
  if (!result.file) return report::to_json(result.diagnostics);
  nlohmann::ordered_json json;
  json["status"] = "judged";
  json["title"] = result.file->title;
  json["source"] = result.file->source;
  json["claims"] = nlohmann::ordered_json::array();
  for (const JudgedClaim& claim : result.file->claims) {
    const Judgement& judgement = claim.judgement;
    nlohmann::ordered_json entry;
    entry["name"] = claim.claim.name;
    entry["formula"] = claim.claim.formula;
    entry["says"] = claim.claim.says;
    entry["verdict"] = to_string(judgement.verdict);
    entry["found"] = to_string(judgement.found);
    entry["least_factor"] = judgement.least_factor;
    entry["most_factor"] = judgement.most_factor;
    entry["slips"] = judgement.slips;
    entry["note"] = claim.note;
    json["claims"].push_back(std::move(entry));
  }
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

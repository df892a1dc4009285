#include "vorrat/rules/classify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

// Prohibited decides alone; what is not known or not covered hides how strict the rest would be.
Status strictest(const std::vector<GateAnswer>& gates) {
  Status known = Status::free;
  bool has_unknown = false, has_not_covered = false;
  for (const auto& gate : gates) {
    if (gate.status == Status::unknown) {
      has_unknown = true;
    } else if (gate.status == Status::not_covered) {
      has_not_covered = true;
    } else {
      known = std::max(known, gate.status);
    }
  }
  if (known == Status::prohibited) return known;
  return has_unknown ? Status::unknown : has_not_covered ? Status::not_covered : known;
}

template <typename Value>
std::vector<Value> collected(const std::vector<const Provision*>& provisions,
                             std::vector<Value> Provision::*list) {
  std::vector<Value> result;
  for (const Provision* provision : provisions) {
    for (const auto& value : provision->*list) {
      if (std::find(result.begin(), result.end(), value) == result.end()) result.push_back(value);
    }
  }
  return result;
}

}  // namespace

const GateAnswer& Classification::gate(const Rulebook& book, std::string_view id) const {
  for (const auto& answer : gates) {
    if (book.gates()[answer.gate].id == id) return answer;
  }
  throw InvalidInput(fmt::format("the rules have no gate \"{}\"", id));
}

std::vector<Charge> Classification::charges() const {
  std::vector<Charge> result;
  for (const Provision* provision : applies) {
    if (provision->charge) result.push_back(*provision->charge);
  }
  return result;
}

std::vector<Quota> Classification::quotas() const {
  std::vector<Quota> result;
  for (const Provision* provision : applies) {
    if (provision->quota) result.push_back(*provision->quota);
  }
  return result;
}

std::vector<std::string> Classification::conditions() const {
  return collected(applies, &Provision::conditions);
}

std::vector<std::string> Classification::risks() const {
  return collected(applies, &Provision::risks);
}

RulesInForce::RulesInForce(Rulebook book, Date day, std::vector<const Provision*> provisions,
                           std::vector<Standing> standings)
    : book_(std::move(book)),
      day_(day),
      provisions_(std::move(provisions)),
      standings_(std::move(standings)),
      by_number_(book_.contents_->ids.size(), nullptr),
      groups_(book_.groups().size()) {
  for (const Provision* provision : provisions_) by_number_[provision->number] = provision;
  for (const auto& membership : book_.memberships()) {
    if (membership.period.contains(day)) groups_[membership.group].set(membership.country);
  }
}

Classification RulesInForce::classify(const Item& item, const Deal& deal) const {
  return answer(item, deal, false);
}

Classification RulesInForce::explain(const Item& item, const Deal& deal) const {
  return answer(item, deal, true);
}

Classification RulesInForce::answer(const Item& item, const Deal& deal, bool with_trace) const {
  const Facts facts(item, deal, book_.countries());
  std::vector<Answer> answers(book_.contents_->ids.size(), Answer::no);
  const Circumstances circumstances{facts, book_.countries(), groups_, answers};
  Classification result;
  for (const Provision* provision : provisions_) {
    TraceStep step{.provision = provision};
    step.asked = provision->when.ask(circumstances, with_trace ? &step.readings : nullptr);
    step.applies = both(step.asked, has_a_case(*provision, circumstances));
    for (const std::size_t exception : provision->overridden_by) {
      step.applies = both(step.applies, negated(answers[exception]));
    }
    answers[provision->number] = step.applies;
    if (step.applies == Answer::yes) result.applies.push_back(provision);
    if (step.applies == Answer::unknown) result.undecided.push_back(provision);
    if (!with_trace) continue;
    for (const std::size_t exception : provision->overridden_by) {
      if (answers[exception] != Answer::no) step.set_aside_by.push_back(by_number_[exception]);
    }
    result.trace.push_back(std::move(step));
  }
  settle_gates(result);
  return result;
}

// An exception needs something to be an exception to: a provision whose own condition is met.
Answer RulesInForce::has_a_case(const Provision& exception,
                                const Circumstances& circumstances) const {
  if (exception.overrides.empty()) return Answer::yes;
  Answer result = Answer::no;
  for (const std::size_t number : exception.overrides) {
    const Provision* rule = by_number_[number];
    if (rule != nullptr) result = either(result, rule->when.ask(circumstances));
  }
  return result;
}

void RulesInForce::settle_gates(Classification& result) const {
  result.gates.resize(standings_.size());
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    result.gates[i].gate = i;
    result.gates[i].standing = standings_[i];
  }
  for (const Provision* provision : result.applies) {
    if (!provision->status) continue;
    GateAnswer& gate = result.gates[provision->gate];
    const Review review = provision->review.value_or(Review::none_stated);
    if (*provision->status > gate.status) {
      gate.status = *provision->status;
      gate.review = review;
    } else if (*provision->status == gate.status) {
      gate.review = std::max(gate.review, review);
    }
  }
  // A provision that may or may not apply leaves the gate open only if it would be stricter.
  std::vector<bool> is_open(standings_.size(), false);
  for (const Provision* provision : result.undecided) {
    if (!provision->status) continue;
    if (*provision->status > result.gates[provision->gate].status) {
      is_open[provision->gate] = true;
    }
  }
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    if (is_open[i]) result.gates[i].status = Status::unknown;
    if (standings_[i] != Standing::covered) result.gates[i].status = Status::not_covered;
  }
  result.status = strictest(result.gates);
}

// ---- Text

namespace {

std::string place_name(const std::string& text, const Countries& countries) {
  return text.empty() ? "a country not given" : countries[countries.find(text)].name;
}

std::string party_text(const Deal::Party& party, const Countries& countries) {
  return fmt::format("{}, headquarters in {}, ultimate parent in {}",
                     party.name.empty() ? "a firm not named" : party.name,
                     place_name(party.headquarters, countries),
                     place_name(party.parent, countries));
}

std::string question_text(const RulesInForce& law, const Item& item, const Deal& deal) {
  const Countries& countries = law.rulebook().countries();
  constexpr std::array<std::string_view, 4> transactions = {"buy", "lease", "use remotely",
                                                            "keep running"};
  std::string text = fmt::format(
      "May this be done on {}?\n  {} {} in {}\n  user: {}\n", vorrat::to_string(law.day()),
      transactions[static_cast<std::size_t>(deal.transaction)],
      item.name.empty() ? item.id : item.name, place_name(deal.destination, countries),
      party_text(deal.user, countries));
  const bool owner_matters =
      deal.transaction == Transaction::lease || deal.transaction == Transaction::remote_use;
  if (owner_matters) {
    text += fmt::format("  owner of the site: {}\n", party_text(deal.site_owner, countries));
  }
  text += fmt::format("  seller: {}, exported from {}\n",
                      deal.seller.empty() ? "not named" : deal.seller,
                      place_name(deal.exported_from, countries));
  return text;
}

std::string_view standing_text(Standing standing) {
  switch (standing) {
    case Standing::covered:
      return "";
    case Standing::not_covered:
      return " (before the first date of the rules read)";
    case Standing::stale:
      return " (after the day on which the rules were last read)";
  }
  return "";
}

std::string gates_text(const Classification& answer, const Rulebook& book) {
  std::string text;
  for (const auto& gate : answer.gates) {
    text += fmt::format("  {}: {}", book.gates()[gate.gate].name, to_string(gate.status));
    if (gate.status == Status::licence_case_by_case ||
        gate.status == Status::licence_presumed_denied) {
      text += fmt::format(", review {}", to_string(gate.review));
    }
    text += fmt::format("{}\n", standing_text(gate.standing));
  }
  return text;
}

std::string list_text(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = fmt::format("{}\n", title);
  for (const auto& line : lines) text += fmt::format("  - {}\n", line);
  return text;
}

std::string effect_text(const Provision& provision) {
  std::string text;
  const auto add = [&text](const std::string& more) {
    text += text.empty() ? more : fmt::format("; {}", more);
  };
  if (provision.status) add(std::string(to_string(*provision.status)));
  if (provision.review) add(fmt::format("review {}", to_string(*provision.review)));
  if (provision.charge) add(to_string(*provision.charge));
  if (provision.quota) add(to_string(*provision.quota));
  return text;
}

std::string step_text(const TraceStep& step) {
  const Provision& provision = *step.provision;
  std::string text =
      fmt::format("  {:<7} {}, {}\n", to_string(step.asked), provision.id, provision.paragraph);
  for (const auto& reading : step.readings) {
    text += fmt::format("            {:<7} {}\n", to_string(reading.answer), reading.text);
  }
  for (const Provision* exception : step.set_aside_by) {
    text += fmt::format("            set aside by {}\n", exception->id);
  }
  const std::string effect = effect_text(provision);
  if (step.applies == Answer::yes && !effect.empty()) {
    text += fmt::format("            so: {}\n", effect);
  }
  if (step.asked != Answer::no) {
    text += fmt::format("            {}; {}; {}\n", provision.source.title,
                        to_string(provision.source.support), to_string(provision.period));
  }
  return text;
}

}  // namespace

std::string to_string(const Classification& answer, const RulesInForce& law, const Item& item,
                      const Deal& deal) {
  const Rulebook& book = law.rulebook();
  std::string text = question_text(law, item, deal);
  text += fmt::format("Answer: {}\n{}", to_string(answer.status), gates_text(answer, book));
  std::vector<std::string> charges, quotas;
  for (const Provision* provision : answer.applies) {
    if (provision->charge) {
      charges.push_back(fmt::format("{} ({})", to_string(*provision->charge), provision->id));
    }
    if (provision->quota) {
      quotas.push_back(fmt::format("{} ({})", to_string(*provision->quota), provision->id));
    }
  }
  text += list_text("Charges", charges);
  text += list_text("Quotas", quotas);
  text += list_text("Conditions", answer.conditions());
  text += list_text("Risks", answer.risks());
  if (!answer.trace.empty()) text += "What was asked\n";
  for (const auto& step : answer.trace) text += step_text(step);
  return text;
}

}  // namespace vorrat::rules

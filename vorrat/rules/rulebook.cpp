#include "vorrat/rules/rulebook.h"

#include <fmt/format.h>

#include <algorithm>

#include "vorrat/base/error.h"
#include "vorrat/rules/classify.h"

namespace vorrat::rules {
namespace {

bool is_listed(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

RegimeRules combined(const RegimeRules& a, const RegimeRules& b) {
  needs(a.law_of == b.law_of, "a.law_of == b.law_of");
  RegimeRules result = a;
  for (const auto& id : b.with) {
    if (!is_listed(result.with, id)) result.with.push_back(id);
  }
  for (const auto& id : b.without) {
    if (!is_listed(result.without, id)) result.without.push_back(id);
  }
  return result;
}

const std::vector<Provision>& Rulebook::provisions() const { return contents_->provisions; }
const std::vector<Instrument>& Rulebook::instruments() const { return contents_->instruments; }
const std::vector<Gate>& Rulebook::gates() const { return contents_->gates; }
const Countries& Rulebook::countries() const { return contents_->countries; }
const std::vector<std::string>& Rulebook::groups() const { return contents_->groups; }
const std::vector<Membership>& Rulebook::memberships() const { return contents_->memberships; }

ProductFacts Rulebook::product(std::string_view item) const {
  const auto place = contents_->products.find(item);
  return place == contents_->products.end() ? ProductFacts{} : place->second;
}

std::string Rulebook::designer(std::string_view vendor) const {
  const auto place = contents_->designers.find(vendor);
  return place == contents_->designers.end() ? "" : place->second;
}

const Provision* Rulebook::find(std::string_view id, Date day) const {
  for (const auto& provision : provisions()) {
    if (provision.id == id && !provision.suspended && provision.period.contains(day)) {
      return &provision;
    }
  }
  return nullptr;
}

namespace {

// The version of a provision (rows, in order of time) that counts on the day; -1 if none does.
// With `is_forced`, one always counts: the first if the day is before it, else the last that was
// not suspended.
std::ptrdiff_t version_on(const std::vector<Provision>& provisions,
                          const std::vector<std::size_t>& rows, Date day, bool is_forced) {
  for (const std::size_t row : rows) {
    const Provision& provision = provisions[row];
    if (provision.period.contains(day) && !provision.suspended) {
      return static_cast<std::ptrdiff_t>(row);
    }
  }
  if (!is_forced) return -1;
  std::ptrdiff_t chosen = -1;
  for (const std::size_t row : rows) {
    if (provisions[row].suspended) continue;
    if (chosen >= 0 && day < provisions[row].period.from) break;
    chosen = static_cast<std::ptrdiff_t>(row);
  }
  return chosen;
}

Standing standing_on(const Gate& gate, const std::vector<Instrument>& instruments, Date day) {
  if (day < gate.covers_from) return Standing::not_covered;
  Date read = gate.read;
  for (const auto& instrument : instruments) {
    if (instrument.gate == gate.id) read = std::min(read, instrument.read);
  }
  return day > read ? Standing::stale : Standing::covered;
}

}  // namespace

RulesInForce Rulebook::on(Date day) const {
  RulesInForce law = under({.law_of = day, .with = {}, .without = {}});
  for (std::size_t i = 0; i < gates().size(); ++i) {
    law.standings_[i] = standing_on(gates()[i], instruments(), day);
  }
  return law;
}

RulesInForce Rulebook::under(const RegimeRules& regime) const {
  std::vector<std::string> known;
  for (const auto& instrument : instruments()) known.push_back(instrument.id);
  for (const auto* ids : {&regime.with, &regime.without}) {
    for (const auto& id : *ids) {
      if (is_listed(known, id)) continue;
      const std::string hint = did_you_mean(id, known);
      throw InvalidInput(fmt::format("there is no instrument \"{}\"{}", id,
                                     hint.empty() ? "" : fmt::format("; {}", hint)));
    }
  }
  std::vector<std::vector<std::size_t>> versions(contents_->ids.size());
  for (std::size_t row = 0; row < provisions().size(); ++row) {
    versions[provisions()[row].number].push_back(row);
  }
  std::vector<const Provision*> in_force;
  for (const std::size_t number : contents_->order) {
    const auto& instrument = instruments()[provisions()[versions[number].front()].instrument];
    if (is_listed(regime.without, instrument.id)) continue;
    const auto row = version_on(provisions(), versions[number], regime.law_of,
                                is_listed(regime.with, instrument.id));
    if (row >= 0) in_force.push_back(&provisions()[static_cast<std::size_t>(row)]);
  }
  return {*this, regime.law_of, std::move(in_force),
          std::vector<Standing>(gates().size(), Standing::covered)};
}

std::optional<std::string> Rulebook::why_not(Date day) const {
  for (const auto& gate : gates()) {
    if (day < gate.covers_from) {
      return fmt::format("the rules of {} begin on {}; nothing is known about {}", gate.name,
                         vorrat::to_string(gate.covers_from), vorrat::to_string(day));
    }
    if (day > gate.read) {
      return fmt::format(
          "the rules of {} were last read on {} and say nothing about {}; read what has changed, "
          "add it below data/rules, and set the new day in \"read\"",
          gate.name, vorrat::to_string(gate.read), vorrat::to_string(day));
    }
  }
  for (const auto& instrument : instruments()) {
    if (day > instrument.read) {
      return fmt::format(
          "{} was last read on {} and says nothing about {}; check {} and set the new day in "
          "\"read\"",
          instrument.file, vorrat::to_string(instrument.read), vorrat::to_string(day),
          instrument.citation);
    }
  }
  return std::nullopt;
}

std::vector<RuleChange> Rulebook::changes(Date from, Date to) const {
  std::vector<RuleChange> result;
  const auto add = [&](Date day, RuleChange::Kind kind, std::size_t row) {
    if (from < day && day <= to) result.push_back({day, kind, row});
  };
  for (std::size_t row = 0; row < provisions().size(); ++row) {
    const Provision& provision = provisions()[row];
    if (provision.suspended) continue;
    add(provision.period.from, RuleChange::Kind::begins, row);
    if (provision.period.until) {
      add(*provision.period.until + std::chrono::days(1), RuleChange::Kind::ends, row);
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const RuleChange& a, const RuleChange& b) { return a.day < b.day; });
  return result;
}

}  // namespace vorrat::rules

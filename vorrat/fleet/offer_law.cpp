#include "vorrat/fleet/offer_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/law.h"

namespace vorrat::fleet {
namespace {

using scenario::Scenario;

constexpr std::size_t no_gate = static_cast<std::size_t>(-1);

std::vector<std::string> instrument_ids(const rules::Rulebook& book) {
  std::vector<std::string> ids;
  for (const auto& instrument : book.instruments()) ids.push_back(instrument.id);
  return ids;
}

class Asker {
 public:
  Asker(const Scenario& scenario, const rules::Rulebook& book) : scenario_(scenario), book_(book) {}

  std::expected<Rulings, Diagnostics> ask() {
    if (const auto why = book_.why_not(scenario_.horizon.known_on)) {
      faults_.add_error("data/rules", *why,
                        "take newer rule files, or mend known_on of the scenario");
    }
    check_instruments();
    if (faults_.has_errors()) return std::unexpected(faults_);
    result_.day = scenario_.horizon.known_on;
    const auto laws = laws_of_regimes();
    for (std::size_t o = 0; o < scenario_.offers.size(); ++o) {
      auto& rulings = result_.rulings.emplace_back();
      for (const rules::RulesInForce& law : laws) {
        std::optional<OfferRuling> ruling = rule(o, law);
        if (!ruling) break;  // said once is enough
        rulings.push_back(std::move(*ruling));
      }
    }
    if (faults_.has_errors()) return std::unexpected(faults_);
    for (auto& [provision, quota] : quotas_) result_.quotas.push_back(std::move(quota));
    return std::move(result_);
  }

 private:
  void check_instruments() {
    const auto known = instrument_ids(book_);
    for (const auto& gate : scenario_.gates) {
      for (const auto& state : gate.states) {
        for (const auto* list : {&state.with, &state.without}) {
          for (const std::string& id : *list) {
            if (std::find(known.begin(), known.end(), id) != known.end()) continue;
            faults_.add({.place = state.place,
                         .message = fmt::format("state \"{}\" of gate \"{}\" names the instrument "
                                                "\"{}\", which no rule file has",
                                                state.id, gate.id, id),
                         .hint = did_you_mean(id, known)});
          }
        }
      }
    }
  }

  /// The law of each combination of gate states, the last gate's states running fastest.
  std::vector<rules::RulesInForce> laws_of_regimes() const {
    std::vector<std::vector<std::size_t>> regimes = {{}};
    for (const auto& gate : scenario_.gates) {
      std::vector<std::vector<std::size_t>> longer;
      for (const auto& regime : regimes) {
        for (std::size_t state = 0; state < gate.states.size(); ++state) {
          longer.push_back(regime);
          longer.back().push_back(state);
        }
      }
      regimes = std::move(longer);
    }
    std::vector<rules::RulesInForce> laws;
    for (const auto& regime : regimes) laws.push_back(book_.under(regime_of(scenario_, regime)));
    return laws;
  }

  std::optional<OfferRuling> rule(std::size_t o, const rules::RulesInForce& law) {
    const scenario::Offer& offer = scenario_.offers[o];
    try {
      return read(o, law_of(scenario_, offer, law));
    } catch (const InvalidInput& error) {
      fault(offer, fmt::format("the rules cannot judge offer \"{}\": {}", offer.id, error.what()),
            "mend the offer's countries, or the buyer's");
      return std::nullopt;
    }
  }

  std::optional<OfferRuling> read(std::size_t o, const OfferLaw& asked) {
    const rules::Classification& answer = asked.classification;
    const scenario::Offer& offer = scenario_.offers[o];
    OfferRuling ruling{
        .status = answer.status, .may_order = true, .gates = {}, .provisions = {}, .quotas = {}};
    for (const auto& provision : answer.applies) {
      if (provision->status) ruling.provisions.push_back(provision->id);
      if (provision->quota && provision->quota->accelerators) {
        ruling.quotas.push_back(provision->id);
        auto& quota = quotas_[provision->id];
        quota.provision = provision->id;
        quota.accelerators = *provision->quota->accelerators;
        if (std::find(quota.offers.begin(), quota.offers.end(), o) == quota.offers.end())
          quota.offers.push_back(o);
      }
    }
    // A fee on the seller's revenue is counted as passed on to the buyer.
    ruling.charges = asked.duty + asked.fee;
    for (const rules::GateAnswer& gate : answer.gates) {
      switch (gate.status) {
        case rules::Status::free:
        case rules::Status::notify:
          break;
        case rules::Status::licence_case_by_case: {
          const std::size_t index = gate_named(book_.gates()[gate.gate].id);
          if (index == no_gate) return missing_gate(offer, book_.gates()[gate.gate]);
          ruling.gates.push_back(index);
          break;
        }
        case rules::Status::licence_presumed_denied:
        case rules::Status::prohibited:
          ruling.may_order = false;
          break;
        case rules::Status::not_covered:
        case rules::Status::unknown:
          return undecided(offer, answer, book_.gates()[gate.gate]);
      }
    }
    for (std::size_t own : offer.gates) {
      if (std::find(ruling.gates.begin(), ruling.gates.end(), own) == ruling.gates.end())
        ruling.gates.push_back(own);
    }
    return ruling;
  }

  std::size_t gate_named(const std::string& id) const {
    for (std::size_t g = 0; g < scenario_.gates.size(); ++g) {
      if (scenario_.gates[g].id == id) return g;
    }
    return no_gate;
  }

  void fault(const scenario::Offer& offer, std::string message, std::string hint) {
    faults_.add({.place = offer.place, .message = std::move(message), .hint = std::move(hint)});
  }

  std::nullopt_t missing_gate(const scenario::Offer& offer, const rules::Gate& gate) {
    fault(offer,
          fmt::format("offer \"{}\" needs the yes of {} ({}), which the scenario does not model",
                      offer.id, gate.id, gate.name),
          fmt::format("write [gates.{}] with its states, and their odds in gates.csv", gate.id));
    return std::nullopt;
  }

  std::nullopt_t undecided(const scenario::Offer& offer, const rules::Classification& answer,
                           const rules::Gate& gate) {
    std::string provisions;
    for (const auto* provision : answer.undecided)
      provisions += (provisions.empty() ? " " : ", ") + provision->id;
    fault(offer,
          fmt::format(
              "the rules cannot say whether offer \"{}\" may pass {}: a fact is missing for{}",
              offer.id, gate.id, provisions.empty() ? " the day" : provisions),
          fmt::format("ask \"vorrat classify {}\" with the buyer and the site: its trace names "
                      "what is missing",
                      scenario_.accelerators[offer.accelerator].id));
    return std::nullopt;
  }

  const Scenario& scenario_;
  const rules::Rulebook& book_;
  Diagnostics faults_;
  Rulings result_;
  std::map<std::string, SharedQuota> quotas_;
};

}  // namespace

std::expected<Rulings, Diagnostics> ask_rules(const Scenario& scenario,
                                              const rules::Rulebook& book) {
  return Asker(scenario, book).ask();
}

}  // namespace vorrat::fleet

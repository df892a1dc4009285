#include "vorrat/sddp/saved_states.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/program/json_text.h"

namespace vorrat::sddp {
namespace {

using Kind = program::JsonValue::Kind;

std::string text_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts)
    list += (list.empty() ? "" : ", ") + program::json_quoted(text);
  return list;
}

/// The `most` worthiest, and for every state in which none of them comes near the largest value
/// that there was, the worthiest that does. Lately nothing went there, because cuts made there say
/// how dear it is: without them it looks cheap again.
std::vector<TrialStates::Entry> chosen(const TrialStates& trials, std::size_t most,
                                       double iteration, std::size_t states) {
  const std::vector<TrialStates::Entry> all = trials.list(trials.size(), iteration);
  std::vector<TrialStates::Entry> entries(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size())));
  for (std::size_t k = 0; k < states; ++k) {
    double largest = 0.0;
    for (const auto& entry : all) largest = std::max(largest, std::abs(entry.state[k]));
    const auto is_near = [&](const TrialStates::Entry& entry) {
      return std::abs(entry.state[k]) >= 0.5 * largest;
    };
    if (largest < 1e-6 || std::ranges::any_of(entries, is_near)) continue;
    entries.push_back(*std::ranges::find_if(all, is_near));
  }
  return entries;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : faults_(text, file) {}

  std::expected<SavedStates, Diagnostics> read(const program::JsonValue& document) {
    SavedStates result;
    read_file(document, result);
    if (faults_.found().has_errors()) return std::unexpected(faults_.found());
    return result;
  }

 private:
  void read_file(const program::JsonValue& document, SavedStates& result) {
    if (!faults_.of_kind(document, Kind::object, "the file")) return;
    const auto* version = faults_.member(document, "vorrat_trial_states", Kind::number, "the file");
    const auto* names = faults_.member(document, "states", Kind::list, "the file");
    const auto* iterations = faults_.member(document, "iterations", Kind::number, "the file");
    const auto* families = faults_.member(document, "families", Kind::list, "the file");
    if (version == nullptr || names == nullptr || iterations == nullptr || families == nullptr)
      return;
    if (version->number != 2.0) {
      faults_.add(*version, fmt::format("this is version {} of trial states", version->number),
                  "version 2 can be read");
      return;
    }
    result.state_names = texts(*names);
    result.iterations = iterations->number;
    const auto* bound = document.find("bound");
    if (bound != nullptr && faults_.of_kind(*bound, Kind::number, "the bound"))
      result.bound = bound->number;
    for (const auto& family : families->items) read_family(family, result);
  }

  void read_family(const program::JsonValue& value, SavedStates& result) {
    if (!faults_.of_kind(value, Kind::object, "a family")) return;
    const auto* nodes = faults_.member(value, "nodes", Kind::list, "a family");
    const auto* trials = faults_.member(value, "trials", Kind::list, "a family");
    if (nodes == nullptr || trials == nullptr) return;
    SavedStates::Family family{.nodes = texts(*nodes), .worths = {}, .states = {}};
    for (const auto& trial : trials->items) {
      if (!faults_.of_kind(trial, Kind::list, "a trial state")) return;
      if (trial.items.size() != result.state_names.size() + 1) {
        faults_.add(trial,
                    fmt::format("{} numbers are needed here", result.state_names.size() + 1));
        return;
      }
      for (std::size_t i = 0; i < trial.items.size(); ++i) {
        if (!faults_.of_kind(trial.items[i], Kind::number, "an entry")) return;
        (i == 0 ? family.worths : family.states).push_back(trial.items[i].number);
      }
    }
    result.families.push_back(std::move(family));
  }

  std::vector<std::string> texts(const program::JsonValue& list) {
    std::vector<std::string> result;
    for (const auto& item : list.items) {
      if (faults_.of_kind(item, Kind::text, "a name")) result.push_back(item.text);
    }
    return result;
  }

  program::JsonFaults faults_;
};

}  // namespace

SavedStates saved_states(const ValuePolicy& policy, std::size_t most) {
  SavedStates result{
      .state_names = policy.graph().state_names, .iterations = policy.iterations, .families = {}};
  for (std::size_t f = 0; f < policy.sharing().family_count(); ++f) {
    SavedStates::Family family;
    for (const CutGroup::Member& member : policy.sharing().family(f).members)
      family.nodes.push_back(policy.graph().nodes[member.node].name);
    for (const auto& entry :
         chosen(policy.trials(f), most, policy.iterations, result.state_names.size())) {
      family.worths.push_back(entry.worth);
      family.states.insert(family.states.end(), entry.state.begin(), entry.state.end());
    }
    result.families.push_back(std::move(family));
  }
  return result;
}

std::string to_text(const SavedStates& saved) {
  const std::size_t width = saved.state_names.size();
  std::string families;
  for (const auto& family : saved.families) {
    std::string trials;
    for (std::size_t i = 0; i < family.worths.size(); ++i) {
      trials += fmt::format("{}\n      [{:.6g}", i > 0 ? "," : "", family.worths[i]);
      for (std::size_t k = 0; k < width; ++k)
        trials += fmt::format(", {:.6g}", family.states[i * width + k]);
      trials += "]";
    }
    families += fmt::format("{}\n    {{\"nodes\": [{}], \"trials\": [{}]}}",
                            families.empty() ? "" : ",", text_list(family.nodes), trials);
  }
  return fmt::format(
      "{{\n  \"vorrat_trial_states\": 2,\n  \"iterations\": {},\n  \"bound\": {},\n  "
      "\"states\": [{}],\n  \"families\": [{}]\n}}\n",
      saved.iterations, saved.bound, text_list(saved.state_names), families);
}

std::expected<SavedStates, Diagnostics> read_saved_states(std::string_view text,
                                                          const std::string& file) {
  const auto document = program::parse_json(text, file);
  if (!document) return std::unexpected(document.error());
  return Reader(text, file).read(*document);
}

}  // namespace vorrat::sddp

#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

#include <cmath>

namespace vorrat::scenario {
namespace {

constexpr double probability_tolerance = 1e-9;

std::string percent(double share) { return fmt::format("{:.10g} %", share * 100); }

}  // namespace

void Loader::read_gates(Record& gates) {
  std::vector<Gate> read;
  std::vector<std::string> after;
  Names ids = gates.keys();
  for (const std::string& id : ids) {
    Gate gate;
    gate.id = id;
    auto record = gates.table(id, fmt::format("gate \"{}\"", id));
    std::string other;
    if (record) other = read_gate(*record, gate, ids);
    read.push_back(std::move(gate));
    after.push_back(other);
  }
  gates.finish();
  order_gates(gates, std::move(read), after);
}

std::string Loader::read_gate(Record& record, Gate& gate, const Names& ids) {
  gate.title = record.required<std::string>("title");
  gate.authority = record.value_or<std::string>("authority", "");
  gate.side = record.choice<Gate::Side>(
      "side", {{"exporter", Gate::Side::exporter}, {"importer", Gate::Side::importer}});
  gate.by_application = record.value_or<bool>("by_application", false);
  if (record.has("pace") && !gate.by_application) {
    record.fault("pace",
                 fmt::format("{} decides no applications, so it has no pace", record.subject()),
                 "write by_application = true, or leave it out");
  }
  gate.pace = gate.by_application
                  ? fact_or(record, "pace", dimensions::none, Bounds::positive(), "100 %",
                            "each quarter decides the share that its state says")
                  : filled_in(record, "pace", "100 %");
  Names states;
  for (Record& state : record.tables("states", "state")) read_state(state, gate, states);
  if (gate.states.empty()) {
    record.fault("states", fmt::format("{} has no states", record.subject()),
                 fmt::format("write [[gates.{}.states]] once for each", gate.id));
  } else {
    gate.start = index_of(states, record.reference("start", states, "state"));
  }
  record.has("start");
  std::string other;
  if (record.has("after")) other = record.reference("after", ids, "gate");
  record.finish();
  return other;
}

void Loader::read_state(Record& state, Gate& gate, Names& states) {
  GateState read;
  read.id = own_name(state, "id", states);
  read.title = state.value_or<std::string>("title", read.id);
  read.may_order = state.value_or<bool>("may_order", true);
  read.release = fact(state, "release", dimensions::none, Bounds::share());
  read.with = state.list("with");
  read.without = state.list("without");
  read.place = state.spot("id").place();
  if (gate.by_application) {
    read_application(state, read);
  } else {
    for (const char* key : {"decides", "grants", "downgrades", "revokes"}) {
      if (!state.has(key)) continue;
      state.fault(key,
                  fmt::format("{} of gate \"{}\" {} applications, but the gate decides none",
                              state.subject(), gate.id, key),
                  "write by_application = true for the gate, or leave it out");
    }
  }
  state.finish();
  gate.states.push_back(std::move(read));
}

void Loader::read_application(Record& state, GateState& read) {
  const auto share = [&](const char* key, const char* fallback, const char* why) {
    return fact_or(state, key, dimensions::none, Bounds::share(), fallback, why);
  };
  read.decides = share("decides", "100 %", "a quarter decides all that is pending");
  read.downgrades = share("downgrades", "0 %", "no licence is for a lesser part");
  const std::string rest = percent(1 - read.downgrades.value.mean().value);
  read.grants = share("grants", rest.c_str(), "nothing is denied");
  read.revokes = share("revokes", "0 %", "licences stand");
  const double decided = read.grants.value.mean().value + read.downgrades.value.mean().value;
  if (decided > 1 + probability_tolerance) {
    state.fault("grants",
                fmt::format("{} grants {} and downgrades {} of what it decides, more than all",
                            state.subject(), percent(read.grants.value.mean().value),
                            percent(read.downgrades.value.mean().value)),
                "make them sum to at most 100 %; the rest is denied");
  }
}

void Loader::order_gates(Record& gates, std::vector<Gate> read,
                         const std::vector<std::string>& after) {
  std::vector<bool> placed(read.size(), false);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (placed[i]) continue;
      const auto other = std::find(gate_ids_.begin(), gate_ids_.end(), after[i]);
      if (!after[i].empty() && other == gate_ids_.end()) continue;
      if (!after[i].empty()) {
        read[i].depends_on = static_cast<std::size_t>(other - gate_ids_.begin());
      }
      gate_ids_.push_back(read[i].id);
      scenario_.gates.push_back(std::move(read[i]));
      placed[i] = moved = true;
    }
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (placed[i]) continue;
    gates.fault(read[i].id,
                fmt::format("gate \"{}\" depends on itself by way of \"{}\"", read[i].id, after[i]),
                "a gate may depend on one that does not depend on it");
    gate_ids_.push_back(read[i].id);
    scenario_.gates.push_back(std::move(read[i]));
  }
}

void Loader::read_gate_moves() {
  std::map<MoveGroup, std::vector<GateMove>> groups;
  std::map<MoveGroup, Spot> last_cell;
  for_each_row("gates.csv", "gate", [&](Record row) {
    if (!document_) return;
    row.identify("gate");
    const std::string id = row.reference("gate", gate_ids_, "gate");
    if (id.empty()) return;
    const std::size_t gate = index_of(gate_ids_, id);
    const std::size_t faults_before = faults_.error_count();
    const MoveGroup group = read_move(row, gate, groups);
    last_cell[group] = row.spot("probability");
    if (faults_.error_count() > faults_before) doubtful_gates_.insert(gate);
  });
  if (!document_) return;
  for (std::size_t g = 0; g < scenario_.gates.size(); ++g) fill_transition(g, groups, last_cell);
}

Loader::MoveGroup Loader::read_move(Record& row, std::size_t index,
                                    std::map<MoveGroup, std::vector<GateMove>>& groups) {
  Gate& gate = scenario_.gates[index];
  bool is_readable_row = true;
  const auto state = [&](const char* key, const Gate& of) {
    Names names;
    for (const GateState& known : of.states) names.push_back(known.id);
    const std::string id = row.reference(key, names, fmt::format("state of gate \"{}\"", of.id));
    is_readable_row = is_readable_row && !id.empty();
    return index_of(names, id);
  };
  GateMove move;
  if (gate.depends_on) {
    move.when = state("when", scenario_.gates[*gate.depends_on]);
  } else if (row.has("when")) {
    row.fault("when", fmt::format("gate \"{}\" depends on no other gate", gate.id),
              "leave the cell empty, or write `after` in scenario.toml");
  }
  move.from = state("from", gate);
  move.to = state("to", gate);
  if (row.text("probability") == "rest") {
    row.has("probability");
    row.source_of("probability");
  } else {
    move.probability = fact(row, "probability", dimensions::none, Bounds::share());
  }
  std::vector<GateMove>& group = groups[{index, move.when, move.from}];
  const bool repeats =
      is_readable_row && std::any_of(group.begin(), group.end(), [&](const GateMove& other) {
        return other.to == move.to || (!other.probability && !move.probability);
      });
  if (repeats) {
    row.fault("to",
              fmt::format("from \"{}\" to \"{}\", or the word rest, stands twice for gate \"{}\"",
                          row.text("from"), row.text("to"), gate.id),
              "keep one of them");
  }
  group.push_back(move);
  return {index, move.when, move.from};
}

void Loader::fill_transition(std::size_t index,
                             const std::map<MoveGroup, std::vector<GateMove>>& groups,
                             const std::map<MoveGroup, Spot>& last_cell) {
  Gate& gate = scenario_.gates[index];
  const std::size_t count = gate.states.size();
  const std::size_t conditions =
      gate.depends_on ? scenario_.gates[*gate.depends_on].states.size() : 1;
  gate.transition.assign(conditions, std::vector(count, std::vector<double>(count, 0.0)));
  for (std::size_t when = 0; when < conditions; ++when) {
    for (std::size_t from = 0; from < count; ++from) {
      std::vector<double>& row = gate.transition[when][from];
      const auto group = groups.find({index, when, from});
      if (group == groups.end()) {
        row[from] = 1;
        note_that_it_stays(gate, when, from);
      } else {
        fill_row(gate, group->second, last_cell.at(group->first), row);
        gate.moves.insert(gate.moves.end(), group->second.begin(), group->second.end());
      }
    }
  }
}

void Loader::note_that_it_stays(const Gate& gate, std::size_t when, std::size_t from) {
  std::string what =
      fmt::format("the moves of gate \"{}\" from \"{}\"", gate.id, gate.states[from].id);
  if (gate.depends_on) {
    const Gate& other = scenario_.gates[*gate.depends_on];
    what += fmt::format(" when gate \"{}\" is \"{}\"", other.id, other.states[when].id);
  }
  scenario_.defaults.push_back({what, "it stays", "gates.csv has no row for it"});
}

void Loader::fill_row(const Gate& gate, const std::vector<GateMove>& group, const Spot& cell,
                      std::vector<double>& row) {
  double sum = 0;
  std::optional<std::size_t> rest;
  for (const GateMove& move : group) {
    if (!move.probability) {
      rest = move.to;
      continue;
    }
    row[move.to] = move.probability->value.mean().value;
    sum += row[move.to];
  }
  std::string where = fmt::format("the probabilities of gate \"{}\" from \"{}\"", gate.id,
                                  gate.states[group.front().from].id);
  if (gate.depends_on) {
    const Gate& other = scenario_.gates[*gate.depends_on];
    where +=
        fmt::format(" when gate \"{}\" is \"{}\"", other.id, other.states[group.front().when].id);
  }
  if (rest) row[*rest] = std::max(0.0, 1 - sum);
  if (doubtful_gates_.count(index_of(gate_ids_, gate.id)) > 0) return;
  if (rest && sum > 1 + probability_tolerance) {
    faults_.add(cell.fault(
        fmt::format("{} sum to {} without the rest, more than 100 %", where, percent(sum)),
        "make them smaller; ranges count by their means"));
  } else if (!rest && std::abs(sum - 1) > probability_tolerance) {
    faults_.add(cell.fault(fmt::format("{} sum to {}, not to 100 %", where, percent(sum)),
                           "write \"rest\" for one of them, or mend the numbers"));
  }
}

}  // namespace vorrat::scenario

#include "vorrat/verbs/actuals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/input/reader.h"
#include "vorrat/report/format.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/replan.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

using Json = nlohmann::ordered_json;
using scenario::Scenario;
using store::Actual;

const std::vector<std::pair<std::string, std::string>> kinds = {
    {"ordered", "ordered"}, {"delivered", "delivered"}, {"licensed", "licensed"},
    {"spent", "spent"},     {"gate", "gate"},           {"demand", "demand"},
    {"counted", "counted"}};

/// Reads the entries of a table against the scenario that they happened to.
class EntryReader {
 public:
  EntryReader(const Scenario& scenario, Diagnostics& faults)
      : scenario_(scenario), faults_(faults) {
    for (const auto& offer : scenario.offers) offers_.push_back(offer.id);
    for (const auto& gate : scenario.gates) gates_.push_back(gate.id);
    for (const auto& workload : scenario.workloads) workloads_.push_back(workload.id);
    for (const auto& part : scenario.accelerators) {
      for (const auto& site : scenario.sites) pools_.push_back(part.id + " at " + site.id);
    }
  }

  std::vector<Actual> read(const std::filesystem::path& path) {
    const auto table = Table::read(path);
    if (!table) {
      faults_.append(table.error());
      return {};
    }
    table->check_columns({"what", "subject", "quarter", "value", "source", "date"}, {}, faults_);
    std::vector<Actual> entries;
    const std::string entered = store::utc_now();
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      Record record(*table, row, "entry", faults_);
      entries.push_back(read_entry(record));
      entries.back().entered = entered;
    }
    return entries;
  }

 private:
  Actual read_entry(Record& row) {
    Actual entry{.what = row.choice<std::string>("what", kinds),
                 .subject = {},
                 .quarter = read_quarter(row),
                 .value = row.text("value"),
                 .source = row.required<std::string>("source"),
                 .date = to_string(row.required<Date>("date")),
                 .note = row.text("note"),
                 .entered = {}};
    entry.subject = read_subject(row, entry.what);
    return entry;
  }

  std::string read_quarter(Record& row) {
    const auto quarter = row.required<Quarter>("quarter");
    const scenario::Horizon& horizon = scenario_.horizon;
    if (quarter.year > 0 && (quarter < horizon.first || horizon.last() < quarter)) {
      row.fault(
          "quarter",
          fmt::format("{} is not a quarter of the plan, which goes from {} to {}",
                      to_string(quarter), to_string(horizon.first), to_string(horizon.last())),
          "enter it beside the run that planned it");
    }
    return to_string(quarter);
  }

  // The subject, after the value was held to what such a subject has.
  std::string read_subject(Record& row, const std::string& what) {
    if (what == "spent") {
      const std::string account = row.reference("subject", {"capital", "lease"}, "account");
      read_money(row);
      return account;
    }
    if (what == "gate") {
      const std::string gate = row.reference("subject", gates_, "gate");
      if (!gate.empty()) read_state(row, gate);
      return gate;
    }
    if (what == "demand") {
      const std::string workload = row.reference("subject", workloads_, "workload");
      for (const auto& known : scenario_.workloads) {
        if (known.id == workload)
          row.quantity("value", known.work / dimensions::time, Bounds::positive());
      }
      return workload;
    }
    row.quantity("value", dimensions::count);
    if (what == "counted") return row.reference("subject", pools_, "pool");
    return row.reference("subject", offers_, "offer");
  }

  void read_money(Record& row) {
    const AnyQuantity money = row.quantity("value", dimensions::money);
    try {
      if (!money.currency.is_none()) scenario_.in_currency(money);
    } catch (const InvalidInput& error) {
      row.fault("value", error.what(), "write it in a currency of the scenario");
    }
  }

  void read_state(Record& row, const std::string& id) {
    for (const auto& gate : scenario_.gates) {
      if (gate.id != id) continue;
      std::vector<std::string> states;
      for (const auto& state : gate.states) states.push_back(state.id);
      row.reference("value", states, fmt::format("state of gate \"{}\"", id));
    }
  }

  const Scenario& scenario_;  // both outlive the reader, a local of run()
  Diagnostics& faults_;
  std::vector<std::string> offers_, gates_, workloads_, pools_;
};

auto identity(const Actual& entry) { return std::tuple(entry.what, entry.subject, entry.quarter); }

/// What the kept plan said of an entry's subject.
std::string planned(const Actual& entry, const Json& plan, const Scenario& scenario) {
  if (plan.is_null()) return "";
  if (entry.what == "ordered" && entry.quarter == to_string(scenario.horizon.first)) {
    for (const Json& line : plan.at("orders")) {
      if (line.at("offer") == entry.subject)
        return report::format_number(line.at("quantity"), 0) + " units";
    }
    return "none";
  }
  if (entry.what == "spent") {
    for (const Json& line : plan.at("money").at("years")) {
      if (line.at("year") == entry.quarter.substr(0, 4) && line.at("account") == entry.subject)
        return report::format_money(line.at("spent"), plan.at("currency")) + " in the year";
    }
  }
  if (entry.what == "demand") {
    for (const Json& line : plan.at("service")) {
      if (line.at("quarter") == entry.quarter && line.at("workload") == entry.subject)
        return fmt::format("{:.4g} {}", line.at("demand_mean").get<double>(),
                           line.at("unit").get<std::string>());
    }
  }
  return "";
}

std::vector<ActualLine> lines_of(const std::vector<Actual>& entries, const Json& plan,
                                 const Scenario& scenario) {
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> last;
  for (const Actual& entry : entries) last[identity(entry)] = entry.id;
  std::vector<ActualLine> lines;
  for (const Actual& entry : entries) {
    lines.push_back({.entry = entry,
                     .planned = planned(entry, plan, scenario),
                     .is_superseded = last.at(identity(entry)) != entry.id});
  }
  return lines;
}

std::vector<Actual> holding(const std::vector<ActualLine>& lines) {
  std::vector<Actual> entries;
  for (const ActualLine& line : lines) {
    if (!line.is_superseded) entries.push_back(line.entry);
  }
  return entries;
}

Quarter next_quarter(const ActualsRequest& request, const std::vector<Actual>& entries,
                     const scenario::Horizon& horizon) {
  std::optional<Quarter> last, first = parse_quarter(request.first);
  if (!request.first.empty() && !first)
    throw InvalidInput(fmt::format("--first is \"{}\", which is no quarter; write it as in 2026Q2",
                                   request.first));
  for (const Actual& entry : entries) {
    const bool takes_time =
        entry.what == "ordered" || entry.what == "delivered" || entry.what == "spent";
    const auto quarter = parse_quarter(entry.quarter);
    if (takes_time && quarter && (!last || *last < *quarter)) last = quarter;
  }
  if (!first && !last)
    throw InvalidInput("nothing ordered, delivered or spent was entered; say --first QUARTER");
  if (!first) first = *last + 1;
  if (!(horizon.first < *first) || horizon.last() < *first)
    throw InvalidInput(
        fmt::format("the next scenario cannot begin in {}: the plan goes from {} to {}",
                    to_string(*first), to_string(horizon.first), to_string(horizon.last())));
  return *first;
}

std::string notes_text(const ActualsResult& result) {
  std::string text = fmt::format("# Moved on from run {}\n\n", result.run.id);
  for (const std::string& note : result.notes) text += "- " + note + "\n";
  return text;
}

void apply(const ActualsRequest& request, const store::Files& files, const Scenario& scenario,
           ActualsResult& result) {
  std::error_code error;
  if (std::filesystem::exists(*request.apply, error) &&
      !std::filesystem::is_empty(*request.apply, error))
    throw InvalidInput(fmt::format("{} is not empty: choose a folder that is empty or new",
                                   request.apply->string()));
  const std::vector<Actual> entries = holding(result.lines);
  Replan moved = replan(files, scenario, entries, next_quarter(request, entries, scenario.horizon));
  const TemporaryFolder trial;
  write_files(trial.path(), moved.files);
  if (const auto loaded = load(trial.path(), request.data); !loaded) {
    result.diagnostics.append(loaded.error());
    return;
  }
  result.notes = std::move(moved.notes);
  moved.files["MOVED.md"] = notes_text(result);
  write_files(*request.apply, moved.files);
  for (const auto& [name, bytes] : moved.files) result.written.push_back(*request.apply / name);
}

}  // namespace

ActualsResult run(const ActualsRequest& request) {
  const bool writes = request.entries.has_value();
  store::Store store(store_file(request.file), writes ? store::Access::write : store::Access::read);
  ActualsResult result{.run = find_run(store, request.run)};
  const store::RunId id = result.run.id;
  const store::Files files = store.inputs(id, store::Place::scenario);
  const LaidOutInputs inputs(files, store.inputs(id, store::Place::data));
  const auto loaded = load(inputs.scenario(), inputs.data());
  if (!loaded) {
    result.diagnostics = loaded.error();
    return result;
  }
  if (writes) {
    const auto entries = EntryReader(loaded->scenario, result.diagnostics).read(*request.entries);
    if (result.diagnostics.has_errors()) return result;
    store.add_actuals(id, entries);
    result.added = entries.size();
  }
  const auto answer = store.result(id, "plan.json");
  result.lines =
      lines_of(store.actuals(id), answer ? Json::parse(*answer) : Json(), loaded->scenario);
  if (request.apply) apply(request, files, loaded->scenario, result);
  return result;
}

std::string to_text(const ActualsResult& result) {
  if (result.diagnostics.has_errors()) return "";
  std::string text;
  if (result.added > 0)
    text += fmt::format("entered {} lines beside run {}\n", result.added, result.run.id);
  report::Table table{
      .id = "actuals",
      .title = fmt::format("What happened after run {}", result.run.id),
      .columns =
          {{"what"}, {"of"}, {"quarter"}, {"happened"}, {"planned"}, {"known on"}, {"source"}},
      .rows = {},
      .notes = {}};
  for (const auto& [entry, planned, is_superseded] : result.lines) {
    table.rows.push_back({entry.what, entry.subject, entry.quarter,
                          entry.value + (is_superseded ? " (until a later entry)" : ""),
                          planned.empty() ? "-" : planned, entry.date, entry.source});
  }
  text += table.rows.empty() ? fmt::format("nothing was entered beside run {} yet\n", result.run.id)
                             : report::to_terminal(table);
  for (const std::string& note : result.notes) text += note + "\n";
  for (const auto& path : result.written) text += fmt::format("wrote {}\n", path.string());
  return text;
}

std::string to_json(const ActualsResult& result) {
  Json entries = Json::array(), written = Json::array();
  for (const auto& [entry, planned, is_superseded] : result.lines) {
    entries.push_back({{"what", entry.what},
                       {"subject", entry.subject},
                       {"quarter", entry.quarter},
                       {"value", entry.value},
                       {"planned", planned.empty() ? Json() : Json(planned)},
                       {"source", entry.source},
                       {"date", entry.date},
                       {"note", entry.note},
                       {"entered", entry.entered},
                       {"is_superseded", is_superseded}});
  }
  for (const auto& path : result.written) written.push_back(path.string());
  const Json json = {{"run", result.run.id},
                     {"added", result.added},
                     {"entries", entries},
                     {"written", written},
                     {"notes", result.notes}};
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

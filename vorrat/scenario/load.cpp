#include "vorrat/scenario/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "vorrat/base/sha256.h"
#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"
#include "vorrat/quantity/text.h"
#include "vorrat/scenario/plausible.h"

namespace vorrat::scenario {
namespace {

using Names = std::vector<std::string>;

constexpr double probability_tolerance = 1e-9;

constexpr Dimension supply_dimension = dimensions::count / dimensions::time;

struct TableFile {
  const char* name;
  bool may_be_missing;
  Names required;
  Names optional;
};

const std::vector<TableFile>& table_files() {
  static const std::vector<TableFile> all = {
      {"gates.csv", true, {"gate", "when", "from", "to", "probability"}, {}},
      {"sites.csv",
       false,
       {"site", "title", "jurisdiction", "owner", "pue", "electricity"},
       {"place", "confirmed"}},
      {"power.csv", false, {"site", "from", "power"}, {}},
      {"workloads.csv",
       false,
       {"workload", "title", "demand", "growth", "unserved_price", "sites"},
       {"growth_fade", "peak_factor", "minimum_service"}},
      {"offers.csv",
       false,
       {"offer", "accelerator", "seller", "site", "transaction", "price", "lead_time", "supply"},
       {"route", "duty", "first", "last", "deposit", "term", "gates", "confirmed"}},
      {"throughput.csv", false, {"accelerator", "workload", "throughput"}, {}},
      {"fleet.csv", true, {"accelerator", "site", "quantity"}, {}},
      {"budget.csv", false, {"year", "account", "amount"}, {}}};
  return all;
}

std::size_t index_of(const Names& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin());
}

// "lead_time" is a column; people say "lead time".
std::string spoken(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string percent(double share) { return fmt::format("{:.10g} %", share * 100); }

// Reads one folder. What cannot be read leaves a default behind after its fault was noted, so that
// places in the vectors stay those of the rows; the scenario is handed out only if there is no
// fault.
class Loader {
 public:
  Loader(std::filesystem::path folder, const catalog::Catalog& catalog)
      : folder_(std::move(folder)),
        catalog_(catalog),
        accelerator_ids_(catalog.accelerator_ids()) {}

  std::expected<Scenario, Diagnostics> run() {
    if (!std::filesystem::is_directory(folder_)) {
      faults_.add_error(folder_.string(), "there is no such scenario folder",
                        "name a folder that holds scenario.toml");
      return std::unexpected(faults_);
    }
    open_files();
    if (document_) read_settings(document_->root());
    read_gate_moves();
    read_sites();
    read_power();
    read_workloads();
    read_offers();
    read_fleet();
    read_throughput();
    read_budget();
    if (faults_.has_errors()) return std::unexpected(without_repeats(faults_));
    scenario_.input_hash = input_hash();
    return std::move(scenario_);
  }

 private:
  // ---- files

  void open_files() {
    auto document = Document::read(folder_ / "scenario.toml");
    if (document) {
      document_ = std::move(*document);
    } else {
      faults_.append(document.error());
    }
    Names known = {"scenario.toml"};
    for (const TableFile& file : table_files()) {
      known.push_back(file.name);
      if (file.may_be_missing && !std::filesystem::exists(folder_ / file.name)) continue;
      auto table = Table::read(folder_ / file.name);
      if (table) {
        table->check_columns(file.required, file.optional, faults_);
        tables_.emplace(file.name, std::move(*table));
      } else {
        faults_.append(table.error());
      }
    }
    Names others;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      const std::string extension = entry.path().extension().string();
      if (extension != ".csv" && extension != ".toml") continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) others.push_back(name);
    }
    std::sort(others.begin(), others.end());
    for (const std::string& name : others) {
      faults_.add_error(name, "a scenario has no such file", did_you_mean(name, known));
    }
  }

  // Calls read(row) for each row of a table; does nothing if the table could not be read.
  template <class Read>
  void for_each_row(const std::string& file, const std::string& what, Read read) {
    const auto found = tables_.find(file);
    if (found == tables_.end()) return;
    for (std::size_t row = 0; row < found->second.row_count(); ++row) {
      read(Record(found->second, row, what, faults_));
    }
  }

  bool is_readable(const std::string& file) const { return tables_.count(file) > 0; }

  // ---- facts

  // Notes a fact from after the day on which the scenario's knowledge ends.
  void check_source_date(Record& record, const std::string& key, const Source& source) {
    if (!source.date || !known_on_ || *source.date <= *known_on_) return;
    std::string where = key;
    if (!record.text(key + "_date").empty()) {
      where = key + "_date";
    } else if (is_row(record) && !record.text("date").empty()) {
      where = "date";
    }
    record.fault(where,
                 fmt::format("a fact of {} is of {}, which is after known_on, {}", record.subject(),
                             vorrat::to_string(*source.date), vorrat::to_string(*known_on_)),
                 "use what was known by then");
  }

  static bool is_row(const Record& record) {
    const std::string file = record.spot("").place().file;
    return file.size() > 4 && file.compare(file.size() - 4, 4, ".csv") == 0;
  }

  Fact fact(Record& record, const std::string& key, Dimension dimension,
            const Bounds& bounds = {}) {
    Fact result;
    result.value = record.uncertain(key, dimension, bounds);
    result.source = record.source_of(key);
    check_source_date(record, key, result.source);
    return result;
  }

  // A fact that need not be written: then `text`, noted among the defaults.
  Fact fact_or(Record& record, const std::string& key, Dimension dimension, const Bounds& bounds,
               const std::string& text, const std::string& why) {
    if (record.has(key)) return fact(record, key, dimension, bounds);
    scenario_.defaults.push_back(
        {fmt::format("the {} of {}", spoken(key), record.subject()), text, why});
    Fact result;
    result.value = parse_uncertain(text).value();
    result.source.kind = SourceKind::assumed;
    result.source.text = "default";
    result.source.place = record.spot(key).place();
    return result;
  }

  void check_currency(Record& record, const std::string& key, const Fact& money) {
    const Currency currency = money.value.currency();
    const bool is_known = currencies_.count(currency) > 0;
    if (currency.is_none() || scenario_.money.currency.is_none() || is_known) return;
    record.fault(
        key,
        fmt::format("the {} of {} is in {}, which has no exchange rate", spoken(key),
                    record.subject(), currency.code()),
        fmt::format("write one in [money.exchange], as in {0} = {{ value = \"... {0}/{1}\", "
                    "... }}",
                    currency.code(), scenario_.money.currency.code()));
  }

  // ---- names

  // Reads the name of a row; a name that stands twice is a fault.
  std::string own_name(Record& record, const std::string& key, Names& names) {
    const std::string name = record.identify(key);
    if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
      record.fault(key, fmt::format("{} stands twice", record.subject()), "keep one of them");
    }
    names.push_back(name);
    return name;
  }

  // A reference to a row of `file`. If that file could not be read, nothing is said about it here.
  std::size_t reference(Record& record, const std::string& key, const Names& names,
                        const std::string& what, const std::string& file) {
    if (!is_readable(file)) {
      record.required<std::string>(key);
      return 0;
    }
    return index_of(names, record.reference(key, names, what));
  }

  std::size_t accelerator(Record& record) {
    const std::string id = record.reference("accelerator", accelerator_ids_, "accelerator");
    if (id.empty()) return 0;
    for (std::size_t i = 0; i < scenario_.accelerators.size(); ++i) {
      if (scenario_.accelerators[i].id == id) return i;
    }
    scenario_.accelerators.push_back(*catalog_.find_accelerator(id));
    return scenario_.accelerators.size() - 1;
  }

  // What runs draws power, so it must be known.
  void check_power_known(Record& record, std::size_t index) {
    if (index >= scenario_.accelerators.size()) return;
    const catalog::Accelerator& part = scenario_.accelerators[index];
    if (part.power || part.id != record.text("accelerator")) return;
    record.fault("accelerator",
                 fmt::format("the catalogue has no power for accelerator \"{}\"", part.id),
                 "add it to catalog/accelerators.csv with its source");
  }

  // ---- scenario.toml

  // A section that must be there.
  std::optional<Record> section(Record& root, const std::string& key, const std::string& what) {
    auto record = root.table(key, what);
    if (!record && root.text(key).empty() && !root.has(key)) {
      faults_.add_error("scenario.toml", fmt::format("the section [{}] is missing", key),
                        fmt::format("write [{}] and its keys", key));
    }
    return record;
  }

  void read_settings(const Node& node) {
    Record root(node, "scenario file", faults_);
    if (auto record = section(root, "scenario", "scenario")) {
      scenario_.name = record->required<std::string>("name");
      scenario_.title = record->required<std::string>("title");
      scenario_.note = record->value_or<std::string>("note", "");
      record->finish();
    }
    if (auto record = section(root, "buyer", "buyer")) read_buyer(*record);
    if (auto record = section(root, "horizon", "horizon")) read_horizon(*record);
    if (auto record = section(root, "money", "money")) read_money(*record);
    if (auto record = section(root, "end_value", "end value")) read_end_value(*record);
    if (auto record = section(root, "fleet", "fleet")) read_fleet_terms(*record);
    read_tree(root, node);
    if (auto record = root.table("settings", "settings")) {
      scenario_.settings.seed = static_cast<unsigned long long>(record->value_or<int>("seed", 1));
      if (record->has("lot")) {
        scenario_.settings.lot = record->required<Count>("lot", Bounds::positive()).value();
      }
      record->finish();
    }
    if (auto record = root.table("gates", "gates")) read_gates(*record);
    root.finish();
  }

  void read_buyer(Record& record) {
    scenario_.buyer.name = record.required<std::string>("name");
    scenario_.buyer.headquarters = record.required<std::string>("headquarters");
    scenario_.buyer.ultimate_parent = record.required<std::string>("ultimate_parent");
    record.finish();
  }

  void read_horizon(Record& record) {
    Horizon& horizon = scenario_.horizon;
    horizon.first = record.required<Quarter>("first");
    horizon.quarters = record.required<int>("quarters", Bounds::between(1, 40));
    horizon.known_on = record.required<Date>("known_on");
    has_horizon_ = horizon.first.year > 0 && horizon.quarters > 0;
    if (!record.text("known_on").empty()) known_on_ = horizon.known_on;
    if (has_horizon_ && known_on_ && *known_on_ > last_day(horizon.first)) {
      record.fault(
          "known_on",
          fmt::format("known_on is {}, when the first quarter, {}, is over",
                      vorrat::to_string(*known_on_), vorrat::to_string(horizon.first)),
          "the first decision is taken in the first quarter, so write a day before its end");
    }
    record.finish();
  }

  void read_money(Record& record) {
    MoneyTerms& money = scenario_.money;
    const std::string code = record.required<std::string>("currency");
    try {
      if (!code.empty()) money.currency = Currency(code);
    } catch (const InvalidInput& fault) {
      record.fault("currency", fault.what(), "write three capital letters, as in USD");
    }
    currencies_.insert(money.currency);
    money.price_date = record.required<Date>("price_date");
    if (known_on_ && money.price_date > *known_on_) {
      record.fault("price_date", "the price date is after known_on", "use what was known by then");
    }
    money.discount_rate = fact(record, "discount_rate", dimensions::frequency);
    if (auto exchange = record.table("exchange", "exchange rates")) {
      for (const std::string& key : exchange->keys()) read_exchange(*exchange, key);
      exchange->finish();
    }
    record.finish();
  }

  void read_exchange(Record& record, const std::string& key) {
    Fact rate;
    rate.value = record.exchange_rate(key);
    rate.source = record.source_of(key);
    check_source_date(record, key, rate.source);
    const AnyQuantity& kind = rate.value.kind();
    const Currency own = scenario_.money.currency;
    try {
      currencies_.insert(Currency(key));  // a bad rate is said here, not where it is used
    } catch (const InvalidInput& fault) {
      record.fault(key, fault.what());
      return;
    }
    if (!kind.is_exchange_rate() || own.is_none()) return;
    if (kind.currency.code() != key || kind.per_currency != own) {
      record.fault(key,
                   fmt::format("the rate of {} is \"{}\", which is not {} per {}", key,
                               record.text(key), key, own.code()),
                   fmt::format("write it as in \"7 {}/{}\"", key, own.code()));
      return;
    }
    scenario_.money.exchange.push_back({kind.currency, rate});
  }

  void read_end_value(Record& record) {
    scenario_.end_value.method = record.choice<EndValue::Method>(
        "method", {{"straight_line", EndValue::Method::straight_line}});
    scenario_.end_value.economic_life =
        fact(record, "economic_life", dimensions::time, Bounds::positive());
    scenario_.end_value.haircut = fact(record, "haircut", dimensions::none, Bounds::share());
    record.finish();
  }

  void read_fleet_terms(Record& record) {
    scenario_.fleet_terms.attrition =
        fact_or(record, "attrition", dimensions::frequency, {}, "0 %/year", "nothing is lost");
    scenario_.fleet_terms.power_overhead =
        fact(record, "power_overhead", dimensions::none, Bounds::at_least(0));
    record.finish();
  }

  // One number of children for each quarter after the first; if none is written, few and fewer.
  void read_tree(Record& root, const Node& node) {
    const std::size_t wanted =
        has_horizon_ ? static_cast<std::size_t>(scenario_.horizon.quarters) - 1 : 0;
    std::vector<std::size_t>& branching = scenario_.settings.branching;
    const auto tree = root.table("tree", "tree");
    const Node* list = tree ? node.find("tree")->find("branching") : nullptr;
    if (tree) {
      Record record = *tree;
      record.has("branching");
      record.finish();
    }
    if (!list) {
      for (std::size_t stage = 0; stage < wanted; ++stage) {
        branching.push_back(stage < 4 ? 5 - stage : 1);
      }
      scenario_.defaults.push_back({"the branching of the tree", fmt::format("{}", join(branching)),
                                    "fewer futures are told apart the later they begin"});
      return;
    }
    for (const Node& item : list->items) {
      const auto count = parse_quantity(item.text);
      const bool is_whole = item.kind == NodeKind::number && count && count->value >= 1 &&
                            count->value == std::floor(count->value);
      if (!is_whole) {
        faults_.add(item.spot.fault(
            fmt::format("a number of branches is \"{}\", which is not a whole number from 1 on",
                        item.text),
            "write how many children a node of that quarter has at most"));
      }
      branching.push_back(is_whole ? static_cast<std::size_t>(count->value) : 1);
    }
    if (has_horizon_ && branching.size() != wanted) {
      faults_.add(list->spot.fault(
          fmt::format("the branching of the tree has {} numbers for a horizon of {} quarters",
                      branching.size(), scenario_.horizon.quarters),
          fmt::format("write {}, one for each quarter after the first", wanted)));
    }
  }

  static std::string join(const std::vector<std::size_t>& numbers) {
    std::string text;
    for (std::size_t number : numbers)
      text += fmt::format("{}{}", text.empty() ? "" : ", ", number);
    return "[" + text + "]";
  }

  // ---- gates

  void read_gates(Record& gates) {
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

  // Returns the gate that this one depends on, or "".
  std::string read_gate(Record& record, Gate& gate, const Names& ids) {
    gate.title = record.required<std::string>("title");
    gate.authority = record.value_or<std::string>("authority", "");
    gate.side = record.choice<Gate::Side>(
        "side", {{"exporter", Gate::Side::exporter}, {"importer", Gate::Side::importer}});
    Names states;
    for (Record& state : record.tables("states", "state")) {
      GateState read;
      read.id = own_name(state, "id", states);
      read.title = state.value_or<std::string>("title", read.id);
      read.may_order = state.required<bool>("may_order");
      read.release = fact(state, "release", dimensions::none, Bounds::share());
      state.finish();
      gate.states.push_back(std::move(read));
    }
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

  // Puts each gate after the one it depends on.
  void order_gates(Record& gates, std::vector<Gate> read, const std::vector<std::string>& after) {
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
      gates.fault(
          read[i].id,
          fmt::format("gate \"{}\" depends on itself by way of \"{}\"", read[i].id, after[i]),
          "a gate may depend on one that does not depend on it");
      gate_ids_.push_back(read[i].id);
      scenario_.gates.push_back(std::move(read[i]));
    }
  }

  struct MoveGroup {
    std::size_t gate, when, from;
    auto operator<=>(const MoveGroup&) const = default;
  };

  void read_gate_moves() {
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

  MoveGroup read_move(Record& row, std::size_t index,
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

  void fill_transition(std::size_t index, const std::map<MoveGroup, std::vector<GateMove>>& groups,
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

  void note_that_it_stays(const Gate& gate, std::size_t when, std::size_t from) {
    std::string what =
        fmt::format("the moves of gate \"{}\" from \"{}\"", gate.id, gate.states[from].id);
    if (gate.depends_on) {
      const Gate& other = scenario_.gates[*gate.depends_on];
      what += fmt::format(" when gate \"{}\" is \"{}\"", other.id, other.states[when].id);
    }
    scenario_.defaults.push_back({what, "it stays", "gates.csv has no row for it"});
  }

  void fill_row(const Gate& gate, const std::vector<GateMove>& group, const Spot& cell,
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

  // ---- sites

  void read_sites() {
    for_each_row("sites.csv", "site", [&](Record row) {
      Site site;
      site.id = own_name(row, "site", site_ids_);
      site.title = row.required<std::string>("title");
      site.jurisdiction = row.required<std::string>("jurisdiction");
      site.owner = row.required<std::string>("owner");
      site.pue = fact(row, "pue", dimensions::none, Bounds::between(1, 4));
      site.electricity = fact(row, "electricity", dimensions::energy_price);
      check_currency(row, "electricity", site.electricity);
      compare_electricity(row, site);
      if (row.has("place")) site.place = read_coordinates(row);
      scenario_.sites.push_back(std::move(site));
    });
  }

  std::optional<Site::Coordinates> read_coordinates(Record& row) {
    const std::string text = row.text("place");
    const std::size_t comma = text.find(',');
    const auto number = [](const std::string& part) { return parse_quantity(part); };
    if (comma != std::string::npos) {
      const auto latitude = number(text.substr(0, comma));
      const auto longitude = number(text.substr(comma + 1));
      if (latitude && longitude && latitude->dimension == dimensions::none &&
          longitude->dimension == dimensions::none && std::abs(latitude->value) <= 90 &&
          std::abs(longitude->value) <= 180) {
        return Site::Coordinates{latitude->value, longitude->value};
      }
    }
    row.fault("place",
              fmt::format("the place of {} is \"{}\", which is not a latitude and a longitude",
                          row.subject(), text),
              "write degrees north and east, as in \"60.79, 11.07\"");
    return std::nullopt;
  }

  void read_power() {
    std::set<std::pair<std::size_t, Quarter>> seen;
    for_each_row("power.csv", "site", [&](Record row) {
      row.identify("site");
      const std::size_t site = reference(row, "site", site_ids_, "site", "sites.csv");
      Site::PowerPhase phase;
      phase.from = row.required<Quarter>("from");
      phase.power = fact(row, "power", dimensions::power);
      if (site >= scenario_.sites.size() || row.text("site") != scenario_.sites[site].id) return;
      if (!seen.insert({site, phase.from}).second) {
        row.fault("from",
                  fmt::format("the power of site \"{}\" from {} on stands twice",
                              scenario_.sites[site].id, vorrat::to_string(phase.from)),
                  "keep one of them");
      }
      scenario_.sites[site].power.push_back(std::move(phase));
    });
    if (!is_readable("power.csv")) return;
    for (Site& site : scenario_.sites) {
      std::sort(site.power.begin(), site.power.end(),
                [](const auto& a, const auto& b) { return a.from < b.from; });
      if (!site.power.empty() || site.id.empty()) continue;
      faults_.add_error("power.csv", fmt::format("site \"{}\" has no power", site.id),
                        "write a row with the quarter from which it has some");
    }
  }

  // ---- workloads

  void read_workloads() {
    for_each_row("workloads.csv", "workload", [&](Record row) {
      Workload workload;
      workload.id = own_name(row, "workload", workload_ids_);
      workload.title = row.required<std::string>("title");
      workload.work = work_dimension(row);
      workload.demand = fact(row, "demand", workload.work / dimensions::time, Bounds::positive());
      workload.growth =
          fact(row, "growth", dimensions::frequency, Bounds::at_least(-1 / units::quarter.value()));
      workload.growth_fade = fact_or(row, "growth_fade", dimensions::frequency,
                                     Bounds::between(0, 1 / units::quarter.value()), "0 %/quarter",
                                     "it does not fade");
      workload.peak_factor = fact_or(row, "peak_factor", dimensions::none, Bounds::at_least(1), "1",
                                     "demand is even over the day");
      workload.minimum_service = fact_or(row, "minimum_service", dimensions::none, Bounds::share(),
                                         "0 %", "all of it may go unserved");
      workload.unserved_price = fact(row, "unserved_price", dimensions::money / workload.work);
      check_currency(row, "unserved_price", workload.unserved_price);
      read_residency(row, workload);
      scenario_.workloads.push_back(std::move(workload));
    });
  }

  // Tokens, requests or operations, by what the demand is written in; tokens if it cannot be read.
  static Dimension work_dimension(const Record& row) {
    const auto demand = parse_uncertain(row.text("demand"));
    for (Dimension work : {dimensions::requests, dimensions::compute_work}) {
      if (demand && demand->dimension() == work / dimensions::time) return work;
    }
    return dimensions::tokens;
  }

  void read_residency(Record& row, Workload& workload) {
    if (!is_readable("sites.csv")) {
      row.required<std::string>("sites");
      return;
    }
    for (const std::string& id : row.references("sites", site_ids_, "site")) {
      const std::size_t site = index_of(site_ids_, id);
      if (!id.empty()) workload.sites.push_back(site);
    }
    if (row.text("sites").empty()) {
      row.fault("sites", fmt::format("{} may run nowhere", row.subject()),
                "name the sites where it may run, separated by \";\"");
    }
  }

  // ---- offers

  void read_offers() {
    for_each_row("offers.csv", "offer", [&](Record row) {
      Offer offer;
      offer.id = own_name(row, "offer", offer_ids_);
      offer.accelerator = accelerator(row);
      check_power_known(row, offer.accelerator);
      offer.seller = row.required<std::string>("seller");
      offer.route = row.value_or<std::string>("route", "");
      offer.site = reference(row, "site", site_ids_, "site", "sites.csv");
      offer.transaction = row.choice<Transaction>(
          "transaction", {{"buy", Transaction::buy}, {"lease", Transaction::lease}});
      const bool is_lease = offer.transaction == Transaction::lease;
      offer.price = fact(row, "price", is_lease ? dimensions::rent : dimensions::unit_price,
                         Bounds::positive());
      check_currency(row, "price", offer.price);
      compare_price(row, offer);
      offer.duty = fact_or(row, "duty", dimensions::none, Bounds::at_least(0), "0 %", "no duty");
      read_timing(row, offer);
      offer.supply = fact(row, "supply", supply_dimension);
      offer.deposit =
          fact_or(row, "deposit", dimensions::none, Bounds::share(), is_lease ? "0 %" : "100 %",
                  is_lease ? "rent is paid as it falls due" : "paid in full at order");
      if (!document_) row.has("gates");
      for (const std::string& id :
           document_ ? row.references("gates", gate_ids_, "gate") : Names()) {
        if (!id.empty()) offer.gates.push_back(index_of(gate_ids_, id));
      }
      scenario_.offers.push_back(std::move(offer));
    });
  }

  void read_timing(Record& row, Offer& offer) {
    offer.lead_time = fact(row, "lead_time", dimensions::time);
    // A quarter is 91.3 days, 13 weeks are 91: neither is meant to be more than the other.
    offer.lead_quarters = static_cast<int>(
        std::ceil(offer.lead_time.value.mean().value / units::quarter.value() - 0.01));
    offer.first = row.has("first") ? row.required<Quarter>("first") : scenario_.horizon.first;
    offer.last = row.has("last") ? row.required<Quarter>("last") : scenario_.horizon.last();
    const Horizon& horizon = scenario_.horizon;
    const auto is_quarter = [&](const char* key) {
      return parse_quarter(row.text(key)).has_value();
    };
    if (has_horizon_ && is_quarter("first") && offer.first < horizon.first) {
      row.fault("first",
                fmt::format("the first quarter of {} is {}, which is before the horizon begins, {}",
                            row.subject(), vorrat::to_string(offer.first),
                            vorrat::to_string(horizon.first)),
                "write the first quarter in which it may be ordered from now on");
    }
    if (is_quarter("last") && is_quarter("first") && offer.last < offer.first) {
      row.fault("last", fmt::format("{} ends before it begins", row.subject()),
                "write a last quarter that is not before the first");
    }
    const bool is_lease = offer.transaction == Transaction::lease;
    if (is_lease && is_readable("offers.csv")) {
      const Duration term = row.required<Duration>("term", Bounds::positive());
      offer.term = std::max(1, static_cast<int>(std::lround(term / units::quarter)));
    } else if (!is_lease && row.has("term")) {
      row.fault("term", fmt::format("{} is a purchase and has no term", row.subject()),
                "leave the cell empty, or write lease as its transaction");
    }
  }

  // ---- throughput, fleet, budget

  void read_throughput() {
    std::set<std::pair<std::string, std::string>> seen;
    for_each_row("throughput.csv", "accelerator", [&](Record row) {
      Throughput entry;
      row.identify("accelerator");
      const std::string id = row.reference("accelerator", accelerator_ids_, "accelerator");
      entry.workload = reference(row, "workload", workload_ids_, "workload", "workloads.csv");
      if (entry.workload >= scenario_.workloads.size()) return;
      const Workload& workload = scenario_.workloads[entry.workload];
      if (workload.id != row.text("workload")) return;
      entry.rate = fact(row, "throughput", workload.work / dimensions::time / dimensions::count,
                        Bounds::positive());
      if (!seen.insert({id, workload.id}).second) {
        row.fault("workload",
                  fmt::format("the throughput of \"{}\" for \"{}\" stands twice", id, workload.id),
                  "keep one of them");
      }
      for (std::size_t i = 0; i < scenario_.accelerators.size(); ++i) {
        if (scenario_.accelerators[i].id != id) continue;
        entry.accelerator = i;
        scenario_.throughput.push_back(entry);
      }
    });
  }

  void read_fleet() {
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for_each_row("fleet.csv", "accelerator", [&](Record row) {
      FleetEntry entry;
      row.identify("accelerator");
      entry.accelerator = accelerator(row);
      check_power_known(row, entry.accelerator);
      entry.site = reference(row, "site", site_ids_, "site", "sites.csv");
      entry.quantity = fact(row, "quantity", dimensions::count);
      if (!seen.insert({entry.accelerator, entry.site}).second && !row.text("site").empty()) {
        row.fault(
            "accelerator",
            fmt::format("\"{}\" at \"{}\" stands twice", row.text("accelerator"), row.text("site")),
            "keep one of them");
      }
      scenario_.fleet.push_back(std::move(entry));
    });
  }

  void read_budget() {
    const std::size_t faults_before = faults_.error_count();
    for_each_row("budget.csv", "budget", [&](Record row) {
      BudgetEntry entry;
      row.identify("year");
      entry.year = row.required<int>("year", Bounds::between(1900, 2200));
      entry.account = row.choice<Account>(
          "account", {{"capital", Account::capital}, {"lease", Account::lease}});
      const std::string account = row.text("account");
      entry.amount = fact(row, "amount", dimensions::money);
      check_currency(row, "amount", entry.amount);
      if (has_horizon_ && entry.year > 0 && entry.year < scenario_.horizon.first.year) {
        row.fault("year",
                  fmt::format("the year of a budget is {}, which is before the horizon begins, {}",
                              entry.year, vorrat::to_string(scenario_.horizon.first)),
                  "write a year of the horizon");
      }
      if (!account.empty() && entry.year > 0 && scenario_.budget_of(entry.year, entry.account)) {
        row.fault("year", fmt::format("the {} budget of {} stands twice", account, entry.year),
                  "keep one of them");
      }
      scenario_.budget.push_back(std::move(entry));
    });
    // A row that could not be read may be the very one that would be missed.
    const bool is_whole = is_readable("budget.csv") &&
                          tables_.at("budget.csv").has_column("year") &&
                          tables_.at("budget.csv").has_column("account");
    if (is_whole && faults_.error_count() == faults_before) check_budget_years();
  }

  void check_budget_years() {
    if (!has_horizon_) return;
    for (const Account account : {Account::capital, Account::lease}) {
      const Transaction transaction =
          account == Account::capital ? Transaction::buy : Transaction::lease;
      const bool is_used =
          std::any_of(scenario_.offers.begin(), scenario_.offers.end(),
                      [&](const Offer& offer) { return offer.transaction == transaction; });
      for (int year = scenario_.horizon.first.year; year <= scenario_.horizon.last().year; ++year) {
        if (!is_used || scenario_.budget_of(year, account)) continue;
        faults_.add_error("budget.csv",
                          fmt::format("there is no {} budget for {}", to_string(account), year),
                          "write a row for it; an amount of 0 forbids spending");
      }
    }
  }

  // ---- against the catalogue

  bool is_confirmed(Record& row) { return row.value_or<bool>("confirmed", false); }

  // The mean in the scenario's currency; nothing if it cannot be converted.
  std::optional<AnyQuantity> converted(const Fact& money) const {
    if (money.value.mean().value <= 0) return std::nullopt;
    try {
      return scenario_.in_currency(money.value.mean());
    } catch (const InvalidInput&) {
      return std::nullopt;
    }
  }

  void compare_price(Record& row, const Offer& offer) {
    const bool confirmed = is_confirmed(row);
    if (offer.accelerator >= scenario_.accelerators.size()) return;
    const catalog::Accelerator& part = scenario_.accelerators[offer.accelerator];
    if (confirmed || part.id != row.text("accelerator")) return;
    const auto record = price_on_record(catalog_, part, offer.transaction);
    note_if_far(row, "price", offer.price, record, fmt::format("for {}", part.id));
  }

  void compare_electricity(Record& row, const Site& site) {
    const bool confirmed = is_confirmed(row);
    const auto record = electricity_on_record(catalog_, site.jurisdiction);
    if (!confirmed)
      note_if_far(row, "electricity", site.electricity, record, "for " + site.jurisdiction);
  }

  void note_if_far(Record& row, const std::string& key, const Fact& money,
                   const std::optional<OnRecord>& record, const std::string& of_what) {
    const auto mean = converted(money);
    if (!mean || !record) return;
    const auto low = in_scenario_currency(record->low);
    const auto high = in_scenario_currency(record->high);
    if (!low || !high) return;
    const double factor = factor_off(mean->value, low->value, high->value);
    if (factor < far_off && factor > 1 / far_off) return;
    row.fault(key,
              fmt::format("the {} of {} is \"{}\", {} the catalogue's {} {}", key, row.subject(),
                          row.text(key), times_off(factor), record->text, of_what),
              "a slip of a power of ten? If it is meant, write yes in a column \"confirmed\"");
  }

  std::optional<AnyQuantity> in_scenario_currency(const AnyQuantity& money) const {
    try {
      return scenario_.in_currency(money);
    } catch (const InvalidInput&) {
      return std::nullopt;
    }
  }

  // ---- the end

  // One bad cell may be read for several facts; it is one fault.
  static Diagnostics without_repeats(const Diagnostics& all) {
    Diagnostics once;
    std::set<std::tuple<std::string, int, int, std::string>> seen;
    for (const Fault& fault : all.faults()) {
      if (seen.insert({fault.place.file, fault.place.line, fault.place.column, fault.message})
              .second) {
        once.add(fault);
      }
    }
    return once;
  }

  std::string input_hash() const {
    Sha256 hash;
    const auto add = [&](const std::string& name, const std::string& text) {
      hash.add(fmt::format("{} {}\n", name, text.size()));
      hash.add(text);
    };
    add("scenario.toml", document_->root().spot.source->text);
    for (const auto& [name, table] : tables_) add(name, table.header_spot().source->text);
    for (const catalog::Accelerator& part : scenario_.accelerators) {
      add(part.id, vorrat::to_string(AnyQuantity(*part.power)));
    }
    return hash.hex();
  }

  std::filesystem::path folder_;
  const catalog::Catalog& catalog_;
  Scenario scenario_;
  Diagnostics faults_;
  std::optional<Document> document_;
  std::map<std::string, Table> tables_;
  std::optional<Date> known_on_;
  bool has_horizon_ = false;
  std::set<Currency> currencies_;         // those that can be converted
  std::set<std::size_t> doubtful_gates_;  // with a row that could not be read
  Names accelerator_ids_;                 // of the catalogue
  Names gate_ids_, site_ids_, workload_ids_, offer_ids_;
};

}  // namespace

std::expected<Scenario, Diagnostics> load(const std::filesystem::path& folder,
                                          const catalog::Catalog& catalog) {
  return Loader(folder, catalog).run();
}

}  // namespace vorrat::scenario

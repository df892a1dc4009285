#include "vorrat/scenario/load.h"

#include <fmt/format.h>

#include <tuple>

#include "vorrat/base/sha256.h"
#include "vorrat/quantity/text.h"
#include "vorrat/scenario/column_table.h"
#include "vorrat/scenario/loader.h"

namespace vorrat::scenario {
namespace {

Names columns_of(const std::string& file, bool required) {
  Names names;
  for (const Column& column : column_table()) {
    if (column.file == file && column.is_required == required) names.push_back(column.name);
  }
  return names;
}

}  // namespace

std::string spoken(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::expected<Scenario, Diagnostics> Loader::run() {
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
  read_premium();
  read_supply();
  read_seller_caps();
  read_power_projects();
  read_fleet();
  read_minimum_fleet();
  read_throughput();
  read_budget();
  derive_throughput();
  if (faults_.has_errors()) return std::unexpected(without_repeats(faults_));
  scenario_.input_hash = input_hash();
  return std::move(scenario_);
}

void Loader::open_files() {
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
      table->check_columns(columns_of(file.name, true), columns_of(file.name, false), faults_);
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

bool Loader::is_readable(const std::string& file) const { return tables_.count(file) > 0; }

void Loader::check_source_date(Record& record, const std::string& key, const Source& source) {
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

bool Loader::is_row(const Record& record) {
  const std::string file = record.spot("").place().file;
  return file.size() > 4 && file.compare(file.size() - 4, 4, ".csv") == 0;
}

Fact Loader::fact(Record& record, const std::string& key, Dimension dimension,
                  const Bounds& bounds) {
  Fact result;
  result.value = record.uncertain(key, dimension, bounds);
  result.source = record.source_of(key);
  check_source_date(record, key, result.source);
  return result;
}

Fact Loader::fact_or(Record& record, const std::string& key, Dimension dimension,
                     const Bounds& bounds, const std::string& text, const std::string& why) {
  if (record.has(key)) return fact(record, key, dimension, bounds);
  note_default(fmt::format("the {} of {}", spoken(key), record.subject()), text, why);
  return filled_in(record, key, text);
}

Fact Loader::filled_in(const Record& record, const std::string& key, const std::string& text) {
  Fact result;
  result.value = parse_uncertain(text).value();
  result.source.kind = SourceKind::assumed;
  result.source.text = "default";
  result.source.place = record.spot(key).place();
  return result;
}

Fact Loader::shared_fact_or(Record& record, const std::string& key, Dimension dimension,
                            const Bounds& bounds, const std::string& text, const std::string& why) {
  if (record.has(key)) return fact(record, key, dimension, bounds);
  note_once(record, key, text, why);
  return filled_in(record, key, text);
}

Fact Loader::cost_or_none(Record& record, const std::string& key, Dimension dimension,
                          const std::string& why) {
  if (!record.has(key)) {
    note_once(record, key, "0", why);
    Fact nothing = filled_in(record, key, "0");
    nothing.value = AnyQuantity{.value = 0,
                                .dimension = dimension,
                                .currency = scenario_.money.currency,
                                .per_currency = {}};
    return nothing;
  }
  Fact cost = fact(record, key, dimension);
  check_currency(record, key, cost);
  return cost;
}

std::optional<Fact> Loader::optional_fact(Record& record, const std::string& key,
                                          Dimension dimension, const Bounds& bounds,
                                          const std::string& value, const std::string& why) {
  if (record.has(key)) return fact(record, key, dimension, bounds);
  note_once(record, key, value, why);
  return std::nullopt;
}

void Loader::note_once(const Record& record, const std::string& key, const std::string& value,
                       const std::string& why) {
  const std::string file = record.spot("").place().file;
  if (noted_.insert({file, key}).second)
    note_default(fmt::format("the {} where {} says none", spoken(key), file), value, why);
}

void Loader::note_default(std::string what, std::string value, std::string why) {
  scenario_.defaults.push_back({std::move(what), std::move(value), std::move(why)});
}

void Loader::check_currency(Record& record, const std::string& key, const Fact& money) {
  const Currency currency = money.value.currency();
  const bool is_known = currencies_.count(currency) > 0;
  if (currency.is_none() || scenario_.money.currency.is_none() || is_known) return;
  record.fault(key,
               fmt::format("the {} of {} is in {}, which has no exchange rate", spoken(key),
                           record.subject(), currency.code()),
               fmt::format("write one in [money.exchange], as in {0} = {{ value = \"... {0}/{1}\", "
                           "... }}",
                           currency.code(), scenario_.money.currency.code()));
}

std::string Loader::own_name(Record& record, const std::string& key, Names& names) {
  const std::string name = record.identify(key);
  if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
    record.fault(key, fmt::format("{} stands twice", record.subject()), "keep one of them");
  }
  names.push_back(name);
  return name;
}

std::size_t Loader::reference(Record& record, const std::string& key, const Names& names,
                              const std::string& what, const std::string& file) {
  if (!is_readable(file)) {
    record.required<std::string>(key);
    return 0;
  }
  return index_of(names, record.reference(key, names, what));
}

std::size_t Loader::accelerator(Record& record) {
  const std::string id = record.reference("accelerator", accelerator_ids_, "accelerator");
  if (id.empty()) return 0;
  for (std::size_t i = 0; i < scenario_.accelerators.size(); ++i) {
    if (scenario_.accelerators[i].id == id) return i;
  }
  scenario_.accelerators.push_back(*catalog_.find_accelerator(id));
  return scenario_.accelerators.size() - 1;
}

void Loader::check_power_known(Record& record, std::size_t index) {
  if (index >= scenario_.accelerators.size()) return;
  const catalog::Accelerator& part = scenario_.accelerators[index];
  if (part.power || part.id != record.text("accelerator")) return;
  record.fault("accelerator",
               fmt::format("the catalogue has no power for accelerator \"{}\"", part.id),
               "add it to catalog/accelerators.csv with its source");
}

Diagnostics Loader::without_repeats(const Diagnostics& all) {
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

std::string Loader::input_hash() const {
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
  for (const Throughput& cell : scenario_.throughput) {
    if (!cell.progress.empty())
      add(cell.rate.value.text(), fmt::format("{}", cell.mean_progress()));
  }
  return hash.hex();
}

std::expected<Scenario, Diagnostics> load(const std::filesystem::path& folder,
                                          const catalog::Catalog& catalog) {
  return Loader(folder, catalog).run();
}

}  // namespace vorrat::scenario

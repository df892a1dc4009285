// The reader behind load.h; of no use elsewhere. Its parts: load.cpp (files, facts, names),
// load_settings.cpp and load_uncertainty.cpp (scenario.toml), load_gates.cpp, load_offers.cpp (what
// is on offer) and load_tables.cpp (the other tables).
#pragma once

#include <algorithm>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"
#include "vorrat/scenario/plausible.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::scenario {

using Names = std::vector<std::string>;

/// The place of a name; 0 if it is not there, which is a fault noted before.
inline std::size_t index_of(const Names& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin());
}

/// "lead_time" is a column; people say "lead time".
std::string spoken(std::string key);

/// Reads one folder. What cannot be read leaves a default behind after its fault was noted, so that
/// places in the vectors stay those of the rows; the scenario is handed out only if there is no
/// fault.
class Loader {
 public:
  Loader(std::filesystem::path folder, const catalog::Catalog& catalog)
      : folder_(std::move(folder)),
        catalog_(catalog),
        accelerator_ids_(catalog.accelerator_ids()) {}

  std::expected<Scenario, Diagnostics> run();

 private:
  // ---- files
  void open_files();
  // Calls read(row) for each row of a table; does nothing if the table could not be read.
  template <class Read>
  void for_each_row(const std::string& file, const std::string& what, Read read) {
    const auto found = tables_.find(file);
    if (found == tables_.end()) return;
    for (std::size_t row = 0; row < found->second.row_count(); ++row) {
      read(Record(found->second, row, what, faults_));
    }
  }
  bool is_readable(const std::string& file) const;

  // ---- facts
  // Notes a fact from after the day on which the scenario's knowledge ends.
  void check_source_date(Record& record, const std::string& key, const Source& source);
  static bool is_row(const Record& record);
  Fact fact(Record& record, const std::string& key, Dimension dimension, const Bounds& bounds = {});
  // A fact that need not be written: then `text`, noted among the defaults.
  Fact fact_or(Record& record, const std::string& key, Dimension dimension, const Bounds& bounds,
               const std::string& text, const std::string& why);
  // The same, but noted once for all rows of a table (or gates) that leave the key out.
  Fact shared_fact_or(Record& record, const std::string& key, Dimension dimension,
                      const Bounds& bounds, const std::string& text, const std::string& why);
  // Money per something that need not be written: then nothing, noted once.
  Fact cost_or_none(Record& record, const std::string& key, Dimension dimension,
                    const std::string& why);
  // A fact that may be absent; `value` and `why` say in words what that means.
  std::optional<Fact> optional_fact(Record& record, const std::string& key, Dimension dimension,
                                    const Bounds& bounds, const std::string& value,
                                    const std::string& why);
  static Fact filled_in(const Record& record, const std::string& key, const std::string& text);
  void note_once(const Record& record, const std::string& key, const std::string& value,
                 const std::string& why);
  void note_default(std::string what, std::string value, std::string why);
  void check_currency(Record& record, const std::string& key, const Fact& money);

  // ---- names
  // Reads the name of a row; a name that stands twice is a fault.
  std::string own_name(Record& record, const std::string& key, Names& names);
  // A reference to a row of `file`. If that file could not be read, nothing is said about it here.
  std::size_t reference(Record& record, const std::string& key, const Names& names,
                        const std::string& what, const std::string& file);
  std::size_t accelerator(Record& record);
  // What runs draws power, so it must be known.
  void check_power_known(Record& record, std::size_t index);

  // ---- scenario.toml
  // A section that must be there.
  std::optional<Record> section(Record& root, const std::string& key, const std::string& what);
  void read_settings(const Node& node);
  // Seed and lot, which need not be written.
  void read_options(std::optional<Record> record);
  void read_solving(Record& settings);
  void read_risk(std::optional<Record> record);
  void read_accounts(std::optional<Record> record);

  // ---- what nobody knows
  void read_market(std::optional<Record> record);
  MarketProcess read_process(Record& record, Uncertainty moves);
  void read_news(Record& record, MarketProcess& process);
  void read_noise(std::optional<Record> record);
  void read_switches(std::optional<Record> record);
  void read_buyer(Record& record);
  void read_horizon(Record& record);
  void read_money(Record& record);
  void read_exchange(Record& record, const std::string& key);
  void read_end_value(Record& record);
  void read_fleet_terms(Record& record);
  // One number of children for each quarter after the first; if none is written, few and fewer.
  void read_tree(Record& root, const Node& node);
  static std::string join(const std::vector<std::size_t>& numbers);

  // ---- gates
  void read_gates(Record& gates);
  // Returns the gate that this one depends on, or "".
  std::string read_gate(Record& record, Gate& gate, const Names& ids);
  void read_state(Record& state, Gate& gate, Names& states);
  void read_application(Record& state, GateState& read);
  // Puts each gate after the one it depends on.
  void order_gates(Record& gates, std::vector<Gate> read, const std::vector<std::string>& after);
  struct MoveGroup {
    std::size_t gate, when, from;
    auto operator<=>(const MoveGroup&) const = default;
  };
  void read_gate_moves();
  MoveGroup read_move(Record& row, std::size_t index,
                      std::map<MoveGroup, std::vector<GateMove>>& groups);
  void fill_transition(std::size_t index, const std::map<MoveGroup, std::vector<GateMove>>& groups,
                       const std::map<MoveGroup, Spot>& last_cell);
  void note_that_it_stays(const Gate& gate, std::size_t when, std::size_t from);
  void fill_row(const Gate& gate, const std::vector<GateMove>& group, const Spot& cell,
                std::vector<double>& row);

  // ---- sites
  void read_sites();
  std::optional<Site::Coordinates> read_coordinates(Record& row);
  void read_power();

  // ---- workloads
  void read_workloads();
  // Tokens, requests or operations, by what the demand is written in; tokens if it cannot be read.
  static Dimension work_dimension(const Record& row);
  void read_residency(Record& row, Workload& workload);
  // The columns from `model` on (load_work_model.cpp).
  std::optional<WorkModel> read_work_model(Record& row, const Workload& workload);

  // ---- offers
  void read_offers();
  void read_timing(Record& row, Offer& offer);
  void read_window(Record& row, Quarter& first, Quarter& last);
  void read_terms(Record& row, Offer& offer);
  std::optional<std::size_t> other_offer(Record& row, const std::string& key);
  void check_slip(Record& row, const Offer& offer);
  // What an offer says of another can be judged when both were read.
  void check_links();
  void check_link(const Offer& offer, const std::string& key, const Spot& spot, std::size_t other);
  void read_premium();
  void check_premium(Offer& offer, const std::map<double, Spot>& cells);
  void read_supply();
  void read_seller_caps();
  void read_power_projects();

  // ---- throughput, fleet, budget
  void read_throughput();
  // Fills the cells that nobody wrote, of workloads that name their model.
  void derive_throughput();
  void read_fleet();
  void read_aging(Record& row, FleetEntry& entry);
  void read_minimum_fleet();
  void read_budget();
  void read_revision(Record& row, BudgetEntry& entry);
  void check_budget_years();

  // ---- against the catalogue
  bool is_confirmed(Record& row);
  // The mean in the scenario's currency; nothing if it cannot be converted.
  std::optional<AnyQuantity> converted(const Fact& money) const;
  void compare_price(Record& row, const Offer& offer);
  void compare_electricity(Record& row, const Site& site);
  void note_if_far(Record& row, const std::string& key, const Fact& money,
                   const std::optional<OnRecord>& record, const std::string& of_what);
  std::optional<AnyQuantity> in_scenario_currency(const AnyQuantity& money) const;

  // ---- the end
  // One bad cell may be read for several facts; it is one fault.
  static Diagnostics without_repeats(const Diagnostics& all);
  std::string input_hash() const;

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
  Names gate_ids_, site_ids_, workload_ids_, offer_ids_, seller_ids_;
  Names offer_names_;  // all, before they are read
  struct Link {
    std::size_t offer;
    std::string key;
    Spot spot;
    std::size_t other;
  };
  std::vector<Link> links_;
  std::map<std::string, std::string> slips_;             // [seller] as written
  std::set<std::pair<std::string, std::string>> noted_;  // defaults that were noted once for all
};

}  // namespace vorrat::scenario

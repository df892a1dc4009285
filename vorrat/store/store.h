// The memory of runs: one SQLite file that holds every finished run with its inputs byte for byte,
// its options and versions, its results byte for byte, and what happened afterwards.
//
//     store::Store store(store::default_file(), store::Access::write);
//     const store::RunId run = store.keep({.verb = "plan", .status = "optimal", ...},
//                                         {.results = {{"plan.json", text}}, ...});
//
//     store::Store store(file, store::Access::read);                   // to render a kept run
//     const std::optional<store::Run> run = store.find(12);            // or store.last()
//     const std::optional<std::string> json = store.result(12, "plan.json");
//
// A run is written in one transaction, once it has its results: a program that is killed at any
// moment leaves it whole or not at all. Kept runs are never changed; what is found about them later
// is kept beside them. Any number of processes may
// read and write one file; each Store is for one thread. Everything throws Unavailable, naming the
// file, when the disk fails.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/store/database.h"

namespace vorrat::store {

using RunId = std::int64_t;
using Files = std::map<std::string, std::string>;  // bytes by name
using Settings = std::map<std::string, std::string>;

/// A run that has ended.
struct Run {
  RunId id = 0;      // given by the store
  std::string verb;  // as in "plan"
  std::string scenario, title;
  std::string folder;             // where the scenario was read
  std::string input_hash;         // SHA-256 of the resolved inputs, hex
  std::string started, finished;  // UTC, as utc_now() writes it
  std::string status;             // as in "optimal"
  std::string message;
  int exit_code = 0;
  double seconds = 0.0;
  std::optional<double> objective;  // [currency]
  std::string currency;
};

/// All that a run read and gave.
struct RunContent {
  Files scenario_files;  // all of the folder
  Files data_files;      // catalogue, rules and calibration, by path inside the data folder
  Settings options;      // of the command line, as in {"seed", "7"}
  Settings versions;     // of vorrat and its solver
  Files results;         // by name, as in "plan.json"
};

/// What happened, entered beside the plan of a run; see docs/reference/runs.md for `what`.
struct Actual {
  std::string what;     // as in "delivered"
  std::string subject;  // as in an offer's id
  std::string quarter;  // as in "2026Q1"
  std::string value;    // with its unit, as in "1,200 units"
  std::string source, date, note;
  std::string entered;  // UTC
  std::int64_t id = 0;  // in the order of entry, given by the store
};

enum class Place { scenario, data };

class Store {
 public:
  /// Opens a store; for Access::write the file and its folder are made if need be, and an older
  /// file is brought up to date.
  Store(const std::filesystem::path& file, Access access,
        std::chrono::milliseconds patience = usual_patience);

  /// Keeps a run. Returns its number, never given out before; `run.id` is not looked at.
  RunId keep(const Run& run, const RunContent& content);

  /// Keeps what was found about a run afterwards, in place of what was found earlier under that
  /// name; it is no result of the run. Needs a run that is there.
  void keep_later(RunId run, const std::string& name, const std::string& bytes);
  std::optional<std::string> found_later(RunId run, const std::string& name);

  /// All runs, newest first.
  std::vector<Run> runs();
  std::optional<Run> find(RunId run);
  std::optional<Run> last();

  Files inputs(RunId run, Place place);
  Settings options(RunId run);
  Settings versions(RunId run);
  Files results(RunId run);
  /// Nothing if the run has no result of this name.
  std::optional<std::string> result(RunId run, const std::string& name);

  /// Adds all or none. Needs a run that is there.
  void add_actuals(RunId run, const std::vector<Actual>& entries);
  /// In the order of entry.
  std::vector<Actual> actuals(RunId run);

  /// What is wrong with the file, one sentence each; reads every byte. Empty if all is well.
  std::vector<std::string> faults();

  const std::filesystem::path& file() const { return database_.file(); }

 private:
  void keep_content(const std::string& hash, const std::string& bytes);
  void keep_results(RunId run, const Files& results);
  void keep_inputs(RunId run, const char* place, const Files& files);
  void keep_settings(RunId run, const char* kind, const Settings& settings);
  Settings settings(RunId run, const char* kind);
  std::vector<Run> select(const std::string& condition);

  Database database_;
};

/// Whether nothing was ever kept in `file`: it is not there, or holds no table yet, as a program
/// that is killed right after making it leaves it. Throws Unavailable if it is no database.
bool holds_nothing(const std::filesystem::path& file);

/// $VORRAT_STORE, else $XDG_DATA_HOME/vorrat/runs.sqlite, else
/// $HOME/.local/share/vorrat/runs.sqlite. Throws Unavailable if none of the three is set.
std::filesystem::path default_file();

/// The time by the system's clock, as in "2026-02-09T08:00:00Z".
std::string utc_now();

}  // namespace vorrat::store

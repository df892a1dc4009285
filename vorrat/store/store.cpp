#include "vorrat/store/store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "vorrat/base/error.h"
#include "vorrat/base/sha256.h"
#include "vorrat/store/schema.h"

namespace vorrat::store {
namespace {

namespace fs = std::filesystem;

// The folder of the file, which others need not look into: it holds budgets and orders.
void make_folder(const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  fs::create_directories(folder, error);
  if (error) {
    throw Unavailable(
        fmt::format("{}: its folder cannot be made ({})", file.string(), error.message()));
  }
  fs::permissions(folder, fs::perms::owner_all, error);
}

const fs::path& with_folder(const fs::path& file, Access access) {
  if (access == Access::write) make_folder(file);
  return file;
}

const char* name_of(Place place) { return place == Place::scenario ? "scenario" : "data"; }

// Stands in the same table as the results of a run, which have no folders in their names.
std::string later_name(const std::string& name) { return "later/" + name; }

Run run_of(const Statement& row) {
  Run run{.id = row.integer(0),
          .verb = row.text(1),
          .scenario = row.text(2),
          .title = row.text(3),
          .folder = row.text(4),
          .input_hash = row.text(5),
          .started = row.text(6),
          .finished = row.text(7),
          .status = row.text(8),
          .message = row.text(9),
          .exit_code = static_cast<int>(row.integer(10)),
          .seconds = row.real(11),
          .objective = {},
          .currency = row.text(13)};
  if (!row.is_null(12)) run.objective = row.real(12);
  return run;
}

}  // namespace

Store::Store(const fs::path& file, Access access, std::chrono::milliseconds patience)
    : database_(with_folder(file, access), access, patience) {
  access == Access::write ? migrate(database_) : expect_newest(database_);
}

RunId Store::keep(const Run& run, const RunContent& content) {
  Transaction transaction(database_);
  Statement insert(database_,
                   "INSERT INTO runs (verb, scenario, title, folder, input_hash, started, "
                   "finished, status, message, exit_code, seconds, objective, currency) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(run.verb).bind(run.scenario).bind(run.title).bind(run.folder).bind(run.input_hash);
  insert.bind(run.started).bind(run.finished).bind(run.status).bind(run.message);
  insert.bind(std::int64_t{run.exit_code}).bind(run.seconds).bind(run.objective);
  insert.bind(run.currency).step();
  const RunId id = database_.last_id();
  keep_inputs(id, "scenario", content.scenario_files);
  keep_inputs(id, "data", content.data_files);
  keep_settings(id, "option", content.options);
  keep_settings(id, "version", content.versions);
  keep_results(id, content.results);
  transaction.commit();
  return id;
}

void Store::keep_results(RunId run, const Files& results) {
  Statement insert(database_, "INSERT INTO results VALUES (?, ?, ?)");
  for (const auto& [name, bytes] : results) {
    const std::string hash = sha256_hex(bytes);
    keep_content(hash, bytes);
    insert.bind(run).bind(name).bind(hash).step();
  }
}

void Store::keep_later(RunId run, const std::string& name, const std::string& bytes) {
  Transaction transaction(database_);
  const std::string hash = sha256_hex(bytes);
  keep_content(hash, bytes);
  Statement insert(database_, "INSERT OR REPLACE INTO results VALUES (?, ?, ?)");
  insert.bind(run).bind(later_name(name)).bind(hash).step();
  transaction.commit();
}

// The same bytes are kept once, however many runs read or gave them.
void Store::keep_content(const std::string& hash, const std::string& bytes) {
  Statement insert(database_, "INSERT OR IGNORE INTO contents (hash, bytes) VALUES (?, ?)");
  insert.bind(hash).bind_bytes(bytes).step();
}

void Store::keep_inputs(RunId run, const char* place, const Files& files) {
  Statement insert(database_, "INSERT INTO inputs VALUES (?, ?, ?, ?)");
  for (const auto& [name, bytes] : files) {
    const std::string hash = sha256_hex(bytes);
    keep_content(hash, bytes);
    insert.bind(run).bind(std::string_view(place)).bind(name).bind(hash).step();
  }
}

void Store::keep_settings(RunId run, const char* kind, const Settings& settings) {
  Statement insert(database_, "INSERT INTO settings VALUES (?, ?, ?, ?)");
  for (const auto& [name, value] : settings) {
    insert.bind(run).bind(std::string_view(kind)).bind(name).bind(value).step();
  }
}

std::vector<Run> Store::select(const std::string& condition) {
  const std::string sql =
      "SELECT id, verb, scenario, title, folder, input_hash, started, finished, status, message, "
      "exit_code, seconds, objective, currency FROM runs " +
      condition;
  Statement query(database_, sql.c_str());
  std::vector<Run> runs;
  while (query.step()) runs.push_back(run_of(query));
  return runs;
}

std::vector<Run> Store::runs() { return select("ORDER BY id DESC"); }

std::optional<Run> Store::find(RunId run) {
  const auto found = select(fmt::format("WHERE id = {}", run));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<Run> Store::last() {
  const auto found = select("ORDER BY id DESC LIMIT 1");
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Files Store::inputs(RunId run, Place place) {
  Statement query(
      database_,
      "SELECT name, bytes FROM inputs JOIN contents USING (hash) WHERE run = ? AND place "
      "= ? ORDER BY name");
  query.bind(run).bind(std::string_view(name_of(place)));
  Files files;
  while (query.step()) files[query.text(0)] = query.text(1);
  return files;
}

Settings Store::settings(RunId run, const char* kind) {
  Statement query(database_, "SELECT name, value FROM settings WHERE run = ? AND kind = ?");
  query.bind(run).bind(std::string_view(kind));
  Settings settings;
  while (query.step()) settings[query.text(0)] = query.text(1);
  return settings;
}

Settings Store::options(RunId run) { return settings(run, "option"); }

Settings Store::versions(RunId run) { return settings(run, "version"); }

Files Store::results(RunId run) {
  Statement query(database_,
                  "SELECT name, bytes FROM results JOIN contents USING (hash) WHERE run = ? AND "
                  "name NOT LIKE 'later/%'");
  query.bind(run);
  Files files;
  while (query.step()) files[query.text(0)] = query.text(1);
  return files;
}

std::optional<std::string> Store::result(RunId run, const std::string& name) {
  Statement query(
      database_, "SELECT bytes FROM results JOIN contents USING (hash) WHERE run = ? AND name = ?");
  query.bind(run).bind(name);
  return query.step() ? std::optional(query.text(0)) : std::nullopt;
}

std::optional<std::string> Store::found_later(RunId run, const std::string& name) {
  return result(run, later_name(name));
}

void Store::add_actuals(RunId run, const std::vector<Actual>& entries) {
  Transaction transaction(database_);
  Statement insert(
      database_,
      "INSERT INTO actuals (run, entered, what, subject, quarter, value, source, date, "
      "note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const Actual& entry : entries) {
    insert.bind(run).bind(entry.entered).bind(entry.what).bind(entry.subject).bind(entry.quarter);
    insert.bind(entry.value).bind(entry.source).bind(entry.date).bind(entry.note).step();
  }
  transaction.commit();
}

std::vector<Actual> Store::actuals(RunId run) {
  Statement query(database_,
                  "SELECT what, subject, quarter, value, source, date, note, entered, id FROM "
                  "actuals WHERE run = ? ORDER BY id");
  query.bind(run);
  std::vector<Actual> entries;
  while (query.step()) {
    entries.push_back({.what = query.text(0),
                       .subject = query.text(1),
                       .quarter = query.text(2),
                       .value = query.text(3),
                       .source = query.text(4),
                       .date = query.text(5),
                       .note = query.text(6),
                       .entered = query.text(7),
                       .id = query.integer(8)});
  }
  return entries;
}

std::vector<std::string> Store::faults() {
  std::vector<std::string> found;
  Statement integrity(database_, "PRAGMA integrity_check");
  while (integrity.step()) {
    if (integrity.text(0) != "ok") found.push_back("the file is damaged: " + integrity.text(0));
  }
  if (!found.empty()) return found;
  Statement links(database_, "PRAGMA foreign_key_check");
  while (links.step()) found.push_back(fmt::format("a row of {} refers to nothing", links.text(0)));
  Statement contents(database_, "SELECT hash, bytes FROM contents");
  while (contents.step()) {
    if (sha256_hex(contents.text(1)) == contents.text(0)) continue;
    found.push_back(fmt::format("the bytes of {} are no longer those that were kept",
                                contents.text(0).substr(0, 12)));
  }
  Statement bare(database_,
                 "SELECT id FROM runs WHERE NOT EXISTS (SELECT 1 FROM results WHERE run = id) OR "
                 "NOT EXISTS (SELECT 1 FROM inputs WHERE run = id)");
  while (bare.step()) {
    found.push_back(fmt::format("run {} is without inputs or results", bare.integer(0)));
  }
  return found;
}

bool holds_nothing(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return true;
  return Database(file, Access::read).number("SELECT count(*) FROM sqlite_schema") == 0;
}

fs::path default_file() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (const auto chosen = variable("VORRAT_STORE"); !chosen.empty()) return chosen;
  // A relative XDG path is to be ignored: XDG Base Directory Specification 0.8.
  if (const fs::path data = variable("XDG_DATA_HOME"); data.is_absolute()) {
    return data / "vorrat" / "runs.sqlite";
  }
  if (const auto home = variable("HOME"); !home.empty()) {
    return fs::path(home) / ".local" / "share" / "vorrat" / "runs.sqlite";
  }
  throw Unavailable(
      "there is no place to keep runs: none of VORRAT_STORE, XDG_DATA_HOME and HOME is set");
}

std::string utc_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

}  // namespace vorrat::store

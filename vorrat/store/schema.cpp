#include "vorrat/store/schema.h"

#include <fmt/format.h>

#include <array>

#include "vorrat/base/error.h"

namespace vorrat::store {
namespace {

// "vrrt": tells a store from other SQLite files.
constexpr std::int64_t application_id = 0x76727274;

constexpr const char* first_tables = R"(
CREATE TABLE contents (
  hash TEXT NOT NULL PRIMARY KEY,           -- SHA-256 of the bytes, hex
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,     -- never given out twice
  verb TEXT NOT NULL,
  scenario TEXT NOT NULL,
  title TEXT NOT NULL,
  folder TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  started TEXT NOT NULL,                    -- UTC, as in 2026-02-09T08:00:00Z
  finished TEXT NOT NULL,
  status TEXT NOT NULL,
  message TEXT NOT NULL,
  exit_code INTEGER NOT NULL,
  seconds REAL NOT NULL,
  objective REAL,                           -- [currency]; none without a plan
  currency TEXT NOT NULL
) STRICT;
CREATE TABLE inputs (
  run INTEGER NOT NULL REFERENCES runs(id),
  place TEXT NOT NULL CHECK (place IN ('scenario', 'data')),
  name TEXT NOT NULL,                       -- path inside the place
  hash TEXT NOT NULL REFERENCES contents(hash),
  PRIMARY KEY (run, place, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
  run INTEGER NOT NULL REFERENCES runs(id),
  kind TEXT NOT NULL CHECK (kind IN ('option', 'version')),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE results (
  run INTEGER NOT NULL REFERENCES runs(id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES contents(hash),
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE actuals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,     -- in the order of entry; a later one takes the place
  run INTEGER NOT NULL REFERENCES runs(id), -- of an earlier one of the same what, subject, quarter
  entered TEXT NOT NULL,                    -- UTC
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  quarter TEXT NOT NULL,
  value TEXT NOT NULL,
  source TEXT NOT NULL,
  date TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX actuals_of_run ON actuals(run);
CREATE TRIGGER a_run_is_never_changed BEFORE UPDATE ON runs
BEGIN SELECT RAISE(ABORT, 'a kept run is never changed'); END;
CREATE TRIGGER a_run_stays BEFORE DELETE ON runs
BEGIN SELECT RAISE(ABORT, 'a run is never deleted'); END;
)";

// migrations[i] leads from version i to i + 1. Those that were once released are never edited.
constexpr std::array<const char*, 1> migrations = {first_tables};

// Needs a transaction: a file that another process is making changes from one question to the next.
void refuse_foreign_and_newer(Database& database) {
  if (database.number("PRAGMA application_id") != application_id &&
      database.number("SELECT count(*) FROM sqlite_schema") > 0) {
    throw Unavailable(fmt::format("{}: this database is of another program, no store of runs",
                                  database.file().string()));
  }
  const auto version = database.number("PRAGMA user_version");
  if (version > newest_version()) {
    throw Unavailable(fmt::format(
        "{}: this store was written by a newer vorrat (its version is {}, this program knows {})",
        database.file().string(), version, newest_version()));
  }
}

}  // namespace

int newest_version() { return static_cast<int>(migrations.size()); }

void migrate(Database& database) {
  if (database.number("PRAGMA user_version") == newest_version() &&
      database.number("PRAGMA application_id") == application_id) {
    return;
  }
  Transaction transaction(database);
  refuse_foreign_and_newer(database);
  // Asked again: another process may have done it while we waited.
  const auto version = static_cast<std::size_t>(database.number("PRAGMA user_version"));
  for (std::size_t i = version; i < migrations.size(); ++i) database.execute(migrations[i]);
  database.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
  database.execute(fmt::format("PRAGMA user_version = {}", newest_version()).c_str());
  transaction.commit();
}

void expect_newest(Database& database) {
  database.execute("BEGIN");
  refuse_foreign_and_newer(database);
  const auto version = database.number("PRAGMA user_version");
  database.execute("COMMIT");
  if (version == newest_version()) return;
  const std::string file = database.file().string();
  if (version == 0) throw Unavailable(fmt::format("{}: no run is kept here yet", file));
  throw Unavailable(fmt::format(
      "{}: this store is of an older version ({}, not {}); the next `vorrat plan` brings it up to "
      "date",
      file, version, newest_version()));
}

}  // namespace vorrat::store

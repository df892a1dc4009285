#include "vorrat/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <thread>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::store {
namespace {

std::string in_plain_words(int code, const std::string& detail,
                           std::chrono::milliseconds patience) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
      return "it may be read but not written";
    case SQLITE_CANTOPEN:
      return "it cannot be opened: is the folder there, and may it be written?";
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "permission denied";
    case SQLITE_NOTADB:
      return "this is no store of runs, or its beginning is damaged";
    case SQLITE_CORRUPT:
      return "it is damaged; `vorrat runs --check` says where";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format("another program has kept it for more than {} s",
                         std::chrono::duration<double>(patience).count());
    case SQLITE_IOERR:
      return fmt::format("the disk refuses ({})", detail);
    default:
      return detail;
  }
}

// A path as the URI that SQLite reads; "?", "#" and "%" are the characters that would end it.
std::string uri(const std::filesystem::path& file, const char* query) {
  std::string text = "file:";
  for (const char letter : std::filesystem::absolute(file).string()) {
    if (letter == '%' || letter == '?' || letter == '#') {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    } else {
      text += letter;
    }
  }
  return text + query;
}

}  // namespace

Database::Database(std::filesystem::path file, Access access, std::chrono::milliseconds patience)
    : file_(std::move(file)), patience_(patience) {
  try {
    access == Access::write ? open_to_write() : open_to_read();
  } catch (...) {
    close();
    throw;
  }
}

Database::~Database() { close(); }

void Database::close() {
  sqlite3_close(handle_);
  handle_ = nullptr;
}

void Database::open(const std::string& name, int flags) {
  close();
  const int code = sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_URI, nullptr);
  if (code != SQLITE_OK) fail(code);
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, static_cast<int>(patience_.count()));
  execute("PRAGMA foreign_keys = ON");
}

void Database::open_to_write() {
  namespace fs = std::filesystem;
  std::error_code error;
  const bool is_new = !fs::exists(file_, error);
  open(file_.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // It holds what others need not read. SQLite gives the log the rights of the file.
  if (is_new) fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write, error);
  // Where two processes make the file at once, the change to write-ahead logging is refused to one
  // of them without the usual waiting: SQLite would rather refuse than risk a deadlock.
  const auto end = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    const int code = sqlite3_exec(handle_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) break;
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > end) fail(code);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  execute("PRAGMA synchronous = FULL");
}

void Database::open_to_read() {
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) {
    throw Unavailable(fmt::format("{}: there is no store of runs here yet", file_.string()));
  }
  const auto is_readable = [&] {
    return sqlite3_exec(handle_, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  };
  open(uri(file_, "?mode=ro"), SQLITE_OPEN_READONLY);
  int code = is_readable();
  // In a folder that nobody may write (an archive) there can be no log either: the file is whole.
  if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) {
    open(uri(file_, "?mode=ro&immutable=1"), SQLITE_OPEN_READONLY);
    code = is_readable();
  }
  if (code != SQLITE_OK) fail(code);
}

void Database::fail(int code) const {
  const std::string detail = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  throw Unavailable(fmt::format("{}: {}", file_.string(), in_plain_words(code, detail, patience_)));
}

void Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::number(const char* sql) {
  Statement query(*this, sql);
  needs(query.step(), "a query that answers a row");
  return query.integer(0);
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(handle_); }

Statement::Statement(Database& database, const char* sql) : database_(database) {
  check(sqlite3_prepare_v2(database.handle(), sql, -1, &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::check(int code) {
  if (code != SQLITE_OK) database_.fail(code);
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(handle_, ++bound_, value));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(handle_, ++bound_, value));
  return *this;
}

// SQLITE_TRANSIENT is an old-style cast in a macro: the bytes are copied.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
Statement& Statement::bind(std::string_view text) {
  check(sqlite3_bind_text64(handle_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  // A blob of no bytes is not nothing.
  const char* data = bytes.empty() ? "" : bytes.data();
  check(sqlite3_bind_blob64(handle_, ++bound_, data, bytes.size(), SQLITE_TRANSIENT));
  return *this;
}
#pragma GCC diagnostic pop

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(handle_, ++bound_));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  sqlite3_reset(handle_);
  bound_ = 0;
  return false;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return bytes ? std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : "";
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Transaction::Transaction(Database& database) : database_(database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // What cannot be given back here is given back when the file is next opened.
  if (is_open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  is_open_ = false;
}

}  // namespace vorrat::store

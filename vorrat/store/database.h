// SQLite, as much of it as a store needs: one connection, statements, transactions. Every failure
// is an Unavailable that names the file and says in plain words what is the matter with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace vorrat::store {

enum class Access { read, write };

/// How long another process that writes is waited for.
inline constexpr std::chrono::milliseconds usual_patience{10000};

/// One connection to one file, for one thread. Not copied.
class Database {
 public:
  /// Opens `file`; for Access::write it is made for its owner alone if it is not there, with
  /// write-ahead logging, and every transaction is on the disk when it ends. Throws Unavailable if
  /// it is not there (read), cannot be made or is no database.
  Database(std::filesystem::path file, Access access,
           std::chrono::milliseconds patience = usual_patience);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that answer nothing.
  void execute(const char* sql);
  /// The number that a query answers in its first column.
  std::int64_t number(const char* sql);
  std::int64_t last_id() const;

  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() const { return handle_; }
  /// Throws Unavailable for a result code of SQLite.
  [[noreturn]] void fail(int code) const;

 private:
  void close();
  void open_to_write();
  void open_to_read();
  void open(const std::string& name, int flags);

  std::filesystem::path file_;
  std::chrono::milliseconds patience_;
  sqlite3* handle_ = nullptr;
};

/// One prepared statement:
///
///     Statement query(database, "SELECT name FROM runs WHERE id = ?");
///     query.bind(12);
///     while (query.step()) names.push_back(query.text(0));
///
/// Arguments are bound in order, columns count from 0. Must not outlive its database.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(std::string_view text);
  Statement& bind_bytes(std::string_view bytes);
  Statement& bind_null();
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// The next row; false when there is none. After the last one the statement may be bound anew.
  bool step();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;  // text and bytes alike; "" for nothing
  bool is_null(int column) const;

 private:
  void check(int code);

  Database& database_;  // outlives the statement, which is a local of who uses it
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
};

/// Takes the right to write at once, and gives back everything unless commit() is reached.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;  // outlives the transaction, which is a local of who uses it
  bool is_open_ = true;
};

}  // namespace vorrat::store

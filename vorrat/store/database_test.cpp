#include "vorrat/store/database.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "vorrat/base/error.h"

namespace vorrat::store {
namespace {

namespace fs = std::filesystem;

class DatabaseFile : public testing::Test {
 protected:
  DatabaseFile() { fs::create_directories(folder_); }
  ~DatabaseFile() override { fs::remove_all(folder_); }

  std::string message_of(const auto& work) {
    try {
      work();
    } catch (const Unavailable& error) {
      const std::string text = error.what();
      return text.substr(text.find(": ") + 2);
    }
    return "";
  }

  fs::path folder_ = fs::temp_directory_path() / ("vorrat-database-" + std::to_string(getpid()));
  fs::path file_ = folder_ / "a 100 % odd #name?.sqlite";
};

TEST_F(DatabaseFile, GivesBackNumbersTextsAndBytesToTheLastBit) {
  const std::string bytes("a\0b\xff", 4);
  {
    Database database(file_, Access::write);
    database.execute("CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB, e REAL)");
    Statement insert(database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    insert.bind(std::int64_t{1} << 62).bind(0.1 + 0.2).bind(std::string_view("Größe"));
    insert.bind_bytes(bytes).bind(std::optional<double>{}).step();
  }
  Database database(file_, Access::read);
  Statement query(database, "SELECT * FROM t");
  ASSERT_TRUE(query.step());
  EXPECT_EQ(query.integer(0), std::int64_t{1} << 62);
  EXPECT_EQ(query.real(1), 0.1 + 0.2);
  EXPECT_EQ(query.text(2), "Größe");
  EXPECT_EQ(query.text(3), bytes);
  EXPECT_TRUE(query.is_null(4));
  EXPECT_FALSE(query.step());
}

TEST_F(DatabaseFile, TakesBackWhatWasNotCommitted) {
  Database database(file_, Access::write);
  database.execute("CREATE TABLE t (a INTEGER)");
  {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(database.number("SELECT count(*) FROM t"), 0);
  Transaction transaction(database);
  database.execute("INSERT INTO t VALUES (2)");
  transaction.commit();
  EXPECT_EQ(database.number("SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseFile, SaysInPlainWordsThatTheDiskIsFullAndKeepsWhatWasThere) {
  Database database(file_, Access::write);
  database.execute("CREATE TABLE t (a BLOB)");
  database.execute("INSERT INTO t VALUES (zeroblob(1000))");
  database.execute("PRAGMA max_page_count = 10");
  EXPECT_EQ(message_of([&] { database.execute("INSERT INTO t VALUES (zeroblob(1000000))"); }),
            "the disk is full");
  EXPECT_EQ(database.number("SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseFile, SaysInPlainWordsWhatIsNotThereOrNoDatabase) {
  EXPECT_EQ(message_of([&] { Database database(file_, Access::read); }),
            "there is no store of runs here yet");
  EXPECT_EQ(message_of([&] { Database database("/dev/null/x.sqlite", Access::write); }),
            "it cannot be opened: is the folder there, and may it be written?");
  std::ofstream(file_)
      << "offer,accelerator\nthis is a table, and long enough to be looked into; "
         "SQLite reads a hundred bytes before it says a word about what they are\n";
  EXPECT_EQ(message_of([&] { Database database(file_, Access::write); }),
            "this is no store of runs, or its beginning is damaged");
  EXPECT_EQ(message_of([&] { Database database(file_, Access::read); }),
            "this is no store of runs, or its beginning is damaged");
}

}  // namespace
}  // namespace vorrat::store

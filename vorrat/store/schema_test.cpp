#include "vorrat/store/schema.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "vorrat/base/error.h"

namespace vorrat::store {
namespace {

namespace fs = std::filesystem;

class Schema : public testing::Test {
 protected:
  ~Schema() override { fs::remove_all(folder_); }

  static std::string refusal(Database& database, void (*open)(Database&)) {
    try {
      open(database);
    } catch (const Unavailable& error) {
      const std::string text = error.what();
      return text.substr(text.find(": ") + 2);
    }
    return "";
  }

  fs::path folder_ = fs::temp_directory_path() / ("vorrat-schema-" + std::to_string(getpid()));
  bool is_made_ = fs::create_directories(folder_);
  Database database_{folder_ / "runs.sqlite", Access::write};
};

TEST_F(Schema, MakesAnEmptyFileAStoreAndLeavesAStoreAlone) {
  EXPECT_EQ(refusal(database_, expect_newest), "no run is kept here yet");
  migrate(database_);
  EXPECT_EQ(database_.number("PRAGMA user_version"), newest_version());
  const auto changes = database_.number("PRAGMA schema_version");
  migrate(database_);
  EXPECT_EQ(database_.number("PRAGMA schema_version"), changes);
  EXPECT_EQ(refusal(database_, expect_newest), "");
}

TEST_F(Schema, RefusesTheDatabaseOfAnotherProgram) {
  database_.execute("CREATE TABLE bookmarks (url TEXT)");
  for (const auto open : {migrate, expect_newest}) {
    EXPECT_EQ(refusal(database_, open), "this database is of another program, no store of runs");
  }
  EXPECT_EQ(database_.number("SELECT count(*) FROM sqlite_schema"), 1) << "left as it was";
}

TEST_F(Schema, RefusesAStoreOfANewerProgram) {
  migrate(database_);
  database_.execute("PRAGMA user_version = 1000");
  for (const auto open : {migrate, expect_newest}) {
    EXPECT_EQ(refusal(database_, open),
              "this store was written by a newer vorrat (its version is 1000, this program knows " +
                  std::to_string(newest_version()) + ")");
  }
}

}  // namespace
}  // namespace vorrat::store

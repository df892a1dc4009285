#include "vorrat/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "vorrat/base/error.h"
#include "vorrat/base/sha256.h"

namespace vorrat::store {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StoreFile : public testing::Test {
 protected:
  ~StoreFile() override { fs::remove_all(folder_); }

  static store::Run run_of(const std::string& scenario = "small") {
    return {.verb = "plan",
            .scenario = scenario,
            .title = "A small one",
            .folder = "/somewhere/" + scenario,
            .input_hash = "00ff",
            .started = "2026-02-09T08:00:00Z",
            .finished = "2026-02-09T08:00:01Z",
            .status = "optimal",
            .message = "",
            .exit_code = 0,
            .seconds = 1.0 / 3.0,
            .objective = 0.1 + 0.2,
            .currency = "USD"};
  }
  static RunContent content(const std::string& json = "{}\n") {
    return {.scenario_files = {{"scenario.toml", "name = \"x\"\r\n"}, {"offers.csv", "offer\na\n"}},
            .data_files = {{"rules/us/1.toml", "x = 1\n"}},
            .options = {{"seed", "7"}},
            .versions = {{"vorrat", "0.1.0"}},
            .results = {{"plan.json", json}}};
  }

  fs::path folder_ = fs::temp_directory_path() / ("vorrat-store-" + std::to_string(getpid()));
  fs::path file_ = folder_ / "deep" / "runs.sqlite";
};

TEST_F(StoreFile, GivesBackEveryByteOfARun) {
  RunId run = 0;
  {
    Store store(file_, Access::write);
    run = store.keep(run_of(), content());
  }
  Store store(file_, Access::read);
  EXPECT_EQ(store.inputs(run, Place::scenario), content().scenario_files);
  EXPECT_EQ(store.inputs(run, Place::data), content().data_files);
  EXPECT_EQ(store.options(run), content().options);
  EXPECT_EQ(store.versions(run), content().versions);
  EXPECT_EQ(store.results(run), content().results);
  EXPECT_EQ(store.result(run, "plan.json"), "{}\n");
  EXPECT_EQ(store.result(run, "no such"), std::nullopt);
  const auto found = store.find(run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "A small one");
  EXPECT_EQ(found->seconds, 1.0 / 3.0);
  EXPECT_EQ(found->objective, 0.1 + 0.2);
  EXPECT_EQ(found->currency, "USD");
  EXPECT_THAT(store.faults(), IsEmpty());
}

TEST_F(StoreFile, NeverChangesOrDeletesAKeptRun) {
  const RunId run = Store(file_, Access::write).keep(run_of(), content());
  Database database(file_, Access::write);
  EXPECT_THROW(database.execute("UPDATE runs SET status = 'x'"), Unavailable);
  EXPECT_THROW(database.execute("DELETE FROM runs"), Unavailable);
  EXPECT_EQ(Store(file_, Access::read).find(run)->status, "optimal");
}

TEST_F(StoreFile, KeepsWhatIsFoundLaterBesideARunAndNotAmongItsResults) {
  Store store(file_, Access::write);
  const RunId run = store.keep(run_of(), content());
  EXPECT_EQ(store.found_later(run, "insight.json"), std::nullopt);
  store.keep_later(run, "insight.json", "first");
  store.keep_later(run, "insight.json", "second");
  EXPECT_EQ(store.found_later(run, "insight.json"), "second");
  EXPECT_EQ(store.results(run), content().results);
  EXPECT_THROW(store.keep_later(run + 1, "insight.json", "of no run"), Unavailable);
  EXPECT_THAT(store.faults(), IsEmpty());
}

TEST_F(StoreFile, ListsTheNewestFirstAndNeverGivesANumberTwice) {
  Store store(file_, Access::write);
  EXPECT_EQ(store.last(), std::nullopt);
  const RunId first = store.keep(run_of("one"), content());
  const RunId second = store.keep(run_of("two"), content());
  EXPECT_GT(second, first);
  const auto runs = store.runs();
  ASSERT_THAT(runs, SizeIs(2));
  EXPECT_EQ(runs[0].scenario, "two");
  EXPECT_EQ(store.last()->id, second);
  EXPECT_EQ(store.find(second + 1), std::nullopt);
}

TEST_F(StoreFile, KeepsTheSameBytesOnce) {
  Store store(file_, Access::write);
  for (int i = 0; i < 3; ++i) store.keep(run_of(), content());
  Database database(file_, Access::read);
  EXPECT_EQ(database.number("SELECT count(*) FROM runs"), 3);
  EXPECT_EQ(database.number("SELECT count(*) FROM contents"), 4);
}

TEST_F(StoreFile, HoldsNothingOfARunWhoseProcessWasKilledBeforeItWasWhole) {
  { Store(file_, Access::write).keep(run_of("one"), content()); }
  const pid_t child = fork();
  if (child == 0) {
    Database database(file_, Access::write);
    Transaction transaction(database);
    database.execute("INSERT INTO contents VALUES ('00', x'00')");
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  Store store(file_, Access::write);
  EXPECT_THAT(store.faults(), IsEmpty());
  store.keep(run_of("two"), content());
  Database database(file_, Access::read);
  EXPECT_EQ(database.number("SELECT count(*) FROM contents WHERE hash = '00'"), 0);
}

TEST_F(StoreFile, IsForItsOwnerAlone) {
  Store store(file_, Access::write);
  store.keep(run_of(), content());
  for (const char* end : {"", "-wal", "-shm"}) {
    EXPECT_EQ(fs::status(file_.string() + end).permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
        << end;
  }
  EXPECT_EQ(fs::status(file_.parent_path()).permissions(), fs::perms::owner_all);
}

TEST_F(StoreFile, IsEmptyUntilItHasTables) {
  EXPECT_TRUE(holds_nothing(file_));
  fs::create_directories(file_.parent_path());
  { Database only_made(file_, Access::write); }
  EXPECT_TRUE(holds_nothing(file_));
  { Store made(file_, Access::write); }
  EXPECT_FALSE(holds_nothing(file_));
}

TEST_F(StoreFile, SaysThatAnotherProgramKeepsIt) {
  { Store made(file_, Access::write); }
  Database other(file_, Access::write);
  Transaction transaction(other);
  Store store(file_, Access::write, std::chrono::milliseconds(20));
  try {
    store.keep(run_of(), content());
    FAIL();
  } catch (const Unavailable& error) {
    EXPECT_EQ(error.what(), file_.string() + ": another program has kept it for more than 0.02 s");
  }
}

TEST_F(StoreFile, TakesRunsOfSeveralProcessesAtOnce) {
  // Eight processes make the file together, then write 10 runs each.
  constexpr int processes = 8, runs = 10;
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = fork();
    if (child == 0) {
      int code = 0;
      try {
        Store store(file_, Access::write);
        for (int r = 0; r < runs; ++r) store.keep(run_of(), content(std::to_string(r)));
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        code = 1;
      }
      _exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  Store store(file_, Access::read);
  EXPECT_THAT(store.runs(), SizeIs(processes * runs));
  EXPECT_THAT(store.faults(), IsEmpty());
}

TEST_F(StoreFile, KeepsWhatHappenedInTheOrderOfEntry) {
  Store store(file_, Access::write);
  const RunId run = store.keep(run_of(), content());
  const Actual first{.what = "ordered",
                     .subject = "a",
                     .quarter = "2026Q1",
                     .value = "10 units",
                     .source = "us",
                     .date = "2026-03-01",
                     .note = "",
                     .entered = "t"};
  Actual second = first;
  second.value = "12 units";
  store.add_actuals(run, {first});
  store.add_actuals(run, {second});
  const auto entries = store.actuals(run);
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].value, "10 units");
  EXPECT_EQ(entries[1].value, "12 units");
  EXPECT_THROW(store.add_actuals(run + 1, {first}), Unavailable) << "no such run";
}

TEST_F(StoreFile, NamesBytesThatAreNoLongerThoseThatWereKept) {
  {
    Store store(file_, Access::write);
    store.keep(run_of(), content());
    Database database(file_, Access::write);
    database.execute(
        "UPDATE contents SET bytes = CAST('x' AS BLOB) WHERE bytes = CAST('{}\n' AS BLOB)");
  }
  Store store(file_, Access::read);
  EXPECT_THAT(store.faults(), ElementsAre("the bytes of " + sha256_hex("{}\n").substr(0, 12) +
                                          " are no longer those that were kept"));
}

TEST(DefaultFile, FollowsTheEnvironment) {
  setenv("HOME", "/home/x", 1);
  setenv("XDG_DATA_HOME", "relative/is/ignored", 1);
  unsetenv("VORRAT_STORE");
  EXPECT_EQ(default_file(), "/home/x/.local/share/vorrat/runs.sqlite");
  setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(default_file(), "/data/vorrat/runs.sqlite");
  setenv("VORRAT_STORE", "/mine.sqlite", 1);
  EXPECT_EQ(default_file(), "/mine.sqlite");
  for (const char* name : {"HOME", "XDG_DATA_HOME", "VORRAT_STORE"}) unsetenv(name);
  EXPECT_THROW(default_file(), Unavailable);
}

TEST(UtcNow, IsATimeOfTheCalendar) {
  EXPECT_THAT(utc_now(), testing::MatchesRegex("20..-..-..T..:..:..Z"));
}

}  // namespace
}  // namespace vorrat::store

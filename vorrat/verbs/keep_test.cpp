#include "vorrat/verbs/keep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "vorrat/base/error.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/verbs/run_inputs.h"
#include "vorrat/verbs/runs.h"
#include "vorrat/verbs/show.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path source = VORRAT_SOURCE_DIR;

/// The starter scenario with a small tree, in a folder of its own, and a store beside it.
class KeptPlans : public testing::Test {
 protected:
  KeptPlans() {
    store::Files files = scenario_files(source / "data/starter");
    std::string& settings = files.at("scenario.toml");
    const std::string branching = "branching = [6, 6, 3]";
    settings.replace(settings.find(branching), branching.size(), "branching = [2, 1, 1]");
    write_files(folder(), files);
  }
  fs::path folder() const { return place_.path() / "scenario"; }
  fs::path file() const { return place_.path() / "runs.sqlite"; }
  KeepRequest request() const {
    return {.plan = {.scenario = folder(), .data = source / "data"}, .file = file()};
  }

  TemporaryFolder place_;
};

TEST_F(KeptPlans, HoldTheirInputsAndAnswersByteForByte) {
  KeepRequest seeded = request();
  seeded.plan.seed = 7;
  const KeptPlan kept = run(seeded);
  ASSERT_TRUE(kept.run) << kept.not_kept;
  EXPECT_EQ(kept.exit_code(), 0);
  EXPECT_EQ(last_line(kept), "kept as run 1 in " + file().string() + "\n");
  store::Store store(file(), store::Access::read);
  EXPECT_EQ(store.inputs(1, store::Place::scenario), scenario_files(folder()));
  EXPECT_EQ(store.inputs(1, store::Place::data), data_files(source / "data"));
  EXPECT_EQ(store.result(1, "plan.json"), to_json(kept.result));
  EXPECT_EQ(store.result(1, "plan.txt"), to_text(kept.result));
  const std::string iterations = std::to_string(kept.result.plan->method.iterations);
  EXPECT_EQ(store.options(1), (store::Settings{{"seed", "7"}, {trained_iterations, iterations}}));
  EXPECT_EQ(store.find(1)->objective, kept.result.plan->objective);
  EXPECT_EQ(store.find(1)->folder, folder().string());
  const report::Tables tables = report::tables_from_json(*store.result(1, "tables.json"));
  EXPECT_EQ(report::to_json(tables), report::to_json(kept.result.tables));
}

TEST_F(KeptPlans, AreNotMadeOfWrongInput) {
  fs::remove(folder() / "offers.csv");
  const KeptPlan kept = run(request());
  EXPECT_FALSE(kept.run);
  EXPECT_EQ(kept.not_kept, "");
  EXPECT_EQ(kept.exit_code(), 2);
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(KeptPlans, AreStillPlansWhereTheStoreCannotBeWritten) {
  KeepRequest impossible = request();
  impossible.file = "/dev/null/runs.sqlite";
  const KeptPlan kept = run(impossible);
  ASSERT_TRUE(kept.result.plan);
  EXPECT_EQ(kept.result.plan->status, fleet::PlanStatus::optimal);
  EXPECT_EQ(kept.exit_code(), 3);
  EXPECT_EQ(last_line(kept), "");
  EXPECT_THAT(kept.not_kept, HasSubstr("/dev/null/runs.sqlite: "));
}

TEST_F(KeptPlans, AreNotMadeOfWhatWasStoppedByHand) {
  StopSwitch stop;
  stop.request();
  KeepRequest stopped = request();
  stopped.plan.stop = &stop;
  const KeptPlan kept = run(stopped);
  EXPECT_FALSE(kept.run);
  EXPECT_EQ(last_line(kept),
            "not kept, as it was stopped by hand; --seconds stops a run that can be kept\n");
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(KeptPlans, AreListedAndShownAsTheyWere) {
  EXPECT_EQ(to_text(run(RunsRequest{.file = file()})),
            "no run is kept in " + file().string() + " yet\n");
  const KeptPlan kept = run(request());
  const RunsResult runs = run(RunsRequest{.file = file(), .is_check = true});
  ASSERT_THAT(runs.runs, SizeIs(1));
  EXPECT_THAT(*runs.faults, IsEmpty());
  EXPECT_EQ(to_text(runs), file().string() + ": whole, 1 runs\n");
  fs::remove_all(folder());
  const ShowResult shown =
      run(ShowRequest{.run = "last", .file = file(), .write_scenario = place_.path() / "again"});
  EXPECT_EQ(to_json(shown), to_json(kept.result));
  EXPECT_THAT(to_text(shown), HasSubstr(to_text(kept.result)));
  EXPECT_EQ(to_json(run(PlanRequest{.scenario = place_.path() / "again",
                                    .data = source / "data",
                                    .depth = PlanDepth::optimum}))
                .find("invalid_input"),
            std::string::npos);
}

TEST_F(KeptPlans, AreFoundByNumberOrRefusedWithTheNumbersThereAre) {
  run(request());
  store::Store store(file(), store::Access::read);
  EXPECT_EQ(find_run(store, "1").id, 1);
  for (const char* name : {"2", "0", "first", "1x", ""}) {
    try {
      find_run(store, name);
      ADD_FAILURE() << name;
    } catch (const InvalidInput& error) {
      EXPECT_EQ(error.what(), "there is no run " + std::string(name) + " in " + file().string() +
                                  ", whose runs are 1 to 1; write a number, or last");
    }
  }
}

}  // namespace
}  // namespace vorrat::verbs

#include "vorrat/verbs/rerun.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "vorrat/base/error.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path source = VORRAT_SOURCE_DIR;

class Reruns : public testing::Test {
 protected:
  Reruns() {
    write_files(folder(), scenario_files(source / "data/starter"));
    const KeptPlan kept = run(KeepRequest{
        .plan = {.scenario = folder(), .data = source / "data", .seed = 3}, .file = file()});
    EXPECT_TRUE(kept.run) << kept.not_kept;
  }
  fs::path folder() const { return place_.path() / "scenario"; }
  fs::path file() const { return place_.path() / "runs.sqlite"; }

  TemporaryFolder place_;
};

TEST_F(Reruns, GiveTheSameBitsThoughTheFolderIsGone) {
  fs::remove_all(folder());
  const RerunResult result = run(RerunRequest{.run = "1", .file = file()});
  EXPECT_THAT(result.differences, IsEmpty()) << to_text(result);
  EXPECT_THAT(result.versions, IsEmpty());
  EXPECT_THAT(result.names,
              testing::ElementsAre("plan.json", "plan.txt", "states.json", "tables.json", "times"));
  EXPECT_GT(result.byte_count, 10000u);
  EXPECT_EQ(result.exit_code(), 0);
}

TEST_F(Reruns, CutATrainingWhereTheClockCutItWhateverTheThreads) {
  // After too few iterations a policy cannot be played to its end, and there is no plan to keep:
  // how many the clock allows is the machine's to say.
  KeptPlan cut;
  for (double seconds = 0.02; !cut.run && seconds < 20.0; seconds *= 4.0) {
    cut = run(KeepRequest{.plan = {.scenario = folder(),
                                   .data = source / "data",
                                   .method = PlanMethod::sddp,
                                   .gap = 1e-15,
                                   .seconds = seconds,
                                   .threads = 1},
                          .file = file()});
  }
  ASSERT_TRUE(cut.run) << cut.not_kept;
  ASSERT_THAT(cut.result.plan->message, HasSubstr("the gap target was not met in "));
  const RerunResult result = run(RerunRequest{.run = "last", .file = file()});  // two threads
  EXPECT_THAT(result.differences, IsEmpty()) << to_text(result);
  EXPECT_EQ(store::Store(file(), store::Access::read).options(*cut.run).at(trained_iterations),
            std::to_string(cut.result.plan->method.iterations));
}

TEST_F(Reruns, NameWhatDiffersAndWhichVersionsDo) {
  // A run of another seed, put beside the answer of seed 3, as if by another version.
  store::RunId altered = 0;
  {
    store::Store store(file(), store::Access::write);
    store::RunContent content{.scenario_files = store.inputs(1, store::Place::scenario),
                              .data_files = store.inputs(1, store::Place::data),
                              .options = {{"seed", "4"}},
                              .versions = versions_now(),
                              .results = store.results(1)};
    content.versions["vorrat"] = "0.0.1";
    altered = store.keep(*store.find(1), content);
  }
  const RerunResult result = run(RerunRequest{.run = std::to_string(altered), .file = file()});
  EXPECT_EQ(result.exit_code(), 1);
  bool names_seed = false;
  for (const auto& [what, then, now] : result.differences)
    names_seed = names_seed || (what == "seed" && then == "3" && now == "4");
  EXPECT_TRUE(names_seed) << to_text(result);
  ASSERT_THAT(result.versions, SizeIs(1));
  EXPECT_EQ(result.versions[0].then, "0.0.1");
  EXPECT_THAT(to_text(result), HasSubstr("not the same bits"));
}

TEST(Differences, AreNamedKeyByKey) {
  const auto differences =
      differences_of(R"({"a": 1.0, "b": [{"c": 2}], "d": "x"})",
                     R"({"a": 1.0000000000000002, "b": [{"c": 2}], "e": null})");
  ASSERT_THAT(differences, SizeIs(3));
  EXPECT_EQ(differences[0].what, "a");
  EXPECT_EQ(differences[0].now, "1.0000000000000002");
  EXPECT_EQ(differences[1].what, "d");
  EXPECT_EQ(differences[1].now, "");
  EXPECT_EQ(differences[2].what, "e");
  EXPECT_EQ(differences[2].then, "");
}

}  // namespace
}  // namespace vorrat::verbs

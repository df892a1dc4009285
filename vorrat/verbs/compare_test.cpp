#include "vorrat/verbs/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vorrat/base/error.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"
#include "vorrat/verbs/waterfall.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path source = VORRAT_SOURCE_DIR;

class Comparisons : public testing::Test {
 protected:
  // By the tree, whose optimum is exact: the sign of a step is then known.
  Comparisons() {
    edit("scenario.toml", "branching = [6, 6, 3]", "branching = [2, 1, 1]");
    edit("scenario.toml", "method = \"sddp\"", "method = \"tree\"");
  }
  void edit(const std::string& file, const std::string& from, const std::string& to) {
    std::string& text = files_.at(file);
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  }
  store::RunId plan(std::optional<std::uint64_t> seed = {}) {
    const TemporaryFolder folder;
    write_files(folder.path(), files_);
    const KeptPlan kept =
        run(KeepRequest{.plan = {.scenario = folder.path(), .data = source / "data", .seed = seed},
                        .file = file()});
    EXPECT_TRUE(kept.run) << kept.not_kept << to_string(kept.result.diagnostics);
    return kept.run.value_or(0);
  }
  CompareResult compare(store::RunId before, store::RunId after) const {
    const CompareResult result = run(CompareRequest{
        .before = std::to_string(before), .after = std::to_string(after), .file = file()});
    EXPECT_EQ(result.no_waterfall, "");
    std::int64_t sum = result.before_cents;
    for (const WaterfallStep& step : result.waterfall) {
      sum += step.change_cents;
      EXPECT_EQ(step.then_cents, sum) << step.what;
    }
    EXPECT_EQ(sum, result.after_cents);
    EXPECT_EQ(result.waterfall.back().what, "remainder");
    EXPECT_EQ(result.waterfall.back().change_cents, 0);
    return result;
  }
  fs::path file() const { return place_.path() / "runs.sqlite"; }

  TemporaryFolder place_;
  store::Files files_ = scenario_files(source / "data/starter");
};

TEST_F(Comparisons, NameTheOneInputThatDiffersAndItIsTheWholeWay) {
  const store::RunId before = plan();
  edit("offers.csv", "2.50 USD/GPU-hour to 3.50 USD/GPU-hour",
       "1.50 USD/GPU-hour to 2 USD/GPU-hour");
  const CompareResult result = compare(before, plan());
  EXPECT_EQ(result.input_count(), 1u);
  const std::string name =
      "offers.csv:4, h200-rented, price: 2.50 USD/GPU-hour to 3.50 USD/GPU-hour -> 1.50 "
      "USD/GPU-hour "
      "to 2 USD/GPU-hour";
  EXPECT_THAT(to_text(result), HasSubstr("one input differs:\n  " + name + "\n"));
  ASSERT_THAT(result.waterfall, SizeIs(2));
  EXPECT_EQ(result.waterfall[0].what, name);
  EXPECT_EQ(result.waterfall[0].change_cents, result.after_cents - result.before_cents);
  EXPECT_LT(result.waterfall[0].change_cents, 0) << "a lower rent never makes a plan dearer";
  ASSERT_FALSE(result.plan.empty());
  EXPECT_EQ(result.plan[0].measure, "USD");
  EXPECT_EQ(result.plan[0].table, "total");
}

TEST_F(Comparisons, AddUpToTheCentByDecompositionToo) {
  edit("scenario.toml", "method = \"tree\"", "method = \"sddp\"");
  const store::RunId before = plan();
  edit("power.csv", "8 MW", "9 MW");
  const CompareResult result = compare(before, plan());
  EXPECT_EQ(result.input_count(), 1u);
  ASSERT_THAT(result.waterfall, SizeIs(2));
  EXPECT_EQ(result.waterfall[0].what, "power.csv:3, north, 2026Q3, power: 8 MW -> 9 MW");
  EXPECT_GT(result.gap, 0.0);
  EXPECT_THAT(to_text(result), HasSubstr("each cost is known to within "));
}

TEST_F(Comparisons, TakeSeveralDifferencesOneAfterTheOther) {
  const store::RunId before = plan();
  edit("power.csv", "4 MW", "6 MW");
  edit("budget.csv", "150 m EUR", "180 m EUR");
  edit("workloads.csv", "our product plan", "another plan");
  const CompareResult result = compare(before, plan(2));
  EXPECT_EQ(result.input_count(), 3u);
  ASSERT_THAT(result.waterfall, SizeIs(5));
  EXPECT_THAT(result.waterfall[0].what, HasSubstr("budget.csv:2, 2026, capital, amount"));
  EXPECT_LE(result.waterfall[0].change_cents, 0);
  EXPECT_THAT(result.waterfall[1].what, HasSubstr("power.csv:2, north, 2026Q1, power"));
  EXPECT_LE(result.waterfall[1].change_cents, 0);
  EXPECT_EQ(result.waterfall[2].what, "option seed: as the scenario says -> 2");
  EXPECT_EQ(result.waterfall[3].what, "sources, notes and writing");
  EXPECT_EQ(result.waterfall[3].change_cents, 0);
}

TEST_F(Comparisons, TakeRowsThatCannotStandAloneTogether) {
  const store::RunId before = plan();
  // A third site: its rows refer to one another, in files that come before and after sites.csv.
  files_.at("sites.csv") +=
      "east,the eastern hall,DE,own,1.2,0.1 EUR/kWh,,us,2026-02-09,assumed,\n";
  files_.at("power.csv") += "east,2026Q1,1 MW,us,2026-02-09,assumed,\n";
  files_.at("fleet.csv") += "h100-sxm,east,100 units,us,2026-02-09,assumed,\n";
  edit("workloads.csv", "south; north", "south; north; east");
  const CompareResult result = compare(before, plan());
  EXPECT_EQ(result.input_count(), 4u);
  ASSERT_THAT(result.waterfall, SizeIs(3));
  EXPECT_THAT(
      result.waterfall[0].what,
      testing::AllOf(HasSubstr("fleet.csv:3, h100-sxm"), HasSubstr(" together with power.csv"),
                     HasSubstr(" together with sites.csv:4, east: added")));
}

TEST_F(Comparisons, FindNothingBetweenTwoRunsOfTheSame) {
  const store::RunId before = plan();
  const CompareResult result = compare(before, plan());
  EXPECT_THAT(result.plan, IsEmpty());
  EXPECT_THAT(to_text(result), HasSubstr("the inputs are the same\n"));
  EXPECT_THAT(to_text(result), HasSubstr("the plans are the same, figure by figure\n"));
}

TEST_F(Comparisons, RefuseARunWithoutAnAnswer) {
  plan();
  store::Store(file(), store::Access::write)
      .keep({.verb = "plan", .started = "t", .status = "failed"}, {});
  try {
    run(CompareRequest{.before = "1", .after = "2", .file = file()});
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_STREQ(error.what(), "run 2 has no answer to compare: it is failed");
  }
}

TEST(Waterfalls, AddUpAndNameAnotherVersionsPart) {
  // 100 then; 110 by this version; +5, nothing by itself, -7 together; 120 there.
  const std::vector<Waypoint> way = {{"a", {}}, {"b", {}}, {"c", {}}};
  const auto optimum = [](const Waypoint& point) -> std::optional<std::int64_t> {
    if (point.what == "a") return 115;
    if (point.what == "b") return std::nullopt;
    return 108;
  };
  std::vector<std::string> texts;
  for (const WaterfallStep& step : waterfall(100, 110, way, 120, optimum))
    texts.push_back(step.what + " " + std::to_string(step.change_cents));
  EXPECT_THAT(texts, ElementsAre("this version of the program, on the inputs of the first run 10",
                                 "a 5", "b together with c -7", "remainder 12"));
}

TEST(Waypoints, TellWhatARunCameToFromWhatItWasAsked) {
  RunInputs before, after;
  before.options = {{"seed", "1"}, {"trained_iterations", "30"}};
  after.options = {{"gap", "0.1"}, {"trained_iterations", "40"}};
  const auto way = waypoints(before, after);
  ASSERT_THAT(way, SizeIs(2));
  EXPECT_EQ(way[0].what, "option gap: as the scenario says -> 0.1");
  EXPECT_EQ(way[0].inputs.options, (store::Settings{{"gap", "0.1"}, {"seed", "1"}}));
  EXPECT_EQ(way[1].what, "option seed: 1 -> as the scenario says");
  EXPECT_EQ(way[1].inputs, after);
  CompareResult result;
  result.options = differences_of(before.options, after.options);
  EXPECT_EQ(result.input_count(), 2u);
  after.options = {{"seed", "1"}, {"trained_iterations", "40"}};
  ASSERT_THAT(waypoints(before, after), SizeIs(1));
  EXPECT_EQ(waypoints(before, after)[0].what, "how long it was trained");
}

TEST(Waypoints, TakeManyDifferencesAFileAStep) {
  RunInputs before, after;
  before.scenario = {{"offers.csv", "offer,price\n"}, {"sites.csv", "site,pue\nn,1\n"}};
  after.scenario = {{"offers.csv", "offer,price\n"}, {"sites.csv", "site,pue\nn,2\n"}};
  for (int i = 0; i < 13; ++i) {
    before.scenario["offers.csv"] += "o" + std::to_string(i) + ",1\n";
    after.scenario["offers.csv"] += "o" + std::to_string(i) + ",2\n";
  }
  const auto way = waypoints(before, after);
  ASSERT_THAT(way, SizeIs(2));
  EXPECT_EQ(way[0].what, "offers.csv (13 differences)");
  EXPECT_EQ(way[1].what, "sites.csv");
  EXPECT_EQ(way[1].inputs, after);
}

}  // namespace
}  // namespace vorrat::verbs

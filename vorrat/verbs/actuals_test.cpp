#include "vorrat/verbs/actuals.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "vorrat/base/error.h"
#include "vorrat/input/edit.h"
#include "vorrat/quantity/uncertain.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path source = VORRAT_SOURCE_DIR;

/// A kept run of the starter scenario with a small tree: 2026Q1 to 2026Q4, 1,500 H100 in the south,
/// 150 m EUR of capital, B200 at 13 to 26 weeks with 30 % due at once, a gate that starts pending.
class Actuals : public testing::Test {
 protected:
  Actuals() {
    store::Files files = scenario_files(source / "data/starter");
    std::string& settings = files.at("scenario.toml");
    const std::string branching = "branching = [6, 6, 3]";
    settings.replace(settings.find(branching), branching.size(), "branching = [2, 1, 1]");
    write_files(place_.path() / "scenario", files);
    kept_ = run(KeepRequest{
        .plan = {.scenario = place_.path() / "scenario", .data = source / "data"}, .file = file()});
    EXPECT_TRUE(kept_.run) << kept_.not_kept;
  }
  fs::path file() const { return place_.path() / "runs.sqlite"; }
  fs::path next() const { return place_.path() / "next"; }

  ActualsResult enter(const std::string& rows, bool is_applied = false) const {
    std::ofstream(place_.path() / "actuals.csv") << "what,subject,quarter,value,source,date\n"
                                                 << rows;
    ActualsRequest request{.run = "1", .file = file(), .entries = place_.path() / "actuals.csv"};
    if (is_applied) request.apply = next();
    return run(request);
  }
  static double mean_of(const std::string& range) { return parse_uncertain(range)->mean().value; }
  /// The cell of a table of the next scenario in the row whose first column is `row`.
  std::string cell(const std::string& table, const std::string& row,
                   const std::string& column) const {
    const auto grid = read_grid(scenario_files(next()).at(table));
    for (const auto& cells : grid->rows) {
      if (cells.front() == row) return grid->cell(cells, column);
    }
    return "no such row";
  }

  TemporaryFolder place_;
  KeptPlan kept_;
};

TEST_F(Actuals, StandBesideThePlanAndALaterEntryTakesTheEarliersPlace) {
  enter("ordered,b200-south,2026Q1,700 units,the contract,2026-03-01\n");
  const ActualsResult result = enter(
      "ordered,b200-south,2026Q1,750 units,the amended contract,2026-03-20\n"
      "spent,capital,2026Q1,30 m EUR,our ledger,2026-03-31\n");
  EXPECT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
  EXPECT_EQ(result.added, 2u);
  ASSERT_THAT(result.lines, SizeIs(3));
  EXPECT_TRUE(result.lines[0].is_superseded);
  EXPECT_FALSE(result.lines[1].is_superseded);
  double planned = 0.0;
  for (const auto& line : kept_.result.plan->orders) {
    if (line.offer == "b200-south") planned = line.quantity;
  }
  ASSERT_GT(planned, 0.0);
  std::string shown = result.lines[1].planned;  // as in "1,101 units"
  std::erase(shown, ',');
  EXPECT_NEAR(std::stod(shown), planned, 0.51);
  EXPECT_THAT(result.lines[2].planned, HasSubstr(" in the year"));
  EXPECT_THAT(to_text(result), HasSubstr("700 units (until a later entry)"));
}

TEST_F(Actuals, AreRefusedTogetherWithTheirPlacesAndNoneIsEntered) {
  const ActualsResult result = enter(
      "bought,b200-south,2026Q1,1 units,us,2026-03-01\n"
      "ordered,b200-east,2026Q1,1 units,us,2026-03-01\n"
      "ordered,b200-south,2027Q1,1 units,us,2026-03-01\n"
      "ordered,b200-south,2026Q1,1 MW,us,2026-03-01\n"
      "gate,allocation,2026Q2,lost,us,2026-03-01\n"
      "spent,capital,2026Q1,1 m JPY,us,2026-03-01\n");
  EXPECT_EQ(result.exit_code(), 2);
  const std::string text = to_string(result.diagnostics);
  for (const char* place : {"actuals.csv:2:1: ", "actuals.csv:3:9: ", "actuals.csv:4:20: ",
                            "actuals.csv:5:27: ", "actuals.csv:6:24: ", "actuals.csv:7:22: "})
    EXPECT_THAT(text, HasSubstr(place));
  EXPECT_THAT(text,
              HasSubstr("2027Q1 is not a quarter of the plan, which goes from 2026Q1 to 2026Q4"));
  EXPECT_THAT(run(ActualsRequest{.run = "1", .file = file()}).lines, IsEmpty());
}

TEST_F(Actuals, MoveTheScenarioOnToWhatHappened) {
  // One quarter on, 1,500 H100 are 1,500 * (1 - a)^(1/4); 800 B200 were ordered, 300 came, so 500
  // are due at the 70 % of their price that was no deposit; 40 m USD of 150 m EUR are 34 m EUR.
  const double attrition = mean_of("2 %/year to 6 %/year") * units::year.value();
  const double price = mean_of("38 kUSD to 46 kUSD");
  const ActualsResult result = enter(
      "ordered,b200-south,2026Q1,800 units,the contract,2026-03-01\n"
      "delivered,b200-south,2026Q1,300 units,the goods receipt,2026-03-30\n"
      "spent,capital,2026Q1,40 m USD,our ledger,2026-03-31\n"
      "gate,allocation,2026Q2,granted,a letter,2026-04-02\n",
      true);
  ASSERT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
  const std::string settings = scenario_files(next()).at("scenario.toml");
  EXPECT_THAT(settings, HasSubstr("first = \"2026Q2\""));
  EXPECT_THAT(settings, HasSubstr("quarters = 3"));
  EXPECT_THAT(settings, HasSubstr("known_on = 2026-04-02"));
  EXPECT_THAT(settings, HasSubstr("start = \"granted\""));
  EXPECT_EQ(cell("fleet.csv", "h100-sxm", "quantity"),
            fmt::format("{:.0f} units", 1500 * std::pow(1 - attrition, 0.25)));
  EXPECT_EQ(cell("fleet.csv", "b200", "quantity"), "300 units");
  EXPECT_EQ(cell("offers.csv", "b200-south-due-2026Q1", "supply"), "500 units/quarter");
  EXPECT_EQ(cell("offers.csv", "b200-south-due-2026Q1", "price"),
            fmt::format("{:.5g} kUSD/unit", 0.7 * price / 1000));
  EXPECT_EQ(cell("budget.csv", "2026", "amount"), "116 m EUR");
  EXPECT_THAT(cell("workloads.csv", "chat", "demand"),
              testing::MatchesRegex("0\\.5[0-9]+ tn tokens/day to 0\\.8[0-9]+ tn tokens/day"));
  EXPECT_EQ(cell("sites.csv", "north", "pue"), "1.10 to 1.25") << "left as it was";
  EXPECT_THAT(result.written, Contains(next() / "MOVED.md"));
}

TEST_F(Actuals, LetTheNextPlanBeginWhereTheyEnd) {
  enter("spent,capital,2026Q1,1 m EUR,our ledger,2026-03-31\n");
  const auto objective_with = [&](const std::string& count) {
    fs::remove_all(next());
    enter("counted,h100-sxm at south,2026Q2," + count + " units,a count,2026-04-01\n", true);
    EXPECT_EQ(cell("fleet.csv", "h100-sxm", "quantity"), count + " units");
    const PlanResult result = run(PlanRequest{.scenario = next(),
                                              .data = source / "data",
                                              .depth = PlanDepth::optimum,
                                              .method = PlanMethod::tree});
    EXPECT_EQ(result.exit_code(), 0) << to_string(result.diagnostics);
    EXPECT_EQ(result.plan->fleet.front().stage, "2026Q2");
    return result.plan->objective;
  };
  // With more to begin with, and power for it, a plan is cheaper.
  EXPECT_LT(objective_with("1400"), objective_with("1000"));
}

TEST_F(Actuals, AreNotAppliedOverWhatIsThereOrBeyondTheHorizon) {
  const auto refusal = [&](const ActualsRequest& request) -> std::string {
    try {
      run(request);
    } catch (const InvalidInput& error) {
      return error.what();
    }
    return "";
  };
  ActualsRequest request{.run = "1", .file = file(), .apply = next()};
  EXPECT_EQ(refusal(request),
            "nothing ordered, delivered or spent was entered; say --first QUARTER");
  request.first = "2027Q1";
  EXPECT_EQ(refusal(request),
            "the next scenario cannot begin in 2027Q1: the plan goes from 2026Q1 to 2026Q4");
  request.first = "spring";
  EXPECT_EQ(refusal(request), "--first is \"spring\", which is no quarter; write it as in 2026Q2");
  request.first = "2026Q2";
  request.apply = place_.path() / "scenario";
  EXPECT_EQ(refusal(request),
            request.apply->string() + " is not empty: choose a folder that is empty or new");
}

}  // namespace
}  // namespace vorrat::verbs

#include "vorrat/scenario/check.h"

#include <gtest/gtest.h>

#include "vorrat/quantity/text.h"
#include "vorrat/scenario/load.h"

namespace vorrat::scenario {
namespace {

const catalog::Catalog& facts() {
  static const catalog::Catalog loaded = catalog::Catalog::load(VORRAT_SOURCE_DIR "/data").value();
  return loaded;
}

// The sound scenario of the tests with every assumed figure taken for measured and every default
// for meant, so that it leaves nothing to remark.
Scenario settled() {
  Scenario scenario = load(VORRAT_SOURCE_DIR "/tests/broken/sound", facts()).value();
  for (const NamedFact& named : facts_of(scenario)) {
    const_cast<Fact*>(named.fact)->source.kind = SourceKind::measured;
  }
  scenario.defaults.clear();
  return scenario;
}

std::vector<std::string> remarks_on(const Scenario& scenario) {
  const Diagnostics found = check(scenario, facts());
  std::vector<std::string> remarks;
  for (const Fault& fault : found.faults()) remarks.push_back(fault.message);
  return remarks;
}

using Remarks = std::vector<std::string>;

TEST(Check, FindsNothingWhereAllIsSettled) { EXPECT_EQ(remarks_on(settled()), Remarks{}); }

TEST(Check, LeavesTheWorkedScenarioWithoutWarnings) {
  const auto scenario = load(VORRAT_SOURCE_DIR "/scenarios/bytedance-2026", facts());
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  const Diagnostics remarks = check(*scenario, facts());
  for (const Fault& remark : remarks.faults())
    EXPECT_EQ(remark.severity, Severity::note) << to_string(remark);
}

TEST(Check, NamesFiguresThatNobodyVouchesFor) {
  Scenario scenario = settled();
  scenario.offers[0].price.source.text.clear();
  scenario.sites[0].pue.source.kind.reset();
  EXPECT_EQ(remarks_on(scenario), (Remarks{"the price of offer \"h200\" has no source",
                                           "the PUE of site \"north\" has no kind"}));
}

TEST(Check, AsksForARangeWhereAFigureIsAssumed) {
  Scenario scenario = settled();
  scenario.workloads[0].demand.source.kind = SourceKind::assumed;
  scenario.workloads[0].growth.source.kind = SourceKind::assumed;  // is a range
  EXPECT_EQ(remarks_on(scenario),
            Remarks{"the demand of workload \"chat\" is assumed, but written as one number"});
}

TEST(Check, SaysWhatWasReadIntoARange) {
  Scenario scenario = settled();
  scenario.sites[1].power[0].power.value = parse_uncertain("30 to 50 MW").value();
  EXPECT_EQ(remarks_on(scenario),
            Remarks{"the power of site \"south\" from 2026Q1: a range without \"(p %)\" is read as "
                    "80 % likely"});
}

TEST(Check, ComparesPricesWithTheCatalogue) {
  Scenario scenario = settled();
  scenario.offers[0].price.value = parse_quantity("65 kUSD/unit").value();
  scenario.offers[2].price.value = parse_quantity("0.8 USD/GPU-hour").value();
  scenario.sites[0].electricity.value = parse_quantity("0.16 USD/kWh").value();
  EXPECT_EQ(
      remarks_on(scenario),
      (Remarks{"the price of offer \"h200\" is 1.6 times above the catalogue's 20 kUSD/unit "
               "to 41 kUSD/unit",
               "the price of offer \"rented\" is 2 times below the catalogue's 1.6 USD/unit/h "
               "to 7 USD/unit/h",
               "the electricity of site \"north\" is 2 times above the catalogue's 0.08 "
               "USD/kWh"}));
}

TEST(Check, NamesWhatCanBringNothing) {
  Scenario scenario = settled();
  scenario.offers[0].gates.clear();
  scenario.offers[1].first = {2026, 4};
  scenario.offers[2].site = 0;
  scenario.workloads[1].sites = {0};
  scenario.workloads[0].sites = {1};
  EXPECT_EQ(remarks_on(scenario),
            (Remarks{"offer \"ascend\" can serve no workload at site \"north\"",
                     "offer \"ascend\" arrives after the horizon",
                     "nothing can serve workload \"chat\"", "no offer passes gate \"licence\""}));
}

TEST(Check, DoubtsAnOfferOfWhatIsNotOnSaleYet) {
  Scenario scenario = settled();
  scenario.accelerators[scenario.offers[1].accelerator].release = Quarter{2026, 3};
  EXPECT_EQ(remarks_on(scenario),
            Remarks{"offer \"ascend\" begins in 2026Q1, before ascend-910c is "
                    "on sale by the catalogue, 2026Q3"});
}

TEST(Check, NamesWhatLiesBeyondTheHorizon) {
  Scenario scenario = settled();
  const Fact some = scenario.fleet[0].quantity;
  scenario.minimum_fleets.push_back(
      {.id = "promise", .from = {2027, 1}, .quantity = some, .accelerators = {}, .sites = {}});
  PowerProject project;
  project.id = "hall";
  project.price = project.lead_time = project.supply = some;
  project.first = {2026, 3};
  project.lead_quarters = 2;
  scenario.power_projects.push_back(project);
  scenario.market.processes.push_back({.moves = Uncertainty::rent,
                                       .volatility = {},
                                       .reversion = {},
                                       .news = some,
                                       .news_in = {2027, 1}});
  EXPECT_EQ(remarks_on(scenario),
            (Remarks{"minimum fleet \"promise\" begins after the horizon",
                     "project \"hall\" is ready after the horizon",
                     "the news of the market of \"rent\" comes after the horizon"}));
}

TEST(Check, RepeatsEveryDefault) {
  Scenario scenario = settled();
  scenario.defaults.push_back({"the duty of offer \"h200\"", "0 %", "no duty"});
  EXPECT_EQ(remarks_on(scenario),
            Remarks{"filled in: the duty of offer \"h200\" is 0 % (no duty)"});
}

}  // namespace
}  // namespace vorrat::scenario

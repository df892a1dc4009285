#include "vorrat/fleet/coefficients.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"
#include "vorrat/quantity/uncertain.h"

namespace vorrat::fleet {
namespace {

scenario::Fact fact(const std::string& text) {
  scenario::Fact result;
  result.value = parse_uncertain(text).value();
  return result;
}

// One part of 700 W, server and network as much again, in a building with a PUE of 1.25: 1.75 kW at
// the meter.
Rulings no_rules(const scenario::Scenario& s) {
  Rulings rulings;
  rulings.rulings.assign(s.offers.size(), {OfferRuling{}});
  return rulings;
}

scenario::Scenario small() {
  scenario::Scenario s;
  s.horizon = {.first = {2026, 3}, .quarters = 3, .known_on = make_date(2026, 2, 9)};
  s.money.currency = Currency("USD");
  s.money.discount_rate = fact("10 %/year");
  s.money.exchange.push_back({Currency("CNY"), fact("7 CNY/USD")});
  s.end_value.economic_life = fact("5 years");
  s.end_value.residual_share = fact("50 %");
  s.fleet_terms.attrition = fact("4 %/year");
  s.fleet_terms.power_overhead = fact("100 %");
  s.settings.branching = {3, 3};
  catalog::Accelerator part;
  part.id = "part";
  part.power = 700 * units::watt;
  s.accelerators.push_back(part);
  scenario::Site site;
  site.id = "home";
  site.pue = fact("1.25");
  site.electricity = fact("0.08 USD/kWh");
  site.power.push_back({{2026, 3}, fact("120 MW")});
  site.power.push_back({{2027, 1}, fact("0.2 GW")});
  s.sites.push_back(site);
  scenario::Workload workload;
  workload.id = "chat";
  workload.demand = fact("60 tn tokens/day");
  workload.growth = fact("50 %/quarter");
  workload.growth_fade = fact("20 %/quarter");
  workload.peak_factor = fact("1.4");
  workload.minimum_service = fact("0 %");
  workload.unserved_price = fact("0.2 USD/Mtoken");
  workload.sites = {0};
  s.workloads.push_back(workload);
  s.throughput.push_back({0, 0, fact("6,000 tokens/s")});
  scenario::Offer offer;
  offer.id = "direct";
  offer.price = fact("140,000 CNY");
  offer.duty = fact("25 %");
  offer.lead_quarters = 1;
  offer.first = {2026, 4};
  offer.last = {2026, 4};
  offer.supply = fact("20,000 units/quarter");
  offer.deposit = fact("30 %");
  s.offers.push_back(offer);
  offer.id = "rented";
  offer.transaction = scenario::Transaction::lease;
  offer.price = fact("2 USD/GPU-hour");
  offer.duty = fact("0 %");
  offer.term = 4;
  s.offers.push_back(offer);
  s.fleet.push_back({0, 0, fact("12,000 units")});
  s.budget.push_back({2026, scenario::Account::capital, fact("85 bn CNY")});
  return s;
}

Problem problem_of(const scenario::Scenario& s) { return to_problem(s, no_rules(s)); }

TEST(Coefficients, TurnMoneyIntoMillionsOfTheScenariosCurrency) {
  const Problem problem = problem_of(small());
  // 140,000 CNY / 7 = 20 kUSD, with a quarter of duty 25 kUSD; a thousand cost 25 M.
  EXPECT_NEAR(problem.offers[0].price, 25.0, 1e-9);
  EXPECT_NEAR(problem.offers[0].end_price, 20.0, 1e-9);
  EXPECT_NEAR(problem.accounts.at(0).amount.at(0), 85e3 / 7, 1e-6);
  // 2 USD an hour for 2191.5 hours: 4383 USD each.
  EXPECT_NEAR(problem.offers[1].price, 4.383, 1e-9);
  EXPECT_EQ(problem.currency, "USD");
}

TEST(Coefficients, GiveAYearWithoutABudgetNothing) {
  const Problem problem = problem_of(small());
  ASSERT_EQ(problem.year_names, (std::vector<std::string>{"2026", "2027"}));
  EXPECT_EQ(problem.year_of_stage, (std::vector<std::size_t>{0, 0, 1}));
  EXPECT_EQ(problem.accounts.at(0).amount.at(1), 0.0);
}

TEST(Coefficients, CountPowerAtTheMeter) {
  const Problem problem = problem_of(small());
  EXPECT_NEAR(problem.pools[0].power_mw_per_k, 1.75, 1e-12);
  EXPECT_EQ(problem.sites[0].power.size(), 3u);
  EXPECT_NEAR(problem.sites[0].power[1], 120.0, 1e-9);
  EXPECT_NEAR(problem.sites[0].power[2], 200.0, 1e-9);
  // 1.75 kW for 2191.5 hours at 0.08 USD: 306.81 USD a quarter each. The rent pays for that of
  // leased parts.
  EXPECT_NEAR(problem.pools[0].running_cost, 0.30681, 1e-9);
  EXPECT_EQ(problem.pools[1].running_cost, 0.0);
  EXPECT_NEAR(problem.pools[1].power_mw_per_k, 1.75, 1e-12);
}

TEST(Coefficients, MeasureWorkInHundredthsOfTodaysDemand) {
  const Problem problem = problem_of(small());
  // 6,000 tokens/s are 518.4 m a day: a thousand serve 0.5184 of 60 tn, that is 0.864 %.
  EXPECT_NEAR(problem.pools[0].throughput[0], 0.864, 1e-9);
  // 1 % of 60 tn a day is 0.6 tn a day, 54.7875 tn a quarter; at 0.2 USD per million tokens 10.9575
  // M.
  EXPECT_NEAR(problem.workloads[0].unserved_price, 10.9575, 1e-6);
  EXPECT_NEAR(problem.workloads[0].unit * 86400 * 100, 60e12, 1);
}

TEST(Coefficients, FadeGrowth) {
  const Problem problem = problem_of(small());
  EXPECT_NEAR(problem.noise[1][1].growth[0], 1.5, 1e-12);
  EXPECT_NEAR(problem.noise[2][1].growth[0], 1.4, 1e-12);
}

// The outcomes of growth keep its mean: 30 % low, 40 % middle, 30 % high.
TEST(Coefficients, KeepTheMeanOfUncertainGrowth) {
  auto s = small();
  s.workloads[0].growth = fact("20 %/quarter to 80 %/quarter");
  const Problem problem = problem_of(s);
  std::vector<double> factors;
  double mean = 0;
  for (const NoiseOutcome& outcome : problem.noise[1]) {
    factors.push_back(outcome.growth[0]);
    mean += outcome.probability * (outcome.growth[0] - 1.0);
  }
  const double exact = s.workloads[0].growth.value.mean().value * (units::quarter / units::second);
  EXPECT_NEAR(mean, exact, 2e-3 * exact);
  EXPECT_LT(factors[0], factors[1]);
  EXPECT_LT(factors[1], factors[2]);
}

TEST(Coefficients, CompoundRatesByTheQuarter) {
  const Problem problem = problem_of(small());
  EXPECT_NEAR(std::pow(problem.discount, 4), 1 / 1.1, 1e-12);
  EXPECT_NEAR(std::pow(problem.survival, 4), 0.96, 1e-12);
  EXPECT_NEAR(problem.life, 20, 1e-9);
}

TEST(Coefficients, OpenAnOfferOnlyInItsWindow) {
  const Problem problem = problem_of(small());
  EXPECT_EQ(problem.offers[0].supply[0], 0.0);
  EXPECT_NEAR(problem.offers[0].supply[1], 20.0, 1e-9);
  EXPECT_EQ(problem.offers[0].supply[2], 0.0);
}

TEST(Coefficients, LetNothingRunWhereResidencyForbids) {
  auto s = small();
  s.sites.push_back(s.sites[0]);
  s.sites[1].id = "abroad";
  s.fleet.push_back({0, 1, fact("1,000 units")});
  const Problem problem = problem_of(s);
  for (const Pool& pool : problem.pools) EXPECT_EQ(pool.throughput[0] > 0, pool.site == 0);
}

// A fifth of duty by the rules on top of the quarter written by hand: 20 * (1 + 0.25 + 0.2) = 29.
TEST(Coefficients, AddTheChargesOfTheLawAndKeepItsStatus) {
  const auto s = small();
  Rulings rulings = no_rules(s);
  rulings.rulings[0][0].charges = 0.2;
  rulings.rulings[0][0].status = rules::Status::prohibited;
  rulings.rulings[0][0].may_order = false;
  rulings.quotas.push_back({.provision = "x/y", .accelerators = 5000, .offers = {0}});
  const Problem problem = to_problem(s, rulings);
  EXPECT_NEAR(problem.offers[0].law.at(0).price, 29.0, 1e-9);
  EXPECT_EQ(problem.offers[0].law.at(0).status, "prohibited");
  EXPECT_FALSE(problem.offers[0].law.at(0).may_order);
  EXPECT_NEAR(problem.quotas.at(0).limit, 5.0, 1e-12);
}

TEST(Coefficients, RefuseAnAcceleratorWithoutPowerRating) {
  auto s = small();
  s.accelerators[0].power.reset();
  try {
    problem_of(s);
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_STREQ(error.what(),
                 "the catalogue has no power rating for accelerator \"part\": add it to "
                 "accelerators.csv, or plan"
                 " without that part");
  }
}

}  // namespace
}  // namespace vorrat::fleet

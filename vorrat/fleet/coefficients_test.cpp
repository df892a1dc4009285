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
  ASSERT_EQ(problem.noise[1].size(), 1u);  // certain growth is one outcome
  EXPECT_NEAR(problem.noise[1][0].growth[0], 1.5, 1e-12);
  EXPECT_NEAR(problem.noise[2][0].growth[0], 1.4, 1e-12);
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
  EXPECT_NEAR(mean, exact, 1e-9 * exact);
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

// Slips 0 or 40 %, pace 0.5 or 1.5 about its mean of 1, and 7 bn CNY = 1,000 M USD more or nothing
// in the fourth quarter: 2 * 2 * 2 outcomes in stage 1, 2 * 2 in stage 2.
scenario::Scenario with_noise() {
  auto s = small();
  s.offers[0].seller = "Seller";
  s.offers[0].slip = fact("discrete(50 %: 0, 50 %: 0.4)");
  scenario::Gate gate;
  gate.id = "licence";
  gate.by_application = true;
  gate.pace = fact("discrete(50 %: 0.5, 50 %: 1.5)");
  gate.states.emplace_back();
  gate.states[0].decides = fact("30 %");
  gate.states[0].grants = fact("80 %");
  gate.states[0].downgrades = fact("10 %");
  gate.states[0].revokes = fact("2 %");
  gate.transition = {{{1.0}}};
  s.gates.push_back(gate);
  s.budget[0].revision = fact("discrete(75 %: 0 bn CNY, 25 %: 7 bn CNY)");
  s.budget[0].revised = {2026, 4};
  return s;
}

TEST(Coefficients, DrawSlipsPaceAndBudgetsJointlyInTheirQuarter) {
  const Problem problem = problem_of(with_noise());
  ASSERT_EQ(problem.noise[1].size(), 8u);
  ASSERT_EQ(problem.noise[2].size(), 4u);
  EXPECT_EQ(problem.slip_groups, (std::vector<std::string>{"Seller"}));
  EXPECT_EQ(problem.offers[0].slip, 0u);
  EXPECT_EQ(problem.offers[1].slip, none);
  double slip = 0, pace = 0, budget = 0, rich = 0;
  for (const NoiseOutcome& outcome : problem.noise[1]) {
    slip += outcome.probability * outcome.slip.at(0);
    pace += outcome.probability * outcome.decides.at(0);
    budget += outcome.probability * outcome.budget.at(0);
    if (outcome.budget[0] > 500) rich += outcome.probability;
  }
  EXPECT_NEAR(slip, 0.2, 1e-12);
  EXPECT_NEAR(pace, 1.0, 1e-12);
  EXPECT_NEAR(budget, 250.0, 1e-6);
  EXPECT_NEAR(rich, 0.25, 1e-12);
  for (const NoiseOutcome& outcome : problem.noise[2]) EXPECT_EQ(outcome.budget[0], 0.0);
}

TEST(Coefficients, FixAtItsMeanWhatIsSwitchedOff) {
  using scenario::Uncertainty;
  auto s = with_noise();
  for (const auto off : {Uncertainty::slip, Uncertainty::licences, Uncertainty::budget})
    s.switched_off[static_cast<std::size_t>(off)] = true;
  const Problem problem = problem_of(s);
  ASSERT_EQ(problem.noise[1].size(), 1u);
  EXPECT_NEAR(problem.noise[1][0].slip[0], 0.2, 1e-12);
  EXPECT_NEAR(problem.noise[1][0].decides[0], 1.0, 1e-12);
  EXPECT_NEAR(problem.noise[1][0].budget[0], 250.0, 1e-6);
}

TEST(Coefficients, CarryWhatAGateDecides) {
  const Problem problem = problem_of(with_noise());
  EXPECT_TRUE(problem.gates.at(0).by_application);
  const GateState& state = problem.gates[0].states.at(0);
  EXPECT_NEAR(state.decides, 0.3, 1e-12);
  EXPECT_NEAR(state.grants, 0.8, 1e-12);
  EXPECT_NEAR(state.downgrades, 0.1, 1e-12);
  EXPECT_NEAR(state.revokes, 0.02, 1e-12);
}

// Evenly between one quarter and three, then one quarter of installation: half comes in the second
// quarter. The half hundredth within the first and its hundredth of grace comes with it.
TEST(Coefficients, SpreadTheLeadTimeOverQuartersAfterInstallation) {
  auto s = small();
  s.offers[0].lead_time = fact("uniform 1 quarter to 3 quarters");
  s.offers[0].install_quarters = 1;
  const Offer offer = problem_of(s).offers[0];
  const std::vector<double> shares = {0.0, 0.0, 0.0, 0.505, 0.495};
  ASSERT_EQ(offer.lead_shares.size(), shares.size());
  for (std::size_t l = 0; l < shares.size(); ++l)
    EXPECT_NEAR(offer.lead_shares[l], shares[l], 1e-9) << l;
  EXPECT_EQ(offer.lead, 4);
  EXPECT_EQ(offer.install, 1);
}

// Tails of 1e-60 are not worth a coefficient: every share that is there is at least a hundredth.
TEST(Coefficients, TellNoShareOfALeadTimeApartThatIsNextToNothing) {
  auto s = small();
  for (const char* range :
       {"8 weeks to 16 weeks", "18 weeks to 34 weeks", "50 weeks to 60 weeks"}) {
    s.offers[0].lead_time = fact(range);
    double sum = 0.0;
    const Offer offer = problem_of(s).offers[0];
    for (const double share : offer.lead_shares) {
      sum += share;
      EXPECT_TRUE(share == 0.0 || share >= 0.0099) << range << ": " << share;
    }
    EXPECT_NEAR(sum, 1.0, 1e-12);
  }
}

TEST(Coefficients, CarryTheTermsOfAnOffer) {
  auto s = small();
  s.offers[0].premium = {{fact("50 %"), fact("10 %")}, {fact("80 %"), fact("25 %")}};
  s.offers[0].refund = fact("40 %");
  s.offers[0].redirect_to = 1;
  s.offers[0].downgrade_to = 1;
  s.offers[0].application_fee = fact("700 CNY");
  s.offers[0].rack = 8;
  s.offers[0].minimum_order = 64;
  s.offers[0].follows_market = false;
  s.offers[0].supply_phases = {{{2026, 4}, fact("5,000 units/quarter")}};
  const Problem problem = problem_of(s);
  const Offer& offer = problem.offers[0];
  ASSERT_EQ(offer.premium.size(), 2u);
  EXPECT_NEAR(offer.premium[1].share, 0.8, 1e-12);
  EXPECT_NEAR(offer.premium[1].factor, 1.25, 1e-12);
  EXPECT_NEAR(offer.refund, 0.4, 1e-12);
  EXPECT_EQ(problem.offers[1].refund, -1.0);  // no word of it: it cannot be cancelled
  EXPECT_EQ(offer.redirect, 1u);
  EXPECT_EQ(offer.downgrade, 1u);
  EXPECT_NEAR(offer.application_fee, 0.1, 1e-12);  // 100 USD each, 0.1 M a thousand
  EXPECT_NEAR(offer.rack, 0.008, 1e-12);
  EXPECT_NEAR(offer.minimum_order, 0.064, 1e-12);
  EXPECT_FALSE(offer.uses_price_level);
  EXPECT_NEAR(offer.supply[1], 5.0, 1e-9);
}

TEST(Coefficients, LimitASellerByAllItsOffersWhereItStatesNoCap) {
  auto s = small();
  s.offers[0].seller = s.offers[1].seller = "Seller";
  s.seller_caps.push_back({"Seller", {{{2027, 1}, fact("6,000 units/quarter")}}});
  const Problem problem = problem_of(s);
  const SellerCap& cap = problem.seller_caps.at(0);
  EXPECT_EQ(cap.offers, (std::vector<std::size_t>{0, 1}));
  EXPECT_NEAR(cap.supply[1], problem.offers[0].supply[1] + problem.offers[1].supply[1], 1e-12);
  EXPECT_NEAR(cap.supply[2], 6.0, 1e-9);
}

TEST(Coefficients, CarryPowerThatCanBeBuilt) {
  auto s = small();
  scenario::PowerProject project;
  project.id = "hall";
  project.price = fact("63 m CNY/MW");
  project.lead_quarters = 2;
  project.supply = fact("40 MW");
  project.first = {2026, 4};
  project.last = {2026, 4};
  project.phase = fact("10 MW");
  project.end_share = fact("60 %");
  project.slip = fact("20 %");
  s.power_projects.push_back(project);
  const Problem problem = problem_of(s);
  const PowerProject& built = problem.projects.at(0);
  EXPECT_NEAR(built.price, 9.0, 1e-9);  // [M/MW]
  EXPECT_EQ(built.lead, 2);
  EXPECT_NEAR(built.supply[0], 0.0, 1e-12);
  EXPECT_NEAR(built.supply[1], 40.0, 1e-9);
  EXPECT_NEAR(built.phase, 10.0, 1e-9);
  EXPECT_NEAR(built.end_share, 0.6, 1e-12);
  EXPECT_EQ(problem.slip_groups.at(built.slip), "power of hall");
  EXPECT_NEAR(problem.noise[1][0].slip[built.slip], 0.2, 1e-12);
}

// 7 kCNY a part are 1 M USD a thousand, falling by 19 % a year: to 0.81 after four quarters, by a
// twentieth each half year.
TEST(Coefficients, KeepOldOnesApartWithTheirOwnEnd) {
  auto s = small();
  s.fleet.push_back({0, 0, fact("2,000 units")});
  s.fleet[1].retires = Quarter{2027, 1};
  s.fleet[1].attrition = fact("19 %/year");
  s.fleet[1].resale = fact("7,000 CNY");
  s.fleet[1].resale_fall = fact("19 %/year");
  const Problem problem = problem_of(s);
  ASSERT_EQ(problem.pools.size(), 3u);
  EXPECT_NEAR(problem.pools[0].initial, 12.0, 1e-12);
  const Pool& old = problem.pools[1];
  EXPECT_NEAR(old.initial, 2.0, 1e-12);
  EXPECT_NEAR(std::pow(old.survival[0], 2), 0.9, 1e-12);
  EXPECT_EQ(old.survival[2], 0.0);
  EXPECT_NEAR(old.resale[0], 1.0, 1e-12);
  EXPECT_NEAR(old.resale[2], 0.9, 1e-12);
}

TEST(Coefficients, CountMinimumFleetsOverTheirPools) {
  auto s = small();
  s.minimum_fleets.push_back({"promise", {2026, 4}, fact("3,000 units"), {0}, {}});
  const Problem problem = problem_of(s);
  const MinimumFleet& minimum = problem.minimum_fleets.at(0);
  EXPECT_EQ(minimum.stage, 1u);
  EXPECT_NEAR(minimum.thousands, 3.0, 1e-12);
  EXPECT_EQ(minimum.pools, (std::vector<std::size_t>{0, 1}));
}

TEST(Coefficients, LetWorkComeLateAndSoftwareImprove) {
  auto s = small();
  s.workloads[0].first = Quarter{2026, 4};
  s.workloads[0].software_gain = fact("10 %/quarter");
  s.throughput[0].serving_cost = fact("0.1 USD/GPU-hour");
  const Problem problem = problem_of(s);
  EXPECT_EQ(problem.workloads[0].presence, (std::vector<double>{0.0, 1.0, 1.0}));
  EXPECT_NEAR(problem.workloads[0].software[2], 1.21, 1e-12);
  EXPECT_NEAR(problem.pools[0].serving_cost[0], 0.21915, 1e-9);  // 2191.5 hours a quarter
}

TEST(Coefficients, CarryMoneyOver) {
  auto s = small();
  s.accounts[0].carry_over = fact("50 %");
  s.settings.whole_numbers = true;
  const Problem problem = problem_of(s);
  EXPECT_NEAR(problem.accounts.at(0).carry_over, 0.5, 1e-12);
  EXPECT_TRUE(problem.whole_numbers);
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

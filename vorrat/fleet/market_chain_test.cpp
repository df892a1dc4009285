#include "vorrat/fleet/market_chain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/quantity/text.h"

namespace vorrat::fleet {
namespace {

using scenario::Uncertainty;

scenario::Fact fact(const std::string& text) {
  scenario::Fact result;
  result.value = parse_uncertain(text).value();
  return result;
}

scenario::Scenario with(Uncertainty moves, const std::string& volatility,
                        const std::string& reversion = "0 %/year") {
  scenario::Scenario s;
  s.horizon = {.first = {2026, 1}, .quarters = 5, .known_on = {}};
  s.market.processes.push_back({.moves = moves,
                                .volatility = fact(volatility),
                                .reversion = fact(reversion),
                                .news = {},
                                .news_in = {}});
  return s;
}

/// How likely each level is, walked from the first stage.
std::vector<std::vector<double>> odds(const Market& market) {
  std::vector<std::vector<double>> all = {{1.0}};
  for (const auto& matrix : market.transition) {
    std::vector<double> next(matrix.front().size(), 0.0);
    for (std::size_t from = 0; from < matrix.size(); ++from) {
      for (std::size_t to = 0; to < next.size(); ++to)
        next[to] += all.back()[from] * matrix[from][to];
    }
    all.push_back(std::move(next));
  }
  return all;
}

double mean(const Market& market, std::size_t stage, double MarketLevel::*factor) {
  double sum = 0.0;
  for (std::size_t n = 0; n < market.levels[stage].size(); ++n)
    sum += odds(market)[stage][n] * (market.levels[stage][n].*factor);
  return sum;
}

TEST(MarketChain, IsNoneWhereNothingMoves) {
  EXPECT_TRUE(market_chain(scenario::Scenario{}, 1).levels.empty());
  scenario::Scenario off = with(Uncertainty::price, "20 %");
  off.switched_off[static_cast<std::size_t>(Uncertainty::price)] = true;
  EXPECT_TRUE(market_chain(off, 1).levels.empty());
}

// From the second quarter on 1.5 or 0.5, with even odds, for good.
TEST(MarketChain, KeepsNewsExactly) {
  scenario::Scenario s = with(Uncertainty::worth, "0 %");
  s.market.processes[0].news = fact("discrete(50 %: 0.5, 50 %: 1.5)");
  s.market.processes[0].news_in = {2026, 2};
  const Market market = market_chain(s, 1);
  ASSERT_EQ(market.levels.size(), 5U);
  ASSERT_EQ(market.levels[0].size(), 1U);
  EXPECT_EQ(market.levels[0][0].worth, 1.0);
  ASSERT_EQ(market.levels[4].size(), 2U);
  EXPECT_NEAR(market.levels[4][0].worth, 0.5, 1e-15);
  EXPECT_NEAR(market.levels[4][1].worth, 1.5, 1e-15);
  EXPECT_EQ(market.levels[4][1].price, 1.0);
  EXPECT_EQ(market.transition[0], (std::vector<std::vector<double>>{{0.5, 0.5}}));
  EXPECT_EQ(market.transition[3], (std::vector<std::vector<double>>{{1, 0}, {0, 1}}));
}

TEST(MarketChain, ScalesNewsToAverageOneAndCombinesIt) {
  scenario::Scenario s = with(Uncertainty::rent, "0 %");
  s.market.processes[0].news = fact("discrete(50 %: 1, 50 %: 3)");
  s.market.processes[0].news_in = {2026, 2};
  s.market.processes.push_back(s.market.processes[0]);
  s.market.processes[1].moves = Uncertainty::supply;
  s.market.processes[1].news = fact("discrete(80 %: 1, 20 %: 0)");
  s.market.processes[1].news_in = {2026, 4};
  const Market market = market_chain(s, 1);
  EXPECT_EQ(market.levels[2].size(), 2U);
  EXPECT_EQ(market.levels[3].size(), 4U);
  for (std::size_t t = 0; t < 5; ++t) {
    EXPECT_NEAR(mean(market, t, &MarketLevel::rent), 1.0, 1e-12);
    EXPECT_NEAR(mean(market, t, &MarketLevel::supply), 1.0, 1e-12);
  }
  EXPECT_NEAR(market.levels[1][0].rent, 0.5, 1e-15);
  EXPECT_NEAR(market.levels[3][0].supply, 0.0, 1e-15);
}

// Without reversion log x has the variance 0.04 a year: after four quarters the factor's second
// moment is exp(0.04), of which four levels keep most.
TEST(MarketChain, MovesWithTheStatedVolatilityAroundOne) {
  scenario::Scenario s = with(Uncertainty::price, "20 %");
  s.market.levels = 12;
  const Market market = market_chain(s, 3);
  ASSERT_EQ(market.levels[0].size(), 1U);
  EXPECT_EQ(market.levels[0][0].price, 1.0);
  double second = 0.0;
  for (std::size_t n = 0; n < market.levels[4].size(); ++n)
    second += odds(market)[4][n] * market.levels[4][n].price * market.levels[4][n].price;
  EXPECT_NEAR(second, std::exp(0.04), 0.003);  // 20,000 paths: 0.0006 standard error, and rounding
  for (std::size_t t = 0; t < 5; ++t) EXPECT_NEAR(mean(market, t, &MarketLevel::price), 1.0, 1e-9);
}

// With a reversion of 4 a year the stationary variance of log x is 0.04 / 8.
TEST(MarketChain, ComesBackByItsReversion) {
  scenario::Scenario s = with(Uncertainty::exchange, "20 %", "400 %/year");
  s.market.levels = 12;
  const Market market = market_chain(s, 3);
  double second = 0.0;
  for (std::size_t n = 0; n < market.levels[4].size(); ++n)
    second += odds(market)[4][n] * market.levels[4][n].exchange * market.levels[4][n].exchange;
  EXPECT_NEAR(second, std::exp(0.005), 0.001);
}

TEST(MarketChain, MovesAllProcessesThroughOneChain) {
  scenario::Scenario s = with(Uncertainty::price, "20 %");
  s.market.processes.push_back(s.market.processes[0]);
  s.market.processes[1].moves = Uncertainty::trend;
  s.market.processes[1].volatility = fact("5 %");
  s.market.processes[1].news = fact("90 % to 110 %");
  s.market.processes[1].news_in = {2026, 3};
  s.market.levels = 4;
  const Market market = market_chain(s, 3);
  for (std::size_t t = 1; t < 5; ++t) {
    EXPECT_LE(market.levels[t].size(), 4U);
    EXPECT_GT(market.levels[t].size(), 1U);
    EXPECT_NEAR(mean(market, t, &MarketLevel::price), 1.0, 1e-9);
    EXPECT_NEAR(mean(market, t, &MarketLevel::growth), 1.0, 1e-9);
    for (const auto& level : market.levels[t]) EXPECT_EQ(level.rent, 1.0);
  }
}

}  // namespace
}  // namespace vorrat::fleet

#include "vorrat/fleet/market_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/random.h"
#include "vorrat/fleet/joint_noise.h"
#include "vorrat/program/lattice.h"

namespace vorrat::fleet {
namespace {

using scenario::MarketProcess;
using scenario::Uncertainty;

constexpr double seconds_per_year = units::year / units::second;

/// A process in plain numbers.
struct Process {
  Uncertainty moves;
  double volatility;                 // a year
  double reversion;                  // [1/year]
  std::optional<Distribution> news;  // of mean 1
  std::size_t news_stage;
  RandomStream steps, news_draw;
};

std::vector<Process> processes_of(const scenario::Scenario& scenario, std::uint64_t seed) {
  std::vector<Process> all;
  for (const MarketProcess& process : scenario.market.processes) {
    const double volatility = process.volatility.value.mean().value;
    const int news_in = quarters_between(scenario.horizon.first, process.news_in);
    const bool has_news = process.news && news_in > 0 && news_in < scenario.horizon.quarters;
    if (!scenario.is_on(process.moves) || (volatility <= 0.0 && !has_news)) continue;
    const std::string name = to_string(process.moves);
    all.push_back({.moves = process.moves,
                   .volatility = volatility,
                   .reversion = process.reversion.value.mean().value * seconds_per_year,
                   .news = {},
                   .news_stage = static_cast<std::size_t>(std::max(0, news_in)),
                   .steps = RandomStream(seed, "market of " + name),
                   .news_draw = RandomStream(seed, "news of " + name)});
    if (!has_news) continue;
    const Distribution& news = process.news->value.distribution();
    all.back().news = news.scaled(1.0 / news.mean());
  }
  return all;
}

double& factor_of(MarketLevel& level, Uncertainty moves) {
  switch (moves) {
    case Uncertainty::rent:
      return level.rent;
    case Uncertainty::exchange:
      return level.exchange;
    case Uncertainty::trend:
      return level.growth;
    case Uncertainty::supply:
      return level.supply;
    case Uncertainty::worth:
      return level.worth;
    default:
      return level.price;
  }
}

MarketLevel level_of(const std::vector<Process>& processes, const std::vector<double>& factors) {
  MarketLevel level;
  for (std::size_t p = 0; p < processes.size(); ++p) {
    factor_of(level, processes[p].moves) = factors[p];
    level.id +=
        fmt::format("{}{} {:.3g}", p == 0 ? "" : ", ", to_string(processes[p].moves), factors[p]);
  }
  return level;
}

/// News alone: levels are combinations of what became known so far.
Market chain_of_news(const std::vector<Process>& processes, std::size_t stages) {
  Market market;
  std::vector<std::vector<double>> known = {std::vector<double>(processes.size(), 1.0)};
  for (std::size_t t = 0; t < stages; ++t) {
    std::vector<std::vector<double>> next;
    std::vector<std::vector<double>> transition(known.size());
    std::vector<DrawnTogether> draws;
    for (const Process& process : processes) {
      draws.push_back({process.news_stage == t ? *process.news : Distribution::constant(1.0)});
    }
    const auto outcomes = joint_outcomes(draws, 1'000'000, processes.front().news_draw, t);
    for (std::size_t from = 0; from < known.size(); ++from) {
      transition[from].assign(known.size() * outcomes.size(), 0.0);
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        transition[from][next.size()] = outcomes[i].probability;
        next.push_back(known[from]);
        for (std::size_t p = 0; p < processes.size(); ++p)
          next.back()[p] *= outcomes[i].values[p][0];
      }
    }
    known = std::move(next);
    if (t > 0) market.transition.push_back(std::move(transition));
    auto& levels = market.levels.emplace_back();
    for (const auto& factors : known) levels.push_back(level_of(processes, factors));
  }
  return market;
}

program::PathSampler sampler(const std::vector<Process>& processes, std::size_t stages) {
  return [&processes, stages](std::uint64_t path) {
    std::vector<std::vector<double>> values(stages, std::vector<double>(processes.size()));
    for (std::size_t p = 0; p < processes.size(); ++p) {
      const Process& process = processes[p];
      const double keeps = std::exp(-process.reversion / 4);
      const double step_variance =
          process.volatility * process.volatility *
          (process.reversion > 0.0 ? (1 - keeps * keeps) / (2 * process.reversion) : 0.25);
      const double news =
          process.news ? process.news->quantile(process.news_draw.uniform(path)) : 1.0;
      double x = 0.0, variance = 0.0;
      for (std::size_t t = 0; t < stages; ++t) {
        if (t > 0) {
          x = keeps * x +
              std::sqrt(step_variance) * normal_quantile(process.steps.uniform(path, t));
          variance = keeps * keeps * variance + step_variance;
        }
        values[t][p] = std::exp(x - variance / 2);
        if (process.news && t >= process.news_stage) values[t][p] *= news;
      }
    }
    return values;
  };
}

}  // namespace

Market market_chain(const scenario::Scenario& scenario, std::uint64_t seed) {
  const std::vector<Process> processes = processes_of(scenario, seed);
  const auto stages = static_cast<std::size_t>(scenario.horizon.quarters);
  if (processes.empty()) return {};
  const auto moves = [](const Process& process) { return process.volatility > 0.0; };
  if (std::none_of(processes.begin(), processes.end(), moves))
    return chain_of_news(processes, stages);
  program::LatticeOptions options;
  options.nodes.assign(stages, static_cast<std::size_t>(scenario.market.levels));
  options.nodes.front() = 1;
  const program::Lattice lattice = program::make_lattice(sampler(processes, stages), options);
  Market market;
  for (std::size_t t = 0; t < stages; ++t) {
    std::vector<double> mean(processes.size(), 0.0);
    for (std::size_t n = 0; n < lattice.points[t].size(); ++n) {
      for (std::size_t p = 0; p < processes.size(); ++p)
        mean[p] += lattice.probability[t][n] * lattice.points[t][n][p];
    }
    auto& levels = market.levels.emplace_back();
    for (std::vector<double> factors : lattice.points[t]) {
      for (std::size_t p = 0; p < processes.size(); ++p) factors[p] /= mean[p];
      levels.push_back(level_of(processes, factors));
    }
    if (t > 0) market.transition.push_back(lattice.transition[t - 1]);
  }
  return market;
}

}  // namespace vorrat::fleet

#include "vorrat/program/markov_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

void check_shape(const std::vector<std::string>& names, const StateMatrix& matrix) {
  if (names.empty()) throw InvalidInput("a Markov chain needs at least one state");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(names.begin(), names.begin() + i, names[i]) != names.begin() + i) {
      throw InvalidInput(fmt::format("the state \"{}\" is named twice", names[i]));
    }
  }
  if (matrix.size() != names.size()) {
    throw InvalidInput(fmt::format("there are {} states but {} rows", names.size(), matrix.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (matrix[i].size() == names.size()) continue;
    throw InvalidInput(fmt::format("the row of state \"{}\" has {} entries; there are {} states",
                                   names[i], matrix[i].size(), names.size()));
  }
}

StateMatrix product(const StateMatrix& a, const StateMatrix& b) {
  const std::size_t n = a.size();
  StateMatrix c(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t j = 0; j < n; ++j) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}

// Removes what rounding has left over, so that the constructor's check is about the user's numbers.
void make_rows_sum_to_one(StateMatrix& matrix) {
  for (auto& row : matrix) {
    double sum = 0.0;
    for (double value : row) sum += value;
    for (double& value : row) value /= sum;
  }
}

// exp(years rates) by uniformisation: a mixture of powers of a stochastic matrix, so that no step
// subtracts and every entry stays in [0, 1]. Long spans are halved and squared back.
StateMatrix exponential(const StateMatrix& rates, double fastest, double years) {
  const std::size_t n = rates.size();
  StateMatrix result(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) result[i][i] = 1.0;
  if (fastest * years == 0.0) return result;
  int halvings = 0;
  double events = fastest * years;  // expected number in the span
  for (; events > 1.0; events /= 2.0) ++halvings;
  StateMatrix step(n, std::vector<double>(n, 0.0));  // of one event
  for (std::size_t i = 0; i < n; ++i) {
    double leaving = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      if (i != j) leaving += step[i][j] = rates[i][j] / fastest;
    }
    step[i][i] = std::max(0.0, 1.0 - leaving);
  }
  StateMatrix power = result;
  double weight = std::exp(-events);
  for (auto& row : result) {
    for (double& value : row) value *= weight;
  }
  for (int k = 1; weight > 1e-18; ++k) {
    power = product(power, step);
    weight *= events / k;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) result[i][j] += weight * power[i][j];
    }
  }
  for (; halvings > 0; --halvings) result = product(result, result);
  return result;
}

}  // namespace

MarkovChain::MarkovChain(std::vector<std::string> names, StateMatrix transition)
    : names_(std::move(names)), transition_(std::move(transition)) {
  check_shape(names_, transition_);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < names_.size(); ++j) {
      const double p = transition_[i][j];
      if (!(p >= 0.0 && p <= 1.0)) {
        throw InvalidInput(
            fmt::format("the probability of moving from \"{}\" to \"{}\" is {}, outside [0, 1]",
                        names_[i], names_[j], p));
      }
      sum += p;
    }
    if (std::abs(sum - 1.0) > 1e-9) {
      throw InvalidInput(fmt::format(
          "the probabilities of moving on from \"{}\" sum to {}, not to 1", names_[i], sum));
    }
  }
}

MarkovChain MarkovChain::from_rates(std::vector<std::string> names, const StateMatrix& rates,
                                    double years) {
  needs(years >= 0.0, "years >= 0");
  check_shape(names, rates);
  double fastest = 0.0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    double leaving = 0.0;
    for (std::size_t j = 0; j < names.size(); ++j) {
      if (i == j) continue;
      if (!(rates[i][j] >= 0.0) || !std::isfinite(rates[i][j])) {
        throw InvalidInput(fmt::format(
            "the rate of moving from \"{}\" to \"{}\" is {}; a rate is 0 or more per year",
            names[i], names[j], rates[i][j]));
      }
      leaving += rates[i][j];
    }
    fastest = std::max(fastest, leaving);
  }
  StateMatrix transition = exponential(rates, fastest, years);
  make_rows_sum_to_one(transition);
  return MarkovChain(std::move(names), std::move(transition));
}

std::size_t MarkovChain::index_of(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  throw InvalidInput(fmt::format("there is no state \"{}\"; {}", name, did_you_mean(name, names_)));
}

std::vector<double> MarkovChain::probabilities_after(int stages, std::size_t start) const {
  needs(stages >= 0, "stages >= 0");
  needs(start < state_count(), "start < state_count()");
  std::vector<double> odds(state_count(), 0.0);
  odds[start] = 1.0;
  for (int t = 0; t < stages; ++t) {
    std::vector<double> next(state_count(), 0.0);
    for (std::size_t i = 0; i < state_count(); ++i) {
      for (std::size_t j = 0; j < state_count(); ++j) next[j] += odds[i] * transition_[i][j];
    }
    odds = std::move(next);
  }
  return odds;
}

MarkovChain MarkovChain::independent(const MarkovChain& first, const MarkovChain& second) {
  std::vector<std::string> names;
  StateMatrix transition;
  for (std::size_t i = 0; i < first.state_count(); ++i) {
    for (std::size_t j = 0; j < second.state_count(); ++j) {
      names.push_back(first.names_[i] + "/" + second.names_[j]);
      auto& row = transition.emplace_back();
      for (std::size_t k = 0; k < first.state_count(); ++k) {
        for (std::size_t l = 0; l < second.state_count(); ++l) {
          row.push_back(first.transition_[i][k] * second.transition_[j][l]);
        }
      }
    }
  }
  return MarkovChain(std::move(names), std::move(transition));
}

}  // namespace vorrat::program

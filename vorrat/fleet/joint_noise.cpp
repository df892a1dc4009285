#include "vorrat/fleet/joint_noise.h"

#include <algorithm>
#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat::fleet {
namespace {

/// Ends of the slices, from 0 to 1.
using Cuts = std::vector<double>;

Cuts equal_cuts(std::size_t count) {
  Cuts cuts;
  for (std::size_t i = 0; i <= count; ++i)
    cuts.push_back(static_cast<double>(i) / static_cast<double>(count));
  return cuts;
}

Cuts own_cuts(const DrawnTogether& draw) {
  Cuts cuts = {0.0, 1.0};
  for (const Distribution& quantity : draw) {
    const auto outcomes = quantity.outcomes();
    if (outcomes.empty()) return {0.0, 0.3, 0.7, 1.0};
    double upto = 0.0;
    for (const auto& outcome : outcomes) cuts.push_back(upto += outcome.probability);
  }
  std::sort(cuts.begin(), cuts.end());
  // Sums of odds that differ by rounding are one cut.
  Cuts apart = {0.0};
  for (const double cut : cuts) {
    if (cut > apart.back() + 1e-9 && cut < 1.0 - 1e-9) apart.push_back(cut);
  }
  apart.push_back(1.0);
  return apart;
}

std::vector<double> means_of_slice(const DrawnTogether& draw, const Cuts& cuts, std::size_t slice) {
  std::vector<double> means;
  for (const Distribution& quantity : draw)
    means.push_back(quantity.mean_between(cuts[slice], cuts[slice + 1]));
  return means;
}

std::vector<JointOutcome> all_combinations(const std::vector<DrawnTogether>& draws,
                                           const std::vector<Cuts>& cuts) {
  std::vector<JointOutcome> outcomes = {JointOutcome{}};
  for (std::size_t d = 0; d < draws.size(); ++d) {
    std::vector<JointOutcome> longer;
    for (std::size_t slice = 0; slice + 1 < cuts[d].size(); ++slice) {
      const std::vector<double> means = means_of_slice(draws[d], cuts[d], slice);
      for (JointOutcome outcome : outcomes) {
        outcome.probability *= cuts[d][slice + 1] - cuts[d][slice];
        outcome.values.push_back(means);
        longer.push_back(std::move(outcome));
      }
    }
    outcomes = std::move(longer);
  }
  return outcomes;
}

/// A random order of 0..count-1. Source: Durstenfeld, "Algorithm 235" (1964).
std::vector<std::size_t> permutation(std::size_t count, const RandomStream& stream,
                                     std::uint64_t draw, std::uint64_t step) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = count; i > 1; --i) {
    const auto other =
        static_cast<std::size_t>(stream.uniform(draw, step, i) * static_cast<double>(i));
    std::swap(order[i - 1], order[other]);
  }
  return order;
}

}  // namespace

std::vector<JointOutcome> joint_outcomes(const std::vector<DrawnTogether>& draws, std::size_t limit,
                                         const RandomStream& stream, std::uint64_t step) {
  needs(limit >= 1, "limit >= 1");
  std::vector<Cuts> cuts;
  double combinations = 1.0;
  for (const DrawnTogether& draw : draws) {
    cuts.push_back(own_cuts(draw));
    combinations *= static_cast<double>(cuts.back().size() - 1);
  }
  if (combinations <= static_cast<double>(limit)) return all_combinations(draws, cuts);
  std::vector<JointOutcome> outcomes(limit);
  const Cuts slices = equal_cuts(limit);
  for (std::size_t d = 0; d < draws.size(); ++d) {
    const auto order = permutation(limit, stream, d, step);
    for (std::size_t i = 0; i < limit; ++i) {
      outcomes[i].probability = 1.0 / static_cast<double>(limit);
      outcomes[i].values.push_back(means_of_slice(draws[d], slices, order[i]));
    }
  }
  return outcomes;
}

}  // namespace vorrat::fleet

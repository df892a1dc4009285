#include "vorrat/sddp/trial_states.h"

#include <algorithm>
#include <cmath>

namespace vorrat::sddp {
namespace {

double decay(double iterations) { return iterations == 0.0 ? 1.0 : std::exp2(-iterations / 20.0); }

}  // namespace

std::uint32_t TrialStates::add(std::span<const double> state, double iteration, double worth) {
  const std::lock_guard lock(adding_);
  state_.insert(state_.end(), state.begin(), state.end());
  worth_.push_back(worth);
  last_.push_back(iteration);
  return static_cast<std::uint32_t>(worth_.size() - 1);
}

void TrialStates::was_used(std::uint32_t trial, double iteration) {
  const std::lock_guard lock(adding_);
  worth_[trial] = 1.0 + worth_[trial] * decay(iteration - last_[trial]);
  last_[trial] = iteration;
}

std::size_t TrialStates::size() const {
  const std::lock_guard lock(adding_);
  return worth_.size();
}

std::vector<double> TrialStates::states_of(std::span<const std::uint32_t> trials) const {
  const std::lock_guard lock(adding_);
  std::vector<double> states;
  states.reserve(trials.size() * states_);
  for (const std::uint32_t trial : trials) {
    const auto first = state_.begin() + static_cast<std::ptrdiff_t>(trial * states_);
    states.insert(states.end(), first, first + static_cast<std::ptrdiff_t>(states_));
  }
  return states;
}

TrialStates::Entry TrialStates::entry(std::uint32_t trial, double iteration) const {
  return {.trial = trial,
          .worth = worth_[trial] * decay(iteration - last_[trial]),
          .state = std::span<const double>(state_).subspan(trial * states_, states_)};
}

std::vector<TrialStates::Entry> TrialStates::list(std::size_t most, double iteration) const {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < worth_.size(); ++i) {
    entries.push_back(entry(static_cast<std::uint32_t>(i), iteration));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.worth != b.worth ? a.worth > b.worth : a.trial > b.trial;
  });
  std::vector<Entry> chosen;
  for (const Entry& entry : entries) {
    if (chosen.size() == most) break;
    const bool is_new = std::none_of(chosen.begin(), chosen.end(), [&](const Entry& other) {
      return std::equal(entry.state.begin(), entry.state.end(), other.state.begin());
    });
    if (is_new) chosen.push_back(entry);
  }
  return chosen;
}

}  // namespace vorrat::sddp

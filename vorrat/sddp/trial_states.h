// The states at which cuts were made, and how much each is still worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace vorrat::sddp {

/// The trial states of one family of nodes. A state is worth more the more often, and the later,
/// a cut made at it decided, on a forward path or in play; this worth halves every 20 iterations.
/// With these states a policy is made anew when numbers of its graph change.
///
/// Threads may call any of the functions at once, except list() and entry().
class TrialStates {
 public:
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

  explicit TrialStates(std::size_t states) : states_(states) {}

  /// Takes a state up, with `worth` as of `iteration`; returns its number.
  std::uint32_t add(std::span<const double> state, double iteration, double worth = 1.0);
  /// A cut made at state number `trial` decided.
  void was_used(std::uint32_t trial, double iteration);

  struct Entry {
    std::uint32_t trial = none;
    double worth = 0.0;  // as of the iteration asked for
    std::span<const double> state{};
  };
  /// The `most` worthiest of different states, best first; of equal ones the latest. What it points
  /// to holds until the next add().
  std::vector<Entry> list(std::size_t most, double iteration) const;

  /// The states of some trials, [trial][state].
  std::vector<double> states_of(std::span<const std::uint32_t> trials) const;
  Entry entry(std::uint32_t trial, double iteration) const;

  std::size_t size() const;

 private:
  std::size_t states_;
  std::vector<double> state_;         // [trial][state]
  std::vector<double> worth_, last_;  // [trial] as of the iteration last_
  mutable std::mutex adding_;
};

}  // namespace vorrat::sddp

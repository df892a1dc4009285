// How a state that has a name, such as a regime of rules, moves from stage to stage.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vorrat::program {

/// A number for each pair of states: matrix[from][to].
using StateMatrix = std::vector<std::vector<double>>;

/// How the state moves from each stage to the next, among n >= 1 named states.
///
/// P(state at stage t+1 = to | state at stage t = from) = transition[from][to], the same at every
/// stage. An immutable value: safe to share between threads.
///
///     const auto regimes = MarkovChain::from_rates({"open", "quota", "shut"}, rates, 0.25);
///     const auto odds = regimes.probabilities_after(8, 0);  // two years on, starting open
///
/// Source: Norris, "Markov Chains" (1997), section 2.1, for turning rates into probabilities.
class MarkovChain {
 public:
  /// Takes per-stage probabilities [1], shape n x n.
  /// Throws InvalidInput, naming the state, if there is none, a name repeats, a row has not n
  /// entries, an entry is outside [0, 1], or a row's sum is further than 1e-9 from 1.
  MarkovChain(std::vector<std::string> names, StateMatrix transition);

  /// Turns rates [1/year] into probabilities over a stage of `years`: transition = exp(years
  /// rates). rates[from][to] is read for from != to only; the diagonal follows from them. Throws
  /// InvalidInput, naming the state, for shapes and names as above, or if a rate is negative or not
  /// finite. Needs years >= 0.
  static MarkovChain from_rates(std::vector<std::string> names, const StateMatrix& rates,
                                double years);

  std::size_t state_count() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  const StateMatrix& transition() const { return transition_; }

  /// The state called `name`. Throws InvalidInput, with the closest name, if there is none.
  std::size_t index_of(const std::string& name) const;

  /// The distribution over the n states `stages` steps after `start`; sums to 1.
  /// Needs stages >= 0 and start < state_count().
  std::vector<double> probabilities_after(int stages, std::size_t start) const;

  /// Two chains that move independently, as one chain over pairs named "a/b"; the state (i, j) has
  /// the index i * second.state_count() + j.
  static MarkovChain independent(const MarkovChain& first, const MarkovChain& second);

 private:
  std::vector<std::string> names_;
  StateMatrix transition_;
};

}  // namespace vorrat::program

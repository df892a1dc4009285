// A continuous process as a Markov chain: a lattice of points per stage with transition
// probabilities.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "vorrat/program/markov_chain.h"

namespace vorrat::program {

/// points[stage][node][component]; transition[stage][from][to] leads from `stage` to the next one,
/// so there is one fewer. probability[stage][node] is how often the process is nearest to that
/// node.
struct Lattice {
  std::vector<std::vector<std::vector<double>>> points{};
  std::vector<StateMatrix> transition{};
  std::vector<std::vector<double>> probability{};
  /// [stage] root of the mean squared distance of the process to its nearest node, in the process's
  /// unit: how much the lattice rounds.
  std::vector<double> error{};

  std::size_t stage_count() const { return points.size(); }
};

/// A sample path: values[stage][component]; must depend on `path` alone.
using PathSampler = std::function<std::vector<std::vector<double>>(std::uint64_t path)>;

struct LatticeOptions {
  std::vector<std::size_t> nodes{};  // [stage], each >= 1; 1 puts the node at the mean
  std::uint64_t paths = 20'000;      // sample paths for each of the two rounds
};

/// Places the nodes by stochastic approximation (each path pulls the nearest node of every stage
/// towards it, ever more gently), then moves each to the mean of the paths nearest to it and counts
/// the steps between nodes. So the mean of each stage is the mean of the sample, exactly. Nodes
/// that no path comes near are dropped; nodes of a stage are sorted by their first component.
///
/// Distances weigh components by their standard deviation, so units do not matter.
/// Throws InvalidInput if paths differ in shape or are not finite. Deterministic, one thread; time
/// grows with paths * stages * nodes.
/// Sources: Bally and Pages, "A quantization algorithm for solving multidimensional discrete-time
/// optimal stopping problems", Bernoulli 9 (2003); Loehndorf and Shapiro, "Modeling time-dependent
/// randomness in stochastic dual dynamic programming", EJOR 273 (2019).
Lattice make_lattice(const PathSampler& sample, const LatticeOptions& options);

}  // namespace vorrat::program

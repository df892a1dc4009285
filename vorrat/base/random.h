// Random numbers that depend on (seed, stream name, path, step) alone: the same draw whatever else
// is in the scenario, in whatever order and on however many threads it is asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace vorrat {

/// A named stream of independent draws, addressed rather than advanced.
///
///     const RandomStream demand(seed, "demand of doubao");
///     const double u = demand.uniform(path, stage);
///
/// A counter-based generator: each draw is a hash of its address. An immutable value: safe to share
/// between threads. Source of the mixer: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
/// Generators" (2014), with the constants of Stafford's variant 13, applied once per address word.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  /// 64 random bits of the address (path, step, index).
  std::uint64_t bits(std::uint64_t path, std::uint64_t step = 0, std::uint64_t index = 0) const;

  /// A draw from the open interval (0, 1): never 0, never 1, so quantile functions are finite.
  double uniform(std::uint64_t path, std::uint64_t step = 0, std::uint64_t index = 0) const;

 private:
  std::uint64_t key_;
};

}  // namespace vorrat

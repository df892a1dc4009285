// Dual solutions of one stage problem, kept: each says what every outcome of its noise costs at
// least, from any state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vorrat::sddp {

/// A set of lines over what an LP has on its right-hand sides: line i says of outcome r
///
///     cost >= constant[i][r] + duals[i] . q[r],
///
/// q[r] being the right-hand sides of that outcome. Duals that are feasible for one right-hand side
/// are so for all, so what one solve found bounds the other outcomes without solving them.
/// Full, it forgets the line that was best longest ago.
///
/// Source: Higle and Sen, "Stochastic Decomposition: An Algorithm for Two-Stage Linear Programs
/// with Recourse", Math. of Operations Research 16 (1991): the argmax over kept dual vertices.
class DualSolutions {
 public:
  /// `sides`: entries of a q; `outcomes`: of the noise. Needs all >= 1.
  DualSolutions(std::size_t sides, std::size_t outcomes, std::size_t most);

  std::size_t size() const { return size_; }

  /// Needs duals [sides] of finite numbers, constants [outcomes] finite or -infinity. Returns the
  /// line's number.
  std::size_t add(std::span<const double> duals, std::span<const double> constants);

  struct Best {
    double value = 0.0;  // -infinity where nothing is known
    std::size_t line = 0;
  };
  /// The highest line of each outcome at q [outcome][side], as far as single precision tells lines
  /// apart: fills best [outcomes].
  void find_best(std::span<const double> q, std::span<Best> best);
  /// Height of line `line` for outcome `outcome` at q [side].
  double height(std::size_t line, std::size_t outcome, std::span<const double> q) const;
  /// The line counts as used now: it will be forgotten later.
  void was_best(std::size_t line) { last_best_[line] = ++clock_; }
  double dual(std::size_t line, std::size_t side) const { return duals_[line * sides_ + side]; }

 private:
  void grow();

  std::size_t sides_, outcomes_, most_;
  std::size_t size_ = 0, room_ = 0;
  std::vector<double> duals_;           // [line][side], room for `room_` lines
  std::vector<double> constants_;       // [line][outcome]
  std::vector<float> quick_duals_;      // [side][line], to find the best with
  std::vector<float> quick_constants_;  // [outcome][line]
  std::vector<std::uint64_t> last_best_;
  std::uint64_t clock_ = 0;
  // Of find_best().
  std::vector<std::size_t> own_;  // sides that differ between outcomes
  std::vector<float> base_, heights_;
};

}  // namespace vorrat::sddp

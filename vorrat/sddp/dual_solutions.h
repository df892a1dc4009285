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
///     cost >= constant[i][r] + duals[i] . (q, q[r]),
///
/// q being the right-hand sides that all outcomes have in common and q[r] that outcome's own. Duals
/// that are feasible for one right-hand side are so for all, so what one solve found bounds the
/// other outcomes without solving them. Full, it forgets the line that was best longest ago.
///
/// Source: Higle and Sen, "Stochastic Decomposition: An Algorithm for Two-Stage Linear Programs
/// with Recourse", Math. of Operations Research 16 (1991): the argmax over kept dual vertices.
class DualSolutions {
 public:
  /// `common` and `own`: entries of q and of each q[r], not both 0. Needs `outcomes` and `most`,
  /// how many lines to keep, >= 1.
  DualSolutions(std::size_t common, std::size_t own, std::size_t outcomes, std::size_t most);

  std::size_t size() const { return size_; }

  /// Needs duals [common + own] of finite numbers, constants [outcomes] finite or -infinity.
  /// Returns the line's number.
  std::size_t add(std::span<const double> duals, std::span<const double> constants);

  struct Best {
    double value = 0.0;  // -infinity where nothing is known
    std::size_t line = 0;
  };
  /// The highest line of each outcome at q [common] and own [outcome][own], as far as single
  /// precision tells lines apart: fills best [outcomes].
  void find_best(std::span<const double> q, std::span<const double> own, std::span<Best> best);
  /// Height of line `line` for outcome `outcome` at q [common] and own [outcome][own].
  double height(std::size_t line, std::size_t outcome, std::span<const double> q,
                std::span<const double> own) const;
  /// The line counts as used now: it will be forgotten later.
  void was_best(std::size_t line) { last_best_[line] = ++clock_; }
  double dual(std::size_t line, std::size_t side) const { return duals_[line * sides_ + side]; }

 private:
  void grow();
  void add_products(std::span<const double> q, std::size_t first_side, std::vector<float>& sums);

  std::size_t common_, own_, sides_, outcomes_, most_;
  std::size_t size_ = 0, room_ = 0;
  std::vector<double> duals_;           // [line][side], room for `room_` lines
  std::vector<double> constants_;       // [line][outcome]
  std::vector<float> quick_duals_;      // [side][line], to find the best with
  std::vector<float> quick_constants_;  // [outcome][line]
  std::vector<std::uint64_t> last_best_;
  std::uint64_t clock_ = 0;
  // Of find_best().
  std::vector<float> base_, heights_;  // [line]
  std::vector<const float*> parts_;    // lines of the sides that are not 0,
  std::vector<float> factors_;         // and what they are
};

}  // namespace vorrat::sddp

// Cuts of one cost-to-go function, shared by every stage solver that uses it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "vorrat/lp/model.h"

namespace vorrat::lp {

/// Cuts  theta >= rhs + slope . state  (minimise)  or  theta <= rhs + slope . state  (maximise),
/// numbered from 0 in the order they came.
///
/// Only ever grows. Any number of threads may read while others append: a reader sees the cuts of
/// the size it last asked for, which never move or change. Stored in blocks of eight cuts side by
/// side, so that testing all of them at a point is one pass over contiguous memory, as fast for two
/// states as for sixty.
class CutPool {
 public:
  /// A cut without theta: slope . state + rhs <= 0 (minimise) or >= 0 (maximise), a feasibility
  /// cut.
  static constexpr std::size_t no_theta = static_cast<std::size_t>(-1);

  explicit CutPool(std::size_t state_count, Sense sense = Sense::minimise);
  CutPool(const CutPool&) = delete;
  CutPool& operator=(const CutPool&) = delete;

  /// Appends a cut on theta number `theta` (0 unless the program has several, as multi-cut does).
  /// Needs slope [state_count()], all numbers finite. Returns the cut's number.
  std::size_t append(std::span<const double> slope, double rhs, std::size_t theta = 0);

  std::size_t size() const { return size_.load(std::memory_order_acquire); }
  std::size_t state_count() const { return state_count_; }
  Sense sense() const { return sense_; }

  /// The parts of cut `cut` < size(). `slope_into` fills [state_count()].
  void slope_into(std::size_t cut, std::span<double> slope) const;
  double rhs(std::size_t cut) const;
  std::size_t theta(std::size_t cut) const;

  /// Whether a cut on theta number `theta`, among the first `count`, is higher than `value` at
  /// `state` (lower, when maximising).
  bool surpass(std::span<const double> state, double value, std::size_t count,
               std::size_t theta = 0) const;

 private:
  friend class CutHeights;

  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t first_chunk = 64;  // cuts; each further chunk is twice as long

  struct Chunk {
    std::vector<double> slope;  // [block][state][lane]
    std::vector<double> rhs;    // [cut in chunk]
    std::vector<std::size_t> theta;
  };
  struct Place {
    const Chunk* chunk;
    std::size_t at;  // within the chunk
  };
  Place place(std::size_t cut) const;

  std::size_t state_count_;
  Sense sense_;
  std::array<std::unique_ptr<Chunk>, 40> chunks_;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<bool> one_theta_ = true;  // every cut is on theta 0
  std::mutex appending_;
};

/// The heights rhs + slope . state of a pool's cuts at a point that moves a little at a time: only
/// what changed of the state is read again, and now and then everything, lest rounding add up.
/// One object a reader; no allocation but for new cuts.
class CutHeights {
 public:
  /// Starts anew with a pool that outlives its use here, or with none.
  void watch(const CutPool* pool);
  /// Goes to `state` with at least the first `count` cuts.
  void move_to(std::span<const double> state, std::size_t count);

  /// A cut and how far the point misses it [unit of theta].
  struct Miss {
    std::size_t cut = CutPool::no_theta;
    double by = 0.0;
  };
  /// The `worst.size()` most missed of the first `count` cuts where it is and at these theta
  /// values, worst first; returns how many there are. Missed means by more than `tolerance`
  /// relative to max(1, |theta|, |rhs + slope . state|). Needs worst.size() >= 1 and `count` as
  /// move_to() was given, or less.
  std::size_t find_missed(std::span<const double> theta, std::size_t count, double tolerance,
                          std::span<Miss> worst) const;

 private:
  void take_in(std::size_t count);
  void add(std::size_t first, std::size_t last);

  const CutPool* pool_ = nullptr;
  std::vector<double> state_;    // where heights_ are
  std::vector<double> heights_;  // [cut]
  std::size_t known_ = 0;        // cuts that heights_ holds
  int moves_ = 0;                // since everything was read
  std::vector<std::size_t> changed_;
  std::vector<double> by_;
};

}  // namespace vorrat::lp

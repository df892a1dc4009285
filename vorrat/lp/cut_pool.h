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
/// Only ever grows: a retired cut is looked at no more, but keeps its number and its parts. Any
/// number of threads may read while others append or retire: a reader sees the cuts of the size it
/// last asked for, which never move or change. Stored in blocks of eight cuts side by side, so that
/// testing all of them at a point is one pass over contiguous memory, as fast for two states as for
/// sixty.
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

  /// Whether a cut in use on theta number `theta`, among the first `count`, is higher than `value`
  /// at `state` (lower, when maximising).
  bool surpass(std::span<const double> state, double value, std::size_t count,
               std::size_t theta = 0) const;

  /// Retires the cuts in use that are nowhere needed at `points` [point][state]: at each of them
  /// the highest cut in use of every theta (the lowest, when maximising) stays, or one within 1e-10
  /// of it relative to max(1, |height|). Feasibility cuts stay, and the first
  /// `staying`, and the last few that do not fill a block. What is lost is what retired cuts knew
  /// of other points.
  ///
  /// Returns the points to ask about the next time, ascending: for each cut that stays the last
  /// `witnesses` points that need it. Needs a point, and a state.
  ///
  /// Source: Guigues, "Dual dynamic programing with cut selection: convergence proof and numerical
  /// experiments", European Journal of Operational Research 258 (2017): Level 1.
  std::vector<std::size_t> retire_unneeded(std::span<const double> points, int witnesses,
                                           std::size_t staying = 0);
  /// The numbers of the cuts in use, ascending.
  std::vector<std::size_t> in_use() const;

 private:
  friend class CutHeights;

  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t first_chunk = 64;  // cuts; each further chunk is twice as long

  struct Chunk {
    Chunk() = default;
    Chunk(std::size_t length, std::size_t states);
    void set(std::size_t at, std::span<const double> slopes, double new_rhs, std::size_t new_theta);

    std::vector<double> slope;  // [block][state][lane]
    std::vector<double> rhs;    // [cut in chunk]
    std::vector<std::size_t> theta;
  };
  /// The cuts in use among the first `through`, copied side by side; whole blocks, of which the
  /// last is filled up with cuts that no point misses. Never changes.
  struct Kept {
    Chunk cuts;
    std::vector<std::size_t> numbers;  // of each; no_theta for those that fill up
    std::size_t through = 0;           // a multiple of `lanes`
  };
  class Needed;
  struct Place {
    const Chunk* chunk;
    std::size_t at;  // within the chunk
  };
  Place place(std::size_t cut) const;
  // What a reader looks at stands at positions: those kept, then all cuts after them.
  std::size_t positions(const Kept& kept, std::size_t count) const;
  Place place(const Kept& kept, std::size_t position) const;
  static std::size_t number(const Kept& kept, std::size_t position);

  std::shared_ptr<const Kept> kept() const;
  std::shared_ptr<const Kept> copy(const std::vector<std::size_t>& cuts, std::size_t through) const;

  std::size_t state_count_;
  Sense sense_;
  std::array<std::unique_ptr<Chunk>, 40> chunks_;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<bool> one_theta_ = true;                                 // every cut is on theta 0
  std::shared_ptr<const Kept> kept_ = std::make_shared<const Kept>();  // guarded by appending_
  std::atomic<unsigned> retirements_ = 0;
  mutable std::mutex appending_;
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
  /// move_to() was given.
  std::size_t find_missed(std::span<const double> theta, std::size_t count, double tolerance,
                          std::span<Miss> worst) const;

 private:
  friend class CutPool;

  void look_anew(std::size_t count);
  void take_in(std::size_t end);
  void add(std::size_t first, std::size_t last);

  const CutPool* pool_ = nullptr;
  std::shared_ptr<const CutPool::Kept> kept_;  // shared: the pool may keep others by now
  unsigned retirements_ = 0;                   // of the pool, when kept_ was asked for
  std::vector<double> state_;                  // where heights_ are
  std::vector<double> heights_;                // [position]
  std::size_t known_ = 0;                      // positions that heights_ holds
  int moves_ = 0;                              // since everything was read
  std::vector<std::size_t> changed_;
  std::vector<double> by_;
};

}  // namespace vorrat::lp

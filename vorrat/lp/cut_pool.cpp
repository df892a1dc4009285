#include "vorrat/lp/cut_pool.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "vorrat/base/error.h"
#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::lp {
namespace {

/// What changes of a state: `count` entries, their numbers (nullptr: 0, 1, ...) and by how much.
struct Change {
  const std::size_t* state;
  const double* by;
  std::size_t count;
  std::size_t at(std::size_t i) const { return state == nullptr ? i : state[i]; }
};

/// heights += slope . change for `blocks` blocks of eight cuts, two blocks at a time while there
/// are two: one alone would wait for its own sums.
VORRAT_FOR_EACH_CPU void add_blocks(const double* slope, std::size_t states, std::size_t blocks,
                                    const Change& change, double* heights) {
  const std::size_t stride = 8 * states;
  Four sum[4], part;
  for (; blocks >= 2; blocks -= 2, slope += 2 * stride, heights += 16) {
    for (std::size_t q = 0; q < 4; ++q) load(sum[q], heights + 4 * q);
    for (std::size_t i = 0; i < change.count; ++i) {
      const double by = change.by[i];
      const double* at = slope + 8 * change.at(i);
      load(part, at);
      sum[0] += part * by;
      load(part, at + 4);
      sum[1] += part * by;
      load(part, at + stride);
      sum[2] += part * by;
      load(part, at + stride + 4);
      sum[3] += part * by;
    }
    for (std::size_t q = 0; q < 4; ++q) store(heights + 4 * q, sum[q]);
  }
  if (blocks == 0) return;
  load(sum[0], heights);
  load(sum[1], heights + 4);
  for (std::size_t i = 0; i < change.count; ++i) {
    const double by = change.by[i];
    const double* at = slope + 8 * change.at(i);
    load(part, at);
    sum[0] += part * by;
    load(part, at + 4);
    sum[1] += part * by;
  }
  store(heights, sum[0]);
  store(heights + 4, sum[1]);
}

/// Raises `most` to the largest sign * (heights[i] - theta) above it and returns that i, or `size`.
VORRAT_FOR_EACH_CPU std::size_t find_highest(const double* heights, std::size_t size, double sign,
                                             double theta, double& most) {
  std::size_t where = size, from = 0;
  for (; from + 16 <= size; from += 16) {
    Four by[4];
    for (std::size_t q = 0; q < 4; ++q) {
      load(by[q], heights + from + 4 * q);
      by[q] = sign * (by[q] - theta);
    }
    by[0] = by[0] > by[1] ? by[0] : by[1];
    by[2] = by[2] > by[3] ? by[2] : by[3];
    by[0] = by[0] > by[2] ? by[0] : by[2];
    for (std::size_t l = 0; l < 4; ++l) {
      if (!(by[0][l] > most)) continue;
      most = by[0][l];
      where = from;
    }
  }
  if (where < size) {
    while (sign * (heights[where] - theta) != most) ++where;
  }
  for (; from < size; ++from) {
    const double by = sign * (heights[from] - theta);
    if (!(by > most)) continue;
    most = by;
    where = from;
  }
  return where;
}

/// Puts a cut in its place among the worst, of which `found` are in use; returns how many are then.
std::size_t insert(std::span<CutHeights::Miss> worst, std::size_t found, CutHeights::Miss miss) {
  found = std::min(found + 1, worst.size());
  std::size_t slot = found - 1;
  for (; slot > 0 && worst[slot - 1].by < miss.by; --slot) worst[slot] = worst[slot - 1];
  worst[slot] = miss;
  return found;
}

}  // namespace

CutPool::CutPool(std::size_t state_count, Sense sense) : state_count_(state_count), sense_(sense) {}

/// Chunk c holds the cuts from 64 (2^c - 1) on, 64 * 2^c of them.
CutPool::Place CutPool::place(std::size_t cut) const {
  const std::size_t c = std::bit_width(cut / first_chunk + 1) - 1;
  return {chunks_[c].get(), cut - first_chunk * ((std::size_t{1} << c) - 1)};
}

std::size_t CutPool::append(std::span<const double> slope, double rhs, std::size_t theta) {
  needs(slope.size() == state_count_, "a slope for every state");
  needs(std::isfinite(rhs) && std::ranges::all_of(slope, [](double s) { return std::isfinite(s); }),
        "a finite cut");
  const std::lock_guard lock(appending_);
  const std::size_t cut = size_.load(std::memory_order_relaxed);
  const std::size_t c = std::bit_width(cut / first_chunk + 1) - 1;
  const std::size_t at = cut - first_chunk * ((std::size_t{1} << c) - 1);
  if (chunks_[c] == nullptr) {
    const std::size_t length = first_chunk << c;
    chunks_[c] = std::make_unique<Chunk>();
    chunks_[c]->slope.resize(length * state_count_);
    chunks_[c]->rhs.resize(length);
    chunks_[c]->theta.resize(length);
  }
  Chunk& chunk = *chunks_[c];
  double* block = chunk.slope.data() + at / lanes * lanes * state_count_;
  for (std::size_t s = 0; s < state_count_; ++s) block[s * lanes + at % lanes] = slope[s];
  chunk.rhs[at] = rhs;
  chunk.theta[at] = theta;
  if (theta != 0) one_theta_.store(false, std::memory_order_relaxed);
  size_.store(cut + 1, std::memory_order_release);
  return cut;
}

void CutPool::slope_into(std::size_t cut, std::span<double> slope) const {
  const auto [chunk, at] = place(cut);
  const double* block = chunk->slope.data() + at / lanes * lanes * state_count_;
  for (std::size_t s = 0; s < state_count_; ++s) slope[s] = block[s * lanes + at % lanes];
}

double CutPool::rhs(std::size_t cut) const {
  const auto [chunk, at] = place(cut);
  return chunk->rhs[at];
}

std::size_t CutPool::theta(std::size_t cut) const {
  const auto [chunk, at] = place(cut);
  return chunk->theta[at];
}

bool CutPool::surpass(std::span<const double> state, double value, std::size_t count,
                      std::size_t theta) const {
  const double sign = sense_ == Sense::minimise ? 1.0 : -1.0;
  const Change all = {nullptr, state.data(), state.size()};
  std::array<double, first_chunk> heights;  // of a stretch of cuts
  for (std::size_t first = 0; first < count;) {
    const auto [chunk, at] = place(first);
    const std::size_t size = std::min(first_chunk, count - first);
    // The last block may be growing under another thread's hands: only its finished cuts are read.
    const std::size_t whole = size / lanes * lanes;
    std::copy_n(chunk->rhs.data() + at, size, heights.data());
    add_blocks(chunk->slope.data() + at * state_count_, state_count_, whole / lanes, all,
               heights.data());
    for (std::size_t i = whole; i < size; ++i) {
      const double* lane = chunk->slope.data() + (at + whole) * state_count_ + i % lanes;
      for (std::size_t s = 0; s < state_count_; ++s) heights[i] += lane[s * lanes] * state[s];
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (sign * (heights[i] - value) > 0.0 && chunk->theta[at + i] == theta) return true;
    }
    first += size;
  }
  return false;
}

void CutHeights::watch(const CutPool* pool) {
  pool_ = pool;
  known_ = 0;
  moves_ = 0;
}

/// Adds slope . change, as changed_ and by_ have it, to the cuts from `first` to before `last`.
void CutHeights::add(std::size_t first, std::size_t last) {
  constexpr std::size_t lanes = CutPool::lanes;
  const std::size_t states = pool_->state_count_;
  const Change change = {changed_.size() == states ? nullptr : changed_.data(), by_.data(),
                         by_.size()};
  while (first < last) {
    const auto [chunk, at] = pool_->place(first);
    const std::size_t end = at + std::min(chunk->rhs.size() - at, last - first);
    const auto one = [&, chunk = chunk, at = at](std::size_t cut) {
      const double* lane = chunk->slope.data() + cut / lanes * lanes * states + cut % lanes;
      double& height = heights_[first + cut - at];
      for (std::size_t i = 0; i < change.count; ++i) height += lane[change.at(i) * lanes] * by_[i];
    };
    // The last block may be growing under another thread's hands: only its finished cuts are read.
    std::size_t cut = at;
    for (; cut < end && cut % lanes != 0; ++cut) one(cut);
    const std::size_t blocks = (end - cut) / lanes;
    add_blocks(chunk->slope.data() + cut * states, states, blocks, change,
               heights_.data() + first + cut - at);
    for (cut += blocks * lanes; cut < end; ++cut) one(cut);
    first += end - at;
  }
}

void CutHeights::move_to(std::span<const double> state, std::size_t count) {
  constexpr int most_moves = 100;
  constexpr double rounding = 1e-14;  // changes of a state below this are noise
  changed_.clear();
  by_.clear();
  if (known_ > 0) {
    for (std::size_t s = 0; s < state.size(); ++s) {
      const double by = state[s] - state_[s];
      if (!(std::abs(by) > rounding * std::abs(state_[s]))) continue;
      changed_.push_back(s);
      by_.push_back(by);
    }
    if (++moves_ > most_moves || changed_.size() * 4 > state.size() * 3 + 4) {
      known_ = 0;
    } else if (!changed_.empty()) {
      add(0, known_);
      for (const std::size_t s : changed_) state_[s] = state[s];
    }
  }
  if (known_ == 0) {
    moves_ = 0;
    state_.assign(state.begin(), state.end());
  }
  if (known_ < count) take_in(count);
}

/// The cuts that are not known yet, up to `count`.
void CutHeights::take_in(std::size_t count) {
  if (heights_.size() < count) heights_.resize(std::max(count, 2 * heights_.size()));
  for (std::size_t cut = known_; cut < count;) {
    const auto [chunk, at] = pool_->place(cut);
    const std::size_t size = std::min(chunk->rhs.size() - at, count - cut);
    std::copy_n(chunk->rhs.data() + at, size, heights_.data() + cut);
    cut += size;
  }
  changed_.resize(state_.size());
  std::iota(changed_.begin(), changed_.end(), std::size_t{0});
  by_.assign(state_.begin(), state_.end());
  add(known_, count);
  known_ = count;
}

std::size_t CutHeights::find_missed(std::span<const double> theta, std::size_t count,
                                    double tolerance, std::span<Miss> worst) const {
  const double sign = pool_->sense_ == Sense::minimise ? 1.0 : -1.0;
  const auto is_missed = [&](double height, double value, double by) {
    return by > tolerance * std::max({1.0, std::abs(height), std::abs(value)});
  };
  if (worst.size() == 1 && pool_->one_theta_.load(std::memory_order_relaxed)) {
    double most = tolerance;
    const std::size_t cut = find_highest(heights_.data(), count, sign, theta[0], most);
    if (cut < count && is_missed(heights_[cut], theta[0], most)) {
      worst[0] = {cut, most};
      return 1;
    }
    if (cut == count) return 0;
  }
  std::size_t found = 0;
  for (std::size_t first = 0; first < count;) {
    const CutPool::Chunk& chunk = *pool_->place(first).chunk;
    const std::size_t size = std::min(chunk.rhs.size(), count - first);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t on = chunk.theta[i];
      const double value = on == CutPool::no_theta ? 0.0 : theta[on];
      const double height = heights_[first + i], by = sign * (height - value);
      if (!(by > (found == worst.size() ? worst.back().by : tolerance))) continue;
      if (is_missed(height, value, by)) found = insert(worst, found, {first + i, by});
    }
    first += size;
  }
  return found;
}

}  // namespace vorrat::lp

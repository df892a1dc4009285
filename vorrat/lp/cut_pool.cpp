#include "vorrat/lp/cut_pool.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "vorrat/base/error.h"
#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::lp {
namespace {

/// height[l] = rhs[l] + slope[s][l] . state[s] for the eight cuts of a block.
inline void block_heights(const double* slope, const double* rhs, const double* state,
                          std::size_t states, double* height) {
  double sum[8];
  for (std::size_t l = 0; l < 8; ++l) sum[l] = rhs[l];
  for (std::size_t s = 0; s < states; ++s) {
    const double x = state[s];
    for (std::size_t l = 0; l < 8; ++l) sum[l] += slope[s * 8 + l] * x;
  }
  for (std::size_t l = 0; l < 8; ++l) height[l] = sum[l];
}

// Four cuts at once. Compilers turn this into what the machine has; the bits are the same.
using Four [[gnu::vector_size(32)]] = double;

struct Worst {
  double by = 0.0;  // sign * (height - theta)
  std::size_t cut = 0;
};

/// The largest sign * (height - theta) > `least` of `blocks` blocks of eight cuts, if any.
VORRAT_FOR_EACH_CPU Worst worst_of(const double* slope, const double* rhs, const double* state,
                                   std::size_t states, std::size_t blocks, double sign,
                                   double theta, double least) {
  Four most[2] = {Four{} + least, Four{} + least};
  Four where[2] = {Four{} - 1.0, Four{} - 1.0};
  for (std::size_t b = 0; b < blocks; ++b, slope += 8 * states, rhs += 8) {
    Four height[2];
    std::memcpy(height, rhs, sizeof height);
    for (std::size_t s = 0; s < states; ++s) {
      Four part[2];
      std::memcpy(part, slope + s * 8, sizeof part);
      height[0] += part[0] * state[s];
      height[1] += part[1] * state[s];
    }
    const Four block = Four{} + static_cast<double>(b);
    for (int half = 0; half < 2; ++half) {
      const Four by = sign * (height[half] - theta);
      where[half] = by > most[half] ? block : where[half];
      most[half] = by > most[half] ? by : most[half];
    }
  }
  Worst worst = {least, 0};
  for (std::size_t l = 0; l < 8; ++l) {
    if (!(most[l / 4][l % 4] > worst.by) || where[l / 4][l % 4] < 0.0) continue;
    worst = {most[l / 4][l % 4], static_cast<std::size_t>(where[l / 4][l % 4]) * 8 + l};
  }
  return worst;
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

std::size_t CutPool::find_missed(std::span<const double> state, std::span<const double> theta,
                                 std::size_t count, double tolerance, std::span<Miss> worst) const {
  const double sign = sense_ == Sense::minimise ? 1.0 : -1.0;
  std::size_t found = 0;
  const auto consider = [&](std::size_t cut, double height, std::size_t theta_index) {
    const double value = theta_index == no_theta ? 0.0 : theta[theta_index];
    const double by = sign * (height - value);
    if (!(by > tolerance) || (found == worst.size() && by <= worst.back().by)) return;
    if (by <= tolerance * std::max(std::abs(height), std::abs(value))) return;
    std::size_t slot = std::min(found, worst.size());
    while (slot > 0 && worst[slot - 1].by < by) --slot;
    if (slot == worst.size()) return;
    found = std::min(found + 1, worst.size());
    for (std::size_t k = found - 1; k > slot; --k) worst[k] = worst[k - 1];
    worst[slot] = {cut, by};
  };

  static_assert(lanes == 8, "as block_heights() has it");
  const bool only_worst = worst.size() == 1 && one_theta_.load(std::memory_order_relaxed);
  std::size_t first = 0;
  for (std::size_t c = 0; first < count; ++c) {
    const Chunk& chunk = *chunks_[c];
    const std::size_t length = std::min(first_chunk << c, count - first);
    const std::size_t whole_blocks = length / lanes;
    if (only_worst) {
      const double least = found == 0 ? tolerance : worst[0].by;
      const Worst at = worst_of(chunk.slope.data(), chunk.rhs.data(), state.data(), state_count_,
                                whole_blocks, sign, theta[0], least);
      if (at.by > least) consider(first + at.cut, theta[0] + sign * at.by, 0);
    }
    for (std::size_t block = 0; block < (only_worst ? 0 : whole_blocks); ++block) {
      const std::size_t at = block * lanes;
      double height[lanes];
      block_heights(chunk.slope.data() + at * state_count_, chunk.rhs.data() + at, state.data(),
                    state_count_, height);
      for (std::size_t l = 0; l < lanes; ++l) {
        consider(first + at + l, height[l], chunk.theta[at + l]);
      }
    }
    // The last block may be growing under another thread's hands: only its finished cuts are read.
    const double* last = chunk.slope.data() + whole_blocks * lanes * state_count_;
    for (std::size_t at = whole_blocks * lanes; at < length; ++at) {
      double height = chunk.rhs[at];
      for (std::size_t s = 0; s < state_count_; ++s)
        height += last[s * lanes + at % lanes] * state[s];
      consider(first + at, height, chunk.theta[at]);
    }
    first += length;
  }
  return found;
}

}  // namespace vorrat::lp

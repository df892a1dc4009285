#include "vorrat/lp/cut_pool.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::lp {

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
    const double by = sign * (height - value) / std::max({1.0, std::abs(height), std::abs(value)});
    if (!(by > tolerance)) return;
    std::size_t slot = std::min(found, worst.size());
    while (slot > 0 && worst[slot - 1].by < by) --slot;
    if (slot == worst.size()) return;
    found = std::min(found + 1, worst.size());
    for (std::size_t k = found - 1; k > slot; --k) worst[k] = worst[k - 1];
    worst[slot] = {cut, by};
  };

  std::size_t first = 0;
  for (std::size_t c = 0; first < count; ++c) {
    const Chunk& chunk = *chunks_[c];
    const std::size_t length = std::min(first_chunk << c, count - first);
    const double* slopes = chunk.slope.data();
    std::size_t at = 0;
    for (; at + lanes <= length; at += lanes, slopes += lanes * state_count_) {
      double height[lanes];
      for (std::size_t l = 0; l < lanes; ++l) height[l] = chunk.rhs[at + l];
      for (std::size_t s = 0; s < state_count_; ++s) {
        const double x = state[s];
        for (std::size_t l = 0; l < lanes; ++l) height[l] += slopes[s * lanes + l] * x;
      }
      for (std::size_t l = 0; l < lanes; ++l) {
        const std::size_t t = chunk.theta[at + l];
        const double value = t == no_theta ? 0.0 : theta[t];
        if (sign * (height[l] - value) > tolerance) consider(first + at + l, height[l], t);
      }
    }
    // The last block may be growing under another thread's hands: only its finished cuts are read.
    for (; at < length; ++at) {
      double height = chunk.rhs[at];
      for (std::size_t s = 0; s < state_count_; ++s) {
        height += slopes[s * lanes + at % lanes] * state[s];
      }
      consider(first + at, height, chunk.theta[at]);
    }
    first += length;
  }
  return found;
}

}  // namespace vorrat::lp

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

CutPool::Chunk::Chunk(std::size_t length, std::size_t states)
    : slope(length * states), rhs(length), theta(length) {}

void CutPool::Chunk::set(std::size_t at, std::span<const double> slopes, double new_rhs,
                         std::size_t new_theta) {
  double* block = slope.data() + at / lanes * lanes * slopes.size();
  for (std::size_t s = 0; s < slopes.size(); ++s) block[s * lanes + at % lanes] = slopes[s];
  rhs[at] = new_rhs;
  theta[at] = new_theta;
}

std::size_t CutPool::positions(const Kept& kept, std::size_t count) const {
  return kept.numbers.size() + count - kept.through;
}

CutPool::Place CutPool::place(const Kept& kept, std::size_t position) const {
  if (position < kept.numbers.size()) return {&kept.cuts, position};
  return place(kept.through + position - kept.numbers.size());
}

std::size_t CutPool::number(const Kept& kept, std::size_t position) {
  const std::size_t size = kept.numbers.size();
  return position < size ? kept.numbers[position] : kept.through + position - size;
}

std::shared_ptr<const CutPool::Kept> CutPool::kept() const {
  const std::lock_guard lock(appending_);
  return kept_;
}

std::size_t CutPool::append(std::span<const double> slope, double rhs, std::size_t theta) {
  needs(slope.size() == state_count_, "a slope for every state");
  needs(std::isfinite(rhs) && std::ranges::all_of(slope, [](double s) { return std::isfinite(s); }),
        "a finite cut");
  const std::lock_guard lock(appending_);
  const std::size_t cut = size_.load(std::memory_order_relaxed);
  const std::size_t c = std::bit_width(cut / first_chunk + 1) - 1;
  const std::size_t at = cut - first_chunk * ((std::size_t{1} << c) - 1);
  if (chunks_[c] == nullptr) chunks_[c] = std::make_unique<Chunk>(first_chunk << c, state_count_);
  chunks_[c]->set(at, slope, rhs, theta);
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
  const auto used = kept();
  for (std::size_t first = 0, end = positions(*used, count); first < end;) {
    const auto [chunk, at] = place(*used, first);
    const std::size_t size = std::min({first_chunk, chunk->rhs.size() - at, end - first});
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

/// Which cuts must stay, point by point: the fewest that a greedy choice finds.
class CutPool::Needed {
 public:
  /// Of the positions that `reader` looks at.
  Needed(const CutPool& pool, const CutHeights& reader, std::size_t staying)
      : sign_(pool.sense_ == Sense::minimise ? 1.0 : -1.0), reader_(reader) {
    for (std::size_t p = 0; p < reader.known_; ++p) {
      const std::size_t cut = number(*reader.kept_, p);
      if (cut == no_theta) continue;
      const std::size_t theta = pool.theta(cut);
      if (theta == no_theta) {
        cuts_.push_back(cut);
        continue;
      }
      if (theta >= of_theta_.size()) {
        of_theta_.resize(theta + 1);
        needed_.resize(theta + 1);
      }
      of_theta_[theta].push_back(p);
      if (cut < staying) needed_[theta].push_back(p);
    }
    needed_by_.resize(reader.known_);
  }

  /// Takes account of the point where the reader is; returns whether it is among the first
  /// `witnesses` of some cut.
  bool take(int witnesses) {
    bool is_witness = false;
    for (std::size_t t = 0; t < of_theta_.size(); ++t) {
      if (of_theta_[t].empty()) continue;
      if (needed_by_[highest(t)]++ < witnesses) is_witness = true;
    }
    return is_witness;
  }

  std::vector<std::size_t> cuts() const {
    std::vector<std::size_t> cuts = cuts_;
    for (const auto& positions : needed_)
      for (const std::size_t p : positions) cuts.push_back(number(*reader_.kept_, p));
    std::ranges::sort(cuts);
    return cuts;
  }

 private:
  /// Of theta `t`: one that stays anyhow if it is as high as any, or else one that stays now.
  std::size_t highest(std::size_t t) {
    const std::vector<double>& heights = reader_.heights_;
    const auto& of = of_theta_[t];
    double most = -infinity;
    std::size_t where = of.front();
    if (of.size() == reader_.known_) {
      where = find_highest(heights.data(), of.size(), sign_, 0.0, most);
    } else {
      where = *std::ranges::max_element(of, {}, [&](auto p) { return sign_ * heights[p]; });
      most = sign_ * heights[where];
    }
    const double enough = most - 1e-10 * std::max(1.0, std::abs(most));
    for (const std::size_t p : needed_[t])
      if (sign_ * heights[p] >= enough) return p;
    needed_[t].push_back(where);
    return where;
  }

  double sign_;
  const CutHeights& reader_;
  std::vector<std::size_t> cuts_;                            // without theta
  std::vector<std::vector<std::size_t>> of_theta_, needed_;  // [theta] positions
  std::vector<int> needed_by_;                               // [position] points
};

std::vector<std::size_t> CutPool::retire_unneeded(std::span<const double> points, int witnesses,
                                                  std::size_t staying) {
  needs(state_count_ > 0 && !points.empty() && points.size() % state_count_ == 0,
        "points of all states");
  const std::size_t through = size() / lanes * lanes;
  CutHeights reader;
  reader.watch(this);
  reader.move_to(points.last(state_count_), through);
  Needed needed(*this, reader, staying);
  std::vector<std::size_t> telling;
  for (std::size_t point = points.size() / state_count_; point-- > 0;) {
    reader.move_to(points.subspan(point * state_count_, state_count_), through);
    if (needed.take(witnesses)) telling.push_back(point);
  }
  std::ranges::reverse(telling);
  const auto kept = copy(needed.cuts(), through);
  const std::lock_guard lock(appending_);
  if (kept_ != reader.kept_) return telling;  // another thread was first
  kept_ = kept;
  retirements_.fetch_add(1, std::memory_order_release);
  return telling;
}

std::shared_ptr<const CutPool::Kept> CutPool::copy(const std::vector<std::size_t>& cuts,
                                                   std::size_t through) const {
  const std::size_t length = (cuts.size() + lanes - 1) / lanes * lanes;
  auto kept = std::make_shared<Kept>(Kept{{length, state_count_}, cuts, through});
  kept->numbers.resize(length, no_theta);
  std::vector<double> slope(state_count_);
  for (std::size_t p = 0; p < cuts.size(); ++p) {
    slope_into(cuts[p], slope);
    kept->cuts.set(p, slope, rhs(cuts[p]), theta(cuts[p]));
  }
  const double never_missed = sense_ == Sense::minimise ? -infinity : infinity;
  std::fill(kept->cuts.rhs.begin() + static_cast<std::ptrdiff_t>(cuts.size()), kept->cuts.rhs.end(),
            never_missed);
  return kept;
}

std::vector<std::size_t> CutPool::in_use() const {
  const auto used = kept();
  std::vector<std::size_t> cuts;
  for (std::size_t p = 0, end = positions(*used, size()); p < end; ++p) {
    const std::size_t cut = number(*used, p);
    if (cut != no_theta) cuts.push_back(cut);
  }
  return cuts;
}

void CutHeights::watch(const CutPool* pool) {
  pool_ = pool;
  kept_ = nullptr;
  known_ = 0;
  moves_ = 0;
}

/// Learns which cuts are in use. All are, retired ones too, for who asks for too few to know.
void CutHeights::look_anew(std::size_t count) {
  retirements_ = pool_->retirements_.load(std::memory_order_acquire);
  kept_ = pool_->kept();
  if (count < kept_->through) {
    kept_ = std::make_shared<const CutPool::Kept>();
    --retirements_;  // to be asked again
  }
  known_ = 0;
}

/// Adds slope . change, as changed_ and by_ have it, to the positions from `first` to before
/// `last`.
void CutHeights::add(std::size_t first, std::size_t last) {
  constexpr std::size_t lanes = CutPool::lanes;
  const std::size_t states = pool_->state_count_;
  const Change change = {changed_.size() == states ? nullptr : changed_.data(), by_.data(),
                         by_.size()};
  while (first < last) {
    const auto [chunk, at] = pool_->place(*kept_, first);
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
  if (kept_ == nullptr || count < kept_->through ||
      retirements_ != pool_->retirements_.load(std::memory_order_acquire))
    look_anew(count);
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
  if (const std::size_t end = pool_->positions(*kept_, count); known_ < end) take_in(end);
}

/// The positions that are not known yet, up to `end`.
void CutHeights::take_in(std::size_t end) {
  if (heights_.size() < end) heights_.resize(std::max(end, 2 * heights_.size()));
  for (std::size_t first = known_; first < end;) {
    const auto [chunk, at] = pool_->place(*kept_, first);
    const std::size_t size = std::min(chunk->rhs.size() - at, end - first);
    std::copy_n(chunk->rhs.data() + at, size, heights_.data() + first);
    first += size;
  }
  changed_.resize(state_.size());
  std::iota(changed_.begin(), changed_.end(), std::size_t{0});
  by_.assign(state_.begin(), state_.end());
  add(known_, end);
  known_ = end;
}

std::size_t CutHeights::find_missed(std::span<const double> theta, std::size_t count,
                                    double tolerance, std::span<Miss> worst) const {
  const double sign = pool_->sense_ == Sense::minimise ? 1.0 : -1.0;
  const auto is_missed = [&](double height, double value, double by) {
    return by > tolerance * std::max({1.0, std::abs(height), std::abs(value)});
  };
  const std::size_t end = pool_->positions(*kept_, count);
  if (worst.size() == 1 && pool_->one_theta_.load(std::memory_order_relaxed)) {
    double most = tolerance;
    const std::size_t at = find_highest(heights_.data(), end, sign, theta[0], most);
    if (at < end && is_missed(heights_[at], theta[0], most)) {
      worst[0] = {CutPool::number(*kept_, at), most};
      return 1;
    }
    if (at == end) return 0;
  }
  std::size_t found = 0;
  for (std::size_t first = 0; first < end;) {
    const auto [chunk, at] = pool_->place(*kept_, first);
    const std::size_t size = std::min(chunk->rhs.size() - at, end - first);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t on = chunk->theta[at + i];
      const double value = on == CutPool::no_theta ? 0.0 : theta[on];
      const double height = heights_[first + i], by = sign * (height - value);
      if (!(by > (found == worst.size() ? worst.back().by : tolerance))) continue;
      if (is_missed(height, value, by))
        found = insert(worst, found, {CutPool::number(*kept_, first + i), by});
    }
    first += size;
  }
  return found;
}

}  // namespace vorrat::lp

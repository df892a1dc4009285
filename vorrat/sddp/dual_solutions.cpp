#include "vorrat/sddp/dual_solutions.h"

#include <algorithm>
#include <limits>

#include "vorrat/base/error.h"
#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::sddp {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

using Eight [[gnu::vector_size(32)]] = float;
using EightAmongFloats [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;

constexpr std::size_t block = 32;  // lines at once, in four registers

// sums += factors . parts, for `lines` lines, a multiple of `block`.
VORRAT_FOR_EACH_CPU void add_all(float* sums, const float* const* parts, const float* factors,
                                 std::size_t count, std::size_t lines) {
  for (std::size_t first = 0; first < lines; first += block) {
    EightAmongFloats* const sum = reinterpret_cast<EightAmongFloats*>(sums + first);
    Eight a = sum[0], b = sum[1], c = sum[2], d = sum[3];
    for (std::size_t i = 0; i < count; ++i) {
      const EightAmongFloats* part = reinterpret_cast<const EightAmongFloats*>(parts[i] + first);
      const float factor = factors[i];
      a += part[0] * factor;
      b += part[1] * factor;
      c += part[2] * factor;
      d += part[3] * factor;
    }
    sum[0] = a;
    sum[1] = b;
    sum[2] = c;
    sum[3] = d;
  }
}

// The first of the largest; `lines` is a multiple of `block`.
VORRAT_FOR_EACH_CPU std::size_t find_highest(const float* heights, std::size_t lines) {
  const EightAmongFloats* height = reinterpret_cast<const EightAmongFloats*>(heights);
  Eight most = height[0];
  for (std::size_t i = 1; i < lines / 8; ++i) most = height[i] > most ? height[i] : most;
  float highest = most[0];
  for (std::size_t l = 1; l < 8; ++l) highest = std::max(highest, most[l]);
  return static_cast<std::size_t>(std::find(heights, heights + lines, highest) - heights);
}

}  // namespace

DualSolutions::DualSolutions(std::size_t common, std::size_t own, std::size_t outcomes,
                             std::size_t most)
    : common_(common), own_(own), sides_(common + own), outcomes_(outcomes), most_(most) {
  needs(sides_ >= 1 && outcomes >= 1 && most >= 1, "right-hand sides, outcomes and room");
  parts_.reserve(sides_);
  factors_.reserve(sides_);
}

std::size_t DualSolutions::add(std::span<const double> duals, std::span<const double> constants) {
  std::size_t line = size_;
  if (size_ < most_) {
    if (size_ == room_) grow();
    ++size_;
    last_best_.push_back(0);
  } else {
    line = static_cast<std::size_t>(std::ranges::min_element(last_best_) - last_best_.begin());
  }
  std::ranges::copy(duals, duals_.begin() + static_cast<std::ptrdiff_t>(line * sides_));
  std::ranges::copy(constants, constants_.begin() + static_cast<std::ptrdiff_t>(line * outcomes_));
  for (std::size_t s = 0; s < sides_; ++s)
    quick_duals_[s * room_ + line] = static_cast<float>(duals[s]);
  for (std::size_t r = 0; r < outcomes_; ++r)
    quick_constants_[r * room_ + line] = static_cast<float>(constants[r]);
  was_best(line);
  return line;
}

// Places without a line are never the highest.
void DualSolutions::grow() {
  const std::size_t room = std::max(block, 2 * room_);
  const auto spread = [&](std::vector<float>& values, std::size_t rows, float filling) {
    std::vector<float> wider(rows * room, filling);
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(r * room_), size_,
                  wider.begin() + static_cast<std::ptrdiff_t>(r * room));
    values = std::move(wider);
  };
  spread(quick_duals_, sides_, 0.0F);
  spread(quick_constants_, outcomes_, -std::numeric_limits<float>::infinity());
  duals_.resize(room * sides_);
  constants_.resize(room * outcomes_);
  room_ = room;
}

void DualSolutions::add_products(std::span<const double> q, std::size_t first_side,
                                 std::vector<float>& sums) {
  parts_.clear();
  factors_.clear();
  for (std::size_t s = 0; s < q.size(); ++s) {
    if (q[s] == 0.0) continue;
    parts_.push_back(quick_duals_.data() + (first_side + s) * room_);
    factors_.push_back(static_cast<float>(q[s]));
  }
  add_all(sums.data(), parts_.data(), factors_.data(), parts_.size(), room_);
}

// Looked for in single precision, which is twice as fast; what is found is worked out in double.
void DualSolutions::find_best(std::span<const double> q, std::span<const double> own,
                              std::span<Best> best) {
  base_.assign(room_, 0.0F);
  heights_.resize(room_);
  add_products(q, 0, base_);
  for (std::size_t r = 0; r < outcomes_; ++r) {
    best[r] = {.value = minus_infinity, .line = 0};
    if (size_ == 0) continue;
    const float* constants = quick_constants_.data() + r * room_;
    for (std::size_t i = 0; i < room_; ++i) heights_[i] = constants[i] + base_[i];
    const auto of_outcome = own.subspan(r * own_, own_);
    add_products(of_outcome, common_, heights_);
    const std::size_t line = find_highest(heights_.data(), room_);
    if (line < size_) best[r] = {.value = height(line, r, q, of_outcome), .line = line};
  }
}

double DualSolutions::height(std::size_t line, std::size_t outcome, std::span<const double> q,
                             std::span<const double> own) const {
  const double* const duals = duals_.data() + line * sides_;
  double sum = constants_[line * outcomes_ + outcome], of_own = 0.0;
  for (std::size_t s = 0; s < common_; ++s) sum += duals[s] * q[s];
  for (std::size_t s = 0; s < own_; ++s) of_own += duals[common_ + s] * own[s];
  return sum + of_own;
}

}  // namespace vorrat::sddp

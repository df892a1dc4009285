#include "vorrat/sddp/dual_solutions.h"

#include <algorithm>
#include <limits>

#include "vorrat/base/error.h"
#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::sddp {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

// sum += factor * part, for `count` lines.
VORRAT_FOR_EACH_CPU void add_product(float* __restrict sum, const float* __restrict part,
                                     float factor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += part[i] * factor;
}

}  // namespace

DualSolutions::DualSolutions(std::size_t sides, std::size_t outcomes, std::size_t most)
    : sides_(sides), outcomes_(outcomes), most_(most) {
  needs(sides >= 1 && outcomes >= 1 && most >= 1, "right-hand sides, outcomes and room");
}

std::size_t DualSolutions::add(std::span<const double> duals, std::span<const double> constants) {
  std::size_t line = size_;
  if (size_ == room_ && room_ < most_) grow();
  if (size_ < room_) {
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

void DualSolutions::grow() {
  const std::size_t room = std::min(most_, std::max<std::size_t>(16, 2 * room_));
  const auto spread = [&](std::vector<float>& values, std::size_t rows) {
    std::vector<float> wider(rows * room, 0.0F);
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(r * room_), size_,
                  wider.begin() + static_cast<std::ptrdiff_t>(r * room));
    values = std::move(wider);
  };
  spread(quick_duals_, sides_);
  spread(quick_constants_, outcomes_);
  duals_.resize(room * sides_);
  constants_.resize(room * outcomes_);
  room_ = room;
}

// Looked for in single precision, which is twice as fast; what is found is worked out in double.
void DualSolutions::find_best(std::span<const double> q, std::span<Best> best) {
  own_.clear();
  base_.assign(size_, 0.0F);
  const auto add = [&](std::vector<float>& sums, std::size_t side, double factor) {
    add_product(sums.data(), quick_duals_.data() + side * room_, static_cast<float>(factor), size_);
  };
  for (std::size_t s = 0; s < sides_; ++s) {
    bool is_common = true;
    for (std::size_t r = 1; r < outcomes_; ++r) is_common = is_common && q[r * sides_ + s] == q[s];
    if (!is_common)
      own_.push_back(s);
    else if (q[s] != 0.0)
      add(base_, s, q[s]);
  }
  heights_.resize(size_);
  for (std::size_t r = 0; r < outcomes_; ++r) {
    for (std::size_t i = 0; i < size_; ++i)
      heights_[i] = quick_constants_[r * room_ + i] + base_[i];
    for (std::size_t s : own_) add(heights_, s, q[r * sides_ + s]);
    best[r] = {.value = minus_infinity, .line = 0};
    if (size_ == 0) continue;
    best[r].line = static_cast<std::size_t>(std::ranges::max_element(heights_) - heights_.begin());
    best[r].value = height(best[r].line, r, q.subspan(r * sides_, sides_));
  }
}

double DualSolutions::height(std::size_t line, std::size_t outcome,
                             std::span<const double> q) const {
  double sum = constants_[line * outcomes_ + outcome];
  for (std::size_t s = 0; s < sides_; ++s) sum += dual(line, s) * q[s];
  return sum;
}

}  // namespace vorrat::sddp

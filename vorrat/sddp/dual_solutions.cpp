#include "vorrat/sddp/dual_solutions.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "vorrat/base/error.h"
#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::sddp {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

// sum += factor * part, for `count` lines.
VORRAT_FOR_EACH_CPU void add_product(double* __restrict sum, const double* __restrict part,
                                     double factor, std::size_t count) {
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
  for (std::size_t s = 0; s < sides_; ++s) duals_[s * room_ + line] = duals[s];
  for (std::size_t r = 0; r < outcomes_; ++r) constants_[r * room_ + line] = constants[r];
  was_best(line);
  return line;
}

void DualSolutions::grow() {
  const std::size_t room = std::min(most_, std::max<std::size_t>(16, 2 * room_));
  const auto spread = [&](std::vector<double>& values, std::size_t rows) {
    std::vector<double> wider(rows * room, 0.0);
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(r * room_), size_,
                  wider.begin() + static_cast<std::ptrdiff_t>(r * room));
    values = std::move(wider);
  };
  spread(duals_, sides_);
  spread(constants_, outcomes_);
  room_ = room;
}

void DualSolutions::find_best(std::span<const double> q, std::span<Best> best) {
  own_.clear();
  base_.assign(size_, 0.0);
  for (std::size_t s = 0; s < sides_; ++s) {
    const double first = q[s];
    bool is_common = true;
    for (std::size_t r = 1; r < outcomes_; ++r) is_common = is_common && q[r * sides_ + s] == first;
    if (!is_common)
      own_.push_back(s);
    else if (first != 0.0)
      add_product(base_.data(), duals_.data() + s * room_, first, size_);
  }
  heights_.resize(size_);
  for (std::size_t r = 0; r < outcomes_; ++r) {
    for (std::size_t i = 0; i < size_; ++i) heights_[i] = constants_[r * room_ + i] + base_[i];
    for (std::size_t s : own_)
      add_product(heights_.data(), duals_.data() + s * room_, q[r * sides_ + s], size_);
    best[r] = {.value = minus_infinity, .line = 0};
    for (std::size_t i = 0; i < size_; ++i)
      if (heights_[i] > best[r].value) best[r] = {.value = heights_[i], .line = i};
  }
}

double DualSolutions::height(std::size_t line, std::size_t outcome,
                             std::span<const double> q) const {
  double sum = constants_[outcome * room_ + line];
  for (std::size_t s = 0; s < sides_; ++s) sum += dual(line, s) * q[s];
  return sum;
}

}  // namespace vorrat::sddp

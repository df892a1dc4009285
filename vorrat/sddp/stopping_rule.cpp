#include "vorrat/sddp/stopping_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vorrat::sddp {
namespace {

class IterationLimit final : public StoppingRule {
 public:
  explicit IterationLimit(int iterations) : iterations_(iterations) {}
  std::optional<std::string> reason(const std::vector<LogEntry>& log) const override {
    if (log.back().iteration < iterations_) return std::nullopt;
    return fmt::format("the limit of {} iterations", iterations_);
  }

 private:
  int iterations_;
};

class TimeLimit final : public StoppingRule {
 public:
  explicit TimeLimit(double seconds) : seconds_(seconds) {}
  std::optional<std::string> reason(const std::vector<LogEntry>& log) const override {
    if (log.back().seconds < seconds_) return std::nullopt;
    return fmt::format("the limit of {} s", seconds_);
  }

 private:
  double seconds_;
};

class BoundStalls final : public StoppingRule {
 public:
  BoundStalls(int iterations, double relative) : iterations_(iterations), relative_(relative) {}
  std::optional<std::string> reason(const std::vector<LogEntry>& log) const override {
    const auto last = static_cast<std::size_t>(std::max(1, iterations_));
    if (log.size() <= last) return std::nullopt;
    const double now = log.back().bound, before = log[log.size() - 1 - last].bound;
    if (!(std::abs(now - before) <= relative_ * std::max(1.0, std::abs(now)))) return std::nullopt;
    return fmt::format("the bound has not moved by more than {} over {} iterations", relative_,
                       iterations_);
  }

 private:
  int iterations_;
  double relative_;
};

}  // namespace

StoppingRulePointer iteration_limit(int iterations) {
  return std::make_shared<const IterationLimit>(iterations);
}
StoppingRulePointer time_limit(double seconds) {
  return std::make_shared<const TimeLimit>(seconds);
}
StoppingRulePointer bound_stalls(int iterations, double relative) {
  return std::make_shared<const BoundStalls>(iterations, relative);
}

}  // namespace vorrat::sddp

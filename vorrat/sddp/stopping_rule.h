// When to stop training. None of these rules says that a run has converged: only the gap does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vorrat::sddp {

/// How a run stands after an iteration.
struct LogEntry {
  int iteration = 0;     // from 1
  double bound = 0.0;    // in the graph's sense
  double seconds = 0.0;  // since the start
};

class StoppingRule {
 public:
  virtual ~StoppingRule() = default;
  /// Why to stop now, as in "the limit of 100 iterations"; nothing to go on. `log` has an entry.
  virtual std::optional<std::string> reason(const std::vector<LogEntry>& log) const = 0;
};
using StoppingRulePointer = std::shared_ptr<const StoppingRule>;  // shared: options are copied

StoppingRulePointer iteration_limit(int iterations);
StoppingRulePointer time_limit(double seconds);
/// The bound moved by at most `relative` times max(1, |bound|) over the last `iterations`.
StoppingRulePointer bound_stalls(int iterations, double relative);

}  // namespace vorrat::sddp

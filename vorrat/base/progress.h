// Progress of long work, and the wish to stop it.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <string>

namespace vorrat {

/// How far a piece of long work has come. Fields that do not apply are NaN or negative.
struct Progress {
  std::string phase;   // what is being done, as in "solving the tree"
  int iteration = -1;  // count of rounds done, or -1
  double fraction = std::numeric_limits<double>::quiet_NaN();        // done, 0..1
  double bound = std::numeric_limits<double>::quiet_NaN();           // in the unit of the objective
  double simulated_mean = std::numeric_limits<double>::quiet_NaN();  // in the unit of the objective
  double gap = std::numeric_limits<double>::quiet_NaN();             // relative, 1 = 100 %
  double seconds_left = std::numeric_limits<double>::quiet_NaN();    // estimate
};

/// Called from the thread that does the work. May be empty.
using ProgressSink = std::function<void(const Progress&)>;

/// A wish to stop, set by another thread or a signal handler, read by the work at safe points.
class StopSwitch {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

/// Reports to nobody unless the sink is set; never throws because of an empty sink.
inline void tell(const ProgressSink& sink, const Progress& progress) {
  if (sink) sink(progress);
}

}  // namespace vorrat

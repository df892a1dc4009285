// Threads: independent pieces of work, each told which worker does it.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vorrat {

/// Calls work(index, worker) once for each index in [0, count), on `threads` >= 1 workers numbered
/// from 0; worker 0 is the calling thread. Which worker takes which index is not fixed, so a result
/// that must not depend on the number of threads is written to a slot of its own index. If any call
/// throws, the rest is abandoned and the exception of the lowest index that threw is passed on.
void parallel_for(std::size_t count, int threads,
                  const std::function<void(std::size_t index, int worker)>& work);

/// Threads that wait between pieces of work: for work that comes in many short batches, where
/// starting a thread would cost more than the batch.
///
///     ThreadTeam team(2);
///     for (stage : stages) team.run(nodes.size(), [&](std::size_t i, int) { solve(nodes[i]); });
class ThreadTeam {
 public:
  /// Needs threads >= 1; one of them is the caller's own.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const { return static_cast<int>(others_.size()) + 1; }
  /// As parallel_for. One caller at a time; not from within `work`. Allocates nothing.
  template <class Work>
  void run(std::size_t count, const Work& work) {
    run_in_batch(count, std::cref(work));  // which a std::function holds without allocating
  }

 private:
  void run_in_batch(std::size_t count, const std::function<void(std::size_t, int)>& work);
  void wait_for_work(int worker);
  void take(int worker);

  const std::function<void(std::size_t, int)>* work_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false, is_over_ = false;
  std::atomic<unsigned> batch_ = 0, busy_ = 0;  // batches begun; threads that have not ended theirs
  std::mutex failing_;
  std::size_t failed_index_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> others_;
};

/// The number of cores this process may use, at least 1.
int available_threads();

}  // namespace vorrat

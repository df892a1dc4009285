#include "vorrat/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "vorrat/base/error.h"

namespace vorrat {

void parallel_for(std::size_t count, int threads,
                  const std::function<void(std::size_t index, int worker)>& work) {
  needs(threads >= 1, "threads >= 1");
  if (threads == 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::size_t failed_index = count;
  std::exception_ptr failure;
  const auto run = [&](int worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) return;
      try {
        work(i, worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed_index) {
          failed_index = i;
          failure = std::current_exception();
        }
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    const int spawned =
        static_cast<int>(std::min<std::size_t>(count, static_cast<std::size_t>(threads))) - 1;
    for (int w = 1; w <= spawned; ++w) workers.emplace_back(run, w);
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

int available_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace vorrat

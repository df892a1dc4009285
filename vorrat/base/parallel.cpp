#include "vorrat/base/parallel.h"

#include <algorithm>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat {

void parallel_for(std::size_t count, int threads,
                  const std::function<void(std::size_t index, int worker)>& work) {
  needs(threads >= 1, "threads >= 1");
  if (threads == 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0);
    return;
  }
  ThreadTeam(static_cast<int>(std::min<std::size_t>(count, static_cast<std::size_t>(threads))))
      .run(count, work);
}

ThreadTeam::ThreadTeam(int threads) {
  needs(threads >= 1, "threads >= 1");
  for (int w = 1; w < threads; ++w) others_.emplace_back([this, w] { wait_for_work(w); });
}

ThreadTeam::~ThreadTeam() {
  is_over_ = true;
  batch_.fetch_add(1);
  batch_.notify_all();
}

void ThreadTeam::run_in_batch(std::size_t count,
                              const std::function<void(std::size_t, int)>& work) {
  if (others_.empty() || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0);
    return;
  }
  work_ = &work;
  count_ = count;
  next_ = 0;
  failed_ = false;
  failed_index_ = count;
  failure_ = nullptr;
  busy_ = static_cast<unsigned>(others_.size());
  batch_.fetch_add(1);
  batch_.notify_all();
  take(0);
  for (unsigned busy = busy_.load(); busy != 0; busy = busy_.load()) busy_.wait(busy);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadTeam::wait_for_work(int worker) {
  for (unsigned seen = 0;; ++seen) {
    batch_.wait(seen);
    if (is_over_) return;
    take(worker);
    if (busy_.fetch_sub(1) == 1) busy_.notify_one();
  }
}

void ThreadTeam::take(int worker) {
  while (!failed_.load(std::memory_order_relaxed)) {
    const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
    if (i >= count_) return;
    try {
      (*work_)(i, worker);
    } catch (...) {
      const std::lock_guard lock(failing_);
      if (i < failed_index_) {
        failed_index_ = i;
        failure_ = std::current_exception();
      }
      failed_ = true;
    }
  }
}

int available_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace vorrat

// Threads: independent pieces of work, each told which worker does it.
#pragma once

#include <cstddef>
#include <functional>

namespace vorrat {

/// Calls work(index, worker) once for each index in [0, count), on `threads` >= 1 workers numbered
/// from 0; worker 0 is the calling thread. Which worker takes which index is not fixed, so a result
/// that must not depend on the number of threads is written to a slot of its own index. If any call
/// throws, the rest is abandoned and the exception of the lowest index that threw is passed on.
void parallel_for(std::size_t count, int threads,
                  const std::function<void(std::size_t index, int worker)>& work);

/// The number of cores this process may use, at least 1.
int available_threads();

}  // namespace vorrat

#include "vorrat/base/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

TEST(ParallelFor, VisitsEachIndexOnce) {
  for (const int threads : {1, 2, 4}) {
    std::vector<int> visits(1000);
    parallel_for(visits.size(), threads, [&](std::size_t i, int worker) {
      ASSERT_GE(worker, 0);
      ASSERT_LT(worker, threads);
      ++visits[i];
    });
    EXPECT_EQ(visits, std::vector<int>(1000, 1)) << threads;
  }
}

TEST(ParallelFor, PassesOnAnException) {
  for (const int threads : {1, 2}) {
    EXPECT_THROW(parallel_for(100, threads,
                              [](std::size_t i, int) {
                                if (i == 37) throw std::runtime_error("37");
                              }),
                 std::runtime_error);
  }
}

TEST(ParallelFor, RefusesNoThreads) {
  EXPECT_THROW(parallel_for(1, 0, [](std::size_t, int) {}), BrokenContract);
}

TEST(ThreadTeam, DoesManyShortBatchesAndPassesOnExceptions) {
  for (const int threads : {1, 2, 4}) {
    ThreadTeam team(threads);
    std::vector<int> visits(7);
    for (int batch = 0; batch < 2000; ++batch)
      team.run(visits.size(), [&](std::size_t i, int) { ++visits[i]; });
    EXPECT_EQ(visits, std::vector<int>(7, 2000)) << threads;
    EXPECT_THROW(team.run(7, [](std::size_t, int) { throw std::runtime_error("no"); }),
                 std::runtime_error);
    team.run(7, [&](std::size_t i, int) { ++visits[i]; });
    EXPECT_EQ(visits, std::vector<int>(7, 2001)) << threads;
  }
}

}  // namespace
}  // namespace vorrat

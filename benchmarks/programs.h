// The programs that the engine is measured on, and runs of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plain_loop.h"
#include "stage_families.h"
#include "vorrat/program/policy_graph.h"
#include "vorrat/sddp/train.h"

namespace vorrat::benchmarks {

/// A program in a StochOptFormat file. Throws Unavailable if there is none.
program::PolicyGraph read_program(const std::string& path);

/// `stages` copies of a family, each with its first `openings` openings.
program::PolicyGraph graph_of(const Family& family, std::size_t stages, std::size_t openings);

struct EngineRun {
  double seconds;       // of CPU, all threads
  double wall_seconds;  // the same by the clock on the wall
  double last_seconds;  // by the clock on the wall, until the last bound: without the end's play
  double bound;
  int iterations;
  std::int64_t solves;
};
/// Trains with hardly a look at the gap. `options` may say more: threads, mode, paths.
EngineRun run_engine(const program::PolicyGraph& graph, const LoopLimits& limits,
                     sddp::Options options = {});

double process_seconds();  // of CPU, all threads
double median(std::vector<double> values);

}  // namespace vorrat::benchmarks

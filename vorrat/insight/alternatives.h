// Plans that cost nearly as little and differ most; how far each line may move before it costs.
#pragma once

#include <string>
#include <vector>

#include "vorrat/insight/study.h"

namespace vorrat::insight {

/// How much of an offer can be ordered now within so many percent of the least cost, all else free.
struct NearBestRange {
  std::string offer;
  double best = 0.0;               // in the plan [accelerators]
  double least = 0.0, most = 0.0;  // [accelerators]; most at most what is supplied
};

/// A whole first stage within the limit.
struct Alternative {
  std::string pushed;           // the line that was pushed, as in "no h200-mainland"
  std::vector<double> ordered;  // [offer] [accelerators]
  double cost = 0.0;            // [currency]
  double extra = 0.0;           // over the least cost [1]
  double moved = 0.0;           // commitments that differ from the plan, over the plan's [1]
};

struct NearBest {
  double within = 0.0;  // of the least cost [1]
  std::vector<NearBestRange> ranges;
  std::vector<Alternative> alternatives;  // farthest from the plan and from one another first
};

/// Pushes each line that may be ordered down and up to the end of its range, which is found by
/// halving since the cost is convex in it (exact to 1e-6 of what is supplied; with whole numbers
/// a range may have gaps). The alternatives are those ends that differ most: first from the plan,
/// then each from all taken so far, at most `count`, by commitments. About 50 solves a line.
/// Source: Brill, Chang and Hopkins, "Modeling to generate alternatives", Management Science 28
/// (1982), for the idea.
NearBest near_best(Study& study, double within, std::size_t count,
                   const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

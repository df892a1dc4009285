// Why an offer is ordered or not: a sentence made of computed figures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/insight/break_even.h"
#include "vorrat/insight/study.h"

namespace vorrat::insight {

struct Explanation {
  std::string offer;
  bool may_order = false;                     // in the first stage
  double ordered = 0.0;                       // now, by the plan [accelerators]
  double lot = 0.0;                           // what counts as ordering [accelerators]
  std::optional<double> now_against_waiting;  // see WaitingLine [currency]
  std::vector<BreakEven> break_evens;         // its price, and the odds of each of its gates
  /// As in "waits: us-licence lets something pass by 2026Q3 with odds of 0.27; ordering 800 now
  /// costs USD 13.8 m more than waiting; would be ordered above odds of 0.41 that ...". Nothing in
  /// it that is not a field above or an odds of the problem.
  std::string sentence;
};

/// What break-even odds are asked of: the problem itself where its tree holds every future, else
/// gates_alone() of it.
struct OddsQuestion {
  fleet::Problem problem;
  StudyMaker make;
  bool gates_alone = false;
};
OddsQuestion odds_question(const fleet::Problem& problem, const fleet::SolveSettings& settings);

/// 2 + 2 to 25 problems an input; see break_even(). `lot` in accelerators, 0: see lot_of().
/// `ordered`: what the plan orders now, if another method than `make` found it [accelerators].
Explanation explain(const StudyMaker& make, const fleet::Problem& problem, const OddsQuestion& odds,
                    std::size_t offer, double lot, std::optional<double> ordered = {});

/// The gates that some regime asks for this offer.
std::vector<std::size_t> gates_of(const fleet::Problem& problem, std::size_t offer);

}  // namespace vorrat::insight

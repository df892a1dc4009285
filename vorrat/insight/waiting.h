// What ordering now is worth against waiting one stage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/insight/study.h"

namespace vorrat::insight {

struct WaitingLine {
  std::string offer;
  double ordered = 0.0;  // at best, now [accelerators]
  double lot = 0.0;      // the least that counts as ordering [accelerators]
  /// cost(none of it now) - cost(at least a lot of it now), all else and all later orders free:
  /// > 0 if ordering now is worth that much, < 0 if waiting is. Nothing if it cannot be ordered.
  std::optional<double> now_against_waiting;  // [currency]
};

struct Waiting {
  /// cost(nothing at all ordered now) - cost(what is best), >= 0. Nothing if waiting is impossible.
  std::optional<double> all;       // [currency]
  std::vector<WaitingLine> lines;  // one an offer, in the problem's order
};

/// 1 + 3 solves an offer. `lot` in accelerators, 0: see lot_of().
Waiting worth_of_waiting(Study& study, double lot);

}  // namespace vorrat::insight

// Stage problems of two families, with cuts and right-hand sides as a real SDDP run meets them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vorrat/lp/model.h"

namespace vorrat::benchmarks {

/// A stage LP without cuts, and how its right-hand sides follow from the incoming state and noise.
struct Family {
  std::string name;
  lp::Model model;
  std::vector<std::size_t> states;  // outgoing columns
  std::size_t theta = 0;
  struct Term {
    std::size_t row, state;
    double coefficient;
  };
  std::vector<double> rhs;                    // [row], before state and noise; equality rows
  std::vector<Term> from_state;               // rhs[row] += coefficient * incoming[state]
  std::vector<std::size_t> noisy_rows;        // rhs[row] += noise[opening][k]
  std::vector<std::vector<double>> openings;  // [opening][k], equally likely
  std::vector<double> initial;                // [state]

  /// The right-hand side of every equality row; other rows keep their bounds.
  void right_hand_side(const std::vector<double>& state, std::size_t opening,
                       std::vector<double>& into) const;
};

/// Four reservoirs with demand, 95 thermal plants in merit order, four depths of shedding and
/// exchange: 9 rows, 149 columns, 4 states.
Family hydro();

/// Accelerators by chip and site with pipeline, persistent demand, power, space and budget. With 12
/// chips, 4 sites and 3 workloads: 123 rows, 259 columns, 63 states.
Family capacity(std::size_t chips, std::size_t sites, std::size_t workloads);

struct Cut {
  std::vector<double> slope;  // [state]
  double rhs = 0.0;
};

/// What one stage in the middle of a linear policy graph of `stages` copies meets.
struct Trace {
  std::vector<Cut> cuts;                              // the first `cut_count` of that stage
  std::vector<std::vector<double>> right_hand_sides;  // of the re-solves, in order
};

/// Trains by SDDP until the stage in the middle has `cut_count` cuts, then records the backward
/// passes of `visits` more forward paths: every opening of every visited state.
Trace record(const Family& family, std::size_t stages, std::size_t cut_count, std::size_t visits);

}  // namespace vorrat::benchmarks

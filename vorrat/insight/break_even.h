// Where an order starts or stops to pay: break-even odds, and switching values of any input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/insight/dial.h"
#include "vorrat/insight/study.h"

namespace vorrat::insight {

/// What ordering at least a lot now is worth at one value of an input: see worth_of_ordering().
struct WorthAt {
  double value = 0.0;  // [unit]
  double worth = 0.0;  // [currency]
};

/// For one offer and one input: the value of the input nearest to today's at which ordering at
/// least a lot now begins or ceases to be worth it (worth_of_ordering() changes its sign).
struct BreakEven {
  std::string offer;
  std::string input, unit;
  double now = 0.0;                          // the input as it stands [unit]
  bool is_ordered = false;                   // whether a lot of it is worth ordering now
  std::optional<double> at;                  // [unit]; nothing: not within the values tried
  double setting = 0.0;                      // of the dial, where `at` is there
  bool above = false;                        // the answer changes above `at` (else below)
  double tried_low = 0.0, tried_high = 0.0;  // [unit]
  std::vector<WorthAt> curve;                // every setting that was tried, by its value
};

/// Tries both ends of the dial, then halves between today's setting and the end at which the answer
/// differs (the nearer one where both do) until the settings are within `width` of one another: 2
/// to about 25 problems of up to 3 solves each. Nothing if the offer cannot be ordered now. If
/// the answer changes more than once on the way, one of the changes is found.
std::optional<BreakEven> break_even(const StudyMaker& make, const fleet::Problem& problem,
                                    const Dial& dial, std::size_t offer, double lot,
                                    double width = 1e-3);

/// Of one input at one end of its range: what the plan costs and what is worth ordering then.
struct TornadoEnd {
  double value = 0.0;               // of the input [unit]
  std::optional<double> cost;       // the plan made for it [currency]
  std::optional<double> cost_kept;  // with today's first orders kept, the rest decided anew
  std::optional<double> moved;      // share of today's commitments ordered otherwise [1]
};

/// One bar: today's plan against the input at the low and high end of its range, all others as they
/// are.
struct TornadoLine {
  std::string input, unit, range_from;
  std::vector<std::string> figures;  // see Dial
  double now = 0.0;                  // [unit]
  TornadoEnd low, high;
  /// Width of the bar with the plan free, and with today's first orders kept; infinite where an end
  /// has no plan. [currency]
  double swing() const;
  double swing_kept() const;
  void move_by(double amount);  // every cost [currency]
};

/// Widest bars first. Two problems of two solves a dial, on `threads` threads.
std::vector<TornadoLine> tornado(const StudyMaker& make, const fleet::Problem& problem,
                                 const std::vector<Dial>& dials, int threads,
                                 const fleet::SolveSettings& settings);

/// Money committed by ordering so: price (rent over the term) times thousands. [M]
double commitment(const fleet::Problem& problem, std::size_t offer, double thousands);
/// Commitments that differ between two first stages, over those of `from`; 0 if both order nothing,
/// 1 if only one does.
double share_moved(const fleet::Problem& problem, const std::vector<double>& from,
                   const std::vector<double>& to);

}  // namespace vorrat::insight

// All that is found by re-solving about one problem, as one value that reports show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/insight/alternatives.h"
#include "vorrat/insight/break_even.h"
#include "vorrat/insight/dependence.h"
#include "vorrat/insight/edits.h"
#include "vorrat/insight/explain.h"
#include "vorrat/insight/information.h"
#include "vorrat/insight/regret.h"
#include "vorrat/insight/relaxation.h"
#include "vorrat/insight/waiting.h"

namespace vorrat::insight {

/// The plan under a stress, and today's first orders under it.
struct StressLine {
  std::string what;
  std::optional<double> cost;       // known from the start, planned for [currency]
  std::optional<double> cost_kept;  // with today's first orders, the rest decided anew [currency]
  std::vector<double> ordered;      // [offer] first orders when planned for [accelerators]
  std::optional<double> moved;      // commitments that differ from today's, over today's [1]
};
/// Two solves. Orders that the stress makes impossible are left out of those kept.
StressLine stress_line(const StudyMaker& make, const fleet::Problem& problem, const Stress& stress);

struct FindingsSettings {
  double lot = 0.0;         // [accelerators]; 0: see lot_of()
  std::size_t leaves = 36;  // most futures of the tree that questions are put to
  double within = 0.02;     // near-best plans, of the least cost
  std::size_t alternatives = 3;
  std::size_t trees = 8;  // fresh ones for rules of thumb
  double tail = 0.1;      // of the risk frontier
  int threads = 2;
  std::vector<std::size_t> home;  // sites in the buyer's own country
  /// First orders of the plan that is reported, if another method than the tree made it: [offer]
  /// [accelerators]. Empty: those of the tree.
  std::vector<double> reported;
};

struct Findings {
  bool has_plan = false;
  bool is_complete = true;  // false if it was stopped on the way
  std::string currency;
  std::vector<std::string> offers;
  std::size_t futures = 0;   // paths of the tree
  bool is_sampled = false;   // they are a sample
  bool is_reported = false;  // FindingsSettings::reported was given
  std::uint64_t seed = 0;
  double cost = 0.0;            // [currency]
  std::vector<double> ordered;  // [offer] in the first stage [accelerators]
  Waiting waiting;
  std::vector<Explanation> explanations;  // [offer]
  std::optional<Information> information;
  /// Widest bars first. Where the futures are a sample, bars of odds are those of gates_alone(),
  /// moved so that they start at `cost`.
  std::vector<TornadoLine> tornado;
  std::vector<StressLine> stresses;
  Regret regret;
  NearBest near_best;
  double tail = 0.0;
  std::vector<fleet::RiskPoint> frontier;
  std::vector<Dependence> on_end_value, on_horizon;
  std::vector<Relaxation> relaxations;  // where there is no plan
};

/// Everything, one after the other; stops early where the switch is set. `scenario`: where the
/// ranges of inputs come from; may be null.
Findings find(const fleet::Problem& problem, const scenario::Scenario* scenario,
              const FindingsSettings& wanted, const fleet::SolveSettings& settings);

}  // namespace vorrat::insight

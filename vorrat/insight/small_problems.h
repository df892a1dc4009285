// For tests: problems small enough to be worked out by hand.
#pragma once

#include <vector>

#include "vorrat/fleet/problem.h"

namespace vorrat::insight {

/// Two quarters, one part at 10 M per thousand that serves 10 %w per thousand; all of the demand of
/// 100 %w comes in the second quarter, unserved it costs 5 M per %w. Nothing is worth anything at
/// the end.
inline fleet::Problem second_quarter() {
  fleet::Problem problem;
  problem.stage_names = {"2026Q1", "2026Q2"};
  problem.year_of_stage = {0, 0};
  problem.year_names = {"2026"};
  problem.branching = {8};
  problem.currency = "USD";
  problem.end_share = 0.0;
  problem.sites.push_back({.id = "home", .title = "", .power = {100, 100}});
  problem.workloads.push_back(
      {.id = "serving", .title = "", .unserved_price = 5, .presence = {0, 1}, .software = {}});
  problem.pools.push_back(
      {.accelerator = "part", .site = 0, .power_mw_per_k = 1, .throughput = {10}});
  problem.offers.push_back({.id = "direct",
                            .accelerator = "part",
                            .seller = "maker",
                            .route = "direct",
                            .price = 10,
                            .end_price = 10,
                            .supply = {50, 50},
                            .gates = {}});
  problem.accounts.push_back(
      {.id = "capital", .pays_for = fleet::Offer::Kind::buy, .amount = {1000}});
  return problem;
}

/// The demand of the second quarter is each of `demands` [%w] with equal chances.
inline void set_demands(fleet::Problem& problem, const std::vector<double>& demands) {
  problem.noise.resize(2);
  for (const double demand : demands) {
    fleet::NoiseOutcome outcome = problem.outcomes(0).front();
    outcome.probability = 1.0 / static_cast<double>(demands.size());
    outcome.growth = {demand / problem.workloads[0].initial};
    problem.noise[1].push_back(outcome);
  }
  problem.branching = {demands.size()};
}

/// One part, bought now or never, for a demand of 20, 60 or 100 %w, one time in three each. A
/// thousand cost 10 M, serve 10 %w that else cost 50 M, and are worth 2 M at the end: a
/// newsvendor.
inline fleet::Problem newsvendor() {
  fleet::Problem problem = second_quarter();
  problem.offers[0].supply = {50, 0};
  problem.offers[0].end_price = 2;
  problem.end_share = 1.0;
  problem.life = 1e12;
  set_demands(problem, {20, 60, 100});
  return problem;
}

/// Demand of 100 %w comes with chance `wanted`, else none; the window through which the part comes
/// is open now and shuts before the second quarter with chance `shuts`.
inline fleet::Problem closing_window(double wanted, double shuts) {
  fleet::Problem problem = second_quarter();
  problem.gates.push_back({.id = "window",
                           .title = "",
                           .states = {{"open", true, 1.0}, {"shut", false, 0.0}},
                           .start = 0,
                           .transition = {{{1 - shuts, shuts}, {0, 1}}}});
  problem.offers[0].gates = {0};
  problem.noise.resize(2);
  for (const bool comes : {true, false}) {
    fleet::NoiseOutcome outcome = problem.outcomes(0).front();
    outcome.probability = comes ? wanted : 1.0 - wanted;
    outcome.growth = {comes ? 1.0 : 0.0};
    problem.noise[1].push_back(outcome);
  }
  return problem;
}

}  // namespace vorrat::insight

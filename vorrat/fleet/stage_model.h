// The stage problem of the fleet as a linear program: states, decisions, limits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vorrat/fleet/problem.h"
#include "vorrat/program/policy_graph.h"

namespace vorrat::fleet {

/// May this offer be ordered in this regime: the law does not forbid it, and every gate that it
/// needs lets orders be placed.
bool may_order(const Problem& problem, const Offer& offer, const Regime& regime);
/// The share of its supply that may ship: the least over the gates that it needs, since they stand
/// in series; 0 where the law forbids it.
double release_share(const Problem& problem, const Offer& offer, const Regime& regime);
/// The price with the duties and fees of this regime.
double price_in(const Problem& problem, const Offer& offer, const Regime& regime);
/// Whether it ever needs a gate: then what is ordered waits to be let through.
bool is_gated_purchase(const Offer& offer);

/// What each state of the policy graph means; the same in every stage.
///
/// For offer o with lead L: pipeline[o][l] is what ships arrive with l + 1 stages to go (l =
/// 0..L-1); waiting[o] what is ordered and not yet let through (gated purchases only, else `none`);
/// held[o][l] leases that end after l + 1 stages more, the one they come into among them.
struct StateLayout {
  std::vector<std::string> names;
  std::vector<std::size_t> fleet;                  // [pool], owned accelerators [k]
  std::vector<std::vector<std::size_t>> pipeline;  // [offer][lead] [k]
  std::vector<std::size_t> waiting;                // [offer] [k]
  std::vector<std::vector<std::size_t>> held;      // [offer][lead + term - 1] [k]
  std::vector<std::size_t> demand;                 // [workload] [%w]
  std::vector<std::size_t> quota;                  // [quota], shipped so far [k]
  std::vector<std::size_t> money;                  // [account], left of the year's budget [M]
  std::vector<double> initial;                     // [state]
};
StateLayout make_state_layout(const Problem& problem);

/// Which entries of held run in the stage into which they come: a lease ordered with a lead does
/// not run at once.
std::vector<std::size_t> running_held(const Offer& offer);

/// Where decisions and limits stand in a stage problem. `none` where there is no such variable or
/// row: what may not be ordered in this regime and stage has no variable at all.
struct StageLayout {
  std::vector<std::size_t> order;    // [offer] column [k]
  std::vector<std::size_t> ship;     // [offer] column [k]; the order itself where nothing gates it
  std::vector<std::size_t> arrival;  // [offer] column [k]
  std::vector<std::vector<std::size_t>> allocation;  // [pool][workload] column [k]
  std::vector<std::size_t> unserved;                 // [workload] column [%w]
  std::size_t purchase_cost = none;      // column, deposits and balances [M], not discounted
  std::size_t lease_cost = none;         // column, rent [M], not discounted
  std::size_t running_cost = none;       // column, electricity [M], not discounted
  std::vector<std::size_t> fleet_row;    // [pool] allocation <= fleet
  std::vector<std::size_t> power_row;    // [site]
  std::vector<std::size_t> demand_row;   // [workload] served + unserved = demand
  std::vector<std::size_t> service_row;  // [workload] minimum service
  std::vector<std::size_t> growth_row;   // [workload] demand = growth * demand before
  std::vector<std::size_t> supply_row;   // [offer] order <= supply
  std::vector<std::size_t> release_row;  // [offer] ship <= release * supply; gated purchases
  std::vector<std::size_t> quota_row;    // [quota] shipped so far <= limit
  std::vector<std::size_t> money_row;    // [account] left + spend = available
};

struct StageModel {
  program::StageTemplate problem;
  StageLayout layout;
};

/// The stage problem of `stage` (0-based) under `regime`. Demand grows by `growth` (one factor per
/// workload; 1 at stage 0).
///
/// Minimises discount^stage * (spending + rent + electricity + unserved demand) - end value of what
/// ships. The balance of orders that arrive after the horizon is charged, and they are valued, as
/// if it went on.
StageModel make_stage_model(const Problem& problem, const StateLayout& states, std::size_t stage,
                            const Regime& regime, const std::vector<double>& growth);

}  // namespace vorrat::fleet

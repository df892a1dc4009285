// The stage problem of the fleet as a linear program: states, decisions, limits, noise.
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
/// The gates at which an offer's licences are applied for, in their order: all that decide on
/// applications and that some regime asks for. Empty if `release` alone says what may ship.
std::vector<std::size_t> application_gates(const Problem& problem, const Offer& offer);
/// [l] share of a shipment that runs after l stages; a lead without spread has one entry of 1.
std::vector<double> lead_spread(const Offer& offer);
/// Whether what stands in the pool depends on decisions: else it is a number per stage.
bool has_state(const Problem& problem, std::size_t pool);
/// What is left in a stage of the pool's initial accelerators. [k]
double initial_left(const Problem& problem, std::size_t pool, std::size_t stage);
/// Share of what came into a stage that is left of the pool.
double survival_in(const Problem& problem, std::size_t pool, std::size_t stage);

/// A column with a coefficient.
struct Term {
  std::size_t column = none;
  double value = 0.0;
};
double value_of(const std::vector<Term>& terms, const std::vector<double>& primal);

/// What each state of the policy graph means; the same in every stage. `none` where there is none.
struct StateLayout {
  std::vector<std::string> names;
  std::vector<std::size_t> fleet;  // [pool], owned accelerators [k]
  /// [offer][l] what ships and runs after l + 1 stages more; the first `install` of them stand at
  /// the site. Purchases only. [k]
  std::vector<std::vector<std::size_t>> pipeline;
  std::vector<std::size_t> waiting;  // [offer] ordered and not shipped, gated purchases only [k]
  std::vector<std::vector<std::size_t>> pending;  // [offer][application gate] applied for [k]
  std::vector<std::size_t> licence;               // [offer] granted and not used [k]
  /// [offer][l] leases that end after l + 1 stages more, the one they come into among them; those
  /// that outlast the horizon, once they run, are one state: see `kept`.
  std::vector<std::vector<std::size_t>> held;
  std::vector<std::size_t> kept;                       // [offer] [k]
  std::vector<std::vector<std::size_t>> construction;  // [project][l], in use after l + 1 more [MW]
  std::vector<std::size_t> built;                      // [site] [MW]
  std::vector<std::size_t> demand;                     // [workload] [%w]
  std::vector<std::size_t> quota;                      // [quota], shipped so far [k]
  std::vector<std::size_t> money;                      // [account], left of the year's budget [M]
  std::vector<double> initial;                         // [state]
};
StateLayout make_state_layout(const Problem& problem);

/// A limit that stands in the stage problem: a row's upper bound, or a column's.
struct LimitPlace {
  std::size_t row = none;
  std::size_t column = none;
  bool exists() const { return row != none || column != none; }
};

/// Where decisions and limits stand in a stage problem. `none` where there is no such variable or
/// row: what may not be ordered in this regime and stage has no variable at all.
struct StageLayout {
  std::vector<std::size_t> order;     // [offer] column [k]
  std::vector<std::size_t> apply;     // [offer] column, licences applied for [k]
  std::vector<std::size_t> ship;      // [offer] column [k]; the order itself where nothing gates it
  std::vector<std::size_t> cancel;    // [offer] column [k]
  std::vector<std::size_t> redirect;  // [offer] column, moved to Offer::redirect [k]
  std::vector<std::size_t> arrival;   // [offer] column, delivered at the site [k]
  std::vector<std::size_t> resale;    // [pool] column [k]
  std::vector<std::size_t> build;     // [project] column [MW]
  std::vector<std::vector<std::size_t>> allocation;  // [pool][workload] column [k]
  std::vector<std::size_t> unserved;                 // [workload] column [%w]
  std::size_t purchase_cost = none;  // column, all spending of the capital account [M], not
                                     // discounted
  std::size_t lease_cost = none;     // column, rent [M], not discounted
  std::size_t running_cost = none;   // column, electricity and serving [M], not discounted
  // What makes up these columns, for reports. [M per unit of the column]
  std::vector<std::vector<Term>> spending;          // [offer]
  std::vector<std::vector<Term>> project_spending;  // [project]
  std::vector<Term> end_value;                      // seen from the start
  // What stands where. [k per unit of the column], beside `standing`
  std::vector<std::vector<Term>> present;     // [pool] owned and leased, running or not
  std::vector<std::vector<Term>> installing;  // [pool] at the site, not ready to run
  std::vector<double> standing;               // [pool] present without any decision
  // Limits.
  std::vector<LimitPlace> supply;          // [offer]
  std::vector<LimitPlace> release;         // [offer], gated purchases
  std::vector<LimitPlace> project_supply;  // [project]
  std::vector<std::size_t> fleet_row;      // [pool] allocation <= present
  std::vector<std::size_t> power_row;      // [site]
  std::vector<std::size_t> demand_row;     // [workload] served + unserved = demand
  std::vector<std::size_t> service_row;    // [workload] minimum service
  std::vector<std::size_t> growth_row;     // [workload] demand = growth * demand before
  std::vector<std::size_t> quota_row;      // [quota] shipped so far <= limit
  std::vector<std::size_t> cap_row;        // [seller cap]
  std::vector<std::size_t> minimum_row;    // [minimum fleet]
  std::vector<std::size_t> money_row;      // [account] left + spend = available
};

struct StageModel {
  program::StageTemplate problem;           // under the first outcome of the noise
  std::vector<program::Realization> noise;  // one for each outcome; empty at the first stage
  StageLayout layout;
};

/// The stage problem of `stage` (0-based) under `regime` at a level of the market.
///
/// Minimises discount^stage * (spending + rent + electricity + unserved demand) - end value of what
/// ships and is built. What arrives after the horizon is charged and valued when it ships, as if it
/// went on; balances that slip beyond it are charged in the last stage. An order's whole deviation
/// from the base price (market level, premium) is due with the order, so that the balance does not
/// depend on when it was ordered.
StageModel make_stage_model(const Problem& problem, const StateLayout& states, std::size_t stage,
                            const Regime& regime, std::size_t level);

}  // namespace vorrat::fleet

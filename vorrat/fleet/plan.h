// The plan: what to order now, what it is worth, how sure it is. Everything a report prints, in the
// user's units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vorrat::fleet {

enum class PlanStatus {
  optimal,     // proved to within the stated gap
  infeasible,  // no plan keeps all limits; see Plan::clash
  stopped,     // asked to stop before a plan was found
  failed       // the solver gave up; `message` says how
};
std::string to_string(PlanStatus status);

/// One offer in the first stage. Money in the plan's currency, quantities in accelerators.
struct OrderLine {
  std::string offer, accelerator, seller, route, site;
  std::string transaction;  // "buy" or "lease"
  double quantity = 0.0;    // [accelerators]
  double unit_price = 0.0;  // buy: with duty; lease: rent for one stage [currency/accelerator]
  double cost = 0.0;     // commitment: the whole price, or the rent over the whole term [currency]
  double pay_now = 0.0;  // what falls due in the first stage
  std::string
      arrives;  // first stage in which half can run if it ships at once; "" if after the horizon
  bool waits_for_gates = false;  // ships only when the gates let it through
  /// What one more (one less) is worth, per accelerator, found by re-solving with `lot` more
  /// (less): positive if the plan gets cheaper. Empty where the step is impossible.
  std::optional<double> worth_of_one_more, worth_of_one_less;
  double lot = 0.0;    // [accelerators]
  double apply = 0.0;  // licences to apply for now [accelerators]
  /// What the rules say in the first regime, as in licence_case_by_case, and the provisions that
  /// decide; empty if they were not asked.
  std::string law_status;
  std::vector<std::string> law_sources;
  std::string why;       // for offers ordered: the computed reason
  std::string why_none;  // for offers not ordered: the computed reason
};

/// Expected spending of one purpose in one budget year, in cents so that sums are exact.
struct MoneyLine {
  std::string year;
  std::string purpose;  // an offer's or power project's id, an accelerator resold, "electricity"
  std::string kind;     // "purchase", "power", "resale" (negative), "rent" or "electricity"
  std::int64_t cents = 0;
};
struct YearMoney {
  std::string year;
  std::string account;            // "capital" or "lease"
  std::int64_t budget_cents = 0;  // expected, with revisions, without what was carried over
  std::int64_t spent_cents = 0;   // sum of this year's lines of the account's kinds
  double spent_p05 = 0.0, spent_p50 = 0.0, spent_p95 = 0.0;  // over the futures [currency]
};

/// Accelerators that are there in a stage, over the futures of the tree; `accelerator` "all" is all
/// of them together.
struct FleetLine {
  std::string stage, accelerator;
  double p05 = 0.0, p50 = 0.0, p95 = 0.0, mean = 0.0;  // [accelerators], owned and leased
  double running_p05 = 0.0, running_p50 = 0.0, running_p95 = 0.0, running_mean = 0.0;
  double mean_idle = 0.0;        // [accelerators], there and not running, those being installed too
  double mean_installing = 0.0;  // [accelerators], of the idle ones
};

/// Power at a site in a stage, expected. [MW]
struct PowerLine {
  std::string stage, site;
  double available_mean = 0.0;  // with what was built
  double built_mean = 0.0;      // of it
  double drawn_mean = 0.0;
};

/// Licences of one offer in a stage. [accelerators]
struct LicenceLine {
  std::string stage, offer;
  double applied_mean = 0.0;  // in this stage
  double pending_mean = 0.0;  // at any gate when the stage ends
  double unused_mean = 0.0;   // granted, not yet used
  double waiting_mean = 0.0;  // ordered, not shipped
  double shipped_p05 = 0.0, shipped_p50 = 0.0, shipped_p95 = 0.0,
         shipped_mean = 0.0;  // from the first stage to this one
};

/// How a gate may stand, from its chain alone.
struct GateLine {
  std::string stage, gate, state;
  double odds = 0.0;  // of this state in this stage [1]
};
/// When a gate first lets anything pass.
struct GateDate {
  std::string gate;
  std::vector<double> odds_by_stage;  // [stage] that it has by then [1]
  std::string p05, p50, p95;          // stages; "" after the horizon
};

/// What an accelerator at a site works for, over the whole horizon.
struct UseLine {
  std::string accelerator, site, workload;
  double running_mean = 0.0;  // expected sum over the stages [accelerators x stages]
};

struct ServiceLine {
  std::string stage, workload;
  std::string unit;          // of the rates below, as in "tokens/s"
  double demand_mean = 0.0;  // in the workload's own unit (SI)
  double demand_p05 = 0.0, demand_p50 = 0.0, demand_p95 = 0.0;
  double odds_served = 0.0;     // chance that at least 99.9 % of demand is served [1]
  double unserved_mean = 0.0;   // in the workload's own unit (SI)
  double unserved_share = 0.0;  // expected unserved / expected demand [1]
};

/// A limit and what moving it by `step` changes, both directions by re-solving. Money per unit of
/// the limit, positive = the plan gets cheaper (up) or dearer (down).
struct LimitLine {
  std::string kind;   // "budget", "supply", "licences", "power"
  std::string name;   // as in "budget of 2026 (capital)"
  std::string unit;   // as in "MW"
  double step = 0.0;  // [unit]
  std::optional<double> gain_per_unit_up, loss_per_unit_down;
  double odds_binding = 0.0;  // chance that it binds at least once [1]
};

/// How the bound rose while the policy was trained.
struct BoundEntry {
  int iteration = 0;
  double bound = 0.0;  // [currency]
  double seconds = 0.0;
};

struct Method {
  std::string name;  // "scenario tree, extensive form" or "decomposition (SDDP)"
  std::string solver;
  bool is_sampled_cost = false;  // the cost is a simulated mean with `half_width`
  double half_width = 0.0;       // of the 95 % interval of the simulated cost [currency]
  std::size_t paths = 0;         // simulated
  double target_gap = 0.0;       // relative
  bool converged = false;        // the gap target is met, or the optimum is proved
  std::string reason;            // why it stopped, in a sentence
  std::vector<BoundEntry> log;
  std::size_t regimes = 0, levels = 0, outcomes = 0;  // of the policy graph: most in a stage
  std::int64_t solves = 0;                            // of stage problems
  std::int64_t hand_overs = 0;                        // to the general solver
  bool relaxes_whole_numbers = false;
  std::size_t tree_nodes = 0, leaves = 0, rows = 0, columns = 0;
  bool sampled = false;  // outcomes were drawn, not enumerated
  std::uint64_t seed = 0;
  std::string end_value;        // how the end of the horizon is valued, in words
  double end_value_mean = 0.0;  // expected, in the objective [currency, discounted]
  std::int64_t iterations = 0;
  bool is_decomposed() const { return levels > 0; }
  std::size_t resolves = 0;  // re-solves behind worths and shadow prices
  double seconds = 0.0;
};

/// The same problem on a tree drawn with another seed: what the sampling of futures does to the
/// answer.
struct OtherTree {
  std::uint64_t seed = 0;
  double objective = 0.0;  // [currency]
  std::vector<double>
      quantities;  // [offer in the order of the problem], ordered in the first stage [accelerators]
};

struct Plan {
  PlanStatus status = PlanStatus::failed;
  std::string message;
  std::string currency;
  double objective = 0.0, bound = 0.0;  // expected discounted cost less end value [currency]
  double gap = 0.0;                     // relative
  double unserved_cost = 0.0;           // expected discounted penalty within `objective` [currency]
  std::vector<OrderLine> orders;        // quantity > 0, dearest first
  std::vector<OrderLine> not_ordered;
  std::vector<MoneyLine> money;
  std::vector<YearMoney> years;
  std::vector<FleetLine> fleet;
  std::vector<PowerLine> power;
  std::vector<LicenceLine> licences;
  std::vector<GateLine> gates;
  std::vector<GateDate> gate_dates;
  std::vector<ServiceLine> service;
  std::vector<UseLine> uses;
  std::vector<LimitLine> limits;
  /// Groups of limits that cannot all be kept, in the user's words; in each group none can be left
  /// out.
  std::vector<std::vector<std::string>> clashes;
  bool is_complete = true;  // false if it was stopped before every worth and price was found
  std::vector<OtherTree> other_trees;
  Method method;
};

}  // namespace vorrat::fleet

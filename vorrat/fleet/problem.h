// The fleet problem in plain scaled numbers: the one place where units have ended.
//
// Scales (the same everywhere in this folder): accelerators in thousands [k], money in millions of
// the scenario's currency [M], power in megawatts [MW], each workload's rate in hundredths of its
// demand at the start [%w], time in stages (quarters).
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace vorrat::fleet {

inline constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// One state of a gate. `release` is the share [0, 1] of an offer's supply that may ship in a
/// stage.
struct GateState {
  std::string id;
  bool may_order = true;
  double release = 1.0;
};

/// Which state each gate is in.
using Regime = std::vector<std::size_t>;  // [gate]

/// One authority whose yes is needed. transition[d][from][to] is the chance per stage of moving
/// between this gate's states while the gate it depends on is in its state d after the same move;
/// gates that depend on none have one d.
struct Gate {
  std::string id;
  std::string title;
  std::vector<GateState> states;
  std::size_t start = 0;
  std::size_t depends_on = none;  // an earlier gate
  std::vector<std::vector<std::vector<double>>> transition;
};

/// Accelerators of one type at one site: owned, or leased from the site's owner.
struct Pool {
  std::string accelerator;
  std::size_t site = 0;
  double initial = 0.0;  // [k]
  double power_mw_per_k =
      0.0;  // drawn when running, with servers, network and PUE; 0 if the lessor powers it [MW/k]
  double running_cost = 0.0;  // electricity [M/k/stage]
  std::vector<double>
      throughput;  // [workload], rate served per accelerator [%w/k]; 0 where it may not run
};

/// What the rules say to an offer in one regime.
struct LawOfRegime {
  bool may_order = true;  // nothing forbids it: else there is no variable for it at all
  std::vector<std::size_t>
      gates;           // whose licence it needs: it ships only as far as their states release it
  double price = 0.0;  // with the duties and fees of that regime [M/k], a lease [M/k/stage]
  std::string status;  // as in "licence_case_by_case"
  std::vector<std::string> sources;  // the provisions that decide, as in "us-2026-01/3A090"
};

struct Offer {
  enum class Kind { buy, lease };
  std::string id, accelerator, seller, route;
  std::size_t site = 0;
  std::size_t pool = 0;
  Kind kind = Kind::buy;
  double price = 0.0;      // buy: with duty [M/k]; lease: rent [M/k/stage]
  double end_price = 0.0;  // what the end value is reckoned on: without duty [M/k]
  double deposit = 1.0;    // share due at order, the rest on arrival
  int lead = 0;            // stages from shipping (a lease: from signing) to running
  int committed_term = 1;  // lease: stages of rent that are signed, may reach beyond the horizon
  int term = 1;            // lease: stages it is held
  std::vector<double>
      supply;  // [stage] most that can be ordered, and shipped when all gates are open [k]
  std::vector<std::size_t> gates;  // whose yes it needs in every regime, where `law` is empty
  /// [regime] what the rules say; empty if no rules were asked, then `gates` and `price` hold in
  /// every regime.
  std::vector<LawOfRegime> law;
};

/// A limit on what may ship in all, over several offers together: it binds the group, not a
/// shipment.
struct Quota {
  std::string id;                   // the provision
  double limit = 0.0;               // over the horizon [k]
  std::vector<std::size_t> offers;  // that count against it
};

struct Site {
  std::string id, title;
  std::vector<double> power;  // [stage] usable for accelerators [MW]
};

struct Workload {
  std::string id, title;
  std::string unit_name;   // of the rates below, as in "tokens/s"
  double unit = 1.0;       // one [%w] in the workload's own unit (SI)
  double initial = 100.0;  // demand at the first stage [%w]
  double peak_factor = 1.0;
  double minimum_service = 0.0;  // share of demand that must be served
  double unserved_price = 0.0;   // [M/%w/stage]
  /// growth[t][outcome]: factor on entering stage t (0-based; growth[0] is unused), the same
  /// outcome for all workloads.
  std::vector<std::vector<double>> growth;
};

/// One purse: what may be spent in each budget year.
struct Account {
  std::string id;  // "capital" or "lease"
  Offer::Kind pays_for = Offer::Kind::buy;
  std::vector<double> amount;  // [year] [M]
};

struct Problem {
  std::vector<std::string> stage_names;    // [stage] as in "2026Q1"
  std::vector<std::size_t> year_of_stage;  // [stage] index of the budget year
  std::vector<std::string> year_names;
  std::vector<Gate> gates;
  std::vector<Pool> pools;
  std::vector<Offer> offers;
  std::vector<Site> sites;
  std::vector<Workload> workloads;
  std::vector<Account> accounts;
  std::vector<Quota> quotas;
  std::vector<double> growth_probability;  // [outcome], sums to 1
  double discount = 1.0;                   // per stage
  double survival = 1.0;                   // share of a pool that is left after a stage
  double life = 20.0;                      // economic life [stages]
  double end_share = 1.0;                  // share of the straight-line value counted at the end
  std::vector<std::size_t> branching;      // [stage - 1] most children of a tree node
  std::string currency;

  std::size_t stage_count() const { return stage_names.size(); }
  /// How many combinations of gate states there are, and the place of one among them (the last gate
  /// runs fastest).
  std::size_t regime_count() const;
  std::size_t regime_index(const Regime& regime) const;
  /// Throws BrokenContract naming the field if shapes disagree.
  void check() const;
};

/// Value at the end of the horizon, seen from the start, of one thousand accelerators of `offer`
/// that begin to run in `arrival` (a stage, may lie after the horizon):
///
///     end_price * end_share * max(0, 1 - max(0, T - arrival) / life) * survival^max(0, T -
///     arrival) * discount^T
///
/// with T = stage_count(). Straight-line over the economic life. [M/k]
double end_value(const Problem& problem, const Offer& offer, int arrival);

}  // namespace vorrat::fleet

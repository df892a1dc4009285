// The fleet problem in plain scaled numbers: the one place where units have ended.
//
// Scales (the same everywhere in this folder): accelerators in thousands [k], money in millions of
// the scenario's currency [M], power in megawatts [MW], each workload's rate in hundredths of its
// demand at the start [%w], time in stages (quarters).
//
// What nobody knows comes in three kinds. The regime (which state each gate is in) and the market
// (prices, exchange rate, demand's trend) move as Markov chains and make the nodes of the policy
// graph. The noise of a stage (growth, slips, what an authority decides, budget revisions) is drawn
// independently on entering it.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace vorrat::fleet {

inline constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// One state of a gate.
struct GateState {
  std::string id;
  bool may_order = true;
  double release = 1.0;  // share [0, 1] of an offer's supply that may ship in a stage
  // What the authority does with applications in this state; used where Gate::by_application.
  double decides = 1.0;     // share of the pending applications that is decided in a stage
  double grants = 1.0;      // of what is decided: granted as applied for
  double downgrades = 0.0;  // of what is decided: granted for the lesser part only
  double revokes = 0.0;     // share of the standing licences withdrawn in a stage
};

/// Which state each gate is in.
using Regime = std::vector<std::size_t>;  // [gate]

/// One authority whose yes is needed. transition[d][from][to] is the chance per stage of moving
/// between this gate's states while the gate it depends on is in its state d after the same move;
/// gates that depend on none have one d.
///
/// by_application: nothing ships without a licence that was applied for. A stage decides a share of
/// what is pending, so that the delay of a lot is geometric while the gate stays in one state and a
/// mixture of fast and slow over its states: a long tail. Else `release` alone says what may ship.
struct Gate {
  std::string id;
  std::string title;
  std::vector<GateState> states;
  std::size_t start = 0;
  std::size_t depends_on = none;  // an earlier gate
  std::vector<std::vector<std::vector<double>>> transition;
  bool by_application = false;
};

/// One level of the market: factors on what the problem states, 1 on average.
struct MarketLevel {
  std::string id;
  double price = 1.0;     // of purchases and of power that is built
  double rent = 1.0;      // of leases that run in this stage, whenever signed
  double exchange = 1.0;  // of new budgets: what their currency buys
  double growth = 1.0;    // on the growth factor of every workload
  double supply = 1.0;    // of what sellers offer
  double worth = 1.0;     // of served work: on the price of unserved demand
};

/// levels[stage][level]; transition[stage - 1][from][to] leads into `stage`. A market that does not
/// move has one level everywhere. The first stage has one level.
struct Market {
  std::vector<std::vector<MarketLevel>> levels;
  std::vector<std::vector<std::vector<double>>> transition;
};

/// One outcome of the noise of a stage, for all that is drawn independently there.
struct NoiseOutcome {
  double probability = 1.0;
  std::vector<double> growth;   // [workload] factor on demand on entering the stage
  std::vector<double> slip;     // [slip group] share of what is due that comes a stage later
  std::vector<double> decides;  // [gate] factor on GateState::decides
  std::vector<double> budget;   // [account] money added to (or taken from) the year's budget [M]
};

/// Accelerators of one type at one site: owned, or leased from the site's owner. Owned ones that
/// are there at the start and those bought later are pools of their own where they age differently.
struct Pool {
  std::string accelerator;
  std::size_t site = 0;
  double initial = 0.0;  // [k]
  double power_mw_per_k =
      0.0;  // drawn when running, with servers, network and PUE; 0 if the lessor powers it [MW/k]
  double running_cost = 0.0;  // electricity [M/k/stage]
  std::vector<double>
      throughput;  // [workload], rate served per accelerator [%w/k]; 0 where it may not run
  std::vector<double> serving_cost;  // [workload], besides electricity, when running it
                                     // [M/k/stage]; empty: none
  std::vector<double> survival;      // [stage] share of what came in that is left; empty:
                                     // Problem::survival in every stage
  std::vector<double> resale;        // [stage] what a second owner pays [M/k]; empty: not sold.
                                     // Only for pools that no offer delivers into
  double end_worth = 0.0;  // at the end of the horizon, seen from there, at MarketLevel::worth 1
                           // [M/k]; beside what Offer::end_price counts
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

/// A step of the price: beyond `share` of a stage's supply, accelerators cost `factor` times as
/// much. Steps ascend in both, so that cost is convex.
struct PremiumStep {
  double share = 0.0;   // of the stage's supply, > 0
  double factor = 1.0;  // on the price, > 1
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
  int install = 0;         // of these: at the site and paid for, not yet running; <= lead
  /// [l] share of a shipment that runs after l stages, l = 0..lead; sums to 1. Empty: all of it
  /// after `lead`. Purchases only.
  std::vector<double> lead_shares;
  int committed_term = 1;  // lease: stages of rent that are signed, may reach beyond the horizon
  int term = 1;            // lease: stages it is held
  std::vector<double>
      supply;  // [stage] most that can be ordered, and shipped when all gates are open [k]
  std::vector<std::size_t> gates;  // whose yes it needs in every regime, where `law` is empty
  /// [regime] what the rules say; empty if no rules were asked, then `gates` and `price` hold in
  /// every regime.
  std::vector<LawOfRegime> law;
  std::vector<PremiumStep> premium;
  std::size_t slip = none;       // slip group of its deliveries
  double refund = -1.0;          // share of the deposit that comes back when an order that waits
                                 // is cancelled; < 0: it cannot be cancelled
  std::size_t redirect = none;   // offer of the same seller that unshipped orders may be moved to
  std::size_t downgrade = none;  // offer of the lesser part that a downgraded grant is good for
  double application_fee = 0.0;  // [M/k] on applying
  double rack = 0.0;             // [k] orders are whole multiples; tree only; 0: any amount
  double minimum_order = 0.0;    // [k] at least, or nothing; tree only
  bool uses_price_level = true;  // MarketLevel::price (or rent) moves its price
};

/// A limit on what may ship in all, over several offers together: it binds the group, not a
/// shipment.
struct Quota {
  std::string id;                   // the provision
  double limit = 0.0;               // over the horizon [k]
  std::vector<std::size_t> offers;  // that count against it
};

/// What one seller can deliver of several offers together.
struct SellerCap {
  std::string seller;
  std::vector<double> supply;  // [stage] most that can be ordered in all [k]
  std::vector<std::size_t> offers;
};

struct Site {
  std::string id, title;
  std::vector<double> power;  // [stage] usable for accelerators without building any [MW]
};

/// Power and shells that can be built at a site.
struct PowerProject {
  std::string id;
  std::size_t site = 0;
  double price = 0.0;          // [M/MW], due when begun
  double end_share = 0.0;      // of the price counted as value at the end
  int lead = 0;                // stages from beginning to use
  std::vector<double> supply;  // [stage] most that can be begun [MW]
  std::size_t slip = none;     // slip group
  double phase = 0.0;          // [MW] whole multiples; tree only; 0: any amount
};

/// So many accelerators must be there: a promise made, or a cluster that a training run needs.
struct MinimumFleet {
  std::string id;
  std::size_t stage = 0;           // from this stage on
  double thousands = 0.0;          // [k]
  std::vector<std::size_t> pools;  // counted together
};

struct Workload {
  std::string id, title;
  std::string unit_name;   // of the rates below, as in "tokens/s"
  double unit = 1.0;       // one [%w] in the workload's own unit (SI)
  double initial = 100.0;  // demand at the first stage [%w]
  double peak_factor = 1.0;
  double minimum_service = 0.0;  // share of demand that must be served
  double unserved_price = 0.0;   // [M/%w/stage]
  std::vector<double> presence;  // [stage] share of the demand that is there to serve; empty: 1
  std::vector<double> software;  // [stage] factor on throughput; empty: 1
};

/// One purse: what may be spent in each budget year.
struct Account {
  std::string id;  // "capital" or "lease"
  Offer::Kind pays_for = Offer::Kind::buy;
  std::vector<double> amount;  // [year] [M]
  double carry_over = 0.0;     // share of what is left that goes into the next year
};

struct Problem {
  std::vector<std::string> stage_names;    // [stage] as in "2026Q1"
  std::vector<std::size_t> year_of_stage;  // [stage] index of the budget year
  std::vector<std::string> year_names;
  std::vector<Gate> gates;
  Market market;                                 // empty: does not move
  std::vector<std::vector<NoiseOutcome>> noise;  // [stage] of outcomes; noise[0] is unused
  std::vector<std::string> slip_groups;          // as in the names of sellers
  std::vector<Pool> pools;
  std::vector<Offer> offers;
  std::vector<Site> sites;
  std::vector<PowerProject> projects;
  std::vector<Workload> workloads;
  std::vector<Account> accounts;
  std::vector<Quota> quotas;
  std::vector<SellerCap> seller_caps;
  std::vector<MinimumFleet> minimum_fleets;
  double discount = 1.0;               // per stage
  double survival = 1.0;               // share of a pool that is left after a stage
  double life = 20.0;                  // economic life [stages]
  double end_share = 1.0;              // share of the straight-line value counted at the end
  std::string end_method;              // for people, as in "straight line on the price paid"
  std::vector<std::size_t> branching;  // [stage - 1] most children of a tree node
  bool whole_numbers = false;          // racks, minimum orders and phases in the tree
  std::string currency;

  std::size_t stage_count() const { return stage_names.size(); }
  /// How many combinations of gate states there are, and the place of one among them (the last gate
  /// runs fastest).
  std::size_t regime_count() const;
  std::size_t regime_index(const Regime& regime) const;
  /// Levels of the market in a stage: at least 1.
  std::size_t level_count(std::size_t stage) const;
  /// All factors 1 where the market is empty.
  MarketLevel level(std::size_t stage, std::size_t index) const;
  /// The noise of a stage, at least one outcome; without noise one in which nothing happens: demand
  /// stays, nothing slips, authorities decide as their state says.
  std::vector<NoiseOutcome> outcomes(std::size_t stage) const;
  /// Throws BrokenContract naming the field if shapes disagree.
  void check() const;
};

/// How the end of the horizon is valued, in words.
std::string describe_end_value(const Problem& problem);

/// Value at the end of the horizon, seen from the start, of one thousand accelerators of `offer`
/// that begin to run in `arrival` (a stage, may lie after the horizon):
///
///     end_price * end_share * max(0, 1 - max(0, T - arrival) / life) * survival^max(0, T -
///     arrival) * discount^T
///
/// with T = stage_count(). Straight-line over the economic life. [M/k]
double end_value(const Problem& problem, const Offer& offer, int arrival);
/// The same for one thousand that ship in `stage`, over the spread of the lead time.
double end_value_of_shipment(const Problem& problem, const Offer& offer, std::size_t stage);

}  // namespace vorrat::fleet

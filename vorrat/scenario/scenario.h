// A buyer's situation as data: what a scenario folder says, checked, with names resolved to places
// in these vectors. load.h reads it; fleet/ turns it into numbers.
//
// A folder holds scenario.toml and plain tables (gates, offers, premium, supply, seller_caps,
// sites, power, power_projects, workloads, throughput, fleet, minimum_fleet, budget, each a .csv).
// Cells hold quantities with their units, or ranges of them ("20 kUSD to 34 kUSD" is an 80 %
// range); every row of facts says source, date and kind (vendor, measured, reported, assumed).
// Columns NAME_source, NAME_date and NAME_kind say them for the column NAME alone.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/catalog/accelerator.h"
#include "vorrat/input/sourced.h"
#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/uncertain.h"

namespace vorrat::scenario {

/// A quantity that may be a range, with where it is from and where it stands.
using Fact = Sourced<Uncertain>;
/// A plain number that is certain.
inline Fact exactly(double number) {
  return {
      Uncertain(AnyQuantity{.value = number, .dimension = {}, .currency = {}, .per_currency = {}}),
      {}};
}

///     [buyer]
///     name = "ByteDance"
///     headquarters = "CN"        # region of the company that orders
///     ultimate_parent = "CN"     # region of the company that owns it in the end
struct Buyer {
  std::string name;
  std::string headquarters;
  std::string ultimate_parent;
};

///     [horizon]
///     first = "2026Q1"           # the quarter of the first decision
///     quarters = 8               # 1..40
///     known_on = 2026-02-09      # facts of a later day are a fault
struct Horizon {
  Quarter first;
  int quarters = 0;
  Date known_on;

  /// The quarter of a stage, counted from 0.
  Quarter quarter(std::size_t stage) const { return first + static_cast<int>(stage); }
  Quarter last() const { return first + (quarters - 1); }
};

///     [money]
///     currency = "USD"           # that of the answer
///     price_date = 2026-02-09
///     discount_rate = { value = "10 %/year", source = "...", date = 2026-02-09, kind = "assumed" }
///
///     [money.exchange]
///     CNY = { value = "6.98 CNY/USD", source = "...", date = 2026-02-09, kind = "reported" }
struct MoneyTerms {
  struct Exchange {
    Currency currency;  // a currency that is used besides `currency`
    Fact rate;          // that currency per unit of `currency`, > 0
  };
  Currency currency;
  Date price_date;
  Fact discount_rate;  // [1/time], >= 0, compounded yearly
  std::vector<Exchange> exchange;
};

///     [end_value]
///     method = "replacement"
///     economic_life = { value = "5 years", ... }
///     residual_share = { value = "50 %", ... }
///
/// How the fleet is valued when the horizon ends:
///   replacement    what it could serve in the life it has left, at what serving it would cost with
///                  the cheapest purchase on offer; at most the price paid
///   straight_line  the price paid, on a straight line to nothing over the economic life
///   service        what it could serve in the life it has left, at the price of unserved work,
///                  discounted
///   none           nothing
struct EndValue {
  enum class Method { replacement, straight_line, service, none };
  Method method = Method::replacement;
  Fact economic_life;   // [time], > 0
  Fact residual_share;  // share of the value that is counted, 0..1
};

///     [fleet]
///     attrition = { value = "4 %/year", ... }
///     power_overhead = { value = "80 %", ... }
struct FleetTerms {
  Fact attrition;       // share of running accelerators that is lost for good [1/time], >= 0
  Fact power_overhead;  // watts of server and network per watt of accelerator [1], >= 0
};

///     [settings]
///     seed = 1
///     lot = "1,000 units"        # orders are reported in lots
///     method = "sddp"            # or "tree"
///     gap = "1 %"                # between bound and cost, at which planning stops
///     time_limit = "30 s"
///     whole_numbers = false      # racks, minimum orders and phases; by the tree only
struct Settings {
  enum class Method { sddp, tree };
  unsigned long long seed = 1;
  double lot = 1000;                   // accelerators, > 0
  std::vector<std::size_t> branching;  // [tree]: most children of a node, one per later stage
  Method method = Method::sddp;
  double gap = 0.01;    // share of the cost, >= 0
  double seconds = 30;  // > 0
  bool whole_numbers = false;
};

///     [risk]
///     weight = "30 %"            # on the mean of the worst futures, the rest on the mean of all
///     level = "20 %"             # the share of futures that counts as the worst
struct Risk {
  double weight = 0;  // 0..1; 0 is the plain mean
  double level = 1;   // above 0, at most 1

  bool counts() const { return weight > 0 && level < 1; }
};

/// What nobody knows, besides the states of the gates. A scenario may switch each off:
///
///     [uncertainty]
///     growth = false             # fixed at its mean
enum class Uncertainty {
  growth,    // of demand, drawn each quarter
  slip,      // of deliveries, drawn each quarter
  licences,  // how fast applications are decided, drawn each quarter
  budget,    // revisions of budgets
  price,     // the market of purchases
  rent,      // the market of leases
  exchange,  // what the budgets' currency buys
  trend,     // of demand: a lasting factor on its growth
  supply,    // what sellers offer
  worth      // of served work
};
inline constexpr std::size_t uncertainty_count = 10;
const char* to_string(Uncertainty uncertainty);

/// One process of the market, a factor of mean 1 on what the tables say, for price, rent, exchange,
/// trend, supply and worth. Its logarithm x moves as dx = -reversion * x dt + volatility dW from 0
/// at the start; news multiplies it once and for all in the quarter `news_in`.
///
///     [market.price]
///     volatility = { value = "20 %", ... }           # of the logarithm over a year
///     reversion = { value = "50 %/year", ... }       # 0: none
///     news = { value = "discrete(50 %: 0.5, 50 %: 1.5)", ... }
///     news_in = "2026Q2"
struct MarketProcess {
  Uncertainty moves = Uncertainty::price;
  Fact volatility;           // >= 0
  Fact reversion;            // [1/time], >= 0
  std::optional<Fact> news;  // factor > 0, scaled to average 1
  Quarter news_in;           // after the first quarter
};

///     [market]
///     levels = 3                 # told apart in each quarter
struct Market {
  int levels = 3;  // 1..20
  std::vector<MarketProcess> processes;
};

///     [noise]
///     outcomes = 27              # joint outcomes of what is drawn in a quarter, at most
///     growth = "together"        # demand of all workloads grows as one, or "apart"
struct Noise {
  int outcomes = 27;  // 1..1000
  bool growth_together = true;
};

///     [[gates.us-licence.states]]
///     id = "review"
///     title = "under review"
///     may_order = true           # optional: for a gate that is no matter of law
///     release = "0 %"            # share of an offer's supply that may ship, 0..1
///     without = ["us-2026-01-cbc"]  # how the law of this state differs from that of known_on
///     decides = "30 %"           # by application: of what is pending, a quarter
///     grants = "80 %"            # of what is decided
///     downgrades = "10 %"        # of what is decided, for the lesser part only
///     revokes = "2 %"            # of standing licences, a quarter
struct GateState {
  std::string id;
  std::string title;
  bool may_order = true;
  Fact release;
  // Where the gate decides by application; shares, 0..1. What is neither granted nor downgraded is
  // denied.
  Fact decides = exactly(1);         // of pending applications, a quarter
  Fact grants = exactly(1);          // of what is decided: granted as applied for
  Fact downgrades;                   // of what is decided: granted for the lesser part only
  Fact revokes;                      // of standing licences that have not shipped, a quarter
  std::vector<std::string> with;     // legal instruments in force in this state, beside those of
  std::vector<std::string> without;  // known_on, and those set aside; ids of data/rules
  Place place;
};

/// One row of gates.csv:
///
///     gate,when,from,to,probability,source,date,kind,note
///     cn-approval,granted,conditional,rationed,20 % to 45 %,...
///     cn-approval,granted,conditional,conditional,rest,...
///
/// `when` is the state of the gate it depends on, after that gate's own move in the same quarter;
/// empty if it depends on none. `rest` is what the other rows of the same (gate, when, from) leave.
struct GateMove {
  std::size_t when = 0;  // state of the other gate; 0 if there is none
  std::size_t from = 0;
  std::size_t to = 0;
  std::optional<Fact> probability;  // a quarter, 0..1; none for `rest`
};

///     [gates.cn-approval]
///     title = "Chinese import approval"
///     authority = "customs"
///     side = "importer"          # or "exporter"
///     after = "us-licence"       # optional: the gate it depends on
///     start = "conditional"      # its state in the first quarter
///     by_application = true      # nothing ships without a licence that was applied for
///     pace = { value = "50 % to 150 %", ... }  # factor on what a quarter decides, drawn each
///     quarter
struct Gate {
  enum class Side { exporter, importer };
  std::string id;
  std::string title;
  std::string authority;
  Side side = Side::exporter;
  std::optional<std::size_t> depends_on;  // an earlier gate of Scenario::gates
  std::size_t start = 0;
  bool by_application = false;
  Fact pace = exactly(1);  // factor, scaled to average 1
  std::vector<GateState> states;
  std::vector<GateMove> moves;

  /// transition[when][from][to]: probabilities a quarter, at the means of the ranges; each row sums
  /// to 1. One `when` if the gate depends on none.
  std::vector<std::vector<std::vector<double>>> transition;
};

enum class Transaction { buy, lease };

/// One row of offers.csv, with its rows of premium.csv and supply.csv:
///
///     offer,accelerator,seller,route,exported_from,site,transaction,price,lead_time,first,last,supply,deposit,...
///     h200,h200-sxm,NVIDIA,direct,US,mainland,buy,27 kUSD,13 weeks,2026Q1,2027Q4,"20,000
///     units/quarter",100 %,...
///
///     offer,beyond,premium,...
///     h200,50 %,10 %,...
///
///     offer,from,supply,...
///     h200,2026Q4,"10,000 units/quarter",...
///
/// Status, licences and duties come from the rules. `gates` names further yeses that are no matter
/// of law, `duty` charges that no rule file holds.
struct Offer {
  /// Beyond this share of a quarter's supply one's own order raises the price.
  struct PremiumStep {
    Fact beyond;   // share of the supply, 0 < beyond < 1
    Fact premium;  // on the price, as in "10 %", > 0; steps ascend in both
  };
  struct SupplyPhase {
    Quarter from;
    Fact supply;  // accelerators a quarter, >= 0
  };
  std::string id;
  std::size_t accelerator = 0;  // in Scenario::accelerators
  std::string seller;
  std::string route;
  std::string exported_from;  // country of the last export, for the rules; "" = not known
  std::string owner;          // country of who owns what is leased; "" = not known
  std::string owner_parent;   // country of that owner's ultimate parent; as owner if not written
  Place place;
  std::size_t site = 0;
  Transaction transaction = Transaction::buy;
  Fact price;      // buy: money per accelerator without duty; lease: per accelerator and time; > 0
  Fact duty;       // share of the price, paid with it, >= 0
  Fact lead_time;  // [time] from shipping (a lease: from signing) to the site, >= 0
  Fact installation;         // [time] from the site to running, >= 0
  int lead_quarters = 0;     // mean of both, each rounded up
  int install_quarters = 0;  // of these for installation
  Quarter first;             // first quarter in which it may be ordered
  Quarter last;
  Fact supply;                             // accelerators a quarter, >= 0
  std::vector<SupplyPhase> supply_phases;  // by quarter; in force from then on
  Fact deposit;  // share of price and duty due at order, the rest on arrival; 0..1
  int term = 0;  // quarters a lease runs, >= 1; 0 for a purchase
  std::vector<std::size_t> gates;    // besides those the rules ask for; all must let it pass
  std::vector<PremiumStep> premium;  // ascending
  Fact slip;  // share of what is due that comes a quarter later, one for all offers of a seller;
              // 0..1
  std::optional<Fact> refund;  // share of the deposit that comes back on cancelling, 0..1; none: it
                               // cannot be cancelled
  std::optional<std::size_t> redirect_to;  // offer of the same seller that what has not shipped may
                                           // be moved to
  std::optional<std::size_t> downgrade_to;  // offer of the lesser part that a downgraded licence is
                                            // good for
  Fact application_fee;                     // money per accelerator on applying, >= 0
  double rack = 0;                          // accelerators that come together; 0: any number
  double minimum_order = 0;                 // accelerators, or none at all; 0: any number
  bool follows_market = true;  // whether [market.price] or [market.rent] moves its price

  /// Accelerators a quarter that are on offer then; null outside first..last.
  const Fact* supply_at(Quarter quarter) const;
};

/// Rows of seller_caps.csv, one seller's together: what it delivers of all its offers.
///
///     seller,from,supply,...
///     Huawei,2026Q1,"60,000 units/quarter",...
struct SellerCap {
  std::string seller;
  std::vector<Offer::SupplyPhase> phases;  // by quarter; no limit before the first

  /// Null where there is no limit.
  const Fact* supply_at(Quarter quarter) const;
};

/// One row of sites.csv, with its rows of power.csv:
///
///     site,title,jurisdiction,owner,pue,electricity,place,...
///     johor,"Johor, Malaysia",MY,leased,1.3 to 1.5,0.12 USD/kWh,"1.49, 103.74",...
///
///     site,from,power,...
///     johor,2026Q1,110 MW,...
struct Site {
  struct PowerPhase {
    Quarter from;
    Fact power;  // usable for accelerators, with all overheads, from then on; >= 0
  };
  struct Coordinates {
    double latitude = 0;   // degrees north
    double longitude = 0;  // degrees east
  };
  std::string id;
  std::string title;
  std::string jurisdiction;  // region, as in "MY"
  std::string owner;
  Fact pue;          // facility watts per watt of equipment, >= 1
  Fact electricity;  // money per energy, >= 0
  std::optional<Coordinates> place;
  std::vector<PowerPhase> power;  // by quarter, at least one

  /// The phase in force, or null before the first.
  const PowerPhase* phase_at(Quarter quarter) const;
};

/// What a workload runs, from which the throughput of each accelerator is derived; columns of
/// workloads.csv that may be left out:
///
///     ...,model,input,output,counts,ttft,tpot,prefix_cached,precision,cluster,software,...
///     ...,deepseek-v3,"3,000","800",all,2 s,50 ms,40 %,fp8,,2026-01-01,...
struct WorkModel {
  std::string model;        // of the catalogue: a language model, or a recommender
  double input = 0;         // mean tokens read per request; training: length of a sequence
  double output = 0;        // mean tokens written per request; 0 = training
  bool counts_all = false;  // demand counts tokens read too ("all"), not only "written"
  std::optional<double> first_token;  // limit on its 99th percentile [s]
  std::optional<double> per_token;    // the same for the time per token [s]
  double prefix_cached = 0;           // share of the input found in a cache, 0..1
  std::string precision;              // "fp16", "fp8" or "fp4"; "" = the usual one
  int cluster = 0;                    // training: accelerators of a run
  std::optional<Date> software;       // its age in the first quarter; none = the quarter's middle
  Place place;
};

/// One row of power_projects.csv: power and shells that can be added at a price.
///
///     project,site,price,lead_time,supply,first,last,phase,slip,end_share,...
///     johor-3,johor,9 m USD/MW,4 quarters,40 MW,2026Q1,2027Q4,20 MW,10 % to 40 %,60 %,...
struct PowerProject {
  std::string id;
  std::size_t site = 0;
  Fact price;      // money per power, due when begun, > 0
  Fact lead_time;  // [time] from beginning to use, >= 0
  int lead_quarters = 0;
  Fact supply;    // [power] most that can be begun in a quarter, >= 0
  Quarter first;  // first quarter in which it can be begun
  Quarter last;
  Fact phase;      // [power] comes in whole multiples; 0: any amount
  Fact slip;       // share of what is due that comes a quarter later, 0..1
  Fact end_share;  // of the price counted as value at the end, 0..1
};

/// One row of workloads.csv:
///
///     workload,title,demand,growth,growth_fade,peak_factor,minimum_service,unserved_price,sites,...
///     chat,chat,60 tn tokens/day,30 %/quarter to 90 %/quarter,20 %/quarter,1.4,0 %,0.2
///     USD/Mtoken,mainland,...
struct Workload {
  std::string id;
  std::string title;
  Fact demand;       // mean of the first quarter: work per time, in tokens, requests or FLOP; > 0
  Fact growth;       // [1/time] from one quarter to the next, in the first step; > -100 %/quarter
  Fact growth_fade;  // [1/time] share by which growth shrinks each quarter, 0..100 %/quarter
  Fact peak_factor;  // capacity needed per mean demand, >= 1
  Fact minimum_service;            // share of demand that must be served, 0..1
  Fact unserved_price;             // money per work not served, >= 0; the dearest is served first
  std::optional<Quarter> first;    // quarter from which it is there; none: from the start
  Fact software_gain;              // [1/time] share by which better software raises throughput
  std::vector<std::size_t> sites;  // where it may run, at least one
  std::optional<WorkModel> runs;   // none: throughput.csv says what it gets

  /// The dimension of its work: tokens, requests or compute.
  Dimension work;
};

/// One row of throughput.csv: what one running accelerator delivers at full load. No row: none,
/// unless the workload names its model; then it is derived (derived_throughput.h).
///
///     accelerator,workload,throughput,...
///     h200-sxm,chat,"8,000 tokens/s to 30,000 tokens/s",...
struct Throughput {
  std::size_t accelerator = 0;
  std::size_t workload = 0;
  Fact rate;              // work per time, > 0; in the first quarter
  int smallest_unit = 1;  // accelerators that can serve at all; 1 where nobody says
  /// By quarter of the horizon: what growing software makes of `rate`; empty = nothing.
  std::vector<double> progress{};

  /// Mean of `progress` over the horizon, 1 if it is empty.
  double mean_progress() const;
  Fact
      serving_cost{};  // money per accelerator and time while serving it, besides electricity; >= 0
};

/// One row of fleet.csv: what runs when the first quarter begins.
///
///     accelerator,site,quantity,age,retires,attrition,resale,resale_fall,...
///     h20-96-sxm,mainland,"100,000 to 220,000 units",1 year,2027Q3,6 %/year,4 kUSD,30 %/year,...
///
/// A row that says an age, a quarter of retirement, an attrition or a resale price of its own stays
/// apart from what is bought later.
struct FleetEntry {
  std::size_t accelerator = 0;
  std::size_t site = 0;
  Fact quantity;                   // accelerators, >= 0
  std::optional<Fact> age;         // [time] at the start of the first quarter, >= 0
  std::optional<Quarter> retires;  // quarter from which nothing of it is left
  std::optional<Fact> attrition;   // as that of [fleet]
  std::optional<Fact> resale;      // what a second owner pays in the first quarter, per accelerator
  Fact resale_fall;                // [1/time] share by which that price falls, 0..100 %/year

  bool stays_apart() const { return age || retires || attrition || resale; }
};

/// One row of minimum_fleet.csv: so many accelerators must be there from a quarter on.
///
///     minimum,from,quantity,accelerators,sites,...
///     pretraining,2026Q3,"10,000 units",h200-sxm; b200,johor,...
struct MinimumFleet {
  std::string id;
  Quarter from;
  Fact quantity;
  std::vector<std::size_t> accelerators;  // counted together; empty: all
  std::vector<std::size_t> sites;         // empty: all
};

/// Purchases and power are paid from `capital`, rents from `lease`.
enum class Account { capital, lease };

/// One row of budget.csv: what may be spent in a calendar year.
///
///     year,account,amount,revision,revised,...
///     2026,capital,85 bn CNY,-5 bn CNY to 45 bn CNY,2026Q3,...
struct BudgetEntry {
  int year = 0;
  Account account = Account::capital;
  Fact amount;                   // money, >= 0
  std::optional<Fact> revision;  // money added to it (or taken away, if negative)
  Quarter revised;               // in this quarter of the year, after the first of the horizon
};

///     [accounts.capital]
///     carry_over = "50 %"        # of what is left at the end of a year
struct AccountTerms {
  Fact carry_over;  // share, 0..1
};

/// A value nobody wrote, filled in.
struct Default {
  std::string what;   // as in `growth_fade of workload "chat"`
  std::string value;  // as in "0 %/quarter"
  std::string why;
};

struct Scenario {
  std::string name;
  std::string title;
  std::string note;
  Buyer buyer;
  Horizon horizon;
  MoneyTerms money;
  EndValue end_value;
  FleetTerms fleet_terms;
  Settings settings;
  Risk risk;
  Market market;
  Noise noise;
  std::array<bool, uncertainty_count> switched_off{};  // by Uncertainty
  std::array<AccountTerms, 2> accounts;                // by Account
  std::vector<catalog::Accelerator> accelerators;      // those named in offers and fleet
  std::vector<Gate> gates;                             // each after those it depends on
  std::vector<Site> sites;
  std::vector<Workload> workloads;
  std::vector<Offer> offers;
  std::vector<Throughput> throughput;
  std::vector<FleetEntry> fleet;
  std::vector<BudgetEntry> budget;
  std::vector<SellerCap> seller_caps;
  std::vector<PowerProject> power_projects;
  std::vector<MinimumFleet> minimum_fleets;
  std::vector<Default> defaults;
  std::string input_hash;  // SHA-256 of all files read and of the catalogue's rows used, in hex

  /// Null if there is no row.
  const Throughput* throughput_of(std::size_t accelerator, std::size_t workload) const;
  const BudgetEntry* budget_of(int year, Account account) const;
  bool is_on(Uncertainty uncertainty) const {
    return !switched_off[static_cast<std::size_t>(uncertainty)];
  }

  /// An amount of money, or a price per something, in `money.currency`, at the mean exchange rate.
  /// Throws InvalidInput if the scenario has no rate for its currency.
  AnyQuantity in_currency(const AnyQuantity& quantity) const;
};

/// A fact and what it is, as in `price of offer "h200"`; for registers of assumptions.
struct NamedFact {
  std::string name;
  const Fact* fact = nullptr;  // in the scenario it was asked of
};
/// Every fact of a scenario, in the order of its files. The scenario must outlive the result.
std::vector<NamedFact> facts_of(const Scenario& scenario);

const char* to_string(Transaction transaction);
const char* to_string(Account account);
const char* to_string(Gate::Side side);

}  // namespace vorrat::scenario

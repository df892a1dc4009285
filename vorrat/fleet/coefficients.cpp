#include "vorrat/fleet/coefficients.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "vorrat/base/date.h"
#include "vorrat/base/error.h"
#include "vorrat/fleet/end_worth.h"
#include "vorrat/fleet/joint_noise.h"
#include "vorrat/fleet/market_chain.h"
#include "vorrat/fleet/uncertainty.h"

namespace vorrat::fleet {
namespace {

using scenario::Fact;
using scenario::Scenario;
using scenario::Uncertainty;

// The table of scales. Values come in base units: seconds, joules, watts, single accelerators,
// single currency units.
constexpr double seconds_per_stage = units::quarter / units::second;
constexpr double seconds_per_year = 4 * seconds_per_stage;
constexpr double thousand = 1e3;  // accelerators to [k]
constexpr double million = 1e6;   // money to [M], watts to [MW]

std::string rate_unit(Dimension work) {
  if (work == dimensions::tokens) return "tokens/s";
  if (work == dimensions::requests) return "requests/s";
  return "FLOP/s";
}

double mean(const Fact& fact) { return fact.value.mean().value; }

/// What of a lead time's spread falls into each quarter, rounded up. The first hundredth comes with
/// the next and the last with the one before: shares of 1e-99 would be no use but to upset solvers.
/// Empty if it is certain.
std::vector<double> lead_shares(const Distribution& lead_time, int install, int most) {
  if (lead_time.is_constant()) return {};
  std::vector<double> shares(static_cast<std::size_t>(install), 0.0);
  double before = 0.0;
  for (int quarters = 0; before < 1.0; ++quarters) {
    // As where a lead time is certain, 13 weeks are a quarter.
    double upto = lead_time.cumulative((quarters + 0.01) * seconds_per_stage);
    if (upto < 0.01) upto = 0.0;
    if (upto > 0.99 || quarters + install >= most) upto = 1.0;
    shares.push_back(upto - before);
    before = upto;
  }
  return shares;
}

double per_stage_survival(const Fact& attrition) {
  return std::pow(std::max(0.0, 1.0 - mean(attrition) * seconds_per_year), 0.25);
}

class Converter {
 public:
  Converter(const Scenario& scenario, const Rulings& rulings)
      : scenario_(scenario), rulings_(rulings) {}

  Problem convert() {
    add_stages();
    add_terms();
    add_gates();
    add_sites();
    add_workloads();
    for (const auto& entry : scenario_.fleet) add_fleet(entry);
    for (std::size_t o = 0; o < scenario_.offers.size(); ++o) add_offer(o);
    for (const SharedQuota& quota : rulings_.quotas) {
      problem_.quotas.push_back(
          {.id = quota.provision, .limit = quota.accelerators / thousand, .offers = quota.offers});
    }
    add_projects();
    add_accounts();
    problem_.market = market_chain(scenario_, scenario_.settings.seed);
    add_seller_caps();
    add_minimum_fleets();
    add_noise();
    add_end_value(scenario_, problem_, ages_);
    return std::move(problem_);
  }

 private:
  double money(const Fact& fact) const { return scenario_.in_currency(fact.value.mean()).value; }
  std::size_t stages() const { return problem_.stage_names.size(); }

  void add_stages() {
    std::vector<int> years;
    for (int t = 0; t < scenario_.horizon.quarters; ++t) {
      const Quarter quarter = scenario_.horizon.quarter(static_cast<std::size_t>(t));
      problem_.stage_names.push_back(to_string(quarter));
      if (years.empty() || years.back() != quarter.year) {
        years.push_back(quarter.year);
        problem_.year_names.push_back(std::to_string(quarter.year));
      }
      problem_.year_of_stage.push_back(years.size() - 1);
    }
    years_ = std::move(years);
  }

  void add_terms() {
    problem_.currency = std::string(scenario_.money.currency.code());
    // Rates are given for a year and compounded: a quarter is the fourth root.
    problem_.discount =
        std::pow(1.0 + mean(scenario_.money.discount_rate) * seconds_per_year, -0.25);
    problem_.survival = per_stage_survival(scenario_.fleet_terms.attrition);
    problem_.life = mean(scenario_.end_value.economic_life) / seconds_per_stage;
    problem_.end_share = mean(scenario_.end_value.residual_share);
    problem_.branching = scenario_.settings.branching;
    problem_.whole_numbers = scenario_.settings.whole_numbers;
  }

  void add_gates() {
    for (const auto& gate : scenario_.gates) {
      Gate result{.id = gate.id,
                  .title = gate.title,
                  .states = {},
                  .start = gate.start,
                  .depends_on = gate.depends_on.value_or(none),
                  .transition = gate.transition,
                  .by_application = gate.by_application};
      for (const auto& state : gate.states) {
        result.states.push_back({.id = state.id,
                                 .may_order = state.may_order,
                                 .release = mean(state.release),
                                 .decides = mean(state.decides),
                                 .grants = mean(state.grants),
                                 .downgrades = mean(state.downgrades),
                                 .revokes = mean(state.revokes)});
      }
      problem_.gates.push_back(std::move(result));
    }
  }

  void add_sites() {
    for (const auto& site : scenario_.sites) {
      Site result{.id = site.id, .title = site.title, .power = {}};
      for (std::size_t t = 0; t < stages(); ++t) {
        const auto* phase = site.phase_at(scenario_.horizon.quarter(t));
        result.power.push_back(phase == nullptr ? 0.0 : mean(phase->power) / million);
      }
      problem_.sites.push_back(std::move(result));
    }
  }

  void add_workloads() {
    for (const auto& workload : scenario_.workloads) {
      // One [%w] is a hundredth of the demand of the first quarter.
      const double unit = mean(workload.demand) / 100.0;
      Workload result{
          .id = workload.id,
          .title = workload.title,
          .unit_name = rate_unit(workload.work),
          .unit = unit,
          .initial = 100.0,
          .peak_factor = mean(workload.peak_factor),
          .minimum_service = mean(workload.minimum_service),
          .unserved_price = money(workload.unserved_price) * unit * seconds_per_stage / million,
          .presence = {},
          .software = {}};
      const double gain = mean(workload.software_gain) * seconds_per_stage;
      for (std::size_t t = 0; t < stages(); ++t) {
        const Quarter quarter = scenario_.horizon.quarter(t);
        result.presence.push_back(workload.first && quarter < *workload.first ? 0.0 : 1.0);
        result.software.push_back(std::pow(1.0 + gain, static_cast<double>(t)) *
                                  derived_progress(problem_.workloads.size(), t));
      }
      problem_.workloads.push_back(std::move(result));
    }
  }

  /// What growing software makes of the throughput that is derived, on average over accelerators;
  /// what one of them has beyond that is in its own throughput, at its mean.
  double derived_progress(std::size_t workload, std::size_t stage) const {
    double sum = 0.0, count = 0.0;
    for (const auto& row : scenario_.throughput) {
      if (row.workload != workload) continue;
      sum += row.progress.empty() ? 1.0 : row.progress[stage];
      count += 1.0;
    }
    return count > 0.0 ? sum / count : 1.0;
  }

  /// All that is drawn in a quarter, in this order: growth (together or by workload), slips, the
  /// pace of gates, revisions of budgets.
  void add_noise() {
    problem_.noise.resize(stages());
    const RandomStream pairing(scenario_.settings.seed, "noise of the fleet");
    for (std::size_t t = 1; t < stages(); ++t) {
      std::vector<DrawnTogether> draws = growth_draws();
      const std::size_t growth_count = draws.size();
      for (const Fact& slip : slips_) draws.push_back({spread(slip, Uncertainty::slip)});
      for (const auto& gate : scenario_.gates)
        draws.push_back({spread(gate.pace, Uncertainty::licences)});
      for (const auto account : accounts_) draws.push_back({revision(account, t)});
      const auto limit = static_cast<std::size_t>(scenario_.noise.outcomes);
      for (const JointOutcome& joint : joint_outcomes(draws, limit, pairing, t))
        problem_.noise[t].push_back(noise_of(joint, growth_count, t));
    }
  }

  NoiseOutcome noise_of(const JointOutcome& joint, std::size_t growth_count,
                        std::size_t stage) const {
    NoiseOutcome outcome{
        .probability = joint.probability, .growth = {}, .slip = {}, .decides = {}, .budget = {}};
    for (std::size_t d = 0; d < growth_count; ++d) {
      for (const double growth : joint.values[d]) {
        const auto& workload = scenario_.workloads[outcome.growth.size()];
        const double fade = mean(workload.growth_fade) * seconds_per_stage;
        outcome.growth.push_back(1.0 + growth * seconds_per_stage *
                                           std::pow(1.0 - fade, static_cast<double>(stage) - 1.0));
      }
    }
    std::size_t d = growth_count;
    for (std::size_t i = 0; i < slips_.size(); ++i) outcome.slip.push_back(joint.values[d++][0]);
    for (const auto& gate : scenario_.gates)
      outcome.decides.push_back(joint.values[d++][0] / mean(gate.pace));
    for (std::size_t i = 0; i < accounts_.size(); ++i)
      outcome.budget.push_back(joint.values[d++][0] / million);
    return outcome;
  }

  /// The fact's distribution, or its mean if that uncertainty is switched off.
  Distribution spread(const Fact& fact, Uncertainty uncertainty) const {
    return scenario_.is_on(uncertainty) ? fact.value.distribution()
                                        : Distribution::constant(mean(fact));
  }

  std::vector<DrawnTogether> growth_draws() const {
    std::vector<DrawnTogether> draws;
    for (const auto& workload : scenario_.workloads) {
      if (draws.empty() || !scenario_.noise.growth_together) draws.emplace_back();
      draws.back().push_back(spread(workload.growth, Uncertainty::growth));
    }
    return draws;
  }

  /// What a revision adds in this quarter, in the scenario's currency.
  Distribution revision(scenario::Account account, std::size_t stage) const {
    const Quarter quarter = scenario_.horizon.quarter(stage);
    const auto* entry = scenario_.budget_of(quarter.year, account);
    if (entry == nullptr || !entry->revision || entry->revised != quarter)
      return Distribution::constant(0.0);
    AnyQuantity one = entry->revision->value.kind();
    return spread(*entry->revision, Uncertainty::budget).scaled(scenario_.in_currency(one).value);
  }

  /// The slip group of a seller or project; none if nothing ever slips.
  std::size_t slip_group(const std::string& name, const Fact& slip) {
    if (slip.value.is_certain() && mean(slip) <= 0.0) return none;
    const auto known = std::find(problem_.slip_groups.begin(), problem_.slip_groups.end(), name);
    if (known != problem_.slip_groups.end())
      return static_cast<std::size_t>(known - problem_.slip_groups.begin());
    problem_.slip_groups.push_back(name);
    slips_.push_back(slip);
    return slips_.size() - 1;
  }

  void add_fleet(const scenario::FleetEntry& entry) {
    const std::size_t shared = pool(entry.accelerator, entry.site, scenario::Transaction::buy);
    if (!entry.stays_apart()) {
      problem_.pools[shared].initial += mean(entry.quantity) / thousand;
      return;
    }
    Pool own = problem_.pools[shared];
    own.initial = mean(entry.quantity) / thousand;
    const double survival =
        entry.attrition ? per_stage_survival(*entry.attrition) : problem_.survival;
    for (std::size_t t = 0; t < stages(); ++t) {
      const Quarter quarter = scenario_.horizon.quarter(t);
      own.survival.push_back(entry.retires && *entry.retires <= quarter ? 0.0 : survival);
      if (!entry.resale) continue;
      const double fall = mean(entry.resale_fall) * seconds_per_year;
      own.resale.push_back(money(*entry.resale) * thousand / million *
                           std::pow(1.0 - fall, static_cast<double>(t) / 4.0));
    }
    ages_[problem_.pools.size()] = entry.age ? mean(*entry.age) / seconds_per_stage : 0.0;
    problem_.pools.push_back(std::move(own));
  }

  /// The pool of an accelerator at a site; leased apart from owned, since the rent pays for
  /// electricity.
  std::size_t pool(std::size_t accelerator, std::size_t site, scenario::Transaction transaction) {
    const auto key = std::tuple(accelerator, site, transaction);
    if (const auto found = pools_.find(key); found != pools_.end()) return found->second;
    const auto& part = scenario_.accelerators[accelerator];
    const auto& place = scenario_.sites[site];
    // Watts at the meter per accelerator: its own, its server's and network's, and the building's.
    const double watts = accelerator_watts(part) *
                         (1.0 + mean(scenario_.fleet_terms.power_overhead)) * mean(place.pue);
    Pool result{.accelerator = part.id,
                .site = site,
                .power_mw_per_k = watts * thousand / million,
                .running_cost =
                    transaction == scenario::Transaction::lease
                        ? 0.0
                        : money(place.electricity) * watts * seconds_per_stage * thousand / million,
                .throughput = {},
                .serving_cost = {},
                .survival = {},
                .resale = {}};
    for (std::size_t w = 0; w < scenario_.workloads.size(); ++w) {
      const auto& workload = scenario_.workloads[w];
      const auto* row = scenario_.throughput_of(accelerator, w);
      const bool allowed =
          std::find(workload.sites.begin(), workload.sites.end(), site) != workload.sites.end();
      const bool serves = row != nullptr && allowed;
      result.throughput.push_back(serves ? mean(row->rate) * own_progress(*row) * thousand /
                                               problem_.workloads[w].unit
                                         : 0.0);
      result.serving_cost.push_back(
          serves ? money(row->serving_cost) * seconds_per_stage * thousand / million : 0.0);
    }
    problem_.pools.push_back(std::move(result));
    return pools_[key] = problem_.pools.size() - 1;
  }

  /// How much faster the software of one cell grows than that of its workload, over the horizon.
  double own_progress(const scenario::Throughput& row) const {
    double sum = 0.0;
    for (std::size_t t = 0; t < stages(); ++t)
      sum += (row.progress.empty() ? 1.0 : row.progress[t]) / derived_progress(row.workload, t);
    return sum / static_cast<double>(stages());
  }

  static double accelerator_watts(const catalog::Accelerator& part);

  void add_offer(std::size_t index) {
    const scenario::Offer& offer = scenario_.offers[index];
    const bool lease = offer.transaction == scenario::Transaction::lease;
    const double price =
        money(offer.price) * (lease ? seconds_per_stage : 1.0) * thousand / million;
    Offer result{.id = offer.id,
                 .accelerator = scenario_.accelerators[offer.accelerator].id,
                 .seller = offer.seller,
                 .route = offer.route,
                 .site = offer.site,
                 .pool = pool(offer.accelerator, offer.site, offer.transaction),
                 .kind = lease ? Offer::Kind::lease : Offer::Kind::buy,
                 .price = price,
                 .end_price = price,
                 .deposit = lease ? 0.0 : mean(offer.deposit),
                 // What arrives after the horizon need not be told apart by the quarter.
                 .lead = std::min(offer.lead_quarters, longest_lead()),
                 .install = std::min(offer.install_quarters, longest_lead()),
                 .lead_shares = {},
                 .committed_term = std::max(1, offer.term),
                 .term = std::min(std::max(1, offer.term), static_cast<int>(stages())),
                 .supply = {},
                 .gates = offer.gates,
                 .law = {},
                 .premium = {},
                 .slip = slip_group(offer.seller, offer.slip),
                 .refund = offer.refund ? mean(*offer.refund) : -1.0,
                 .redirect = offer.redirect_to.value_or(none),
                 .downgrade = offer.downgrade_to.value_or(none),
                 .application_fee = money(offer.application_fee) * thousand / million,
                 .rack = offer.rack / thousand,
                 .minimum_order = offer.minimum_order / thousand,
                 .uses_price_level = offer.follows_market};
    if (!lease) {
      result.lead_shares =
          lead_shares(offer.lead_time.value.distribution(), result.install, longest_lead());
      if (!result.lead_shares.empty())
        result.lead = static_cast<int>(result.lead_shares.size()) - 1;
    }
    for (const auto& step : offer.premium)
      result.premium.push_back({.share = mean(step.beyond), .factor = 1.0 + mean(step.premium)});
    for (std::size_t t = 0; t < stages(); ++t)
      result.supply.push_back(units_a_quarter(offer.supply_at(scenario_.horizon.quarter(t))));
    for (const OfferRuling& ruling : rulings_.rulings[index]) {
      result.law.push_back(
          {.may_order = ruling.may_order,
           .gates = ruling.gates,
           .price = lease ? price : price * (1.0 + mean(offer.duty) + ruling.charges),
           .status = std::string(rules::to_string(ruling.status)),
           .sources = ruling.provisions});
    }
    // What the first regime asks; `law` has them all.
    result.price = result.law.at(problem_.regime_index(starting_regime(problem_))).price;
    problem_.offers.push_back(std::move(result));
  }

  int longest_lead() const { return static_cast<int>(stages()) + 4; }

  /// [k]; nothing where nothing is on offer.
  static double units_a_quarter(const Fact* supply) {
    return supply == nullptr ? 0.0 : mean(*supply) * seconds_per_stage / thousand;
  }

  void add_projects() {
    for (const auto& project : scenario_.power_projects) {
      PowerProject result{.id = project.id,
                          .site = project.site,
                          .price = money(project.price),  // per watt, so [M/MW]
                          .end_share = mean(project.end_share),
                          .lead = std::min(project.lead_quarters, longest_lead()),
                          .supply = {},
                          .slip = slip_group("power of " + project.id, project.slip),
                          .phase = mean(project.phase) / million};
      for (std::size_t t = 0; t < stages(); ++t) {
        const Quarter quarter = scenario_.horizon.quarter(t);
        const bool open = project.first <= quarter && quarter <= project.last;
        result.supply.push_back(open ? mean(project.supply) / million : 0.0);
      }
      problem_.projects.push_back(std::move(result));
    }
  }

  void add_seller_caps() {
    for (const auto& cap : scenario_.seller_caps) {
      SellerCap result{.seller = cap.seller, .supply = {}, .offers = {}};
      for (std::size_t o = 0; o < scenario_.offers.size(); ++o)
        if (scenario_.offers[o].seller == cap.seller) result.offers.push_back(o);
      for (std::size_t t = 0; t < stages(); ++t) {
        const Fact* limit = cap.supply_at(scenario_.horizon.quarter(t));
        double all = 0.0;  // no limit is as much as all its offers together
        for (const std::size_t o : result.offers) all += problem_.offers[o].supply[t];
        result.supply.push_back(limit == nullptr ? all : units_a_quarter(limit));
      }
      problem_.seller_caps.push_back(std::move(result));
    }
  }

  void add_minimum_fleets() {
    const auto counts = [](const std::vector<std::size_t>& places, std::size_t place) {
      return places.empty() || std::find(places.begin(), places.end(), place) != places.end();
    };
    for (const auto& minimum : scenario_.minimum_fleets) {
      const int stage = std::max(0, quarters_between(scenario_.horizon.first, minimum.from));
      if (stage >= scenario_.horizon.quarters) continue;
      MinimumFleet result{.id = minimum.id,
                          .stage = static_cast<std::size_t>(stage),
                          .thousands = mean(minimum.quantity) / thousand,
                          .pools = {}};
      for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
        const Pool& pool = problem_.pools[k];
        const auto part = std::find_if(
            scenario_.accelerators.begin(), scenario_.accelerators.end(),
            [&](const auto& accelerator) { return accelerator.id == pool.accelerator; });
        const auto place = static_cast<std::size_t>(part - scenario_.accelerators.begin());
        if (counts(minimum.accelerators, place) && counts(minimum.sites, pool.site))
          result.pools.push_back(k);
      }
      problem_.minimum_fleets.push_back(std::move(result));
    }
  }

  void add_accounts() {
    for (const auto account : {scenario::Account::capital, scenario::Account::lease}) {
      const bool limited = std::any_of(scenario_.budget.begin(), scenario_.budget.end(),
                                       [&](const auto& entry) { return entry.account == account; });
      if (!limited) continue;
      Account result{
          .id = to_string(account),
          .pays_for = account == scenario::Account::lease ? Offer::Kind::lease : Offer::Kind::buy,
          .amount = {},
          .carry_over = mean(scenario_.accounts[static_cast<std::size_t>(account)].carry_over)};
      accounts_.push_back(account);
      for (const int year : years_) {
        const auto* entry = scenario_.budget_of(year, account);
        result.amount.push_back(entry == nullptr ? 0.0 : money(entry->amount) / million);
      }
      problem_.accounts.push_back(std::move(result));
    }
  }

  const Scenario& scenario_;
  const Rulings& rulings_;
  Problem problem_;
  std::vector<int> years_;
  std::vector<Fact> slips_;                  // of the problem's slip groups
  std::vector<scenario::Account> accounts_;  // of the problem's accounts
  std::map<std::size_t, double> ages_;       // of pools that stay apart, at the start [stages]
  std::map<std::tuple<std::size_t, std::size_t, scenario::Transaction>, std::size_t> pools_;
};

double Converter::accelerator_watts(const catalog::Accelerator& part) {
  if (!part.power) {
    throw InvalidInput("the catalogue has no power rating for accelerator \"" + part.id +
                       "\": add it to accelerators.csv, or plan without that part");
  }
  return *part.power / units::watt;
}

}  // namespace

Problem to_problem(const Scenario& scenario, const Rulings& rulings) {
  needs(rulings.rulings.size() == scenario.offers.size(), "rulings of the same scenario");
  Problem problem = Converter(scenario, rulings).convert();
  problem.check();
  return problem;
}

}  // namespace vorrat::fleet

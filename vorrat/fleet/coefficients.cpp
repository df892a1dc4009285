#include "vorrat/fleet/coefficients.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "vorrat/base/date.h"
#include "vorrat/base/error.h"
#include "vorrat/fleet/uncertainty.h"

namespace vorrat::fleet {
namespace {

using scenario::Fact;
using scenario::Scenario;

// The table of scales. Values come in base units: seconds, joules, watts, single accelerators,
// single currency units.
constexpr double seconds_per_stage = units::quarter / units::second;
constexpr double seconds_per_year = 4 * seconds_per_stage;
constexpr double thousand = 1e3;  // accelerators to [k]
constexpr double million = 1e6;   // money to [M], watts to [MW]

struct GrowthOutcome {
  double from, to;  // quantiles
};
constexpr GrowthOutcome growth_outcomes[] = {{0.0, 0.3}, {0.3, 0.7}, {0.7, 1.0}};

std::string rate_unit(Dimension work) {
  if (work == dimensions::tokens) return "tokens/s";
  if (work == dimensions::requests) return "requests/s";
  return "FLOP/s";
}

double mean(const Fact& fact) { return fact.value.mean().value; }

/// The mean of a distribution between two of its quantiles, by the midpoint rule on the quantile
/// function.
double mean_between(const Fact& fact, double from, double to) {
  if (fact.value.is_certain()) return mean(fact);
  constexpr int points = 200;
  double sum = 0.0;
  for (int i = 0; i < points; ++i)
    sum += fact.value.quantile(from + (to - from) * (i + 0.5) / points).value;
  return sum / points;
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
    for (const auto& entry : scenario_.fleet) {
      problem_.pools[pool(entry.accelerator, entry.site, scenario::Transaction::buy)].initial +=
          mean(entry.quantity) / thousand;
    }
    for (std::size_t o = 0; o < scenario_.offers.size(); ++o) add_offer(o);
    for (const SharedQuota& quota : rulings_.quotas) {
      problem_.quotas.push_back(
          {.id = quota.provision, .limit = quota.accelerators / thousand, .offers = quota.offers});
    }
    add_accounts();
    add_noise();
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
    problem_.survival = std::pow(
        std::max(0.0, 1.0 - mean(scenario_.fleet_terms.attrition) * seconds_per_year), 0.25);
    problem_.life = mean(scenario_.end_value.economic_life) / seconds_per_stage;
    problem_.end_share = mean(scenario_.end_value.residual_share);
    problem_.branching = scenario_.settings.branching;
  }

  void add_gates() {
    for (const auto& gate : scenario_.gates) {
      Gate result{.id = gate.id,
                  .title = gate.title,
                  .states = {},
                  .start = gate.start,
                  .depends_on = gate.depends_on.value_or(none),
                  .transition = gate.transition};
      for (const auto& state : gate.states) {
        result.states.push_back(
            {.id = state.id, .may_order = state.may_order, .release = mean(state.release)});
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
      problem_.workloads.push_back(std::move(result));
    }
  }

  // Growth keeps its spread; the same outcome for all workloads.
  void add_noise() {
    problem_.noise.resize(stages());
    for (std::size_t t = 1; t < stages(); ++t) {
      for (const auto& [from, to] : growth_outcomes) {
        NoiseOutcome outcome = problem_.outcomes(0).front();
        outcome.probability = to - from;
        for (std::size_t w = 0; w < scenario_.workloads.size(); ++w) {
          const auto& workload = scenario_.workloads[w];
          const double fade = mean(workload.growth_fade) * seconds_per_stage;
          const double growth = mean_between(workload.growth, from, to) * seconds_per_stage;
          outcome.growth[w] = 1.0 + growth * std::pow(1.0 - fade, static_cast<double>(t) - 1.0);
        }
        problem_.noise[t].push_back(std::move(outcome));
      }
    }
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
                .throughput = {}};
    for (std::size_t w = 0; w < scenario_.workloads.size(); ++w) {
      const auto& workload = scenario_.workloads[w];
      const auto* row = scenario_.throughput_of(accelerator, w);
      const bool allowed =
          std::find(workload.sites.begin(), workload.sites.end(), site) != workload.sites.end();
      result.throughput.push_back(row == nullptr || !allowed
                                      ? 0.0
                                      : mean(row->rate) * row->mean_progress() * thousand /
                                            problem_.workloads[w].unit);
    }
    problem_.pools.push_back(std::move(result));
    return pools_[key] = problem_.pools.size() - 1;
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
                 .lead = std::min(offer.lead_quarters, static_cast<int>(stages()) + 4),
                 .committed_term = std::max(1, offer.term),
                 .term = std::min(std::max(1, offer.term), static_cast<int>(stages())),
                 .supply = {},
                 .gates = offer.gates,
                 .law = {}};
    for (std::size_t t = 0; t < stages(); ++t) {
      const Quarter quarter = scenario_.horizon.quarter(t);
      const bool open = offer.first <= quarter && quarter <= offer.last;
      result.supply.push_back(open ? mean(offer.supply) * seconds_per_stage / thousand : 0.0);
    }
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

  void add_accounts() {
    for (const auto account : {scenario::Account::capital, scenario::Account::lease}) {
      const bool limited = std::any_of(scenario_.budget.begin(), scenario_.budget.end(),
                                       [&](const auto& entry) { return entry.account == account; });
      if (!limited) continue;
      Account result{
          .id = to_string(account),
          .pays_for = account == scenario::Account::lease ? Offer::Kind::lease : Offer::Kind::buy,
          .amount = {}};
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

#include "vorrat/fleet/stage_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::fleet {
namespace {

double most_supply(const Offer& offer) {
  return offer.supply.empty() ? 0.0 : *std::max_element(offer.supply.begin(), offer.supply.end());
}

const std::vector<std::size_t>& needed_gates(const Problem& problem, const Offer& offer,
                                             const Regime& regime) {
  return offer.law.empty() ? offer.gates : offer.law[problem.regime_index(regime)].gates;
}

struct Term {
  std::size_t column;
  double value;
};

/// Builds one stage problem. The order of the functions is the order of a quarter: what arrives,
/// what is ordered and let through, what is leased, what runs, what is served, what is paid.
class StageBuilder {
 public:
  StageBuilder(const Problem& problem, const StateLayout& states, std::size_t stage,
               const Regime& regime, const std::vector<double>& growth)
      : problem_(problem),
        states_(states),
        stage_(stage),
        regime_(regime),
        growth_(growth),
        discount_(std::pow(problem.discount, static_cast<double>(stage))) {}

  StageModel build() {
    add_states();
    add_orders();
    add_quotas();
    add_pipelines();
    add_leases();
    add_fleet_balances();
    add_service();
    add_power();
    add_spending();
    add_budgets();
    return std::move(result_);
  }

 private:
  lp::Model& model() { return result_.problem.model; }
  StageLayout& layout() { return result_.layout; }
  std::size_t in(std::size_t state) const { return result_.problem.incoming[state]; }
  std::size_t out(std::size_t state) const { return result_.problem.outgoing[state]; }

  std::size_t add_column(std::string name, double lower, double upper, double cost = 0.0) {
    return model().add_column(
        {.lower = lower, .upper = upper, .cost = cost, .name = std::move(name)});
  }

  std::size_t add_row(std::string name, double lower, double upper,
                      const std::vector<Term>& terms) {
    const std::size_t row =
        model().add_row({.lower = lower, .upper = upper, .name = std::move(name)});
    for (const Term& term : terms) model().add_entry(row, term.column, term.value);
    return row;
  }

  void add_states() {
    for (const std::string& name : states_.names) {
      result_.problem.incoming.push_back(add_column("in " + name, -lp::infinity, lp::infinity));
    }
    for (const std::string& name : states_.names) {
      result_.problem.outgoing.push_back(add_column("out " + name, 0.0, lp::infinity));
    }
  }

  void add_orders() {
    const std::size_t count = problem_.offers.size();
    layout().order.assign(count, none);
    layout().ship.assign(count, none);
    layout().supply_row.assign(count, none);
    layout().release_row.assign(count, none);
    for (std::size_t o = 0; o < count; ++o) {
      const Offer& offer = problem_.offers[o];
      // A lease runs where it stands: what a gate lets through is what can be signed.
      const double supply =
          offer.supply[stage_] *
          (offer.kind == Offer::Kind::lease ? release_share(problem_, offer, regime_) : 1.0);
      const bool orderable = supply > 0 && may_order(problem_, offer, regime_);
      if (orderable) {
        layout().order[o] = add_column("order " + offer.id, 0.0, lp::infinity);
        layout().supply_row[o] =
            add_row("supply " + offer.id, -lp::infinity, supply, {{layout().order[o], 1.0}});
      }
      if (is_gated_purchase(offer)) {
        add_release(o);
      } else {
        layout().ship[o] = layout().order[o];
      }
      if (offer.kind == Offer::Kind::buy && layout().ship[o] != none) {
        model().columns[layout().ship[o]].cost += shipping_cost(offer);
      }
    }
  }

  // Ordered goods wait until every gate lets them through.
  void add_release(std::size_t o) {
    const Offer& offer = problem_.offers[o];
    const double most = release_share(problem_, offer, regime_) * most_supply(offer);
    if (most > 0) {
      layout().ship[o] = add_column("ship " + offer.id, 0.0, lp::infinity);
      layout().release_row[o] =
          add_row("release " + offer.id, -lp::infinity, most, {{layout().ship[o], 1.0}});
    }
    std::vector<Term> balance = {{out(states_.waiting[o]), 1.0}, {in(states_.waiting[o]), -1.0}};
    if (layout().order[o] != none) balance.push_back({layout().order[o], -1.0});
    if (layout().ship[o] != none) balance.push_back({layout().ship[o], 1.0});
    add_row("waiting " + offer.id, 0.0, 0.0, balance);
  }

  // What arrives after the horizon is charged and valued when it ships: no later stage will see it.
  double shipping_cost(const Offer& offer) const {
    const int arrival = static_cast<int>(stage_) + offer.lead;
    double cost = -end_value(problem_, offer, arrival);
    if (arrival >= static_cast<int>(problem_.stage_count())) {
      cost += (1.0 - offer.deposit) * price_in(problem_, offer, regime_) *
              std::pow(problem_.discount, arrival);
    }
    return cost;
  }

  void add_quotas() {
    for (std::size_t q = 0; q < problem_.quotas.size(); ++q) {
      const Quota& quota = problem_.quotas[q];
      const std::size_t shipped = states_.quota[q];
      std::vector<Term> terms = {{out(shipped), 1.0}, {in(shipped), -1.0}};
      for (std::size_t o : quota.offers) {
        if (layout().ship[o] != none) terms.push_back({layout().ship[o], -1.0});
      }
      add_row("shipped under " + quota.id, 0.0, 0.0, terms);
      layout().quota_row.push_back(
          add_row("quota " + quota.id, -lp::infinity, quota.limit, {{out(shipped), 1.0}}));
    }
  }

  void add_pipelines() {
    layout().arrival.assign(problem_.offers.size(), none);
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const Offer& offer = problem_.offers[o];
      if (offer.kind != Offer::Kind::buy) continue;
      const std::vector<std::size_t>& pipeline = states_.pipeline[o];
      layout().arrival[o] = pipeline.empty() ? layout().ship[o] : in(pipeline.front());
      for (std::size_t l = 0; l < pipeline.size(); ++l) {
        std::vector<Term> terms = {{out(pipeline[l]), 1.0}};
        if (l + 1 < pipeline.size()) {
          terms.push_back({in(pipeline[l + 1]), -1.0});
        } else if (layout().ship[o] != none) {
          terms.push_back({layout().ship[o], -1.0});
        }
        add_row(fmt::format("pipeline {} {}", offer.id, l + 1), 0.0, 0.0, terms);
      }
    }
  }

  void add_leases() {
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const Offer& offer = problem_.offers[o];
      if (offer.kind != Offer::Kind::lease) continue;
      const std::vector<std::size_t>& held = states_.held[o];
      for (std::size_t l = 0; l < held.size(); ++l) {
        std::vector<Term> terms = {{out(held[l]), 1.0}};
        if (l + 1 < held.size()) {
          terms.push_back({in(held[l + 1]), -1.0});
        } else if (layout().order[o] != none) {
          terms.push_back({layout().order[o], -1.0});
        }
        add_row(fmt::format("held {} {}", offer.id, l + 1), 0.0, 0.0, terms);
      }
    }
  }

  /// What runs under lease `o` in this stage.
  std::vector<Term> active_lease(std::size_t o, double factor) const {
    std::vector<Term> terms;
    if (problem_.offers[o].lead == 0 && result_.layout.order[o] != none) {
      terms.push_back({result_.layout.order[o], factor});
    }
    for (std::size_t l : running_held(problem_.offers[o]))
      terms.push_back({in(states_.held[o][l]), factor});
    return terms;
  }

  void add_fleet_balances() {
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      std::vector<Term> terms = {{out(states_.fleet[k]), 1.0},
                                 {in(states_.fleet[k]), -problem_.survival}};
      for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
        if (problem_.offers[o].pool == k && layout().arrival[o] != none) {
          terms.push_back({layout().arrival[o], -1.0});
        }
      }
      add_row(fmt::format("fleet {} {}", problem_.pools[k].accelerator, site_of(k).id), 0.0, 0.0,
              terms);
    }
  }

  const Site& site_of(std::size_t pool) const { return problem_.sites[problem_.pools[pool].site]; }

  void add_service() {
    add_allocations();
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      const Workload& workload = problem_.workloads[w];
      const std::size_t demand = states_.demand[w];
      layout().growth_row.push_back(add_row("growth " + workload.id, 0.0, 0.0,
                                            {{out(demand), 1.0}, {in(demand), -growth_[w]}}));
      const std::size_t unserved = add_column("unserved " + workload.id, 0.0, lp::infinity,
                                              discount_ * workload.unserved_price);
      layout().unserved.push_back(unserved);
      std::vector<Term> served = {{unserved, 1.0}, {out(demand), -1.0}};
      for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
        const std::size_t column = layout().allocation[k][w];
        if (column == none) continue;
        served.push_back({column, problem_.pools[k].throughput[w] / workload.peak_factor});
      }
      layout().demand_row.push_back(add_row("demand " + workload.id, 0.0, 0.0, served));
      layout().service_row.push_back(
          workload.minimum_service <= 0.0
              ? none
              : add_row("minimum service " + workload.id, 0.0, lp::infinity,
                        {{out(demand), 1.0 - workload.minimum_service}, {unserved, -1.0}}));
    }
  }

  void add_allocations() {
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      const Pool& pool = problem_.pools[k];
      std::vector<std::size_t> columns(problem_.workloads.size(), none);
      std::vector<Term> used = {{out(states_.fleet[k]), -1.0}};
      for (std::size_t w = 0; w < columns.size(); ++w) {
        if (pool.throughput[w] <= 0.0) continue;
        columns[w] = add_column(
            fmt::format("run {} {} {}", pool.accelerator, site_of(k).id, problem_.workloads[w].id),
            0.0, lp::infinity);
        used.push_back({columns[w], 1.0});
      }
      layout().allocation.push_back(columns);
      for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
        if (problem_.offers[o].kind != Offer::Kind::lease || problem_.offers[o].pool != k) continue;
        for (const Term& term : active_lease(o, -1.0)) used.push_back(term);
      }
      layout().fleet_row.push_back(add_row(
          fmt::format("running {} {}", pool.accelerator, site_of(k).id), -lp::infinity, 0.0, used));
    }
  }

  void add_power() {
    for (std::size_t s = 0; s < problem_.sites.size(); ++s) {
      std::vector<Term> drawn;
      for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
        const Pool& pool = problem_.pools[k];
        if (pool.site != s || pool.power_mw_per_k <= 0.0) continue;
        for (std::size_t column : layout().allocation[k]) {
          if (column != none) drawn.push_back({column, pool.power_mw_per_k});
        }
      }
      layout().power_row.push_back(drawn.empty()
                                       ? none
                                       : add_row("power " + problem_.sites[s].id, -lp::infinity,
                                                 problem_.sites[s].power[stage_], drawn));
    }
  }

  // Spending is a column of its own, so that money is reported as the limits saw it.
  void add_spending() {
    std::vector<Term> purchases, rent, electricity;
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const Offer& offer = problem_.offers[o];
      if (offer.kind == Offer::Kind::lease) {
        for (const Term& term : active_lease(o, offer.price)) rent.push_back(term);
        continue;
      }
      const double price = price_in(problem_, offer, regime_);
      if (layout().order[o] != none)
        purchases.push_back({layout().order[o], offer.deposit * price});
      if (layout().arrival[o] != none) {
        purchases.push_back({layout().arrival[o], (1.0 - offer.deposit) * price});
      }
    }
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      for (std::size_t column : layout().allocation[k]) {
        if (column != none) electricity.push_back({column, problem_.pools[k].running_cost});
      }
    }
    layout().purchase_cost = add_cost("purchases", purchases);
    layout().lease_cost = add_cost("rent", rent);
    layout().running_cost = add_cost("electricity", electricity);
  }

  std::size_t add_cost(const std::string& name, std::vector<Term> terms) {
    const std::size_t column = add_column(name, 0.0, lp::infinity, discount_);
    for (Term& term : terms) term.value = -term.value;
    terms.push_back({column, 1.0});
    add_row(name, 0.0, 0.0, terms);
    return column;
  }

  void add_budgets() {
    const std::size_t year = problem_.year_of_stage[stage_];
    const bool new_year = stage_ == 0 || problem_.year_of_stage[stage_ - 1] != year;
    for (std::size_t a = 0; a < problem_.accounts.size(); ++a) {
      const Account& account = problem_.accounts[a];
      const std::size_t spend =
          account.pays_for == Offer::Kind::buy ? layout().purchase_cost : layout().lease_cost;
      std::vector<Term> terms = {{out(states_.money[a]), 1.0}, {spend, 1.0}};
      double available = 0.0;
      if (new_year) {
        available = account.amount[year];
      } else {
        terms.push_back({in(states_.money[a]), -1.0});
      }
      layout().money_row.push_back(add_row("budget " + account.id, available, available, terms));
    }
  }

  const Problem& problem_;
  const StateLayout& states_;
  const std::size_t stage_;
  const Regime& regime_;
  const std::vector<double>& growth_;
  const double discount_;
  StageModel result_;
};

std::size_t add_state(StateLayout& layout, std::string name, double initial) {
  layout.names.push_back(std::move(name));
  layout.initial.push_back(initial);
  return layout.names.size() - 1;
}

}  // namespace

bool may_order(const Problem& problem, const Offer& offer, const Regime& regime) {
  if (!offer.law.empty() && !offer.law[problem.regime_index(regime)].may_order) return false;
  const auto& gates = needed_gates(problem, offer, regime);
  return std::all_of(gates.begin(), gates.end(), [&](std::size_t gate) {
    return problem.gates[gate].states[regime[gate]].may_order;
  });
}

double release_share(const Problem& problem, const Offer& offer, const Regime& regime) {
  if (!offer.law.empty() && !offer.law[problem.regime_index(regime)].may_order) return 0.0;
  double share = 1.0;
  for (std::size_t gate : needed_gates(problem, offer, regime)) {
    share = std::min(share, problem.gates[gate].states[regime[gate]].release);
  }
  return share;
}

double price_in(const Problem& problem, const Offer& offer, const Regime& regime) {
  return offer.law.empty() ? offer.price : offer.law[problem.regime_index(regime)].price;
}

bool is_gated_purchase(const Offer& offer) {
  if (offer.kind != Offer::Kind::buy) return false;
  if (offer.law.empty()) return !offer.gates.empty();
  return std::any_of(offer.law.begin(), offer.law.end(),
                     [](const LawOfRegime& law) { return !law.gates.empty() || !law.may_order; });
}

std::vector<std::size_t> running_held(const Offer& offer) {
  std::vector<std::size_t> running;
  for (int l = 0; l < offer.term && l + 1 < offer.lead + offer.term; ++l) {
    running.push_back(static_cast<std::size_t>(l));
  }
  return running;
}

StateLayout make_state_layout(const Problem& problem) {
  StateLayout layout;
  for (const Pool& pool : problem.pools) {
    layout.fleet.push_back(
        add_state(layout, fmt::format("fleet {} {}", pool.accelerator, problem.sites[pool.site].id),
                  pool.initial));
  }
  for (const Offer& offer : problem.offers) {
    auto& pipeline = layout.pipeline.emplace_back();
    auto& held = layout.held.emplace_back();
    const bool buys = offer.kind == Offer::Kind::buy;
    for (int l = 0; buys && l < offer.lead; ++l) {
      pipeline.push_back(add_state(layout, fmt::format("pipeline {} {}", offer.id, l + 1), 0.0));
    }
    for (int l = 0; !buys && l + 1 < offer.lead + offer.term; ++l) {
      held.push_back(add_state(layout, fmt::format("held {} {}", offer.id, l + 1), 0.0));
    }
    layout.waiting.push_back(
        is_gated_purchase(offer) ? add_state(layout, "waiting " + offer.id, 0.0) : none);
  }
  for (const Workload& workload : problem.workloads) {
    layout.demand.push_back(add_state(layout, "demand " + workload.id, workload.initial));
  }
  for (const Quota& quota : problem.quotas) {
    layout.quota.push_back(add_state(layout, "quota " + quota.id, 0.0));
  }
  for (const Account& account : problem.accounts) {
    layout.money.push_back(add_state(layout, "money " + account.id, 0.0));
  }
  return layout;
}

StageModel make_stage_model(const Problem& problem, const StateLayout& states, std::size_t stage,
                            const Regime& regime, const std::vector<double>& growth) {
  needs(stage < problem.stage_count(), "stage < stage_count");
  needs(regime.size() == problem.gates.size(), "regime has one state per gate");
  needs(growth.size() == problem.workloads.size(), "growth has one factor per workload");
  return StageBuilder(problem, states, stage, regime, growth).build();
}

}  // namespace vorrat::fleet

// What stands, runs and serves; what is paid.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/stage_builder.h"

namespace vorrat::fleet {

void StageBuilder::add_fleet_balances() {
  layout().resale.assign(problem_.pools.size(), none);
  layout().present.resize(problem_.pools.size());
  layout().installing.resize(problem_.pools.size());
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    const Pool& pool = problem_.pools[k];
    const std::string name = fmt::format("fleet {} {}", pool.accelerator, site_of(k).id);
    layout().standing.push_back(states_.fleet[k] == none ? initial_left(problem_, k, stage_) : 0.0);
    if (states_.fleet[k] != none) {
      const std::size_t fleet = states_.fleet[k];
      std::vector<Term> terms = {{out(fleet), 1.0}, {in(fleet), -survival_in(problem_, k, stage_)}};
      if (!pool.resale.empty() && pool.resale[stage_] > 0.0) {
        layout().resale[k] = add_column("resale " + name, 0.0, lp::infinity);
        terms.push_back({layout().resale[k], 1.0});
      }
      for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
        const Offer& offer = problem_.offers[o];
        if (offer.kind != Offer::Kind::buy || offer.pool != k) continue;
        const std::size_t runs =
            offer.install == 0 ? layout().arrival[o] : in(states_.pipeline[o].front());
        if (runs != none) terms.push_back({runs, -1.0});
        for (int l = 0; l < offer.install; ++l) {
          layout().installing[k].push_back(
              {out(states_.pipeline[o][static_cast<std::size_t>(l)]), 1.0});
        }
      }
      add_row(name, 0.0, 0.0, terms);
      layout().present[k].push_back({out(fleet), 1.0});
    }
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      if (problem_.offers[o].kind != Offer::Kind::lease || problem_.offers[o].pool != k) continue;
      for (const Term& term : active_lease_[o]) layout().present[k].push_back(term);
    }
  }
}

void StageBuilder::add_minimum_fleets() {
  for (const MinimumFleet& minimum : problem_.minimum_fleets) {
    if (stage_ < minimum.stage) {
      layout().minimum_row.push_back(none);
      continue;
    }
    std::vector<Term> terms;
    double standing = 0.0;
    for (std::size_t k : minimum.pools) {
      standing += layout().standing[k];
      for (const Term& term : layout().present[k]) terms.push_back(term);
    }
    layout().minimum_row.push_back(
        add_row("minimum fleet " + minimum.id, minimum.thousands - standing, lp::infinity, terms));
  }
}

void StageBuilder::add_service() {
  add_allocations();
  for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
    const Workload& workload = problem_.workloads[w];
    const std::size_t demand = states_.demand[w];
    if (stage_ == 0) {
      share_out(demand, in(demand));
      layout().growth_row.push_back(none);
    } else {
      const std::size_t row = add_row("growth " + workload.id, 0.0, 0.0, {{out(demand), 1.0}});
      add_noisy_entry(row, in(demand), [w, trend = level_.growth](const NoiseOutcome& outcome) {
        return -trend * outcome.growth[w];
      });
      layout().growth_row.push_back(row);
    }
    const double presence = workload.presence.empty() ? 1.0 : workload.presence[stage_];
    const double software = workload.software.empty() ? 1.0 : workload.software[stage_];
    const std::size_t unserved = add_column("unserved " + workload.id, 0.0, lp::infinity,
                                            discount_ * workload.unserved_price * level_.worth);
    layout().unserved.push_back(unserved);
    std::vector<Term> served = {{unserved, 1.0}, {out(demand), -presence}};
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      const std::size_t column = layout().allocation[k][w];
      if (column == none) continue;
      served.push_back({column, problem_.pools[k].throughput[w] * software / workload.peak_factor});
    }
    layout().demand_row.push_back(add_row("demand " + workload.id, 0.0, 0.0, served));
    layout().service_row.push_back(
        workload.minimum_service <= 0.0 || presence <= 0.0
            ? none
            : add_row(
                  "minimum service " + workload.id, 0.0, lp::infinity,
                  {{out(demand), presence * (1.0 - workload.minimum_service)}, {unserved, -1.0}}));
  }
}

void StageBuilder::add_allocations() {
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    const Pool& pool = problem_.pools[k];
    std::vector<std::size_t> columns(problem_.workloads.size(), none);
    std::vector<Term> used;
    for (const Term& term : layout().present[k]) used.push_back({term.column, -term.value});
    bool runs = false;
    for (std::size_t w = 0; w < columns.size(); ++w) {
      if (pool.throughput[w] <= 0.0) continue;
      columns[w] = add_column(
          fmt::format("run {} {} {}", pool.accelerator, site_of(k).id, problem_.workloads[w].id),
          0.0, lp::infinity);
      used.push_back({columns[w], 1.0});
      runs = true;
    }
    layout().allocation.push_back(columns);
    layout().fleet_row.push_back(
        runs ? add_row(fmt::format("running {} {}", pool.accelerator, site_of(k).id), -lp::infinity,
                       layout().standing[k], used)
             : none);
  }
}

void StageBuilder::add_power() {
  for (std::size_t s = 0; s < problem_.sites.size(); ++s) {
    std::vector<Term> drawn;
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      const Pool& pool = problem_.pools[k];
      if (pool.site != s || pool.power_mw_per_k <= 0.0) continue;
      for (std::size_t column : layout().allocation[k]) {
        if (column != none) drawn.push_back({column, pool.power_mw_per_k});
      }
    }
    const bool draws = !drawn.empty();
    if (draws && states_.built[s] != none) drawn.push_back({out(states_.built[s]), -1.0});
    layout().power_row.push_back(draws ? add_row("power " + problem_.sites[s].id, -lp::infinity,
                                                 problem_.sites[s].power[stage_], drawn)
                                       : none);
  }
}

// Spending is a column of its own, so that money is reported as the limits saw it.
void StageBuilder::add_spending() {
  std::vector<Term> purchases, rent, running;
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    add_offer_spending(o);
    auto& purpose = problem_.offers[o].kind == Offer::Kind::lease ? rent : purchases;
    for (const Term& term : layout().spending[o]) purpose.push_back(term);
  }
  for (const auto& spending : layout().project_spending) {
    for (const Term& term : spending) purchases.push_back(term);
  }
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    const Pool& pool = problem_.pools[k];
    if (layout().resale[k] != none) {
      purchases.push_back({layout().resale[k], -pool.resale[stage_]});
    }
    for (std::size_t w = 0; w < layout().allocation[k].size(); ++w) {
      if (layout().allocation[k][w] == none) continue;
      const double serving = pool.serving_cost.empty() ? 0.0 : pool.serving_cost[w];
      running.push_back({layout().allocation[k][w], pool.running_cost + serving});
    }
  }
  layout().purchase_cost = add_cost("purchases", purchases, -lp::infinity);
  layout().lease_cost = add_cost("rent", rent, 0.0);
  layout().running_cost = add_cost("electricity", running, 0.0);
}

// What deviates from the base price is due with the order; the balance is the base price's.
void StageBuilder::add_offer_spending(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  std::vector<Term>& spending = layout().spending[o];
  if (offer.kind == Offer::Kind::lease) {
    for (const Term& term : active_lease_[o])
      spending.push_back({term.column, term.value * price_of(o)});
    return;
  }
  const double base = price_in(problem_, offer, regime_);
  const double down = offer.deposit * base + price_of(o) - base;
  if (layout().order[o] != none) spending.push_back({layout().order[o], down});
  if (layout().arrival[o] != none && offer.deposit < 1.0) {
    spending.push_back({layout().arrival[o], (1.0 - offer.deposit) * base});
  }
  if (layout().cancel[o] != none && offer.refund > 0.0) {
    spending.push_back({layout().cancel[o], -offer.refund * offer.deposit * base});
  }
  if (layout().redirect[o] != none) {
    const Offer& other = problem_.offers[offer.redirect];
    const double asked = other.deposit * price_in(problem_, other, regime_);
    spending.push_back({layout().redirect[o], std::max(0.0, asked - offer.deposit * base)});
  }
}

std::size_t StageBuilder::add_cost(const std::string& name, std::vector<Term> terms, double lower) {
  const std::size_t column = add_column(name, lower, lp::infinity, discount_);
  for (Term& term : terms) term.value = -term.value;
  terms.push_back({column, 1.0});
  add_row(name, 0.0, 0.0, terms);
  return column;
}

void StageBuilder::add_budgets() {
  const std::size_t year = problem_.year_of_stage[stage_];
  const bool new_year = stage_ == 0 || problem_.year_of_stage[stage_ - 1] != year;
  for (std::size_t a = 0; a < problem_.accounts.size(); ++a) {
    const Account& account = problem_.accounts[a];
    const std::size_t spend =
        account.pays_for == Offer::Kind::buy ? layout().purchase_cost : layout().lease_cost;
    std::vector<Term> terms = {{out(states_.money[a]), 1.0}, {spend, 1.0}};
    const double available = new_year ? account.amount[year] : 0.0;
    const double kept = !new_year ? 1.0 : stage_ == 0 ? 0.0 : account.carry_over;
    if (kept > 0.0) terms.push_back({in(states_.money[a]), -kept});
    const Noisy amount = [a, available, exchange = level_.exchange](const NoiseOutcome& outcome) {
      return (available + outcome.budget[a]) * exchange;
    };
    const double balance = amount(outcomes_.front());
    layout().money_row.push_back(add_row("budget " + account.id, balance, balance, terms));
    noisy_balances_.push_back({layout().money_row.back(), amount});
  }
}

// What stands at the end goes on to serve: its worth then, seen from the start.
void StageBuilder::add_end_worth() {
  if (!is_last_stage()) return;
  const double discount = std::pow(problem_.discount, static_cast<double>(problem_.stage_count()));
  for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
    if (states_.fleet[k] == none || problem_.pools[k].end_worth <= 0.0) continue;
    const double worth = discount * problem_.pools[k].end_worth * level_.worth;
    const std::size_t column = out(states_.fleet[k]);
    model().columns[column].cost -= worth;
    layout().end_value.push_back({column, worth});
  }
}

}  // namespace vorrat::fleet

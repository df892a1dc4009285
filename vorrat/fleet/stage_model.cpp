#include "vorrat/fleet/stage_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/stage_builder.h"

namespace vorrat::fleet {
namespace {

std::size_t add_state(StateLayout& layout, std::string name, double initial = 0.0) {
  layout.names.push_back(std::move(name));
  layout.initial.push_back(initial);
  return layout.names.size() - 1;
}

void add_purchase_states(const Problem& problem, std::size_t o, StateLayout& layout) {
  const Offer& offer = problem.offers[o];
  for (int l = 0; l < offer.lead; ++l) {
    layout.pipeline[o].push_back(add_state(layout, fmt::format("pipeline {} {}", offer.id, l + 1)));
  }
  if (is_gated_purchase(offer)) layout.waiting[o] = add_state(layout, "waiting " + offer.id);
  const auto gates = application_gates(problem, offer);
  for (std::size_t gate : gates) {
    layout.pending[o].push_back(
        add_state(layout, fmt::format("pending {} {}", offer.id, problem.gates[gate].id)));
  }
  if (!gates.empty()) layout.licence[o] = add_state(layout, "licence " + offer.id);
}

/// Whether no lease of the offer ends within the horizon, even if signed at the first occasion.
bool outlasts_horizon(const Problem& problem, const Offer& offer) {
  std::size_t first = 0;
  while (first < offer.supply.size() && offer.supply[first] <= 0.0) ++first;
  return static_cast<int>(first) + offer.lead + offer.term >=
         static_cast<int>(problem.stage_count());
}

void add_lease_states(const Problem& problem, std::size_t o, StateLayout& layout) {
  const Offer& offer = problem.offers[o];
  const bool outlasts = outlasts_horizon(problem, offer);
  const int slots = outlasts ? offer.lead : offer.lead + offer.term - 1;
  for (int l = 0; l < slots; ++l) {
    layout.held[o].push_back(add_state(layout, fmt::format("held {} {}", offer.id, l + 1)));
  }
  if (outlasts) layout.kept[o] = add_state(layout, "kept " + offer.id);
}

void add_power_states(const Problem& problem, StateLayout& layout) {
  layout.construction.resize(problem.projects.size());
  layout.built.assign(problem.sites.size(), none);
  for (std::size_t p = 0; p < problem.projects.size(); ++p) {
    const PowerProject& project = problem.projects[p];
    for (int l = 0; l < project.lead; ++l) {
      layout.construction[p].push_back(
          add_state(layout, fmt::format("construction {} {}", project.id, l + 1)));
    }
    std::size_t& built = layout.built[project.site];
    if (built == none) built = add_state(layout, "built " + problem.sites[project.site].id);
  }
}

}  // namespace

const std::vector<std::size_t>& needed_gates(const Problem& problem, const Offer& offer,
                                             const Regime& regime) {
  return offer.law.empty() ? offer.gates : offer.law[problem.regime_index(regime)].gates;
}

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

std::vector<std::size_t> application_gates(const Problem& problem, const Offer& offer) {
  std::vector<std::size_t> gates;
  if (offer.kind != Offer::Kind::buy) return gates;
  const auto asks = [&](const std::vector<std::size_t>& needed, std::size_t gate) {
    return std::find(needed.begin(), needed.end(), gate) != needed.end();
  };
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    if (!problem.gates[g].by_application) continue;
    const bool asked =
        offer.law.empty() ? asks(offer.gates, g)
                          : std::any_of(offer.law.begin(), offer.law.end(),
                                        [&](const LawOfRegime& law) { return asks(law.gates, g); });
    if (asked) gates.push_back(g);
  }
  return gates;
}

std::vector<double> lead_spread(const Offer& offer) {
  if (!offer.lead_shares.empty()) return offer.lead_shares;
  std::vector<double> spread(static_cast<std::size_t>(offer.lead) + 1, 0.0);
  spread.back() = 1.0;
  return spread;
}

bool has_state(const Problem& problem, std::size_t pool) {
  if (!problem.pools[pool].resale.empty()) return true;
  return std::any_of(problem.offers.begin(), problem.offers.end(), [&](const Offer& offer) {
    return offer.kind == Offer::Kind::buy && offer.pool == pool;
  });
}

double survival_in(const Problem& problem, std::size_t pool, std::size_t stage) {
  const auto& survival = problem.pools[pool].survival;
  return survival.empty() ? problem.survival : survival[stage];
}

double initial_left(const Problem& problem, std::size_t pool, std::size_t stage) {
  double left = problem.pools[pool].initial;
  for (std::size_t t = 0; t <= stage; ++t) left *= survival_in(problem, pool, t);
  return left;
}

double value_of(const std::vector<Term>& terms, const std::vector<double>& primal) {
  double sum = 0.0;
  for (const Term& term : terms) sum += term.value * primal[term.column];
  return sum;
}

StateLayout make_state_layout(const Problem& problem) {
  StateLayout layout;
  for (std::size_t k = 0; k < problem.pools.size(); ++k) {
    const Pool& pool = problem.pools[k];
    layout.fleet.push_back(
        has_state(problem, k)
            ? add_state(layout,
                        fmt::format("fleet {} {}", pool.accelerator, problem.sites[pool.site].id),
                        pool.initial)
            : none);
  }
  const std::size_t offers = problem.offers.size();
  layout.pipeline.resize(offers);
  layout.waiting.assign(offers, none);
  layout.pending.resize(offers);
  layout.licence.assign(offers, none);
  layout.held.resize(offers);
  layout.kept.assign(offers, none);
  for (std::size_t o = 0; o < offers; ++o) {
    if (problem.offers[o].kind == Offer::Kind::buy) {
      add_purchase_states(problem, o, layout);
    } else {
      add_lease_states(problem, o, layout);
    }
  }
  add_power_states(problem, layout);
  for (const Workload& workload : problem.workloads) {
    layout.demand.push_back(add_state(layout, "demand " + workload.id, workload.initial));
  }
  for (const Quota& quota : problem.quotas) {
    layout.quota.push_back(add_state(layout, "quota " + quota.id));
  }
  for (const Account& account : problem.accounts) {
    layout.money.push_back(add_state(layout, "money " + account.id));
  }
  return layout;
}

StageModel make_stage_model(const Problem& problem, const StateLayout& states, std::size_t stage,
                            const Regime& regime, std::size_t level) {
  needs(stage < problem.stage_count(), "stage < stage_count");
  needs(regime.size() == problem.gates.size(), "regime has one state per gate");
  needs(level < problem.level_count(stage), "level < level_count(stage)");
  return StageBuilder(problem, states, stage, regime, level).build();
}

StageBuilder::StageBuilder(const Problem& problem, const StateLayout& states, std::size_t stage,
                           const Regime& regime, std::size_t level)
    : problem_(problem),
      states_(states),
      stage_(stage),
      regime_(regime),
      level_(problem.level(stage, level)),
      discount_(std::pow(problem.discount, static_cast<double>(stage))),
      outcomes_(problem.outcomes(stage)),
      active_lease_(problem.offers.size()),
      redirected_to_(problem.offers.size()) {}

StageModel StageBuilder::build() {
  add_states();
  add_orders();
  add_waiting();
  add_applications();
  add_licences();
  add_quotas();
  add_seller_caps();
  add_pipelines();
  add_leases();
  add_power_projects();
  add_fleet_balances();
  add_minimum_fleets();
  add_service();
  add_power();
  add_spending();
  add_budgets();
  add_end_worth();
  finish_states();
  add_noise();
  return std::move(result_);
}

void StageBuilder::add_states() {
  for (const std::string& name : states_.names) {
    result_.problem.incoming.push_back(add_column("in " + name, -lp::infinity, lp::infinity));
  }
  result_.problem.outgoing.assign(states_.names.size(), none);
}

void StageBuilder::finish_states() {
  for (std::size_t k = 0; k < states_.names.size(); ++k) {
    needs(result_.problem.outgoing[k] != none, "every state of the fleet is handed on");
  }
}

std::size_t StageBuilder::out(std::size_t state) {
  std::size_t& column = result_.problem.outgoing[state];
  if (column == none) column = add_column("out " + states_.names[state], 0.0, lp::infinity);
  return result_.problem.outgoing[state];
}

void StageBuilder::share_out(std::size_t state, std::size_t column) {
  needs(result_.problem.outgoing[state] == none, "a state is handed on once");
  result_.problem.outgoing[state] = column;
}

std::size_t StageBuilder::add_column(std::string name, double lower, double upper, double cost) {
  return model().add_column(
      {.lower = lower, .upper = upper, .cost = cost, .name = std::move(name)});
}

std::size_t StageBuilder::add_row(std::string name, double lower, double upper,
                                  const std::vector<Term>& terms) {
  const std::size_t row =
      model().add_row({.lower = lower, .upper = upper, .name = std::move(name)});
  for (const Term& term : terms) model().add_entry(row, term.column, term.value);
  return row;
}

void StageBuilder::add_noisy_entry(std::size_t row, std::size_t column, Noisy value) {
  model().add_entry(row, column, value(outcomes_.front()));
  noisy_entries_.push_back({row, column, std::move(value)});
}

void StageBuilder::add_noisy_cost(std::size_t column, Noisy value) {
  model().columns[column].cost += value(outcomes_.front());
  noisy_costs_.push_back({column, std::move(value)});
}

bool StageBuilder::may_order_now(std::size_t o) const {
  return may_order(problem_, problem_.offers[o], regime_);
}

bool StageBuilder::needs_gate_now(const Offer& offer, std::size_t gate) const {
  const auto& gates = needed_gates(problem_, offer, regime_);
  return std::find(gates.begin(), gates.end(), gate) != gates.end();
}

double StageBuilder::price_of(std::size_t o) const {
  const Offer& offer = problem_.offers[o];
  const double factor = offer.kind == Offer::Kind::lease ? level_.rent : level_.price;
  return price_in(problem_, offer, regime_) * (offer.uses_price_level ? factor : 1.0);
}

// Only what differs between outcomes becomes a change.
void StageBuilder::add_noise() {
  if (stage_ == 0) return;
  const auto differs = [&](const Noisy& value) {
    return std::any_of(outcomes_.begin(), outcomes_.end(), [&](const NoiseOutcome& outcome) {
      return value(outcome) != value(outcomes_.front());
    });
  };
  using What = program::Change::What;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    program::Realization realization{.probability = outcomes_[i].probability,
                                     .changes = {},
                                     .name = outcomes_.size() > 1 ? fmt::format("{}", i + 1) : ""};
    for (const NoisyEntry& entry : noisy_entries_) {
      if (!differs(entry.value)) continue;
      realization.changes.push_back({.what = What::coefficient,
                                     .row = entry.row,
                                     .column = entry.column,
                                     .value = entry.value(outcomes_[i])});
    }
    for (const NoisyCost& cost : noisy_costs_) {
      if (!differs(cost.value)) continue;
      realization.changes.push_back(
          {.what = What::cost, .column = cost.column, .value = cost.value(outcomes_[i])});
    }
    for (const NoisyBalance& balance : noisy_balances_) {
      if (!differs(balance.value)) continue;
      realization.changes.push_back(
          {.what = What::row_both, .row = balance.row, .value = balance.value(outcomes_[i])});
    }
    result_.noise.push_back(std::move(realization));
  }
}

}  // namespace vorrat::fleet

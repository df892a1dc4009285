// What is applied for, ordered, let through and delivered; what is leased and built.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/stage_builder.h"

namespace vorrat::fleet {
namespace {

double most_supply(const Offer& offer) {
  return offer.supply.empty() ? 0.0 : *std::max_element(offer.supply.begin(), offer.supply.end());
}

bool may_cancel(const Offer& offer) { return offer.refund >= 0.0; }

double slip_of(const NoiseOutcome& outcome, std::size_t group) {
  return group == none ? 0.0 : outcome.slip[group];
}

}  // namespace

void StageBuilder::add_orders() {
  const std::size_t count = problem_.offers.size();
  for (auto* columns : {&layout().order, &layout().apply, &layout().ship, &layout().cancel,
                        &layout().redirect, &layout().arrival}) {
    columns->assign(count, none);
  }
  layout().supply.resize(count);
  layout().release.resize(count);
  layout().spending.resize(count);
  for (std::size_t o = 0; o < count; ++o) add_order(o);
}

void StageBuilder::add_order(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  // A lease runs where it stands: what a gate lets through is what can be signed.
  const double supply =
      offer.supply[stage_] * level_.supply *
      (offer.kind == Offer::Kind::lease ? release_share(problem_, offer, regime_) : 1.0);
  if (supply <= 0.0 || !may_order_now(o)) return;
  const std::size_t order = add_column("order " + offer.id, 0.0, supply);
  layout().order[o] = order;
  layout().supply[o].column = order;
  add_premium(o, supply);
  add_whole_numbers(order, offer.rack, offer.minimum_order, supply, offer.id);
}

// Beyond each step the price rises: excess above the step costs the difference. Convex, so that the
// excess is no larger than it must be.
void StageBuilder::add_premium(std::size_t o, double supply) {
  const Offer& offer = problem_.offers[o];
  double before = 1.0;
  for (std::size_t i = 0; i < offer.premium.size(); ++i) {
    const PremiumStep& step = offer.premium[i];
    const std::size_t excess =
        add_column(fmt::format("premium {} {}", offer.id, i + 1), 0.0, lp::infinity);
    add_row(fmt::format("premium {} {}", offer.id, i + 1), -step.share * supply, lp::infinity,
            {{excess, 1.0}, {layout().order[o], -1.0}});
    layout().spending[o].push_back({excess, (step.factor - before) * price_of(o)});
    before = step.factor;
  }
}

void StageBuilder::add_whole_numbers(std::size_t order, double multiple, double minimum,
                                     double most, const std::string& id) {
  if (!problem_.whole_numbers) return;
  if (multiple > 0.0) {
    const std::size_t racks = add_column("whole " + id, 0.0, std::floor(most / multiple + 1e-9));
    model().columns[racks].kind = lp::ColumnKind::integer;
    add_row("whole " + id, 0.0, 0.0, {{order, 1.0}, {racks, -multiple}});
  }
  if (minimum > 0.0) {
    const std::size_t any = add_column("any " + id, 0.0, 1.0);
    model().columns[any].kind = lp::ColumnKind::integer;
    add_row("at least " + id, 0.0, lp::infinity, {{order, 1.0}, {any, -minimum}});
    add_row("at most " + id, -lp::infinity, 0.0, {{order, 1.0}, {any, -most}});
  }
}

// Ordered goods wait until they may ship; until then they can be cancelled or moved, as the terms
// say.
void StageBuilder::add_waiting() {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    const Offer& offer = problem_.offers[o];
    if (!is_gated_purchase(offer)) {
      layout().ship[o] = layout().order[o];
      continue;
    }
    add_release(o);
    if (may_cancel(offer)) {
      layout().cancel[o] = add_column("cancel " + offer.id, 0.0, lp::infinity);
    }
    const std::size_t to = offer.redirect;
    if (to != none && layout().order[to] != none) {
      layout().redirect[o] = add_column("redirect " + offer.id, 0.0, lp::infinity);
      redirected_to_[to].push_back({layout().redirect[o], 1.0});
      count_redirected(to, layout().redirect[o]);
    }
  }
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    const std::size_t waiting = states_.waiting[o];
    if (waiting == none) {
      // Moved orders ship at once where nothing gates the other offer.
      if (redirected_to_[o].empty()) continue;
      const std::size_t ship = add_column("ship " + problem_.offers[o].id, 0.0, lp::infinity);
      std::vector<Term> terms = {{ship, 1.0}, {layout().order[o], -1.0}};
      for (const Term& moved : redirected_to_[o]) terms.push_back({moved.column, -1.0});
      add_row("ship " + problem_.offers[o].id, 0.0, 0.0, terms);
      layout().ship[o] = ship;
      continue;
    }
    std::vector<Term> balance = {{out(waiting), 1.0}, {in(waiting), -1.0}};
    const auto add = [&](std::size_t column, double value) {
      if (column != none) balance.push_back({column, value});
    };
    add(layout().order[o], -1.0);
    add(layout().ship[o], 1.0);
    add(layout().cancel[o], 1.0);
    add(layout().redirect[o], 1.0);
    for (const Term& moved : redirected_to_[o]) add(moved.column, -1.0);
    add_row("waiting " + problem_.offers[o].id, 0.0, 0.0, balance);
  }
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    if (problem_.offers[o].kind == Offer::Kind::buy && layout().ship[o] != none) {
      model().columns[layout().ship[o]].cost += shipping_cost(problem_.offers[o]);
      const double value = -end_value_of_shipment(problem_, problem_.offers[o], stage_);
      if (value != 0.0) layout().end_value.push_back({layout().ship[o], -value});
    }
  }
}

// What is moved to an offer counts with what it can supply.
void StageBuilder::count_redirected(std::size_t to, std::size_t moved) {
  LimitPlace& supply = layout().supply[to];
  if (supply.row == none) {
    const std::size_t order = layout().order[to];
    supply.row = add_row("supply " + problem_.offers[to].id, -lp::infinity,
                         model().columns[order].upper, {{order, 1.0}});
    supply.column = none;
    model().columns[order].upper = lp::infinity;
  }
  model().add_entry(supply.row, moved, 1.0);
}

void StageBuilder::add_release(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  const double most = release_share(problem_, offer, regime_) * most_supply(offer);
  if (most <= 0.0) return;
  layout().ship[o] = add_column("ship " + offer.id, 0.0, most);
  layout().release[o].column = layout().ship[o];
}

// What arrives after the horizon is charged and valued when it ships: no later stage will see it.
double StageBuilder::shipping_cost(const Offer& offer) const {
  double cost = -end_value_of_shipment(problem_, offer, stage_);
  const std::vector<double> spread = lead_spread(offer);
  const std::size_t install = static_cast<std::size_t>(offer.install);
  for (std::size_t l = 0; l < spread.size(); ++l) {
    const std::size_t delivered = stage_ + l - std::min(l, install);
    if (delivered < problem_.stage_count()) continue;
    cost += spread[l] * (1.0 - offer.deposit) * price_in(problem_, offer, regime_) *
            std::pow(problem_.discount, static_cast<double>(delivered));
  }
  return cost;
}

void StageBuilder::add_applications() {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    if (!states_.pending[o].empty()) add_application(o);
  }
}

// Through the gates in series: what one grants in a stage comes before the next in the same stage.
void StageBuilder::add_application(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  const double supply = offer.supply[stage_] * level_.supply;
  if (supply > 0.0 && may_order_now(o)) {
    layout().apply[o] = add_column("apply " + offer.id, 0.0, supply);
    if (offer.application_fee > 0.0) {
      layout().spending[o].push_back({layout().apply[o], offer.application_fee});
    }
  }
  const auto gates = application_gates(problem_, offer);
  const auto decided = [this, &offer](std::size_t g) -> Noisy {
    if (!needs_gate_now(offer, g)) return [](const NoiseOutcome&) { return 1.0; };
    const double share = problem_.gates[g].states[regime_[g]].decides;
    return [share, g](const NoiseOutcome& outcome) {
      return std::clamp(share * outcome.decides[g], 0.0, 1.0);
    };
  };
  // [source] what of it stands before the gate in question: pending at a gate so far, or new.
  std::vector<std::pair<std::size_t, Noisy>> before;
  if (layout().apply[o] != none) {
    before.emplace_back(layout().apply[o], [](const NoiseOutcome&) { return 1.0; });
  }
  const auto through = [](const Noisy& reached, const Noisy& share) -> Noisy {
    return
        [reached, share](const NoiseOutcome& outcome) { return reached(outcome) * share(outcome); };
  };
  for (std::size_t j = 0; j < gates.size(); ++j) {
    const std::size_t g = gates[j];
    const GateState& state = problem_.gates[g].states[regime_[g]];
    const bool needed = needs_gate_now(offer, g);
    const double grants = needed ? state.grants : 1.0;
    const double downgrades = needed ? state.downgrades : 0.0;
    const Noisy share = decided(g);
    before.emplace_back(in(states_.pending[o][j]), [](const NoiseOutcome&) { return 1.0; });
    const std::size_t row = add_row(fmt::format("pending {} {}", offer.id, problem_.gates[g].id),
                                    0.0, 0.0, {{out(states_.pending[o][j]), 1.0}});
    for (auto& [column, reached] : before) {
      add_noisy_entry(row, column, [reached, share](const NoiseOutcome& outcome) {
        return -reached(outcome) * (1.0 - share(outcome));
      });
      const Noisy passed = through(reached, share);
      if (downgrades > 0.0 && offer.downgrade != none) {
        grants_.push_back({offer.downgrade, column, [passed, downgrades](const NoiseOutcome& n) {
                             return downgrades * passed(n);
                           }});
      }
      reached = [passed, grants](const NoiseOutcome& n) { return grants * passed(n); };
    }
  }
  for (const auto& [column, reached] : before) grants_.push_back({o, column, reached});
}

// Licences: what is granted comes in, what is revoked or used goes out. Where the law of the regime
// asks for none of these gates, what ships uses none.
void StageBuilder::add_licences() {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    const std::size_t licence = states_.licence[o];
    if (licence == none) continue;
    const Offer& offer = problem_.offers[o];
    double kept = 1.0;
    bool is_needed = false;
    for (std::size_t g : application_gates(problem_, offer)) {
      if (!needs_gate_now(offer, g)) continue;
      is_needed = true;
      kept *= 1.0 - problem_.gates[g].states[regime_[g]].revokes;
    }
    std::vector<Term> terms = {{out(licence), 1.0}, {in(licence), -kept}};
    if (is_needed && layout().ship[o] != none) terms.push_back({layout().ship[o], 1.0});
    const std::size_t row = add_row("licence " + offer.id, 0.0, 0.0, terms);
    for (const Grant& grant : grants_) {
      if (grant.offer != o) continue;
      add_noisy_entry(row, grant.column,
                      [share = grant.share](const NoiseOutcome& n) { return -share(n); });
    }
  }
}

void StageBuilder::add_quotas() {
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

void StageBuilder::add_seller_caps() {
  for (const SellerCap& cap : problem_.seller_caps) {
    std::vector<Term> terms;
    for (std::size_t o : cap.offers) {
      if (layout().order[o] != none) terms.push_back({layout().order[o], 1.0});
      if (layout().order[o] == none) continue;
      for (const Term& moved : redirected_to_[o]) terms.push_back(moved);
    }
    layout().cap_row.push_back(terms.empty() ? none
                                             : add_row("seller " + cap.seller, -lp::infinity,
                                                       cap.supply[stage_] * level_.supply, terms));
  }
}

void StageBuilder::add_pipelines() {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    if (problem_.offers[o].kind == Offer::Kind::buy) {
      add_arrival(o);
      add_pipeline(o);
    }
  }
}

// Delivered at the site: what was due and did not slip, and what ships without any way to go.
void StageBuilder::add_arrival(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  const auto& pipeline = states_.pipeline[o];
  const std::size_t install = static_cast<std::size_t>(offer.install);
  const std::size_t ship = layout().ship[o];
  const double at_once = lead_spread(offer)[install];
  const bool has_due = install < pipeline.size();
  if (!has_due) {
    layout().arrival[o] = ship;
    return;
  }
  const std::size_t due = in(pipeline[install]);
  if (offer.slip == none && (at_once <= 0.0 || ship == none)) {
    layout().arrival[o] = due;
    return;
  }
  const std::size_t arrival = add_column("arrival " + offer.id, 0.0, lp::infinity);
  layout().arrival[o] = arrival;
  std::vector<Term> terms = {{arrival, 1.0}};
  if (at_once > 0.0 && ship != none) terms.push_back({ship, -at_once});
  const std::size_t row = add_row("arrival " + offer.id, 0.0, 0.0, terms);
  add_noisy_entry(row, due, [group = offer.slip](const NoiseOutcome& outcome) {
    return slip_of(outcome, group) - 1.0;
  });
  // What slips out of the horizon is still to be paid.
  if (is_last_stage() && offer.deposit < 1.0 && offer.slip != none) {
    const double balance = (1.0 - offer.deposit) * price_in(problem_, offer, regime_) *
                           std::pow(problem_.discount, static_cast<double>(stage_ + 1));
    add_noisy_cost(due, [balance, group = offer.slip](const NoiseOutcome& outcome) {
      return balance * slip_of(outcome, group);
    });
  }
}

void StageBuilder::add_pipeline(std::size_t o) {
  const Offer& offer = problem_.offers[o];
  const auto& pipeline = states_.pipeline[o];
  const std::vector<double> spread = lead_spread(offer);
  const std::size_t install = static_cast<std::size_t>(offer.install);
  const std::size_t ship = layout().ship[o];
  for (std::size_t l = 0; l < pipeline.size(); ++l) {
    const bool is_delivered = l + 1 == install;  // comes from the arrival
    const bool may_slip = l == install && offer.slip != none;
    const double share = is_delivered ? 0.0 : spread[l + 1];
    std::vector<Term> from;
    if (is_delivered) {
      if (layout().arrival[o] != none) from.push_back({layout().arrival[o], 1.0});
    } else if (l + 1 < pipeline.size()) {
      from.push_back({in(pipeline[l + 1]), 1.0});
    }
    if (share > 0.0 && ship != none) from.push_back({ship, share});
    if (!may_slip && from.empty()) {
      share_out(pipeline[l],
                add_column(fmt::format("out pipeline {} {}", offer.id, l + 1), 0.0, 0.0));
    } else if (!may_slip && from.size() == 1 && from.front().value == 1.0) {
      share_out(pipeline[l], from.front().column);
    } else {
      std::vector<Term> terms = {{out(pipeline[l]), 1.0}};
      for (const Term& term : from) terms.push_back({term.column, -term.value});
      const std::size_t row =
          add_row(fmt::format("pipeline {} {}", offer.id, l + 1), 0.0, 0.0, terms);
      if (may_slip) {
        add_noisy_entry(row, in(pipeline[l]), [group = offer.slip](const NoiseOutcome& outcome) {
          return -slip_of(outcome, group);
        });
      }
    }
  }
}

void StageBuilder::add_leases() {
  for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
    const Offer& offer = problem_.offers[o];
    if (offer.kind != Offer::Kind::lease) continue;
    const std::vector<std::size_t>& held = states_.held[o];
    const std::size_t order = layout().order[o];
    for (std::size_t l = 0; l < held.size(); ++l) {
      if (l + 1 < held.size()) {
        share_out(held[l], in(held[l + 1]));
      } else if (order != none) {
        share_out(held[l], order);
      } else {
        share_out(held[l], add_column(fmt::format("out held {} {}", offer.id, l + 1), 0.0, 0.0));
      }
    }
    std::vector<Term>& active = active_lease_[o];
    if (states_.kept[o] != none) {
      std::vector<Term> terms = {{out(states_.kept[o]), 1.0}, {in(states_.kept[o]), -1.0}};
      if (!held.empty()) {
        terms.push_back({in(held.front()), -1.0});
      } else if (order != none) {
        terms.push_back({order, -1.0});
      }
      add_row("kept " + offer.id, 0.0, 0.0, terms);
      active.push_back({out(states_.kept[o]), 1.0});
      continue;
    }
    if (offer.lead == 0 && order != none) active.push_back({order, 1.0});
    for (std::size_t l = 0; l < held.size() && l < static_cast<std::size_t>(offer.term); ++l) {
      active.push_back({in(held[l]), 1.0});
    }
  }
}

void StageBuilder::add_power_projects() {
  layout().build.assign(problem_.projects.size(), none);
  layout().project_supply.resize(problem_.projects.size());
  layout().project_spending.resize(problem_.projects.size());
  std::vector<std::vector<Term>> completed(problem_.sites.size());  // certain parts
  std::vector<std::pair<std::size_t, std::size_t>> due;             // (project, incoming column)
  for (std::size_t p = 0; p < problem_.projects.size(); ++p) {
    const PowerProject& project = problem_.projects[p];
    const auto& slots = states_.construction[p];
    if (project.supply[stage_] > 0.0) {
      const std::size_t build = add_column("build " + project.id, 0.0, project.supply[stage_]);
      layout().build[p] = build;
      layout().project_supply[p].column = build;
      layout().project_spending[p].push_back({build, project.price * level_.price});
      const double value = project.end_share * project.price *
                           std::pow(problem_.discount, static_cast<double>(problem_.stage_count()));
      model().columns[build].cost -= value;
      if (value != 0.0) layout().end_value.push_back({build, value});
      add_whole_numbers(build, project.phase, 0.0, project.supply[stage_], project.id);
      if (slots.empty()) completed[project.site].push_back({build, 1.0});
    }
    if (!slots.empty()) due.emplace_back(p, in(slots.front()));
    for (std::size_t l = 0; l < slots.size(); ++l) {
      const std::size_t from = l + 1 < slots.size() ? in(slots[l + 1]) : layout().build[p];
      if (l == 0 && project.slip != none) {
        std::vector<Term> terms = {{out(slots[l]), 1.0}};
        if (from != none) terms.push_back({from, -1.0});
        const std::size_t row = add_row("construction " + project.id, 0.0, 0.0, terms);
        add_noisy_entry(row, in(slots[l]), [group = project.slip](const NoiseOutcome& outcome) {
          return -slip_of(outcome, group);
        });
      } else if (from != none) {
        share_out(slots[l], from);
      } else {
        share_out(slots[l],
                  add_column(fmt::format("out construction {} {}", project.id, l + 1), 0.0, 0.0));
      }
    }
  }
  for (std::size_t s = 0; s < problem_.sites.size(); ++s) {
    const std::size_t built = states_.built[s];
    if (built == none) continue;
    std::vector<Term> terms = {{out(built), 1.0}, {in(built), -1.0}};
    for (const Term& term : completed[s]) terms.push_back({term.column, -1.0});
    const std::size_t row = add_row("built " + problem_.sites[s].id, 0.0, 0.0, terms);
    for (const auto& [p, column] : due) {
      if (problem_.projects[p].site != s) continue;
      add_noisy_entry(row, column,
                      [group = problem_.projects[p].slip](const NoiseOutcome& outcome) {
                        return slip_of(outcome, group) - 1.0;
                      });
    }
  }
}

}  // namespace vorrat::fleet

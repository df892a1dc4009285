// For tests: walks a plan node by node with nothing but the problem's data; no row of the model is
// asked.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/solve.h"

namespace vorrat::fleet {
class Walker {
 public:
  Walker(const FleetSolver& solver, const Plan& plan)
      : solver_(solver), problem_(solver.problem()), plan_(plan) {}

  /// Checks every limit, and that the costs met on the way are the plan's.
  void walk() {
    walk(0, {});
    check_money();
    EXPECT_NEAR(cost_, plan_.objective / 1e6, 1e-6 * std::max(100.0, std::abs(cost_)));
  }

 private:
  struct Carried {
    std::vector<double> owned, waiting, licence, kept_rent;
    std::vector<std::vector<double>> pending;  // [offer][gate of the problem]
    std::vector<std::vector<double>> due;      // [offer][stage] to be delivered
    std::vector<std::vector<double>> ready;    // [offer][stage] to be installed by then
    std::vector<std::vector<double>> leased;   // [offer][stage]
    std::vector<std::vector<double>> rising;   // [project][stage] MW to be ready
    std::vector<double> built;                 // [site]
    std::vector<double> left;                  // [account]
    std::vector<double> demand;
    std::vector<double> shipped;  // [quota]
  };
  struct Here {
    std::size_t node;
    const NodeFacts& facts;
    MarketLevel level;
    NoiseOutcome noise;
    double discount, weight;
  };

  double at(const Here& here, std::size_t column) const {
    return column == none ? 0.0 : solver_.visits()[here.node].primal[column];
  }

  void walk(std::size_t node, Carried carried) {
    const NodeFacts& facts = solver_.tree().nodes[node];
    const Here here{.node = node,
                    .facts = facts,
                    .level = problem_.level(facts.stage, facts.level),
                    .noise = problem_.outcomes(facts.stage)[facts.noise],
                    .discount = std::pow(problem_.discount, static_cast<double>(facts.stage)),
                    .weight = solver_.visits()[node].weight};
    if (carried.owned.empty()) start(carried);
    for (std::size_t k = 0; k < carried.owned.size(); ++k) {
      const auto& survival = problem_.pools[k].survival;
      carried.owned[k] *= survival.empty() ? problem_.survival : survival[facts.stage];
    }
    std::vector<double> spent(2, 0.0);  // purchases, rent
    decide(here, carried);
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) order(here, o, carried, spent);
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) receive(here, o, carried, spent);
    build(here, carried, spent);
    resell(here, carried, spent);
    check_power_and_fleet(here, carried);
    check_service(here, carried);
    check_budget(here, carried, spent);
    for (std::size_t q = 0; q < problem_.quotas.size(); ++q)
      EXPECT_LE(carried.shipped[q], problem_.quotas[q].limit + 1e-5) << "quota exceeded";
    cost_ += here.weight * here.discount * (spent[0] + spent[1]);
    for (const auto& arc : solver_.tree().graph.nodes[node].arcs) walk(arc.child, carried);
  }

  void start(Carried& carried) const {
    const std::size_t offers = problem_.offers.size();
    const std::vector<double> stages(problem_.stage_count() + 12, 0.0);
    for (const Pool& pool : problem_.pools) carried.owned.push_back(pool.initial);
    for (const Workload& workload : problem_.workloads) carried.demand.push_back(workload.initial);
    carried.waiting.assign(offers, 0.0);
    carried.licence.assign(offers, 0.0);
    carried.pending.assign(offers, std::vector<double>(problem_.gates.size(), 0.0));
    carried.due.assign(offers, stages);
    carried.ready = carried.leased = carried.due;
    carried.rising.assign(problem_.projects.size(), stages);
    carried.built.assign(problem_.sites.size(), 0.0);
    carried.left.assign(problem_.accounts.size(), 0.0);
    carried.shipped.assign(problem_.quotas.size(), 0.0);
  }

  /// What the data say, with the regime's place counted here and not by the model.
  LawOfRegime law_of(const Offer& offer, const Regime& regime) const {
    if (offer.law.empty())
      return {.may_order = true,
              .gates = offer.gates,
              .price = offer.price,
              .status = {},
              .sources = {}};
    std::size_t index = 0;
    for (std::size_t g = 0; g < regime.size(); ++g)
      index = index * problem_.gates[g].states.size() + regime[g];
    return offer.law[index];
  }
  bool asks(const LawOfRegime& law, std::size_t gate) const {
    return std::find(law.gates.begin(), law.gates.end(), gate) != law.gates.end();
  }
  /// Whether any regime asks the gate of the offer for applications.
  bool ever_applies(const Offer& offer, std::size_t gate) const {
    if (!problem_.gates[gate].by_application || offer.kind == Offer::Kind::lease) return false;
    if (offer.law.empty())
      return std::find(offer.gates.begin(), offer.gates.end(), gate) != offer.gates.end();
    return std::any_of(offer.law.begin(), offer.law.end(),
                       [&](const LawOfRegime& law) { return asks(law, gate); });
  }

  /// The authorities, one after the other; grants come before any shipping.
  void decide(const Here& here, Carried& carried) const {
    std::vector<double> granted(problem_.offers.size(), 0.0);
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const Offer& offer = problem_.offers[o];
      const LawOfRegime law = law_of(offer, here.facts.regime);
      double arriving = at(here, here.facts.layout.apply[o]);
      EXPECT_GE(arriving, -1e-7);
      if (!law.may_order) {
        EXPECT_EQ(arriving, 0.0) << "applies for what is prohibited";
      }
      bool applies = false;
      double kept = 1.0;
      for (std::size_t g = 0; g < problem_.gates.size(); ++g) {
        if (!ever_applies(offer, g)) continue;
        applies = true;
        const GateState& state = problem_.gates[g].states[here.facts.regime[g]];
        const double there = carried.pending[o][g] + arriving;
        const double share =
            asks(law, g) ? std::min(1.0, state.decides * here.noise.decides[g]) : 1.0;
        if (asks(law, g)) kept *= 1 - state.revokes;
        carried.pending[o][g] = there * (1 - share);
        arriving = there * share * (asks(law, g) ? state.grants : 1.0);
        if (asks(law, g) && offer.downgrade != none)
          granted[offer.downgrade] += there * share * state.downgrades;
      }
      carried.licence[o] *= kept;
      if (applies) granted[o] += arriving;
    }
    for (std::size_t o = 0; o < granted.size(); ++o) carried.licence[o] += granted[o];
  }

  double price_now(const Here& here, const Offer& offer, const LawOfRegime& law) const {
    return law.price * (offer.kind == Offer::Kind::lease ? here.level.rent : here.level.price);
  }

  void order(const Here& here, std::size_t o, Carried& carried, std::vector<double>& spent) {
    const Offer& offer = problem_.offers[o];
    const StageLayout& layout = here.facts.layout;
    const double order = at(here, layout.order[o]);
    const double supply = offer.supply[here.facts.stage] * here.level.supply;
    EXPECT_GE(order, -1e-7);
    EXPECT_LE(order, supply + 1e-6);
    const double ship = at(here, layout.ship[o]);
    const LawOfRegime law = law_of(offer, here.facts.regime);
    if (!law.may_order) {
      EXPECT_EQ(order, 0.0) << "orders what is prohibited";
      EXPECT_EQ(ship, 0.0) << "ships what is prohibited";
    }
    double released = 1.0;
    bool by_application = false;
    for (const std::size_t gate : law.gates) {
      const GateState& state = problem_.gates[gate].states[here.facts.regime[gate]];
      if (!state.may_order) {
        EXPECT_EQ(order, 0.0);
      }
      released = std::min(released, state.release);
      by_application |= problem_.gates[gate].by_application;
    }
    const double most_now = offer.kind == Offer::Kind::lease ? supply * released : supply;
    double premium = 0.0, before = 1.0;
    for (const PremiumStep& step : offer.premium) {
      premium += std::max(0.0, order - step.share * most_now) * (step.factor - before);
      before = step.factor;
    }
    premium *= price_now(here, offer, law);
    if (offer.kind == Offer::Kind::lease) {
      EXPECT_LE(order, supply * released + 1e-6) << "leases more than is granted";
      for (int l = 0; l < offer.term; ++l)
        carried.leased[o][here.facts.stage + static_cast<std::size_t>(offer.lead + l)] += order;
      spent[1] += premium + carried.leased[o][here.facts.stage] * price_now(here, offer, law);
      return;
    }
    const double cancelled = at(here, layout.cancel[o]), moved = at(here, layout.redirect[o]);
    carried.waiting[o] += order - ship - cancelled - moved;
    if (offer.redirect != none) carried.waiting[offer.redirect] += moved;
    if (!law.gates.empty()) {
      const double most = *std::max_element(offer.supply.begin(), offer.supply.end());
      EXPECT_LE(ship, most * released + 1e-6) << "ships more than is granted";
    }
    if (by_application) carried.licence[o] -= ship;
    EXPECT_GE(carried.licence[o], -1e-5) << "ships without a licence";
    for (std::size_t q = 0; q < problem_.quotas.size(); ++q) {
      const auto& under = problem_.quotas[q].offers;
      if (std::find(under.begin(), under.end(), o) != under.end()) carried.shipped[q] += ship;
    }
    spent[0] += order * (offer.deposit * law.price + price_now(here, offer, law) - law.price) +
                premium + at(here, layout.apply[o]) * offer.application_fee -
                std::max(0.0, offer.refund) * cancelled * offer.deposit * law.price;
    if (offer.redirect != none) {
      const Offer& other = problem_.offers[offer.redirect];
      spent[0] += moved * std::max(0.0, other.deposit * law_of(other, here.facts.regime).price -
                                            offer.deposit * law.price);
      EXPECT_TRUE(moved <= 1e-9 || law_of(other, here.facts.regime).may_order)
          << "moves an order to what is prohibited";
    }
    send(here, o, ship, law.price, carried);
  }

  /// What ships is due at the site by its spread; what comes after the horizon is charged now.
  void send(const Here& here, std::size_t o, double ship, double price, Carried& carried) {
    const Offer& offer = problem_.offers[o];
    std::vector<double> shares = offer.lead_shares;
    if (shares.empty()) {
      shares.assign(static_cast<std::size_t>(offer.lead) + 1, 0.0);
      shares.back() = 1.0;
    }
    for (std::size_t l = 0; l < shares.size(); ++l) {
      const std::size_t runs = here.facts.stage + l;
      cost_ -= here.weight * ship * shares[l] * end_value(problem_, offer, static_cast<int>(runs));
      if (shares[l] == 0.0) continue;
      const std::size_t delivered = runs - static_cast<std::size_t>(offer.install);
      carried.due[o][delivered] += ship * shares[l];
      if (delivered >= problem_.stage_count())
        cost_ += here.weight * ship * shares[l] * (1 - offer.deposit) * price *
                 std::pow(problem_.discount, static_cast<double>(delivered));
    }
  }

  void receive(const Here& here, std::size_t o, Carried& carried, std::vector<double>& spent) {
    const Offer& offer = problem_.offers[o];
    if (offer.kind == Offer::Kind::lease) return;
    // Moved orders are there once all offers have been looked at.
    EXPECT_GE(carried.waiting[o], -1e-5) << "ships what was not ordered";
    const std::size_t stage = here.facts.stage;
    const LawOfRegime law = law_of(offer, here.facts.regime);
    // What ships without a way to go is not on the road, so it cannot slip.
    double at_once = 0.0;
    if (offer.lead == offer.install || !offer.lead_shares.empty()) {
      const double share = offer.lead_shares.empty()
                               ? 1.0
                               : offer.lead_shares[static_cast<std::size_t>(offer.install)];
      at_once = share * at(here, here.facts.layout.ship[o]);
    }
    const double on_the_road = carried.due[o][stage] - at_once;
    const double slip = offer.slip == none ? 0.0 : here.noise.slip[offer.slip] * on_the_road;
    const double delivered = carried.due[o][stage] - slip;
    carried.due[o][stage + 1] += slip;
    if (stage + 1 == problem_.stage_count())
      cost_ += here.weight * slip * (1 - offer.deposit) * law.price *
               std::pow(problem_.discount, static_cast<double>(stage + 1));
    carried.ready[o][stage + static_cast<std::size_t>(offer.install)] += delivered;
    carried.owned[offer.pool] += carried.ready[o][stage];
    spent[0] += delivered * (1 - offer.deposit) * law.price;
  }

  void build(const Here& here, Carried& carried, std::vector<double>& spent) {
    for (std::size_t p = 0; p < problem_.projects.size(); ++p) {
      const PowerProject& project = problem_.projects[p];
      const std::size_t stage = here.facts.stage;
      const double slip =
          project.slip == none ? 0.0 : here.noise.slip[project.slip] * carried.rising[p][stage];
      carried.built[project.site] += carried.rising[p][stage] - slip;
      carried.rising[p][stage + 1] += slip;
      const double begun = at(here, here.facts.layout.build[p]);
      EXPECT_GE(begun, -1e-7);
      EXPECT_LE(begun, project.supply[stage] + 1e-6);
      if (project.lead == 0)
        carried.built[project.site] += begun;
      else
        carried.rising[p][stage + static_cast<std::size_t>(project.lead)] += begun;
      spent[0] += begun * project.price * here.level.price;
      cost_ -= here.weight * begun * project.price * project.end_share *
               std::pow(problem_.discount, static_cast<double>(problem_.stage_count()));
    }
  }

  void resell(const Here& here, Carried& carried, std::vector<double>& spent) {
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      const double sold = at(here, here.facts.layout.resale[k]);
      EXPECT_GE(sold, -1e-7);
      carried.owned[k] -= sold;
      EXPECT_GE(carried.owned[k], -1e-6) << "sells what is not there";
      if (sold > 0.0) spent[0] -= sold * problem_.pools[k].resale[here.facts.stage];
    }
  }

  void check_power_and_fleet(const Here& here, const Carried& carried) {
    std::vector<double> drawn(problem_.sites.size(), 0.0);
    for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
      double there = carried.owned[k], running = 0.0;
      for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
        if (problem_.offers[o].kind == Offer::Kind::lease && problem_.offers[o].pool == k)
          there += carried.leased[o][here.facts.stage];
      }
      for (const std::size_t column : here.facts.layout.allocation[k]) running += at(here, column);
      EXPECT_LE(running, there + 1e-5);
      drawn[problem_.pools[k].site] += running * problem_.pools[k].power_mw_per_k;
      cost_ += here.weight * here.discount * running * problem_.pools[k].running_cost;
    }
    for (std::size_t s = 0; s < drawn.size(); ++s) {
      EXPECT_LE(drawn[s], problem_.sites[s].power[here.facts.stage] + carried.built[s] + 1e-5)
          << "power exceeded at node " << here.node;
    }
  }

  void check_service(const Here& here, Carried& carried) {
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      const Workload& workload = problem_.workloads[w];
      if (here.facts.stage > 0) carried.demand[w] *= here.noise.growth[w] * here.level.growth;
      double served = 0.0;
      for (std::size_t k = 0; k < problem_.pools.size(); ++k) {
        served += at(here, here.facts.layout.allocation[k][w]) * problem_.pools[k].throughput[w] /
                  workload.peak_factor;
      }
      const double unserved = at(here, here.facts.layout.unserved[w]);
      EXPECT_GE(unserved, -1e-6);
      EXPECT_NEAR(served + unserved, carried.demand[w], 1e-5 * std::max(1.0, carried.demand[w]));
      cost_ += here.weight * here.discount * unserved * workload.unserved_price * here.level.worth;
    }
  }

  void check_budget(const Here& here, Carried& carried, const std::vector<double>& spent) const {
    const std::size_t stage = here.facts.stage;
    const std::size_t year = problem_.year_of_stage[stage];
    const bool begins = stage == 0 || problem_.year_of_stage[stage - 1] != year;
    for (std::size_t a = 0; a < problem_.accounts.size(); ++a) {
      const Account& account = problem_.accounts[a];
      if (begins) carried.left[a] *= account.carry_over;
      carried.left[a] +=
          ((begins ? account.amount[year] : 0.0) + here.noise.budget[a]) * here.level.exchange;
      carried.left[a] -= spent[account.pays_for == Offer::Kind::lease ? 1 : 0];
      EXPECT_GE(carried.left[a], -1e-4) << "more spent than there is";
    }
  }

  // Lines add up to the year's total to the cent.
  void check_money() const {
    for (const YearMoney& year : plan_.years) {
      std::int64_t sum = 0;
      for (const MoneyLine& line : plan_.money) {
        const bool lease = line.kind == "rent";
        if (line.year != year.year || line.kind == "electricity") continue;
        if (lease == (year.account == "lease")) sum += line.cents;
      }
      EXPECT_EQ(sum, year.spent_cents);
    }
  }

  const FleetSolver& solver_;
  const Problem& problem_;
  const Plan& plan_;
  double cost_ = 0.0;  // met so far, weighted and discounted [M]
};

}  // namespace vorrat::fleet

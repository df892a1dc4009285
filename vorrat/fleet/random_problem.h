// Random small fleet problems for property tests: varied enough to make every limit bind now and
// then.
#pragma once

#include <string>

#include "vorrat/base/random.h"
#include "vorrat/fleet/problem.h"

namespace vorrat::fleet {

class RandomProblem {
 public:
  explicit RandomProblem(std::uint64_t seed) : stream_(seed, "random problem") {}

  /// The same, with a law that differs by regime: some offers forbidden, some behind gates, some
  /// dearer by a duty, and quotas that offers share.
  Problem make_with_law() {
    Problem problem = make();
    for (Offer& offer : problem.offers) {
      for (std::size_t regime = 0; regime < problem.regime_count(); ++regime) {
        LawOfRegime law{.may_order = !chance(0.25),
                        .gates = {},
                        .price = offer.price,
                        .status = {},
                        .sources = {}};
        for (std::size_t g = 0; g < problem.gates.size(); ++g) {
          if (chance(0.8)) law.gates.push_back(g);
        }
        if (offer.kind == Offer::Kind::buy && chance(0.5)) law.price *= 1.25;
        offer.law.push_back(law);
      }
    }
    for (int q = whole(0, 2); q > 0; --q) {
      Quota quota{.id = "quota" + std::to_string(q), .limit = between(0, 20), .offers = {}};
      for (std::size_t o = 0; o < problem.offers.size(); ++o) {
        if (problem.offers[o].kind == Offer::Kind::buy && chance(0.6)) quota.offers.push_back(o);
      }
      problem.quotas.push_back(quota);
    }
    return problem;
  }

  Problem make() {
    Problem problem;
    const int stages = whole(2, 4);
    for (int t = 0; t < stages; ++t) {
      problem.stage_names.push_back("t" + std::to_string(t));
      problem.year_of_stage.push_back(static_cast<std::size_t>(t / 2));
    }
    for (int y = 0; y <= (stages - 1) / 2; ++y)
      problem.year_names.push_back("y" + std::to_string(y));
    problem.discount = between(0.9, 1.0);
    problem.survival = between(0.95, 1.0);
    problem.life = between(4, 20);
    problem.end_share = between(0, 0.9);
    problem.branching = {4, 3, 2};
    problem.currency = "USD";
    add_gates(problem);
    add_sites(problem, stages);
    add_workloads(problem);
    add_offers(problem, stages);
    problem.accounts.push_back({.id = "capital", .pays_for = Offer::Kind::buy, .amount = {}});
    if (chance(0.5))
      problem.accounts.push_back({.id = "lease", .pays_for = Offer::Kind::lease, .amount = {}});
    for (Account& account : problem.accounts) {
      for (std::size_t y = 0; y < problem.year_names.size(); ++y)
        account.amount.push_back(between(0, 800));
    }
    add_noise(problem);
    return problem;
  }

  /// With all that a fleet may hold: a market that moves, applications, slips, spread leads,
  /// installation, premiums, cancelling, moving, power to build, resale, carried money. Small.
  Problem make_whole() {
    Problem problem = make_with_law();
    problem.branching = {6, 3, 2};
    problem.slip_groups = {"maker"};
    for (std::size_t g = 0; g < problem.gates.size(); ++g) {
      Gate& gate = problem.gates[g];
      gate.by_application = chance(0.7);
      for (GateState& state : gate.states) {
        state.decides = between(0, 1);
        state.grants = between(0.3, 0.9);
        state.downgrades = between(0, 1 - state.grants);
        state.revokes = chance(0.3) ? between(0, 1) : 0.0;
      }
    }
    add_market(problem);
    for (std::size_t o = 0; o < problem.offers.size(); ++o) add_terms(problem, o);
    add_projects(problem);
    // Parts that stand there at the start, can be sold, and are not bought any more.
    Pool old{.accelerator = "old", .site = 0, .initial = between(1, 10), .throughput = {}};
    for (std::size_t w = 0; w < problem.workloads.size(); ++w)
      old.throughput.push_back(between(0.5, 4));
    for (std::size_t t = 0; t < problem.stage_count(); ++t) {
      old.resale.push_back(between(0, 3));
      old.survival.push_back(between(0.8, 1));
    }
    problem.pools.push_back(old);
    for (Account& account : problem.accounts) account.carry_over = between(0, 1);
    for (auto& outcomes : problem.noise) {
      for (NoiseOutcome& outcome : outcomes) {
        outcome.slip = {chance(0.5) ? between(0, 1) : 0.0};
        outcome.decides.assign(problem.gates.size(), between(0.5, 1.5));
        for (double& money : outcome.budget) money = between(0, 50);
      }
    }
    return problem;
  }

 private:
  void add_noise(Problem& problem) {
    problem.noise.resize(problem.stage_count());
    for (std::size_t t = 1; t < problem.stage_count(); ++t) {
      for (const bool strong : {false, true}) {
        NoiseOutcome outcome = problem.outcomes(0).front();
        outcome.probability = 0.5;
        for (double& growth : outcome.growth) growth = strong ? between(1.2, 2) : between(0.9, 1.2);
        problem.noise[t].push_back(outcome);
      }
    }
  }

  void add_market(Problem& problem) {
    Market& market = problem.market;
    market.levels = {{MarketLevel{}}};
    for (std::size_t t = 1; t < problem.stage_count(); ++t) {
      auto& levels = market.levels.emplace_back();
      for (const char* id : {"low", "high"}) {
        levels.push_back({.id = id,
                          .price = between(0.8, 1.2),
                          .rent = 1.0,
                          .exchange = between(0.9, 1.1),
                          .growth = between(0.9, 1.1),
                          .supply = between(0.5, 1.2),
                          .worth = between(0.8, 1.2)});
      }
      const double up = unit(), down = unit();
      if (t == 1) {
        market.transition.push_back({{1 - up, up}});
      } else {
        market.transition.push_back({{1 - up, up}, {down, 1 - down}});
      }
    }
  }

  void add_terms(Problem& problem, std::size_t o) {
    Offer& offer = problem.offers[o];
    if (chance(0.5)) offer.premium = {{0.5, 1.1}, {0.8, between(1.2, 1.5)}};
    if (offer.kind == Offer::Kind::lease) return;
    offer.install = whole(0, offer.lead);
    if (chance(0.5)) {
      offer.lead_shares.assign(static_cast<std::size_t>(offer.lead) + 1, 0.0);
      double left = 1.0;
      for (int l = offer.install; l < offer.lead; ++l) {
        offer.lead_shares[static_cast<std::size_t>(l)] = left * between(0, 0.5);
        left -= offer.lead_shares[static_cast<std::size_t>(l)];
      }
      offer.lead_shares.back() = left;
    }
    if (chance(0.6)) offer.slip = 0;
    if (chance(0.5)) offer.refund = between(0, 1);
    offer.application_fee = chance(0.5) ? between(0, 0.5) : 0.0;
    for (std::size_t other = 0; other < problem.offers.size(); ++other) {
      if (other == o || problem.offers[other].kind != Offer::Kind::buy) continue;
      if (chance(0.4)) offer.redirect = other;
      if (chance(0.4)) offer.downgrade = other;
    }
  }

  void add_projects(Problem& problem) {
    for (std::size_t s = 0; s < problem.sites.size(); ++s) {
      if (chance(0.4)) continue;
      PowerProject project{.id = "hall" + std::to_string(s),
                           .site = s,
                           .price = between(0.5, 5),
                           .end_share = between(0, 0.5),
                           .lead = whole(0, 2),
                           .supply = {}};
      for (std::size_t t = 0; t < problem.stage_count(); ++t)
        project.supply.push_back(chance(0.5) ? between(0, 10) : 0.0);
      if (chance(0.5)) project.slip = 0;
      problem.projects.push_back(project);
    }
  }

  double unit() { return stream_.uniform(count_++); }
  double between(double low, double high) { return low + (high - low) * unit(); }
  int whole(int low, int high) { return low + static_cast<int>(unit() * (high - low + 1)); }
  bool chance(double p) { return unit() < p; }

  void add_gates(Problem& problem) {
    const int count = whole(0, 2);
    for (int g = 0; g < count; ++g) {
      Gate gate{.id = "gate" + std::to_string(g),
                .title = "",
                .states = {{"shut", chance(0.5), 0.0}, {"open", true, between(0.3, 1.0)}},
                .start = static_cast<std::size_t>(whole(0, 1)),
                .transition = {}};
      if (g == 1) gate.depends_on = 0;
      for (int d = 0; d < (g == 1 ? 2 : 1); ++d) {
        const double opens = unit(), shuts = unit();
        gate.transition.push_back({{1 - opens, opens}, {shuts, 1 - shuts}});
      }
      problem.gates.push_back(gate);
    }
  }

  void add_sites(Problem& problem, int stages) {
    const int count = whole(1, 2);
    for (int s = 0; s < count; ++s) {
      Site site{.id = "site" + std::to_string(s), .title = "", .power = {}};
      double power = between(0, 30);
      for (int t = 0; t < stages; ++t) site.power.push_back(power += between(0, 10));
      problem.sites.push_back(site);
    }
  }

  void add_workloads(Problem& problem) {
    const int count = whole(1, 2);
    for (int w = 0; w < count; ++w) {
      Workload workload{.id = "work" + std::to_string(w),
                        .title = "",
                        .peak_factor = between(1, 1.5),
                        .unserved_price = between(0.1, 5),
                        .presence = {},
                        .software = {}};
      problem.workloads.push_back(workload);
    }
  }

  void add_offers(Problem& problem, int stages) {
    const int count = whole(1, 3);
    for (int o = 0; o < count; ++o) {
      const std::string name = "part" + std::to_string(o);
      Offer offer{.id = "offer" + std::to_string(o),
                  .accelerator = name,
                  .seller = "s",
                  .route = "r",
                  .supply = {},
                  .gates = {}};
      offer.site = static_cast<std::size_t>(whole(0, static_cast<int>(problem.sites.size()) - 1));
      offer.kind = chance(0.3) ? Offer::Kind::lease : Offer::Kind::buy;
      offer.price = offer.kind == Offer::Kind::buy ? between(5, 40) : between(0.5, 4);
      offer.end_price = offer.price * between(0.5, 1);
      offer.deposit = between(0, 1);
      offer.lead = whole(0, 2);
      offer.term = whole(1, 3);
      for (int t = 0; t < stages; ++t) offer.supply.push_back(chance(0.2) ? 0 : between(1, 30));
      for (std::size_t g = 0; g < problem.gates.size(); ++g) {
        if (chance(0.6)) offer.gates.push_back(g);
      }
      Pool pool{.accelerator = name,
                .site = offer.site,
                .initial = offer.kind == Offer::Kind::buy ? between(0, 10) : 0.0,
                .power_mw_per_k = offer.kind == Offer::Kind::buy ? between(0.3, 2) : 0.0,
                .running_cost = between(0, 0.5),
                .throughput = {}};
      for (std::size_t w = 0; w < problem.workloads.size(); ++w) {
        pool.throughput.push_back(chance(0.25) ? 0.0 : between(1, 12));
      }
      offer.pool = problem.pools.size();
      problem.pools.push_back(pool);
      problem.offers.push_back(offer);
    }
  }

  RandomStream stream_;
  std::uint64_t count_ = 0;
};

}  // namespace vorrat::fleet

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
    problem.growth_probability = {0.5, 0.5};
    add_gates(problem);
    add_sites(problem, stages);
    add_workloads(problem, stages);
    add_offers(problem, stages);
    problem.accounts.push_back({.id = "capital", .pays_for = Offer::Kind::buy, .amount = {}});
    if (chance(0.5))
      problem.accounts.push_back({.id = "lease", .pays_for = Offer::Kind::lease, .amount = {}});
    for (Account& account : problem.accounts) {
      for (std::size_t y = 0; y < problem.year_names.size(); ++y)
        account.amount.push_back(between(0, 800));
    }
    return problem;
  }

 private:
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

  void add_workloads(Problem& problem, int stages) {
    const int count = whole(1, 2);
    for (int w = 0; w < count; ++w) {
      Workload workload{.id = "work" + std::to_string(w),
                        .title = "",
                        .peak_factor = between(1, 1.5),
                        .unserved_price = between(0.1, 5),
                        .growth = {}};
      for (int t = 0; t < stages; ++t)
        workload.growth.push_back({between(0.9, 1.2), between(1.2, 2)});
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

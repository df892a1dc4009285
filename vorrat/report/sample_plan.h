// A made-up plan of any size with something in every part: for the tests of this folder.
#pragma once

#include <string>

#include "vorrat/report/plan_tables.h"

namespace vorrat::report {

struct SampleSize {
  int quarters = 8, offers = 6, sites = 3;
};

inline std::string sample_quarter(int t) {
  return std::to_string(2026 + t / 4) + "Q" + std::to_string(t % 4 + 1);
}

inline void add_sample_offer(fleet::Plan& plan, const SampleSize& size, int o) {
  fleet::OrderLine line;
  line.offer = "offer-" + std::to_string(o);
  line.accelerator = "part-" + std::to_string(o / 2);
  line.seller = "Seller & Sons <Ltd>";
  line.route = o % 3 == 0 ? "direct" : "through the port";
  line.site = "place" + std::to_string(o % size.sites);
  line.transaction = o % 4 == 3 ? "lease" : "buy";
  line.quantity = o % 2 == 0 ? 1000.5 * (o + 1) : 0.0;
  line.unit_price = 25000;
  line.cost = line.quantity * line.unit_price;
  line.pay_now = line.cost * 0.3;
  line.arrives = sample_quarter(1 + o % (size.quarters - 1));
  line.waits_for_gates = o % 4 == 0;
  line.lot = 1000;
  line.law_status = "licence_case_by_case";
  line.law_sources = {"us-2026-01-cbc/review"};
  if (o % 3 != 0) line.worth_of_one_more = 1234.5 * (o - 2);
  line.worth_of_one_less = -17.25 * o;
  const std::string kind = line.transaction == "lease" ? "rent" : "purchase";
  for (int year = 0; year < (size.quarters + 3) / 4; ++year) {
    plan.money.push_back({.year = std::to_string(2026 + year),
                          .purpose = line.offer,
                          .kind = kind,
                          .cents = 1234567890123LL + 7919LL * o + year});
  }
  if (line.quantity > 0.0) line.why = "serves 1 % of today's chat for 0.05 m USD a quarter";
  // Every third accelerator at its site is not running yet.
  if (o % 3 != 2) {
    for (const char* workload : {"chat", "training"})
      plan.uses.push_back({line.accelerator, line.site, workload, workload[0] == 'c' ? 3.0 : 1.0});
  }
  if (line.quantity == 0.0) line.why_none = "dearer than offer-0 for 1,234 of \"chat\"";
  (line.quantity > 0.0 ? plan.orders : plan.not_ordered).push_back(line);
}

inline void add_sample_quarter(fleet::Plan& plan, const SampleSize& size, int t) {
  const std::string quarter = sample_quarter(t);
  for (int a = -1; a < size.offers / 2; ++a) {
    const double many = 1000.0 * (a + 2) * (t + 1);
    plan.fleet.push_back({.stage = quarter,
                          .accelerator = a < 0 ? "all" : "part-" + std::to_string(a),
                          .p05 = many * (a == 0 ? 1.0 : 0.8),
                          .p50 = many,
                          .p95 = many * (a == 0 ? 1.0 : 1.3),
                          .mean = many,
                          .mean_idle = a == 1 ? many * 0.1 : 0.0});
  }
  for (const char* workload : {"chat", "training"}) {
    plan.service.push_back({.stage = quarter,
                            .workload = workload,
                            .unit = "tokens/s",
                            .demand_mean = 8.3e8 * (t + 1),
                            .odds_served = 1.0 / (t + 1),
                            .unserved_mean = 1e7 * t,
                            .unserved_share = 0.02 * t});
  }
}

inline void add_sample_gate(fleet::Plan& plan, const SampleSize& size) {
  std::vector<double> odds;
  for (int t = 0; t < size.quarters; ++t) {
    odds.push_back(static_cast<double>(t) / size.quarters);
    for (const char* state : {"review", "granted"})
      plan.gates.push_back({.stage = sample_quarter(t),
                            .gate = "us-licence",
                            .state = state,
                            .odds = state[0] == 'g' ? odds.back() : 1.0 - odds.back()});
    plan.licences.push_back({.stage = sample_quarter(t),
                             .offer = "offer-0",
                             .applied_mean = 100.0,
                             .pending_mean = 50.0,
                             .shipped_p05 = 0.0,
                             .shipped_p50 = 40.0 * t,
                             .shipped_p95 = 90.0 * t,
                             .shipped_mean = 45.0 * t});
  }
  plan.gate_dates = {{.gate = "us-licence",
                      .odds_by_stage = odds,
                      .p05 = sample_quarter(1),
                      .p50 = sample_quarter(size.quarters - 1),
                      .p95 = ""}};
}

/// The same plan as if by decomposition.
inline void make_decomposed(fleet::Plan& plan) {
  plan.other_trees.clear();
  plan.method.name = "decomposition (SDDP)";
  plan.method.solver = "vorrat stage solver";
  plan.method.is_sampled_cost = true;
  plan.method.half_width = 40e6;
  plan.method.paths = 2000;
  plan.method.target_gap = 0.01;
  plan.method.converged = true;
  plan.method.reason = "the gap is met";
  plan.method.regimes = 6;
  plan.method.levels = 3;
  plan.method.outcomes = 27;
  plan.method.log = {{1, 10e9, 0.1}, {2, 15e9, 0.2}, {100, 19.4e9, 3.0}};
}

inline fleet::Plan sample_plan(const SampleSize& size = {}) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::optimal;
  plan.currency = "USD";
  plan.objective = 19.5e9;
  plan.bound = 19.4e9;
  plan.gap = 0.005;
  plan.unserved_cost = 11.7e9;
  for (int o = 0; o < size.offers; ++o) add_sample_offer(plan, size, o);
  for (int t = 0; t < size.quarters; ++t) add_sample_quarter(plan, size, t);
  add_sample_gate(plan, size);
  for (int year = 0; year < (size.quarters + 3) / 4; ++year) {
    for (const char* account : {"capital", "lease"}) {
      fleet::YearMoney line{.year = std::to_string(2026 + year), .account = account};
      line.budget_cents = 9'000'000'000'000'000;
      for (const auto& money : plan.money) {
        const bool mine = (money.kind == "rent") == (line.account == "lease");
        if (money.year == line.year && mine) line.spent_cents += money.cents;
      }
      plan.years.push_back(line);
    }
  }
  for (int s = 0; s < size.sites; ++s) {
    plan.limits.push_back({.kind = "power",
                           .name = "power at place" + std::to_string(s),
                           .unit = "MW",
                           .step = 1,
                           .gain_per_unit_up = 1.4e6 / (s + 1),
                           .odds_binding = 0.33});
  }
  plan.other_trees = {{.seed = 2, .objective = 16.1e9, .quantities = {1, 2}},
                      {.seed = 3, .objective = 20.1e9, .quantities = {1, 5}}};
  plan.method = {.name = "scenario tree, extensive form",
                 .solver = "HiGHS",
                 .tree_nodes = 679,
                 .leaves = 144,
                 .rows = 78900,
                 .columns = 80331,
                 .sampled = true,
                 .seed = 7,
                 .end_value = "straight line",
                 .end_value_mean = 2.92e9,
                 .iterations = 10,
                 .resolves = 44,
                 .seconds = 31.7};
  return plan;
}

inline RunFacts sample_facts(const SampleSize& size = {}) {
  RunFacts facts{.scenario = "sample",
                 .title = "A made-up buyer, first quarter of 2026",
                 .known_on = "2026-02-09",
                 .input_hash = std::string(64, 'a'),
                 .version = "0.1.0",
                 .assumptions = {"growth_fade of workload \"chat\" = 0 %/quarter (none written)"},
                 .notes = {"ranges are planned at their means"},
                 .sites = {},
                 .rules = {},
                 .register_of_assumptions = {}};
  for (int s = 0; s < size.sites; ++s) {
    facts.sites.push_back({.id = "place" + std::to_string(s),
                           .title = "Place" + std::to_string(s) + ", Somewhere",
                           .jurisdiction = "MY",
                           .owner = "leased",
                           .latitude = 60.0 - 10 * s,
                           .longitude = -100.0 + 17 * s,
                           .power = {{"2026Q1", 50.0 + s}, {"2026Q3", 110.0 + s}}});
    facts.register_of_assumptions.push_back(
        {.name = "power of place" + std::to_string(s) + " in 2026Q1",
         .value = std::to_string(50 + s) + " MW",
         .source = "press, 2025-12-31",
         .date = "2025-12-31",
         .kind = "reported"});
  }
  facts.rules = {{.provision = "us-2026-01-cbc/review",
                  .instrument = "Revision to licence review",
                  .citation = "91 FR 1684",
                  .paragraph = "742.6(b)(10)",
                  .says = "applications are looked at case by case",
                  .source = "Federal Register",
                  .support = "independent",
                  .status = "licence_case_by_case",
                  .offers = {"offer-0", "offer-2"}}};
  return facts;
}

}  // namespace vorrat::report

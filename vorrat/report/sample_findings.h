// Made-up findings about sample_plan(), of any size, with something in every part: for tests.
#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "vorrat/insight/findings.h"
#include "vorrat/report/sample_plan.h"

namespace vorrat::report {

inline insight::BreakEven sample_point(const std::string& offer, const std::string& input,
                                       double now, std::optional<double> at) {
  insight::BreakEven point;
  point.offer = offer;
  point.input = input;
  point.now = now;
  point.at = at;
  point.tried_low = 0.05 * now;
  point.tried_high = 20 * now;
  if (at) {
    // A worth that falls along a line through zero at the break-even point.
    for (const double factor : {0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 10.0})
      point.curve.push_back({.value = factor * now, .worth = 1e3 * (*at - factor * now)});
  }
  return point;
}

inline insight::Explanation sample_explanation(int o) {
  insight::Explanation line;
  line.offer = "offer-" + std::to_string(o);
  line.may_order = true;
  line.ordered = o % 2 == 0 ? 1000.5 * (o + 1) : 0.0;
  line.lot = 1000;
  line.now_against_waiting = (o % 2 == 0 ? 1e7 : -2e6) * (o + 1);
  const double price = 25000.0 + 1000.0 * o;
  line.break_evens = {sample_point(line.offer, "price of " + line.offer, price, 1.4 * price)};
  line.break_evens[0].unit = "USD each";
  if (o % 4 == 0) {
    line.break_evens.push_back(sample_point(
        line.offer, "odds that us-licence lets something pass by 2026Q3", 0.54, std::nullopt));
  }
  line.sentence = o % 2 == 0 ? "ordered: to wait for 2026Q2 costs USD 10 m"
                             : "waits: ordering 1000 now costs USD 2 m more than waiting";
  return line;
}

inline insight::TornadoLine sample_bar(const std::string& input, const std::string& figure,
                                       double swing) {
  return {.input = input,
          .unit = "USD each",
          .range_from = "assumed",
          .figures = {figure},
          .now = 100,
          .low = {.value = 80,
                  .cost = 19.5e9 - 0.4 * swing,
                  .cost_kept = 19.5e9 - 0.3 * swing,
                  .moved = 0.02},
          .high = {.value = 125,
                   .cost = 19.5e9 + 0.6 * swing,
                   .cost_kept = 19.5e9 + 0.7 * swing,
                   .moved = 0.25}};
}

inline insight::Findings sample_findings(const SampleSize& size = {}) {
  insight::Findings found;
  found.has_plan = true;
  found.is_sampled = found.is_reported = true;
  found.currency = "USD";
  found.futures = 36;
  found.seed = 7;
  found.cost = 19.5e9;
  std::vector<double> more;
  for (int o = 0; o < size.offers; ++o) {
    found.offers.push_back("offer-" + std::to_string(o));
    found.ordered.push_back(o % 2 == 0 ? 1000.5 * (o + 1) : 0.0);
    more.push_back(1200.0 * (o + 1));
    found.explanations.push_back(sample_explanation(o));
    found.near_best.ranges.push_back(
        {.offer = found.offers.back(), .best = found.ordered.back(), .least = 0, .most = 9000});
    found.tornado.push_back(sample_bar("price of " + found.offers.back(),
                                       "price of " + found.offers.back(), 4e8 / (o + 1)));
  }
  for (int s = 0; s < size.sites; ++s) {
    const std::string power = "power of place" + std::to_string(s) + " in 2026Q1";
    found.tornado.push_back(
        sample_bar("power at place" + std::to_string(s), power, 1.5e8 / (s + 1)));
  }
  std::ranges::stable_sort(found.tornado, std::greater<>(), &insight::TornadoLine::swing);
  found.waiting.all = 1.1e9;
  found.information = {.cost = 19.5e9,
                       .cost_if_known = 19.1e9,
                       .perfect_information = 0.4e9,
                       .promised = 18e9,
                       .average_orders = {},
                       .average_cost = {},
                       .stochastic_solution = {},
                       .why_undefined = "undefined: the average plan fails in 2026Q4 (8 %)",
                       .failed = {},
                       .uncertainties = {{"gate us-licence", 19.2e9, 0.3e9}}};
  found.stresses = {{"the window shuts in 2026Q3", 20e9, 20.2e9, more, 0.4}};
  found.regret = {.trees = 8,
                  .lines = {{insight::Rule::reported_plan, 19.6e9, {}, 0},
                            {insight::Rule::wait, 20.9e9, {}, 0},
                            {insight::Rule::never_import, {}, {}, 8}}};
  found.regret.lines[0].regret = {.mean = 0, .half_width = 0, .count = 8};
  found.regret.lines[1].regret = {.mean = 1.3e9, .half_width = 0.2e9, .count = 8};
  found.near_best.within = 0.02;
  found.near_best.alternatives = {{"no offer-0", more, 19.8e9, 0.015, 0.33}};
  found.tail = 0.1;
  found.frontier = {{.weight = 0.0, .mean = 19500, .tail_mean = 33000, .ordered = {}},
                    {.weight = 0.5, .mean = 19500, .tail_mean = 33000, .ordered = {}},
                    {.weight = 1.0, .mean = 20100, .tail_mean = 31000, .ordered = {}}};
  for (auto& point : found.frontier) {
    for (const double quantity : found.ordered) point.ordered.push_back(quantity / 1e3);
  }
  found.on_end_value = {{"end value counted for nothing", 21e9, more, 0.3}};
  found.on_horizon = {{"12 quarters", 30e9, more, 0.05}};
  return found;
}

}  // namespace vorrat::report

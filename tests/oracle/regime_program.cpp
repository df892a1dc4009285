#include "tests/oracle/regime_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vorrat::oracle {
namespace {

using program::Change;
using program::Node;
using program::Realization;
using What = Change::What;

constexpr std::size_t demands = 3;

class Builder {
 public:
  explicit Builder(const RegimeShape& shape) : shape_(shape) {}

  program::PolicyGraph build() {
    name_states();
    std::vector<std::size_t> before;
    for (int t = 1; t <= shape_.stages; ++t) {
      std::vector<std::size_t> now;
      const std::size_t regimes = t == 1 ? 1 : shape_.regimes, prices = t == 1 ? 1 : shape_.prices;
      for (std::size_t r = 0; r < regimes; ++r)
        for (std::size_t p = 0; p < prices; ++p) {
          now.push_back(graph_.nodes.size());
          graph_.nodes.push_back(node(t, r, t == 1 ? shape_.prices / 2 : p));
        }
      for (std::size_t i = 0; i < before.size(); ++i)
        add_arcs(graph_.nodes[before[i]], t == 2 ? 0 : i / shape_.prices,
                 t == 2 ? shape_.prices / 2 : i % shape_.prices, now);
      before = std::move(now);
    }
    graph_.root = {{.child = 0}};
    return std::move(graph_);
  }

 private:
  void name_states() {
    const auto add = [&](std::string name, double value) {
      graph_.state_names.push_back(std::move(name));
      graph_.initial_state.push_back(value);
    };
    for (const char* what : {"stock", "next", "later"})
      for (std::size_t c = 0; c < shape_.items; ++c)
        for (std::size_t s = 0; s < shape_.sites; ++s)
          add(fmt::format("{}[{},{}]", what, c, s), *what == 's' ? shape_.first_stock : 0.0);
    for (std::size_t c = 0; c < shape_.items; ++c) add(fmt::format("licence[{}]", c), 2.0);
    for (std::size_t s = 0; s < shape_.sites; ++s)
      add(fmt::format("power[{}]", s),
          1.4 * shape_.first_stock * static_cast<double>(shape_.items));
    for (std::size_t s = 0; s < shape_.sites; ++s) add(fmt::format("building[{}]", s), 0.0);
    add("money", shape_.money);
    for (std::size_t w = 0; w < demands; ++w)
      add(fmt::format("demand[{}]", w), shape_.demand * first_demand(w));
  }

  double first_demand(std::size_t w) const {
    return shape_.first_stock * static_cast<double>(shape_.items * shape_.sites) *
           (0.34 + 0.08 * static_cast<double>(w));
  }
  static double watts(std::size_t c) { return 1.0 + 0.35 * static_cast<double>(c); }
  static double speed(std::size_t c, std::size_t w) {
    return 0.8 + 0.45 * static_cast<double>(c) + 0.1 * static_cast<double>((c + 2 * w) % 4);
  }
  static double price(std::size_t c) { return 2.0 + 1.1 * static_cast<double>(c); }

  std::size_t state(int block, std::size_t c, std::size_t s) const {
    return (static_cast<std::size_t>(block) * shape_.items + c) * shape_.sites + s;
  }

  Node node(int t, std::size_t regime, std::size_t level) const;
  void add_noise(Node& node, std::size_t first_demand_row, std::size_t first_licence_row,
                 std::size_t first_apply, std::size_t regime) const;

  void add_arcs(Node& parent, std::size_t regime, std::size_t level,
                const std::vector<std::size_t>& children) const {
    for (std::size_t r = 0; r < shape_.regimes; ++r) {
      // The last regime is for good; the others go to the next ones, and the first is left to any.
      double odds = 0.0;
      if (r == regime) odds = regime + 1 == shape_.regimes ? 1.0 : 1.0 - shape_.odds;
      if (r != regime && regime + 1 != shape_.regimes)
        odds = shape_.odds / static_cast<double>(shape_.regimes - 1);
      for (std::size_t p = 0; p < shape_.prices; ++p) {
        const double apart = std::abs(static_cast<double>(p) - static_cast<double>(level));
        double weights = 0.0;
        for (std::size_t q = 0; q < shape_.prices; ++q)
          weights += std::exp(-1.2 * std::abs(static_cast<double>(q) - static_cast<double>(level)));
        if (odds > 0.0)
          parent.arcs.push_back({.child = children[r * shape_.prices + p],
                                 .probability = odds * std::exp(-1.2 * apart) / weights});
      }
    }
  }

  const RegimeShape& shape_;
  program::PolicyGraph graph_;
};

Node Builder::node(int t, std::size_t regime, std::size_t level) const {
  Node node;
  node.name = fmt::format("{}/{}/{}", t, regime, level);
  node.stage = t;
  lp::Model& model = node.problem.model;
  const std::size_t states = graph_.state_names.size(), items = shape_.items, sites = shape_.sites;
  for (std::size_t k = 0; k < states; ++k) node.problem.incoming.push_back(model.add_column({}));
  for (std::size_t k = 0; k < states; ++k)
    node.problem.outgoing.push_back(model.add_column({.upper = 10'000.0}));
  const auto in = [&](std::size_t k) { return node.problem.incoming[k]; };
  const auto out = [&](std::size_t k) { return node.problem.outgoing[k]; };
  const double prices =
      shape_.price *
      (1.0 + 0.12 * (static_cast<double>(level) - static_cast<double>(shape_.prices) / 2.0));
  const double shut = static_cast<double>(regime) / static_cast<double>(shape_.regimes);
  const std::size_t licence = 3 * items * sites, power = licence + items, building = power + sites,
                    money = building + sites, demand = money + 1;
  const std::size_t spend =
      model.add_row({.upper = shape_.money});  // money' + spending <= in + new
  model.add_entry(spend, out(money), 1);
  model.add_entry(spend, in(money), -0.5);  // half of what is left is carried over
  std::vector<std::size_t> powers, serves;
  for (std::size_t s = 0; s < sites; ++s) {
    powers.push_back(model.add_row({.upper = 0}));
    model.add_entry(powers[s], in(power + s), -1);
    const std::size_t grows = model.add_row({.lower = 0, .upper = 0});
    model.add_entry(grows, out(power + s), 1);
    model.add_entry(grows, in(power + s), -1);
    model.add_entry(grows, in(building + s), -1);
    const std::size_t built = model.add_row({.lower = 0, .upper = 0});
    const std::size_t build =
        model.add_column({.upper = 12, .cost = 0.8 + 0.2 * static_cast<double>(s)});
    model.add_entry(built, out(building + s), 1);
    model.add_entry(built, build, -1);
    model.add_entry(spend, build, 0.8);
  }
  const std::size_t first_demand_row = model.rows.size();
  for (std::size_t w = 0; w < demands; ++w) {
    const std::size_t grows = model.add_row({.lower = 0, .upper = 0});
    model.add_entry(grows, out(demand + w), 1);
    model.add_entry(grows, in(demand + w), -1.05);
  }
  for (std::size_t w = 0; w < demands; ++w) {
    serves.push_back(model.add_row({.lower = 0}));
    model.add_entry(serves[w], in(demand + w), -1);
    model.add_entry(serves[w], model.add_column({.cost = 4.0 + static_cast<double>(w)}), 1);
    for (std::size_t s = 0; s < sites; ++s) {
      const std::size_t lease =
          model.add_column({.upper = 3, .cost = 1.6 + 0.2 * static_cast<double>(s)});
      model.add_entry(serves[w], lease, 1);
    }
  }
  const std::size_t first_licence_row = model.rows.size();
  for (std::size_t c = 0; c < items; ++c) {
    const std::size_t balance = model.add_row({.lower = 0, .upper = 0});
    model.add_entry(balance, out(licence + c), 1);
    model.add_entry(balance, in(licence + c), -1);
  }
  const std::size_t first_apply = model.columns.size();
  for (std::size_t c = 0; c < items; ++c) {
    const std::size_t apply = model.add_column({.upper = 20, .cost = 0.02});
    model.add_entry(first_licence_row + c, apply, -(1.0 - 0.8 * shut));
  }
  for (std::size_t c = 0; c < items; ++c) {
    const std::size_t cap = model.add_row({.upper = 14.0 * (1.0 - shut)});
    for (std::size_t s = 0; s < sites; ++s) {
      const auto order = model.add_column({.cost = prices * price(c)}),
                 rush = model.add_column({.cost = 1.25 * prices * price(c)}),
                 retire = model.add_column({.cost = -0.1}), idle = model.add_column({.cost = 0.01});
      const auto stock = model.add_row({.lower = 0, .upper = 0}),
                 next = model.add_row({.lower = 0, .upper = 0}),
                 later = model.add_row({.lower = 0, .upper = 0}),
                 use = model.add_row({.lower = 0, .upper = 0});
      const std::size_t f = state(0, c, s), p1 = state(1, c, s), p2 = state(2, c, s);
      model.add_entry(stock, out(f), 1);
      model.add_entry(stock, in(f), -0.97);
      model.add_entry(stock, in(p1), -1);
      model.add_entry(stock, retire, 1);
      model.add_entry(next, out(p1), 1);
      model.add_entry(next, in(p2), -1);
      model.add_entry(next, rush, -1);
      model.add_entry(later, out(p2), 1);
      model.add_entry(later, order, -1);
      model.add_entry(use, in(f), -1);
      model.add_entry(use, idle, 1);
      for (std::size_t w = 0; w < demands; ++w) {
        const std::size_t run = model.add_column({.cost = 0.05 * watts(c)});
        model.add_entry(use, run, 1);
        model.add_entry(powers[s], run, watts(c));
        model.add_entry(serves[w], run, speed(c, w));
      }
      for (std::size_t buy : {order, rush}) {
        model.add_entry(cap, buy, 1);
        model.add_entry(first_licence_row + c, buy, 1);
        model.add_entry(spend, buy, price(c));
      }
      model.columns[out(f)].cost =
          t == shape_.stages ? -0.25 * price(c) : 0.01 * static_cast<double>(s + 1);
      if (t == shape_.stages) model.columns[out(p1)].cost = -0.2 * price(c);
    }
  }
  if (t > 1) add_noise(node, first_demand_row, first_licence_row, first_apply, regime);
  return node;
}

void Builder::add_noise(Node& node, std::size_t first_demand_row, std::size_t first_licence_row,
                        std::size_t first_apply, std::size_t regime) const {
  const double growth[3] = {0.0, 1.5, 5.0}, odds[3] = {0.3, 0.5, 0.2};
  const double shut = static_cast<double>(regime) / static_cast<double>(shape_.regimes);
  for (int g = 0; g < 3; ++g)
    for (double granted : {1.0, 0.4}) {
      Realization r{.probability = odds[g] * 0.5};
      for (std::size_t w = 0; w < demands; ++w)
        r.changes.push_back(
            {.what = What::row_both,
             .row = first_demand_row + w,
             .value = shape_.demand * growth[g] * (1.0 + 0.2 * static_cast<double>(w))});
      for (std::size_t c = 0; c < shape_.items; ++c)
        r.changes.push_back({.what = What::coefficient,
                             .row = first_licence_row + c,
                             .column = first_apply + c,
                             .value = -granted * (1.0 - 0.8 * shut)});
      node.noise.push_back(std::move(r));
    }
}

}  // namespace

program::PolicyGraph regime_program(const RegimeShape& shape) { return Builder(shape).build(); }

}  // namespace vorrat::oracle

// The cases that are small stochastic programs, built in problems.h and embargo.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "vorrat/published/embargo.h"
#include "vorrat/published/findings.h"
#include "vorrat/published/problems.h"
#include "vorrat/sddp/train.h"
#include "vorrat/tree/directional_price.h"
#include "vorrat/tree/information_value.h"
#include "vorrat/tree/threshold.h"

namespace vorrat::published {
namespace {

// The capacities bought are columns 4..7 of the first stage.
constexpr std::size_t types = 4;

tree::Limit budget_limit() {
  return {.rows = {{0, 0}}, .columns = {}, .side = tree::BoundSide::upper};
}
tree::Limit minimum_limit() {
  return {.rows = {{0, 1}}, .columns = {}, .side = tree::BoundSide::lower};
}

double bound_of_decomposition(const program::PolicyGraph& graph) {
  return sddp::train(graph, {.gap = 1e-8}).bound;
}

// Orders may be degenerate, so the one written down must reach the optimum too.
void find_known_order(Findings& findings, const std::string& prefix, Lands variant) {
  const std::array<double, types> known = {3.166667, 5, 1.833333, 4};
  tree::ExtensiveForm form(lands_capacity(variant));
  for (std::size_t i = 0; i < types; ++i)
    form.set_column_bounds(0, types + i, known[i] - 1e-6, known[i] + 1e-6);
  findings.add(prefix + "cost of the known order", form.solve({}).answer.objective);
}

void find_information(Findings& findings, const std::string& prefix,
                      const program::PolicyGraph& graph) {
  const auto value = tree::information_value(graph, {});
  findings.add(prefix + "promised cost of the average plan", value.average.promised_cost);
  if (value.average.expected_cost) {
    findings.add(prefix + "expected cost of the average plan", *value.average.expected_cost);
    findings.add(prefix + "worth of planning for several futures", *value.stochastic_solution);
  } else {
    findings.add(prefix + "worth of planning for several futures",
                 "undefined: " + value.average.why_undefined);
    std::vector<std::string> failed;
    for (const auto& future : value.average.failed) failed.push_back(future.title);
    findings.add(prefix + "futures in which the average plan fails",
                 fmt::format("{}", fmt::join(failed, "; ")));
  }
  findings.add(prefix + "cost if the future were known", value.known.expected_cost.value());
  findings.add(prefix + "worth of perfect information", value.perfect_information.value());
}

void find_prices(Findings& findings, const std::string& prefix, Lands variant) {
  tree::ExtensiveForm form(lands_capacity(variant));
  const auto budget = tree::directional_prices(form, budget_limit(), 1, 40, {});
  findings.add(prefix + "one more of budget", budget.more.change);
  findings.add(prefix + "one less of budget", budget.less.change);
  const auto minimum = tree::directional_prices(form, minimum_limit(), 1, 12, {});
  findings.add(prefix + "price of the minimum, upwards", minimum.more.slope);
  findings.add(prefix + "price of the minimum, downwards", minimum.less.slope);
  findings.add(prefix + "one more of the minimum", minimum.more.change);
  if (variant != Lands::a) return;
  findings.add(prefix + "units more of budget for which its price holds", budget.more.reach);
  findings.add(prefix + "units less of budget for which its price holds", budget.less.reach);
  findings.add(prefix + "units more of the minimum for which its price holds", minimum.more.reach);
}

void find_budget_sweep(Findings& findings, const std::string& prefix, Lands variant) {
  tree::ExtensiveForm form(lands_capacity(variant));
  for (int budget : {110, 115, 125, 130, 140}) {
    form.set_row_bounds(0, 0, -lp::infinity, budget);
    findings.add(fmt::format("{}cost at budget {}", prefix, budget),
                 form.solve({}).answer.objective);
  }
}

void find_orders(Findings& findings, const std::string& name, std::span<const double> order) {
  for (std::size_t i = 0; i < types; ++i)
    findings.add(fmt::format("{} of type {}", name, i + 1), order[i]);
}

void find_variant(Findings& findings, const std::string& prefix, Lands variant) {
  const auto graph = lands_capacity(variant);
  const auto result = tree::ExtensiveForm(graph).solve({});
  findings.add(prefix + "expected cost", result.answer.objective);
  findings.add(prefix + "bound of decomposition", bound_of_decomposition(graph));
  find_information(findings, prefix, graph);
  find_prices(findings, prefix, variant);
  if (variant == Lands::a) {
    find_orders(findings, prefix + "order", std::span(result.primal[0]).subspan(types));
    find_orders(findings, prefix + "average plan's order", tree::average_plan(graph, {}).state);
  } else {
    find_known_order(findings, prefix, variant);
  }
  if (variant != Lands::c) find_budget_sweep(findings, prefix, variant);
}

struct Decision {
  double worth;
  bool buys_now;
};

Decision decide(const WaitingOrBuying& inputs) {
  tree::ExtensiveForm form(waiting_or_buying(inputs));
  const auto result = form.solve({});
  const auto buy = form.columns_named("buy_now").at(0);
  return {.worth = result.answer.objective, .buys_now = result.primal[buy.node][buy.index] > 0.5};
}

double worth_of_now_or_never() {
  tree::ExtensiveForm form(waiting_or_buying({}));
  for (const auto& buy : form.columns_named("buy_later"))
    form.set_column_bounds(buy.node, buy.index, 0, 0);
  return form.solve({}).answer.objective;
}

// Later prices are 1.5 and 0.5 times the price now.
WaitingOrBuying at_price(double price) {
  return {.price_now = price, .price_up = 1.5 * price, .price_down = 0.5 * price};
}

void add_threshold(Findings& findings, const std::string& quantity,
                   const tree::Threshold& threshold) {
  if (threshold.is_found) {
    findings.add(quantity, threshold.value());
  } else {
    findings.add(quantity, "not found");
  }
}

std::string market_name(std::size_t market) {
  return market == embargo::normal ? "normal" : "disrupted";
}

void find_policy_table(Findings& findings, std::size_t market) {
  const auto best = embargo::solve(), without = embargo::solve(0);
  const std::string name = market_name(market);
  for (std::size_t s = 0; s < embargo::levels; ++s) {
    const std::string place = fmt::format("{}, stock {}", name, embargo::level(s));
    findings.add("cost, " + place, best.value[market][s], "linear program");
    findings.add("next stock, " + place, best.next[market][s]);
  }
  findings.add("cost without any stock, " + name, without.value[market][0]);
  findings.add("worth of being allowed a stock, " + name,
               without.value[market][0] - best.value[market][0]);
  findings.add("price without any move, " + name, embargo::price(market, 0));
}

void find_convexified(Findings& findings, std::size_t market, double stock) {
  const sddp::Options options{.iterations = 300, .first_check = 0, .simulation_paths = 2};
  const std::string place = fmt::format("{}, stock {}", market_name(market), stock);
  const auto bound = [&](double step) {
    return sddp::train(embargo::convexified(market, stock, step), options).bound;
  };
  findings.add("cost, " + place, bound(3), "convexified cyclic graph");
  findings.add("cost in steps of 0.75, " + place, bound(0.75), "convexified cyclic graph");
}

}  // namespace

void find_lands_capacity(Findings& findings) {
  find_variant(findings, "A: ", Lands::a);
  find_variant(findings, "B: ", Lands::b);
  find_variant(findings, "C: ", Lands::c);
}

void find_capacity_two_stage(Findings& findings) {
  const auto graph = capacity_two_stage();
  const auto result = tree::ExtensiveForm(graph).solve({});
  findings.add("expected cost", result.answer.objective);
  find_orders(findings, "order", std::span(result.primal[0]).subspan(types));
  findings.add("most unserved in a future",
               std::max(result.primal[1].back(), result.primal[2].back()));
  findings.add("bound of decomposition", bound_of_decomposition(graph));
  const auto value = tree::information_value(graph, {});
  findings.add("promised cost of the average plan", value.average.promised_cost);
  find_orders(findings, "average plan's order", value.average.state);
  findings.add("expected cost of the average plan", value.average.expected_cost.value());
  findings.add("cost if the future were known", value.known.expected_cost.value());
  findings.add("worth of perfect information", value.perfect_information.value());
}

void find_waiting_or_buying(Findings& findings) {
  const Decision decision = decide({});
  const double now_or_never = worth_of_now_or_never();
  findings.add("best decision", decision.buys_now ? "buy now" : "wait");
  findings.add("value of buying now or never", now_or_never);
  findings.add("value of being able to wait", decision.worth);
  findings.add("worth of being able to wait", decision.worth - now_or_never);
  add_threshold(findings, "cost at which being able to wait is worth no more than now or never",
                tree::find_threshold(1600, 3000, [&](double cost) {
                  return decide({.cost = cost}).worth > now_or_never;
                }));
  add_threshold(findings, "price below which one never buys",
                tree::find_threshold(
                    10, 200, [](double price) { return decide(at_price(price)).worth > 1e-7; }));
  add_threshold(findings, "price above which one buys at once",
                tree::find_threshold(
                    200, 400, [](double price) { return decide(at_price(price)).buys_now; }));
}

void find_stockpile(Findings& findings) {
  for (const std::size_t market : {embargo::normal, embargo::disrupted}) {
    find_policy_table(findings, market);
    for (const std::size_t s : {0u, 3u, 7u}) find_convexified(findings, market, embargo::level(s));
  }
  findings.add("mean cost over the states", embargo::solve().objective);
  findings.add("price when 3 are bought, normal", embargo::price(embargo::normal, 3));
  findings.add("price when 3 are released, disrupted", embargo::price(embargo::disrupted, -3));
}

}  // namespace vorrat::published

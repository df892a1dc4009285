#include "vorrat/report/insight_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using insight::Findings;

constexpr double million = 1e6;
constexpr double thousand = 1e3;

Section section(std::string id, std::string title, std::string lead,
                std::vector<DataTable> tables) {
  std::erase_if(tables, [](const DataTable& one) { return one.rows.empty(); });
  return {.id = std::move(id),
          .title = std::move(title),
          .lead = std::move(lead),
          .tables = std::move(tables)};
}

/// First orders of several plans side by side: offers down, plans across. Offers that none of them
/// orders are left out.
class OrderGrid {
 public:
  explicit OrderGrid(const std::vector<std::string>& offers) : offers_(offers) {}

  void add(std::string plan, const std::vector<double>& accelerators) {
    if (!accelerators.empty()) plans_.emplace_back(std::move(plan), accelerators);
  }

  DataTable named(std::string id, std::string title) const {
    DataTable grid = table(std::move(id), std::move(title), {words("offer", "offer")});
    for (const auto& [plan, ordered] : plans_)
      grid.columns.push_back(figure(plan, plan, Format::count, "accelerators"));
    for (std::size_t o = 0; o < offers_.size(); ++o) {
      if (std::ranges::none_of(plans_, [&](const auto& plan) { return plan.second[o] >= 0.5; }))
        continue;
      std::vector<Cell> row = {offers_[o]};
      for (const auto& [plan, ordered] : plans_) row.emplace_back(ordered[o]);
      grid.rows.push_back(std::move(row));
    }
    return grid;
  }

 private:
  const std::vector<std::string>& offers_;  // outlive this
  std::vector<std::pair<std::string, std::vector<double>>> plans_;
};

DataTable range_table(const Findings& found) {
  DataTable ranges =
      table("near_best_ranges", "How far each line may move",
            {words("offer", "offer"), figure("least", "at least", Format::count, "accelerators"),
             figure("best", "best", Format::count, "accelerators"),
             figure("most", "at most", Format::count, "accelerators")},
            {fmt::format("within {:.3g} % of the least cost, all other lines free",
                         found.near_best.within * 100)});
  for (const auto& line : found.near_best.ranges)
    ranges.rows.push_back({line.offer, line.least, line.best, line.most});
  ranges.charts = {
      {.kind = ChartKind::bars,
       .id = "near-best-bars",
       .title = "What is best to order now, and how far each line may move",
       .alternative = "One bar an offer: the best order, with a line from the least to the most "
                      "that costs hardly more.",
       .columns = {{"label", "offer"}, {"value", "best"}, {"low", "least"}, {"high", "most"}}}};
  return ranges;
}

/// Without the tables that have no rows.
Section section(Section whole) {
  return section(std::move(whole.id), std::move(whole.title), std::move(whole.lead),
                 std::move(whole.tables));
}

Section near_best_section(const Findings& found) {
  DataTable plans = table(
      "alternatives", "Plans nearly as good that differ most",
      {words("plan", "plan"), figure("extra", "dearer", Format::odds, "", "over the least cost"),
       figure("moved", "moved", Format::odds, "",
              "commitments that differ from the plan's, over the plan's")},
      {"dearer: over the least cost; moved: commitments that differ from the best plan's, over "
       "its own"});
  OrderGrid orders(found.offers);
  if (!found.near_best.alternatives.empty()) orders.add("best", found.ordered);
  for (const auto& line : found.near_best.alternatives) {
    plans.rows.push_back({line.pushed, line.extra, line.moved});
    orders.add(line.pushed, line.ordered);
  }
  return section(
      "near_best", "What would do nearly as well", "",
      {range_table(found), plans, orders.named("alternative_orders", "What they would order now")});
}

bool is_same(const fleet::RiskPoint& a, const fleet::RiskPoint& b) {
  const auto near = [](double x, double y) { return std::abs(x - y) <= 1e-6 * std::abs(x); };
  return near(a.mean, b.mean) && near(a.tail_mean, b.tail_mean);
}

/// Weights that give the same costs are one row.
Section risk_section(const Findings& found) {
  DataTable frontier = table(
      "risk_frontier", "Between the mean and the worst futures",
      {words("weight", "weight on the worst"),
       figure("mean", "mean cost", Format::money, found.currency),
       figure("tail_mean", "mean of the worst", Format::money, found.currency)},
      {fmt::format("the worst {:.3g} % of futures by the cost of the whole horizon; one plan a row",
                   found.tail * 100)});
  OrderGrid orders(found.offers);
  for (std::size_t i = 0; i < found.frontier.size();) {
    const fleet::RiskPoint& point = found.frontier[i];
    std::size_t last = i;
    while (last + 1 < found.frontier.size() && is_same(point, found.frontier[last + 1])) ++last;
    const std::string weight =
        last == i ? fmt::format("{:g}", point.weight)
                  : fmt::format("{:g} to {:g}", point.weight, found.frontier[last].weight);
    frontier.rows.push_back({weight, point.mean * million, point.tail_mean * million});
    std::vector<double> ordered = point.ordered;
    for (double& quantity : ordered) quantity *= thousand;
    orders.add(weight, ordered);
    i = last + 1;
  }
  if (frontier.rows.size() < 2) {
    if (!frontier.rows.empty())
      frontier.notes.push_back("whatever the weight, the same plan: caution would change nothing");
    return section("risk", "What caution costs", "", {frontier});
  }
  frontier.charts = {{.kind = ChartKind::points,
                      .id = "risk-frontier",
                      .title = "Mean cost against the mean of the worst futures",
                      .alternative = "One point a plan, from the least mean to the least tail, "
                                     "with the weight put on the worst futures.",
                      .columns = {{"x", "mean"}, {"y", "tail_mean"}, {"label", "weight"}}}};
  return section("risk", "What caution costs", "",
                 {frontier, orders.named("risk_orders",
                                         "What would be ordered now, by weight on the "
                                         "worst futures")});
}

Section end_section(const Findings& found) {
  const auto lines_of = [&](std::string id, std::string title,
                            const std::vector<insight::Dependence>& lines) {
    DataTable result =
        table(std::move(id), std::move(title),
              {words("what", "what"), figure("cost", "cost", Format::money, found.currency),
               figure("moved", "moved", Format::odds, "",
                      "first-stage commitments that differ from today's, over today's")});
    for (const auto& line : lines)
      result.rows.push_back({line.what, or_words(line.cost, "no plan"), cell(line.moved)});
    return result;
  };
  std::optional<double> widest;
  for (const auto* lines : {&found.on_end_value, &found.on_horizon}) {
    for (const auto& line : *lines) {
      if (line.moved) widest = std::max(widest.value_or(0.0), *line.moved);
    }
  }
  std::vector<DataTable> tables = {
      lines_of("end_values", "Other values at the end", found.on_end_value),
      lines_of("horizons", "Other horizons", found.on_horizon)};
  std::erase_if(tables, [](const DataTable& one) { return one.rows.empty(); });
  if (widest) {
    tables.back().notes.push_back(
        *widest <= 0.1
            ? std::string("under every end tried at least 90 % of the first quarter's money is "
                          "ordered as today")
            : fmt::format(
                  "the answer hangs on the end: under one of the ends tried {:.0f} % of the "
                  "first quarter's money is ordered otherwise",
                  *widest * 100));
  }
  return section("ends", "How much hangs on the end", "", tables);
}

Section relaxation_section(const Findings& found) {
  DataTable lines = table(
      "relaxations", "How little would have to give",
      {words("limit", "limit"), figure("move", "move", Format::number, ""), words("unit", "unit"),
       figure("cost", "cost then", Format::money, found.currency)},
      {"each alone, in every quarter it applies to; where several groups of limits clash, one of "
       "each is needed"});
  for (const auto& line : found.relaxations)
    lines.rows.push_back({line.limit, line.move, line.unit, line.cost});
  return section("relaxations", "The limits cannot all be kept", "", {lines});
}

DataTable reason_table(const std::vector<insight::Explanation>& explanations) {
  DataTable reasons = table("reasons", "Why, why not, and what would change it",
                            {words("offer", "offer"), words("reason", "reason")});
  for (const auto& line : explanations) reasons.rows.push_back({line.offer, line.sentence});
  return reasons;
}

/// Which figures of the scenario each input turns: the register of assumptions is joined by it.
DataTable figure_table(const Findings& found) {
  DataTable figures = table("input_figures", "Which figures each input stands for",
                            {words("input", "input"), words("figure", "figure")},
                            {"the figures of one input are turned together"});
  for (const auto& line : found.tornado) {
    for (const std::string& name : line.figures) figures.rows.push_back({line.input, name});
  }
  return figures;
}

Section method_of(const Findings& found) {
  DataTable method = table("insight_method", "How what changes the decision was found",
                           {words("what", "what"), words("value", "value")});
  method.rows = {
      {std::string("method"), std::string("scenario tree, every figure by solving again")},
      {std::string("futures"),
       fmt::format("{}{}", found.futures, found.is_sampled ? ", drawn" : ", all there are")},
      {std::string("today's orders"),
       std::string(found.is_reported
                       ? "in reasons and rules of thumb those of this plan, elsewhere "
                         "those that are best on these futures"
                       : "those that are best on these futures")},
      {std::string("seed"), std::to_string(found.seed)},
      {std::string("complete"), std::string(found.is_complete ? "yes" : "no: stopped on the way")}};
  return section("insight_method", "How this was found", "", {method, figure_table(found)});
}

}  // namespace

Section reason_section(const std::vector<insight::Explanation>& explanations,
                       const std::string& currency) {
  return section(
      "reasons", "Why each line is ordered or not", "",
      {reason_table(explanations), worth_table(explanations, currency), point_table(explanations)});
}

Section stress_section(const std::vector<insight::StressLine>& stresses,
                       const std::vector<std::string>& offers, const std::string& currency) {
  DataTable lines = table(
      "stress", "Under stress",
      {words("what", "what"), figure("cost", "cost", Format::money, currency),
       figure("cost_kept", "with today's orders", Format::money, currency),
       figure("moved", "moved", Format::odds, "",
              "first-stage commitments that differ from today's, over today's")},
      {"cost: known from the start and planned for; with today's orders: those kept that are still "
       "possible, the rest decided anew"});
  OrderGrid orders(offers);
  for (const auto& line : stresses) {
    lines.rows.push_back({line.what, or_words(line.cost, "no plan"),
                          or_words(line.cost_kept, "no plan"), cell(line.moved)});
    orders.add(line.what, line.ordered);
  }
  return section(
      "stress", "If things go wrong", "",
      {lines, orders.named("stress_orders", "What would be ordered now, were it known")});
}

std::vector<Section> insight_sections(const Findings& found) {
  std::vector<Section> sections;
  if (found.has_plan) {
    sections = {section("reasons", "Why each line is ordered or not", "",
                        {reason_table(found.explanations)}),
                section(decision_section(found)),
                stress_section(found.stresses, found.offers, found.currency),
                near_best_section(found),
                risk_section(found),
                end_section(found)};
  } else {
    sections = {relaxation_section(found)};
  }
  sections.push_back(method_of(found));
  std::erase_if(sections, [](const Section& one) { return one.tables.empty(); });
  return sections;
}

Tables insight_tables(const Findings& found, const RunFacts& facts) {
  Tables tables{.title = facts.title,
                .subtitle = fmt::format("{}, known on {}; vorrat {}", facts.scenario,
                                        facts.known_on, facts.version),
                .caution = "conditional on these inputs, not a forecast; not legal advice",
                .answer = {},
                .sections = insight_sections(found),
                .confidential = {}};
  check(tables);
  return tables;
}

}  // namespace vorrat::report

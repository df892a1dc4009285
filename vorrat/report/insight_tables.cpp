#include "vorrat/report/insight_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using insight::Findings;

constexpr double million = 1e6;
constexpr double thousand = 1e3;

Column figure(std::string id, std::string name, Format format, std::string unit,
              std::string meaning = "") {
  return {.id = std::move(id),
          .name = std::move(name),
          .format = format,
          .unit = std::move(unit),
          .meaning = std::move(meaning)};
}

DataTable table(std::string id, std::string title, std::vector<Column> columns,
                std::vector<std::string> notes = {}) {
  return {.id = std::move(id),
          .title = std::move(title),
          .columns = std::move(columns),
          .rows = {},
          .sums = {},
          .notes = std::move(notes),
          .charts = {},
          .across = {}};
}

Cell or_words(const std::optional<double>& value, const char* words_instead) {
  return value ? cell(value) : Cell{std::string(words_instead)};
}

Section section(std::string id, std::string title, std::string lead,
                std::vector<DataTable> tables) {
  std::erase_if(tables, [](const DataTable& one) { return one.rows.empty(); });
  return {.id = std::move(id),
          .title = std::move(title),
          .lead = std::move(lead),
          .tables = std::move(tables)};
}

Section information_section(const Findings& found) {
  DataTable values =
      table("information", "What knowing and planning are worth",
            {words("what", "what"), figure("amount", "amount", Format::money, found.currency),
             words("meaning", "meaning")});
  DataTable each = table(
      "uncertainties", "Each uncertainty switched off",
      {words("uncertainty", "uncertainty"),
       figure("cost_without", "cost without it", Format::money, found.currency),
       figure("worth", "worth", Format::money, found.currency,
              "cost of the plan less its cost with that one fixed at its mean")},
      {"negative: the plan lives on chances that the mean does not have",
       "where the futures are a sample, its mean is not quite that of the inputs: figures smaller "
       "than what another seed changes say little"});
  if (!found.information) return section("information", "", "", {});
  const insight::Information& info = *found.information;
  values.rows = {
      {std::string("cost of the plan"), info.cost, std::string("expected over all futures")},
      {std::string("cost if the future were known"), or_words(info.cost_if_known, "no plan"),
       std::string("each future planned for alone")},
      {std::string("worth of perfect information (EVPI)"),
       or_words(info.perfect_information, "no figure"),
       std::string("the most that any forecast is worth")},
      {std::string("what the average plan promises"), or_words(info.promised, "no plan"),
       std::string("every uncertainty fixed at its mean")},
      {std::string("what the average plan costs"), or_words(info.average_cost, "undefined"),
       std::string("its first orders kept, the rest decided anew in each future")},
      {std::string("worth of planning for all futures (VSS)"),
       or_words(info.stochastic_solution, "undefined"),
       info.why_undefined.empty() ? std::string("what the average plan costs more")
                                  : info.why_undefined}};
  for (const auto& line : info.uncertainties) {
    each.rows.push_back(
        {line.name, or_words(line.cost_without, "no plan"), or_words(line.worth, "no plan")});
  }
  return section("information", "What information is worth", "", {values, each});
}

Section input_section(const Findings& found) {
  DataTable bars = table(
      "inputs", "What hangs on each input, all others as they are",
      {words("input", "input"), figure("now", "now", Format::scaled, ""), words("unit", "unit"),
       figure("at_low", "low", Format::scaled, ""), figure("at_high", "high", Format::scaled, ""),
       figure("cost_low", "cost at low", Format::money, found.currency),
       figure("cost_high", "cost at high", Format::money, found.currency),
       figure("kept_low", "kept, at low", Format::money, found.currency),
       figure("kept_high", "kept, at high", Format::money, found.currency),
       figure("moved_low", "moved, low", Format::odds, "",
              "share of today's commitments ordered otherwise when the input is known to be low"),
       figure("moved_high", "moved, high", Format::odds, "",
              "share of today's commitments ordered otherwise when the input is known to be high"),
       figure("base", "base", Format::money, found.currency)},
      {"cost: of the plan made for that value; kept: with today's first orders, the rest decided "
       "anew",
       "low and high: 10 and 90 % of the scenario's range, or 0.8 and 1.25 times where it has "
       "none, or half and double the odds"});
  for (const auto& line : found.tornado) {
    bars.rows.push_back({line.input, line.now, line.unit, line.low.value, line.high.value,
                         or_words(line.low.cost, "no plan"), or_words(line.high.cost, "no plan"),
                         or_words(line.low.cost_kept, "no plan"),
                         or_words(line.high.cost_kept, "no plan"), cell(line.low.moved),
                         cell(line.high.moved), found.cost});
  }
  bars.charts = {
      {.kind = ChartKind::tornado,
       .id = "inputs-tornado",
       .title = "Cost of the plan at both ends of each input",
       .alternative = "One bar an input, from the cost at its low to that at its high "
                      "end, widest first.",
       .columns = {
           {"label", "input"}, {"low", "cost_low"}, {"high", "cost_high"}, {"base", "base"}}}};
  return section("inputs", "What the cost hangs on", "", {bars});
}

std::string interval_note(const insight::Regret& regret) {
  if (regret.is_exact) return "the tree holds every future: the differences are exact";
  return fmt::format(
      "{} trees of fresh futures, all rules on each; +-: half width of the 95 % "
      "interval of the difference",
      regret.trees);
}

Section rule_section_of(const Findings& found) {
  DataTable rules = table(
      "rules_of_thumb", "Rules of thumb on the same futures",
      {words("rule", "rule"), figure("cost", "cost", Format::money, found.currency),
       figure("regret", "more than the plan", Format::money, found.currency),
       figure("half_width", "+-", Format::money, found.currency)},
      {"within a rule everything is decided as well as can be: its regret is the least it can have",
       interval_note(found.regret)});
  for (const auto& line : found.regret.lines) {
    if (line.regret.count == 0) {
      rules.rows.push_back({to_string(line.rule), std::string("no plan"), Cell{}, Cell{}});
      continue;
    }
    rules.rows.push_back({to_string(line.rule), or_words(line.cost, "fails in some futures"),
                          line.regret.mean, cell(line.regret.half_width)});
  }
  return section("rules_of_thumb", "What rules of thumb would cost", "", {rules});
}

Section near_best_section(const Findings& found) {
  DataTable ranges =
      table("near_best_ranges", "How far each line may move",
            {words("offer", "offer"), figure("least", "at least", Format::count, "accelerators"),
             figure("best", "best", Format::count, "accelerators"),
             figure("most", "at most", Format::count, "accelerators")},
            {fmt::format("within {:.3g} % of the least cost, all other lines free",
                         found.near_best.within * 100)});
  for (const auto& line : found.near_best.ranges)
    ranges.rows.push_back({line.offer, line.least, line.best, line.most});
  DataTable plans = table(
      "alternatives", "Plans nearly as good that differ most",
      {words("plan", "plan"), figure("extra", "dearer", Format::odds, "", "over the least cost"),
       figure("moved", "moved", Format::odds, "",
              "commitments that differ from the plan's, over the plan's"),
       words("orders", "orders")});
  for (const auto& line : found.near_best.alternatives) {
    std::string orders;
    for (std::size_t o = 0; o < line.ordered.size(); ++o) {
      if (line.ordered[o] < 0.5) continue;
      orders +=
          fmt::format("{}{:.0f} {}", orders.empty() ? "" : ", ", line.ordered[o], found.offers[o]);
    }
    plans.rows.push_back(
        {line.pushed, line.extra, line.moved, orders.empty() ? "nothing" : orders});
  }
  return section("near_best", "What would do nearly as well", "", {ranges, plans});
}

Section risk_section(const Findings& found) {
  DataTable frontier = table(
      "risk_frontier", "Between the mean and the worst futures",
      {figure("weight", "weight on the worst", Format::number, ""),
       figure("mean", "mean cost", Format::money, found.currency),
       figure("tail_mean", "mean of the worst", Format::money, found.currency),
       words("orders", "orders")},
      {fmt::format("the worst {:.3g} % of futures by the cost of the whole horizon; one plan a row",
                   found.tail * 100)});
  for (const auto& point : found.frontier) {
    std::string orders;
    for (std::size_t o = 0; o < point.ordered.size(); ++o) {
      if (point.ordered[o] * thousand < 0.5) continue;
      orders += fmt::format("{}{:.0f} {}", orders.empty() ? "" : ", ", point.ordered[o] * thousand,
                            found.offers[o]);
    }
    frontier.rows.push_back({point.weight, point.mean * million, point.tail_mean * million,
                             orders.empty() ? "nothing" : orders});
  }
  frontier.charts = {{.kind = ChartKind::points,
                      .id = "risk-frontier",
                      .title = "Mean cost against the mean of the worst futures",
                      .alternative = "One point a plan, from the least mean to the least tail.",
                      .columns = {{"x", "mean"}, {"y", "tail_mean"}, {"label", "orders"}}}};
  return section("risk", "What caution costs", "", {frontier});
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

Section method_of(const Findings& found) {
  DataTable method = table("insight_method", "How this was found",
                           {words("what", "what"), words("value", "value")});
  method.rows = {
      {std::string("method"), std::string("scenario tree, every figure by solving again")},
      {std::string("futures"),
       fmt::format("{}{}", found.futures, found.is_sampled ? ", drawn" : ", all there are")},
      {std::string("seed"), std::to_string(found.seed)},
      {std::string("complete"), std::string(found.is_complete ? "yes" : "no: stopped on the way")}};
  return section("insight_method", "How this was found", "", {method});
}

}  // namespace

Section reason_section(const std::vector<insight::Explanation>& explanations,
                       const std::string& currency) {
  DataTable reasons =
      table("reasons", "Why, and why not", {words("offer", "offer"), words("reason", "reason")});
  DataTable worth = table(
      "ordering_now", "Ordering now against waiting",
      {words("offer", "offer"), figure("ordered", "ordered", Format::count, "accelerators"),
       figure("lot", "at least", Format::count, "accelerators", "what counts as ordering some"),
       figure("worth", "worth of ordering now", Format::money, currency,
              "cost with none now less cost with at least that much now, all else free")});
  DataTable points = table(
      "break_evens", "Where that changes",
      {words("offer", "offer"), words("input", "input"), figure("now", "now", Format::scaled, ""),
       figure("at", "changes at", Format::scaled, ""), words("unit", "unit"),
       figure("tried_low", "tried from", Format::scaled, ""),
       figure("tried_high", "to", Format::scaled, "")},
      {"odds: where the futures are a sample, market, demand and slips are at their means"});
  for (const auto& line : explanations) {
    reasons.rows.push_back({line.offer, line.sentence});
    if (line.now_against_waiting) {
      worth.rows.push_back({line.offer, line.ordered, line.lot, *line.now_against_waiting});
    }
    for (const auto& point : line.break_evens) {
      points.rows.push_back({point.offer, point.input, point.now, or_words(point.at, "nowhere"),
                             point.unit, point.tried_low, point.tried_high});
    }
  }
  return section("reasons", "Why each line is ordered or not", "", {reasons, worth, points});
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
  DataTable orders = table("stress_orders", "What would be ordered now under stress",
                           {words("what", "what"), words("offer", "offer"),
                            figure("ordered", "ordered", Format::count, "accelerators")});
  for (const auto& line : stresses) {
    lines.rows.push_back({line.what, or_words(line.cost, "no plan"),
                          or_words(line.cost_kept, "no plan"), cell(line.moved)});
    for (std::size_t o = 0; o < line.ordered.size(); ++o) {
      if (line.ordered[o] >= 0.5) orders.rows.push_back({line.what, offers[o], line.ordered[o]});
    }
  }
  return section("stress", "If things go wrong", "", {lines, orders});
}

std::vector<Section> insight_sections(const Findings& found) {
  std::vector<Section> sections;
  if (found.has_plan) {
    sections = {reason_section(found.explanations, found.currency),
                information_section(found),
                input_section(found),
                stress_section(found.stresses, found.offers, found.currency),
                rule_section_of(found),
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

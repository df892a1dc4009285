// What changes the decision: inputs, break-even points and their curves, rules of thumb,
// information.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/report/insight_tables.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using insight::BreakEven;
using insight::Findings;
using insight::TornadoLine;

constexpr std::size_t longest_bars = 15;  // in the tornado; the others have a table of their own

std::optional<double> more_moved(const TornadoLine& line) {
  if (!line.low.moved || !line.high.moved) return line.low.moved ? line.low.moved : line.high.moved;
  return std::max(*line.low.moved, *line.high.moved);
}

DataTable input_table(const Findings& found, std::string id, std::string title, std::size_t first,
                      std::size_t last) {
  DataTable bars = table(
      std::move(id), std::move(title),
      {words("input", "input"), figure("at_low", "low", Format::scaled, ""),
       figure("now", "now", Format::scaled, ""), figure("at_high", "high", Format::scaled, ""),
       words("unit", "unit"), figure("cost_low", "cost at low", Format::money, found.currency),
       figure("base", "cost now", Format::money, found.currency),
       figure("cost_high", "cost at high", Format::money, found.currency),
       figure("swing", "moves cost by", Format::money, found.currency,
              "between its low and its high end, with a plan made for each"),
       figure("swing_kept", "orders kept", Format::money, found.currency,
              "the same with today's first orders kept and the rest decided anew"),
       figure("moved", "moves orders by", Format::odds, "",
              "share of today's commitments ordered otherwise at the end that moves them more")});
  for (std::size_t i = first; i < last; ++i) {
    const TornadoLine& line = found.tornado[i];
    const bool is_whole = line.low.cost && line.high.cost;
    const bool is_whole_kept = line.low.cost_kept && line.high.cost_kept;
    bars.rows.push_back({line.input, line.low.value, line.now, line.high.value, line.unit,
                         or_words(line.low.cost, "no plan"), found.cost,
                         or_words(line.high.cost, "no plan"),
                         is_whole ? Cell{line.swing()} : Cell{std::string("no plan")},
                         is_whole_kept ? Cell{line.swing_kept()} : Cell{std::string("no plan")},
                         cell(more_moved(line))});
  }
  return bars;
}

/// Inputs at an end of whose range no plan keeps every limit: they come first in the tornado, and
/// have no bar.
std::size_t impossible_count(const Findings& found) {
  return static_cast<std::size_t>(std::ranges::count_if(
      found.tornado, [](const TornadoLine& line) { return !line.low.cost || !line.high.cost; }));
}

DataTable widest_table(const Findings& found, std::size_t first, std::size_t last) {
  DataTable bars =
      input_table(found, "inputs", "What hangs on each input, all others as they are", first, last);
  bars.notes = {
      "low and high: 10 and 90 % of the scenario's range, or 0.8 and 1.25 times where it has none, "
      "or half and double the odds; moves cost by: from the plan made for the one to that made "
      "for the other; orders kept: with today's first orders, the rest decided anew",
      "moves orders by: share of this quarter's commitments that would be ordered otherwise if the "
      "end were known, the larger of both ends"};
  bars.charts = {
      {.kind = ChartKind::tornado,
       .id = "inputs-tornado",
       .title = "Cost of the plan with each input at its low and at its high end",
       .alternative = "One bar an input, from the cost at its low to that at its high "
                      "end, widest first.",
       .columns = {
           {"label", "input"}, {"low", "cost_low"}, {"high", "cost_high"}, {"base", "base"}}}};
  return bars;
}

std::string order_by_input(const BreakEven& line) {
  const std::string unit = line.unit.empty() ? "" : ", " + line.unit;
  return line.input.ends_with(" of " + line.offer) ? line.input + unit
                                                   : line.offer + " by " + line.input + unit;
}

/// Values between which a curve is drawn: odds all the way, others around today's and the point.
std::pair<double, double> shown_range(const BreakEven& line) {
  if (line.unit.empty()) return {line.tried_low, line.tried_high};
  const auto [low, high] = std::minmax(line.now, *line.at);
  return {std::max(line.tried_low, 0.5 * low), std::min(line.tried_high, 1.5 * high)};
}

/// Adds the points of a curve that are far enough apart to be told, today's and the break-even
/// point marked. Halving tries most settings next to the point, where they say nothing new.
void add_curve(const BreakEven& line, std::vector<std::vector<Cell>>& rows) {
  constexpr double least_step = 0.03;
  const auto [low, high] = shown_range(line);
  std::vector<insight::WorthAt> points;
  double last = -1.0;
  for (const insight::WorthAt& point : line.curve) {
    const bool is_now = point.value == line.now;
    const double step = least_step * (high - low);
    if (point.value < low || point.value > high) continue;
    if (!is_now && std::abs(point.value - *line.at) < step) continue;
    if (!is_now && !points.empty() && point.value - last < step) continue;
    points.push_back(point);
    last = point.value;
  }
  points.push_back({.value = *line.at, .worth = 0.0});
  std::ranges::stable_sort(points, {}, &insight::WorthAt::value);
  for (const auto& point : points) {
    const char* mark = point.value == line.now ? "now" : point.value == *line.at ? "changes" : "";
    rows.push_back({order_by_input(line), point.value, point.worth, std::string(mark)});
  }
}

DataTable curve_table(const Findings& found) {
  DataTable curves = table(
      "break_even_curves", "Worth of ordering now, by each input that would change it",
      {words("order", "order, by input"), figure("value", "input", Format::scaled, ""),
       figure("worth", "worth of ordering now", Format::money, found.currency,
              "cost with none now less cost with at least a lot now, all else free"),
       words("mark", "mark")},
      {"above zero it is worth ordering now, below it is worth waiting; every point by solving "
       "again; inputs that change no order have no curve"});
  for (const auto& explanation : found.explanations) {
    for (const BreakEven& line : explanation.break_evens) {
      if (line.at) add_curve(line, curves.rows);
    }
  }
  curves.charts = {
      {.kind = ChartKind::lines,
       .id = "break-even-lines",
       .title = "Worth of ordering now: above zero order, below wait",
       .alternative = "One panel an order and input: the worth of ordering now by the "
                      "value of the input, with today's value and the one at which "
                      "the worth is zero.",
       .columns = {{"x", "value"}, {"y", "worth"}, {"series", "order"}, {"mark", "mark"}}}};
  return curves;
}

std::string interval_note(const insight::Regret& regret) {
  if (regret.is_exact) return "the tree holds every future: the differences are exact";
  return fmt::format(
      "{} trees of fresh futures, all rules on each; from, to: the 95 % interval of the difference",
      regret.trees);
}

DataTable rule_of_thumb_table(const Findings& found) {
  DataTable rules = table(
      "rules_of_thumb", "Rules of thumb on the same futures",
      {words("rule", "rule"), figure("cost", "cost", Format::money, found.currency),
       figure("regret", "more than the plan", Format::money, found.currency),
       figure("low", "from", Format::money, found.currency, "lower end of the 95 % interval"),
       figure("high", "to", Format::money, found.currency, "upper end of the 95 % interval")},
      {"within a rule everything is decided as well as can be: its regret is the least it can have",
       interval_note(found.regret)});
  for (const auto& line : found.regret.lines) {
    if (line.regret.count == 0) {
      rules.rows.push_back({to_string(line.rule), std::string("no plan"), Cell{}, Cell{}, Cell{}});
      continue;
    }
    const double mean = line.regret.mean, half = line.regret.half_width;
    rules.rows.push_back({to_string(line.rule), or_words(line.cost, "fails in some futures"), mean,
                          cell(mean - half), cell(mean + half)});
  }
  rules.charts = {
      {.kind = ChartKind::bars,
       .id = "rules-of-thumb-bars",
       .title = "What each rule costs more than the plan, with its 95 % interval",
       .alternative = "One bar a rule: how much more it costs than the plan.",
       .columns = {{"label", "rule"}, {"value", "regret"}, {"low", "low"}, {"high", "high"}}}};
  return rules;
}

DataTable information_table(const Findings& found) {
  DataTable values =
      table("information", "What knowing and planning are worth",
            {words("what", "what"), figure("amount", "amount", Format::money, found.currency),
             words("meaning", "meaning")});
  if (!found.information) return values;
  const insight::Information& info = *found.information;
  values.rows = {
      {std::string("cost of the plan"), info.cost, std::string("expected over all futures")},
      {std::string("worth of not waiting a quarter with everything"),
       or_words(found.waiting.all, "no plan waits"),
       std::string("cost with nothing ordered now, less cost of the plan")},
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
  return values;
}

DataTable uncertainty_table(const Findings& found) {
  DataTable each = table(
      "uncertainties", "Each uncertainty switched off",
      {words("uncertainty", "uncertainty"),
       figure("cost_without", "cost without it", Format::money, found.currency),
       figure("worth", "worth", Format::money, found.currency,
              "cost of the plan less its cost with that one fixed at its mean")},
      {"negative: the plan lives on chances that the mean does not have",
       "where the futures are a sample, its mean is not quite that of the inputs: figures smaller "
       "than what another seed changes say little"});
  if (!found.information) return each;
  for (const auto& line : found.information->uncertainties) {
    each.rows.push_back(
        {line.name, or_words(line.cost_without, "no plan"), or_words(line.worth, "no plan")});
  }
  return each;
}

}  // namespace

DataTable worth_table(const std::vector<insight::Explanation>& explanations,
                      const std::string& currency) {
  DataTable worth = table(
      "ordering_now", "Ordering now against waiting",
      {words("offer", "offer"), figure("ordered", "ordered", Format::count, "accelerators"),
       figure("lot", "at least", Format::count, "accelerators", "what counts as ordering some"),
       figure("worth", "worth of ordering now", Format::money, currency,
              "cost with none now less cost with at least that much now, all else free")});
  for (const auto& line : explanations) {
    if (line.now_against_waiting)
      worth.rows.push_back({line.offer, line.ordered, line.lot, *line.now_against_waiting});
  }
  return worth;
}

DataTable point_table(const std::vector<insight::Explanation>& explanations) {
  DataTable points = table(
      "break_evens", "Where that changes",
      {words("offer", "offer"), words("input", "input"), figure("now", "now", Format::scaled, ""),
       figure("at", "changes at", Format::scaled, ""),
       figure("tried_low", "tried from", Format::scaled, ""),
       figure("tried_high", "to", Format::scaled, ""), words("unit", "unit")},
      {"odds: where the futures are a sample, market, demand and slips are at their means"});
  for (const auto& line : explanations) {
    for (const BreakEven& point : line.break_evens) {
      points.rows.push_back({point.offer, point.input, point.now, or_words(point.at, "nowhere"),
                             point.tried_low, point.tried_high, point.unit});
    }
  }
  return points;
}

Section decision_section(const Findings& found) {
  const std::size_t impossible = impossible_count(found);
  const std::size_t widest = std::min(impossible + longest_bars, found.tornado.size());
  return {
      .id = decision_id,
      .title = "What changes the decision",
      .lead =
          "Each figure is the difference of two plans, both found by solving again; "
          "the method says on which futures.",
      .tables = {input_table(found, "impossible_inputs",
                             "Inputs that leave no plan at an end of their range", 0, impossible),
                 widest_table(found, impossible, widest),
                 worth_table(found.explanations, found.currency), point_table(found.explanations),
                 curve_table(found), rule_of_thumb_table(found), information_table(found),
                 uncertainty_table(found),
                 input_table(found, "lesser_inputs", "Inputs on which less hangs", widest,
                             found.tornado.size())}};
}

Section missing_decision_section() {
  return {.id = decision_id,
          .title = "What changes the decision",
          .lead =
              "Not asked of this plan yet. \"vorrat report RUN --insight\" finds it by solving "
              "again and keeps it with the run: at which prices and odds each order changes, "
              "what the cost hangs on, what rules of thumb, stresses, caution and another end "
              "of the horizon would cost, and which plans are nearly as good.",
          .tables = {}};
}

Section missing_relaxation_section() {
  return {.id = decision_id,
          .title = "How little would have to give",
          .lead =
              "Not asked of these limits yet. \"vorrat report RUN --insight\" finds the least "
              "move of each with which there is a plan, and keeps it with the run.",
          .tables = {}};
}

}  // namespace vorrat::report

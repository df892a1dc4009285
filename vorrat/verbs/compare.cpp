#include "vorrat/verbs/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/report/format.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"
#include "vorrat/verbs/waterfall.h"

namespace vorrat::verbs {
namespace {

using Json = nlohmann::ordered_json;

RunInputs inputs_of(store::Store& store, store::RunId run) {
  return {.scenario = store.inputs(run, store::Place::scenario),
          .data = store.inputs(run, store::Place::data),
          .options = store.options(run)};
}

std::int64_t cents(double amount) { return std::llround(amount * 100.0); }

std::optional<std::int64_t> optimum_of(const RunInputs& inputs, const CompareRequest& request) {
  const LaidOutInputs files(inputs.scenario, inputs.data);
  PlanRequest plan{.scenario = files.scenario(),
                   .data = files.data(),
                   .seed = {},
                   .stop = request.stop,
                   .depth = PlanDepth::optimum};
  apply_options(inputs.options, plan);
  const PlanResult result = run(plan);
  if (request.stop && request.stop->requested()) throw InvalidInput("stopped");
  if (!result.plan || result.plan->status != fleet::PlanStatus::optimal) return std::nullopt;
  return cents(result.plan->objective);
}

void add_waterfall(const RunInputs& before, const RunInputs& after, const CompareRequest& request,
                   CompareResult& result) {
  for (const store::Run* run : {&result.before, &result.after}) {
    if (run->objective) continue;
    result.no_waterfall = fmt::format("run {} has no objective: it is {}", run->id, run->status);
    return;
  }
  result.before_cents = cents(*result.before.objective);
  result.after_cents = cents(*result.after.objective);
  const std::vector<Waypoint> way = waypoints(before, after);
  std::size_t done = 0;
  const auto report = [&](const std::string& what) {
    tell(request.progress,
         {.phase = "solving with " + what,
          .fraction = static_cast<double>(done++) / static_cast<double>(way.size() + 1)});
  };
  report("the inputs of the first run");
  const auto start = optimum_of(before, request);
  if (!start) {
    result.no_waterfall = "this version of the program finds no plan for the first run's inputs";
    return;
  }
  result.waterfall =
      waterfall(result.before_cents, *start, way, result.after_cents, [&](const Waypoint& point) {
        report(point.what);
        return optimum_of(point.inputs, request);
      });
}

/// The figures of a plan by table, name and measure.
using Figures = std::vector<std::pair<std::array<std::string, 3>, double>>;

void add_figure(Figures& figures, const std::string& table, const std::string& name,
                const std::string& measure, const Json& value) {
  if (value.is_number()) figures.push_back({{table, name, measure}, value.get<double>()});
}

// What an older vorrat did not write is left out.
Figures figures_of(const Json& plan) {
  Figures figures;
  const auto lines = [&](const Json& in, const char* name) {
    return in.value(name, Json::array());
  };
  const auto add = [&](const std::string& table, const Json& line, const std::string& name,
                       std::initializer_list<const char*> measures) {
    for (const char* measure : measures)
      add_figure(figures, table, name, measure, line.value(measure, Json()));
  };
  const auto text = [](const Json& line, const char* name) { return line.value(name, ""); };
  for (const char* total : {"objective", "unserved_cost"})
    add_figure(figures, "total", total, text(plan, "currency"), plan.value(total, Json()));
  for (const Json& line : lines(plan, "orders"))
    add("orders", line, text(line, "offer"), {"quantity", "cost", "pay_now"});
  for (const Json& line : lines(plan.value("money", Json::object()), "years"))
    add("money", line, text(line, "year") + " " + text(line, "account"), {"budget", "spent"});
  for (const Json& line : lines(plan, "service")) {
    add("service", line, text(line, "workload") + " " + text(line, "quarter"),
        {"odds_served", "unserved_share"});
  }
  for (const Json& line : lines(plan, "fleet")) add("fleet", line, text(line, "quarter"), {"mean"});
  return figures;
}

store::Run answered(store::Store& store, const std::string& name) {
  store::Run found = find_run(store, name);
  if (!store.result(found.id, "plan.json"))
    throw InvalidInput(
        fmt::format("run {} has no answer to compare: it is {}", found.id, found.status));
  return found;
}

std::string shown(const PlanChange& change, const std::optional<double>& value) {
  if (!value) return "-";
  if (change.table == "service") return report::format_odds(*value);
  return report::format_number(*value, change.table == "total" ? 0 : 3);
}

report::Table waterfall_table(const CompareResult& result) {
  report::Table table{
      .id = "waterfall",
      .title = fmt::format("From the objective of run {} to that of run {} ({})", result.before.id,
                           result.after.id, result.after.currency),
      .columns = {{"change", report::Align::right}, {"then", report::Align::right}, {"step"}},
      .rows = {{"", report::format_cents(result.before_cents),
                fmt::format("run {}", result.before.id)}},
      .notes = {}};
  for (const WaterfallStep& step : result.waterfall)
    table.rows.push_back({report::format_cents(step.change_cents),
                          report::format_cents(step.then_cents), step.what});
  table.rows.push_back({report::format_cents(result.after_cents - result.before_cents),
                        report::format_cents(result.after_cents),
                        fmt::format("run {}", result.after.id)});
  if (result.gap > 1e-6) {
    table.notes.push_back(fmt::format(
        "each cost is known to within {:.2g} % of itself: a step below that may be noise",
        100.0 * result.gap));
  }
  table.notes.push_back(
      "each step takes one difference after the other from the second run and solves again: its "
      "size depends on that order, the sum does not");
  return table;
}

std::string inputs_text(const CompareResult& result) {
  const std::size_t count = result.input_count();
  std::string text = count == 0   ? "the inputs are the same\n"
                     : count == 1 ? "one input differs:\n"
                                  : fmt::format("{} inputs differ:\n", count);
  for (const Change& change : result.scenario)
    text += fmt::format("  {}{}\n", to_string(change), is_remark(change) ? " (a remark)" : "");
  for (const Change& change : result.data) text += fmt::format("  {}\n", to_string(change));
  for (const auto& [what, then, now] : result.options)
    text += fmt::format("  {}\n", spoken_option(what, then, now));
  for (const auto& [what, then, now] : result.versions)
    text += fmt::format("  version of {}: {} -> {}\n", what, then, now);
  return text;
}

Json changes_json(const std::vector<Change>& changes) {
  Json list = Json::array();
  for (const Change& change : changes) {
    list.push_back({{"file", change.file},
                    {"line", change.line > 0 ? Json(change.line) : Json()},
                    {"row", change.row},
                    {"column", change.column},
                    {"from", change.from},
                    {"to", change.to}});
  }
  return list;
}

Json differences_json(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const auto& [what, then, now] : differences)
    list.push_back({{"what", what}, {"from", then}, {"to", now}});
  return list;
}

Json waterfall_json(const CompareResult& result) {
  if (!result.no_waterfall.empty()) return {{"none_because", result.no_waterfall}};
  Json steps = Json::array();
  for (const WaterfallStep& step : result.waterfall)
    steps.push_back({{"what", step.what},
                     {"change_cents", step.change_cents},
                     {"then_cents", step.then_cents}});
  return {{"from_cents", result.before_cents},
          {"to_cents", result.after_cents},
          {"gap", result.gap},
          {"steps", steps}};
}

}  // namespace

std::vector<PlanChange> plan_changes(const std::string& before, const std::string& after) {
  const Figures old_figures = figures_of(Json::parse(before)),
                new_figures = figures_of(Json::parse(after));
  const auto find = [](const Figures& in, const auto& key) {
    const auto found =
        std::find_if(in.begin(), in.end(), [&](const auto& f) { return f.first == key; });
    return found == in.end() ? std::nullopt : std::optional(found->second);
  };
  std::vector<PlanChange> changes;
  const auto add = [&](const std::array<std::string, 3>& key) {
    const auto from = find(old_figures, key), to = find(new_figures, key);
    if (from != to) changes.push_back({key[0], key[1], key[2], from, to});
  };
  for (const auto& [key, value] : old_figures) add(key);
  for (const auto& [key, value] : new_figures) {
    if (!find(old_figures, key)) add(key);
  }
  // Figures of one table together, in the order in which a person asks.
  static constexpr const char* tables[] = {"total", "orders", "money", "service", "fleet"};
  const auto rank = [](const PlanChange& change) {
    return std::find(std::begin(tables), std::end(tables), change.table) - std::begin(tables);
  };
  std::stable_sort(changes.begin(), changes.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return changes;
}

report::Table plan_table(const std::vector<PlanChange>& changes, const std::string& before,
                         const std::string& after) {
  report::Table table{.id = "plan",
                      .title = "What changed in the plan",
                      .columns = {{"table"},
                                  {"what"},
                                  {"figure"},
                                  {before, report::Align::right},
                                  {after, report::Align::right}},
                      .rows = {},
                      .notes = {}};
  std::size_t hidden = 0;
  for (const PlanChange& change : changes) {
    const std::string from = shown(change, change.before), to = shown(change, change.after);
    if (from == to) {
      ++hidden;
    } else {
      table.rows.push_back({change.table, change.name, change.measure, from, to});
    }
  }
  if (hidden > 0)
    table.notes.push_back(fmt::format("{} more figures differ in digits not shown here", hidden));
  return table;
}

std::size_t CompareResult::input_count() const {
  const auto remarks = std::count_if(scenario.begin(), scenario.end(), is_remark);
  const auto asked = std::count_if(options.begin(), options.end(), [](const Difference& option) {
    return option.what != trained_iterations;
  });
  return scenario.size() - static_cast<std::size_t>(remarks) + data.size() +
         static_cast<std::size_t>(asked);
}

CompareResult run(const CompareRequest& request) {
  store::Store store(store_file(request.file), store::Access::read);
  CompareResult result{.before = answered(store, request.before),
                       .after = answered(store, request.after)};
  const RunInputs before = inputs_of(store, result.before.id),
                  after = inputs_of(store, result.after.id);
  result.scenario = changes_between(before.scenario, after.scenario);
  result.data = changes_between(before.data, after.data);
  result.options = differences_of(before.options, after.options);
  result.versions =
      differences_of(store.versions(result.before.id), store.versions(result.after.id));
  result.plan = plan_changes(*store.result(result.before.id, "plan.json"),
                             *store.result(result.after.id, "plan.json"));
  for (const store::RunId id : {result.before.id, result.after.id}) {
    const Json gap = Json::parse(*store.result(id, "plan.json")).value("gap", Json());
    if (gap.is_number()) result.gap = std::max(result.gap, gap.get<double>());
  }
  add_waterfall(before, after, request, result);
  return result;
}

std::string to_text(const CompareResult& result) {
  std::string text =
      fmt::format("run {} ({}) and run {} ({})\n\n{}", result.before.id, result.before.started,
                  result.after.id, result.after.started, inputs_text(result));
  text += result.plan.empty() ? "\nthe plans are the same, figure by figure\n"
                              : "\n" + report::to_terminal(plan_table(
                                           result.plan, fmt::format("run {}", result.before.id),
                                           fmt::format("run {}", result.after.id)));
  if (!result.no_waterfall.empty()) return text + "\nno waterfall: " + result.no_waterfall + "\n";
  return text + "\n" + report::to_terminal(waterfall_table(result));
}

std::string to_json(const CompareResult& result) {
  const auto optional = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json();
  };
  Json plan = Json::array();
  for (const PlanChange& change : result.plan) {
    plan.push_back({{"table", change.table},
                    {"name", change.name},
                    {"measure", change.measure},
                    {"before", optional(change.before)},
                    {"after", optional(change.after)}});
  }
  const Json json = {{"before", result.before.id},
                     {"after", result.after.id},
                     {"inputs", changes_json(result.scenario)},
                     {"data", changes_json(result.data)},
                     {"options", differences_json(result.options)},
                     {"versions", differences_json(result.versions)},
                     {"plan", plan},
                     {"waterfall", waterfall_json(result)}};
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

#include "vorrat/verbs/training_speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "vorrat/base/error.h"
#include "vorrat/report/format.h"
#include "vorrat/report/terminal.h"

namespace vorrat::verbs {

namespace {

double year_asked(const std::string& on, const workload::TrainingModel& model) {
  double newest = 0;
  for (const auto& row : model.rows()) newest = std::max(newest, row.year);
  if (on.empty()) return newest;
  const auto day = parse_date(on);
  if (!day) throw InvalidInput(fmt::format("\"{}\" is no day; write it as 2026-10-01", on));
  return workload::year_of(*day);
}

void check(const TrainingSpeedRequest& request) {
  const std::set<std::string> known = {"", "fp16", "fp8", "fp4"};
  if (!known.contains(request.precision))
    throw InvalidInput(
        fmt::format("unknown precision \"{}\"; known: fp16, fp8, fp4", request.precision));
  if (request.cluster < 1 || !(request.failures_per_year > 0 && request.checkpoint_seconds > 0 &&
                               request.restart_seconds >= 0))
    throw InvalidInput(
        "a cluster has 1 accelerator or more; failures per year and seconds of a checkpoint are "
        "above 0");
}

}  // namespace

int TrainingSpeedResult::exit_code() const {
  if (diagnostics.has_errors()) return 2;
  return std::ranges::any_of(entries,
                             [](const auto& entry) { return entry.prediction.refusal.empty(); })
             ? 0
             : 1;
}

TrainingSpeedResult run(const TrainingSpeedRequest& request) {
  check(request);
  TrainingSpeedResult result;
  const auto folder = catalog::find_data_folder(request.data);
  const auto catalog = catalog::Catalog::load(folder);
  if (!catalog) {
    result.diagnostics = catalog.error();
    return result;
  }
  const auto model = workload::TrainingModel::load(folder, *catalog);
  if (!model) {
    result.diagnostics = model.error();
    return result;
  }
  result.cluster = request.cluster;
  result.productive =
      workload::productive_share(request.cluster, request.failures_per_year,
                                 request.checkpoint_seconds, request.restart_seconds);
  workload::TrainingQuestion question{.accelerator = {},
                                      .model = {},
                                      .accelerators = request.cluster,
                                      .precision = request.precision,
                                      .sequence = request.sequence,
                                      .year = year_asked(request.on, *model),
                                      .is_fine_tuning = request.is_fine_tuning,
                                      .publisher = {}};
  for (const std::string& name :
       request.models.empty() ? catalog->language_model_ids() : request.models)
    for (const std::string& accelerator :
         request.accelerators.empty() ? catalog->accelerator_ids() : request.accelerators) {
      question.accelerator = accelerator;
      question.model = name;
      result.entries.push_back({accelerator, name,
                                name.starts_with("dlrm") ? "samples/s" : "tokens/s",
                                model->predict(question)});
    }
  return result;
}

std::string to_text(const TrainingSpeedResult& result) {
  if (result.diagnostics.has_errors()) return "";
  report::Table table;
  table.title = fmt::format("Trained per second and accelerator, {} together, before failures",
                            result.cluster);
  table.columns = {{"accelerator"},
                   {"model"},
                   {"speed", report::Align::right},
                   {"10 %", report::Align::right},
                   {"90 %", report::Align::right},
                   {"unit"},
                   {"of 16-bit rating", report::Align::right}};
  std::set<std::string> refusals;
  for (const TrainingSpeedEntry& entry : result.entries) {
    const auto& answer = entry.prediction;
    if (!answer.refusal.empty()) {
      refusals.insert(answer.refusal);
      continue;
    }
    table.rows.push_back(
        {entry.accelerator, entry.model, report::format_number(answer.per_second),
         report::format_number(answer.low), report::format_number(answer.high), entry.unit,
         answer.utilisation > 0 ? fmt::format("{:.0f} %", 100 * answer.utilisation) : ""});
  }
  std::string text;
  if (!table.rows.empty())
    text += report::to_terminal(table, 140) +
            fmt::format("\nFailures, restarts and checkpoints take {:.1f} % of the time.\n",
                        100 * (1 - result.productive));
  if (!refusals.empty()) text += "\nNo answer:\n";
  for (const std::string& refusal : refusals) text += "  " + refusal + "\n";
  return text;
}

std::string to_json(const TrainingSpeedResult& result) {
  const auto quoted = [](const std::string& text) {
    std::string plain;
    for (const char c : text) plain += c == '"' ? '\'' : c;
    return "\"" + plain + "\"";
  };
  std::string text = fmt::format(
      "{{\n  \"cluster\": {},\n  \"productive_share\": {},\n  "
      "\"entries\": [",
      result.cluster, result.productive);
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const TrainingSpeedEntry& entry = result.entries[i];
    const auto& answer = entry.prediction;
    text += fmt::format("{}\n    {{\"accelerator\": {}, \"model\": {}, ", i == 0 ? "" : ",",
                        quoted(entry.accelerator), quoted(entry.model));
    text += answer.refusal.empty()
                ? fmt::format(
                      "\"per_second\": {}, \"p10\": {}, \"p90\": {}, \"unit\": {}, "
                      "\"utilisation\": {}}}",
                      answer.per_second, answer.low, answer.high, quoted(entry.unit),
                      answer.utilisation)
                : fmt::format("\"refusal\": {}}}", quoted(answer.refusal));
  }
  return text + "\n  ]\n}\n";
}

}  // namespace vorrat::verbs

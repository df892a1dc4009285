#include "vorrat/verbs/report.h"

#include <fmt/format.h>

#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/file.h"
#include "vorrat/report/csv.h"
#include "vorrat/report/html.h"
#include "vorrat/report/json.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/terminal.h"
#include "vorrat/report/with_insight.h"
#include "vorrat/report/xlsx.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/keep_insight.h"

namespace vorrat::verbs {
namespace {

InsightRequest insight_about(const PlanRequest& plan) {
  return {.about = {.scenario = plan.scenario,
                    .data = plan.data,
                    .seed = plan.seed,
                    .threads = plan.threads,
                    .progress = plan.progress,
                    .stop = plan.stop}};
}

report::Tables insight_into(const PlanRequest& request, const PlanResult& planned) {
  InsightRequest insight = insight_about(request);
  insight.reported.emplace();
  for (const auto& line : planned.plan->orders) (*insight.reported)[line.offer] = line.quantity;
  return report::with_insight(planned.tables, run(insight).tables);
}

ReportResult of_scenario(const PlanRequest& request, bool finds_insight) {
  PlanResult planned = run(request);
  ReportResult result{.diagnostics = std::move(planned.diagnostics),
                      .tables = {},
                      .written = {},
                      .exit_code = planned.exit_code()};
  if (planned.plan)
    result.tables = finds_insight ? insight_into(request, planned) : std::move(planned.tables);
  return result;
}

report::Tables of_run(const ReportRequest& request) {
  store::Store store(store_file(request.store), store::Access::read);
  const store::Run run = find_run(store, request.input);
  const auto tables = store.result(run.id, "tables.json");
  if (!tables) throw InvalidInput(fmt::format("run {} kept no report; plan again", run.id));
  report::Tables plan = report::tables_from_json(*tables);
  if (auto known = insight_of(store, run.id)) return report::with_insight(std::move(plan), *known);
  if (!request.finds_insight) return plan;
  const KeptInsight found = verbs::run(KeepInsightRequest{.input = std::to_string(run.id),
                                                          .insight = insight_about(request.plan),
                                                          .file = request.store});
  if (!found.not_kept.empty()) throw Unavailable("what was found is not kept: " + found.not_kept);
  return report::with_insight(std::move(plan), found.result.tables);
}

report::Tables of_file(const std::filesystem::path& file, bool finds_insight) {
  if (finds_insight)
    throw InvalidInput(
        fmt::format("{} holds a report and no inputs to be asked about; name a run "
                    "or a scenario folder for --insight",
                    file.string()));
  try {
    return report::tables_from_json(read_whole(file));
  } catch (const InvalidInput& error) {
    throw InvalidInput(fmt::format("{}: {}", file.string(), error.what()));
  }
}

ReportResult of_input(const ReportRequest& request) {
  if (std::filesystem::is_directory(request.input)) {
    PlanRequest plan = request.plan;
    plan.scenario = request.input;
    return of_scenario(plan, request.finds_insight);
  }
  const bool is_run = names_a_run(request.input) && !std::filesystem::exists(request.input);
  return {.diagnostics = {},
          .tables = is_run ? of_run(request) : of_file(request.input, request.finds_insight),
          .written = {},
          .exit_code = 0};
}

void write(const std::filesystem::path& file, const std::string& text, ReportResult& result) {
  write_whole(file, text);
  result.written.push_back({file, text.size()});
}

void write_csv(const std::filesystem::path& folder, ReportResult& result) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Unavailable(
        fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  for (const auto& [name, text] : report::to_csv(*result.tables))
    write(folder / name, text, result);
}

std::string size_text(std::size_t bytes) {
  return bytes < 100'000 ? fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3)
                         : fmt::format("{:.2f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace

ReportResult run(const ReportRequest& request) {
  ReportResult result = of_input(request);
  if (!result.tables) return result;
  if (request.disclosure == Disclosure::redacted)
    result.tables = report::redacted(std::move(*result.tables));
  if (request.html) write(*request.html, report::to_html(*result.tables), result);
  if (request.xlsx) write(*request.xlsx, report::to_xlsx(*result.tables), result);
  if (request.csv) write_csv(*request.csv, result);
  return result;
}

std::string to_text(const ReportResult& result) {
  if (!result.tables) return "";
  if (result.written.empty()) return report::to_terminal(*result.tables);
  std::string text;
  for (const WrittenFile& file : result.written)
    text += fmt::format("wrote {} ({})\n", file.path.string(), size_text(file.size));
  return text;
}

std::string to_json(const ReportResult& result) {
  return result.tables ? report::to_json(*result.tables) : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs

#include "vorrat/verbs/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>

#include "vorrat/catalog/catalog.h"
#include "vorrat/report/tables.h"
#include "vorrat/report/terminal.h"

namespace vorrat::verbs {
namespace {

// In the order of the built-in cases, each once. Unknown names come last, for run_case to refuse.
std::vector<std::string> chosen(const std::vector<std::string>& only) {
  if (only.empty()) return published::case_names();
  std::vector<std::string> names;
  for (const std::string& name : published::case_names())
    if (std::ranges::count(only, name) > 0) names.push_back(name);
  for (const std::string& name : only)
    if (std::ranges::count(published::case_names(), name) == 0) names.insert(names.begin(), name);
  return names;
}

report::Table table_of(const published::CaseResult& result) {
  report::Table table{.id = result.name,
                      .title = result.name + ": " + result.title,
                      .columns = {{"case"},
                                  {"quantity"},
                                  {"expected", report::Align::right},
                                  {"found", report::Align::right},
                                  {"tolerance"},
                                  {"source"},
                                  {"verdict"}},
                      .rows = {},
                      .notes = {"source: " + result.source}};
  if (!result.note.empty()) table.notes.push_back(result.note);
  if (!result.skipped.empty()) table.notes.push_back("skipped: " + result.skipped);
  for (const published::Check& check : result.checks) {
    table.rows.push_back({result.name, check.quantity, check.expected, check.found, check.tolerance,
                          check.source, check.passes ? "ok" : "FAILS"});
  }
  return table;
}

std::string summary(const ValidateResult& result) {
  const double seconds = std::accumulate(result.seconds.begin(), result.seconds.end(), 0.0);
  std::string text = fmt::format(
      "{} figures of {} cases in {:.1f} s: {}\n", result.check_count(),
      std::ranges::count(result.cases, "", &published::CaseResult::skipped), seconds,
      result.failure_count() == 0 ? "all come out"
                                  : fmt::format("{} do not come out", result.failure_count()));
  for (const published::CaseResult& entry : result.cases) {
    if (!entry.skipped.empty()) text += fmt::format("skipped {}: {}\n", entry.name, entry.skipped);
    for (const published::Check& check : entry.checks) {
      if (!check.passes)
        text += fmt::format("FAILS {}, {}: expected {}, found {}\n", entry.name, check.quantity,
                            check.expected, check.found);
    }
  }
  for (const std::string& name : result.not_run) text += fmt::format("not run: {}\n", name);
  return text;
}

}  // namespace

std::size_t ValidateResult::check_count() const {
  std::size_t count = 0;
  for (const auto& entry : cases) count += entry.checks.size();
  return count;
}

std::size_t ValidateResult::failure_count() const {
  std::size_t count = 0;
  for (const auto& entry : cases)
    count += static_cast<std::size_t>(
        std::ranges::count(entry.checks, false, &published::Check::passes));
  return count;
}

int ValidateResult::exit_code() const {
  return failure_count() == 0 && not_run.empty() && check_count() > 0 ? 0 : 1;
}

ValidateResult run(const ValidateRequest& request) {
  const std::filesystem::path data = catalog::find_data_folder(request.data);
  const published::Folders folders{
      .data = data, .scenarios = data.parent_path() / "scenarios", .instances = request.instances};
  const std::vector<std::string> names = chosen(request.only);
  ValidateResult result;
  for (const std::string& name : names) {
    if (request.stop != nullptr && request.stop->requested()) {
      result.not_run.push_back(name);
      continue;
    }
    tell(request.progress, {.phase = "validating " + name,
                            .fraction = static_cast<double>(result.cases.size()) /
                                        static_cast<double>(names.size())});
    const auto start = std::chrono::steady_clock::now();
    result.cases.push_back(published::run_case(name, folders));
    result.seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return result;
}

std::string to_text(const ValidateResult& result) {
  std::string text;
  // Wide enough that no source is wrapped: lines stay whole for grep.
  for (const auto& entry : result.cases) text += report::to_terminal(table_of(entry), 1000) + "\n";
  return text + summary(result);
}

std::string to_json(const ValidateResult& result) {
  nlohmann::ordered_json json;
  json["status"] = result.exit_code() == 0 ? "valid" : "not_valid";
  json["figures"] = result.check_count();
  json["failures"] = result.failure_count();
  json["not_run"] = result.not_run;
  json["cases"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < result.cases.size(); ++i) {
    const published::CaseResult& entry = result.cases[i];
    nlohmann::ordered_json figures = nlohmann::ordered_json::array();
    for (const published::Check& check : entry.checks) {
      figures.push_back({{"quantity", check.quantity},
                         {"expected", check.expected},
                         {"found", check.found},
                         {"tolerance", check.tolerance},
                         {"source", check.source},
                         {"passes", check.passes}});
    }
    json["cases"].push_back({{"case", entry.name},
                             {"title", entry.title},
                             {"source", entry.source},
                             {"note", entry.note},
                             {"skipped", entry.skipped},
                             {"seconds", result.seconds[i]},
                             {"figures", std::move(figures)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

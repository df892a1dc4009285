#include "vorrat/verbs/runs.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"
#include "vorrat/report/format.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/keep.h"

namespace vorrat::verbs {
namespace {

using Json = nlohmann::ordered_json;

std::string clock(const std::string& utc) {
  return utc.size() >= 16 ? utc.substr(0, 10) + " " + utc.substr(11, 5) : utc;
}

report::Table table_of(const RunsResult& result) {
  report::Table table{.id = "runs",
                      .title = "Runs in " + result.file.string(),
                      .columns = {{"run", report::Align::right},
                                  {"begun (UTC)"},
                                  {"scenario"},
                                  {"outcome"},
                                  {"objective", report::Align::right},
                                  {"time", report::Align::right},
                                  {"inputs"}},
                      .rows = {},
                      .notes = {}};
  for (const store::Run& run : result.runs) {
    table.rows.push_back({std::to_string(run.id), clock(run.started), run.scenario, run.status,
                          run.objective ? report::format_money(*run.objective, run.currency) : "-",
                          fmt::format("{:.1f} s", run.seconds), run.input_hash.substr(0, 8)});
  }
  table.notes = {"inputs: the first digits of their digest; the same digits are the same inputs"};
  return table;
}

Json run_json(const store::Run& run) {
  return {{"run", run.id},
          {"verb", run.verb},
          {"scenario", run.scenario},
          {"title", run.title},
          {"folder", run.folder},
          {"input_hash", run.input_hash},
          {"started", run.started},
          {"finished", run.finished},
          {"status", run.status},
          {"exit_code", run.exit_code},
          {"seconds", run.seconds},
          {"objective", run.objective ? Json(*run.objective) : Json()},
          {"currency", run.currency}};
}

}  // namespace

RunsResult run(const RunsRequest& request) {
  RunsResult result{.file = store_file(request.file), .runs = {}, .faults = {}};
  if (store::holds_nothing(result.file)) {
    if (request.is_check) result.faults.emplace();
    return result;
  }
  store::Store store(result.file, store::Access::read);
  if (request.is_check) {
    result.faults = store.faults();
    if (!result.faults->empty()) return result;
  }
  result.runs = store.runs();
  return result;
}

std::string to_text(const RunsResult& result) {
  const std::string file = result.file.string();
  if (!result.faults)
    return result.runs.empty() ? fmt::format("no run is kept in {} yet\n", file)
                               : report::to_terminal(table_of(result));
  if (result.faults->empty()) return fmt::format("{}: whole, {} runs\n", file, result.runs.size());
  std::string text;
  for (const std::string& fault : *result.faults) text += fmt::format("{}: {}\n", file, fault);
  return text;
}

std::string to_json(const RunsResult& result) {
  Json runs = Json::array();
  for (const store::Run& run : result.runs) runs.push_back(run_json(run));
  Json json = {{"file", result.file.string()}, {"runs", runs}};
  if (result.faults) json["faults"] = *result.faults;
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

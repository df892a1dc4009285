#include "vorrat/verbs/show.h"

#include <fmt/format.h>

#include "vorrat/base/error.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

std::vector<std::filesystem::path> write_scenario(const std::filesystem::path& folder,
                                                  const store::Files& files) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    throw InvalidInput(
        fmt::format("{} is not empty: choose a folder that is empty or new", folder.string()));
  }
  write_files(folder, files);
  std::vector<std::filesystem::path> written;
  for (const auto& [name, bytes] : files) written.push_back(folder / name);
  return written;
}

std::string settings_text(const store::Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  return text.empty() ? "none" : text;
}

}  // namespace

ShowResult run(const ShowRequest& request) {
  store::Store store(store_file(request.file), store::Access::read);
  ShowResult result{.run = find_run(store, request.run)};
  const store::RunId id = result.run.id;
  result.options = store.options(id);
  result.versions = store.versions(id);
  result.scenario_file_count = store.inputs(id, store::Place::scenario).size();
  result.data_file_count = store.inputs(id, store::Place::data).size();
  result.actual_count = store.actuals(id).size();
  result.results = store.results(id);
  if (request.write_scenario)
    result.written =
        write_scenario(*request.write_scenario, store.inputs(id, store::Place::scenario));
  return result;
}

std::string to_text(const ShowResult& result) {
  const store::Run& run = result.run;
  std::string text = fmt::format("run {}: {} of {}\n", run.id, run.verb, run.title);
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("  {:<10}{}\n", name, value);
  };
  line("begun", run.started);
  line("ended",
       fmt::format("{} after {:.1f} s (exit code {})", run.status, run.seconds, run.exit_code));
  line("scenario", fmt::format("{}, {} files, read in {}", run.scenario, result.scenario_file_count,
                               run.folder));
  line("data", fmt::format("{} files of catalogue, rules and calibration", result.data_file_count));
  line("inputs", run.input_hash);
  line("options", settings_text(result.options));
  line("versions", settings_text(result.versions));
  if (!run.message.empty()) line("message", run.message);
  if (result.actual_count > 0)
    line("actuals",
         fmt::format("{0}; `vorrat actuals {1}` shows them", result.actual_count, run.id));
  for (const auto& path : result.written) text += fmt::format("wrote {}\n", path.string());
  return text + "\n" + result.results.at("plan.txt");
}

std::string to_json(const ShowResult& result) { return result.results.at("plan.json"); }

}  // namespace vorrat::verbs

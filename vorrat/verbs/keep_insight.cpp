#include "vorrat/verbs/keep_insight.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

constexpr const char* kept_name = "insight.json";

std::optional<std::uint64_t> seed_of(const store::Settings& options) {
  const auto seed = options.find("seed");
  return seed == options.end() ? std::nullopt
                               : std::optional<std::uint64_t>(std::stoull(seed->second));
}

/// What a run orders first.
std::map<std::string, double> orders_of(store::Store& store, store::RunId run) {
  std::map<std::string, double> orders;
  const auto json = nlohmann::json::parse(store.result(run, "plan.json").value_or("{}"));
  for (const auto& line : json.value("orders", nlohmann::json::array()))
    orders[line.at("offer")] = line.at("quantity");
  return orders;
}

std::optional<store::RunId> run_of_inputs(store::Store& store, const std::string& input_hash,
                                          const std::optional<std::uint64_t>& seed) {
  for (const store::Run& run : store.runs()) {
    if (run.verb == "plan" && run.input_hash == input_hash &&
        seed_of(store.options(run.id)) == seed)
      return run.id;
  }
  return {};
}

void keep(const std::filesystem::path& file, store::RunId run, KeptInsight& kept) {
  if (!kept.result.is_loaded) return;
  if (!kept.result.is_complete) {
    kept.not_kept = "it was stopped on the way";
    return;
  }
  try {
    store::Store(file, store::Access::write)
        .keep_later(run, kept_name, report::to_json(kept.result.tables));
    kept.run = run;
  } catch (const Unavailable& error) {
    kept.not_kept = error.what();
  }
}

KeptInsight of_run(const KeepInsightRequest& request, const std::filesystem::path& file) {
  store::Store store(file, store::Access::read);
  const store::Run asked = find_run(store, request.input);
  const LaidOutInputs inputs(store.inputs(asked.id, store::Place::scenario),
                             store.inputs(asked.id, store::Place::data));
  InsightRequest insight = request.insight;
  insight.about.scenario = inputs.scenario();
  insight.about.data = inputs.data();
  insight.about.seed = seed_of(store.options(asked.id));
  insight.reported = orders_of(store, asked.id);
  KeptInsight kept;
  kept.result = run(insight);
  keep(file, asked.id, kept);
  return kept;
}

KeptInsight of_scenario(const KeepInsightRequest& request, const std::filesystem::path& file) {
  InsightRequest insight = request.insight;
  insight.about.scenario = request.input;
  std::optional<store::RunId> planned;
  const auto loaded = load(insight.about.scenario, insight.about.data);
  if (loaded && !store::holds_nothing(file)) {
    store::Store store(file, store::Access::read);
    planned = run_of_inputs(store, loaded->input_hash, insight.about.seed);
    if (planned) insight.reported = orders_of(store, *planned);
  }
  KeptInsight kept;
  kept.result = run(insight);
  if (planned) {
    keep(file, *planned, kept);
  } else if (kept.result.is_loaded) {
    kept.not_kept = "no kept run has these inputs and this seed; plan first";
  }
  return kept;
}

}  // namespace

KeptInsight run(const KeepInsightRequest& request) {
  const std::filesystem::path file = store_file(request.file);
  const bool is_run = names_a_run(request.input) && !std::filesystem::exists(request.input);
  return is_run ? of_run(request, file) : of_scenario(request, file);
}

std::optional<report::Tables> insight_of(store::Store& store, store::RunId run) {
  const auto found = store.found_later(run, kept_name);
  return found ? std::optional(report::tables_from_json(*found)) : std::nullopt;
}

bool names_a_run(const std::string& text) {
  return text == "last" || (!text.empty() && std::ranges::all_of(text, [](unsigned char c) {
           return std::isdigit(c) != 0;
         }));
}

std::string last_line(const KeptInsight& kept) {
  if (kept.run)
    return fmt::format("kept with run {}: \"vorrat report {} --html FILE\" shows it\n", *kept.run,
                       *kept.run);
  return kept.not_kept.empty() ? "" : fmt::format("not kept: {}\n", kept.not_kept);
}

}  // namespace vorrat::verbs

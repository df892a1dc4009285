#include "vorrat/verbs/rerun.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"
#include "vorrat/verbs/keep.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_shown = 20;

PlanResult plan_again(store::Store& store, const store::Run& kept, const RerunRequest& request) {
  const LaidOutInputs inputs(store.inputs(kept.id, store::Place::scenario),
                             store.inputs(kept.id, store::Place::data));
  PlanRequest plan{.scenario = inputs.scenario(),
                   .data = inputs.data(),
                   .seed = {},
                   .progress = request.progress,
                   .stop = request.stop};
  apply_options(store.options(kept.id), plan);
  PlanResult result = run(plan);
  if (!result.plan) {
    throw InvalidInput(fmt::format("this vorrat no longer reads the inputs of run {}:\n{}", kept.id,
                                   to_string(result.diagnostics)));
  }
  return result;
}

// A result whose bytes differ though it says the same, or that is no JSON, differs as a whole.
std::vector<Difference> compare(const std::string& name, const std::string& then,
                                const std::string& now) {
  if (then == now) return {};
  std::vector<Difference> differences;
  if (name.ends_with(".json")) differences = differences_of(then, now);
  if (differences.empty())
    differences = {
        {name, fmt::format("{} bytes", then.size()), fmt::format("{} bytes", now.size())}};
  return differences;
}

void compare_results(const store::Files& then, const store::Files& now, RerunResult& result) {
  for (const auto& [name, bytes] : then) {
    const auto again = now.find(name);
    if (again == now.end()) continue;  // a result that this version no longer makes
    result.names.push_back(name);
    result.byte_count += bytes.size();
    for (Difference& difference : compare(name, bytes, again->second))
      result.differences.push_back(std::move(difference));
  }
}

std::string table_of(const std::vector<Difference>& differences) {
  std::string text;
  for (std::size_t i = 0; i < differences.size() && i < most_shown; ++i) {
    const auto& [what, then, now] = differences[i];
    text += fmt::format("  {}: {} then, {} now\n", what, then.empty() ? "nothing" : then,
                        now.empty() ? "nothing" : now);
  }
  if (differences.size() > most_shown)
    text += fmt::format("  and {} more (--json gives all)\n", differences.size() - most_shown);
  return text;
}

Json json_of(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const auto& [what, then, now] : differences)
    list.push_back({{"what", what}, {"then", then}, {"now", now}});
  return list;
}

}  // namespace

RerunResult run(const RerunRequest& request) {
  store::Store store(store_file(request.file), store::Access::read);
  RerunResult result{.run = find_run(store, request.run)};
  PlanResult again = plan_again(store, result.run, request);
  result.seconds = again.plan->method.seconds;
  result.versions = differences_of(store.versions(result.run.id), versions_now());
  const store::Files then = store.results(result.run.id);
  if (const auto times = then.find("times"); times != then.end()) set_times(again, times->second);
  compare_results(then, results_of(again), result);
  return result;
}

std::string to_text(const RerunResult& result) {
  const store::RunId id = result.run.id;
  const std::string versions =
      result.versions.empty() ? "the versions are the same\n"
                              : fmt::format("versions that differ:\n{}", table_of(result.versions));
  if (result.is_same())
    return fmt::format("run {}: the same bits ({} bytes of {}), in {:.1f} s; {}", id,
                       result.byte_count, fmt::join(result.names, " and "), result.seconds,
                       versions);
  std::string text =
      fmt::format("run {}: not the same bits\n{}{}", id, table_of(result.differences), versions);
  if (result.run.status == "stopped" || result.run.status == "failed")
    text += "it did not end by itself then, so it cannot be expected to give the same\n";
  return text;
}

std::string to_json(const RerunResult& result) {
  const Json json = {{"run", result.run.id},
                     {"is_same", result.is_same()},
                     {"results", result.names},
                     {"bytes", result.byte_count},
                     {"seconds", result.seconds},
                     {"differences", json_of(result.differences)},
                     {"versions", json_of(result.versions)}};
  return json.dump(2) + "\n";
}

std::vector<Difference> differences_of(const std::string& then, const std::string& now) {
  // flatten() turns an empty object or list into null, so these are told apart by the bytes only.
  const Json a = Json::parse(then).flatten(), b = Json::parse(now).flatten();
  std::vector<Difference> differences;
  for (const auto& [key, value] : a.items()) {
    const auto other = b.find(key);
    if (other == b.end()) {
      differences.push_back({key.substr(1), value.dump(), ""});
    } else if (*other != value) {
      differences.push_back({key.substr(1), value.dump(), other->dump()});
    }
  }
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) differences.push_back({key.substr(1), "", value.dump()});
  }
  return differences;
}

std::vector<Difference> differences_of(const store::Settings& then, const store::Settings& now) {
  std::vector<Difference> differences;
  for (const auto& [name, value] : then) {
    const auto other = now.find(name);
    if (other == now.end() || other->second != value)
      differences.push_back({name, value, other == now.end() ? "" : other->second});
  }
  for (const auto& [name, value] : now) {
    if (!then.contains(name)) differences.push_back({name, "", value});
  }
  return differences;
}

}  // namespace vorrat::verbs

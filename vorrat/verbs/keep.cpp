#include "vorrat/verbs/keep.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/lp/solver.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/verbs/run_inputs.h"

namespace vorrat::verbs {
namespace {

struct Inputs {
  store::Files scenario, data;
  bool operator==(const Inputs&) const = default;
};

Inputs read_inputs(const PlanRequest& request) {
  return {.scenario = scenario_files(request.scenario),
          .data = data_files(catalog::find_data_folder(request.data))};
}

store::Run run_of(const PlanRequest& request, const PlanResult& result,
                  const std::string& started) {
  const fleet::Plan& plan = *result.plan;
  store::Run run{.verb = "plan",
                 .scenario = result.facts.scenario,
                 .title = result.facts.title,
                 .folder = std::filesystem::absolute(request.scenario).lexically_normal().string(),
                 .input_hash = result.facts.input_hash,
                 .started = started,
                 .finished = store::utc_now(),
                 .status = to_string(plan.status),
                 .message = plan.message,
                 .exit_code = result.exit_code(),
                 .seconds = plan.method.seconds,
                 .objective = {},
                 .currency = plan.currency};
  if (plan.status == fleet::PlanStatus::optimal) run.objective = plan.objective;
  return run;
}

// Every time of the clock that a plan holds [s].
std::vector<double*> times_in(fleet::Plan& plan) {
  std::vector<double*> times = {&plan.method.seconds};
  for (auto& entry : plan.method.log) times.push_back(&entry.seconds);
  return times;
}

// What was asked, and how far training came: where a limit of time cut it, it is cut again.
store::Settings options_of(const PlanRequest& request, const fleet::Plan& plan) {
  store::Settings options = options_of(request);
  if (plan.method.is_decomposed())
    options[trained_iterations] = std::to_string(plan.method.iterations);
  return options;
}

// With a plan, or with the answer that there is none.
bool has_ended(const PlanResult& result) {
  return result.plan && (result.plan->status == fleet::PlanStatus::optimal ||
                         result.plan->status == fleet::PlanStatus::infeasible);
}

}  // namespace

int KeptPlan::exit_code() const { return not_kept.empty() ? result.exit_code() : 3; }

KeptPlan run(const KeepRequest& request) {
  KeptPlan kept;
  const std::string started = store::utc_now();
  Inputs inputs = read_inputs(request.plan);
  PlanRequest plan = request.plan;
  plan.on_loaded = [&] {
    // What is kept must be what was read: the loader reads the files a second time.
    if (read_inputs(request.plan) != inputs)
      throw Unavailable("the inputs changed while they were read; plan again");
  };
  kept.result = run(plan);
  kept.is_stopped = request.plan.stop && request.plan.stop->requested();
  if (kept.is_stopped || !has_ended(kept.result)) return kept;
  try {
    kept.file = store_file(request.file);
    kept.run = store::Store(kept.file, store::Access::write)
                   .keep(run_of(request.plan, kept.result, started),
                         {.scenario_files = std::move(inputs.scenario),
                          .data_files = std::move(inputs.data),
                          .options = options_of(request.plan, *kept.result.plan),
                          .versions = versions_now(),
                          .results = results_of(kept.result)});
  } catch (const Unavailable& error) {
    kept.not_kept = error.what();
  }
  return kept;
}

std::string last_line(const KeptPlan& kept) {
  if (kept.is_stopped)
    return "not kept, as it was stopped by hand; --seconds stops a run that can be kept\n";
  return kept.run ? fmt::format("kept as run {} in {}\n", *kept.run, kept.file.string()) : "";
}

store::Settings options_of(const PlanRequest& request) {
  store::Settings options;
  if (request.seed) options["seed"] = std::to_string(*request.seed);
  if (request.method) options["method"] = *request.method == PlanMethod::tree ? "tree" : "sddp";
  if (request.gap) options["gap"] = fmt::format("{}", *request.gap);
  if (request.seconds) options["seconds"] = fmt::format("{}", *request.seconds);
  if (request.iterations) options["iterations"] = std::to_string(*request.iterations);
  return options;
}

void apply_options(const store::Settings& options, PlanRequest& request) {
  if (const auto seed = options.find("seed"); seed != options.end())
    request.seed = std::stoull(seed->second);
  if (const auto method = options.find("method"); method != options.end())
    request.method = method->second == "tree" ? PlanMethod::tree : PlanMethod::sddp;
  if (const auto gap = options.find("gap"); gap != options.end())
    request.gap = std::stod(gap->second);
  if (const auto seconds = options.find("seconds"); seconds != options.end())
    request.seconds = std::stod(seconds->second);
  if (const auto iterations = options.find("iterations"); iterations != options.end())
    request.iterations = std::stoi(iterations->second);
  if (const auto trained = options.find(trained_iterations); trained != options.end()) {
    request.iterations = std::stoi(trained->second);
    request.seconds = 1e30;
  }
}

store::Files results_of(const PlanResult& result) {
  std::string times;
  if (result.plan) {
    fleet::Plan plan = *result.plan;
    for (const double* time : times_in(plan)) times += fmt::format("{}\n", *time);
  }
  return {{"plan.json", to_json(result)},
          {"plan.txt", to_text(result)},
          {"tables.json", report::to_json(result.tables)},
          {"times", times},
          {"states.json", result.states.families.empty() ? "" : sddp::to_text(result.states)}};
}

void set_times(PlanResult& result, const std::string& times) {
  if (!result.plan) return;
  std::istringstream lines(times);
  for (double* time : times_in(*result.plan)) {
    std::string line;
    *time = std::getline(lines, line) ? std::strtod(line.c_str(), nullptr) : 0.0;
  }
  result.tables = report::plan_tables(*result.plan, result.facts);
}

std::filesystem::path store_file(const std::optional<std::filesystem::path>& chosen) {
  return chosen ? *chosen : store::default_file();
}

store::Run find_run(store::Store& store, const std::string& name) {
  std::optional<store::Run> found;
  store::RunId number = 0;
  const char* end = name.data() + name.size();
  if (name == "last") {
    found = store.last();
  } else if (std::from_chars(name.data(), end, number).ptr == end) {
    found = store.find(number);
  }
  if (found) return *found;
  const auto all = store.runs();
  throw InvalidInput(
      all.empty()
          ? fmt::format("there is no run {}: {} holds none yet", name, store.file().string())
          : fmt::format(
                "there is no run {} in {}, whose runs are {} to {}; write a number, or last", name,
                store.file().string(), all.back().id, all.front().id));
}

store::Settings versions_now() {
  return {{"vorrat", VORRAT_VERSION},
          {"solver", lp::has_highs() ? lp::make_highs_solver()->name() : "none"},
          {"compiler", __VERSION__}};
}

}  // namespace vorrat::verbs

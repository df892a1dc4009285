// Workloads that name the model they run, and the throughput that is derived from it.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "vorrat/quantity/text.h"
#include "vorrat/scenario/derived_throughput.h"
#include "vorrat/scenario/loader.h"

namespace vorrat::scenario {
namespace {

constexpr const char* work_model_columns[] = {"input",     "output",  "counts",
                                              "ttft",      "tpot",    "prefix_cached",
                                              "precision", "cluster", "software"};

}  // namespace

std::optional<WorkModel> Loader::read_work_model(Record& row, const Workload& workload) {
  if (!row.has("model")) {
    for (const char* column : work_model_columns) {
      if (!row.has(column)) continue;
      row.fault(column, fmt::format("{} says its {}, but not what it runs", row.subject(), column),
                "name the model in the column \"model\", or leave the cell empty");
    }
    return std::nullopt;
  }
  WorkModel runs;
  runs.place = row.spot("model").place();
  runs.model = row.required<std::string>("model");
  if (!catalog_.find_language_model(runs.model))
    row.fault("model", fmt::format("unknown language model \"{}\"", runs.model),
              did_you_mean(runs.model, catalog_.language_model_ids()));
  runs.precision = row.value_or<std::string>("precision", "");
  if (!runs.precision.empty() && runs.precision != "fp16" && runs.precision != "fp8" &&
      runs.precision != "fp4")
    row.fault("precision", fmt::format("unknown precision \"{}\"", runs.precision),
              "write fp16, fp8 or fp4, or leave the cell empty for the usual one");
  runs.software = row.optional<Date>("software");
  if (workload.work == dimensions::compute_work) {
    runs.cluster = row.required<int>("cluster", Bounds::at_least(1));
    runs.input = row.value_or<double>("input", 4096, Bounds::positive());
    return runs;
  }
  runs.input = row.required<double>("input", Bounds::positive());
  runs.output = row.required<double>("output", Bounds::positive());
  runs.counts_all = row.choice_or<bool>("counts", {{"written", false}, {"all", true}}, false);
  if (const auto limit = row.optional<Duration>("ttft", Bounds::positive()))
    runs.first_token = limit->value();
  if (const auto limit = row.optional<Duration>("tpot", Bounds::positive()))
    runs.per_token = limit->value();
  runs.prefix_cached = row.value_or<double>("prefix_cached", 0, Bounds::between(0, 0.99));
  return runs;
}

void Loader::derive_throughput() {
  const auto names_model = [](const Workload& workload) { return workload.runs.has_value(); };
  const auto& workloads = scenario_.workloads;
  if (!is_readable("throughput.csv") &&
      !std::all_of(workloads.begin(), workloads.end(), names_model))
    faults_.add_error("throughput.csv", "the file is missing",
                      "write it, or name the model of each workload in workloads.csv");
  if (faults_.has_errors() || std::none_of(workloads.begin(), workloads.end(), names_model)) return;
  std::optional<ThroughputSource> source;  // read when a cell is missing: it takes a while
  for (std::size_t w = 0; w < workloads.size(); ++w) {
    if (!workloads[w].runs) continue;
    for (std::size_t a = 0; a < scenario_.accelerators.size(); ++a) {
      if (scenario_.throughput_of(a, w)) continue;
      if (!source) {
        auto loaded = ThroughputSource::load(catalog_);
        if (!loaded) {
          faults_.append(loaded.error());
          return;
        }
        source = std::move(*loaded);
      }
      auto cell = source->derive(scenario_, {.accelerator = a, .workload = w, .rate = {}});
      const std::string what = fmt::format("the throughput of {} for \"{}\"",
                                           scenario_.accelerators[a].id, workloads[w].id);
      if (!cell) {
        note_default(what, "none", cell.error());
        continue;
      }
      note_default(what, to_string(cell->rate.value), cell->rate.source.text);
      scenario_.throughput.push_back(std::move(*cell));
    }
  }
}

}  // namespace vorrat::scenario

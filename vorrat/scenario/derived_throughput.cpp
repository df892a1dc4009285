#include "vorrat/scenario/derived_throughput.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "vorrat/quantity/text.h"
#include "vorrat/workload/throughput.h"
#include "vorrat/workload/training.h"

namespace vorrat::scenario {
namespace {

constexpr double failures_per_year = 0.17;  // of one accelerator
constexpr double checkpoint_seconds = 60;
constexpr double restart_seconds = 900;

// The middle of a quarter, or what `software` says, as in 2026.25.
double year_at(const Scenario& scenario, const WorkModel& runs, std::size_t stage) {
  const Quarter first = scenario.horizon.first;
  const double start =
      runs.software ? workload::year_of(*runs.software) : first.year + (first.number - 0.5) / 4;
  return start + static_cast<double>(stage) / 4;
}

Fact range(double low, double high, Dimension dimension, const WorkModel& runs, std::string how) {
  const AnyQuantity least{low, dimension, {}, {}}, most{high, dimension, {}, {}};
  Fact fact;
  if (high > low * (1 + 1e-6)) {
    fact.value = Uncertain::between(least, most);
    fact.value.set_text(fmt::format("{} to {} (80 %)", to_string(least), to_string(most)));
  } else {
    fact.value = least;
  }
  fact.source = {
      .text = std::move(how), .date = {}, .kind = SourceKind::derived, .place = runs.place};
  return fact;
}

std::optional<workload::Precision> precision_of(const std::string& text) {
  if (text == "fp16") return workload::Precision::fp16;
  if (text == "fp8") return workload::Precision::fp8;
  if (text == "fp4") return workload::Precision::fp4;
  return std::nullopt;
}

workload::Question question_of(const WorkModel& runs, const std::string& accelerator) {
  workload::Question question{.accelerator = accelerator, .model = runs.model};
  question.precision = precision_of(runs.precision);
  question.service.input = runs.input;
  question.service.output = runs.output;
  question.service.shared_prefix = runs.prefix_cached;
  if (runs.first_token) question.service.first_token = *runs.first_token;
  if (runs.per_token) question.service.per_token = *runs.per_token;
  if (runs.first_token || runs.per_token) question.service.arrival = workload::Arrival::service;
  return question;
}

}  // namespace

struct ThroughputSource::Models {
  workload::ThroughputModel serving;
  workload::TrainingModel training;
  double active_of(const std::string& model) const {
    const auto* found = serving.catalog().find_language_model(model);
    return found == nullptr ? 0 : found->active_parameters.value_or(0);
  }
  std::expected<Throughput, std::string> serve(const Scenario& scenario, const WorkModel& runs,
                                               Throughput cell) const;
  std::expected<Throughput, std::string> train(const Scenario& scenario, const WorkModel& runs,
                                               Throughput cell) const;
};

std::expected<ThroughputSource, Diagnostics> ThroughputSource::load(
    const catalog::Catalog& catalog) {
  auto serving = workload::ThroughputModel::load(catalog.data_folder, catalog);
  auto training = workload::TrainingModel::load(catalog.data_folder, catalog);
  Diagnostics faults;
  if (!serving) faults.append(serving.error());
  if (!training) faults.append(training.error());
  if (faults.has_errors()) return std::unexpected(faults);
  ThroughputSource source;
  source.models_ =
      std::make_shared<const Models>(Models{std::move(*serving), std::move(*training)});
  return source;
}

std::expected<Throughput, std::string> ThroughputSource::derive(const Scenario& scenario,
                                                                Throughput cell) const {
  const Workload& workload = scenario.workloads[cell.workload];
  if (!workload.runs) return std::unexpected("the workload names no model");
  const WorkModel& runs = *workload.runs;
  return workload.work == dimensions::compute_work
             ? models_->train(scenario, runs, std::move(cell))
             : models_->serve(scenario, runs, std::move(cell));
}

std::expected<Throughput, std::string> ThroughputSource::Models::serve(const Scenario& scenario,
                                                                       const WorkModel& runs,
                                                                       Throughput cell) const {
  workload::Question question = question_of(runs, scenario.accelerators[cell.accelerator].id);
  question.year = year_at(scenario, runs, 0);
  const workload::Prediction first = serving.predict(question);
  if (!first.refusal.empty()) return std::unexpected(first.refusal);
  if (!first.deployment.keeps_limits)
    return std::unexpected("no deployment keeps its limits of time");
  const double counted = runs.counts_all ? (runs.input + runs.output) / runs.output : 1;
  cell.rate =
      range(first.low * counted, first.high * counted,
            scenario.workloads[cell.workload].work / dimensions::time / dimensions::count, runs,
            fmt::format("derived by the throughput model, calibrated on {} measurements "
                        "({}; {}, replica of {}, bound by {})",
                        serving.measurement_count(), to_string(first.evidence), runs.model,
                        first.deployment.layout.size, first.binds));
  cell.smallest_unit = first.smallest_unit;
  for (int stage = 0; stage < scenario.horizon.quarters; ++stage) {
    question.year = year_at(scenario, runs, static_cast<std::size_t>(stage));
    cell.progress.push_back(serving.predict(question).tokens_per_second / first.tokens_per_second);
  }
  return cell;
}

std::expected<Throughput, std::string> ThroughputSource::Models::train(const Scenario& scenario,
                                                                       const WorkModel& runs,
                                                                       Throughput cell) const {
  const workload::TrainingPrediction speed =
      training.predict({.accelerator = scenario.accelerators[cell.accelerator].id,
                        .model = runs.model,
                        .accelerators = runs.cluster,
                        .precision = runs.precision,
                        .sequence = runs.input,
                        .year = year_at(scenario, runs, 0),
                        .is_fine_tuning = false,
                        .publisher = {}});
  if (!speed.refusal.empty()) return std::unexpected(speed.refusal);
  const double productive = workload::productive_share(runs.cluster, failures_per_year,
                                                       checkpoint_seconds, restart_seconds);
  const double flop = 6 * active_of(runs.model) * productive;
  cell.rate = range(
      speed.low * flop, speed.high * flop, dimensions::compute_rate / dimensions::count, runs,
      fmt::format("derived by the training model, calibrated on {} measurements ({} on "
                  "{} accelerators, {:.0f} % of the time lost to failures)",
                  training.measurement_count(), runs.model, runs.cluster, 100 * (1 - productive)));
  cell.smallest_unit = runs.cluster;
  cell.progress.assign(static_cast<std::size_t>(scenario.horizon.quarters), 1.0);
  return cell;
}

}  // namespace vorrat::scenario

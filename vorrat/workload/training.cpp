#include "vorrat/workload/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "vorrat/workload/catalogued.h"
#include "vorrat/workload/throughput.h"

namespace vorrat::workload {

namespace {

using T = TrainingEfficiency;

constexpr std::array<TrainingPrior, training_parameter_count> priors = {{
    {"compute_share", &T::compute_share, 0.55, 0.3},
    {"sixteen_bit_share", &T::sixteen_bit_share, 0.2, 0.7},
    {"expert_share", &T::expert_share, 0.5, 0.4},
    {"scale_loss", &T::scale_loss, 0.12, 0.5},
    {"scale_size", &T::scale_size, 0.4, 0.4},
    {"family_immaturity", &T::family_immaturity, 0.4, 0.5},
    {"family_years", &T::family_years, 1, 0.4},
    {"sample_bytes", &T::sample_bytes, 400, 0.8},
    {"sample_exchange", &T::sample_exchange, 20, 0.8},
    {"sample_overhead", &T::sample_overhead, 0.1, 0.8},
    {"sample_scale", &T::sample_scale, 0.007, 0.6},
    {"expert_exchange", &T::expert_exchange, 0.5, 0.8},
}};

TrainingEfficiency from_logs(std::span<const double> logs) {
  TrainingEfficiency efficiency;
  for (std::size_t i = 0; i < training_parameter_count; ++i)
    efficiency.*priors[i].member = std::exp(logs[i]);
  return efficiency;
}

// A row's model as the catalogue names it: "llama-2-70b (LoRA)" is llama-2-70b.
std::string plain_name(const std::string& model) { return model.substr(0, model.find(" (")); }

// Parameters used per token [10^9]: the catalogue's; of others the "-a12b" of their name, else all.
double active_of(const catalog::LanguageModel* model, const std::string& name, double stated) {
  if (model != nullptr && model->active_parameters) return *model->active_parameters / 1e9;
  std::smatch found;
  if (std::regex_search(name, found, std::regex(R"(-a(\d+)b)"))) return std::stod(found[1].str());
  return stated;
}

struct Asked {
  TrainingJob job;
  EffectKeys keys;
};

Asked ask(const catalog::Accelerator& accelerator, const Hardware& hardware, const Kin* kin,
          const catalog::LanguageModel* model, const TrainingRow& row) {
  Asked asked;
  const std::string name = plain_name(row.model);
  TrainingJob& job = asked.job;
  job.hardware = hardware;
  const double fp8 = hardware.fp8 > 0 ? hardware.fp8 : hardware.fp16;
  // Where nothing is said, submitters take eight bits if they have them in floating point.
  const bool has_fp8 = hardware.cache_byte < 2;
  job.rate = row.precision == "fp16" || (row.precision.empty() && !has_fp8) ? hardware.fp16
             : row.precision == "fp4" && hardware.fp4 > 0                   ? hardware.fp4
                                                                            : fp8;
  if (row.task != "recommender") job.active = active_of(model, name, row.parameters);
  if (row.sequence > 0) job.sequence = row.sequence;
  job.accelerators = std::max(1, row.accelerators);
  job.is_fine_tuning = row.task == "fine-tuning";
  job.is_mixture =
      model != nullptr ? model->architecture == "moe" : job.active < 0.9 * row.parameters;
  if (model != nullptr)
    if (const auto shape = shape_of(*model)) {
      job.attention = shape->prefill_attention;
      job.expert_numbers = shape->expert_layers * shape->experts_per_token * shape->hidden;
    }
  if (kin != nullptr)
    job.family_age = std::max(0.0, row.year - kin->since.year - (kin->since.number - 0.5) / 4);
  const std::string family = kin == nullptr ? "" : kin->family;
  const std::string what = name + (job.is_fine_tuning ? " tuned" : "");
  const std::string precision = row.precision.empty() ? "unsaid" : row.precision;
  asked.keys = {"all",
                accelerator.vendor,
                family,
                accelerator.id,
                what,
                family + " / " + what,
                accelerator.id + " / " + what,
                row.publisher,
                row.publisher.empty() ? "" : what + " / " + row.publisher,
                family + " / " + precision};
  return asked;
}

const Kin* find_kin(const KinTable& kin, const std::string& accelerator) {
  const auto found = kin.find(accelerator);
  return found == kin.end() ? nullptr : &found->second;
}

}  // namespace

const std::array<TrainingPrior, training_parameter_count>& training_priors() { return priors; }

double training_speed(const TrainingJob& job, const TrainingEfficiency& efficiency) {
  const Hardware& hardware = job.hardware;
  // Seconds to send a GB to accelerators evenly chosen among `size`.
  const auto seconds_per_gb = [&](double size) {
    const double beyond = std::max(0.0, (size - hardware.link_domain) / size);
    return (size - 1) / size *
           ((1 - beyond) / (hardware.link / 2) + beyond / (hardware.network / 2));
  };
  const double immaturity =
      efficiency.family_immaturity * std::exp(-job.family_age / efficiency.family_years);
  if (job.active <= 0) {
    const double seconds =
        1e-6 * (efficiency.sample_bytes / hardware.bandwidth +
                efficiency.sample_exchange * seconds_per_gb(job.accelerators) +
                efficiency.sample_overhead + efficiency.sample_scale * job.accelerators);
    return std::exp(-immaturity) / seconds;
  }
  const double products = job.is_fine_tuning ? 4 : 6;
  const double tflop =
      products * job.active * 1e-3 + products / 2 * job.attention * job.sequence / 2 / 1e12;
  const double share = efficiency.compute_share * (job.is_mixture ? efficiency.expert_share : 1);
  const double narrow = (efficiency.sixteen_bit_share / hardware.fp16 +
                         (1 - efficiency.sixteen_bit_share) / job.rate);
  const double loss = efficiency.scale_loss * std::pow(job.active / 70, -efficiency.scale_size);
  const double scale = std::pow(std::max(1.0, job.accelerators / 8), loss);
  const double exchange = efficiency.expert_exchange * 2 * 3e-9 * job.expert_numbers *
                          seconds_per_gb(std::min(64.0, job.accelerators));
  return std::exp(-immaturity) / (tflop * narrow / share * scale + exchange);
}

double model_flop_utilisation(double tokens_per_second, const TrainingJob& job) {
  return tokens_per_second * 6e-3 * job.active / job.hardware.fp16;
}

double productive_share(double accelerators, double failures_per_year, double checkpoint,
                        double restart) {
  const double between = 365.25 * 86400 / (failures_per_year * accelerators);  // [s]
  const double interval = std::sqrt(2 * checkpoint * between);
  // A checkpoint each interval; each failure loses half an interval and a restart.
  const double lost = checkpoint / interval + (interval / 2 + restart) / between;
  return std::clamp(1 - lost, 0.0, 1.0);
}

const std::vector<EffectKind>& training_effects() {
  static const std::vector<EffectKind> kinds = {{"everything", 0.3},
                                                {"vendor", 0.15},
                                                {"family", 0.2},
                                                {"accelerator", 0.12},
                                                {"model", 0.2},
                                                {"family and model", 0.12},
                                                {"accelerator and model", 0.08},
                                                {"publisher", 0.15},
                                                {"model and publisher", 0.12},
                                                {"family and precision", 0.12}};
  return kinds;
}

TrainingProblem make_training_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                      const std::vector<TrainingRow>& rows) {
  TrainingProblem result;
  auto jobs = std::make_shared<std::vector<TrainingJob>>();
  for (const TrainingPrior& prior : priors)
    result.problem.parameters.push_back({std::log(prior.prior), prior.prior_spread});
  result.problem.kinds = training_effects();
  result.problem.noise = 0.08;
  for (const TrainingRow& row : rows) {
    const auto leave_out = [&](const std::string& why) {
      result.left_out.push_back(row.id + ": " + why);
    };
    const catalog::Accelerator* accelerator = catalog.find_accelerator(row.accelerator);
    const Kin* row_kin = find_kin(kin, row.accelerator);
    const auto hardware =
        accelerator == nullptr ? std::nullopt : hardware_of(*accelerator, row_kin);
    if (!hardware || row_kin == nullptr) {
      leave_out("its accelerator is not in the catalogue");
      continue;
    }
    const Asked asked = ask(*accelerator, hardware->hardware, row_kin,
                            catalog.find_language_model(plain_name(row.model)), row);
    const bool is_recommender = row.task == "recommender";
    double measured = row.measured;
    if (measured <= 0 && row.tflops > 0 && asked.job.active > 0)
      measured = row.tflops / (6e-3 * asked.job.active);
    if (measured <= 0 || row.accelerators == 0 || (!is_recommender && asked.job.active <= 0)) {
      leave_out("its speed, size or number of accelerators is not published");
      continue;
    }
    result.problem.measurements.push_back({std::log(measured), asked.keys, 1, row.block()});
    result.rows.push_back(row);
    result.rows.back().measured = measured;
    jobs->push_back(asked.job);
  }
  result.problem.formula = [jobs](std::size_t row, std::span<const double> logs, int&) {
    return std::log(training_speed((*jobs)[row], from_logs(logs)));
  };
  return result;
}

std::string calibrate_training(const TrainingProblem& problem, const std::string& source,
                               const std::string& digest) {
  Calibration calibration = calibrate(problem.problem);
  const CalibrationCheck check = check_calibration(problem.problem);
  calibration.band_factor = check.band_factor;
  std::vector<std::string> names;
  for (const TrainingPrior& prior : priors) names.emplace_back(prior.name);
  return write_calibration(
      calibration, names,
      describe_fit(problem.problem, check, source, digest, problem.left_out.size()));
}

std::expected<TrainingModel, Diagnostics> TrainingModel::load(
    const std::filesystem::path& data_folder, const catalog::Catalog& catalog) {
  TrainingModel result;
  Diagnostics faults;
  result.catalog_ = std::make_shared<const catalog::Catalog>(catalog);
  if (auto kin = read_kin(data_folder))
    result.kin_ = std::move(*kin);
  else
    faults.append(kin.error());
  if (auto rows = read_training(data_folder / "throughput" / "training.csv"))
    result.rows_ = std::move(*rows);
  else
    faults.append(rows.error());
  std::vector<std::string> names;
  for (const TrainingPrior& prior : priors) names.emplace_back(prior.name);
  if (auto fitted = read_calibration(data_folder / "calibration" / "training.toml", names,
                                     training_effects()))
    result.calibration_ = std::move(*fitted);
  else
    faults.append(fitted.error());
  if (faults.has_errors()) return std::unexpected(faults);
  result.efficiency_ = from_logs(result.calibration_.parameters);
  return result;
}

TrainingPrediction TrainingModel::predict(const TrainingQuestion& question) const {
  TrainingPrediction answer;
  const catalog::Accelerator* accelerator = catalog_->find_accelerator(question.accelerator);
  const catalog::LanguageModel* model = catalog_->find_language_model(question.model);
  if (accelerator == nullptr || model == nullptr) {
    answer.refusal =
        accelerator == nullptr
            ? fmt::format("no accelerator \"{}\" in the catalogue", question.accelerator)
            : fmt::format("no model \"{}\" in the catalogue", question.model);
    return answer;
  }
  const Kin* kin = find_kin(kin_, accelerator->id);
  const auto hardware = hardware_of(*accelerator, kin);
  if (!hardware) {
    answer.refusal =
        fmt::format("the memory or compute rate of {} was not published", accelerator->id);
    return answer;
  }
  TrainingRow row;
  row.model = model->id;
  row.task = model->id.starts_with("dlrm") ? "recommender"
             : question.is_fine_tuning     ? "fine-tuning"
                                           : "pre-training";
  if (row.task != "recommender" && !model->active_parameters) {
    answer.refusal = fmt::format("the size of {} was not published", model->id);
    return answer;
  }
  row.publisher = question.publisher;
  row.accelerators = question.accelerators;
  row.precision = question.precision.empty() ? "fp8" : question.precision;
  row.sequence = question.sequence;
  row.year = question.year;
  if (row.task != "recommender" && model->total_parameters)
    row.parameters = *model->total_parameters / 1e9;
  const Asked asked = ask(*accelerator, hardware->hardware, kin, model, row);
  const double middle =
      std::log(training_speed(asked.job, efficiency_)) + calibration_.effect_of(asked.keys);
  const double half_width =
      calibration_.band_factor *
      std::hypot(calibration_.spread_of(asked.keys, 1), hardware->assumed.empty() ? 0 : 0.3);
  // At full rating: 6 FLOP (4 with adapters) per parameter, nothing lost.
  const double bound = asked.job.active > 0
                           ? std::max(asked.job.rate, hardware->hardware.fp16) /
                                 ((asked.job.is_fine_tuning ? 4e-3 : 6e-3) * asked.job.active)
                           : std::numeric_limits<double>::infinity();
  answer.per_second = std::min(std::exp(middle), bound);
  answer.low = std::min(std::exp(middle - half_width), bound);
  answer.high = std::min(std::exp(middle + half_width), bound);
  if (asked.job.active > 0)
    answer.utilisation = model_flop_utilisation(answer.per_second, asked.job);
  return answer;
}

}  // namespace vorrat::workload

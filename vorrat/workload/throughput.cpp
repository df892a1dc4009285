#include "vorrat/workload/throughput.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"

namespace vorrat::workload {

namespace {

// Serving software began in earnest with Llama 2 and continuous batching (spring 2023), that of
// large mixtures of experts with DeepSeek-V3 (the end of 2024).
constexpr double dense_serving_since = 2023.3;
constexpr double mixture_serving_since = 2024.98;

constexpr double largest_usual_mixture = 671;  // parameters of DeepSeek-V3 [10^9]

// Mixtures scatter more about any formula: kernels, routing and ways to spread them differ more.
constexpr double mixture_scatter = 1.4;

// Rows whose lengths are a guess tell of their own effect, and next to nothing of anything else.
constexpr double guess_scatter = 4;

// A published deployment of a size that was not published could be any of several.
constexpr double unknown_size_scatter = 1.4;

constexpr double very_small = -30;  // log of the speed of what does not fit

// All that a prediction needs of an accelerator, a model and conditions.
struct Case {
  Machine machine;
  Service service;
  double year;  // of the software
  double family_since;
  EffectKeys keys;
  bool are_lengths_assumed;
  bool is_published;  // a measurement, not a question of one's own

  double scatter() const {
    const bool is_size_unknown = is_published && service.accelerators == 0 && !service.layout;
    return (machine.shape.is_mixture() ? mixture_scatter : 1) *
           (are_lengths_assumed ? guess_scatter : 1) * (is_size_unknown ? unknown_size_scatter : 1);
  }
};

double software_year(const Case& at, const Efficiency& efficiency) {
  const std::string& vendor = at.keys[1];
  return at.year - (vendor == "NVIDIA" || vendor == "AMD" ? 0 : efficiency.stack_delay);
}

// What `mature` software reaches, as that of the case's date does.
Efficiency efficiency_at(const Case& at, const Efficiency& mature) {
  return at_date(mature, at.machine.shape, software_year(at, mature));
}

double log_speed(const Case& at, const Efficiency& efficiency, const Deployment& deployment) {
  if (!deployment.fits || deployment.tokens_per_second <= 0) return very_small;
  double speed = std::log(deployment.tokens_per_second);
  speed -= immaturity(efficiency, software_year(at, efficiency), at.family_since);
  if (at.service.arrival != Arrival::offline) speed -= efficiency.service_loss;
  if (at.service.arrival == Arrival::interactive) speed -= efficiency.interactive_loss;
  return speed;
}

std::string length_class(const Service& service) {
  return fmt::format("{:.0f}-{:.0f}", std::round(std::log2(service.input)),
                     std::round(std::log2(service.output)));
}

EffectKeys keys_of(const catalog::Accelerator& accelerator, const std::string& family,
                   const catalog::LanguageModel& model, const std::string& stack,
                   const std::string& publisher, const Service& service,
                   const std::string& assumed_lengths) {
  const std::string software = stack.empty() ? default_stack(accelerator.vendor) : stack;
  EffectKeys keys = {"all",
                     accelerator.vendor,
                     family,
                     accelerator.id,
                     model.id,
                     software + " / " + model.architecture,
                     family + " / " + model.id,
                     accelerator.id + " / " + model.id,
                     model.id + " / " + length_class(service),
                     publisher,
                     model.id + " / " + std::string(to_string(service.arrival))};
  if (!assumed_lengths.empty()) keys.push_back(assumed_lengths);
  return keys;
}

const Kin* find_kin(const KinTable& kin, const std::string& accelerator) {
  const auto found = kin.find(accelerator);
  return found == kin.end() ? nullptr : &found->second;
}

double since_of(const Kin* kin) {
  return kin == nullptr ? 2026 : kin->since.year + (kin->since.number - 0.5) / 4;
}

// The kind of effect that depends on how requests come, among serving_effects().
constexpr std::size_t by_arrival = 10;

// log of the calibrated median. What was measured with and without limits are different effects; no
// limit may raise an answer all the same, so what a freer arrival would give is the most.
double log_median(const Case& at, const Efficiency& efficiency, const Calibration& calibration,
                  const Deployment& deployment) {
  const double own = log_speed(at, efficiency, deployment) + calibration.effect_of(at.keys);
  if (at.service.arrival == Arrival::offline || !deployment.fits) return own;
  const bool is_interactive = at.service.arrival == Arrival::interactive;
  Case freer = at;
  freer.service.arrival = is_interactive ? Arrival::service : Arrival::offline;
  std::string& key = freer.keys[by_arrival];
  key.replace(key.rfind(' ') + 1, std::string::npos, to_string(freer.service.arrival));
  if (!is_interactive)
    freer.service.first_token = freer.service.per_token = std::numeric_limits<double>::infinity();
  const Deployment best = best_deployment(freer.machine, efficiency, freer.service);
  return std::min(own, log_median(freer, efficiency, calibration, best));
}

std::string what_binds(const PassTime& time) {
  const std::pair<double, const char*> parts[] = {
      {time.compute, "compute"},
      {time.weights + time.cache + time.activations, "memory bandwidth"},
      {time.links, "links"},
      {time.overhead, "fixed overhead"}};
  return std::max_element(std::begin(parts), std::end(parts))->second;
}

double logarithmic_distance(double a, double b) {
  return a > 0 && b > 0 ? std::abs(std::log(a / b)) : 1;
}

}  // namespace

std::map<std::string, double> memory_of(const catalog::Catalog& catalog) {
  std::map<std::string, double> memory_gb;
  for (const catalog::Accelerator& part : catalog.accelerators)
    if (part.memory) memory_gb[part.id] = part.memory->value() / 1e9;
  return memory_gb;
}

std::string_view to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::measured:
      return "measured";
    case Evidence::kin:
      return "kin measured";
    case Evidence::analytical:
      break;
  }
  return "analytical";
}

double immaturity(const Efficiency& efficiency, double year, double family_since) {
  const double age = std::max(0.0, year - dense_serving_since);
  const double family_age = std::max(0.0, year - family_since);
  return efficiency.dense_immaturity * std::exp(-age / efficiency.maturing_years) +
         efficiency.family_immaturity * std::exp(-family_age / efficiency.family_years);
}

Efficiency at_date(Efficiency efficiency, const Shape& shape, double year) {
  if (!shape.is_mixture()) return efficiency;
  const double age = std::max(0.0, year - mixture_serving_since);
  const double size = std::min(1.0, shape.parameters / largest_usual_mixture);
  efficiency.expert_slowness =
      std::exp(efficiency.mixture_immaturity * size * std::exp(-age / efficiency.maturing_years));
  return efficiency;
}

const std::vector<EffectKind>& serving_effects() {
  static const std::vector<EffectKind> kinds = {{"everything", 0.3},
                                                {"vendor", 0.15},
                                                {"family", 0.2},
                                                {"accelerator", 0.12},
                                                {"model", 0.2},
                                                {"software and class of model", 0.25},
                                                {"family and model", 0.15},
                                                {"accelerator and model", 0.15},
                                                {"model and lengths", 0.1},
                                                {"publisher", 0.15},
                                                {"model and arrival", 0.1},
                                                {"model without lengths", 0.4}};
  return kinds;
}

ServingProblem make_serving_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                    const std::vector<ServingRow>& rows) {
  ServingProblem result;
  auto cases = std::make_shared<std::vector<Case>>();
  for (const EfficiencyPrior& prior : efficiency_priors())
    result.problem.parameters.push_back({std::log(prior.prior), prior.prior_spread});
  result.problem.kinds = serving_effects();
  for (const ServingRow& row : rows) {
    const auto leave_out = [&](const std::string& why) {
      result.left_out.push_back(row.id + ": " + why);
    };
    if (!row.is_usable() || row.measured <= 0) {
      leave_out("its lengths or its tokens are not published");
      continue;
    }
    if (row.are_lengths_assumed && row.is_one_phase) {
      leave_out("it measures one phase alone, and its lengths are not published");
      continue;
    }
    const catalog::Accelerator* accelerator = catalog.find_accelerator(row.accelerator);
    const catalog::LanguageModel* model = catalog.find_language_model(row.model);
    if (accelerator == nullptr || model == nullptr) {
      leave_out("its accelerator or model is not in the catalogue");
      continue;
    }
    const Kin* row_kin = find_kin(kin, row.accelerator);
    const auto hardware = hardware_of(*accelerator, row_kin);
    const auto shape = shape_of(*model);
    if (!hardware || !shape || row_kin == nullptr) {
      leave_out("ratings, shape or family are not published");
      continue;
    }
    Case at{Machine(hardware->hardware, *shape, row.precision.value()),
            row.service,
            row.year,
            since_of(row_kin),
            keys_of(*accelerator, row_kin->family, *model, row.stack, row.publisher, row.service,
                    row.are_lengths_assumed ? row.model : ""),
            row.are_lengths_assumed,
            true};
    if (!best_deployment(at.machine, Efficiency{}, at.service).fits) {
      leave_out("no layout of its size holds the model by our count of memory");
      continue;
    }
    result.problem.measurements.push_back(
        {std::log(row.measured * row.tokens_per_unit()), at.keys, at.scatter(), row.block()});
    result.rows.push_back(row);
    result.vendors.push_back(accelerator->vendor);
    result.is_mixture.push_back(shape->is_mixture());
    result.has_lengths.push_back(!row.are_lengths_assumed);
    cases->push_back(std::move(at));
  }
  result.problem.formula = [cases](std::size_t row, std::span<const double> logs, int& choice) {
    const Case& at = (*cases)[row];
    const Efficiency efficiency = efficiency_at(
        at,
        efficiency_from_logs(std::span<const double, efficiency_count>(logs.data(), logs.size())));
    Deployment deployment;
    if (at.service.layout) {
      deployment = deploy(at.machine, efficiency, at.service, *at.service.layout);
    } else if (choice < 0) {
      deployment = best_deployment(at.machine, efficiency, at.service);
      const auto found = std::ranges::find(layouts(), deployment.layout);
      choice = static_cast<int>(found - layouts().begin());
    } else {
      deployment = deploy(at.machine, efficiency, at.service, layouts()[choice]);
    }
    return log_speed(at, efficiency, deployment);
  };
  return result;
}

std::expected<ThroughputModel, Diagnostics> ThroughputModel::load(
    const std::filesystem::path& data_folder, const catalog::Catalog& catalog) {
  ThroughputModel result;
  Diagnostics faults;
  result.catalog_ = std::make_shared<const catalog::Catalog>(catalog);
  if (auto kin = read_kin(data_folder))
    result.kin_ = std::move(*kin);
  else
    faults.append(kin.error());
  if (auto rows = read_serving(data_folder / "throughput" / "serving.csv", memory_of(catalog)))
    result.rows_ = std::move(*rows);
  else
    faults.append(rows.error());
  if (auto lengths = read_lengths(data_folder))
    result.lengths_ = std::move(*lengths);
  else
    faults.append(lengths.error());
  assume_lengths(result.rows_, result.lengths_, result.rows_);
  std::vector<std::string> names;
  for (const EfficiencyPrior& prior : efficiency_priors()) names.emplace_back(prior.name);
  if (auto fitted =
          read_calibration(data_folder / "calibration" / "serving.toml", names, serving_effects()))
    result.calibration_ = std::move(*fitted);
  else
    faults.append(fitted.error());
  if (faults.has_errors()) return std::unexpected(faults);
  result.efficiency_ = efficiency_from_logs(std::span<const double, efficiency_count>(
      result.calibration_.parameters.data(), efficiency_count));
  return result;
}

Prediction ThroughputModel::predict(const Question& question) const {
  Prediction answer;
  const catalog::Accelerator* accelerator = catalog_->find_accelerator(question.accelerator);
  const catalog::LanguageModel* model = catalog_->find_language_model(question.model);
  if (accelerator == nullptr || model == nullptr) {
    answer.refusal =
        accelerator == nullptr
            ? fmt::format("no accelerator \"{}\" in the catalogue; {}", question.accelerator,
                          did_you_mean(question.accelerator, catalog_->accelerator_ids()))
            : fmt::format("no language model \"{}\" in the catalogue; {}", question.model,
                          did_you_mean(question.model, catalog_->language_model_ids()));
    return answer;
  }
  const Kin* kin = find_kin(kin_, accelerator->id);
  const auto hardware = hardware_of(*accelerator, kin);
  if (!hardware) {
    answer.refusal =
        fmt::format("the memory or compute rate of {} was not published", accelerator->id);
    return answer;
  }
  const auto shape = shape_of(*model);
  if (!shape) {
    answer.refusal = fmt::format("the size of {} was not published", model->id);
    return answer;
  }
  if (!(question.service.input >= 0 && question.service.output > 0)) {
    answer.refusal = "the mean lengths of input and output are needed";
    return answer;
  }
  answer.assumed = hardware->assumed;
  if (shape->is_assumed)
    answer.assumed.push_back("the layers of " + model->id + ", as in published models of its size");
  const std::string family = kin == nullptr ? "" : kin->family;
  const Case at{Machine(hardware->hardware, *shape,
                        question.precision.value_or(usual_precision(*model, hardware->hardware))),
                question.service,
                question.year,
                since_of(kin),
                keys_of(*accelerator, family, *model, question.stack, question.publisher,
                        question.service, question.are_lengths_assumed ? question.model : ""),
                question.are_lengths_assumed,
                !question.publisher.empty()};
  const Efficiency efficiency = efficiency_at(at, efficiency_);
  answer.deployment = best_deployment(at.machine, efficiency, at.service);
  if (!answer.deployment.fits) {
    answer.refusal =
        fmt::format("{} does not fit: each of {} accelerators needs {:.0f} GB, {} has {:.0f} GB",
                    model->id, answer.deployment.layout.size, answer.deployment.memory_needed,
                    accelerator->id, hardware->hardware.memory);
    return answer;
  }
  answer.smallest_unit = smallest_replica(at.machine, efficiency, at.service);
  const double middle = log_median(at, efficiency, calibration_, answer.deployment);
  // What was guessed of a shape or rating is worth about another model's difference.
  const double guessed = answer.assumed.empty() ? 0 : 0.3;
  const double spread = std::hypot(calibration_.spread_of(at.keys, at.scatter()), guessed);
  const double half_width = calibration_.band_factor * spread;
  answer.bound = roofline_bound(at.machine, at.service);
  answer.tokens_per_second = std::min(std::exp(middle), answer.bound);
  answer.low = std::min(std::exp(middle - half_width), answer.bound);
  answer.high = std::min(std::exp(middle + half_width), answer.bound);
  answer.binds = what_binds(answer.deployment.seconds_per_token);
  const auto is_measured = [&](std::size_t kind) {
    return calibration_.effects[kind].contains(at.keys[kind]);
  };
  constexpr std::size_t of_accelerator = 3, of_family_and_model = 6, of_both = 7;
  answer.evidence = is_measured(of_both) ? Evidence::measured
                    : is_measured(of_accelerator) || is_measured(of_family_and_model)
                        ? Evidence::kin
                        : Evidence::analytical;
  return answer;
}

Question ThroughputModel::question_of(const ServingRow& row) {
  return {.accelerator = row.accelerator,
          .model = row.model,
          .precision = row.precision,
          .service = row.service,
          .year = row.year,
          .stack = row.stack,
          .publisher = row.publisher,
          .are_lengths_assumed = row.are_lengths_assumed};
}

std::vector<Neighbour> ThroughputModel::nearest(const Question& question, std::size_t count) const {
  const Kin* kin = find_kin(kin_, question.accelerator);
  const catalog::LanguageModel* model = catalog_->find_language_model(question.model);
  std::vector<std::pair<double, const ServingRow*>> order;
  for (const ServingRow& row : rows_) {
    if (!row.is_usable() || row.measured <= 0 || row.are_lengths_assumed) continue;
    const catalog::LanguageModel* other = catalog_->find_language_model(row.model);
    double distance = 0;
    if (row.accelerator != question.accelerator) {
      const Kin* row_kin = find_kin(kin_, row.accelerator);
      distance += kin != nullptr && row_kin != nullptr && kin->family == row_kin->family ? 0.7 : 2;
    }
    if (other != model)
      distance += other != nullptr && model != nullptr && other->architecture == model->architecture
                      ? 1 + 0.3 * logarithmic_distance(other->active_parameters.value_or(0),
                                                       model->active_parameters.value_or(0))
                      : 2;
    distance += 0.2 * (logarithmic_distance(row.service.input, question.service.input) +
                       logarithmic_distance(row.service.output, question.service.output));
    if (row.service.arrival != question.service.arrival) distance += 0.2;
    distance += 0.2 * std::abs(row.year - question.year);
    order.emplace_back(distance, &row);
  }
  std::ranges::stable_sort(order, {}, [](const auto& entry) { return entry.first; });
  std::vector<Neighbour> result;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
    const ServingRow& row = *order[i].second;
    result.push_back({row.id, row.accelerator, row.model, row.measured,
                      predict(question_of(row)).tokens_per_second, order[i].first});
  }
  return result;
}

Agreement leave_out_accelerator(const ServingProblem& problem, const std::string& accelerator) {
  std::vector<int> fold;
  for (const ServingRow& row : problem.rows)
    fold.push_back(row.accelerator == accelerator ? 0 : -1);
  return agreement(problem.problem, cross_validate(problem.problem, 1, 0, fold),
                   [&](std::size_t row) { return problem.has_lengths[row]; });
}

Agreement leave_out_sources(const ServingProblem& problem) {
  std::map<std::string, int> number;
  std::vector<int> fold;
  for (const ServingRow& row : problem.rows)
    fold.push_back(number.emplace(row.edition, static_cast<int>(number.size())).first->second);
  return agreement(problem.problem,
                   cross_validate(problem.problem, static_cast<int>(number.size()), 0, fold),
                   [&](std::size_t row) { return problem.has_lengths[row]; });
}

std::string describe_fit(const CalibrationProblem& problem, const CalibrationCheck& check,
                         const std::string& source, const std::string& digest,
                         std::size_t left_out) {
  const Agreement all = agreement(problem, check);
  return fmt::format(
      "measurements = \"{}\"\nsha256 = \"{}\"\nrows = {}\nleft_out = {}\n"
      "method = \"hierarchical fit, Student's t, Ceres; band from five-fold cross-validation by "
      "block, mean of {} deals\"\n"
      "within_25_percent = {:.3f}\nwithin_30_percent = {:.3f}\nwithin_twice = {:.3f}\n"
      "median_ratio = {:.3f}\nin_band = {:.3f}\n",
      source, digest, problem.measurements.size(), left_out, check.deals.size(),
      all.within_25_percent, all.within_30_percent, all.within_twice, all.median_ratio,
      all.in_band);
}

std::string calibrate_serving(const ServingProblem& problem, const std::string& source,
                              const std::string& digest) {
  Calibration calibration = calibrate(problem.problem);
  const CalibrationCheck check = check_calibration(problem.problem);
  calibration.band_factor = check.band_factor;
  std::vector<std::string> names;
  for (const EfficiencyPrior& prior : efficiency_priors()) names.emplace_back(prior.name);
  return write_calibration(
      calibration, names,
      describe_fit(problem.problem, check, source, digest, problem.left_out.size()));
}

std::string write_calibration(const Calibration& calibration,
                              const std::vector<std::string>& parameter_names,
                              const std::string& provenance) {
  std::string text =
      "# Written by `vorrat calibrate`; a new fit replaces it. Parameters are plain values, "
      "effects\n"
      "# logarithms of factors, both from the measurements named here.\n\n[provenance]\n" +
      provenance;
  text += fmt::format("\n[noise]\nscale = {:.4g}\nband_factor = {:.4g}\n", calibration.noise,
                      calibration.band_factor);
  for (std::size_t i = 0; i < parameter_names.size(); ++i)
    text += fmt::format("\n[[parameters]]\nparameter = \"{}\"\nvalue = {:.5g}\n",
                        parameter_names[i], std::exp(calibration.parameters[i]));
  for (std::size_t kind = 0; kind < calibration.kinds.size(); ++kind)
    for (const auto& [key, effect] : calibration.effects[kind])
      text += fmt::format("\n[[effects]]\nof = \"{}\"\nkey = \"{}\"\nvalue = {:.4f}\nblocks = {}\n",
                          calibration.kinds[kind].name, key, effect.value, effect.blocks);
  return text;
}

std::expected<Calibration, Diagnostics> read_calibration(const std::filesystem::path& file,
                                                         const std::vector<std::string>& names,
                                                         const std::vector<EffectKind>& kinds) {
  auto document = Document::read(file);
  if (!document) return std::unexpected(document.error());
  Diagnostics faults;
  Record root(document->root(), "calibration", faults);
  Calibration calibration;
  calibration.kinds = kinds;
  calibration.effects.resize(kinds.size());
  calibration.parameters.assign(names.size(), std::nan(""));
  if (auto provenance = root.table("provenance", "provenance"))
    calibration.measurement_count = provenance->required<int>("rows", Bounds::at_least(1));
  if (auto noise = root.table("noise", "noise")) {
    calibration.noise = noise->required<double>("scale", Bounds::positive());
    calibration.band_factor = noise->required<double>("band_factor", Bounds::positive());
  }
  for (Record& record : root.tables("parameters", "parameter")) {
    const std::string name = record.reference("parameter", names, "parameter");
    const double value = record.required<double>("value", Bounds::positive());
    const auto found = std::ranges::find(names, name);
    if (found != names.end())
      calibration.parameters[static_cast<std::size_t>(found - names.begin())] = std::log(value);
  }
  std::vector<std::string> kind_names;
  for (const EffectKind& kind : kinds) kind_names.push_back(kind.name);
  for (Record& record : root.tables("effects", "effect")) {
    const std::string of = record.reference("of", kind_names, "kind of effect");
    const std::string key = record.required<std::string>("key");
    const double value = record.required<double>("value", Bounds::any());
    const int blocks = record.required<int>("blocks");
    const auto found = std::ranges::find(kind_names, of);
    if (found != kind_names.end())
      calibration.effects[static_cast<std::size_t>(found - kind_names.begin())][key] = {value,
                                                                                        blocks};
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::isnan(calibration.parameters[i]))
      faults.add_error(file.filename().string(),
                       fmt::format("the parameter \"{}\" is missing", names[i]),
                       "write it anew with `vorrat calibrate`");
  if (faults.has_errors()) return std::unexpected(faults);
  return calibration;
}

}  // namespace vorrat::workload

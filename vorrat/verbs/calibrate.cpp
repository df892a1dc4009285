#include "vorrat/verbs/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "vorrat/base/error.h"
#include "vorrat/base/sha256.h"
#include "vorrat/report/terminal.h"
#include "vorrat/workload/recommender.h"
#include "vorrat/workload/throughput.h"
#include "vorrat/workload/training.h"

namespace vorrat::verbs {

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw Unavailable("cannot read " + file.string());
  return text.str();
}

void write(const std::filesystem::path& file, const std::string& text, CalibrateResult& result) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Unavailable("cannot write " + file.string());
  result.written.push_back(file);
}

// Predicted against measured, both on logarithmic axes, with lines at 0.7, 1 and 1.3. Each row
// once: the first deal of the cross-validation.
std::string plot(const std::string& title, const workload::CalibrationProblem& problem,
                 const workload::CalibrationCheck& check,
                 const std::function<bool(std::size_t)>& is_shown) {
  constexpr double size = 420, margin = 60;
  const std::vector<double>& predicted = check.deals.at(0).log_prediction;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t row = 0; row < predicted.size(); ++row) {
    if (!is_shown(row)) continue;
    low = std::min({low, predicted[row], problem.measurements[row].log_value});
    high = std::max({high, predicted[row], problem.measurements[row].log_value});
  }
  low = std::floor(low / std::log(10.0)) * std::log(10.0);
  high = std::ceil(high / std::log(10.0)) * std::log(10.0);
  const auto x = [&](double value) { return margin + (value - low) / (high - low) * size; };
  const auto y = [&](double value) { return margin / 2 + (high - value) / (high - low) * size; };
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"white\"/>\n"
      "<text x=\"{2:.0f}\" y=\"18\" text-anchor=\"middle\">{3}</text>\n",
      size + 1.5 * margin, size + 1.5 * margin, margin + size / 2, title);
  for (double decade = low; decade <= high + 1e-9; decade += std::log(10.0))
    svg += fmt::format(
        "<path d=\"M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {4:.1f}H{5:.1f}\" stroke=\"#ddd\"/>\n"
        "<text x=\"{0:.1f}\" y=\"{6:.1f}\" text-anchor=\"middle\">{8:g}</text>\n"
        "<text x=\"{7:.1f}\" y=\"{4:.1f}\" text-anchor=\"end\">{8:g}</text>\n",
        x(decade), y(low), y(high), x(low), y(decade), x(high), y(low) + 16, x(low) - 5,
        std::round(std::exp(decade) * 1e6) / 1e6);
  for (const double factor : {0.7, 1.0, 1.3}) {
    const double shift = std::log(factor);
    svg += fmt::format(
        "<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"#888\" stroke-dasharray=\"{}\"/>\n",
        x(low + std::max(0.0, -shift)), y(low + std::max(0.0, shift)),
        x(high - std::max(0.0, shift)), y(high - std::max(0.0, -shift)),
        factor == 1 ? "none" : "4");
  }
  for (std::size_t row = 0; row < predicted.size(); ++row)
    if (is_shown(row))
      svg += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"#0b62a3\" fill-opacity=\"0.5\"/>\n",
          x(problem.measurements[row].log_value), y(predicted[row]));
  svg += fmt::format(
      "<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">measured, per second and "
      "accelerator</text>\n<text transform=\"translate(14 {:.0f}) rotate(-90)\" "
      "text-anchor=\"middle\">predicted, not seen by the fit</text>\n</svg>\n",
      margin + size / 2, size + margin * 1.3, margin / 2 + size / 2);
  return svg;
}

// Every serving row with lengths: measured, predicted by fits that did not see it (geometric mean
// of the deals), the ratio. Worst first.
std::string errors_of(const workload::ServingProblem& serving,
                      const workload::CalibrationCheck& check) {
  std::vector<std::pair<double, std::string>> lines;
  for (std::size_t row = 0; row < serving.rows.size(); ++row) {
    if (!serving.has_lengths[row]) continue;
    double predicted = 0;
    for (const auto& deal : check.deals)
      predicted += deal.log_prediction[row] / static_cast<double>(check.deals.size());
    const double measured = serving.problem.measurements[row].log_value;
    const workload::ServingRow& of = serving.rows[row];
    lines.emplace_back(
        -std::abs(predicted - measured),
        fmt::format("{},{},{},{},{},{:.6g},{:.6g},{:.3f}\n", of.id, of.accelerator, of.model,
                    of.accelerators, to_string(of.service.arrival), std::exp(measured),
                    std::exp(predicted), std::exp(predicted - measured)));
  }
  std::ranges::sort(lines);
  std::string text = "id,accelerator,model,accelerators,arrival,measured,predicted,ratio\n";
  for (const auto& [off, line] : lines) text += line;
  return text;
}

// One table of figures over the values that `label` takes.
// Rows whose label is "" are not counted.
template <class Label>
void add_parts(std::vector<CalibrationPart>& parts, const std::string& prefix,
               const workload::CalibrationProblem& problem, const workload::CalibrationCheck& check,
               const Label& label) {
  std::set<std::string> values;
  for (std::size_t row = 0; row < problem.measurements.size(); ++row) values.insert(label(row));
  values.erase("");
  for (const std::string& value : values)
    parts.push_back({prefix + value, workload::agreement(problem, check, [&](std::size_t row) {
                       return label(row) == value;
                     })});
}

void add_serving_parts(std::vector<CalibrationPart>& parts, const workload::ServingProblem& serving,
                       const workload::CalibrationCheck& check) {
  const auto add = [&](const std::string& prefix, const auto& label) {
    add_parts(parts, "serving" + prefix, serving.problem, check, [&](std::size_t row) {
      return serving.has_lengths[row] ? label(row) : std::string();
    });
  };
  add(": ", [](std::size_t) { return std::string("everything"); });
  add(", class: ", [&](std::size_t row) {
    return std::string(serving.is_mixture[row] ? "mixture of experts" : "dense");
  });
  add(", vendor: ", [&](std::size_t row) { return serving.vendors[row]; });
  add(", source: ", [&](std::size_t row) { return serving.rows[row].edition; });
  parts.push_back({"serving, lengths assumed",
                   workload::agreement(serving.problem, check, [&](std::size_t row) {
                     return !serving.has_lengths[row];
                   })});
}

}  // namespace

CalibrateResult run(const CalibrateRequest& request) {
  CalibrateResult result;
  const auto folder = catalog::find_data_folder(request.data);
  const auto catalog = catalog::Catalog::load(folder);
  const auto kin = workload::read_kin(folder);
  const auto serving_file = folder / "throughput" / "serving.csv";
  const auto training_file = folder / "throughput" / "training.csv";
  auto serving_rows = workload::read_serving(
      serving_file, catalog ? workload::memory_of(*catalog) : std::map<std::string, double>{});
  const auto training_rows = workload::read_training(training_file);
  const auto lengths = workload::read_lengths(folder);
  if (!catalog) result.diagnostics.append(catalog.error());
  if (!kin) result.diagnostics.append(kin.error());
  if (!serving_rows) result.diagnostics.append(serving_rows.error());
  if (!training_rows) result.diagnostics.append(training_rows.error());
  if (!lengths) result.diagnostics.append(lengths.error());
  if (result.diagnostics.has_errors()) return result;

  workload::assume_lengths(*serving_rows, *lengths, *serving_rows);
  const auto serving = workload::make_serving_problem(*catalog, *kin, *serving_rows);
  const auto training = workload::make_training_problem(*catalog, *kin, *training_rows);
  if (!request.output.empty()) {
    tell(request.progress, {.phase = "fitting serving and training"});
    write(
        request.output / "serving.toml",
        calibrate_serving(serving, "throughput/serving.csv", sha256_hex(content_of(serving_file))),
        result);
    write(request.output / "training.toml",
          calibrate_training(training, "throughput/training.csv",
                             sha256_hex(content_of(training_file))),
          result);
  }
  if (!request.is_cross_validated && request.plots.empty() && request.errors.empty()) return result;

  tell(request.progress, {.phase = "cross-validating"});
  const auto check = workload::check_calibration(serving.problem);
  const auto training_check = workload::check_calibration(training.problem);
  if (!request.errors.empty()) write(request.errors, errors_of(serving, check), result);
  if (!request.plots.empty()) {
    for (const bool is_mixture : {false, true})
      write(request.plots / (is_mixture ? "serving-mixture.svg" : "serving-dense.svg"),
            plot(is_mixture ? "Serving, mixtures of experts" : "Serving, dense models",
                 serving.problem, check,
                 [&](std::size_t row) {
                   return serving.has_lengths[row] && serving.is_mixture[row] == is_mixture;
                 }),
            result);
    write(request.plots / "training.svg",
          plot("Training of language models", training.problem, training_check,
               [&](std::size_t row) { return training.rows[row].task != "recommender"; }),
          result);
    write(request.plots / "training-recommender.svg",
          plot("Training of recommenders", training.problem, training_check,
               [&](std::size_t row) { return training.rows[row].task == "recommender"; }),
          result);
  }
  if (!request.is_cross_validated) return result;
  add_serving_parts(result.parts, serving, check);
  for (const char* accelerator : {"h200-sxm", "b200", "mi300x", "mi355x"})
    result.parts.push_back({std::string("serving, never saw ") + accelerator,
                            workload::leave_out_accelerator(serving, accelerator)});
  result.parts.push_back({"serving, never saw its source", workload::leave_out_sources(serving)});
  const auto recommenders = workload::read_recommenders(folder);
  if (!recommenders) {
    result.diagnostics.append(recommenders.error());
    return result;
  }
  const auto ranking = workload::make_ranking_problem(*catalog, *kin, *recommenders, *serving_rows);
  result.parts.push_back(
      {"ranking: everything",
       workload::agreement(ranking.problem, workload::check_calibration(ranking.problem))});
  result.parts.push_back(
      {"training: everything", workload::agreement(training.problem, training_check)});
  add_parts(result.parts, "training, task: ", training.problem, training_check,
            [&](std::size_t row) { return training.rows[row].task; });
  return result;
}

std::string to_text(const CalibrateResult& result) {
  std::string text;
  if (!result.parts.empty()) {
    report::Table table;
    table.title =
        "Predictions of rows that the fit did not see: five folds by block, mean of five deals";
    table.columns = {{"rows"},
                     {"count", report::Align::right},
                     {"within 25 %", report::Align::right},
                     {"within 30 %", report::Align::right},
                     {"within 2x", report::Align::right},
                     {"median ratio", report::Align::right},
                     {"in 80 % band", report::Align::right}};
    for (const CalibrationPart& part : result.parts) {
      const workload::Agreement& figures = part.agreement;
      const auto percent = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
      table.rows.push_back({part.of, fmt::format("{}", figures.count),
                            percent(figures.within_25_percent), percent(figures.within_30_percent),
                            percent(figures.within_twice),
                            fmt::format("{:.3f}", figures.median_ratio), percent(figures.in_band)});
    }
    text += report::to_terminal(table, 140);
  }
  for (const auto& file : result.written) text += "wrote " + file.string() + "\n";
  return text;
}

}  // namespace vorrat::verbs

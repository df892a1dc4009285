#include "vorrat/verbs/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "vorrat/quantity/text.h"
#include "vorrat/report/json.h"

namespace vorrat::verbs {
namespace {

constexpr int digits_shown = 4;
constexpr double least_driver_shown = 0.1;  // a rank correlation below says little at 20,000 draws
constexpr std::size_t drivers_shown = 3;

const char* name_of(Sampling sampling) {
  switch (sampling) {
    case Sampling::random:
      return "random";
    case Sampling::latin_hypercube:
      return "latin_hypercube";
    case Sampling::sobol:
      return "sobol";
  }
  return "";
}

std::string number(const AnyQuantity& quantity, const std::string& unit) {
  std::string text = to_string_in(quantity, unit, digits_shown);
  return unit.empty() ? text : text.substr(0, text.find(' '));
}

std::string drivers_text(const ModelOutput& output) {
  std::string text;
  std::size_t shown = 0;
  for (const Driver& driver : output.drivers) {
    if (shown == drivers_shown || std::abs(driver.rank_correlation) < least_driver_shown) break;
    text += fmt::format("{}{} {:+.2f}", shown++ == 0 ? "" : ", ", driver.input,
                        driver.rank_correlation);
  }
  return text;
}

}  // namespace

EstimateResult run(const EstimateRequest& request) {
  EstimateResult result;
  auto file = read_estimate(request.file, request.overrides);
  if (!file) {
    result.diagnostics = file.error();
    return result;
  }
  result.diagnostics = file->notes;
  result.title = file->title;
  result.options = file->options;
  result.options.draws = request.draws.value_or(result.options.draws);
  result.options.seed = request.seed.value_or(result.options.seed);
  result.options.sampling = request.sampling.value_or(result.options.sampling);
  result.options.threads = request.threads;
  std::vector<std::string> names;
  for (const EstimateOutput& output : file->outputs) names.push_back(output.name);
  try {
    ModelResult drawn = file->model.run(names, result.options);
    for (const std::string& warning : drawn.warnings) {
      result.diagnostics.add({.place = {.file = request.file.filename().string()},
                              .message = warning,
                              .severity = Severity::warning});
    }
    result.outputs = std::move(drawn.outputs);
  } catch (const FormulaFault& fault) {
    result.diagnostics.append(file->at_place(fault));
    return result;
  }
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const std::string& unit = file->outputs[i].unit;
    const AnyQuantity median = result.outputs[i].quantile(0.5);
    result.units.push_back(unit.empty() ? natural_unit(median) : unit);
    const auto one = parse_unit(result.units[i]);
    if (unit.empty() || (one && same_kind(*one, median))) continue;
    result.diagnostics.append(
        file->at_place({.formula = names[i],
                        .fault = {0, 1,
                                  fmt::format("the output \"{}\" is {}, which is not counted in {}",
                                              names[i], name_with_article(median.dimension), unit),
                                  "change its unit"}}));
  }
  if (result.diagnostics.has_errors()) result.outputs.clear();
  return result;
}

std::string to_text(const EstimateResult& result) {
  if (result.outputs.empty()) return "";
  std::vector<std::vector<std::string>> rows = {
      {"", "mean", "5 %", "50 %", "95 %", "", "driven by (rank correlation)"}};
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const ModelOutput& output = result.outputs[i];
    const std::string& unit = result.units[i];
    rows.push_back({output.name, number(output.mean, unit), number(output.quantile(0.05), unit),
                    number(output.quantile(0.5), unit), number(output.quantile(0.95), unit), unit,
                    drivers_text(output)});
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text = result.title.empty() ? "" : result.title + "\n\n";
  for (const auto& row : rows) {
    std::string line = fmt::format("{:<{}}", row[0], widths[0]);
    for (std::size_t c = 1; c <= 4; ++c) line += fmt::format("  {:>{}}", row[c], widths[c]);
    line += fmt::format("  {:<{}}  {}", row[5], widths[5], row[6]);
    while (line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  return text + fmt::format(
                    "\n{} draws ({}), seed {}. Quantiles do not add up: the median of a sum "
                    "is not the sum of medians.\n",
                    result.options.draws, name_of(result.options.sampling), result.options.seed);
}

std::string to_json(const EstimateResult& result) {
  if (result.diagnostics.has_errors()) return report::to_json(result.diagnostics);
  nlohmann::ordered_json json;
  json["status"] = "estimated";
  json["title"] = result.title;
  json["draws"] = result.options.draws;
  json["seed"] = result.options.seed;
  json["sampling"] = name_of(result.options.sampling);
  json["outputs"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const ModelOutput& output = result.outputs[i];
    const auto value = [&](const AnyQuantity& quantity) {
      return in_unit(quantity, result.units[i]);
    };
    nlohmann::ordered_json entry;
    entry["name"] = output.name;
    entry["unit"] = result.units[i];
    entry["mean"] = value(output.mean);
    entry["deviation"] = value(output.deviation);
    entry["p05"] = value(output.quantile(0.05));
    entry["p50"] = value(output.quantile(0.5));
    entry["p95"] = value(output.quantile(0.95));
    entry["drivers"] = nlohmann::ordered_json::array();
    for (const Driver& driver : output.drivers) {
      entry["drivers"].push_back(
          {{"input", driver.input}, {"rank_correlation", driver.rank_correlation}});
    }
    json["outputs"].push_back(std::move(entry));
  }
  json["warnings"] = nlohmann::ordered_json::array();
  for (const Fault& fault : result.diagnostics.faults()) json["warnings"].push_back(fault.message);
  return json.dump(2) + "\n";
}

}  // namespace vorrat::verbs

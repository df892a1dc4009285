#include "vorrat/verbs/throughput.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/input/table.h"
#include "vorrat/quantity/text.h"
#include "vorrat/report/format.h"
#include "vorrat/report/terminal.h"
#include "vorrat/workload/recommender.h"

namespace vorrat::verbs {

namespace {

using workload::Prediction;

// To own an accelerator: straight line over four years, its package's power and half as much again
// for the server, a PUE of 1.3 and 0.08 USD/kWh.
constexpr double years_of_use = 4;
constexpr double server_power = 1.5;
constexpr double facility_power = 1.3;
constexpr double usd_per_kwh = 0.08;

double seconds_of(const std::string& text, const char* what) {
  if (text.empty()) return std::numeric_limits<double>::infinity();
  const auto quantity = parse_quantity(text);
  if (!quantity || quantity->dimension != dimensions::time || quantity->value <= 0)
    throw InvalidInput(fmt::format("the {} is \"{}\"; write a time, as in \"50 ms\"", what, text));
  return quantity->value;
}

std::optional<workload::Precision> precision_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text == "fp16") return workload::Precision::fp16;
  if (text == "fp8") return workload::Precision::fp8;
  if (text == "fp4") return workload::Precision::fp4;
  throw InvalidInput(fmt::format("unknown precision \"{}\"; known: fp16, fp8, fp4", text));
}

double year_asked(const std::string& on, const workload::ThroughputModel& model) {
  if (!on.empty()) {
    const auto day = parse_date(on);
    if (!day) throw InvalidInput(fmt::format("\"{}\" is no day; write it as 2026-10-01", on));
    return workload::year_of(*day);
  }
  double newest = 0;
  for (const auto& row : model.rows()) newest = std::max(newest, row.year);
  return newest;
}

std::vector<std::string> names_asked(const std::vector<std::string>& asked,
                                     const std::vector<std::string>& known, const char* what,
                                     const auto& is_known) {
  if (asked.empty()) return known;
  for (const std::string& name : asked)
    if (!is_known(name))
      throw InvalidInput(
          fmt::format("unknown {} \"{}\"; {}", what, name, did_you_mean(name, known)));
  return asked;
}

void add_costs(ThroughputEntry& entry, const catalog::Catalog& catalog) {
  const double speed = entry.of_mean_demand;
  if (speed <= 0) return;
  if (const auto rents = catalog.rents_of(entry.accelerator))
    entry.rented = {1e6 * rents->first.value() / speed, 1e6 * rents->second.value() / speed};
  const catalog::Accelerator* part = catalog.find_accelerator(entry.accelerator);
  if (part->price && part->power) {
    const double price_per_second = part->price->middle.value() / (years_of_use * 365.25 * 86400);
    const double kilowatts = part->power->value() / 1e3 * server_power * facility_power;
    entry.owned = 1e6 * (price_per_second + kilowatts * usd_per_kwh / 3600) / speed;
  }
}

const std::vector<std::string>& added_columns() {
  static const std::vector<std::string> names = {"predicted", "p10", "p90", "binds"};
  return names;
}

bool is_added(const std::string& column) {
  return std::ranges::find(added_columns(), column) != added_columns().end();
}

// Catalogue names are lower case; "H200-SXM" is meant as one of them.
std::string catalogue_name(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

// A recommender's samples per second in the place of tokens.
Prediction as_prediction(const workload::RankingPrediction& ranking) {
  Prediction answer;
  answer.refusal = ranking.refusal;
  answer.tokens_per_second = ranking.per_second;
  answer.low = ranking.low;
  answer.high = ranking.high;
  answer.binds = ranking.binds;
  answer.deployment.fits = answer.deployment.keeps_limits = true;
  answer.evidence = workload::Evidence::kin;
  answer.smallest_unit = 1;
  return answer;
}

Prediction predict_row(const workload::ServingRow& row, const workload::ThroughputModel& model,
                       const workload::RecommenderModel& recommenders, double newest) {
  if (recommenders.knows(row.model)) return as_prediction(recommenders.predict(row));
  if (!row.is_usable()) {
    Prediction none;
    none.refusal = fmt::format(
        "its unit is \"{}\"; known: tokens/s (written), queries/s, samples/s", row.unit);
    return none;
  }
  workload::Question question = workload::ThroughputModel::question_of(row);
  if (row.year <= 0) question.year = newest;
  return model.predict(question);
}

// The table with four columns more: predicted, p10, p90, binds. They are empty where there is no
// prediction, and a warning says why.
std::string predict_rows(const std::filesystem::path& file, const workload::ThroughputModel& model,
                         const workload::RecommenderModel& recommenders, double newest,
                         Diagnostics& diagnostics) {
  const auto table = Table::read(file);
  auto rows = workload::read_serving_leniently(file, diagnostics);
  if (!table || !rows) {
    diagnostics.append(table ? rows.error() : table.error());
    return "";
  }
  for (workload::ServingRow& row : *rows) {
    row.accelerator = catalogue_name(row.accelerator);
    row.model = catalogue_name(row.model);
  }
  workload::assume_lengths(*rows, model.lengths(), model.rows());
  std::string text;
  for (const std::string& column : table->columns())
    if (!is_added(column)) text += csv_cell(column) + ",";
  text += "predicted,p10,p90,binds\n";
  const auto warn = [&](std::string message, std::size_t row) {
    Fault fault = table->row_spot(row).fault(std::move(message));
    fault.excerpt.clear();
    fault.severity = Severity::warning;
    diagnostics.add(std::move(fault));
  };
  for (std::size_t row = 0; row < rows->size(); ++row) {
    for (const std::string& column : table->columns())
      if (!is_added(column)) text += csv_cell(table->find(row, column)->text) + ",";
    const Prediction answer = predict_row((*rows)[row], model, recommenders, newest);
    const workload::ServingRow& asked = (*rows)[row];
    const bool is_ranking = recommenders.knows(asked.model);
    const double unit = is_ranking ? 1 : asked.tokens_per_unit();
    text += answer.refusal.empty()
                ? fmt::format("{:.6g},{:.6g},{:.6g},{}\n", answer.tokens_per_second / unit,
                              answer.low / unit, answer.high / unit, answer.binds)
                : ",,,\n";
    const std::string name = asked.id.empty() ? "the row" : asked.id;
    if (!answer.refusal.empty())
      warn(fmt::format("{} is not predicted: {}", name, answer.refusal), row);
    else if (asked.are_lengths_assumed && !is_ranking)
      warn(fmt::format("{} does not say its lengths: {:.0f} tokens in and {:.0f} out are assumed",
                       name, asked.service.input, asked.service.output),
           row);
  }
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      result += ' ';
    else
      result += c;
  }
  return result + "\"";
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
}

std::string layout_of(const workload::Deployment& deployment) {
  return deployment.layout.size == 1 ? "1"
                                     : fmt::format("{} {}", deployment.layout.size,
                                                   to_string(deployment.layout.parallelism));
}

std::string binding(const ThroughputEntry& entry) {
  const Prediction& answer = entry.prediction;
  if (entry.unit != "tokens/s") return answer.binds;
  if (!answer.deployment.keeps_limits) return answer.binds + "; too slow for the limits";
  return fmt::format("{}; batch by {}", answer.binds, to_string(answer.deployment.batch_limit));
}

std::string cost_of(const ThroughputEntry& entry) {
  if (entry.rented)
    return fmt::format("{:.2g} to {:.2g}", entry.rented->first, entry.rented->second);
  return "";
}

}  // namespace

int ThroughputResult::exit_code() const {
  if (diagnostics.has_errors()) return 2;
  if (!rows.empty()) return 0;
  return std::ranges::any_of(entries,
                             [](const ThroughputEntry& entry) {
                               return entry.prediction.refusal.empty() &&
                                      entry.prediction.deployment.keeps_limits;
                             })
             ? 0
             : 1;
}

ThroughputResult run(const ThroughputRequest& request) {
  ThroughputResult result;
  const auto folder = catalog::find_data_folder(request.data);
  const auto catalog = catalog::Catalog::load(folder);
  if (!catalog) {
    result.diagnostics = catalog.error();
    return result;
  }
  const auto model = workload::ThroughputModel::load(folder, *catalog);
  if (!model) {
    result.diagnostics = model.error();
    return result;
  }
  const auto recommenders = workload::RecommenderModel::load(folder, *catalog);
  if (!recommenders) {
    result.diagnostics = recommenders.error();
    return result;
  }
  if (!request.rows.empty()) {
    result.rows = predict_rows(request.rows, *model, *recommenders, year_asked(request.on, *model),
                               result.diagnostics);
    return result;
  }
  if (!(request.output > 0 && request.input >= 0))
    throw InvalidInput("the mean output must be above 0 tokens and the mean input not negative");
  if (!(request.prefix_cached >= 0 && request.prefix_cached < 1))
    throw InvalidInput("the share of the input found in a cache must be from 0 to below 1");
  if (!(request.tokens_per_pass >= 1 && request.peak_to_mean >= 1))
    throw InvalidInput("tokens per pass and peak over mean must be 1 or more");
  workload::Question question;
  question.precision = precision_of(request.precision);
  question.stack = request.stack;
  question.year = result.year = year_asked(request.on, *model);
  question.service.input = request.input;
  question.service.output = request.output;
  question.service.shared_prefix = request.prefix_cached;
  question.service.tokens_per_pass = request.tokens_per_pass;
  question.service.accelerators = request.replica;
  question.service.first_token = seconds_of(request.first_token, "time to the first token");
  question.service.per_token = seconds_of(request.per_token, "time per token");
  const bool has_limits = !request.first_token.empty() || !request.per_token.empty();
  question.service.arrival = request.is_interactive ? workload::Arrival::interactive
                             : has_limits           ? workload::Arrival::service
                                                    : workload::Arrival::offline;
  const auto accelerators = names_asked(
      request.accelerators, catalog->accelerator_ids(), "accelerator",
      [&](const std::string& name) { return catalog->find_accelerator(name) != nullptr; });
  const auto models = names_asked(
      request.models, catalog->language_model_ids(), "language model",
      [&](const std::string& name) { return catalog->find_language_model(name) != nullptr; });
  for (const std::string& name : models)
    for (const std::string& accelerator : accelerators) {
      question.accelerator = accelerator;
      question.model = name;
      ThroughputEntry entry{.accelerator = accelerator,
                            .model = name,
                            .prediction = model->predict(question),
                            .unit = "tokens/s",
                            .of_mean_demand = 0,
                            .rented = {},
                            .owned = {},
                            .nearest = {}};
      if (recommenders->knows(name)) {
        workload::ServingRow row;
        row.accelerator = accelerator;
        row.model = name;
        row.service.arrival = question.service.arrival;
        row.precision = question.precision;
        entry.prediction = as_prediction(recommenders->predict(row));
        entry.unit = "samples/s";
      }
      if (entry.prediction.deployment.keeps_limits)
        entry.of_mean_demand = entry.prediction.tokens_per_second / request.peak_to_mean;
      add_costs(entry, *catalog);
      if (accelerators.size() * models.size() == 1) entry.nearest = model->nearest(question, 5);
      result.entries.push_back(std::move(entry));
    }
  return result;
}

std::string to_text(const ThroughputResult& result) {
  if (result.diagnostics.has_errors()) return "";
  if (!result.rows.empty()) return result.rows;
  std::string text;
  report::Table table;
  table.title =
      fmt::format("Written tokens per second and accelerator, software of {:.1f}", result.year);
  table.columns = {{"accelerator"},
                   {"model"},
                   {"tokens/s", report::Align::right},
                   {"10 %", report::Align::right},
                   {"90 %", report::Align::right},
                   {"replica"},
                   {"batch", report::Align::right},
                   {"binds"},
                   {"evidence"},
                   {"USD/M rented"}};
  std::vector<std::string> refusals;
  for (const ThroughputEntry& entry : result.entries) {
    const Prediction& answer = entry.prediction;
    if (!answer.refusal.empty()) {
      refusals.push_back(answer.refusal);
      continue;
    }
    table.rows.push_back({entry.accelerator, entry.model,
                          report::format_number(answer.tokens_per_second) +
                              (entry.unit == "tokens/s" ? "" : " samples/s"),
                          report::format_number(answer.low), report::format_number(answer.high),
                          layout_of(answer.deployment),
                          fmt::format("{:.0f}", answer.deployment.batch), binding(entry),
                          std::string(to_string(answer.evidence)), cost_of(entry)});
  }
  if (!table.rows.empty()) text += report::to_terminal(table, 140);
  if (result.entries.size() == 1 && refusals.empty() && result.entries[0].unit == "tokens/s") {
    const ThroughputEntry& entry = result.entries[0];
    const Prediction& answer = entry.prediction;
    const auto& time = answer.deployment.seconds_per_token;
    const double total = time.total() / 100;
    text += fmt::format(
        "\nTime goes to compute {:.0f} %, weights {:.0f} %, cache {:.0f} %, activations {:.0f} %, "
        "links {:.0f} %, overhead {:.0f} %.\n",
        time.compute / total, time.weights / total, time.cache / total, time.activations / total,
        time.links / total, time.overhead / total);
    text += fmt::format(
        "Smallest unit that can serve: {} accelerator(s). {:.1f} ms per token, first token after "
        "{:.2f} s; at every rating in full {:.0f} tokens/s.\n",
        answer.smallest_unit, 1e3 * answer.deployment.per_token, answer.deployment.first_token,
        answer.bound);
    if (entry.owned)
      text +=
          fmt::format("To own: {:.2g} USD per million tokens (price over {:.0f} years, power).\n",
                      *entry.owned, years_of_use);
    for (const std::string& assumed : answer.assumed) text += "Assumed: " + assumed + ".\n";
    report::Table near;
    near.title = "Nearest measurements";
    near.columns = {{"row"},
                    {"accelerator"},
                    {"model"},
                    {"measured", report::Align::right},
                    {"predicted", report::Align::right},
                    {"predicted / measured", report::Align::right}};
    for (const auto& neighbour : entry.nearest)
      near.rows.push_back({neighbour.id, neighbour.accelerator, neighbour.model,
                           report::format_number(neighbour.measured),
                           report::format_number(neighbour.predicted),
                           fmt::format("{:.2f}", neighbour.predicted / neighbour.measured)});
    text += "\n" + report::to_terminal(near, 140);
  }
  if (!refusals.empty()) {
    std::ranges::sort(refusals);
    const auto repeated = std::ranges::unique(refusals);
    refusals.erase(repeated.begin(), repeated.end());
    text += "\nNo answer:\n";
    for (const std::string& refusal : refusals) text += "  " + refusal + "\n";
  }
  return text;
}

std::string to_json(const ThroughputResult& result) {
  std::string text = fmt::format("{{\n  \"year\": {},\n  \"entries\": [", number(result.year));
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const ThroughputEntry& entry = result.entries[i];
    const Prediction& answer = entry.prediction;
    text += fmt::format("{}\n    {{\"accelerator\": {}, \"model\": {}", i == 0 ? "" : ",",
                        quoted(entry.accelerator), quoted(entry.model));
    if (!answer.refusal.empty()) {
      text += fmt::format(", \"refusal\": {}}}", quoted(answer.refusal));
      continue;
    }
    text += fmt::format(
        ", \"tokens_per_second\": {}, \"p10\": {}, \"p90\": {}, \"bound\": {}, \"binds\": {}, "
        "\"unit\": {}, \"evidence\": {}, \"keeps_limits\": {}, \"smallest_unit\": {}, \"replica\": "
        "{}, \"parallelism\": {}, "
        "\"batch\": {}, \"batch_limit\": {}, \"seconds_per_token\": {}, "
        "\"seconds_to_first_token\": {}",
        number(answer.tokens_per_second), number(answer.low), number(answer.high),
        number(answer.bound), quoted(answer.binds), quoted(entry.unit),
        quoted(std::string(to_string(answer.evidence))), answer.deployment.keeps_limits,
        answer.smallest_unit, answer.deployment.layout.size,
        quoted(std::string(to_string(answer.deployment.layout.parallelism))),
        number(answer.deployment.batch),
        quoted(std::string(to_string(answer.deployment.batch_limit))),
        number(answer.deployment.per_token), number(answer.deployment.first_token));
    if (entry.rented)
      text += fmt::format(", \"usd_per_million_rented\": [{}, {}]", number(entry.rented->first),
                          number(entry.rented->second));
    if (entry.owned) text += fmt::format(", \"usd_per_million_owned\": {}", number(*entry.owned));
    text += ", \"assumed\": [";
    for (std::size_t k = 0; k < answer.assumed.size(); ++k)
      text += (k == 0 ? "" : ", ") + quoted(answer.assumed[k]);
    text += "], \"nearest\": [";
    for (std::size_t k = 0; k < entry.nearest.size(); ++k) {
      const auto& near = entry.nearest[k];
      text += fmt::format(
          "{}{{\"row\": {}, \"accelerator\": {}, \"model\": {}, \"measured\": {}, \"predicted\": "
          "{}}}",
          k == 0 ? "" : ", ", quoted(near.id), quoted(near.accelerator), quoted(near.model),
          number(near.measured), number(near.predicted));
    }
    text += "]}";
  }
  return text + "\n  ]\n}\n";
}

}  // namespace vorrat::verbs

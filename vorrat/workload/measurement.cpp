#include "vorrat/workload/measurement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"

namespace vorrat::workload {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The number that stands where `pattern` has its group, if it is found.
std::optional<double> number_in(const std::string& text, const std::string& pattern) {
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(pattern))) return std::nullopt;
  try {
    return std::stod(found[1].str());
  } catch (const std::exception&) {
    return std::nullopt;  // "1..2"
  }
}

// "2025-09-09", "2026-02", "2025" or "late 2025", anywhere in a text.
std::optional<double> year_in(const std::string& text) {
  std::smatch found;
  if (std::regex_search(text, found, std::regex(R"((20\d\d)-(\d\d)-(\d\d))")))
    if (const auto date = parse_date(found[0].str())) return year_of(*date);
  if (std::regex_search(text, found, std::regex(R"((20\d\d)-(\d\d))")))
    return std::stod(found[1].str()) + (std::stod(found[2].str()) - 0.5) / 12;
  if (std::regex_search(text, found, std::regex(R"(late (20\d\d))")))
    return std::stod(found[1].str()) + 0.95;
  if (std::regex_search(text, found, std::regex(R"((20\d\d))")))
    return std::stod(found[1].str()) + 0.5;
  return std::nullopt;
}

// One row, cell by cell.
struct Cells {
  const Table& table;
  std::size_t row;
  Diagnostics& faults;

  std::string text(std::string_view column) const {
    const Cell* cell = table.find(row, column);
    return cell == nullptr ? "" : cell->text;
  }
  double number(std::string_view column) const {
    const Cell* cell = table.find(row, column);
    if (cell == nullptr || cell->text.empty()) return 0;
    std::string plain = cell->text;
    std::erase(plain, ',');  // of thousands
    try {
      std::size_t read = 0;
      const double value = std::stod(plain, &read);
      if (read == plain.size() && std::isfinite(value) && value >= 0) return value;
    } catch (const std::exception&) {
    }
    fault(column,
          fmt::format("the {} is \"{}\", which is not a positive number", column, cell->text),
          "write a plain number, or leave it empty");
    return 0;
  }
  void fault(std::string_view column, std::string message, std::string hint) const {
    const Cell* cell = table.find(row, column);
    if (cell != nullptr) faults.add(cell->spot.fault(std::move(message), std::move(hint)));
  }
};

std::optional<Precision> precision_in(const std::string& text) {
  if (text.starts_with("mxfp4 weights/fp8") || text.starts_with("w4a8"))
    return Precision::fp4_weights_fp8;
  const auto begins = [&](std::initializer_list<const char*> words) {
    return std::ranges::any_of(words, [&](const char* word) { return text.starts_with(word); });
  };
  if (begins({"fp4", "mxfp4", "nvfp4", "int4", "w4a16", "awq", "gptq"})) return Precision::fp4;
  if (begins({"fp8", "int8", "mxfp8", "w8a8"})) return Precision::fp8;
  if (begins({"fp16", "bf16", "fp32", "float16", "bfloat16"})) return Precision::fp16;
  return std::nullopt;
}

std::string publisher_in(const std::string& edition) {
  if (contains(edition, "MLPerf")) return "mlperf";
  if (contains(edition, "InferenceX")) return "inferencex";
  if (contains(edition, "TensorRT-LLM")) return "tensorrt-llm docs";
  return "other";
}

// The serving software, from the words in a system's name; "" means the vendor's own. A name that
// compares "vLLM/TorchTPU" means the latter on a TPU alone.
std::string stack_in(const std::string& system, const std::string& accelerator) {
  const std::string words = lower(system);
  if (contains(words, "torchtpu") && accelerator.starts_with("tpu")) return "torchtpu";
  for (const char* name : {"dynamo-trt", "sglang", "atom", "vllm"})
    if (contains(words, name)) return name;
  if (contains(words, "redhat")) return "vllm";
  return "";
}

Service service_in(const std::string& scenario, const std::string& limits,
                   const std::string& system) {
  Service service;
  if (scenario == "Server") service.arrival = Arrival::service;
  if (scenario == "Interactive") service.arrival = Arrival::interactive;
  if (const auto ms = number_in(limits, R"(TTFT p99<=([\d.]+)ms)")) service.first_token = *ms / 1e3;
  if (const auto ms = number_in(limits, R"(TPOT p99<=([\d.]+)ms)")) service.per_token = *ms / 1e3;
  // A published operating point is reproduced at its own speed: its mean time per token is a limit.
  if (const auto ms = number_in(limits, R"(TPOT ([\d.]+)ms)")) service.mean_per_token = *ms / 1e3;
  if (const auto rate = number_in(limits, R"(>=([\d.]+) tok/s/user)"))
    service.mean_per_token = 1 / *rate;
  if (const auto count = number_in(limits, R"(concurrency (\d+))")) service.concurrency = *count;
  service.is_disaggregated = contains(lower(system), "disagg");
  // "TensorRT-LLM TP4,PP2", "... DEP8": the operator's choice.
  std::smatch found;
  if (std::regex_search(system, found, std::regex(R"(\b(DEP|TP)(\d+)(?:,PP(\d+))?)"))) {
    const int across = std::atoi(found[2].str().substr(0, 4).c_str());
    const int deep = found[3].matched ? std::atoi(found[3].str().substr(0, 4).c_str()) : 1;
    Layout layout{std::max(1, across * deep), Parallelism::tensor};
    if (found[1].str() == "DEP" && across > 1)
      layout.parallelism = Parallelism::expert;
    else if (deep > 1)
      layout.parallelism = Parallelism::pipeline;
    service.layout = layout;
  }
  return service;
}

// Lengths, and the limits that need them.
void read_lengths_of(const Cells& cells, const std::string& limits, ServingRow& row) {
  Service& service = row.service;
  service.input = cells.number("input_len");
  service.output = cells.number("output_len");
  // Those who wait for their first token are in the concurrency, but not in the batch.
  const double writing = service.output * service.mean_per_token;
  if (const auto ms = number_in(limits, R"(median TTFT ([\d.]+)ms)"))
    if (std::isfinite(writing) && writing > 0)
      service.concurrency *= writing / (writing + *ms / 1e3);
  if (const auto seconds = number_in(limits, R"(p99 latency<=(\d+)s)"))
    if (service.output > 0) service.mean_per_token = *seconds / service.output / 1.3;
}

ServingRow serving_row(const Cells& cells) {
  ServingRow row;
  row.id = cells.text("id");
  row.model = cells.text("workload");
  row.accelerator = cells.text("chip_id");
  row.accelerators = static_cast<int>(std::min(1e6, cells.number("chips")));
  row.measured = cells.number("tokens_per_s_per_chip");
  row.precision = precision_in(lower(cells.text("precision")));
  if (!row.precision)
    cells.fault("precision", fmt::format("unknown precision \"{}\"", cells.text("precision")),
                "known: fp16, bf16, fp8, int8, fp4, mxfp4");
  const std::string limits = cells.text("latency_limits");
  row.service = service_in(cells.text("scenario"), limits, cells.text("system"));
  row.service.accelerators = row.accelerators;
  const std::string dated = cells.text("version/date");
  row.edition = dated.substr(0, dated.find(" /"));
  row.publisher = publisher_in(row.edition);
  row.stack = stack_in(cells.text("system"), row.accelerator);
  const std::size_t slash = dated.find(" /");
  row.year = year_in(slash == std::string::npos ? dated : dated.substr(slash)).value_or(0);
  if (row.year <= 0)
    cells.fault("version/date", fmt::format("\"{}\" has no date", dated),
                "write it as in \"MLPerf Inference v5.1 / 2025-09-09\"");
  if (!cells.text("unit").empty()) row.unit = cells.text("unit");
  const std::string scenario = lower(cells.text("scenario"));
  row.is_one_phase = contains(scenario, "decode") || contains(scenario, "prefill");
  if (contains(scenario, "decode")) row.service.shared_prefix = 1;  // read elsewhere
  row.is_more_exact = contains(cells.text("notes") + cells.text("source"), "99.9");
  read_lengths_of(cells, limits, row);
  row.place = cells.table.row_spot(cells.row).place();
  return row;
}

// A system that says "144GB" is not made of accelerators with 96 GB.
void check_memory(const Cells& cells, const std::map<std::string, double>& memory_gb) {
  const auto known = memory_gb.find(cells.text("chip_id"));
  const auto said = number_in(cells.text("system"), R"((\d+)GB)");
  if (known == memory_gb.end() || !said || std::abs(*said / known->second - 1) < 0.2) return;
  cells.fault("chip_id",
              fmt::format("the system says {:.0f} GB, but {} has {:.0f} GB", *said, known->first,
                          known->second),
              "one of the two is wrong");
}

}  // namespace

double year_of(Date date) {
  const std::chrono::year_month_day day(date);
  const Date start = make_date(static_cast<int>(day.year()), 1, 1);
  return static_cast<int>(day.year()) + static_cast<double>((date - start).count()) / 365.25;
}

std::string default_stack(const std::string& vendor) {
  if (vendor == "NVIDIA") return "tensorrt-llm";
  if (vendor == "AMD") return "rocm";
  return lower(vendor);
}

std::string ServingRow::block() const {
  return edition + "|" + accelerator + "|" + model + "|" + std::to_string(accelerators);
}

std::string TrainingRow::block() const {
  return publisher + "|" + accelerator + "|" + model + "|" + std::to_string(accelerators) + "|" +
         std::to_string(static_cast<int>(year * 12));
}

std::expected<KinTable, Diagnostics> read_kin(const std::filesystem::path& data_folder) {
  auto table = Table::read(data_folder / "throughput" / "families.csv", "throughput/families.csv");
  if (!table) return std::unexpected(table.error());
  Diagnostics faults;
  table->check_columns({"accelerator", "family", "since", "link_domain", "cache_byte"},
                       {"exponentials", "note"}, faults);
  KinTable kin;
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    Record record(*table, row, "accelerator", faults);
    const std::string id = record.identify("accelerator");
    Kin entry;
    entry.family = record.required<std::string>("family");
    entry.since = record.required<Quarter>("since");
    entry.link_domain = record.required<int>("link_domain", Bounds::at_least(1));
    entry.cache_byte = record.required<double>("cache_byte", Bounds::between(1, 2));
    entry.exponentials = record.optional<double>("exponentials", Bounds::positive()).value_or(0);
    if (!kin.emplace(id, entry).second)
      record.fault("accelerator", "this accelerator stands twice", "keep one of the rows");
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return kin;
}

std::expected<std::vector<ServingRow>, Diagnostics> read_serving(
    const std::filesystem::path& file, const std::map<std::string, double>& memory_gb) {
  auto table = Table::read(file);
  if (!table) return std::unexpected(table.error());
  Diagnostics faults;
  table->check_columns({"id", "workload", "scenario", "system", "chip_id", "chips", "precision",
                        "input_len", "output_len", "latency_limits", "version/date", "unit"},
                       {"tokens_per_s_total", "tokens_per_s_per_chip", "source", "notes"}, faults);
  std::vector<ServingRow> rows;
  if (faults.has_errors()) return std::unexpected(faults);
  for (std::size_t index = 0; index < table->row_count(); ++index) {
    const Cells cells{*table, index, faults};
    rows.push_back(serving_row(cells));
    check_memory(cells, memory_gb);
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return rows;
}

std::expected<std::vector<ServingRow>, Diagnostics> read_serving_leniently(
    const std::filesystem::path& file, Diagnostics& remarks) {
  auto table = Table::read(file);
  if (!table) return std::unexpected(table.error());
  Diagnostics missing;
  for (const char* column : {"workload", "chip_id"})
    if (!table->has_column(column))
      missing.add_error(table->file(), fmt::format("the column \"{}\" is missing", column),
                        "columns are those of throughput/serving.csv");
  if (missing.has_errors()) return std::unexpected(missing);
  std::vector<ServingRow> rows;
  Diagnostics faults;
  for (std::size_t index = 0; index < table->row_count(); ++index)
    rows.push_back(serving_row({*table, index, faults}));
  for (Fault fault : faults.faults()) {
    fault.severity = Severity::warning;
    remarks.add(std::move(fault));
  }
  return rows;
}

std::expected<LengthTable, Diagnostics> read_lengths(const std::filesystem::path& data_folder) {
  auto table = Table::read(data_folder / "throughput" / "lengths.csv", "throughput/lengths.csv");
  if (!table) return std::unexpected(table.error());
  Diagnostics faults;
  table->check_columns({"model", "input_len", "output_len"}, {"source", "date", "kind", "note"},
                       faults);
  LengthTable lengths;
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    Record record(*table, row, "model", faults);
    const std::string model = record.identify("model");
    Lengths entry{record.required<double>("input_len", Bounds::positive()),
                  record.required<double>("output_len", Bounds::positive())};
    if (!lengths.emplace(model, entry).second)
      record.fault("model", "this model stands twice", "keep one of the rows");
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return lengths;
}

void assume_lengths(std::vector<ServingRow>& rows, const LengthTable& table,
                    const std::vector<ServingRow>& known) {
  struct Sum {
    double input = 0, output = 0;  // of logarithms
    int count = 0;
  };
  std::map<std::string, Sum> sums;
  for (const ServingRow& row : known) {
    if (!row.has_lengths() || row.are_lengths_assumed) continue;
    Sum& sum = sums[row.model];
    sum.input += std::log(row.service.input);
    sum.output += std::log(row.service.output);
    ++sum.count;
  }
  for (ServingRow& row : rows) {
    if (row.has_lengths()) continue;
    Lengths lengths{1000, 1000};
    if (const auto sum = sums.find(row.model); sum != sums.end())
      lengths = {std::exp(sum->second.input / sum->second.count),
                 std::exp(sum->second.output / sum->second.count)};
    if (const auto found = table.find(row.model); found != table.end()) lengths = found->second;
    row.service.input = lengths.input;
    row.service.output = lengths.output;
    row.are_lengths_assumed = true;
  }
}

std::expected<std::vector<TrainingRow>, Diagnostics> read_training(
    const std::filesystem::path& file) {
  auto table = Table::read(file);
  if (!table) return std::unexpected(table.error());
  Diagnostics faults;
  std::vector<TrainingRow> rows;
  for (std::size_t index = 0; index < table->row_count(); ++index) {
    const Cells cells{*table, index, faults};
    TrainingRow row;
    row.id = cells.text("id");
    row.model = cells.text("model");
    row.accelerator = cells.text("chip_id");
    const std::string task = cells.text("task");
    row.task = contains(row.model, "dlrm") ? "recommender"
               : contains(task, "lora")    ? "fine-tuning"
                                           : "pre-training";
    row.publisher = contains(task, "MLPerf")      ? "mlperf"
                    : contains(task, "step rate") ? "step rate"
                                                  : "production";
    row.accelerators =
        contains(cells.text("chips"), "n/p") ? 0 : static_cast<int>(cells.number("chips"));
    const std::string precision = cells.text("precision");
    row.precision = contains(precision, "fp4")                                  ? "fp4"
                    : contains(precision, "fp8") || contains(precision, "int8") ? "fp8"
                    : precision.starts_with("n/p")                              ? ""
                                                                                : "fp16";
    row.parameters = cells.number("params_b");
    row.sequence = cells.number("seq_len");
    row.measured = cells.number("rate_per_chip");
    row.tflops = cells.number("tflops_per_chip");
    row.year = year_in(cells.text("date")).value_or(0);
    // Old software measured again later: "Jan-2024 software".
    if (const auto year = number_in(cells.text("notes"), R"([A-Z][a-z]{2}-(20\d\d) software)"))
      row.year = *year + (contains(cells.text("notes"), "Dec-") ? 0.95 : 0.05);
    row.place = table->row_spot(index).place();
    rows.push_back(std::move(row));
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return rows;
}

}  // namespace vorrat::workload

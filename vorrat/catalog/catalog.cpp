#include "vorrat/catalog/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"
#include "vorrat/quantity/text.h"

namespace vorrat::catalog {
namespace {

/// Ratings of a catalogue are rounded by those who publish them.
constexpr double rounding = 0.01;

bool agree(double a, double b) { return std::abs(a - b) <= rounding * std::max(a, b); }

// Every figure of the catalogue says where it was read, when, and how sure it is.
Source stated_source(Record& row, const std::string& key, const std::string& prefix) {
  Source source = row.source_of(key);
  for (const char* part : {"source", "date", "kind"}) {
    if (row.text(prefix + part).empty()) {
      row.fault(prefix + part,
                fmt::format("the {} of the {} of {} is missing", part, key, row.subject()),
                "say where it was read, when, and how sure it is");
    }
  }
  return source;
}

template <class T>
void refuse_twice(Record& row, const std::string& key, const T& known, const std::string& id) {
  const auto same = [&](const auto& other) { return other.id == id; };
  if (!id.empty() && std::any_of(known.begin(), known.end(), same)) {
    row.fault(key, fmt::format("{} stands twice", row.subject()), "keep one of them");
  }
}

void check_ratings(Record& row, const Accelerator& part) {
  double largest = 0;  // TOP/s times bits
  const auto take = [&](const std::optional<ComputeRate>& rate, double bits) {
    if (rate) largest = std::max(largest, *rate / units::teraflop_per_second * bits);
  };
  take(part.fp16, 16);
  take(part.fp8, 8);
  take(part.fp4, 4);
  if (part.total_performance && largest > 0 && !agree(*part.total_performance, largest)) {
    row.fault("tpp",
              fmt::format("the TPP of {} is {}, but its dense rates times their bits give {:.6g}",
                          row.subject(), row.text("tpp"), largest),
              "a rate with sparsity, or a slip of a digit?");
  }
  if (part.performance_density && part.total_performance && part.die_area) {
    const double density = *part.total_performance / in_unit(*part.die_area, "mm2");
    if (!agree(*part.performance_density, density)) {
      row.fault("performance_density",
                fmt::format("the performance density of {} is {}, but TPP per die area is {:.4g}",
                            row.subject(), row.text("performance_density"), density));
    }
  }
}

void read_price(Record& row, Accelerator& part) {
  if (!row.has("price")) return;
  PriceRange price;
  price.middle = row.required<UnitPrice>("price", Bounds::positive());
  price.low = row.value_or<UnitPrice>("price_low", price.middle, Bounds::positive());
  price.high = row.value_or<UnitPrice>("price_high", price.middle, Bounds::positive());
  price.source = stated_source(row, "price", "price_");
  if (price.low > price.middle || price.middle > price.high) {
    row.fault("price", fmt::format("the prices of {} are not in order", row.subject()),
              "write price_low <= price <= price_high");
  }
  part.price = price;
}

void read_accelerator(Record row, Catalog& catalog) {
  Accelerator part;
  part.id = row.identify("accelerator");
  refuse_twice(row, "accelerator", catalog.accelerators, part.id);
  part.title = row.required<std::string>("title");
  part.vendor = row.required<std::string>("vendor");
  part.release = row.optional<Quarter>("release");
  part.fp16 = row.optional<ComputeRate>("fp16", Bounds::positive());
  part.fp8 = row.optional<ComputeRate>("fp8", Bounds::positive());
  part.fp4 = row.optional<ComputeRate>("fp4", Bounds::positive());
  part.memory = row.optional<Data>("memory", Bounds::positive());
  part.memory_bandwidth = row.optional<Bandwidth>("memory_bandwidth", Bounds::positive());
  part.interconnect = row.optional<Bandwidth>("interconnect", Bounds::positive());
  part.power = row.optional<Power>("power", Bounds::positive());
  part.process = row.value_or<std::string>("process", "");
  part.die_area = row.optional<Area>("die_area", Bounds::positive());
  part.total_performance = row.optional<double>("tpp", Bounds::positive());
  part.performance_density = row.optional<double>("performance_density", Bounds::positive());
  part.ratings = stated_source(row, "ratings", "");
  part.note = row.value_or<std::string>("note", "");
  check_ratings(row, part);
  read_price(row, part);
  catalog.accelerators.push_back(std::move(part));
}

void read_language_model(Record row, Catalog& catalog) {
  LanguageModel model;
  const auto count = [&](const char* key) { return row.optional<int>(key); };
  model.id = row.identify("model");
  refuse_twice(row, "model", catalog.language_models, model.id);
  model.aliases = row.list("aliases");
  model.family = row.value_or<std::string>("family", "");
  model.total_parameters = row.optional<double>("total_parameters", Bounds::positive());
  model.active_parameters = row.optional<double>("active_parameters", Bounds::positive());
  model.architecture = row.value_or<std::string>("architecture", "");
  model.layers = count("layers");
  model.dense_ffn_layers = count("dense_ffn_layers");
  model.hidden = count("hidden");
  model.heads = count("heads");
  model.kv_heads = count("kv_heads");
  model.head_dimension = count("head_dimension");
  model.attention = row.value_or<std::string>("attention", "");
  model.mla_kv_rank = count("mla_kv_rank");
  model.mla_q_rank = count("mla_q_rank");
  model.mla_rope_dimension = count("mla_rope_dimension");
  model.mla_nope_dimension = count("mla_nope_dimension");
  model.mla_v_dimension = count("mla_v_dimension");
  model.sliding_window = count("sliding_window");
  model.sliding_layers = count("sliding_layers");
  model.experts = count("experts");
  model.experts_per_token = count("experts_per_token");
  model.shared_experts = count("shared_experts");
  model.expert_ffn = count("expert_ffn");
  model.dense_ffn = count("dense_ffn");
  model.vocabulary = count("vocabulary");
  model.context = count("context");
  model.native_precision = row.value_or<std::string>("native_precision", "");
  model.kv_elements_per_token = row.optional<double>("kv_elements_per_token");
  model.state_elements = row.optional<double>("state_elements");
  model.source = stated_source(row, "shape", "");
  model.note = row.value_or<std::string>("note", "");
  if (model.total_parameters && model.active_parameters &&
      *model.active_parameters > *model.total_parameters) {
    row.fault("active_parameters",
              fmt::format("{} has more active parameters than it has in all", row.subject()));
  }
  catalog.language_models.push_back(std::move(model));
}

void read_region(Record row, Catalog& catalog) {
  Region region;
  region.id = row.identify("region");
  refuse_twice(row, "region", catalog.regions, region.id);
  region.title = row.required<std::string>("title");
  region.electricity.value = row.required<EnergyPrice>("electricity", Bounds::positive());
  region.electricity.source = stated_source(row, "electricity", "electricity_");
  region.pue.value = row.required<Ratio>("pue", Bounds::between(1, 3));
  region.pue.source = stated_source(row, "pue", "pue_");
  region.note = row.value_or<std::string>("note", "");
  catalog.regions.push_back(std::move(region));
}

// The dimension is whatever the row is about; it must be one in all three figures.
std::optional<AnyQuantity> read_figure(Record& row, const std::string& key,
                                       std::optional<Dimension>& dimension) {
  if (!row.has(key)) return std::nullopt;
  if (!dimension) {
    const auto figure = parse_quantity(row.text(key));
    dimension = figure ? figure->dimension : dimensions::none;
  }
  return row.quantity(key, *dimension);
}

void read_price_row(Record row, Catalog& catalog) {
  Price price;
  std::optional<Dimension> dimension;
  price.id = row.identify("price");
  refuse_twice(row, "price", catalog.prices, price.id);
  price.category = row.required<std::string>("category");
  price.subject = row.required<std::string>("subject");
  price.item = row.required<std::string>("item");
  price.low = read_figure(row, "low", dimension);
  price.middle = read_figure(row, "mid", dimension);
  price.high = read_figure(row, "high", dimension);
  price.source = stated_source(row, "figures", "");
  price.note = row.value_or<std::string>("note", "");
  if (!dimension) row.fault("mid", fmt::format("{} has no figure", row.subject()));
  catalog.prices.push_back(std::move(price));
}

struct File {
  std::string name;
  std::string what;
  std::vector<std::string> required;
  std::vector<std::string> optional;
  void (*read)(Record row, Catalog& catalog);
};

const std::vector<File>& files() {
  static const std::vector<File> all = {
      {"accelerators.csv",
       "accelerator",
       {"accelerator", "title", "vendor", "power", "source", "date", "kind"},
       {"release", "fp16", "fp8", "fp4", "memory", "memory_bandwidth", "interconnect", "process",
        "die_area", "tpp", "performance_density", "price_low", "price", "price_high"},
       read_accelerator},
      {"language_models.csv",
       "model",
       {"model", "source", "date", "kind"},
       {"aliases",
        "family",
        "total_parameters",
        "active_parameters",
        "architecture",
        "layers",
        "dense_ffn_layers",
        "hidden",
        "heads",
        "kv_heads",
        "head_dimension",
        "attention",
        "mla_kv_rank",
        "mla_q_rank",
        "mla_rope_dimension",
        "mla_nope_dimension",
        "mla_v_dimension",
        "sliding_window",
        "sliding_layers",
        "experts",
        "experts_per_token",
        "shared_experts",
        "expert_ffn",
        "dense_ffn",
        "vocabulary",
        "context",
        "native_precision",
        "kv_elements_per_token",
        "state_elements"},
       read_language_model},
      {"regions.csv", "region", {"region", "title", "electricity", "pue"}, {}, read_region},
      {"prices.csv",
       "price",
       {"price", "category", "subject", "item", "low", "mid", "high", "source", "date", "kind"},
       {},
       read_price_row}};
  return all;
}

template <class T>
const T* find_by_id(const std::vector<T>& all, std::string_view id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const T& item) { return item.id == id; });
  return found == all.end() ? nullptr : &*found;
}

template <class T>
std::vector<std::string> ids_of(const std::vector<T>& all) {
  std::vector<std::string> ids;
  for (const T& item : all) ids.push_back(item.id);
  return ids;
}

}  // namespace

std::expected<Catalog, Diagnostics> Catalog::load(const std::filesystem::path& data_folder) {
  Catalog catalog;
  catalog.data_folder = data_folder;
  Diagnostics faults;
  for (const File& file : files()) {
    const auto table = Table::read(data_folder / "catalog" / file.name, "catalog/" + file.name);
    if (!table) {
      faults.append(table.error());
      continue;
    }
    table->check_columns(file.required, file.optional, faults);
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      file.read(Record(*table, row, file.what, faults), catalog);
    }
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return catalog;
}

const Accelerator* Catalog::find_accelerator(std::string_view id) const {
  return find_by_id(accelerators, id);
}

const LanguageModel* Catalog::find_language_model(std::string_view id) const {
  if (const LanguageModel* model = find_by_id(language_models, id)) return model;
  for (const LanguageModel& model : language_models) {
    if (std::find(model.aliases.begin(), model.aliases.end(), id) != model.aliases.end()) {
      return &model;
    }
  }
  return nullptr;
}

const Region* Catalog::find_region(std::string_view id) const { return find_by_id(regions, id); }

std::vector<std::string> Catalog::accelerator_ids() const { return ids_of(accelerators); }
std::vector<std::string> Catalog::language_model_ids() const { return ids_of(language_models); }
std::vector<std::string> Catalog::region_ids() const { return ids_of(regions); }

std::optional<std::pair<Rent, Rent>> Catalog::rents_of(std::string_view accelerator) const {
  std::optional<std::pair<Rent, Rent>> range;
  const auto take = [&](const std::optional<AnyQuantity>& figure) {
    if (!figure || figure->dimension != dimensions::rent || figure->currency != Currency("USD")) {
      return;
    }
    const Rent rent = Rent::from(*figure);
    if (!range) range.emplace(rent, rent);
    range->first = std::min(range->first, rent);
    range->second = std::max(range->second, rent);
  };
  for (const Price& price : prices) {
    if (price.category != "rental" || price.subject != accelerator) continue;
    take(price.low);
    take(price.middle);
    take(price.high);
  }
  return range;
}

}  // namespace vorrat::catalog

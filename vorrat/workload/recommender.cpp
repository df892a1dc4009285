#include "vorrat/workload/recommender.h"

#include <fmt/format.h>

#include <cmath>

#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"
#include "vorrat/workload/catalogued.h"
#include "vorrat/workload/throughput.h"

namespace vorrat::workload {

namespace {

using R = RankingEfficiency;
constexpr std::array<RankingPrior, ranking_parameter_count> priors = {{
    {"compute_share", &R::compute_share, 0.5},
    {"bandwidth_share", &R::bandwidth_share, 0.4},
    {"overhead", &R::overhead, 0.7},
    {"service_loss", &R::service_loss, 0.6},
}};

RankingEfficiency from_logs(std::span<const double> logs) {
  RankingEfficiency efficiency;
  for (std::size_t i = 0; i < priors.size(); ++i) efficiency.*priors[i].member = std::exp(logs[i]);
  return efficiency;
}

struct Ranking {
  Hardware hardware;
  Recommender recommender;
  bool is_16_bit = false;
  Arrival arrival = Arrival::offline;
  EffectKeys keys;
};

double log_speed(const Ranking& asked, const RankingEfficiency& efficiency) {
  const RankingTime time =
      ranking_time(asked.hardware, asked.recommender, asked.is_16_bit, efficiency);
  const double loss = asked.arrival == Arrival::offline ? 0 : efficiency.service_loss;
  return -std::log(time.total()) - loss;
}

// Nothing, with the reason, if the row asks of what is not known.
std::expected<Ranking, std::string> ranking_of(const catalog::Catalog& catalog, const KinTable& kin,
                                               const RecommenderTable& table,
                                               const ServingRow& row) {
  const auto recommender = table.find(row.model);
  if (recommender == table.end())
    return std::unexpected(fmt::format("what {} does for a sample is not published", row.model));
  const catalog::Accelerator* accelerator = catalog.find_accelerator(row.accelerator);
  if (accelerator == nullptr)
    return std::unexpected(fmt::format("no accelerator \"{}\" in the catalogue; {}",
                                       row.accelerator,
                                       did_you_mean(row.accelerator, catalog.accelerator_ids())));
  const auto found = kin.find(row.accelerator);
  const Kin* of = found == kin.end() ? nullptr : &found->second;
  const auto hardware = hardware_of(*accelerator, of);
  if (!hardware)
    return std::unexpected(
        fmt::format("the memory or compute rate of {} was not published", accelerator->id));
  Ranking asked{hardware->hardware,
                recommender->second,
                row.is_more_exact || row.precision == Precision::fp16,
                row.service.arrival,
                {}};
  asked.keys = {"all", accelerator->vendor, of == nullptr ? "" : of->family, accelerator->id,
                row.is_more_exact ? "99.9 %" : "99 %"};
  return asked;
}

}  // namespace

const std::array<RankingPrior, ranking_parameter_count>& ranking_priors() { return priors; }

std::expected<RecommenderTable, Diagnostics> read_recommenders(
    const std::filesystem::path& data_folder) {
  const char* name = "throughput/recommenders.csv";
  auto table = Table::read(data_folder / name, name);
  if (!table) return std::unexpected(table.error());
  Diagnostics faults;
  table->check_columns(
      {"model", "pairs_per_sample", "lookups_per_pair", "embedding_width", "mflop_per_pair"},
      {"source", "date", "kind", "note"}, faults);
  RecommenderTable recommenders;
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    Record record(*table, row, "model", faults);
    const std::string model = record.identify("model");
    const auto positive = [&](const char* key) {
      return record.required<double>(key, Bounds::positive());
    };
    recommenders[model] = {positive("pairs_per_sample"), positive("lookups_per_pair"),
                           positive("embedding_width"), positive("mflop_per_pair")};
  }
  if (faults.has_errors()) return std::unexpected(faults);
  return recommenders;
}

RankingTime ranking_time(const Hardware& hardware, const Recommender& recommender, bool is_16_bit,
                         const RankingEfficiency& efficiency) {
  const double rate = is_16_bit || hardware.fp8 <= 0 ? hardware.fp16 : hardware.fp8;
  const double bytes =
      recommender.pairs * recommender.lookups * recommender.width * (is_16_bit ? 2 : 1);
  return {recommender.pairs * recommender.mflop * 1e-6 / rate / efficiency.compute_share,
          bytes * 1e-9 / hardware.bandwidth / efficiency.bandwidth_share,
          1e-6 * efficiency.overhead};
}

const std::vector<EffectKind>& ranking_effects() {
  static const std::vector<EffectKind> kinds = {{"everything", 0.3},
                                                {"vendor", 0.15},
                                                {"family", 0.2},
                                                {"accelerator", 0.15},
                                                {"accuracy", 0.15}};
  return kinds;
}

RankingProblem make_ranking_problem(const catalog::Catalog& catalog, const KinTable& kin,
                                    const RecommenderTable& table,
                                    const std::vector<ServingRow>& rows) {
  RankingProblem result;
  auto asked = std::make_shared<std::vector<Ranking>>();
  for (const RankingPrior& prior : priors)
    result.problem.parameters.push_back(
        {std::log(RankingEfficiency{}.*prior.member), prior.prior_spread});
  result.problem.kinds = ranking_effects();
  result.problem.noise = 0.08;
  for (const ServingRow& row : rows) {
    if (row.measured <= 0 || !row.is_in_requests()) continue;
    auto ranking = ranking_of(catalog, kin, table, row);
    if (!ranking) continue;
    result.problem.measurements.push_back({std::log(row.measured), ranking->keys, 1, row.block()});
    result.rows.push_back(row);
    asked->push_back(std::move(*ranking));
  }
  result.problem.formula = [asked](std::size_t row, std::span<const double> logs, int&) {
    return log_speed((*asked)[row], from_logs(logs));
  };
  return result;
}

std::expected<RecommenderModel, Diagnostics> RecommenderModel::load(
    const std::filesystem::path& data_folder, const catalog::Catalog& catalog) {
  RecommenderModel result;
  Diagnostics faults;
  result.catalog_ = std::make_shared<const catalog::Catalog>(catalog);
  auto kin = read_kin(data_folder);
  auto recommenders = read_recommenders(data_folder);
  auto rows = read_serving(data_folder / "throughput" / "serving.csv", memory_of(catalog));
  if (!kin) faults.append(kin.error());
  if (!recommenders) faults.append(recommenders.error());
  if (!rows) faults.append(rows.error());
  if (faults.has_errors()) return std::unexpected(faults);
  const RankingProblem problem = make_ranking_problem(catalog, *kin, *recommenders, *rows);
  result.kin_ = std::move(*kin);
  result.recommenders_ = std::move(*recommenders);
  result.calibration_ = calibrate(problem.problem);
  result.calibration_.band_factor = check_calibration(problem.problem, 2).band_factor;
  result.efficiency_ = from_logs(result.calibration_.parameters);
  return result;
}

RankingPrediction RecommenderModel::predict(const ServingRow& row) const {
  RankingPrediction answer;
  const auto asked = ranking_of(*catalog_, kin_, recommenders_, row);
  if (!asked) {
    answer.refusal = asked.error();
    return answer;
  }
  const RankingEfficiency perfect{1, 1, 1e-9, 1e-9};
  const double bound = std::exp(log_speed(*asked, perfect));
  const double middle = log_speed(*asked, efficiency_) + calibration_.effect_of(asked->keys);
  const double half_width = calibration_.band_factor * calibration_.spread_of(asked->keys, 1);
  answer.per_second = std::min(std::exp(middle), bound);
  answer.low = std::min(std::exp(middle - half_width), bound);
  answer.high = std::min(std::exp(middle + half_width), bound);
  const RankingTime time =
      ranking_time(asked->hardware, asked->recommender, asked->is_16_bit, efficiency_);
  answer.binds = time.overhead > std::max(time.compute, time.embeddings) ? "fixed overhead"
                 : time.compute > time.embeddings                        ? "compute"
                                                                         : "memory bandwidth";
  return answer;
}

}  // namespace vorrat::workload

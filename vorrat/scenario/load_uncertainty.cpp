#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

namespace vorrat::scenario {
namespace {

constexpr Uncertainty market_processes[] = {Uncertainty::price,    Uncertainty::rent,
                                            Uncertainty::exchange, Uncertainty::trend,
                                            Uncertainty::supply,   Uncertainty::worth};

}  // namespace

void Loader::read_market(std::optional<Record> record) {
  Market& market = scenario_.market;
  if (!record) {
    note_default("the market of the scenario", "none", "prices, rents and rates stay as written");
    return;
  }
  for (const Uncertainty moves : market_processes) {
    const std::string name = to_string(moves);
    if (auto process = record->table(name, fmt::format("market of \"{}\"", name)))
      market.processes.push_back(read_process(*process, moves));
  }
  if (record->has("levels")) {
    market.levels = record->required<int>("levels", Bounds::between(1, 20));
  } else {
    note_default("the levels of the market", std::to_string(market.levels),
                 "more are finer and slower");
  }
  record->finish();
}

MarketProcess Loader::read_process(Record& record, Uncertainty moves) {
  MarketProcess process{
      .moves = moves, .volatility = {}, .reversion = {}, .news = {}, .news_in = {}};
  const bool has_news = record.has("news");
  if (has_news && !record.has("volatility")) {
    process.volatility = filled_in(record, "volatility", "0 %");
  } else {
    process.volatility = fact(record, "volatility", dimensions::none);
  }
  process.reversion =
      fact_or(record, "reversion", dimensions::frequency, {}, "0 %/year", "it does not come back");
  if (has_news) {
    read_news(record, process);
  } else if (record.has("news_in")) {
    record.fault("news_in", fmt::format("{} has no news", record.subject()),
                 "write the factor that becomes known under news, or leave it out");
  }
  record.finish();
  return process;
}

void Loader::read_news(Record& record, MarketProcess& process) {
  process.news = fact(record, "news", dimensions::none, Bounds::at_least(0));
  const double mean = process.news->value.mean().value;
  if (record.has("news_in")) {
    process.news_in = record.required<Quarter>("news_in");
  } else {
    record.fault("news", fmt::format("the news of {} has no quarter", record.subject()),
                 "write the quarter in which it becomes known, as in news_in = \"2026Q2\"");
  }
  const bool is_read = process.news_in.year > 0;
  if (has_horizon_ && is_read && process.news_in <= scenario_.horizon.first) {
    record.fault("news_in",
                 fmt::format("the news of {} comes in {}, when the first decision is taken",
                             record.subject(), vorrat::to_string(process.news_in)),
                 "write a later quarter; what is known at once belongs into the tables");
  }
  if (is_read && std::abs(mean - 1) > 1e-6) {
    note_default(fmt::format("the mean of the news of {}", record.subject()), "1",
                 fmt::format("scaled from {:.4g}: only its spread counts", mean));
  }
}

void Loader::read_noise(std::optional<Record> record) {
  Noise& noise = scenario_.noise;
  if (record && record->has("outcomes")) {
    noise.outcomes = record->required<int>("outcomes", Bounds::between(1, 1000));
  } else {
    note_default("the number of outcomes of the noise", std::to_string(noise.outcomes),
                 "at most so many joint outcomes of what is drawn in a quarter");
  }
  if (record && record->has("growth")) {
    noise.growth_together = record->choice<bool>("growth", {{"together", true}, {"apart", false}});
  } else {
    note_default("the growth of the noise", "together", "demand of all workloads grows as one");
  }
  if (record) record->finish();
}

void Loader::read_switches(std::optional<Record> record) {
  if (!record) {
    note_default("the uncertainty of the scenario", "all on", "none is fixed at its mean");
    return;
  }
  for (std::size_t u = 0; u < uncertainty_count; ++u) {
    const char* name = to_string(static_cast<Uncertainty>(u));
    scenario_.switched_off[u] = !record->value_or<bool>(name, true);
  }
  record->finish();
}

}  // namespace vorrat::scenario

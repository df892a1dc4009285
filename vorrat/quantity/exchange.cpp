#include "vorrat/quantity/exchange.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <set>

#include "vorrat/quantity/text.h"

namespace vorrat {

void ExchangeRates::add(const AnyQuantity& rate, Date day) {
  if (!rate.is_exchange_rate() || rate.dimension != dimensions::none) {
    throw InvalidInput(
        fmt::format("{} is not a rate of exchange; write it as \"6.98 CNY/USD\"", to_string(rate)));
  }
  if (!(rate.value > 0)) {
    throw InvalidInput(fmt::format("the rate of exchange {} is not above zero", to_string(rate)));
  }
  auto& series = rates_[{rate.currency, rate.per_currency}];
  if (!series.emplace(day, rate.value).second) {
    throw InvalidInput(fmt::format("there are two rates of {} per {} for {}", rate.currency.code(),
                                   rate.per_currency.code(), to_string(day)));
  }
}

double ExchangeRates::direct(Currency from, Currency to, Date day) const {
  const auto last = [&](Currency above, Currency below) -> std::pair<Date, double> {
    const auto series = rates_.find({above, below});
    if (series == rates_.end()) return {Date{}, 0};
    const auto after = series->second.upper_bound(day);
    if (after == series->second.begin()) return {Date{}, 0};
    return *std::prev(after);
  };
  const auto forward = last(to, from), backward = last(from, to);
  if (backward.second == 0) return forward.second;
  if (forward.second == 0 || backward.first > forward.first) return 1 / backward.second;
  return forward.second;
}

double ExchangeRates::rate(Currency from, Currency to, Date day) const {
  if (from == to) return 1;
  if (const double found = direct(from, to, day); found != 0) return found;
  std::set<Currency> between;
  for (const auto& [pair, series] : rates_) between.insert({pair.first, pair.second});
  for (const Currency middle : between) {
    const double first = direct(from, middle, day), second = direct(middle, to, day);
    if (first != 0 && second != 0) return first * second;
  }
  throw InvalidInput(fmt::format("there is no rate of exchange from {} to {} on or before {}",
                                 from.code(), to.code(), to_string(day)));
}

AnyQuantity ExchangeRates::convert(const AnyQuantity& quantity, Currency to, Date day) const {
  if (quantity.is_exchange_rate() || quantity.dimension.money == 0) return quantity;
  AnyQuantity result = quantity;
  result.currency = to;
  if (quantity.currency.is_none() && quantity.value == 0) return result;
  result.value *= std::pow(rate(quantity.currency, to, day), quantity.dimension.money);
  return result;
}

}  // namespace vorrat

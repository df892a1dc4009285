// Dated rates of exchange between currencies.
//
//     ExchangeRates rates;
//     rates.add(parse_quantity("6.98 CNY/USD").value(), make_date(2026, 2, 1));
//     const Money dollars = rates.convert(Money(698, "CNY"), Currency("USD"), today);  // 100 USD
#pragma once

#include <map>
#include <utility>

#include "vorrat/base/date.h"
#include "vorrat/quantity/quantity.h"

namespace vorrat {

class ExchangeRates {
 public:
  /// Notes the rate from this day on, until the next one for the same two currencies. Throws
  /// InvalidInput if `rate` is no rate of exchange, not positive, or noted already for that day.
  void add(const AnyQuantity& rate, Date day);

  /// How much of `to` one of `from` is on a day: by the last rate on or before it, either way
  /// round, or by one currency between the two (the first that serves, in the order of their
  /// codes). Throws InvalidInput, naming both and the day, if there is none.
  double rate(Currency from, Currency to, Date day) const;

  /// The quantity in another currency, for any power of money in its dimension. Throws as rate().
  AnyQuantity convert(const AnyQuantity& quantity, Currency to, Date day) const;
  template <Dimension D>
  Quantity<D> convert(const Quantity<D>& quantity, Currency to, Date day) const {
    return Quantity<D>::from(convert(static_cast<AnyQuantity>(quantity), to, day));
  }

 private:
  // 0 if none is noted on or before the day.
  double direct(Currency from, Currency to, Date day) const;

  std::map<std::pair<Currency, Currency>, std::map<Date, double>> rates_;  // above, below the line
};

}  // namespace vorrat

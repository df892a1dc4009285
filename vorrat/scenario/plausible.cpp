#include "vorrat/scenario/plausible.h"

#include <fmt/format.h>

#include "vorrat/quantity/text.h"

namespace vorrat::scenario {
namespace {

OnRecord span_of(const AnyQuantity& low, const AnyQuantity& high) {
  std::string text = to_string(low);
  if (high.value != low.value) text += " to " + to_string(high);
  return {low, high, text};
}

}  // namespace

std::optional<OnRecord> price_on_record(const catalog::Catalog& catalog,
                                        const catalog::Accelerator& accelerator,
                                        Transaction transaction) {
  if (transaction == Transaction::buy) {
    if (!accelerator.price) return std::nullopt;
    return span_of(accelerator.price->low, accelerator.price->high);
  }
  const auto rents = catalog.rents_of(accelerator.id);
  if (!rents) return std::nullopt;
  return span_of(rents->first, rents->second);
}

std::optional<OnRecord> electricity_on_record(const catalog::Catalog& catalog,
                                              const std::string& region) {
  const catalog::Region* found = catalog.find_region(region);
  if (!found) return std::nullopt;
  const AnyQuantity price = found->electricity.value;
  return OnRecord{price, price,
                  to_string_in(price, std::string(price.currency.code()) + "/kWh", 3)};
}

double factor_off(double value, double low, double high) {
  if (value > high) return value / high;
  if (value < low) return value / low;
  return 1;
}

std::string times_off(double factor) {
  if (factor == 0) return "far below";
  return factor >= 1 ? fmt::format("{:.2g} times above", factor)
                     : fmt::format("{:.2g} times below", 1 / factor);
}

}  // namespace vorrat::scenario

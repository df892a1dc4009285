#include "vorrat/fleet/law.h"

#include <fmt/format.h>

#include <string>

#include "vorrat/quantity/text.h"

namespace vorrat::fleet {
namespace {

// In base units 814 mm2 is 0.000814 m2, whose double is no longer 814 of anything. Twelve digits
// give back the figure that was written, so that the rules compare that and nothing else.
double as_written(double value) { return std::stod(fmt::format("{:.12g}", value)); }

template <class Q>
std::optional<double> number(const std::optional<Q>& quantity, const char* unit) {
  if (!quantity) return std::nullopt;
  return as_written(in_unit(*quantity, unit));
}

}  // namespace

rules::Item item_of(const catalog::Accelerator& accelerator, const rules::Rulebook& book) {
  const rules::ProductFacts facts = book.product(accelerator.id);
  rules::Item item;
  item.id = accelerator.id;
  item.name = accelerator.title;
  item.designer = book.designer(accelerator.vendor);
  item.data_centre = facts.data_centre;
  item.sale_in_us = facts.sale_in_us;
  const auto rate = [&item](const char* format, int bits, const std::optional<ComputeRate>& rated) {
    if (rated) item.ratings.push_back({format, bits, *number(rated, "TFLOP/s")});
  };
  rate("fp16", 16, accelerator.fp16);
  rate("fp8", 8, accelerator.fp8);
  rate("fp4", 4, accelerator.fp4);
  item.die_area_mm2 = number(accelerator.die_area, "mm2");
  const auto bandwidth = number(accelerator.memory_bandwidth, "GB/s");
  item.dram_gb_per_s = facts.memory_is_sram ? 0.0 : bandwidth;
  if (facts.memory_is_sram) item.sram_gb_per_s = bandwidth;
  item.io_gb_per_s = number(accelerator.interconnect, "GB/s");
  return item;
}

}  // namespace vorrat::fleet

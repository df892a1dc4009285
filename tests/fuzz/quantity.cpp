// Fuzzes the readers of quantities, ranges, figures and formulas: any text is either read or
// refused with a place inside it, and what is printed reads back as the same quantity.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vorrat/quantity/expression.h"
#include "vorrat/quantity/figure.h"
#include "vorrat/quantity/text.h"
#include "vorrat/quantity/uncertain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto quantity = vorrat::parse_quantity(text);
  if (quantity) {
    const auto again = vorrat::parse_quantity(vorrat::to_string(*quantity));
    if (!again || !(*again == *quantity)) std::abort();
  } else if (quantity.error().position < 0 || quantity.error().position > static_cast<int>(size) ||
             quantity.error().width < 1) {
    std::abort();
  }
  (void)vorrat::parse_uncertain(text);
  (void)vorrat::parse_figure(text);
  const auto expression = vorrat::parse_expression(text);
  if (!expression) return 0;
  try {
    (void)vorrat::evaluate(
        *expression, [](const vorrat::Expression&) { return vorrat::AnyQuantity{.value = 2}; });
  } catch (const vorrat::TextFault&) {
  }
  return 0;
}

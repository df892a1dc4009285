#include "vorrat/quantity/figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "vorrat/quantity/scanner.h"

namespace vorrat {
namespace {

using detail::Amount;
using detail::Scanner;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double share_of_a_fraction = 0.05;

AnyQuantity with_value(AnyQuantity quantity, double value) {
  quantity.value = value;
  return quantity;
}

// Half a unit of the last digit, in base units.
double half_unit(const Amount& amount) {
  std::string digits = amount.number.digits;
  std::erase(digits, '-');
  const std::size_t point = digits.find('.');
  int last = 0;  // power of ten of the last digit
  if (point != std::string::npos) {
    last = -static_cast<int>(digits.size() - point - 1);
  } else {
    while (digits.size() > 3 && digits.ends_with("000")) {
      digits.resize(digits.size() - 3);
      last += 3;
    }
  }
  Amount half = amount;
  half.number.digits = "5";
  half.number.exponent += last - 1;
  return detail::quantity_of(half).value;
}

QuantityInterval rounding(const Amount& amount) {
  const AnyQuantity value = detail::quantity_of(amount);
  const double reach =
      amount.number.fraction != 1 ? share_of_a_fraction * std::abs(value.value) : half_unit(amount);
  return {with_value(value, value.value - reach), with_value(value, value.value + reach)};
}

void share_unit(Amount& first, const Amount& second) {
  if (first.unit) return;
  first.unit = second.unit;
  if (!first.scale) first.scale = second.scale;
}

// "1/10", not followed by more
std::optional<Amount> read_vulgar_fraction(Scanner& scanner) {
  const int start = scanner.position();
  scanner.skip_blanks();
  std::string digits[2];
  for (std::string& part : digits) {
    while (scanner.peek() >= U'0' && scanner.peek() <= U'9') {
      part += static_cast<char>(scanner.take());
    }
    if (&part == &digits[0] && !scanner.take_if(U'/')) break;
  }
  scanner.skip_blanks();
  if (digits[0].empty() || digits[1].empty() || digits[0].size() > 4 || digits[1].size() > 4 ||
      !scanner.at_end() || std::stoi(digits[1]) == 0) {
    scanner.move_to(start);
    return std::nullopt;
  }
  Amount amount;
  amount.number = {
      .digits = "1", .exponent = 0, .fraction = std::stod(digits[0]) / std::stod(digits[1])};
  amount.width = scanner.position() - start;
  return amount;
}

Figure range_figure(const Amount& low, const Amount& high) {
  const QuantityInterval ends{detail::quantity_of(low), detail::quantity_of(high)};
  if (!same_kind(ends.low, ends.high) || ends.low.value > ends.high.value) {
    throw TextFault{low.position, high.position + high.width - low.position,
                    "the ends of the range do not fit together",
                    "write the smaller end first, both of one kind"};
  }
  return {.relation = Relation::range,
          .value = with_value(ends.low, (ends.low.value + ends.high.value) / 2),
          .ends = ends,
          .stands_for = {rounding(low).low, rounding(high).high}};
}

void open_side(Figure& figure) {
  if (figure.relation == Relation::less || figure.relation == Relation::at_most) {
    figure.stands_for.low.value = -infinity;
  }
  if (figure.relation == Relation::more || figure.relation == Relation::at_least) {
    figure.stands_for.high.value = infinity;
  }
}

}  // namespace

Relation take_relation(std::string_view& text) {
  static constexpr std::array words =
      std::to_array<std::pair<std::string_view, Relation>>({{"about ", Relation::about},
                                                            {"around ", Relation::about},
                                                            {"roughly ", Relation::about},
                                                            {"circa ", Relation::about},
                                                            {"nearly ", Relation::about},
                                                            {"almost ", Relation::about},
                                                            {"~", Relation::about},
                                                            {"≈", Relation::about},
                                                            {"less than ", Relation::less},
                                                            {"fewer than ", Relation::less},
                                                            {"below ", Relation::less},
                                                            {"under ", Relation::less},
                                                            {"<=", Relation::at_most},
                                                            {"≤", Relation::at_most},
                                                            {"at most ", Relation::at_most},
                                                            {"up to ", Relation::at_most},
                                                            {"<", Relation::less},
                                                            {"more than ", Relation::more},
                                                            {"above ", Relation::more},
                                                            {"over ", Relation::more},
                                                            {">=", Relation::at_least},
                                                            {"≥", Relation::at_least},
                                                            {"at least ", Relation::at_least},
                                                            {">", Relation::more},
                                                            {"between ", Relation::range},
                                                            {"=", Relation::equals}});
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  for (const auto& [word, relation] : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return relation;
  }
  return Relation::equals;
}

std::expected<Figure, TextFault> parse_figure(std::string_view text) {
  const std::string_view whole = text;
  Figure figure;
  figure.relation = take_relation(text);
  try {
    // Places count from the start of the whole text, so the words taken are read over.
    Scanner scanner(whole);
    scanner.move_to(Scanner(whole.substr(0, whole.size() - text.size())).size());
    Amount amount;
    if (const auto fraction = read_vulgar_fraction(scanner)) {
      amount = *fraction;
    } else {
      amount = scanner.read_amount();
      const bool has_link = figure.relation == Relation::range
                                ? scanner.take_word_if("and")
                                : scanner.take_word_if("to") || scanner.take_if(U'–');
      if (has_link) {
        const Amount high = scanner.read_amount();
        share_unit(amount, high);
        detail::expect_end(scanner);
        return range_figure(amount, high);
      }
      if (figure.relation == Relation::range) {
        throw TextFault{scanner.position(), 1, "\"and\" is missing here",
                        "write \"between 6.8 and 7.1\""};
      }
    }
    detail::expect_end(scanner);
    figure.value = detail::quantity_of(amount);
    figure.ends = {figure.value, figure.value};
    figure.stands_for = rounding(amount);
    open_side(figure);
    return figure;
  } catch (const TextFault& fault) {
    return std::unexpected(fault);
  }
}

Figure exact_figure(const AnyQuantity& value) {
  return {.relation = Relation::equals,
          .value = value,
          .ends = {value, value},
          .stands_for = {value, value}};
}

}  // namespace vorrat

// Inside of the readers of quantities and expressions: characters with their places, words, numbers
// and units. Users include text.h, uncertain.h or expression.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/text.h"

namespace vorrat::detail {

/// The size of a unit: numerator / denominator * 10^power_of_ten base units, kept apart so that
/// powers of ten stay exact. `kind` has the value 1 and the unit's dimension and currency.
struct UnitSize {
  double numerator = 1;
  double denominator = 1;
  int power_of_ten = 0;
  AnyQuantity kind{.value = 1, .dimension = {}, .currency = {}, .per_currency = {}};
};
UnitSize operator*(const UnitSize& a, const UnitSize& b);
UnitSize power_of(const UnitSize& a, int exponent);

/// A number as written: digits with sign and point, times 10^exponent, times a vulgar fraction.
struct Number {
  std::string digits;
  int exponent = 0;
  double fraction = 1;
};

/// A number with what follows it: a scale word and a unit, each perhaps missing.
struct Amount {
  Number number{};
  int position = 0;
  int width = 0;
  std::optional<int> scale{};  // power of ten of the scale word
  std::optional<UnitSize> unit{};
};

/// The value in base units; throws TextFault if it is too large for a double.
AnyQuantity quantity_of(const Amount& amount);

/// Walks over a text, one character at a time. The read_ functions throw TextFault.
class Scanner {
 public:
  /// Of a quantity alone, or of an expression, where "/" and "*" belong to a unit only if a unit
  /// follows them and else are left to be read as operators.
  enum class Within { quantity, expression };

  explicit Scanner(std::string_view text, Within within = Within::quantity);

  int position() const { return position_; }
  int size() const { return static_cast<int>(characters_->size()); }
  void move_to(int position) { position_ = position; }
  bool at_end() const { return position_ >= size(); }
  char32_t peek(int ahead = 0) const;
  char32_t take() { return (*characters_)[static_cast<std::size_t>(position_++)]; }
  void skip_blanks();
  /// Takes the character after blanks if it is this one.
  bool take_if(char32_t character);
  /// Takes the word after blanks if it is this one (ASCII letters, case ignored).
  bool take_word_if(std::string_view word);
  /// The word that starts here (letters and currency signs), without taking it; "" if none.
  std::string peek_word() const;
  /// The characters from `begin` to `end` as text.
  std::string text(int begin, int end) const;

  bool number_follows() const;
  Number read_number();
  /// A number with a currency before it or a scale and a unit after it.
  Amount read_amount();
  /// A product or quotient of units; nothing if none starts here.
  std::optional<UnitSize> read_unit();

 private:
  struct Factor {
    UnitSize size;
    int position;
    int width;
  };
  std::optional<int> read_scale();
  std::optional<Factor> read_factor();
  UnitSize read_group(bool is_below);
  int read_exponent();
  bool unit_word_follows() const;
  /// After an operator: whether what follows can be a unit.
  bool unit_may_follow() const;

  // Shared by copies that look ahead; never changed.
  std::shared_ptr<const std::vector<char32_t>> characters_;
  Within within_;
  int position_ = 0;
};

/// What a word means as a unit, with or without prefix; nothing if it names none.
std::optional<UnitSize> find_unit(const std::string& word);

/// The product of base units of a quantity, as in "USD·s/B^2"; "" for a plain number.
std::string base_units_text(const AnyQuantity& quantity);

/// Everything after the amount must be blank, else throws TextFault naming the rest.
void expect_end(Scanner& scanner);

}  // namespace vorrat::detail

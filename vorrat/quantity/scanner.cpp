#include "vorrat/quantity/scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "vorrat/base/diagnostics.h"
#include "vorrat/quantity/unit_table.h"

namespace vorrat::detail {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_blank(char32_t c) {
  return c == U' ' || c == U'\t' || c == 0xA0 || c == 0x2009 || c == 0x202F || c == 0x2007;
}

bool is_dash(char32_t c) { return c >= 0x2010 && c <= 0x2015; }

bool is_superscript(char32_t c) {
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || c == 0x2070 || (c >= 0x2074 && c <= 0x207B);
}

bool is_word_character(char32_t c) {
  if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z')) return true;
  if (c == U'$' || c == U'%') return true;
  if (c < 0x80 || is_blank(c) || is_dash(c) || is_superscript(c)) return false;
  return c != 0xB7 && c != 0xD7 && c != 0x2212 && c != 0xB1 && c != 0x22C5 && c != 0x2026 &&
         c != 0x2248 && c != 0xFFFD;
}

void append_utf8(std::string& text, char32_t c) {
  const auto byte = [&](char32_t b) { text += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

// Bytes that are not UTF-8 become U+FFFD, one a byte, so that places still count.
std::vector<char32_t> decode(std::string_view text) {
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    bool is_valid = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5);
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (std::size_t k = 1; is_valid && k < length; ++k) {
      is_valid = i + k < text.size() && (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
      if (is_valid) c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (c == 0x3BC) c = 0xB5;  // Greek mu is meant as the micro sign
    characters.push_back(is_valid ? c : 0xFFFD);
    i += is_valid ? length : 1;
  }
  return characters;
}

std::string lower(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

struct Prefix {
  std::string_view letters;
  std::string_view name;
  int power_of_ten;
  double multiplier;
};
constexpr std::array metric_prefixes = std::to_array<Prefix>({{"n", "nano", -9, 1},
                                                              {"µ", "micro", -6, 1},
                                                              {"m", "milli", -3, 1},
                                                              {"k", "kilo", 3, 1},
                                                              {"M", "mega", 6, 1},
                                                              {"G", "giga", 9, 1},
                                                              {"T", "tera", 12, 1},
                                                              {"P", "peta", 15, 1},
                                                              {"E", "exa", 18, 1},
                                                              {"Z", "zetta", 21, 1},
                                                              {"Y", "yotta", 24, 1}});
constexpr std::array binary_prefixes = std::to_array<Prefix>({{"Ki", "kibi", 0, 0x1p10},
                                                              {"Mi", "mebi", 0, 0x1p20},
                                                              {"Gi", "gibi", 0, 0x1p30},
                                                              {"Ti", "tebi", 0, 0x1p40},
                                                              {"Pi", "pebi", 0, 0x1p50},
                                                              {"Ei", "exbi", 0, 0x1p60}});

// All words that name a unit, made once from the unit table.
class Dictionary {
 public:
  Dictionary() {
    for (const UnitRow& row : unit_table()) add(row);
    for (const CurrencyRow& row : currency_table()) add(row);
    for (const ScaleRow& row : scale_table()) scales_.emplace(row.word, row.power_of_ten);
  }

  std::optional<UnitSize> unit(const std::string& word) const {
    if (const auto found = exact_.find(word); found != exact_.end()) return found->second;
    if (const auto found = lower_.find(lower(word)); found != lower_.end()) return found->second;
    return std::nullopt;
  }

  std::optional<int> scale(const std::string& word) const {
    if (const auto found = scales_.find(word); found != scales_.end()) return found->second;
    if (word.size() < 3 || word == "Billion" || word == "Trillion") return std::nullopt;
    if (const auto found = scales_.find(lower(word)); found != scales_.end()) return found->second;
    return std::nullopt;
  }

  /// A scale word and a unit written as one word, as in "bnUSD" or "亿元".
  std::optional<std::pair<int, std::string>> split(const std::string& word) const {
    for (std::size_t length = word.size() - 1; length > 0; --length) {
      const std::string head = word.substr(0, length), tail = word.substr(length);
      const auto power = scale(head);
      const auto size = unit(tail);
      if (!power || !size || head == "m" || head == "mm") continue;
      const bool is_chinese = static_cast<unsigned char>(head[0]) >= 0x80;
      if (is_chinese || size->kind.dimension == dimensions::money) return {{*power, tail}};
    }
    return std::nullopt;
  }

 private:
  void add_word(const std::string& word, const UnitSize& size, bool any_case) {
    exact_.emplace(word, size);
    if (any_case && word.size() >= 3) lower_.emplace(lower(word), size);
  }

  void add(const UnitRow& row) {
    const UnitSize size{.numerator = row.multiplier,
                        .denominator = 1,
                        .power_of_ten = row.power_of_ten,
                        .kind = {1, row.dimension, {}, {}}};
    const std::string symbol(row.symbol);
    add_word(symbol, size, false);
    for (const std::string& word : words_of(row.other_names)) add_word(word, size, true);
    const auto add_prefix = [&](const Prefix& prefix) {
      UnitSize prefixed = size;
      prefixed.power_of_ten += prefix.power_of_ten;
      prefixed.numerator *= prefix.multiplier;
      add_word(std::string(prefix.letters) + symbol, prefixed, false);
      for (const std::string& word : words_of(row.other_names)) {
        add_word(std::string(prefix.name) + word, prefixed, true);
        // "Mtokens" and "ktok" are in use; "mwatt" and "kseconds" are not.
        if (row.dimension == dimensions::tokens) {
          add_word(std::string(prefix.letters) + word, prefixed, false);
        }
      }
    };
    if (row.prefixes == Prefixes::none) return;
    for (const Prefix& prefix : metric_prefixes) {
      if (prefix.power_of_ten > 0 || row.prefixes == Prefixes::metric) add_prefix(prefix);
    }
    if (row.prefixes == Prefixes::data) {
      for (const Prefix& prefix : binary_prefixes) add_prefix(prefix);
    }
  }

  void add(const CurrencyRow& row) {
    const UnitSize size{.numerator = 1,
                        .denominator = 1,
                        .power_of_ten = 0,
                        .kind = {1, dimensions::money, Currency(row.code), {}}};
    add_word(std::string(row.code), size, false);
    for (const std::string& word : words_of(row.other_names)) add_word(word, size, true);
  }

  std::unordered_map<std::string, UnitSize> exact_, lower_;
  std::unordered_map<std::string, int> scales_;
};

const Dictionary& dictionary() {
  static const Dictionary instance;
  return instance;
}

bool is_counted(const UnitSize& size) {
  const Dimension d = size.kind.dimension;
  return d == dimensions::money || d == dimensions::tokens || d == dimensions::requests ||
         d == dimensions::count;
}

int characters_in(std::string_view text) { return static_cast<int>(decode(text).size()); }

struct Fraction {
  std::string_view words;
  double value;
};
// Longer phrases first, since the first that fits is taken.
constexpr std::array fractions = std::to_array<Fraction>({{"two thirds", 2.0 / 3},
                                                          {"three quarters", 0.75},
                                                          {"two fifths", 0.4},
                                                          {"three fifths", 0.6},
                                                          {"four fifths", 0.8},
                                                          {"one half", 0.5},
                                                          {"a half", 0.5},
                                                          {"half", 0.5},
                                                          {"one third", 1.0 / 3},
                                                          {"a third", 1.0 / 3},
                                                          {"one quarter", 0.25},
                                                          {"a quarter", 0.25},
                                                          {"one fifth", 0.2},
                                                          {"a fifth", 0.2},
                                                          {"one tenth", 0.1},
                                                          {"a tenth", 0.1}});

[[noreturn]] void fail(int position, int width, std::string message, std::string hint) {
  throw TextFault{position, std::max(1, width), std::move(message), std::move(hint)};
}

[[noreturn]] void refuse_word(int position, const std::string& word) {
  const int width = characters_in(word);
  for (const AmbiguousRow& row : ambiguous_table()) {
    if (row.word == word) {
      fail(position, width, fmt::format("\"{}\" {}", word, row.meaning), std::string(row.hint));
    }
  }
  fail(position, width, fmt::format("\"{}\" is not a unit", word),
       closest(word, unit_words()).empty() ? "docs/reference/units.md lists the units"
                                           : did_you_mean(word, unit_words()));
}

}  // namespace

UnitSize operator*(const UnitSize& a, const UnitSize& b) {
  return {.numerator = a.numerator * b.numerator,
          .denominator = a.denominator * b.denominator,
          .power_of_ten = a.power_of_ten + b.power_of_ten,
          .kind = a.kind * b.kind};
}

UnitSize power_of(const UnitSize& a, int exponent) {
  UnitSize result;
  const UnitSize factor = exponent > 0 ? a
                                       : UnitSize{.numerator = a.denominator,
                                                  .denominator = a.numerator,
                                                  .power_of_ten = -a.power_of_ten,
                                                  .kind = AnyQuantity{1, {}, {}, {}} / a.kind};
  for (int i = 0; i < std::abs(exponent); ++i) result = result * factor;
  return result;
}

// What no quantity can mean, and what could not be printed and read again.
constexpr int largest_exponent = 9;

bool has_large_exponent(const Dimension& d) {
  for (const int exponent :
       {d.time, d.money, d.energy, d.compute, d.data, d.tokens, d.requests, d.count, d.length}) {
    if (std::abs(exponent) > largest_exponent) return true;
  }
  return false;
}

std::optional<UnitSize> find_unit(const std::string& word) { return dictionary().unit(word); }

AnyQuantity quantity_of(const Amount& amount) {
  const UnitSize unit = amount.unit.value_or(UnitSize{});
  const std::string text =
      fmt::format("{}e{}", amount.number.digits,
                  amount.number.exponent + amount.scale.value_or(0) + unit.power_of_ten);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  // from_chars reports both ends of the range in one way and leaves the value as it was.
  const bool is_zero = amount.number.digits.find_first_of("123456789") == std::string::npos;
  if (is_zero) value = 0;
  value = value * amount.number.fraction * unit.numerator / unit.denominator;
  if ((result.ec != std::errc() && !is_zero) || !std::isfinite(value)) {
    fail(amount.position, amount.width, "the number is too large or too small to be held",
         "check its exponent");
  }
  AnyQuantity quantity = unit.kind;
  quantity.value = value;
  return quantity;
}

Scanner::Scanner(std::string_view text, Within within)
    : characters_(std::make_shared<const std::vector<char32_t>>(decode(text))), within_(within) {}

char32_t Scanner::peek(int ahead) const {
  const int at = position_ + ahead;
  return at >= 0 && at < size() ? (*characters_)[static_cast<std::size_t>(at)] : U'\0';
}

void Scanner::skip_blanks() {
  while (!at_end() && is_blank(peek())) ++position_;
}

bool Scanner::take_if(char32_t character) {
  const int start = position_;
  skip_blanks();
  if (!at_end() && peek() == character) {
    ++position_;
    return true;
  }
  position_ = start;
  return false;
}

std::string Scanner::peek_word() const {
  int end = position_;
  while (end < size() && is_word_character((*characters_)[static_cast<std::size_t>(end)])) ++end;
  return text(position_, end);
}

bool Scanner::take_word_if(std::string_view word) {
  const int start = position_;
  skip_blanks();
  const std::string found = peek_word();
  if (lower(found) == word) {
    position_ += characters_in(found);
    return true;
  }
  position_ = start;
  return false;
}

std::string Scanner::text(int begin, int end) const {
  std::string result;
  for (int i = begin; i < end; ++i)
    append_utf8(result, (*characters_)[static_cast<std::size_t>(i)]);
  return result;
}

bool Scanner::number_follows() const {
  Scanner ahead = *this;
  ahead.skip_blanks();
  if (ahead.peek() == U'-' || ahead.peek() == U'+' || ahead.peek() == 0x2212) ahead.take();
  return is_digit(ahead.peek()) || (ahead.peek() == U'.' && is_digit(ahead.peek(1)));
}

Number Scanner::read_number() {
  skip_blanks();
  const int start = position_;
  for (const Fraction& fraction : fractions) {
    const std::vector<std::string> words = words_of(fraction.words);
    const bool fits = std::all_of(words.begin(), words.end(),
                                  [&](const std::string& word) { return take_word_if(word); });
    if (fits) return {.digits = "1", .exponent = 0, .fraction = fraction.value};
    position_ = start;
  }
  Number number;
  if (peek() == U'-' || peek() == 0x2212) {
    number.digits = "-";
    take();
  } else if (peek() == U'+') {
    take();
  }
  const auto group_follows = [&] {  // three digits and no fourth, after one separator
    return is_digit(peek(1)) && is_digit(peek(2)) && is_digit(peek(3)) && !is_digit(peek(4));
  };
  int digits_of_group = 0;
  bool has_groups = false;
  const auto take_digits = [&] {
    int taken = 0;
    while (is_digit(peek())) {
      number.digits += static_cast<char>(take());
      ++taken;
    }
    return taken;
  };
  digits_of_group = take_digits();
  while (digits_of_group > 0 && digits_of_group <= 3 && (peek() == U',' || is_blank(peek())) &&
         group_follows()) {
    take();
    digits_of_group = take_digits();
    has_groups = true;
  }
  if (peek() == U',' && is_digit(peek(1))) {
    while (is_digit(peek()) || peek() == U',' || peek() == U'.') take();
    const std::string written = text(start, position_);
    std::string mended = written;
    if (!has_groups && std::count(written.begin(), written.end(), ',') == 1 &&
        written.find('.') == std::string::npos) {
      mended[mended.find(',')] = '.';
    } else {
      std::erase(mended, ',');
    }
    fail(start, position_ - start,
         fmt::format("\"{}\" has a comma that is not between thousands", written),
         fmt::format("write \"{}\"", mended));
  }
  int decimals = 0;
  if (peek() == U'.' && is_digit(peek(1))) {
    if (digits_of_group == 0) number.digits += '0';
    take();
    number.digits += '.';
    decimals = take_digits();
  }
  if (digits_of_group + decimals == 0) {
    fail(start, at_end() ? 1 : std::max(1, characters_in(peek_word())), "a number is missing here",
         "write a number, as in \"27 kUSD\"");
  }
  if (decimals > 0 && (peek() == U'.' || peek() == U',') && is_digit(peek(1))) {
    while (is_digit(peek()) || peek() == U',' || peek() == U'.') take();
    fail(start, position_ - start,
         fmt::format("\"{}\" has two decimal points", text(start, position_)),
         "write thousands with commas and one point, as in \"1,234.5\"");
  }
  if ((peek() == U'\'' || peek() == U'_' || peek() == 0x2019) && is_digit(peek(1))) {
    fail(position_, 1, "thousands are separated by commas", "write \"20,000\"");
  }
  const auto exponent_digits = [&](int sign) {
    int value = 0;
    while (is_digit(peek())) value = std::min(99999, value * 10 + static_cast<int>(take() - U'0'));
    number.exponent = sign * value;
  };
  if ((peek() == U'e' || peek() == U'E') &&
      (is_digit(peek(1)) || ((peek(1) == U'-' || peek(1) == U'+') && is_digit(peek(2))))) {
    take();
    const int sign = peek() == U'-' ? -1 : 1;
    if (!is_digit(peek())) take();
    exponent_digits(sign);
    return number;
  }
  // "3×10^25", "3 x 10^25"
  const int after_digits = position_;
  skip_blanks();
  if (peek() == 0xD7 || peek() == 0xB7 || peek() == 0x22C5 || peek() == U'x' || peek() == U'*') {
    take();
    skip_blanks();
    if (peek() == U'1' && peek(1) == U'0' && (peek(2) == U'^' || is_superscript(peek(2)))) {
      position_ += 2;
      number.exponent = read_exponent();
      return number;
    }
  }
  position_ = after_digits;
  return number;
}

int Scanner::read_exponent() {
  const int start = position_;
  int value = 0, sign = 1, digits = 0;
  const auto add = [&](int digit) {
    value = std::min(9999, value * 10 + digit);
    ++digits;
  };
  if (peek() == U'^') {
    take();
    if (peek() == U'-' || peek() == 0x2212) {
      sign = -1;
      take();
    }
    while (is_digit(peek())) add(static_cast<int>(take() - U'0'));
  } else {
    while (is_superscript(peek())) {
      const char32_t c = take();
      if (c == 0x207B) {
        sign = -1;
      } else if (c == 0xB9) {
        add(1);
      } else if (c == 0xB2 || c == 0xB3) {
        add(static_cast<int>(c - 0xB0));
      } else if (c == 0x207A) {
        continue;
      } else {
        add(static_cast<int>(c - 0x2070));
      }
    }
  }
  if (digits == 0) fail(start, 1, "an exponent is missing after \"^\"", "write \"m^2\"");
  return sign * value;
}

bool Scanner::unit_word_follows() const {
  Scanner ahead = *this;
  ahead.skip_blanks();
  const std::string word = ahead.peek_word();
  return !word.empty() && (find_unit(word) || dictionary().split(word));
}

bool Scanner::unit_may_follow() const {
  if (within_ == Within::quantity) return true;
  Scanner ahead = *this;
  ahead.skip_blanks();
  if (ahead.peek() == U'(') ahead.take();
  return ahead.unit_word_follows();
}

std::optional<int> Scanner::read_scale() {
  const int start = position_;
  skip_blanks();
  const std::string word = peek_word();
  const auto power = word.empty() ? std::nullopt : dictionary().scale(word);
  if (power) {
    const auto as_unit = find_unit(word);
    Scanner after = *this;
    after.move_to(position_ + characters_in(word));
    after.skip_blanks();
    const auto next = find_unit(after.peek_word());
    if (!as_unit || (next && is_counted(*next))) {
      position_ += characters_in(word);
      return power;
    }
  } else if (!word.empty() && (word == "B" || word == "b")) {
    Scanner after = *this;
    after.move_to(position_ + 1);
    after.skip_blanks();
    const auto next = find_unit(after.peek_word());
    if (next && is_counted(*next)) {
      fail(position_, 1, fmt::format("\"{}\" is a unit of data, not a scale", word),
           "for 10^9 write \"bn\"");
    }
  }
  position_ = start;
  return std::nullopt;
}

std::optional<Scanner::Factor> Scanner::read_factor() {
  skip_blanks();
  const int start = position_;
  const std::string word = peek_word();
  if (word.empty()) return std::nullopt;
  auto size = find_unit(word);
  if (!size) {
    if (const auto split = dictionary().split(word)) {
      size = find_unit(split->second);
      size->power_of_ten += split->first;
    }
  }
  if (!size) refuse_word(start, word);
  position_ += characters_in(word);
  const bool is_length = size->kind.dimension == dimensions::length;
  if (peek() == U'^' || is_superscript(peek())) {
    const int at = position_;
    const int exponent = read_exponent();
    if (std::abs(exponent) > largest_exponent || exponent == 0) {
      fail(at, position_ - at, "the exponent is not between 1 and 9", "write \"m^2\"");
    }
    size = power_of(*size, exponent);
  } else if (is_length && (peek() == U'2' || peek() == U'3') && !is_digit(peek(1))) {
    size = power_of(*size, static_cast<int>(take() - U'0'));
  }
  return Factor{*size, start, position_ - start};
}

UnitSize Scanner::read_group(bool is_below) {
  UnitSize product;
  skip_blanks();
  const int start = position_;
  const bool has_parenthesis = is_below && peek() == U'(';
  if (has_parenthesis) take();
  int times = 0;
  while (true) {
    auto factor = read_factor();
    if (!factor) {
      fail(position_, 1, "a unit is missing here", "write one, as in \"USD/MWh\"");
    }
    try {
      product = product * factor->size;
    } catch (const InvalidInput&) {
      fail(start, position_ - start, "the currencies of this unit do not cancel",
           "write one currency above and at most one below the line");
    }
    if (has_large_exponent(product.kind.dimension)) {
      fail(start, position_ - start, "the unit has an exponent above 9", "check the unit");
    }
    if (factor->size.kind.dimension == dimensions::time) ++times;
    const int after = position_;
    if (peek() == U'-' && is_word_character(peek(1))) {
      take();
      continue;
    }
    skip_blanks();
    if (has_parenthesis && (peek() == 0xB7 || peek() == 0x22C5 || peek() == U'*')) {
      take();
      continue;
    }
    const std::string word = peek_word();
    if (position_ > after && !word.empty() && unit_word_follows()) continue;
    position_ = after;
    break;
  }
  if (has_parenthesis && !take_if(U')')) {
    fail(position_, 1, "a \")\" is missing here", "close the parenthesis");
  }
  if (is_below && times > 1 && !has_parenthesis) {
    fail(start, position_ - start,
         fmt::format("\"/{}\" divides by two times at once", text(start, position_)),
         "write \"PFLOPS-day\" for a rate times a time");
  }
  return product;
}

std::optional<UnitSize> Scanner::read_unit() {
  const int start = position_;
  skip_blanks();
  UnitSize result;
  const auto takes_line = [&] {  // "/", "per", or "a" as in "USD 2 an hour"
    const int before = position_;
    if ((take_if(U'/') || take_word_if("per")) && unit_may_follow()) return true;
    position_ = before;
    if ((take_word_if("a") || take_word_if("an")) && unit_word_follows()) return true;
    position_ = before;
    return false;
  };
  bool is_below = takes_line();
  if (!is_below &&
      (peek_word().empty() || (within_ == Within::expression && !unit_word_follows()))) {
    position_ = start;
    return std::nullopt;
  }
  while (true) {
    const int at = position_;
    const UnitSize group = read_group(is_below);
    try {
      result = result * (is_below ? power_of(group, -1) : group);
    } catch (const InvalidInput&) {
      fail(at, position_ - at, "the currencies of this unit do not cancel",
           "write one currency above and at most one below the line");
    }
    if (has_large_exponent(result.kind.dimension)) {
      fail(at, position_ - at, "the unit has an exponent above 9", "check the unit");
    }
    const int after = position_;
    skip_blanks();
    if (peek() == 0xB7 || peek() == 0x22C5 || peek() == U'*') {
      Scanner ahead = *this;
      ahead.take();
      if (is_below && ahead.unit_may_follow()) {
        fail(position_, 1, "it is not clear whether this stands below the line",
             "write a parenthesis, as in \"USD/(unit·h)\"");
      }
      take();
      if (unit_may_follow()) continue;
      position_ = after;
      return result;
    }
    position_ = after;
    if (!takes_line()) return result;
    is_below = true;
  }
}

Amount Scanner::read_amount() {
  Amount amount;
  skip_blanks();
  const int start = position_;
  std::optional<UnitSize> leading;
  const std::string word = peek_word();
  if (!word.empty() && !number_follows()) {
    const auto unit = find_unit(word);
    Scanner after = *this;
    after.move_to(position_ + characters_in(word));
    if (unit && unit->kind.dimension == dimensions::money && after.number_follows()) {
      leading = unit;
      position_ = after.position();
    } else if (after.number_follows() && (word == "¥" || word == "￥")) {
      refuse_word(start, word);
    }
  }
  amount.number = read_number();
  const int after_number = position_;
  amount.scale = read_scale();
  // After "USD 1.4" the m can only be a million.
  if (leading && !amount.scale) {
    skip_blanks();
    const std::string letter = peek_word();
    if (letter == "m" || letter == "mm") {
      amount.scale = 6;
      position_ += characters_in(letter);
    }
  }
  if (!amount.scale) position_ = after_number;
  const int before_unit = position_;
  skip_blanks();
  const std::string next = lower(peek_word());
  const bool is_link = next == "to" || next == "and" || next == "or" || next == "bis";
  if (!is_link) amount.unit = read_unit();
  if (!amount.unit) position_ = before_unit;
  if (leading) {
    if (amount.unit && amount.unit->kind.dimension.money != 0) {
      fail(start, position_ - start, "the currency is written twice", "write it once");
    }
    try {
      amount.unit = amount.unit ? *leading * *amount.unit : *leading;
    } catch (const InvalidInput&) {
      fail(start, position_ - start, "the currencies of this unit do not cancel",
           "write one currency above and at most one below the line");
    }
  }
  amount.position = start;
  amount.width = position_ - start;
  return amount;
}

void expect_end(Scanner& scanner) {
  scanner.skip_blanks();
  if (scanner.at_end()) return;
  const int start = scanner.position();
  fail(start, scanner.size() - start,
       fmt::format("\"{}\" is not understood after the quantity",
                   scanner.text(start, scanner.size())),
       "write one number and its unit");
}

}  // namespace vorrat::detail

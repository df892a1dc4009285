#include "vorrat/quantity/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "vorrat/base/diagnostics.h"
#include "vorrat/quantity/scanner.h"

namespace vorrat {
namespace {

using Kind = Expression::Kind;
using detail::Scanner;

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_name_character(char32_t c) {
  return is_letter(c) || (c >= U'0' && c <= U'9') || c == U'_' || c == U'.';
}

[[noreturn]] void fail(int position, int width, std::string message, std::string hint) {
  throw TextFault{position, std::max(1, width), std::move(message), std::move(hint)};
}

class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : scanner_(text, Scanner::Within::expression) {}

  Expression read() {
    Expression result = read_sum();
    scanner_.skip_blanks();
    if (!scanner_.at_end()) {
      fail(scanner_.position(), 1,
           fmt::format("\"{}\" is not understood here",
                       scanner_.text(scanner_.position(), scanner_.position() + 1)),
           "an operator may be missing, or a parenthesis too many");
    }
    return result;
  }

 private:
  // Deep nesting would exhaust the stack; no formula written by hand comes near.
  static constexpr int deepest = 200;

  Expression binary(Kind kind, Expression left, Expression right) {
    Expression result{.kind = kind};
    result.position = left.position;
    result.width = right.position + right.width - left.position;
    result.operands.push_back(std::move(left));
    result.operands.push_back(std::move(right));
    return result;
  }

  bool take_minus() { return scanner_.take_if(U'-') || scanner_.take_if(0x2212); }

  Expression read_sum() {
    if (++depth_ > deepest)
      fail(scanner_.position(), 1, "the formula nests too deeply", "name its parts");
    Expression left = read_product();
    while (true) {
      if (scanner_.take_if(U'+')) {
        left = binary(Kind::add, std::move(left), read_product());
      } else if (take_minus()) {
        left = binary(Kind::subtract, std::move(left), read_product());
      } else {
        --depth_;
        return left;
      }
    }
  }

  Expression read_product() {
    Expression left = read_power();
    while (true) {
      if (scanner_.take_if(U'*') || scanner_.take_if(0xB7) || scanner_.take_if(0xD7) ||
          scanner_.take_if(0x22C5)) {
        left = binary(Kind::multiply, std::move(left), read_power());
      } else if (scanner_.take_if(U'/')) {
        left = binary(Kind::divide, std::move(left), read_power());
      } else {
        return left;
      }
    }
  }

  Expression read_power() {
    scanner_.skip_blanks();
    const int start = scanner_.position();
    if (++depth_ > deepest) fail(start, 1, "the formula nests too deeply", "name its parts");
    if (take_minus()) {
      Expression result{.kind = Kind::negate};
      result.operands.push_back(read_power());
      finish(result, start);
      --depth_;
      return result;
    }
    Expression base = read_atom();
    --depth_;
    if (!scanner_.take_if(U'^')) return base;
    const int sign = take_minus() ? -1 : 1;
    const int at = scanner_.position();
    if (!scanner_.number_follows()) fail(at, 1, "an exponent is missing here", "write ^2");
    const detail::Number number = scanner_.read_number();
    if (number.exponent != 0 ||
        number.digits.find_first_not_of("0123456789") != std::string::npos ||
        number.digits.size() > 2) {
      fail(at, scanner_.position() - at, "the exponent is not a small whole number", "write ^2");
    }
    Expression result{.kind = Kind::power};
    result.exponent = sign * std::stoi(number.digits);
    result.operands.push_back(std::move(base));
    finish(result, start);
    return result;
  }

  void finish(Expression& expression, int start) const {
    expression.position = start;
    expression.width = scanner_.position() - start;
  }

  std::string read_word() {
    const int start = scanner_.position();
    while (is_name_character(scanner_.peek())) scanner_.take();
    return scanner_.text(start, scanner_.position());
  }

  bool quantity_follows() const {
    if (is_letter(scanner_.peek())) {
      // "USD 27k": a currency and then a number
      Scanner ahead = scanner_;
      const auto unit = detail::find_unit(ahead.peek_word());
      if (!unit || unit->kind.dimension != dimensions::money) return false;
      ahead.move_to(ahead.position() + static_cast<int>(ahead.peek_word().size()));
      return ahead.number_follows();
    }
    return scanner_.number_follows() || !scanner_.peek_word().empty();
  }

  Expression read_atom() {
    scanner_.skip_blanks();
    const int start = scanner_.position();
    if (scanner_.take_if(U'(')) {
      Expression inside = read_sum();
      if (!scanner_.take_if(U')')) {
        fail(scanner_.position(), 1, "a \")\" is missing here", "close the parenthesis");
      }
      return inside;
    }
    if (quantity_follows()) {
      Expression result{.kind = Kind::quantity};
      result.quantity = detail::quantity_of(scanner_.read_amount());
      finish(result, start);
      return result;
    }
    if (!is_letter(scanner_.peek())) {
      fail(start, 1, "a value is missing here", "write a number, a name or a parenthesis");
    }
    Expression result{.kind = Kind::name};
    result.name = read_word();
    if (scanner_.take_if(U'(')) {
      read_arguments(result);
    } else if (scanner_.take_if(U'[')) {
      read_key(result);
    }
    finish(result, start);
    return result;
  }

  void read_key(Expression& result) {
    scanner_.skip_blanks();
    const int start = scanner_.position();
    while (!scanner_.at_end() && scanner_.peek() != U']') scanner_.take();
    result.key = scanner_.text(start, scanner_.position());
    while (!result.key.empty() && result.key.back() == ' ') result.key.pop_back();
    if (!scanner_.take_if(U']')) fail(start, 1, "a \"]\" is missing here", "close the bracket");
    if (result.key.empty()) fail(start, 1, "a key is missing here", "write price[h200]");
  }

  void read_arguments(Expression& result) {
    result.kind = Kind::call;
    do {
      result.operands.push_back(read_argument());
    } while (scanner_.take_if(U',') || scanner_.take_if(U';'));
    if (!scanner_.take_if(U')')) {
      fail(scanner_.position(), 1, "a \")\" is missing here", "close the parenthesis");
    }
  }

  Expression read_argument() {
    scanner_.skip_blanks();
    const int start = scanner_.position();
    if (is_letter(scanner_.peek())) {
      Expression filter{.kind = Kind::filter};
      filter.name = read_word();
      if (scanner_.take_if(U'=')) {
        scanner_.skip_blanks();
        const int word = scanner_.position();
        while (!scanner_.at_end() && scanner_.peek() != U',' && scanner_.peek() != U')') {
          scanner_.take();
        }
        filter.key = scanner_.text(word, scanner_.position());
        while (!filter.key.empty() && filter.key.back() == ' ') filter.key.pop_back();
        finish(filter, start);
        return filter;
      }
    }
    scanner_.move_to(start);
    return read_sum();
  }

  Scanner scanner_;
  int depth_ = 0;
};

void expect_arguments(const Expression& call, std::size_t least, std::size_t most) {
  if (call.operands.size() >= least && call.operands.size() <= most) return;
  fail(call.position, call.width,
       fmt::format("\"{}\" takes {} argument{}, not {}", call.name, least, least == 1 ? "" : "s",
                   call.operands.size()),
       "see docs/reference/estimate.md");
}

[[noreturn]] void refuse_function(const Expression& call) {
  fail(call.position, static_cast<int>(call.name.size()),
       fmt::format("there is no function \"{}\"", call.name),
       did_you_mean(call.name, function_names()));
}

double plain(const Expression& at, const AnyQuantity& value, const char* function) {
  if (value.dimension != dimensions::none || value.is_exchange_rate()) {
    fail(at.position, at.width,
         fmt::format("{} takes a plain number, but this is {}", function,
                     name_with_article(value.dimension)),
         "divide by a unit first");
  }
  return value.value;
}

AnyQuantity number(double value) { return {.value = value}; }

AnyQuantity whole_power(const AnyQuantity& base, int exponent) {
  AnyQuantity result = number(1);
  for (int i = 0; i < std::abs(exponent); ++i)
    result = exponent > 0 ? result * base : result / base;
  return result;
}

// Turns InvalidInput of the arithmetic into a fault at the expression.
template <class Work>
auto at_place(const Expression& expression, const Work& work) {
  try {
    return work();
  } catch (const InvalidInput& fault) {
    fail(expression.position, expression.width, fault.what(), "bring both to one kind");
  }
}

using Values = std::vector<AnyQuantity>;

AnyQuantity call_function(const Expression& call, const Values& values) {
  const std::string& f = call.name;
  if (f == "abs" || f == "sqrt" || f == "exp" || f == "log") {
    expect_arguments(call, 1, 1);
    if (f == "sqrt") return square_root(values[0]);
    if (f == "abs") return values[0].value < 0 ? -values[0] : values[0];
    const double x = plain(call.operands[0], values[0], f.c_str());
    if (f == "exp") return number(std::exp(x));
    if (x <= 0) throw InvalidInput("the logarithm of a number that is not positive");
    return number(std::log(x));
  }
  if (f == "sum" || f == "min" || f == "max" || f == "mean_of") {
    AnyQuantity result = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) {
      if (f == "sum" || f == "mean_of") {
        result = result + values[i];
      } else {
        const bool is_less = (values[i] - result).value < 0;
        if (is_less == (f == "min")) result = values[i];
      }
    }
    if (f == "mean_of") result.value /= static_cast<double>(values.size());
    return result;
  }
  // Of a plain value the median and the mean are the value.
  if (f == "median" || f == "mean") {
    expect_arguments(call, 1, 1);
    return values[0];
  }
  if (f == "quantile") {
    expect_arguments(call, 2, 2);
    return values[0];
  }
  refuse_function(call);
}

QuantityInterval ordered(const AnyQuantity& a, const AnyQuantity& b) {
  return (b - a).value < 0 ? QuantityInterval{b, a} : QuantityInterval{a, b};
}

QuantityInterval hull(const Values& corners) {
  QuantityInterval result{corners[0], corners[0]};
  for (const AnyQuantity& corner : corners) {
    if ((corner - result.low).value < 0) result.low = corner;
    if ((corner - result.high).value > 0) result.high = corner;
  }
  return result;
}

QuantityInterval interval_call(const Expression& call, const std::vector<QuantityInterval>& args) {
  Values low, high;
  for (const QuantityInterval& arg : args) {
    low.push_back(arg.low);
    high.push_back(arg.high);
  }
  if (call.name == "abs" && args.size() == 1 && low[0].value < 0 && high[0].value > 0) {
    AnyQuantity zero = low[0];
    zero.value = 0;
    const AnyQuantity end = -low[0].value > high[0].value ? -low[0] : high[0];
    return {zero, end};
  }
  return ordered(call_function(call, low), call_function(call, high));
}

}  // namespace

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = {
      "min", "max", "sum", "mean_of", "abs", "sqrt", "exp", "log", "median", "mean", "quantile"};
  return names;
}

bool is_name(std::string_view word) {
  if (word.empty() || !is_letter(static_cast<unsigned char>(word[0]))) return false;
  for (const char c : word) {
    if (!is_name_character(static_cast<unsigned char>(c))) return false;
  }
  const std::string text(word);
  return !detail::find_unit(text) && std::find(function_names().begin(), function_names().end(),
                                               text) == function_names().end();
}

std::expected<Expression, TextFault> parse_expression(std::string_view text) {
  try {
    return ExpressionReader(text).read();
  } catch (const TextFault& fault) {
    return std::unexpected(fault);
  }
}

std::string full_name(const Expression& expression) {
  return expression.key.empty() ? expression.name
                                : fmt::format("{}[{}]", expression.name, expression.key);
}

void for_each_name(const Expression& expression,
                   const std::function<void(const Expression& name)>& visit) {
  if (expression.kind == Kind::name) visit(expression);
  for (const Expression& operand : expression.operands) for_each_name(operand, visit);
}

Expression with_names(const Expression& expression,
                      const std::function<Expression(const Expression& name)>& replace) {
  if (expression.kind == Kind::name) return replace(expression);
  Expression result = expression;
  for (Expression& operand : result.operands) operand = with_names(operand, replace);
  return result;
}

AnyQuantity square_root(const AnyQuantity& q) {
  const Dimension& d = q.dimension;
  for (const signed char exponent :
       {d.time, d.money, d.energy, d.compute, d.data, d.tokens, d.requests, d.count, d.length}) {
    if (exponent % 2 != 0) {
      throw InvalidInput(fmt::format("the square root of {}", name_with_article(d)));
    }
  }
  if (q.value < 0) throw InvalidInput("the square root of a negative number");
  if (q.is_exchange_rate()) throw InvalidInput("the square root of an exchange rate");
  const auto half = [](signed char exponent) { return static_cast<signed char>(exponent / 2); };
  return {.value = std::sqrt(q.value),
          .dimension = {.time = half(d.time),
                        .money = half(d.money),
                        .energy = half(d.energy),
                        .compute = half(d.compute),
                        .data = half(d.data),
                        .tokens = half(d.tokens),
                        .requests = half(d.requests),
                        .count = half(d.count),
                        .length = half(d.length)},
          .currency = q.currency};
}

AnyQuantity evaluate(const Expression& e,
                     const std::function<AnyQuantity(const Expression& name)>& value_of) {
  if (e.kind == Kind::quantity) return e.quantity;
  if (e.kind == Kind::filter) fail(e.position, e.width, "a filter stands outside of a sum", "");
  if (e.kind == Kind::name) return at_place(e, [&] { return value_of(e); });
  Values values;
  for (const Expression& operand : e.operands) values.push_back(evaluate(operand, value_of));
  return at_place(e, [&]() -> AnyQuantity {
    switch (e.kind) {
      case Kind::negate:
        return -values[0];
      case Kind::add:
        return values[0] + values[1];
      case Kind::subtract:
        return values[0] - values[1];
      case Kind::multiply:
        return values[0] * values[1];
      case Kind::divide:
        if (values[1].value == 0) throw InvalidInput("a division by zero");
        return values[0] / values[1];
      case Kind::power:
        return whole_power(values[0], e.exponent);
      default:
        return call_function(e, values);
    }
  });
}

QuantityInterval evaluate_interval(
    const Expression& e,
    const std::function<QuantityInterval(const Expression& name)>& interval_of) {
  if (e.kind == Kind::quantity) return {e.quantity, e.quantity};
  if (e.kind == Kind::filter) fail(e.position, e.width, "a filter stands outside of a sum", "");
  if (e.kind == Kind::name) return at_place(e, [&] { return interval_of(e); });
  std::vector<QuantityInterval> v;
  for (const Expression& operand : e.operands) v.push_back(evaluate_interval(operand, interval_of));
  return at_place(e, [&]() -> QuantityInterval {
    switch (e.kind) {
      case Kind::negate:
        return {-v[0].high, -v[0].low};
      case Kind::add:
        return {v[0].low + v[1].low, v[0].high + v[1].high};
      case Kind::subtract:
        return {v[0].low - v[1].high, v[0].high - v[1].low};
      case Kind::multiply:
        return hull({v[0].low * v[1].low, v[0].low * v[1].high, v[0].high * v[1].low,
                     v[0].high * v[1].high});
      case Kind::divide:
        if (v[1].low.value <= 0 && v[1].high.value >= 0) {
          throw InvalidInput("a division by what may be zero");
        }
        return hull({v[0].low / v[1].low, v[0].low / v[1].high, v[0].high / v[1].low,
                     v[0].high / v[1].high});
      case Kind::power: {
        const bool spans_zero = v[0].low.value < 0 && v[0].high.value > 0;
        if (e.exponent < 0 && v[0].low.value <= 0 && v[0].high.value >= 0) {
          throw InvalidInput("a division by what may be zero");
        }
        QuantityInterval ends =
            ordered(whole_power(v[0].low, e.exponent), whole_power(v[0].high, e.exponent));
        if (spans_zero && e.exponent % 2 == 0) ends.low.value = 0;
        return ends;
      }
      default:
        return interval_call(e, v);
    }
  });
}

}  // namespace vorrat

#include "vorrat/program/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <stdexcept>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

constexpr int deepest = 100;

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Thrown and caught in this file only: a parser of nested values is clearest with one way out.
struct Refused {
  std::size_t at;
  std::string message;
  std::string hint;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  JsonValue document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark is harmless
    JsonValue value = this->value(0);
    skip_space();
    if (at_ < text_.size()) refuse("there is text after the end of the document");
    return value;
  }

  // Line and column of a byte, counting on from the last one asked for: asked in rising order.
  std::pair<int, int> place(std::size_t at) {
    if (at < counted_) {
      counted_ = 0;
      line_ = column_ = 1;
    }
    for (; counted_ < at; ++counted_) {
      if (text_[counted_] == '\n') {
        ++line_;
        column_ = 1;
      } else if (starts_character(text_[counted_])) {
        ++column_;
      }
    }
    return {line_, column_};
  }

 private:
  [[noreturn]] void refuse(std::string message, std::string hint = {}) const {
    throw Refused{
        .at = std::min(at_, text_.size()), .message = std::move(message), .hint = std::move(hint)};
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void take(char wanted, const char* where) {
    skip_space();
    if (next() != wanted) {
      refuse(fmt::format("expected '{}' {}{}", wanted, where,
                         at_ >= text_.size() ? ", but the file ends" : ""));
    }
    ++at_;
  }

  JsonValue value(int depth) {
    if (depth > deepest) refuse(fmt::format("more than {} levels of lists and objects", deepest));
    skip_space();
    JsonValue value;
    const std::size_t begin = at_;
    std::tie(value.line, value.column) = place(begin);
    if (next() == '{') {
      object(value, depth);
      return value;
    }
    if (next() == '[') {
      list(value, depth);
      return value;
    }
    if (next() == '"') {
      value.kind = JsonValue::Kind::text;
      value.text = text();
    } else {
      scalar(value);
    }
    value.width = static_cast<int>(std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 starts_character));
    return value;
  }

  void scalar(JsonValue& value) {
    const auto takes = [&](std::string_view word) {
      if (!text_.substr(at_).starts_with(word)) return false;
      at_ += word.size();
      return true;
    };
    if (takes("true") || takes("false")) {
      value.kind = JsonValue::Kind::boolean;
      value.boolean = text_[at_ - 2] == 'u';
    } else if (!takes("null")) {
      value.kind = JsonValue::Kind::number;
      value.number = number();
    }
  }

  double number() {
    const char* const first = text_.data() + at_;
    const char* const last = text_.data() + text_.size();
    const bool looks_like_one =
        at_ < text_.size() && (*first == '-' || (*first >= '0' && *first <= '9'));
    double result = 0.0;
    const auto [end, fault] = std::from_chars(first, last, result);
    if (!looks_like_one || fault == std::errc::invalid_argument || std::isnan(result) ||
        std::isinf(result)) {
      refuse(at_ >= text_.size() ? "the file ends where a value should stand"
                                 : "expected a value: a number, a string, a list or an object");
    }
    if (fault == std::errc::result_out_of_range) refuse("this number is too large or too small");
    at_ += static_cast<std::size_t>(end - first);
    return result;
  }

  void list(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::list;
    ++at_;
    skip_space();
    if (next() == ']') {
      ++at_;
      return;
    }
    for (;;) {
      value.items.push_back(this->value(depth + 1));
      skip_space();
      if (next() != ',') break;
      ++at_;
    }
    take(']', "at the end of the list");
  }

  void object(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::object;
    ++at_;
    skip_space();
    if (next() == '}') {
      ++at_;
      return;
    }
    std::set<std::string> seen;
    for (;;) {
      skip_space();
      if (next() != '"') refuse("expected a key in quotes");
      const std::size_t begin = at_;
      std::string key = text();
      if (!seen.insert(key).second) {
        at_ = begin;
        refuse(fmt::format("the key \"{}\" stands twice in this object", key));
      }
      take(':', "after a key");
      value.members.emplace_back(std::move(key), this->value(depth + 1));
      skip_space();
      if (next() != ',') break;
      ++at_;
    }
    take('}', "at the end of the object");
  }

  std::string text() {
    std::string result;
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) refuse("this string is not closed");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) refuse("a control character stands in a string");
      if (c == '\\') {
        ++at_;
        escape(result);
      } else {
        result.push_back(c);
      }
    }
    ++at_;
    return result;
  }

  void escape(std::string& result) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (next() == 'u') {
      append_utf8(result, code_point());
      return;
    }
    const std::size_t which = letters.find(next());
    if (at_ >= text_.size() || which == std::string_view::npos)
      refuse("unknown escape in a string");
    result.push_back(meanings[which]);
  }

  // Four hexadecimal digits after "\u", leaving at_ on the last one; two of them for a pair.
  unsigned code_point() {
    unsigned code = hex_digits();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_ + 1).starts_with("\\u")) {
      at_ += 2;
      const unsigned low = hex_digits();
      if (low >= 0xDC00 && low < 0xE000) return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      code = 0xD800;
    }
    if (code >= 0xD800 && code < 0xE000) refuse("half a surrogate pair in a string");
    return code;
  }

  unsigned hex_digits() {
    unsigned code = 0;
    const char* const first = text_.data() + std::min(at_ + 1, text_.size());
    const char* const last = text_.data() + std::min(at_ + 5, text_.size());
    const auto [end, fault] = std::from_chars(first, last, code, 16);
    if (fault != std::errc{} || end != last || last - first != 4)
      refuse("expected four hexadecimal digits after \\u");
    at_ += 4;
    return code;
  }

  static void append_utf8(std::string& text, unsigned code) {
    const auto tail = [&](int shift) {
      text.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
    };
    if (code < 0x80) {
      text.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      text.push_back(static_cast<char>(0xC0 | (code >> 6)));
      tail(0);
    } else if (code < 0x10000) {
      text.push_back(static_cast<char>(0xE0 | (code >> 12)));
      tail(6), tail(0);
    } else {
      text.push_back(static_cast<char>(0xF0 | (code >> 18)));
      tail(12), tail(6), tail(0);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;
  int line_ = 1, column_ = 1;
};

// The line, unless the fault stands so far right (a file of one long line) that it would not help.
std::string excerpt(std::string_view text, int line, int column) {
  return column > 150 ? "" : line_of(text, line);
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string word_for(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::null:
      return "null";
    case JsonValue::Kind::boolean:
      return "true or false";
    case JsonValue::Kind::number:
      return "a number";
    case JsonValue::Kind::text:
      return "a string";
    case JsonValue::Kind::list:
      return "a list";
    case JsonValue::Kind::object:
      return "an object";
  }
  return "";
}

std::expected<JsonValue, Diagnostics> parse_json(std::string_view text, const std::string& file) {
  Parser parser(text);
  try {
    return parser.document();
  } catch (const Refused& refused) {
    const auto [line, column] = parser.place(refused.at);
    Diagnostics faults;
    faults.add({.place = {.file = file, .line = line, .column = column},
                .message = refused.message,
                .hint = refused.hint,
                .excerpt = excerpt(text, line, column)});
    return std::unexpected(faults);
  }
}

std::string line_of(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  std::string result(text.substr(0, std::min<std::size_t>(text.find('\n'), 200)));
  std::erase_if(result, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
  return result;
}

void JsonFaults::add(const JsonValue& at, std::string message, std::string hint) {
  found_.add({.place = {.file = file_, .line = at.line, .column = at.column},
              .message = std::move(message),
              .hint = std::move(hint),
              .excerpt = excerpt(text_, at.line, at.column),
              .width = at.width});
}

const JsonValue* JsonFaults::member(const JsonValue& object, std::string_view key,
                                    JsonValue::Kind kind, std::string_view owner) {
  const JsonValue* value = object.find(key);
  if (value == nullptr) {
    add(object, fmt::format("{} has no \"{}\"", owner, key));
    return nullptr;
  }
  return of_kind(*value, kind, fmt::format("\"{}\" of {}", key, owner)) ? value : nullptr;
}

bool JsonFaults::of_kind(const JsonValue& value, JsonValue::Kind kind, std::string_view what) {
  if (value.kind == kind) return true;
  add(value, fmt::format("{} is {}", what, word_for(value.kind)), "expected " + word_for(kind));
  return false;
}

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string json_number(double value) {
  needs(std::isfinite(value), "a finite value");
  return fmt::format("{}", value);
}

}  // namespace vorrat::program

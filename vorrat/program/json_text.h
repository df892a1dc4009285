// JSON text with the place of every value, so that a fault in a problem file can name its line.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vorrat/base/diagnostics.h"

namespace vorrat::program {

/// One value of a JSON document (RFC 8259). Only the field of its kind is used.
struct JsonValue {
  enum class Kind { null, boolean, number, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0.0;
  std::string text{};
  std::vector<JsonValue> items{};                            // of a list
  std::vector<std::pair<std::string, JsonValue>> members{};  // of an object, in file order
  int line = 0;                                              // from 1
  int column = 0;                                            // from 1, in characters
  int width = 1;                                             // characters, for the caret

  /// The member called `key` or null. Takes time in the number of members.
  const JsonValue* find(std::string_view key) const;
  bool is(Kind wanted) const { return kind == wanted; }
};

/// "a number", "a list", ...: for messages.
std::string word_for(JsonValue::Kind kind);

/// Reads a whole document. Refuses, with the place: text that is not JSON, a key that stands twice
/// in one object, a number beyond double, more than 100 levels, and anything after the value.
std::expected<JsonValue, Diagnostics> parse_json(std::string_view text, const std::string& file);

/// Collects the faults found while going through a document: the text is kept for its lines.
class JsonFaults {
 public:
  /// `text` must outlive this object.
  JsonFaults(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  void add(const JsonValue& at, std::string message, std::string hint = {});
  /// The member `key` of `object` if it is there and of `kind`; else null and a fault that names
  /// `owner`, as in `node "2"`.
  const JsonValue* member(const JsonValue& object, std::string_view key, JsonValue::Kind kind,
                          std::string_view owner);
  /// Whether `value` is of `kind`; else a fault that calls it `what`.
  bool of_kind(const JsonValue& value, JsonValue::Kind kind, std::string_view what);

  const Diagnostics& found() const { return found_; }

 private:
  std::string_view text_;
  std::string file_;
  Diagnostics found_;
};

/// Line `line` (from 1) of `text`, without its end, at most 200 bytes.
std::string line_of(std::string_view text, int line);

/// Writes `text` as a JSON string, with its quotes.
std::string json_quoted(std::string_view text);
/// Writes the shortest decimal that reads back as the same double. Needs a finite value.
std::string json_number(double value);

}  // namespace vorrat::program

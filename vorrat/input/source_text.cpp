#include "vorrat/input/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace vorrat {
namespace {

constexpr int longest_excerpt = 96;
constexpr int lead_of_excerpt = 24;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The bytes of `count` characters from character `begin` on.
std::string slice(std::string_view text, int begin, int count) {
  std::size_t at = 0;
  const auto advance = [&](int characters) {
    while (characters > 0 && at < text.size()) {
      ++at;
      while (at < text.size() && is_continuation(text[at])) ++at;
      --characters;
    }
  };
  advance(begin);
  const std::size_t first = at;
  advance(count);
  return std::string(text.substr(first, at - first));
}

// The byte where the text stops being UTF-8; nothing if it is UTF-8 throughout.
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if (!is_continuation(text[i + k])) return i;
    }
    // Overlong forms, surrogates and what lies beyond Unicode.
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90)) {
      return i;
    }
    i += length;
  }
  return std::nullopt;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string line(text.substr(0, end));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

Diagnostics one_fault(const std::string& file, std::string message, std::string hint) {
  Diagnostics diagnostics;
  diagnostics.add_error(file, std::move(message), std::move(hint));
  return diagnostics;
}

Diagnostics fault_at_byte(const std::string& file, std::string_view text, std::size_t byte,
                          std::string message, std::string hint) {
  const std::string_view before = text.substr(0, byte);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  Diagnostics diagnostics;
  diagnostics.add({.place = {.file = file,
                             .line = static_cast<int>(line),
                             .column = character_count(before.substr(line_start)) + 1},
                   .message = std::move(message),
                   .hint = std::move(hint),
                   .excerpt = {}});
  return diagnostics;
}

}  // namespace

int character_count(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

Place Spot::place() const {
  return {.file = source ? source->file : std::string(), .line = line, .column = column};
}

Fault Spot::fault(std::string message, std::string hint, Severity severity) const {
  Fault fault{.place = place(),
              .message = std::move(message),
              .hint = std::move(hint),
              .excerpt = {},
              .width = width,
              .severity = severity};
  if (!source || line < 1 || static_cast<std::size_t>(line) > source->lines.size()) return fault;
  const std::string& whole = source->lines[static_cast<std::size_t>(line - 1)];
  const int length = character_count(whole);
  if (length <= longest_excerpt) {
    fault.excerpt = whole;
    return fault;
  }
  const int first = std::max(0, std::min(column - 1 - lead_of_excerpt, length - longest_excerpt));
  fault.excerpt = slice(whole, first, longest_excerpt);
  if (first + longest_excerpt < length) fault.excerpt += "…";
  if (first > 0) fault.excerpt = "…" + fault.excerpt;
  fault.excerpt_column = first > 0 ? first : 1;
  fault.width = std::max(1, std::min(width, first + longest_excerpt - (column - 1)));
  return fault;
}

Spot Spot::part(int position, int part_width) const {
  Spot result = *this;
  const int inside = width - (is_quoted ? 2 : 0);
  // What was written with escapes has other places than what was read: then the whole is shown.
  if (position + part_width > inside + 1) return result;
  result.column += position + (is_quoted ? 1 : 0);
  result.width = std::max(1, part_width);
  result.is_quoted = false;
  return result;
}

std::expected<std::shared_ptr<const SourceText>, Diagnostics> make_source(std::string text,
                                                                          const std::string& name) {
  const auto starts_with = [&](std::string_view mark) {
    return std::string_view(text).substr(0, mark.size()) == mark;
  };
  if (starts_with("\xFF\xFE") || starts_with("\xFE\xFF")) {
    return std::unexpected(one_fault(name, "the file is UTF-16", "save it as UTF-8"));
  }
  const bool has_mark = starts_with("\xEF\xBB\xBF");
  if (has_mark) text.erase(0, 3);
  if (starts_with("PK\x03\x04")) {
    return std::unexpected(one_fault(name, "the file is a ZIP archive or a workbook, not text",
                                     "save it as UTF-8 text"));
  }
  const auto zero = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  const auto bad = first_bad_byte(text);
  const std::size_t control =
      zero == text.end() ? std::string::npos : static_cast<std::size_t>(zero - text.begin());
  if (control != std::string::npos && (!bad || control < *bad)) {
    return std::unexpected(
        fault_at_byte(name, text, control,
                      fmt::format("the file holds a control character (byte {:02X} hexadecimal)",
                                  static_cast<unsigned char>(text[control])),
                      "it may be binary or damaged; save it as UTF-8 text"));
  }
  if (bad) {
    return std::unexpected(fault_at_byte(name, text, *bad, "the file is not UTF-8 from here on",
                                         "save it as UTF-8 text"));
  }
  auto source = std::make_shared<SourceText>();
  source->file = name;
  source->has_mark = has_mark;
  source->lines = split_lines(text);
  source->text = std::move(text);
  return source;
}

std::expected<std::shared_ptr<const SourceText>, Diagnostics> read_source(
    const std::filesystem::path& path, const std::string& name) {
  const std::string shown = name.empty() ? path.filename().string() : name;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return std::unexpected(one_fault(shown, "the file is missing", "write it, or check its name"));
  }
  if (std::filesystem::is_directory(path, error)) {
    return std::unexpected(one_fault(shown, "this is a folder, not a file", "name a file in it"));
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.good() && !stream.eof()) {
    return std::unexpected(one_fault(shown, "the file cannot be read", "check its permissions"));
  }
  return make_source(std::move(text), shown);
}

}  // namespace vorrat

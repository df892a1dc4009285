#include "vorrat/input/document.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <memory>

namespace vorrat {
namespace {

using Source = std::shared_ptr<const SourceText>;

Spot spot_of(const Source& source, const toml::source_region& region) {
  Spot spot{.source = source,
            .line = static_cast<int>(region.begin.line),
            .column = static_cast<int>(region.begin.column),
            .width = 1};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    spot.width = static_cast<int>(region.end.column - region.begin.column);
  }
  return spot;
}

// What stands in the file at a spot.
std::string written_at(const Spot& spot) {
  if (spot.line < 1 || static_cast<std::size_t>(spot.line) > spot.source->lines.size()) return "";
  const std::string& line = spot.source->lines[static_cast<std::size_t>(spot.line - 1)];
  std::string text;
  int column = 0;
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column;
    if (column >= spot.column && column < spot.column + spot.width) text += c;
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  return text;
}

Node convert(const toml::node& node, const Source& source);

Node convert_table(const toml::table& table, const Source& source) {
  Node result{.kind = NodeKind::table};
  for (const auto& [key, value] : table) {
    Node member = convert(value, source);
    member.key_spot = spot_of(source, key.source());
    result.members.emplace_back(std::string(key.str()), std::move(member));
  }
  // toml++ sorts by name; a reader of messages expects the order of the file.
  std::stable_sort(result.members.begin(), result.members.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.key_spot.line, a.second.key_spot.column) <
           std::pair(b.second.key_spot.line, b.second.key_spot.column);
  });
  return result;
}

Node convert_scalar(const toml::node& node, const Spot& spot) {
  Node result{.kind = NodeKind::time};
  result.text = written_at(spot);
  if (const auto* text = node.as_string()) {
    result.kind = NodeKind::text;
    result.spot = spot;
    result.text = text->get();
    const std::string written = written_at(spot);
    result.spot.is_quoted = written.size() >= 2 && written.front() == written.back() &&
                            written.substr(1, written.size() - 2) == result.text;
    result.spot.width = std::max(1, character_count(written));
    return result;
  }
  if (node.is_integer() || node.is_floating_point()) result.kind = NodeKind::number;
  if (const auto* truth = node.as_boolean()) {
    result.kind = NodeKind::boolean;
    result.is_true = truth->get();
  }
  if (const auto* date = node.as_date()) {
    result.kind = NodeKind::date;
    result.date = make_date(date->get().year, date->get().month, date->get().day);
  }
  return result;
}

Node convert(const toml::node& node, const Source& source) {
  const Spot spot = spot_of(source, node.source());
  Node result;
  if (const auto* table = node.as_table()) {
    result = convert_table(*table, source);
  } else if (const auto* array = node.as_array()) {
    result.kind = NodeKind::array;
    for (const toml::node& item : *array) result.items.push_back(convert(item, source));
  } else {
    result = convert_scalar(node, spot);
  }
  if (!result.spot.source) result.spot = spot;
  return result;
}

std::string after(std::string text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.substr(at + mark.size());
}

// toml++ says what it was doing and then, after a colon, what it found.
Diagnostics syntax_fault(const toml::parse_error& error, const Source& source) {
  Spot spot = spot_of(source, error.source());
  spot.line = std::clamp(spot.line, 1, static_cast<int>(source->lines.size()));
  std::string description = after(std::string(error.description()), ": ");
  std::string hint = "the rest of the file was not read";
  const std::string twice = "cannot redefine existing ";
  if (description.compare(0, twice.size(), twice) == 0) {
    const std::string key = after(description, "'");
    const std::string name = key.substr(0, key.find('\''));
    description = fmt::format("\"{}\" is written twice", name);
    hint = "keep one of them";
    const std::string& line = source->lines[static_cast<std::size_t>(spot.line - 1)];
    if (const std::size_t at = line.find(name); at != std::string::npos) {
      spot.column = character_count(std::string_view(line).substr(0, at)) + 1;
      spot.width = character_count(name);
    }
  } else {
    description = "this is not TOML: " + description;
  }
  Diagnostics diagnostics;
  diagnostics.add(spot.fault(description, hint));
  return diagnostics;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, node] : members) {
    if (name == key) return &node;
  }
  return nullptr;
}

std::string kind_with_article(NodeKind kind) {
  switch (kind) {
    case NodeKind::table:
      return "a table";
    case NodeKind::array:
      return "a list";
    case NodeKind::text:
      return "a text";
    case NodeKind::number:
      return "a number";
    case NodeKind::boolean:
      return "true or false";
    case NodeKind::date:
      return "a date";
    case NodeKind::time:
      return "a time of day";
  }
  return "";
}

std::expected<Document, Diagnostics> Document::parse(std::string text, const std::string& name) {
  auto source = make_source(std::move(text), name);
  if (!source) return std::unexpected(source.error());
  try {
    Document document;
    document.root_ = convert(toml::parse(std::string_view((*source)->text)), *source);
    document.root_.spot = {.source = *source};
    return document;
  } catch (const toml::parse_error& error) {
    return std::unexpected(syntax_fault(error, *source));
  }
}

std::expected<Document, Diagnostics> Document::read(const std::filesystem::path& path,
                                                    const std::string& name) {
  auto source = read_source(path, name);
  if (!source) return std::unexpected(source.error());
  return parse((*source)->text, (*source)->file);
}

}  // namespace vorrat

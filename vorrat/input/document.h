// TOML files as a tree of nodes that know where they were written.
//
//     const auto document = Document::read(folder / "scenario.toml");   // or all its faults
//     const Node* sites = document->root().find("sites");
//
// Loaders do not walk the tree themselves: reader.h does, and refuses what nobody asked for.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/base/diagnostics.h"
#include "vorrat/input/source_text.h"

namespace vorrat {

enum class NodeKind { table, array, text, number, boolean, date, time };

/// One value of a TOML file. Of the members below only those of its kind are filled.
struct Node {
  NodeKind kind = NodeKind::table;
  Spot spot{};         // of the value; of a table its heading
  Spot key_spot{};     // of the key before it; unset for array items and the root
  std::string text{};  // of a text its content, of all other scalars as written in the file
  bool is_true = false;
  Date date{};
  std::vector<std::pair<std::string, Node>> members{};  // of a table, in the order of the file
  std::vector<Node> items{};                            // of an array

  /// The member of this name, or null.
  const Node* find(std::string_view key) const;
};

/// "a table", "a list", "a text", "a number", ... for messages.
std::string kind_with_article(NodeKind kind);

class Document {
 public:
  /// Faults: those of read_source, and the first place where the file is not TOML (a key written
  /// twice among them).
  static std::expected<Document, Diagnostics> read(const std::filesystem::path& path,
                                                   const std::string& name = {});
  static std::expected<Document, Diagnostics> parse(std::string text, const std::string& name);

  const Node& root() const { return root_; }

 private:
  Node root_;
};

}  // namespace vorrat

// A text file as lines, and spots in it, so that a fault can show where it is.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/base/diagnostics.h"

namespace vorrat {

/// The lines of a UTF-8 file, without line ends and byte-order mark.
struct SourceText {
  std::string file;  // as shown in messages
  std::string text;  // without byte-order mark
  std::vector<std::string> lines;
  bool has_mark = false;  // whether a byte-order mark stood before the text
};

/// A stretch of one line; `width` characters from `column`. Line 0 means the whole file.
///
/// The text is shared by all spots in it and lives as long as the last of them, since faults are
/// found long after a file was read.
struct Spot {
  std::shared_ptr<const SourceText> source{};
  int line = 0;
  int column = 0;
  int width = 1;
  /// Whether what was written stands between quotes, so that characters count from column + 1.
  bool is_quoted = false;

  Place place() const;
  /// A fault here, with its excerpt; long lines are cut to the part around the column.
  Fault fault(std::string message, std::string hint = {},
              Severity severity = Severity::error) const;
  /// The part of this spot that begins `position` characters inside it.
  Spot part(int position, int part_width) const;
};

/// Reads a file. Faults: it is missing, cannot be read, is not UTF-8, or holds binary junk. `name`
/// is what messages call it; empty means the path's last part.
std::expected<std::shared_ptr<const SourceText>, Diagnostics> read_source(
    const std::filesystem::path& path, const std::string& name = {});

/// The same from a text in memory.
std::expected<std::shared_ptr<const SourceText>, Diagnostics> make_source(std::string text,
                                                                          const std::string& name);

/// The number of characters (code points) in a UTF-8 text.
int character_count(std::string_view text);

}  // namespace vorrat

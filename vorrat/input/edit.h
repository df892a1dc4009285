// Files of a scenario changed in place: a table as rows of texts, one value of a TOML file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vorrat {

/// A table as texts, to be changed and written again.
struct Grid {
  using Row = std::vector<std::string>;
  std::vector<std::string> columns;
  std::vector<Row> rows;  // each as long as `columns`

  std::optional<std::size_t> place_of(const std::string& column) const;
  /// "" if there is no such column. Needs a row of this grid.
  std::string cell(const Row& row, const std::string& column) const;
  /// Adds the column, empty in all rows, if it is not there.
  void add_column(const std::string& column);
  /// Adds the column if need be. Needs row < rows.size().
  void set(std::size_t row, const std::string& column, const std::string& text);
};

/// Nothing if the text is no table.
std::optional<Grid> read_grid(const std::string& text);
/// The line of each row of a table, in their order; empty if the text is no table.
std::vector<int> row_lines(const std::string& text);
/// Quotes stand where they must; comments do not exist in tables.
std::string write_grid(const Grid& grid);

/// A TOML text with one value replaced by `literal` (as written in TOML, with its quotes); all else
/// stays to the byte, but for a byte-order mark. `path` is as in "money.discount_rate.value"; a
/// table of a list is named by its `id`, else by its place from 1. Nothing if the text is no TOML,
/// or no value stands there on one line.
std::optional<std::string> with_value(const std::string& toml, const std::string& path,
                                      const std::string& literal);

/// How the value at a path is written, with its quotes; nothing as above.
std::optional<std::string> written_value(const std::string& toml, const std::string& path);

/// Every value of a TOML text by its path, in the order of the file, as read (a list as in "[6,
/// 3]"); nothing if the text is no TOML. `kind` tells "1" from 1.
struct TomlValue {
  std::string path, text;
  int kind = 0;
  int line = 0;
};
std::optional<std::vector<TomlValue>> values_of(const std::string& toml);

}  // namespace vorrat

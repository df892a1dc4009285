// CSV tables: a header row, then rows of cells that know where they were written (RFC 4180; comma,
// quotes doubled inside quotes, LF or CRLF, a byte-order mark is skipped, empty lines are skipped).
//
//     const auto offers = Table::read(folder / "offers.csv");          // or all its faults
//     offers->check_columns({"offer", "price"}, {"note"}, faults);
//     for (std::size_t row = 0; row < offers->row_count(); ++row) {
//       Record offer(*offers, row, "offer", faults);                   // reader.h
//     }
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/source_text.h"

namespace vorrat {

struct Cell {
  std::string text;  // without the quotes and the blanks around it
  Spot spot;
};

class Table {
 public:
  /// Faults: those of read_source, no header, a column without a name or named twice, a row with
  /// fewer or more cells than the header, a quote that is not closed or stands inside a cell.
  static std::expected<Table, Diagnostics> read(const std::filesystem::path& path,
                                                const std::string& name = {});
  static std::expected<Table, Diagnostics> parse(std::string text, const std::string& name);

  const std::string& file() const { return file_; }
  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t row_count() const { return rows_.size(); }
  bool has_column(std::string_view column) const;
  /// Null if there is no such column. Needs row < row_count().
  const Cell* find(std::size_t row, std::string_view column) const;
  /// The whole line of a row, for faults of the row. Needs row < row_count().
  Spot row_spot(std::size_t row) const;
  Spot header_spot() const { return header_[0].spot; }

  /// Adds a fault for each required column that is missing and each column that is neither
  /// required nor optional. Every table may also have "source", "date", "kind" and "note", and for
  /// a known column "x" also "x_source", "x_date" and "x_kind".
  void check_columns(const std::vector<std::string>& required,
                     const std::vector<std::string>& optional, Diagnostics& faults) const;

 private:
  std::string file_;
  std::vector<std::string> columns_;
  std::vector<Cell> header_;
  std::vector<std::vector<Cell>> rows_;
};

/// A cell as it must be written: in quotes if it holds a comma, a quote, a line end or blanks at an
/// end.
std::string csv_cell(std::string_view text);

}  // namespace vorrat

// XLSX workbooks: one sheet a table, read with every cell as text, and written so that reading
// gives the same texts again.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"

namespace vorrat {

struct Sheet {
  std::string name;                            // at most 31 characters, none of []:*?/\ ...
  std::vector<std::vector<std::string>> rows;  // of texts; rows may differ in length
  bool is_hidden = false;
  bool is_table = true;  // the first row is a header; else lines of text
};

struct Workbook {
  std::vector<Sheet> sheets;
  /// Notes, as that a formula was read by its cached value.
  Diagnostics notes{};
};

/// Reads a workbook. Numbers come as their shortest text, percentages as "15 %", days as
/// "2026-02-09", formulas by the value that was computed when the workbook was last saved (a note
/// says so). Faults: the file is missing or no workbook, a cell holds an error, a formula has no
/// value, a sheet has more than 5 million cells.
std::expected<Workbook, Diagnostics> read_workbook(const std::filesystem::path& path);
/// The same from memory; `name` is what messages call it.
std::expected<Workbook, Diagnostics> parse_workbook(std::span<const std::byte> bytes,
                                                    const std::string& name);

/// Writes a workbook: texts as texts, and as numbers those texts that are the shortest form of a
/// number. The same bytes for the same sheets. Throws InvalidInput if a sheet's name cannot be one
/// or a text is longer than 32,767 characters, Unavailable if the file cannot be written.
void write_workbook(const std::filesystem::path& path, const std::vector<Sheet>& sheets);

}  // namespace vorrat

// What differs between two versions of the files of a scenario, cell by cell and key by key, and
// how one version becomes the other a change at a time.
//
//     const auto changes = changes_between(before, after);
//     to_string(changes[0]);                      // offers.csv:3, h200, price: 27 kUSD -> 30 kUSD
//     apply(changes[0], before, before, after);   // before, but for that cell
//
// A row of a table is known by its first columns: as few of them as tell all rows apart in both
// versions. A list of tables in TOML is known by their `id`, else by their place.
#pragma once

#include <string>
#include <vector>

#include "vorrat/input/folder_sheets.h"

namespace vorrat {

struct Change {
  enum class Kind {
    cell,         // of a row that is in both versions
    row_added,    // `column` is empty
    row_removed,  // `column` is empty
    key,          // of a TOML file, in both versions
    key_added,
    key_removed,
    file,    // added or removed, or cannot be read as a table or as TOML
    writing  // its cells and keys are the same: comments, blanks, quotes, the order of rows
  };
  Kind kind = Kind::cell;
  std::string file;    // as in "offers.csv"
  std::string row;     // as in "h200" or "johor, 2026Q1"; "" in TOML files
  std::string column;  // or path, as in "money.discount_rate.value"
  std::string from, to;
  int line = 0;  // in the later version, of what was removed in the earlier; 0 for a whole file
  bool operator==(const Change&) const = default;
};

/// As in `offers.csv:3, h200, price: 27 kUSD -> 30 kUSD`.
std::string to_string(const Change& change);

/// Whether it only says where a figure is from: a column or key source, date, kind or note, or one
/// that ends in _source, _date or _kind; or if only the writing differs.
bool is_remark(const Change& change);

/// All changes: scenario.toml first, then the other files by name; within a file in the order of
/// the later version, what was removed last. Texts (.md) are left out: nobody computes with them.
std::vector<Change> changes_between(const FileTexts& before, const FileTexts& after);

/// `files` with one of changes_between(before, after) made in them, where `files` came from
/// `before` by others of those changes. Keys that were added or removed, and a whole file, are made
/// by taking the file as it is in `after`. What is not changed keeps its value; comments may go.
FileTexts apply(const Change& change, const FileTexts& files, const FileTexts& before,
                const FileTexts& after);

}  // namespace vorrat

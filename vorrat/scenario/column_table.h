// The tables of a scenario folder and their columns, as data: what the reader takes, and what the
// reference is made from. A test loads tables with each column taken out and put in.
#pragma once

#include <span>

namespace vorrat::scenario {

struct TableFile {
  const char* name = "";  // as in "offers.csv"
  bool may_be_missing = false;
  const char* says = "";  // what a row is
};

/// One column. Every table also takes source, date, kind and note, and NAME_source, NAME_date and
/// NAME_kind for the column NAME alone.
struct Column {
  const char* file = "";
  const char* name = "";
  bool is_required = true;
  const char* example = "";  // as written in a cell
  const char* says = "";  // unit, range and meaning; for what may be empty also what is meant then
};

/// In the order in which they are read.
std::span<const TableFile> table_files();
/// All columns, those of a file together, in the order in which a person writes them.
std::span<const Column> column_table();

}  // namespace vorrat::scenario

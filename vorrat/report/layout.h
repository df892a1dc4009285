// How a table of data is laid out for reading: which cell stands where, once `across` has become
// columns. Terminal and HTML share it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// A heading: a column of the data, a value of `across`, or "figure", which names the columns that
/// became rows.
struct LaidColumn {
  enum class Kind { data, across, figure };
  Kind kind = Kind::data;
  std::string name, unit;
  std::string id;  // of the column, or the value of `across`
  bool is_number = false;
};

struct LaidCell {
  std::string text;
  std::optional<double> value;       // unrounded, where the cell is a number
  std::vector<std::string> columns;  // of a "figure": ids of the columns that this row shows
  bool is_repeated = false;          // the words of the row above, which need no second reading
};

struct Layout {
  std::vector<LaidColumn> columns;
  std::vector<std::vector<LaidCell>> rows;
  std::vector<bool> is_sum;  // [row]
};

/// Columns of the same format and unit whose texts agree in a whole row are shown once ("5 % = 50
/// %").
Layout lay_out(const DataTable& table);

}  // namespace vorrat::report

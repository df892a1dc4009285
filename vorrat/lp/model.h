// A linear or mixed-integer program as plain numbers: columns, rows, coefficients.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace vorrat::lp {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

enum class Sense { minimise, maximise };
enum class ColumnKind { continuous, integer };

/// A column: lower <= x <= upper, with its coefficient in the objective. `name` may be empty.
struct Column {
  double lower = 0.0;
  double upper = infinity;
  double cost = 0.0;
  ColumnKind kind = ColumnKind::continuous;
  std::string name = {};
};

/// A row: lower <= sum of coefficients times columns <= upper. `name` may be empty.
struct Row {
  double lower = -infinity;
  double upper = infinity;
  std::string name = {};
};

/// One coefficient of the matrix.
struct Entry {
  std::size_t row = 0;
  std::size_t column = 0;
  double value = 0.0;
};

/// min or max  objective_constant + sum(cost[j] x[j])  subject to rows and column bounds.
///
/// A plain value. Entries may come in any order; two entries of the same place add up.
struct Model {
  Sense sense = Sense::minimise;
  double objective_constant = 0.0;
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<Entry> entries;

  /// Each returns the index of what was added.
  std::size_t add_column(Column column);
  std::size_t add_row(Row row);
  /// Adds `value` at (row, column). Needs both to exist.
  void add_entry(std::size_t row, std::size_t column, double value);

  bool has_integers() const;
  /// Throws InvalidInput naming the column or row if a bound is NaN, crossed or leaves no finite
  /// value, a cost or coefficient is not finite, or an entry points outside.
  void check() const;
};

/// The matrix of a model by columns: entries of column j are [start[j], start[j+1]), rows
/// ascending, duplicates added up, zeros dropped.
struct ColumnMatrix {
  std::vector<std::size_t> start;
  std::vector<std::size_t> row;
  std::vector<double> value;
};
ColumnMatrix by_columns(const Model& model);

/// The same by rows: entries of row i are [start[i], start[i+1]), columns ascending.
struct RowMatrix {
  std::vector<std::size_t> start;
  std::vector<std::size_t> column;
  std::vector<double> value;
};
RowMatrix by_rows(const Model& model);

}  // namespace vorrat::lp

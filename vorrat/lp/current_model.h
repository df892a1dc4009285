// A model as a backend holds it now: the numbers of the last load with every change since.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vorrat/lp/model.h"

namespace vorrat::lp {

/// The numbers of an LP or MIP, kept so that small changes are cheap: rows lie one after the other,
/// so they can be appended and removed at the end. Shapes: n columns, m rows.
///
/// A backend keeps one beside its own copy and checks every answer against it (certificate.h).
class CurrentModel {
 public:
  CurrentModel() = default;
  explicit CurrentModel(const Model& model);

  std::size_t column_count() const { return cost.size(); }
  std::size_t row_count() const { return row_lower.size(); }
  bool has_integers() const { return !integers.empty(); }

  /// Each needs indices that exist, bounds that are numbers and do not cross, finite values.
  void set_row_bounds(std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t column, double lower, double upper);
  void set_cost(std::size_t column, double value);
  void set_coefficient(std::size_t row, std::size_t column, double value);
  std::size_t add_row(double lower, double upper, std::span<const std::size_t> columns,
                      std::span<const double> values);
  void remove_rows_from(std::size_t first);

  std::span<const std::size_t> row_columns(std::size_t row) const;
  std::span<const double> row_values(std::size_t row) const;

  /// The same as a plain model, without names.
  Model to_model() const;

  Sense sense = Sense::minimise;
  double objective_constant = 0.0;
  std::vector<double> cost;                  // [n]
  std::vector<double> lower, upper;          // [n]
  std::vector<double> row_lower, row_upper;  // [m]
  std::vector<std::size_t> integers;         // columns of whole numbers, ascending
  RowMatrix matrix = {{0}, {}, {}};
};

}  // namespace vorrat::lp

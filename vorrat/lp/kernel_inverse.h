// The inverse of a small square matrix, kept up to date while rows and columns come and go.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vorrat::lp {

/// The explicit inverse V of a k x k matrix K: V[p][r] for column p and row r of K.
///
/// Every change is one rank-one update of V, O(k^2) and less where vectors are sparse. V is dense
/// by rows: the stage solver reads rows (pivot rows) more often than columns. No allocation once
/// the capacity is there.
class KernelInverse {
 public:
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  /// Makes room for k x k, keeping the content.
  void reserve(std::size_t k);

  std::span<const double> row(std::size_t p) const { return {data_.data() + p * stride_, size_}; }
  double squared_norm(std::size_t p) const;  // of row p
  struct Term {
    std::size_t row;
    double factor;
  };
  /// sum [k] = the terms' factors times their rows.
  void combine(std::span<const Term> terms, std::span<double> sum) const;
  double at(std::size_t p, std::size_t r) const { return data_[p * stride_ + r]; }

  /// Column p of K becomes a, given `column` = V a [k]. Needs column[p] != 0.
  void replace_column(std::size_t p, std::span<const double> column);
  /// Row r of K becomes a, given `row` = a V [k]. Needs row[r] != 0.
  void replace_row(std::size_t r, std::span<const double> row);
  /// K gains a last column a and a last row b with corner c, given `column` = V a, `row` = b V and
  /// `pivot` = c - b V a != 0.
  void border(std::span<const double> column, std::span<const double> row, double pivot);
  /// K loses column p and row r; the last column and row take their places. Needs V[p][r] != 0.
  void deflate(std::size_t p, std::size_t r);
  /// Entry (r, p) of K grows by `by`; false, with nothing changed, if K would be near singular.
  bool add_to_entry(std::size_t r, std::size_t p, double by);

  /// Inverts K, given by rows [k * k] in `matrix` (destroyed). False if K is singular to working
  /// precision: then the columns and rows that found no pivot are listed, as many of one as of the
  /// other, and V is undefined.
  bool invert(std::span<double> matrix, std::size_t k, std::vector<std::size_t>& lost_columns,
              std::vector<std::size_t>& lost_rows);

 private:
  double* row_data(std::size_t p) { return data_.data() + p * stride_; }
  /// V[p] -= factor[p] * direction for every p; `direction` may be sparse.
  void subtract_outer(std::span<const double> factor, std::span<const double> direction);
  void eliminate(double* a, std::size_t k, std::size_t column, std::size_t pivot_row);

  std::size_t size_ = 0;
  std::size_t stride_ = 0;
  std::vector<double> data_;
  std::vector<double> factor_, direction_;
  std::vector<std::size_t> nonzeros_;
  std::vector<std::size_t> row_of_column_, column_of_row_;
  std::vector<std::size_t> count_;  // while inverting, by column
};

}  // namespace vorrat::lp

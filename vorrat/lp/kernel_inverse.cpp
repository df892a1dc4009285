#include "vorrat/lp/kernel_inverse.h"

#include <algorithm>
#include <cmath>

#include "vorrat/lp/for_each_cpu.h"

namespace vorrat::lp {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Whether an entry is large enough to divide by when K is inverted: 1 or 0.
std::size_t is_pivot(double entry) { return std::abs(entry) > 1e-9 ? 1 : 0; }

/// row[r] -= factor[p] * direction[r] for every row p whose factor is not zero.
VORRAT_FOR_EACH_CPU void subtract_dense(double* data, std::size_t stride, std::size_t size,
                                        const double* factor, const double* __restrict direction) {
  for (std::size_t p = 0; p < size; ++p) {
    const double f = factor[p];
    if (f == 0.0) continue;
    double* __restrict row = data + p * stride;
    for (std::size_t r = 0; r < size; ++r) row[r] -= f * direction[r];
  }
}

/// sum[r] = factor-weighted rows, four rows a pass so that the sum is read and written less.
VORRAT_FOR_EACH_CPU void add_rows(const double* data, std::size_t stride, std::size_t size,
                                  const KernelInverse::Term* terms, std::size_t count,
                                  double* __restrict sum) {
  for (std::size_t r = 0; r < size; ++r) sum[r] = 0.0;
  std::size_t t = 0;
  for (; t + 4 <= count; t += 4) {
    const double* a = data + terms[t].row * stride;
    const double* b = data + terms[t + 1].row * stride;
    const double* c = data + terms[t + 2].row * stride;
    const double* d = data + terms[t + 3].row * stride;
    const double fa = terms[t].factor, fb = terms[t + 1].factor, fc = terms[t + 2].factor,
                 fd = terms[t + 3].factor;
    for (std::size_t r = 0; r < size; ++r) {
      sum[r] += (fa * a[r] + fb * b[r]) + (fc * c[r] + fd * d[r]);
    }
  }
  for (; t < count; ++t) {
    const double* a = data + terms[t].row * stride;
    const double fa = terms[t].factor;
    for (std::size_t r = 0; r < size; ++r) sum[r] += fa * a[r];
  }
}

/// In sixteen partial sums: the compiler may not reorder a single one.
VORRAT_FOR_EACH_CPU double sum_of_squares(const double* a, std::size_t size) {
  Four sum[4] = {}, part;
  std::size_t e = 0;
  for (; e + 16 <= size; e += 16) {
    for (std::size_t q = 0; q < 4; ++q) {
      load(part, a + e + 4 * q);
      sum[q] += part * part;
    }
  }
  double rest = 0.0;
  for (; e < size; ++e) rest += a[e] * a[e];
  sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  return rest + ((sum[0][0] + sum[0][1]) + (sum[0][2] + sum[0][3]));
}

}  // namespace

double KernelInverse::squared_norm(std::size_t p) const {
  return sum_of_squares(data_.data() + p * stride_, size_);
}

void KernelInverse::combine(std::span<const Term> terms, std::span<double> sum) const {
  add_rows(data_.data(), stride_, size_, terms.data(), terms.size(), sum.data());
}

void KernelInverse::reserve(std::size_t k) {
  if (k <= stride_) return;
  // Rows start on cache lines as far as the allocator lets them.
  const std::size_t stride = std::max<std::size_t>(16, (k + k / 4 + 7) / 8 * 8);
  std::vector<double> data(stride * stride, 0.0);
  for (std::size_t p = 0; p < size_; ++p) {
    std::copy_n(data_.data() + p * stride_, size_, data.data() + p * stride);
  }
  data_ = std::move(data);
  stride_ = stride;
  factor_.resize(stride);
  direction_.resize(stride);
  nonzeros_.reserve(stride);
  row_of_column_.resize(stride);
  column_of_row_.resize(stride);
  count_.resize(stride);
}

void KernelInverse::subtract_outer(std::span<const double> factor,
                                   std::span<const double> direction) {
  nonzeros_.clear();
  for (std::size_t r = 0; r < size_; ++r) {
    if (direction[r] != 0.0) nonzeros_.push_back(r);
  }
  if (nonzeros_.size() * 4 >= size_) {
    subtract_dense(data_.data(), stride_, size_, factor.data(), direction.data());
    return;
  }
  for (std::size_t p = 0; p < size_; ++p) {
    const double f = factor[p];
    if (f == 0.0) continue;
    double* row = row_data(p);
    for (const std::size_t r : nonzeros_) row[r] -= f * direction[r];
  }
}

void KernelInverse::replace_column(std::size_t p, std::span<const double> column) {
  double* row = row_data(p);
  const double pivot = column[p];
  for (std::size_t r = 0; r < size_; ++r) direction_[r] = row[r] /= pivot;
  std::copy(column.begin(), column.end(), factor_.begin());
  factor_[p] = 0.0;
  subtract_outer(factor_, direction_);
}

void KernelInverse::replace_row(std::size_t r, std::span<const double> row) {
  const double pivot = row[r];
  std::copy(row.begin(), row.end(), direction_.begin());
  direction_[r] -= 1.0;
  for (std::size_t p = 0; p < size_; ++p) factor_[p] = at(p, r) / pivot;
  subtract_outer(factor_, direction_);
  // Exactly, not by difference.
  for (std::size_t p = 0; p < size_; ++p) row_data(p)[r] = factor_[p];
}

void KernelInverse::border(std::span<const double> column, std::span<const double> row,
                           double pivot) {
  reserve(size_ + 1);
  for (std::size_t p = 0; p < size_; ++p) factor_[p] = -column[p] / pivot;
  std::copy(row.begin(), row.end(), direction_.begin());
  subtract_outer(factor_, direction_);
  double* last = row_data(size_);
  for (std::size_t r = 0; r < size_; ++r) last[r] = -row[r] / pivot;
  for (std::size_t p = 0; p < size_; ++p) row_data(p)[size_] = factor_[p];
  last[size_] = 1.0 / pivot;
  ++size_;
}

void KernelInverse::deflate(std::size_t p, std::size_t r) {
  const double pivot = at(p, r);
  std::copy_n(row_data(p), size_, direction_.begin());
  direction_[r] = 0.0;
  for (std::size_t q = 0; q < size_; ++q) factor_[q] = at(q, r) / pivot;
  factor_[p] = 0.0;
  subtract_outer(factor_, direction_);
  const std::size_t last = size_ - 1;
  if (p != last) std::copy_n(row_data(last), size_, row_data(p));
  if (r != last) {
    for (std::size_t q = 0; q < last; ++q) row_data(q)[r] = at(q, last);
  }
  --size_;
}

/// Sherman and Morrison (1950).
bool KernelInverse::add_to_entry(std::size_t r, std::size_t p, double by) {
  const double pivot = 1.0 + by * at(p, r);
  if (std::abs(pivot) < 1e-6) return false;
  for (std::size_t q = 0; q < size_; ++q) factor_[q] = at(q, r) * by / pivot;
  std::copy_n(row_data(p), size_, direction_.begin());
  subtract_outer(factor_, direction_);
  return true;
}

/// Gauss-Jordan in place, one column of K a step: the row of the largest entry left is its pivot.
/// Columns with few entries come first, because every later step costs rows times entries.
bool KernelInverse::invert(std::span<double> matrix, std::size_t k,
                           std::vector<std::size_t>& lost_columns,
                           std::vector<std::size_t>& lost_rows) {
  reserve(k);
  lost_columns.clear();
  lost_rows.clear();
  std::fill_n(row_of_column_.begin(), k, none);
  std::fill_n(column_of_row_.begin(), k, none);
  double* a = matrix.data();
  std::fill_n(count_.begin(), k, std::size_t{0});
  for (std::size_t r = 0; r < k; ++r) {
    for (std::size_t c = 0; c < k; ++c) count_[c] += is_pivot(a[r * k + c]);
  }
  for (std::size_t step = 0; step < k; ++step) {
    std::size_t column = none;
    for (std::size_t c = 0; c < k; ++c) {
      if (row_of_column_[c] != none || count_[c] == 0) continue;
      if (column == none || count_[c] < count_[column]) column = c;
    }
    if (column == none) break;
    std::size_t pivot_row = none;
    double largest = 0.0;
    for (std::size_t r = 0; r < k; ++r) {
      const double size = std::abs(a[r * k + column]);
      if (size > largest && column_of_row_[r] == none) {
        largest = size;
        pivot_row = r;
      }
    }
    row_of_column_[column] = pivot_row;
    column_of_row_[pivot_row] = column;
    eliminate(a, k, column, pivot_row);
  }
  for (std::size_t i = 0; i < k; ++i) {
    if (row_of_column_[i] == none) lost_columns.push_back(i);
    if (column_of_row_[i] == none) lost_rows.push_back(i);
  }
  if (!lost_columns.empty()) return false;
  // In place, entry (r, c) now belongs to V[column_of_row[r]][row_of_column[c]].
  size_ = k;
  for (std::size_t r = 0; r < k; ++r) {
    double* row = row_data(column_of_row_[r]);
    for (std::size_t c = 0; c < k; ++c) row[row_of_column_[c]] = a[r * k + c];
  }
  return true;
}

/// One step of Gauss and Jordan. count_ stays how many pivots a column has left: entries large
/// enough, in rows without a pivot.
void KernelInverse::eliminate(double* a, std::size_t k, std::size_t column, std::size_t pivot_row) {
  double* pivot_data = a + pivot_row * k;
  const double pivot = pivot_data[column];
  nonzeros_.clear();
  for (std::size_t c = 0; c < k; ++c) {
    count_[c] -= is_pivot(pivot_data[c]);
    pivot_data[c] = (c == column ? 1.0 : pivot_data[c]) / pivot;
    if (pivot_data[c] != 0.0) nonzeros_.push_back(c);
  }
  for (std::size_t r = 0; r < k; ++r) {
    double* row = a + r * k;
    const double f = row[column];
    if (r == pivot_row || f == 0.0) continue;
    row[column] = 0.0;  // count_[column] matters no more
    if (column_of_row_[r] != none) {
      for (const std::size_t c : nonzeros_) row[c] -= f * pivot_data[c];
      continue;
    }
    for (const std::size_t c : nonzeros_) {
      count_[c] -= is_pivot(row[c]);
      row[c] -= f * pivot_data[c];
      count_[c] += is_pivot(row[c]);
    }
  }
}

}  // namespace vorrat::lp

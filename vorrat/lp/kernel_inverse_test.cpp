#include "vorrat/lp/kernel_inverse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/random.h"

namespace vorrat::lp {
namespace {

using ::testing::ElementsAre;
using Matrix = std::vector<std::vector<double>>;  // by rows

bool invert(KernelInverse& inverse, const Matrix& matrix, std::vector<std::size_t>& lost_columns,
            std::vector<std::size_t>& lost_rows) {
  std::vector<double> flat;
  for (const auto& row : matrix) flat.insert(flat.end(), row.begin(), row.end());
  return inverse.invert(flat, matrix.size(), lost_columns, lost_rows);
}

void invert(KernelInverse& inverse, const Matrix& matrix) {
  std::vector<std::size_t> columns, rows;
  ASSERT_TRUE(invert(inverse, matrix, columns, rows));
}

/// Largest entry of V K - 1.
double residual(const KernelInverse& inverse, const Matrix& matrix) {
  double largest = inverse.size() == matrix.size() ? 0.0 : 1e300;
  for (std::size_t p = 0; p < inverse.size(); ++p) {
    for (std::size_t q = 0; q < inverse.size(); ++q) {
      double sum = p == q ? -1.0 : 0.0;
      for (std::size_t r = 0; r < inverse.size(); ++r) sum += inverse.at(p, r) * matrix[r][q];
      largest = std::max(largest, std::abs(sum));
    }
  }
  return largest;
}

// The inverse of (0 2; 4 1) is (-1/8 1/4; 1/2 0).
TEST(KernelInverse, InvertsATinyMatrixThatNeedsItsRowsExchanged) {
  KernelInverse inverse;
  invert(inverse, {{0, 2}, {4, 1}});
  EXPECT_THAT(inverse.row(0), ElementsAre(-0.125, 0.25));
  EXPECT_THAT(inverse.row(1), ElementsAre(0.5, 0.0));
}

// The same: (-1/8 1/4; 1/2 0).
TEST(KernelInverse, AddsUpRowsAndMeasuresThem) {
  KernelInverse inverse;
  invert(inverse, {{0, 2}, {4, 1}});
  const KernelInverse::Term terms[] = {{0, 1.0}, {0, 1.0}, {0, 1.0}, {0, 1.0}, {1, 3.0}};
  std::vector<double> sum = {7.0, 7.0};
  inverse.combine(terms, sum);
  EXPECT_THAT(sum, ElementsAre(1.0, 1.0));
  EXPECT_EQ(inverse.squared_norm(0), 0.078125);
}

// Triangular but for a dense border, as kernels of stage problems with cuts are, and shuffled.
TEST(KernelInverse, InvertsALargeSparseMatrix) {
  const RandomStream draw(6, "kernel");
  constexpr std::size_t k = 150;
  std::uint64_t at = 0;
  const auto uniform = [&] { return draw.uniform(at++); };
  Matrix matrix(k, std::vector<double>(k, 0.0));
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const bool there = i == j || i + 5 > k || (j < i && uniform() < 0.02);
      if (there) matrix[(i * 7) % k][(j * 11) % k] = uniform() + (i == j ? 1.0 : 0.0);
    }
  }
  KernelInverse inverse;
  invert(inverse, matrix);
  EXPECT_LT(residual(inverse, matrix), 1e-9);
}

// Pivots come by fill-in and go where entries cancel: in the second matrix the last of them.
TEST(KernelInverse, FindsPivotsAsEntriesComeAndGo) {
  KernelInverse inverse;
  const Matrix matrix = {{1, 1, 1, 0}, {1, 1, 0, 1}, {1, 0, 1, 1}, {0, 1, 1, 1}};
  invert(inverse, matrix);
  EXPECT_LT(residual(inverse, matrix), 1e-14);
  std::vector<std::size_t> columns, rows;
  EXPECT_FALSE(invert(inverse, {{1, 1, 2}, {1, 2, 3}, {2, 1, 3}}, columns, rows));
  EXPECT_EQ(columns.size(), 1u);
  EXPECT_EQ(rows.size(), 1u);
}

TEST(KernelInverse, NamesWhatASingularMatrixLacks) {
  KernelInverse inverse;
  std::vector<std::size_t> columns, rows;
  EXPECT_FALSE(invert(inverse, {{1, 2, 0}, {2, 4, 0}, {0, 0, 3}}, columns, rows));
  EXPECT_EQ(columns.size(), 1u);
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_NE(columns[0], 2u);
  EXPECT_NE(rows[0], 2u);
}

TEST(KernelInverse, FollowsThousandsOfRandomChanges) {
  const RandomStream draw(5, "kernel");
  KernelInverse inverse;
  inverse.clear();
  Matrix matrix;
  std::uint64_t at = 0;
  const auto uniform = [&] { return 2 * draw.uniform(at++) - 1; };
  const auto vector = [&](std::size_t size) {
    std::vector<double> v(size);
    for (double& value : v) value = uniform() > 0.2 ? 0.0 : 3 * uniform();
    return v;
  };
  const auto times_column = [&](const std::vector<double>& a) {
    std::vector<double> result(inverse.size(), 0.0);
    for (std::size_t p = 0; p < inverse.size(); ++p) {
      for (std::size_t r = 0; r < inverse.size(); ++r) result[p] += inverse.at(p, r) * a[r];
    }
    return result;
  };
  const auto row_times = [&](const std::vector<double>& a) {
    std::vector<double> result(inverse.size(), 0.0);
    for (std::size_t p = 0; p < inverse.size(); ++p) {
      for (std::size_t r = 0; r < inverse.size(); ++r) result[r] += a[p] * inverse.at(p, r);
    }
    return result;
  };
  for (int step = 0; step < 3000; ++step) {
    const std::size_t k = matrix.size();
    const auto some = [&] {
      return std::min(k - 1,
                      static_cast<std::size_t>((uniform() + 1) / 2 * static_cast<double>(k)));
    };
    const double kind = uniform();
    if (k == 0 || (kind < -0.4 && k < 40)) {
      std::vector<double> column = vector(k), row = vector(k);
      const double corner = 3 + uniform();
      const std::vector<double> by_column = times_column(column), by_row = row_times(row);
      double pivot = corner;
      for (std::size_t p = 0; p < k; ++p) pivot -= row[p] * by_column[p];
      if (std::abs(pivot) < 0.1) continue;
      inverse.border(by_column, by_row, pivot);
      for (std::size_t r = 0; r < k; ++r) matrix[r].push_back(column[r]);
      row.push_back(corner);
      matrix.push_back(row);
    } else if (kind < 0.0) {
      const std::size_t p = some();
      std::vector<double> column = vector(k);
      column[p] += 3;
      const std::vector<double> by_column = times_column(column);
      if (std::abs(by_column[p]) < 0.1) continue;
      inverse.replace_column(p, by_column);
      for (std::size_t r = 0; r < k; ++r) matrix[r][p] = column[r];
    } else if (kind < 0.4) {
      const std::size_t r = some();
      std::vector<double> row = vector(k);
      row[r] += 3;
      const std::vector<double> by_row = row_times(row);
      if (std::abs(by_row[r]) < 0.1) continue;
      inverse.replace_row(r, by_row);
      matrix[r] = row;
    } else if (kind < 0.7) {
      const std::size_t p = some(), r = some();
      if (std::abs(inverse.at(p, r)) < 0.05) continue;
      inverse.deflate(p, r);
      matrix[r] = matrix.back();
      matrix.pop_back();
      for (auto& row : matrix) {
        row[p] = row.back();
        row.pop_back();
      }
    } else {
      const std::size_t p = some(), r = some();
      const double by = uniform();
      if (inverse.add_to_entry(r, p, by)) matrix[r][p] += by;
    }
    if (step % 100 == 99) {
      ASSERT_LT(residual(inverse, matrix), 1e-6) << "step " << step;
      invert(inverse, matrix);
      ASSERT_LT(residual(inverse, matrix), 1e-9) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace vorrat::lp

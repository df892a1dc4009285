// Correlation by rank between uncertain quantities, by way of correlated normals (a Gaussian
// copula).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vorrat {

/// A square matrix, row after row.
class SquareMatrix {
 public:
  explicit SquareMatrix(std::size_t size) : size_(size), entries_(size * size) {}
  std::size_t size() const { return size_; }
  double& operator()(std::size_t row, std::size_t column) { return entries_[row * size_ + column]; }
  double operator()(std::size_t row, std::size_t column) const {
    return entries_[row * size_ + column];
  }

 private:
  std::size_t size_;
  std::vector<double> entries_;
};

/// Ones on the diagonal, `correlation` elsewhere: what one shared factor gives.
SquareMatrix shared_correlation(std::size_t size, double correlation);

/// The correlation of two normals whose ranks have this correlation: 2 sin(pi rank / 6).
/// Source: Pearson, "Mathematical contributions to the theory of evolution" XVI (1907).
double normal_correlation(double rank_correlation);

struct NearestCorrelation {
  SquareMatrix matrix;
  double largest_change = 0;  // of any entry; 0 if the matrix was valid
};

/// The correlation matrix nearest in the Frobenius norm: symmetric, ones on the diagonal, no
/// negative eigenvalue.
/// Throws InvalidInput if an entry is outside [-1, 1], the matrix is not symmetric within 1e-9, or
/// a diagonal entry is not 1.
/// Source: Higham, "Computing the nearest correlation matrix" (2002), algorithm 3.3.
NearestCorrelation nearest_correlation(const SquareMatrix& matrix);

/// Lower triangular L with L L^T = matrix; columns of dependent rows are zero. Needs a correlation
/// matrix.
SquareMatrix cholesky_factor(const SquareMatrix& matrix);

/// The correlation of the ranks of two samples of one length (Spearman), ties sharing their rank; 0
/// if one of them does not vary.
double rank_correlation(std::span<const double> a, std::span<const double> b);

/// The rank of each value among all, from 0, ties sharing the mean of theirs.
std::vector<double> ranks(std::span<const double> values);
/// The correlation of two samples of one length (Pearson); 0 if one does not vary.
double plain_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace vorrat

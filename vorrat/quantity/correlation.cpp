#include "vorrat/quantity/correlation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

// Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi's rotations.
// Source: Golub, Van Loan, "Matrix Computations", fourth edition (2013), section 8.5.
struct Eigen {
  std::vector<double> values;
  SquareMatrix vectors;
};

Eigen eigen(SquareMatrix a) {
  const std::size_t n = a.size();
  SquareMatrix v = shared_correlation(n, 0);
  for (int sweep = 0; sweep < 100; ++sweep) {
    double off = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) off += a(i, j) * a(i, j);
    }
    if (off < 1e-28) break;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        if (a(p, q) == 0) continue;
        const double theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
        const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double kp = a(k, p), kq = a(k, q);
          a(k, p) = c * kp - s * kq;
          a(k, q) = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double pk = a(p, k), qk = a(q, k);
          a(p, k) = c * pk - s * qk;
          a(q, k) = s * pk + c * qk;
          const double kp = v(k, p), kq = v(k, q);
          v(k, p) = c * kp - s * kq;
          v(k, q) = s * kp + c * kq;
        }
      }
    }
  }
  Eigen result{.values = std::vector<double>(n), .vectors = std::move(v)};
  for (std::size_t i = 0; i < n; ++i) result.values[i] = a(i, i);
  return result;
}

SquareMatrix without_negative_eigenvalues(const SquareMatrix& matrix) {
  const Eigen parts = eigen(matrix);
  SquareMatrix result(matrix.size());
  for (std::size_t k = 0; k < matrix.size(); ++k) {
    const double value = std::max(0.0, parts.values[k]);
    if (value == 0) continue;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      for (std::size_t j = 0; j < matrix.size(); ++j) {
        result(i, j) += value * parts.vectors(i, k) * parts.vectors(j, k);
      }
    }
  }
  return result;
}

void check(const SquareMatrix& matrix) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (std::abs(matrix(i, i) - 1) > 1e-9) {
      throw InvalidInput(fmt::format(
          "row {} of the correlation matrix has {} on the diagonal, not 1", i + 1, matrix(i, i)));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (!(std::abs(matrix(i, j)) <= 1)) {
        throw InvalidInput(
            fmt::format("the correlation in row {}, column {} is {}, which is not between -1 and 1",
                        i + 1, j + 1, matrix(i, j)));
      }
      if (std::abs(matrix(i, j) - matrix(j, i)) > 1e-9) {
        throw InvalidInput(
            fmt::format("the correlations of row {}, column {} and of row {}, column {} differ",
                        i + 1, j + 1, j + 1, i + 1));
      }
    }
  }
}

}  // namespace

SquareMatrix shared_correlation(std::size_t size, double correlation) {
  SquareMatrix matrix(size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) matrix(i, j) = i == j ? 1 : correlation;
  }
  return matrix;
}

double normal_correlation(double rank_correlation) {
  return 2 * std::sin(std::numbers::pi * rank_correlation / 6);
}

NearestCorrelation nearest_correlation(const SquareMatrix& matrix) {
  check(matrix);
  const std::size_t n = matrix.size();
  const Eigen parts = eigen(matrix);
  if (*std::min_element(parts.values.begin(), parts.values.end()) >= -1e-10) return {matrix, 0};
  SquareMatrix y = matrix, correction(n);
  for (int round = 0; round < 200; ++round) {
    SquareMatrix r(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) r(i, j) = y(i, j) - correction(i, j);
    }
    const SquareMatrix x = without_negative_eigenvalues(r);
    double change = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        correction(i, j) = x(i, j) - r(i, j);
        const double next = i == j ? 1 : x(i, j);
        change = std::max(change, std::abs(next - y(i, j)));
        y(i, j) = next;
      }
    }
    if (change < 1e-10) break;
  }
  // The last projection set the diagonal, so a rest of a negative eigenvalue may be left: scaling a
  // matrix without one to a unit diagonal leaves none.
  const SquareMatrix positive = without_negative_eigenvalues(y);
  NearestCorrelation result{SquareMatrix(n), 0};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      result.matrix(i, j) =
          i == j ? 1 : positive(i, j) / std::sqrt(positive(i, i) * positive(j, j));
      result.largest_change =
          std::max(result.largest_change, std::abs(result.matrix(i, j) - matrix(i, j)));
    }
  }
  return result;
}

SquareMatrix cholesky_factor(const SquareMatrix& matrix) {
  const std::size_t n = matrix.size();
  SquareMatrix factor(n);
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = matrix(j, j);
    for (std::size_t k = 0; k < j; ++k) pivot -= factor(j, k) * factor(j, k);
    const bool is_dependent = pivot < 1e-12;
    factor(j, j) = is_dependent ? 0 : std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n; ++i) {
      double entry = matrix(i, j);
      for (std::size_t k = 0; k < j; ++k) entry -= factor(i, k) * factor(j, k);
      factor(i, j) = is_dependent ? 0 : entry / factor(j, j);
    }
  }
  return factor;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    const double shared = static_cast<double>(i + end - 1) / 2;
    for (std::size_t k = i; k < end; ++k) result[order[k]] = shared;
    i = end;
  }
  return result;
}

double plain_correlation(std::span<const double> a, std::span<const double> b) {
  needs(a.size() == b.size(), "a.size() == b.size()");
  const auto mean = [](std::span<const double> v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  const double mean_a = mean(a), mean_b = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  return plain_correlation(ranks(a), ranks(b));
}

}  // namespace vorrat

#include "vorrat/program/lattice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

using Point = std::vector<double>;
using SamplePath = std::vector<Point>;

class Quantizer {
 public:
  Quantizer(const PathSampler& sample, const LatticeOptions& options)
      : sample_(sample), options_(options), stages_(options.nodes.size()) {
    needs(stages_ >= 1, "a number of nodes for each stage");
    needs(options.paths >= 2, "paths >= 2");
    for (std::size_t n : options.nodes) needs(n >= 1, "nodes >= 1");
  }

  Lattice make() {
    find_scales();
    place_nodes();
    count_steps();
    return std::move(lattice_);
  }

 private:
  SamplePath path(std::uint64_t number) const {
    SamplePath values = sample_(number);
    if (values.size() != stages_)
      throw InvalidInput(
          fmt::format("sample path {} has {} stages, not {}", number, values.size(), stages_));
    for (std::size_t t = 0; t < stages_; ++t) {
      if (!scale_.empty() && values[t].size() != scale_[t].size()) {
        throw InvalidInput(fmt::format("sample path {} has {} components in stage {}, not {}",
                                       number, values[t].size(), t + 1, scale_[t].size()));
      }
      for (double v : values[t]) {
        if (!std::isfinite(v))
          throw InvalidInput(
              fmt::format("sample path {} is not finite in stage {}", number, t + 1));
      }
    }
    return values;
  }

  // 1 / standard deviation of each component, from some paths; 1 where it does not vary.
  void find_scales() {
    const std::uint64_t some = std::min<std::uint64_t>(options_.paths, 1000);
    std::vector<Point> sum, squares;
    for (std::uint64_t p = 0; p < some; ++p) {
      const SamplePath values = path(p);
      if (p == 0) {
        for (const Point& v : values) {
          sum.emplace_back(v.size(), 0.0);
          scale_.emplace_back(v.size(), 1.0);
          first_.push_back(v);
        }
        squares = sum;
      }
      for (std::size_t t = 0; t < stages_; ++t) {
        for (std::size_t i = 0; i < values[t].size(); ++i) {
          const double x =
              values[t][i] - first_[t][i];  // shifted, so that squares keep their digits
          sum[t][i] += x;
          squares[t][i] += x * x;
        }
      }
    }
    const auto n = static_cast<double>(some);
    for (std::size_t t = 0; t < stages_; ++t) {
      for (std::size_t i = 0; i < scale_[t].size(); ++i) {
        const double variance = squares[t][i] / n - (sum[t][i] / n) * (sum[t][i] / n);
        if (variance > 1e-24 * std::max(1.0, first_[t][i] * first_[t][i]))
          scale_[t][i] = 1.0 / std::sqrt(variance);
      }
    }
  }

  double squared_distance(std::size_t t, const Point& a, const Point& b) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double d = (a[i] - b[i]) * scale_[t][i];
      sum += d * d;
    }
    return sum;
  }

  std::size_t nearest(std::size_t t, const Point& value) const {
    std::size_t best = 0;
    double best_distance = std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < lattice_.points[t].size(); ++n) {
      const double distance = squared_distance(t, lattice_.points[t][n], value);
      if (distance < best_distance) {
        best_distance = distance;
        best = n;
      }
    }
    return best;
  }

  // The first paths are the first nodes; then each path pulls its nearest one. A step that shrinks
  // more slowly than 1 / visits lets nodes forget where they began.
  void place_nodes() {
    lattice_.points.resize(stages_);
    std::vector<std::vector<double>> visits(stages_);
    for (std::uint64_t p = 0; p < options_.paths; ++p) {
      const SamplePath values = path(p);
      for (std::size_t t = 0; t < stages_; ++t) {
        auto& points = lattice_.points[t];
        if (points.size() < options_.nodes[t]) {
          points.push_back(values[t]);
          visits[t].push_back(1.0);
          continue;
        }
        const std::size_t n = nearest(t, values[t]);
        const double step = 1.0 / std::pow(visits[t][n] += 1.0, 0.75);
        for (std::size_t i = 0; i < points[n].size(); ++i)
          points[n][i] += step * (values[t][i] - points[n][i]);
      }
    }
    for (auto& points : lattice_.points) std::sort(points.begin(), points.end());
  }

  // Fresh paths: which node each stage of a path is nearest to, their means, and the steps between
  // them.
  void count_steps() {
    std::vector<std::vector<double>> visits(stages_);
    std::vector<std::vector<Point>> sums(stages_);
    std::vector<StateMatrix> steps(stages_);
    std::vector<double> squares(stages_, 0.0);
    for (std::size_t t = 0; t < stages_; ++t) {
      const std::size_t nodes = lattice_.points[t].size();
      visits[t].assign(nodes, 0.0);
      sums[t].assign(nodes, Point(scale_[t].size(), 0.0));
      if (t + 1 < stages_)
        steps[t].assign(nodes, std::vector<double>(lattice_.points[t + 1].size(), 0.0));
    }
    for (std::uint64_t p = options_.paths; p < 2 * options_.paths; ++p) {
      const SamplePath values = path(p);
      std::size_t before = 0;
      for (std::size_t t = 0; t < stages_; ++t) {
        const std::size_t n = nearest(t, values[t]);
        visits[t][n] += 1.0;
        for (std::size_t i = 0; i < values[t].size(); ++i) {
          sums[t][n][i] += values[t][i];
          const double d = values[t][i] - lattice_.points[t][n][i];
          squares[t] += d * d;
        }
        if (t > 0) steps[t - 1][before][n] += 1.0;
        before = n;
      }
    }
    finish(visits, sums, steps, squares);
  }

  void finish(const std::vector<std::vector<double>>& visits,
              const std::vector<std::vector<Point>>& sums, const std::vector<StateMatrix>& steps,
              const std::vector<double>& squares) {
    const auto paths = static_cast<double>(options_.paths);
    lattice_.probability.resize(stages_);
    for (std::size_t t = 0; t < stages_; ++t) {
      std::vector<Point> kept;
      double pulled = 0.0;  // what moving the nodes to their means takes off the squared distances
      for (std::size_t n = 0; n < visits[t].size(); ++n) {
        if (visits[t][n] == 0.0) continue;
        Point mean = sums[t][n];
        for (std::size_t i = 0; i < mean.size(); ++i) {
          mean[i] /= visits[t][n];
          pulled += visits[t][n] * (mean[i] - lattice_.points[t][n][i]) *
                    (mean[i] - lattice_.points[t][n][i]);
        }
        kept.push_back(std::move(mean));
        lattice_.probability[t].push_back(visits[t][n] / paths);
      }
      lattice_.points[t] = std::move(kept);
      lattice_.error.push_back(std::sqrt(std::max(0.0, (squares[t] - pulled) / paths)));
    }
    for (std::size_t t = 0; t + 1 < stages_; ++t) {
      StateMatrix& matrix = lattice_.transition.emplace_back();
      for (std::size_t from = 0; from < visits[t].size(); ++from) {
        if (visits[t][from] == 0.0) continue;
        auto& row = matrix.emplace_back();
        for (std::size_t to = 0; to < visits[t + 1].size(); ++to) {
          if (visits[t + 1][to] > 0.0) row.push_back(steps[t][from][to] / visits[t][from]);
        }
      }
    }
  }

  const PathSampler& sample_;
  const LatticeOptions& options_;
  std::size_t stages_;
  std::vector<Point> scale_, first_;  // [stage][component]
  Lattice lattice_;
};

}  // namespace

Lattice make_lattice(const PathSampler& sample, const LatticeOptions& options) {
  return Quantizer(sample, options).make();
}

}  // namespace vorrat::program

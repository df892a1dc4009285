#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <limits>

#include "replay.h"

namespace vorrat::benchmarks {
namespace {

class ClpReplay final : public Replay {
 public:
  ClpReplay() { clp_.setLogLevel(0); }
  std::string name() const override { return "Clp"; }

  void load(const lp::Model& model) override {
    std::vector<double> lower, upper, cost, row_lower, row_upper;
    for (const auto& column : model.columns) {
      lower.push_back(std::max(column.lower, -COIN_DBL_MAX));
      upper.push_back(std::min(column.upper, COIN_DBL_MAX));
      cost.push_back(column.cost);
    }
    for (const auto& row : model.rows) {
      row_lower.push_back(std::max(row.lower, -COIN_DBL_MAX));
      row_upper.push_back(std::min(row.upper, COIN_DBL_MAX));
    }
    const lp::ColumnMatrix matrix = by_columns(model);
    const std::vector<CoinBigIndex> start(matrix.start.begin(), matrix.start.end());
    const std::vector<int> row(matrix.row.begin(), matrix.row.end());
    clp_.loadProblem(static_cast<int>(lower.size()), static_cast<int>(row_lower.size()),
                     start.data(), row.data(), matrix.value.data(), lower.data(), upper.data(),
                     cost.data(), row_lower.data(), row_upper.data());
    clp_.setPerturbation(100);
    clp_.scaling(0);
    clp_.dual();
  }

  void set_row_bounds(std::span<const double> lower, std::span<const double> upper) override {
    for (std::size_t i = 0; i < lower.size(); ++i) {
      clp_.setRowBounds(static_cast<int>(i), std::max(lower[i], -COIN_DBL_MAX),
                        std::min(upper[i], COIN_DBL_MAX));
    }
  }
  void set_costs(std::span<const double> cost) override {
    for (std::size_t j = 0; j < cost.size(); ++j) {
      clp_.setObjectiveCoefficient(static_cast<int>(j), cost[j]);
    }
    costs_changed_ = true;
  }
  double solve() override {
    // With new costs the primal simplex is the warm start.
    if (costs_changed_) {
      clp_.primal(0, 7);
    } else {
      clp_.dual(0, 7);
    }
    costs_changed_ = false;
    const double* primal = clp_.primalColumnSolution();
    const double* dual = clp_.dualRowSolution();
    touched_ = primal[0] + dual[0];
    return clp_.isProvenOptimal() ? clp_.objectiveValue()
                                  : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  bool costs_changed_ = false;
  ClpSimplex clp_;
  volatile double touched_ = 0.0;
};

}  // namespace

std::unique_ptr<Replay> make_clp() { return std::make_unique<ClpReplay>(); }

}  // namespace vorrat::benchmarks

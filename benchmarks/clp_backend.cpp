#include <ClpSimplex.hpp>
#include <vector>

#include "plain_loop.h"
#include "replay.h"

namespace vorrat::benchmarks {
namespace {

class ClpBackend final : public StageBackend {
 public:
  std::string name() const override { return "Clp"; }
  void load(const lp::Model& model, std::span<const std::size_t> outgoing) override {
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
    clp_.setLogLevel(0);
    clp_.loadProblem(static_cast<int>(lower.size()), static_cast<int>(row_lower.size()),
                     start.data(), row.data(), matrix.value.data(), lower.data(), upper.data(),
                     cost.data(), row_lower.data(), row_upper.data());
    clp_.setPerturbation(100);
    clp_.scaling(0);
    clp_.setOptimizationDirection(1.0);
    cut_columns_.assign(outgoing.begin(), outgoing.end());
    cut_columns_.push_back(static_cast<int>(lower.size()) - 1);
    cut_values_.resize(cut_columns_.size(), 1.0);
  }
  void set_row_bounds(std::size_t row, double lower, double upper) override {
    clp_.setRowBounds(static_cast<int>(row), std::max(lower, -COIN_DBL_MAX),
                      std::min(upper, COIN_DBL_MAX));
  }
  void set_column_bounds(std::size_t column, double lower, double upper) override {
    clp_.setColumnBounds(static_cast<int>(column), std::max(lower, -COIN_DBL_MAX),
                         std::min(upper, COIN_DBL_MAX));
  }
  void set_cost(std::size_t column, double cost) override {
    clp_.setObjectiveCoefficient(static_cast<int>(column), cost);
  }
  void add_cut(std::span<const double> slope, double rhs) override {
    for (std::size_t k = 0; k < slope.size(); ++k) cut_values_[k] = -slope[k];
    clp_.addRow(static_cast<int>(cut_columns_.size()), cut_columns_.data(), cut_values_.data(), rhs,
                COIN_DBL_MAX);
    keep_ = 0;
  }
  bool solve() override {
    clp_.dual(0, keep_);
    keep_ = 7;
    return clp_.isProvenOptimal();
  }
  double objective() const override { return clp_.objectiveValue(); }
  const double* primal() const override { return clp_.primalColumnSolution(); }
  const double* reduced_cost() const override { return clp_.dualColumnSolution(); }

 private:
  ClpSimplex clp_;
  std::vector<int> cut_columns_;
  std::vector<double> cut_values_;
  int keep_ = 0;
};

}  // namespace

std::unique_ptr<StageBackend> make_clp_backend() { return std::make_unique<ClpBackend>(); }

}  // namespace vorrat::benchmarks
